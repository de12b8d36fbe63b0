// What htmx cannot do by itself on the list pages. Without JavaScript the form is an ordinary form.

const filters = document.getElementById("filter");

// On small screens the filters lie over the list: who applies them wants to see the list.
document.getElementById("auswahl").addEventListener("submit", () => {
  if (filters.matches(":popover-open")) {
    filters.hidePopover();
  }
});

// Back here, or loaded anew, browsers tick again what the list that is shown does not answer to: who went on
// before the answer came saw a filter that does nothing.
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted && performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
  for (const box of filters.querySelectorAll("[type=checkbox]")) {
    box.checked = box.defaultChecked;
  }
  for (const option of filters.querySelectorAll("option")) {
    option.selected = option.defaultSelected;
  }
});

// What was swapped away takes the focus with it. The next thing to read is the number of hits. Safari gives
// no focus to what is clicked: who ticks a filter there has none to lose, and goes on among the filters.
let hadFocus = false;
document.addEventListener("htmx:beforeSwap", () => {
  hadFocus = document.activeElement !== document.body;
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const isAskerGone = detail.requestConfig?.elt.isConnected === false;
  if (document.activeElement === document.body && (hadFocus || isAskerGone)) {
    document.getElementById("treffer-titel").focus({ preventScroll: true });
  }
});

// What was unfolded by hand stays so when its facet is made anew.
const unfolded = new Set();
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches?.(".facet__more") && target.isConnected) {
      unfolded[target.open ? "add" : "delete"](target.id);
    }
  },
  true,
);
document.addEventListener("htmx:afterSettle", () => {
  for (const id of unfolded) {
    document.getElementById(id)?.setAttribute("open", "");
  }
  narrow();
});

// Long facets can be searched by typing.
const typed = document.createElement("input");
typed.type = "search";
typed.className = "facet__typing";
typed.autocomplete = "off";
typed.setAttribute("aria-label", "Themen eingrenzen");
typed.placeholder = "Thema tippen";

function narrow() {
  const facet = document.getElementById("facet-thema");
  if (!facet) {
    return;
  }
  const wanted = typed.value.trim().toLocaleLowerCase("de");
  const more = facet.querySelector(".facet__more");
  if (more && wanted) {
    more.open = true;
  }
  for (const option of facet.querySelectorAll("li")) {
    option.hidden = !option.textContent.toLocaleLowerCase("de").includes(wanted);
  }
}

if (document.querySelector("#facet-thema .facet__more")) {
  document.getElementById("facet-thema").before(typed);
  typed.addEventListener("input", narrow);
  // It narrows what is offered; only what is ticked changes the list.
  typed.addEventListener("change", (event) => event.stopPropagation());
  typed.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
    }
  });
}

// With no answer from the server the ordinary way still works, and shows what is wrong.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    location.assign(event.detail.pathInfo.finalRequestPath || event.detail.pathInfo.requestPath);
  });
}
