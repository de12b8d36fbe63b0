/* A field above a long list of checkboxes that leaves in sight what contains the word, and what is chosen.

   The list works without this script. Markup it enhances:

     <div data-searchable="Themen"> <div class="kern-form-check">…</div> … </div>
*/

const plain = (text) =>
  text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss");

function enhance(list) {
  const options = [...list.querySelectorAll(".kern-form-check")];
  const field = document.createElement("div");
  field.className = "kern-form-input searchable__field";
  const label = document.createElement("label");
  label.className = "kern-label";
  label.textContent = "In dieser Liste suchen";
  const input = document.createElement("input");
  // Without a name: nothing of it is sent.
  input.type = "search";
  input.id = `${list.parentElement.id}-suche`;
  input.autocomplete = "off";
  input.className = "kern-form-input__input";
  label.htmlFor = input.id;
  const status = document.createElement("p");
  status.className = "kern-sr-only";
  status.setAttribute("role", "status");
  const nothing = document.createElement("p");
  nothing.className = "kern-body";
  nothing.textContent = "Dazu ist nichts dabei.";
  nothing.hidden = true;
  field.append(label, input);
  list.before(field, status);
  list.append(nothing);
  list.classList.add("searchable__list");

  input.addEventListener("input", () => {
    const word = plain(input.value.trim());
    let found = 0;
    for (const option of options) {
      const fits = plain(option.textContent).includes(word);
      found += fits;
      option.hidden = !fits && !option.querySelector("input").checked;
    }
    nothing.hidden = found > 0;
    status.textContent = word ? `${found} von ${options.length}` : "";
  });
  input.addEventListener("keydown", (event) => {
    // It would send the form.
    if (event.key === "Enter") event.preventDefault();
  });
}

for (const list of document.querySelectorAll("[data-searchable]")) enhance(list);
