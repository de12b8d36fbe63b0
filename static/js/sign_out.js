// What the page at the door has kept on this device (see check_in.js) ends when its host signs out.

function kept() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith("anwesenheit:"));
  } catch {
    return [];
  }
}

for (const form of document.querySelectorAll("form[data-signs-out]")) {
  form.addEventListener("submit", (event) => {
    const unsent = kept();
    const question =
      "Auf diesem Gerät warten Vermerke der Anwesenheit, die noch nicht gesendet sind. Mit dem Abmelden werden sie gelöscht. Trotzdem abmelden?";
    if (unsent.length && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    for (const key of unsent) localStorage.removeItem(key);
  });
}
