/* Type-ahead for a Kommune: a combobox as the ARIA Authoring Practices describe it (list, manual choice).

   The form works without this script: a text field `q` and a button that shows the hits as a page.
   Markup it enhances:

     <div data-picker="/kommunen/suche/" data-target="id_municipality">
       <input type="search" name="q" …>          becomes the combobox
     </div>
     <input type="hidden" id="id_municipality" name="municipality">   gets the chosen key

   With `data-submits` choosing sends the form; `data-of="Vorschlag,Vorschläge"` says what is offered.
   `data-value="key"` has the target get the key that stands in
   addresses. Without `data-target` choosing goes to the page named by data-page ("/kommunen/0/", 0 is replaced).
   Fires `picker:chosen` on the wrapper with {id, name, detail}. */

const PAUSE = 150; // ms without typing before we ask
const LIFTED = 500; // ms after a finger was lifted in which the click of its tap comes
const THERE_IS_MORE = "Das sind nicht alle. Tippen Sie weiter, oder geben Sie Namen und Kreis an.";

class Picker {
  constructor(wrapper) {
    this.wrapper = wrapper;
    this.target = document.getElementById(wrapper.dataset.target);
    // Firefox brings back after loading anew what was chosen, but not the name in the field, which stays empty.
    this.target?.setAttribute("autocomplete", "off");
    this.choices = [];
    this.active = -1;
    this.build();
    // On the wrapper, as a list page replaces the field after each search.
    wrapper.addEventListener("input", () => this.typed());
    wrapper.addEventListener("keydown", (event) => this.key(event));
    wrapper.addEventListener("focusin", () => this.dress());
    // In a form the list pushes down what follows: a button must not jump away under the pointer.
    document.addEventListener("pointerdown", () => this.pressed());
    for (const end of ["click", "pointercancel"]) {
      document.addEventListener(end, () => this.released());
    }
    // Safari on a telephone sends no click for a tap where there is nothing to press.
    document.addEventListener("pointerup", () => {
      clearTimeout(this.lifted); // of another finger: one that comes down later stops only the last
      this.lifted = setTimeout(() => this.released(), LIFTED);
    });
    wrapper.addEventListener("focusout", () => this.isPressed || this.close());
    // What is sent needs no suggestions, and they would lie over the answer.
    this.input.form?.addEventListener("submit", () => this.stop());
    // Whoever was quicker than this script has typed already.
    const { value, defaultValue } = this.input;
    if (document.activeElement === this.input && value !== defaultValue) this.typed();
  }

  pressed() {
    clearTimeout(this.lifted);
    this.isPressed = true;
  }

  released() {
    this.isPressed = false;
    if (!this.wrapper.contains(document.activeElement)) this.close();
  }

  stop() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.close();
  }

  get input() {
    return this.wrapper.querySelector("input");
  }

  build() {
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}-liste`;
    this.list.className = "picker__list";
    this.list.setAttribute("role", "listbox");
    const [, many] = (this.wrapper.dataset.of ?? "Kommune,Kommunen").split(",");
    this.list.setAttribute("aria-label", `Passende ${many}`);
    this.list.hidden = true;
    // A click would first take the focus from the field and close the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.number));
    });
    this.status = document.createElement("p");
    this.status.className = "kern-sr-only";
    this.status.setAttribute("role", "status");
    this.wrapper.classList.add("picker");
    this.wrapper.append(this.list, this.status);
    this.dress();
  }

  dress() {
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.autocomplete = "off";
  }

  typed() {
    if (this.target) this.target.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const q = this.input.value.trim();
    this.request?.abort();
    if (q.length < 2) return this.close();
    this.request = new AbortController();
    // Whatever else narrows the search in the same form (Land, kind) narrows it here, too.
    const asked = new URLSearchParams({ q });
    for (const select of this.input.form?.querySelectorAll("select[name]") ?? []) {
      asked.set(select.name, select.value);
    }
    const address = `${this.wrapper.dataset.picker}?${asked}`;
    try {
      const answer = await fetch(address, {
        headers: { Accept: "application/json" },
        signal: this.request.signal,
      });
      if (answer.ok) this.show(await answer.json());
    } catch (problem) {
      // A newer question has overtaken this one, or the network is away: the button still works.
      if (problem.name !== "AbortError") this.close();
    }
  }

  show({ results: choices, is_cut: isCut = false }) {
    this.choices = choices;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...choices.map((choice, number) => this.option(choice, number)));
    if (isCut) this.list.append(this.more());
    this.open(choices.length > 0);
    this.list.scrollTop = 0;
    const count = choices.length;
    const [one, many] = (this.wrapper.dataset.of ?? "Kommune,Kommunen").split(",");
    if (count === 0) this.status.textContent = `0 ${many}.`;
    else this.status.textContent = `${count} ${count === 1 ? one : many} zur Auswahl.`;
    if (isCut) this.status.textContent += ` ${THERE_IS_MORE}`;
  }

  // After the last option, nothing to choose; the status says the same to who does not see it.
  more() {
    const more = document.createElement("li");
    more.className = "picker__more";
    more.setAttribute("role", "presentation");
    more.textContent = THERE_IS_MORE;
    return more;
  }

  option(choice, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.dataset.number = number;
    option.className = "picker__option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.className = "picker__name";
    name.textContent = choice.name;
    const detail = document.createElement("span");
    detail.className = "picker__detail";
    detail.textContent = choice.detail;
    option.append(name, " ", detail);
    return option;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    this.open(false);
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.key === "Escape" && !this.list.hidden) {
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) this.ask();
      else this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      this.choose(this.active);
    } else {
      return;
    }
    event.preventDefault();
  }

  move(step) {
    const count = this.choices.length;
    this.mark(false);
    this.active = (this.active + step + count + (this.active < 0 && step < 0 ? 1 : 0)) % count;
    this.mark(true);
  }

  mark(isActive) {
    const option = this.list.children[this.active];
    if (!option) return;
    option.setAttribute("aria-selected", String(isActive));
    if (isActive) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }

  choose(number) {
    const choice = this.choices[number];
    this.close();
    this.input.value = choice.name;
    this.status.textContent = `${[choice.name, choice.detail].filter(Boolean).join(", ")}, gewählt.`;
    if (this.target) this.target.value = choice[this.wrapper.dataset.value ?? "id"];
    this.wrapper.dispatchEvent(new CustomEvent("picker:chosen", { bubbles: true, detail: choice }));
    if ("submits" in this.wrapper.dataset) this.input.form.requestSubmit();
    else if (!this.target && this.wrapper.dataset.page) {
      window.location.assign(this.wrapper.dataset.page.replace("/0/", `/${choice.key ?? choice.id}/`));
    }
  }
}

const pickers = new WeakMap();

function enhance() {
  for (const wrapper of document.querySelectorAll("[data-picker]")) {
    // A list page replaces the field after each search.
    if (pickers.has(wrapper)) pickers.get(wrapper).dress();
    else pickers.set(wrapper, new Picker(wrapper));
  }
}
enhance();
document.addEventListener("htmx:afterSettle", enhance);
