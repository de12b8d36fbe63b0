// A date of which the day was typed and not the hour, or a number with letters in it, is sent as nothing at all,
// and nobody is told: the server cannot know. Our forms are `novalidate`, so the browser says nothing, either.

document.addEventListener(
  "submit",
  (event) => {
    const half = [...event.target.elements].find((field) => field.validity?.badInput);
    if (!half) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    half.reportValidity();
  },
  true,
);
