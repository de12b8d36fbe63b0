"""Fixtures for journeys in headless Chromium.

A test that asks for `page` or `no_javascript` is marked `browser` by itself. It is skipped, with one
line at the end of the run, where no Chromium is found; REQUIRE_BROWSER=1 makes that a failure.
The page fails its test when anything goes wrong in it unseen: an error on the console, an exception
in a script, a request to another host.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
SWITCHES = [
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    # Every page runs its scripts, and axe, in a world of its own: what the two compilers that optimise have made
    # is thrown away before it has paid. Without them examining a page costs a third less.
    "--js-flags=--no-opt --no-maglev",
    "--no-first-run",
]

PATIENCE = 15  # seconds

PHONE = {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}
DESKTOP = {"width": 1280, "height": 800}

# `@at_every_width` and `@in_light_and_dark` run a test once for each.
at_every_width = pytest.mark.parametrize(
    "viewport", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desktop"]
)
in_light_and_dark = pytest.mark.parametrize("color_scheme", ["light", "dark"])
# Once on a small and dark screen, once on a large and light one.
on_two_screens = pytest.mark.parametrize(
    ("viewport", "color_scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"]
)


def chromium_program() -> str | None:
    """The machine's own Chromium: what CHROMIUM names, else the first one found in PATH.

    Before all the one that can do nothing but run without a window, which does the same with a seventh less.
    """
    whole = ["chromium", "chromium-browser", "google-chrome"]
    names = [os.environ.get("CHROMIUM", ""), "chromium-headless-shell", *whole]
    return next((found for name in names if name and (found := shutil.which(name))), None)


@dataclass
class Complaints:
    """What went wrong in a page without anybody seeing it. `allow` what a test provokes."""

    host: str
    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, part: str) -> None:
        self.allowed.append(part)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"exception: {error.error}"))
        context.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.found.append(f"console {message.type}: {message.text}")

    def _request(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host:
            self.found.append(f"request to another host: {url}")

    def left(self) -> list[str]:
        return [text for text in self.found if not any(part in text for part in self.allowed)]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = chromium_program()
    if program is None:
        pytest.fail("REQUIRE_BROWSER is set, but there is no Chromium.")
    # Playwright keeps an event loop in this thread for the rest of the session, and Django would take
    # everything that follows for asynchronous code. That is why these tests run last.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE * 1000)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # as root it cannot be had
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES + sandbox)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def viewport() -> dict[str, int]:
    return DESKTOP


@pytest.fixture
def color_scheme() -> str:
    return "light"


@pytest.fixture
def complaints(live_server) -> Complaints:
    return Complaints(host=urlsplit(live_server.url).netloc)


@pytest.fixture
def open_context(
    chromium: Browser,
    live_server,
    viewport: dict[str, int],
    color_scheme: str,
    complaints: Complaints,
) -> Iterator[Callable[..., BrowserContext]]:
    """Another browser, with cookies of its own: `open_context(java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> BrowserContext:
        defaults = {
            "base_url": live_server.url,
            "viewport": viewport,
            "color_scheme": color_scheme,
            "locale": "de-DE",
            "timezone_id": "Europe/Berlin",
            "reduced_motion": "reduce",
        }
        context = chromium.new_context(**(defaults | options))
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(NOTES_THAT_IT_IS_LEFT)
        context.on("requestfailed", note_that_it_stays)
        complaints.watch(context)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()
    assert complaints.left() == []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context().new_page()


@pytest.fixture
def no_javascript(open_context: Callable[..., BrowserContext]) -> Page:
    """A page in a browser that runs no scripts."""
    return open_context(java_script_enabled=False).new_page()


@pytest.fixture
def sign_in(live_server) -> Callable[[Page, Any], None]:
    """`sign_in(page, user)`: as if they had signed in before, without the form."""

    def signed_in(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return signed_in


# Each page notes when a link, a script or a form begins to replace it.
@pytest.fixture
def quick_fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trap for programs would hold every journey up by seconds."""
    from accounts import guard  # noqa: PLC0415 - Django is set up by now

    monkeypatch.setattr(guard, "FASTEST", timedelta(0))


def link_in_mail(name: str) -> str:
    """Within the portal, the newest with this word in its address."""
    from mailing.models import Email  # noqa: PLC0415 - Django is set up by now

    text = Email.objects.filter(text__contains=f"/{name}/").latest("pk").text
    word = next(word for word in text.split() if f"/{name}/" in word)
    return "/" + word.split("/", 3)[3]


NOTES_THAT_IT_IS_LEFT = """
    window.isLeft = false;
    window.navigation?.addEventListener("navigate", event => {
        window.isLeft = !event.destination.sameDocument && event.downloadRequest === null;
    });
    // A form is sent a moment after the click on its button.
    window.addEventListener("submit", event => {
        const target = event.submitter?.formTarget || event.target.target;
        if (!event.defaultPrevented && event.target.method !== "dialog" && !target) {
            window.isLeft = true;
        }
    });
"""
# Asked without a promise: where a page is just being left, none of its timers may ever ring.
IS_CHANGING = (
    """window.isLeft || document.querySelector(".htmx-request, .htmx-swapping") !== null"""
)
# Where the answer was no page, but a file or nothing.
stayed: WeakSet[Page] = WeakSet()


def note_that_it_stays(request: Request) -> None:
    # An error in here would stop the test for good; a page that is being closed has no frames any more.
    with suppress(Error):
        if request.is_navigation_request() and request.frame.parent_frame is None:
            stayed.add(request.frame.page)


def settled(page: Page) -> Page:
    """The page that the last click or key has asked for, as soon as it stands there whole.

    A click or a key is done before the next page is there: what looks at once sees the page before, or one
    of which nothing has arrived yet.
    """
    give_up = time.monotonic() + PATIENCE
    calm = 0
    while calm < 2:
        page.wait_for_load_state()
        try:
            if page in stayed:
                stayed.remove(page)
                page.evaluate("window.isLeft = false")
            # A page begins to be left a moment after the click.
            calm = 0 if page.evaluate(IS_CHANGING) else calm + 1
        except Error as error:
            # It has just been replaced.
            if "Execution context was destroyed" not in error.message:
                raise
            calm = 0
        assert time.monotonic() < give_up, f"{page.url} is left for a page that does not come"
        if calm < 2:
            page.wait_for_timeout(10)
    return page


# What can differ between light and dark; everything else need not be examined twice.
AXE_COLOURS = ["color-contrast", "link-in-text-block"]

# Only the findings come back: all that was examined takes longer to send than to examine. Nothing is loaded for
# it once more: of the rules that we ask for only that about sounds needs it, and no page has any (tests/gates).
EXAMINES = """
    async ([within, type, values]) => {
        const wanted = {runOnly: {type, values}, resultTypes: ["violations"], preload: false};
        return (await axe.run(within || document, wanted)).violations
            .flatMap(rule => rule.nodes.map(node => [rule.id, node.target, node.failureSummary]));
    }
"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Words of which a part disappears in a box that hides what does not fit.
CUT_OFF = """
    [...document.querySelectorAll("main *, header *, footer *")]
        .filter(box => {
            const style = getComputedStyle(box);
            const hides = ["hidden", "clip"];
            const seen = box.clientWidth > 4 && box.clientHeight > 4;
            return seen && box.textContent.trim() && (
                hides.includes(style.overflowX) && box.scrollWidth > box.clientWidth + 2
                || hides.includes(style.overflowY) && box.scrollHeight > box.clientHeight + 2
            );
        })
        .map(box => box.textContent.trim().replace(/\\s+/g, " ").slice(0, 60))
"""
# Buttons narrower than their words, or reaching out of the row that they stand in. `CUT_OFF` cannot tell: what
# hides them, if anything, is a box further out, and the words of an input are no text of the page.
TOO_TIGHT = """
    [...document.querySelectorAll("button, .kern-btn, .button, input:is([type=submit], [type=button])")]
        .filter(button => {
            const row = button.parentElement;
            const end = box => box.getBoundingClientRect().right;
            return button.clientWidth > 4 && (
                button.scrollWidth > button.clientWidth + 2
                || row.clientWidth > 4 && end(button) > end(row) + 2
            );
        })
        .map(button => (button.value || button.textContent).trim().replace(/\\s+/g, " ").slice(0, 60))
"""
# Fields with smaller letters than 16 px: an iPhone enlarges the page around them, and leaves it so.
ENLARGES = """
    [...document.querySelectorAll("input:not([type=submit], [type=button]), select, textarea")]
        .filter(field => field.checkVisibility() && field.tabIndex >= 0)
        .filter(field => parseFloat(getComputedStyle(field).fontSize) < 16)
        .filter(field => !["checkbox", "radio", "file"].includes(field.type))
        .map(field => field.name || field.type)
"""
# Colours on their way are stopped: axe must see those of the scheme that is asked for, at once.
STOPS_COLOURS = """() => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { transition: none !important }");
    document.adoptedStyleSheets.push(still);
}"""
# Who listens for another width or scheme is told before the next frame.
IN_THE_NEXT_FRAME = "await new Promise(requestAnimationFrame);"


def axe(page: Page, *, within: str | None = None, rules: list[str] | None = None) -> list[str]:
    """What axe finds on the page as it stands, one line for each element: rule, element, reason.

    If a click has just asked for another page, that one is waited for and examined. With `rules` only those are asked.

    The script is evaluated through the debugger, because our Content-Security-Policy would rightly
    refuse to load it; so the page is examined under the policy that visitors get.
    """
    bring_axe(settled(page))
    wanted = [within, "rule" if rules else "tag", rules or AXE_TAGS]
    return lines_of(page.evaluate(EXAMINES, wanted))


def bring_axe(page: Page) -> None:
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))


def lines_of(findings: list[Any]) -> list[str]:
    return sorted(
        f"{rule}: {' '.join(map(str, element))}: " + " ".join(reason.split())
        for rule, element, reason in findings
    )


def scrolls_sideways(page: Page) -> bool:
    """Whether a reader would have to scroll to the right (WCAG 1.4.10 Reflow)."""
    return settled(page).evaluate(TOO_WIDE)


# A desktop on which everything is shown twice as large: all widths, also where the layout breaks, are
# counted in the size of the text.
def sound(page: Page) -> None:
    assert axe(page) == []
    assert not scrolls_sideways(page)


TWICE_AS_LARGE = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}


def barriers(page: Page) -> list[str]:
    """What keeps people from a page as it stands: on a phone in the dark, twice as large, on a light desktop.

    Opened once and looked at in every way, because opening a page costs as much as examining it; and in each
    way all is asked for at once, because asking costs as well. The page is left as it is seen on the desktop.
    With SCREENSHOTS=folder pictures of both are put there.
    """
    look(page, "dark", PHONE)
    bring_axe(settled(page))
    page.evaluate(STOPS_COLOURS)
    found = examined(page, "dark", "320 px")
    take_picture(page, "dark-phone")
    page.set_viewport_size(TWICE_AS_LARGE)
    too_wide, too_tight, cut_off, enlarges = page.evaluate(
        f"async () => {{ {IN_THE_NEXT_FRAME} "
        f"return [{TOO_WIDE}, {TOO_TIGHT}, {CUT_OFF}, {ENLARGES}]; }}"
    )
    found += ["scrolls sideways at 200 %"] * too_wide
    found += [f"too tight at 200 %: {button}" for button in too_tight]
    found += [f"cut off at 200 %: {text}" for text in cut_off]
    found += [f"letters smaller than 16 px on a small screen: {field}" for field in enlarges]
    look(page, "light", DESKTOP)
    found += examined(page, "light", "1280 px")
    take_picture(page, "light-desktop")
    return found


def examined(page: Page, scheme: str, width: str) -> list[str]:
    findings, too_wide, too_tight = page.evaluate(
        f"async wanted => {{ {IN_THE_NEXT_FRAME} "
        f"return [await ({EXAMINES})(wanted), {TOO_WIDE}, {TOO_TIGHT}]; }}",
        [None, "tag", AXE_TAGS],
    )
    found = [f"{scheme}: {finding}" for finding in lines_of(findings)]
    found += [f"scrolls sideways at {width}"] * too_wide
    return found + [f"too tight at {width}: {button}" for button in too_tight]


# Of what has the focus nothing can be seen: it is out of the window, or something else lies over all of it.
COVERED = """() => {
    const focused = document.activeElement;
    // Points of a map lie over each other, as the towns do.
    if (focused === document.body || focused.closest("svg")) return null;
    const seen = [...focused.getClientRects()].some(({left, right, top, bottom}) =>
        [left + 2, (left + right) / 2, right - 2].some(x => [top + 2, (top + bottom) / 2, bottom - 2].some(y => {
            const there = document.elementFromPoint(x, y);
            return there && (focused.contains(there) || there.contains(focused));
        }))
    );
    const named = focused.getAttribute("aria-label") || focused.labels?.[0]?.textContent || focused.textContent;
    return seen ? null : named.trim().replace(/\\s+/g, " ").slice(0, 60) || focused.outerHTML.slice(0, 80);
}"""


def covered_on_the_way(page: Page, key: str = "Tab", *, steps: int) -> list[str]:
    """What nobody sees who goes through the page with this key, though it has the focus (WCAG 2.4.11)."""
    found = []
    for _step in range(steps):
        page.keyboard.press(key)
        found.append(page.evaluate(COVERED))
    return [name for name in found if name]


def look(page: Page, scheme: str, viewport: dict[str, int]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(viewport)


def take_picture(page: Page, name: str) -> None:
    if shots := os.environ.get("SCREENSHOTS"):
        of = urlsplit(page.url).path.strip("/").replace("/", "-")
        page.screenshot(path=Path(shots) / f"{of}-{name}.png", full_page=True)


# Marking, ordering and skipping ----------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    journeys = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    for item in journeys:
        item.add_marker("browser")
    # See `chromium`. Of these the longest come first, so that none is left alone at the end.
    items.sort(key=_last_and_long_before_short)
    if chromium_program() is None and not os.environ.get("REQUIRE_BROWSER"):
        for item in journeys:
            item.add_marker(pytest.mark.skip(reason=_NO_CHROMIUM))


def _last_and_long_before_short(item: pytest.Item) -> int:
    if item.get_closest_marker("browser") is None:
        return 0
    return 1 if item.nodeid.startswith("tests/gates/") else 2


_NO_CHROMIUM = "there is no Chromium here"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and _NO_CHROMIUM in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} journeys in the browser were skipped: install Chromium, or set "
            "CHROMIUM to its path.",
            yellow=True,
        )
