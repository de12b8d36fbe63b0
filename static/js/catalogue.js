// What htmx cannot do by itself on the list pages. Without JavaScript the form is an ordinary form.

const filters = document.getElementById("filter");

// On small screens the filters lie over the list: who applies them wants to see the list.
document.getElementById("auswahl").addEventListener("submit", () => {
  if (filters.matches(":popover-open")) {
    filters.hidePopover();
  }
});

// A link that was swapped away takes the focus with it. The next thing to read is the number of hits.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) {
    document.getElementById("treffer-titel").focus({ preventScroll: true });
  }
});

// With no answer from the server the ordinary way still works, and shows what is wrong.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    location.assign(event.detail.pathInfo.finalRequestPath || event.detail.pathInfo.requestPath);
  });
}
