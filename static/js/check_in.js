// At the door: one tap notes that a person is there, also while the network is gone.
//
// Taps are kept on this device until the portal has them: the number of the registration and the moment,
// nothing else. They are sent with how long ago they were made, as the clock of a telephone may be wrong.
// The portal lets the latest tap about a person count, so sending one twice does no harm.

// sign_out.js ends what is kept under this name.
const PREFIX = "anwesenheit:";
const EVERY = 20_000;
const form = document.querySelector("form[data-check-in]");
const search = document.querySelector("[data-check-in-search]");
const told = document.querySelector("[data-check-in-told]");
const count = document.querySelector("[data-check-in-count]");

const key = form && PREFIX + form.dataset.checkIn;
// Where the browser keeps nothing (a private window, say), the open page does.
let waiting = read();
const narrowed = Boolean(new URLSearchParams(location.search).get("q"));
let busy = false;

function read() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keep() {
  try {
    if (Object.keys(waiting).length) localStorage.setItem(key, JSON.stringify(waiting));
    else localStorage.removeItem(key);
  } catch {
    // The open page still has them.
  }
}

// Another host's, on a shared device: the part behind the last colon is whose they are.
function forgetOthers() {
  const whose = key.slice(key.lastIndexOf(":"));
  try {
    for (const one of Object.keys(localStorage)) {
      if (one.startsWith(PREFIX) && !one.endsWith(whose)) localStorage.removeItem(one);
    }
  } catch {
    // Nothing can be kept, so nothing is.
  }
}

const rows = new Map(
  [...document.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row]),
);

function show(row, since) {
  const isThere = since !== null;
  if (row.hasAttribute("data-there") === isThere && row.dataset.told === (since ?? "")) return;
  const button = row.querySelector("button");
  const name = row.querySelector("[data-name]").textContent;
  row.toggleAttribute("data-there", isThere);
  row.dataset.told = since ?? "";
  row.querySelector("[data-since]").textContent = isThere ? `, da seit ${since}` : "";
  if (button === null) return;
  button.name = isThere ? "weg" : "da";
  button.classList.toggle("kern-btn--primary", !isThere);
  button.classList.toggle("kern-btn--tertiary", isThere);
  button.querySelector(".kern-label").textContent = isThere ? "Doch nicht" : "Ist da";
  button.setAttribute("aria-label", `${isThere ? "Doch nicht da" : "Ist da"}: ${name}`);
}

function clock(moment) {
  return `${new Date(moment).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" })} Uhr`;
}

function total() {
  // A list that was narrowed by the portal does not show everybody.
  if (narrowed) return;
  const there = [...rows.values()].filter((row) => row.hasAttribute("data-there")).length;
  count.textContent = `${there} von ${count.dataset.checkInCount} ${there === 1 ? "ist" : "sind"} da.`;
}

function tell(problem) {
  const number = Object.keys(waiting).length;
  const kept = number === 1 ? "Ein Vermerk wartet" : `${number} Vermerke warten`;
  const sentence = problem ? `${problem} ` : "";
  const text = number ? `${sentence}${kept} auf diesem Gerät.` : problem;
  if (told.textContent !== text) told.textContent = text;
}

function tap(row, isThere) {
  const now = Date.now();
  waiting[row.dataset.person] = [isThere ? "da" : "weg", now];
  keep();
  show(row, isThere ? clock(now) : null);
  total();
}

async function send() {
  if (busy) return;
  busy = true;
  const sent = Object.entries(waiting);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [person, [kind, at]] of sent) {
    body.append("tap", `${person}:${kind}:${Math.max(0, Date.now() - at)}`);
  }
  let problem = "";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.ok) {
      for (const [person, [, at]] of sent) {
        if (waiting[person]?.[1] === at) delete waiting[person];
      }
      keep();
      refresh(await answer.json());
    } else {
      problem = "Sie sind nicht mehr angemeldet. Bitte laden Sie diese Seite neu.";
      if (answer.status >= 500) problem = "Das Portal antwortet gerade nicht.";
    }
  } catch {
    problem = "Gerade kein Netz. Sie können weiter vermerken; lassen Sie diese Seite offen.";
  }
  busy = false;
  tell(problem);
  // What was tapped meanwhile.
  if (!problem && Object.keys(waiting).length) send();
}

function refresh({ there, expected }) {
  const isExpected = new Set(expected.map(String));
  for (const [person, row] of rows) {
    if (person in waiting) continue;
    show(row, there[person] ?? null);
    const button = row.querySelector("button");
    if (!isExpected.has(person) && button) {
      button.remove();
      row.querySelector("[data-since]").textContent = ", hat keinen Platz mehr";
    }
  }
  total();
}

function plain(text) {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

function narrow() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  for (const row of rows.values()) {
    row.words ??= plain(row.querySelector("p").textContent);
    row.hidden = !words.every((word) => row.words.includes(word));
  }
}

if (form) {
  forgetOthers();
  for (const [person, [kind, at]] of Object.entries(waiting)) {
    const row = rows.get(person);
    if (row) show(row, kind === "da" ? clock(at) : null);
  }
  total();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = event.submitter?.closest("[data-person]");
    if (!row) return;
    tap(row, event.submitter.name === "da");
    if (search.value) {
      search.value = "";
      narrow();
      search.focus();
    }
    send();
  });
  search.addEventListener("input", narrow);
  // Enter must not ask the portal, which may not be reached.
  search.form.addEventListener("submit", (event) => event.preventDefault());
  for (const one of document.querySelectorAll("[data-without-script]")) one.hidden = true;
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(() => document.hidden || send(), EVERY);
  send();
}
