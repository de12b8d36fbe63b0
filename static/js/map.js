// Some browsers do not scroll to a point of a map that gets the focus, so a keyboard went on out of sight:
// on a phone, or magnified, where a map is taller than the window.

const AWAY = 16; // px from the edges of the window, so that the ring around the point shows, too

document.addEventListener("focusin", ({ target }) => {
  if (!target.closest("svg")) return;
  const { top, bottom } = target.getBoundingClientRect();
  const below = bottom + AWAY - window.innerHeight;
  const above = top - AWAY;
  if (above < 0) window.scrollBy(0, above);
  else if (below > 0) window.scrollBy(0, Math.min(below, above));
});
