// The Merkliste across pages: kept in this browser only, as the parts of its address. Without
// JavaScript the ticked entries of one list make the same address.

const KEY = "merkliste";

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(kept) ? kept.filter((part) => /^(loesung|projekt)=[\w-]+$/.test(part)) : [];
  } catch {
    return [];
  }
}

function keep(parts) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set(parts)]));
  } catch {
    // Where the browser keeps nothing, the address still does.
  }
  show();
}

function toggle(part, isKept) {
  keep(isKept ? [...read(), part] : read().filter((other) => other !== part));
}

function show() {
  const parts = read();
  for (const link of document.querySelectorAll("[data-remembered]")) {
    link.href = `${link.pathname}${parts.length ? `?${parts.join("&")}` : ""}`;
    link.textContent = `Merkliste (${parts.length})`;
    link.hidden = parts.length === 0;
  }
  for (const button of document.querySelectorAll("button[data-remember]")) {
    const isKept = parts.includes(button.dataset.remember);
    button.setAttribute("aria-pressed", String(isKept));
    button.textContent = isKept ? "Gemerkt" : "Merken";
  }
  for (const box of document.querySelectorAll(".card__pick input")) {
    box.checked = parts.includes(`${box.name}=${box.value}`);
  }
}

// A link that changes something in place is a button.
for (const link of document.querySelectorAll("a[data-remember]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mark-button";
  button.dataset.remember = link.dataset.remember;
  link.replaceWith(button);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-remember]");
  if (button) {
    toggle(button.dataset.remember, button.getAttribute("aria-pressed") !== "true");
  }
  const forgotten = event.target.closest("[data-forget]");
  if (forgotten) {
    toggle(forgotten.dataset.forget, false);
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches(".card__pick input")) {
    toggle(`${event.target.name}=${event.target.value}`, event.target.checked);
  }
});
document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);

const page = document.querySelector("[data-remembered-page]");
if (page && !location.search && read().length) {
  location.replace(`${location.pathname}?${read().join("&")}`);
}
show();
