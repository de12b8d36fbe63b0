// A date of which the day was typed and not the hour, or a number with letters in it, is sent as nothing at all,
// and nobody is told: the server cannot know. Our forms are `novalidate`, so the browser says nothing, either.

// Not by `form.elements`: a field of that name would be given instead.
function fieldsOf(form) {
  return [...document.querySelectorAll("input")].filter((field) => field.form === form);
}

// What is disabled or only to be read is not sent or was not typed here, and its validity is not asked for.
function isHalf(field) {
  return field.willValidate && field.validity.badInput && !goesAway(field);
}

// Nothing in a row of the administration that is ticked for deletion is stored.
function goesAway({ form, name }) {
  const row = name.match(/^.+-\d+-/)?.[0];
  return row !== undefined && form.querySelector(`[name="${CSS.escape(row)}DELETE"]:checked`) !== null;
}

// The browser's words stand beside a field that is in sight. Of one that cannot be, nobody would learn why
// nothing is saved.
function comesIntoSight(field) {
  for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  field.focus();
  return document.activeElement === field;
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.submitter?.formNoValidate) return;
    const half = fieldsOf(event.target).filter(isHalf).find(comesIntoSight);
    if (!half) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    half.reportValidity();
  },
  true,
);
