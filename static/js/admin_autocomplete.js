/* Names for what Select2 leaves nameless, so that a screen reader says which field one is in.
   Loaded after Django's autocomplete.js, which creates the elements. */
"use strict";
{
  const $ = django.jQuery;

  const labelOf = (select) => {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    return label ? label.textContent.replace(/:\s*$/, "").trim() : select.dataset.fieldName;
  };

  const nameField = (select) => {
    const container = select.nextElementSibling;
    if (!container || !container.matches(".select2-container")) {
      return;
    }
    const box = container.querySelector("[role=combobox]");
    const shown = container.querySelector(".select2-selection__rendered");
    if (box && shown) {
      // Without a name of its own the box would be read as empty where nothing is chosen yet.
      box.setAttribute("aria-label", labelOf(select));
      box.setAttribute("aria-labelledby", `${box.id} ${shown.id}`);
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
    }
  };

  const nameList = (select) => {
    const label = labelOf(select);
    const box = select.nextElementSibling.querySelector("[role=combobox]");
    const open = document.querySelector(".select2-dropdown");
    open.querySelector(".select2-search__field").setAttribute("aria-label", `${label}: suchen`);
    open.querySelector("[role=listbox]").setAttribute("aria-label", `${label}: Vorschläge`);
    box.setAttribute("aria-controls", open.querySelector("[role=listbox]").id);
  };

  const nameAll = (root) => {
    let number = 0;
    for (const select of root.querySelectorAll("select.admin-autocomplete")) {
      const box = select.nextElementSibling && select.nextElementSibling.querySelector("[role=combobox]");
      if (box && !box.id) {
        number += 1;
        box.id = `${select.id}-auswahl-${number}`;
      }
      nameField(select);
    }
  };

  $(() => nameAll(document));
  document.addEventListener("formset:added", (event) => nameAll(event.target));
  $(document).on("select2:open", (event) => nameList(event.target));
}
