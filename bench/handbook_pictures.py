"""Makes the pictures of the handbook from the real pages: `make handbook-pictures`.

The try-out is started with its sample groups, times and logins in a folder of its own, so nothing in a
picture is about a person. The pictures are committed, so the server needs no library for them; a test
fails for one that the handbook shows and nobody has made.
"""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.chromium import chromium
from smartcities.tryout.processes import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / "static" / "img" / "handbook"
WIDTH, HEIGHT = 1280, 820
QUALITY = 0.6


class Picture(NamedTuple):
    """Whose eyes, what they open, which link of it they follow, and to where they scroll."""

    name: str
    login: str
    path: str
    follow: str = ""
    scroll_to: str = ""


PICTURES = (
    Picture("kommune", "", "/loesungen/?thema=app"),
    Picture("koordination", "koordination@example.org", "/verwaltung/"),
    Picture(
        "gastgeber",
        "veranstaltungen@example.org",
        "/verwaltung/events/event/",
        "#result_list tbody th a",
    ),
    Picture("beratung", "beratung@example.org", "/verwaltung/consulting/slot/"),
    Picture(
        "projektredaktion",
        "projekt@example.org",
        "/verwaltung/projects/solution/",
        "#result_list tbody th a",
    ),
    Picture("portalredaktion", "redaktion@example.org", "/verwaltung/zu-pruefen/"),
    Picture("betrieb", "admin@example.org", "/verwaltung/betrieb/"),
)

# Chromium writes WebP itself.
_AS_WEBP = """async ([png, quality]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@contextmanager
def tryout() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a portal with sample data, and the passwords of its logins."""
    with tempfile.TemporaryDirectory(prefix="portal-pictures-", ignore_cleanup_errors=True) as name:
        var, port = Path(name) / "var", free_port()
        # Also as root, PostgreSQL's user has to reach the data.
        Path(name).chmod(0o711)
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "smartcities.tryout"],
            cwd=CHECKOUT,
            env=os.environ | {"PORT": str(port), "PORTAL_VAR": str(var)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            printed = ""
            for line in process.stdout:
                printed += line
                if line.startswith("Strg-C"):
                    break
            else:
                sys.exit(f"The try-out did not start:\n{printed}")
            logins = dict(re.findall(r"(\S+@example\.org)\s+(\S+)", printed))
            yield f"http://localhost:{port}", logins
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def make(address: str, logins: dict[str, str]) -> None:
    # Only for developers: what runs the portal has no browser.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only who makes pictures has it

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for picture in PICTURES:
            png = _seen(browser, address, picture, logins.get(picture.login, ""))
            file = FOLDER / f"{picture.name}.webp"
            file.write_bytes(_webp(browser, png))
            print(f"{file.relative_to(CHECKOUT)}: {file.stat().st_size // 1024} KB")
        browser.close()


def _seen(browser: "Browser", address: str, picture: Picture, password: str) -> bytes:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="de-DE", color_scheme="light"
    )
    page = context.new_page()
    if picture.login:
        _sign_in(page, address, picture.login, password)
    page.goto(address + picture.path)
    if picture.follow:
        page.goto(address + page.locator(picture.follow).first.get_attribute("href"))
    if picture.scroll_to:
        page.locator(picture.scroll_to).first.evaluate("one => one.scrollIntoView()")
    page.evaluate("document.fonts.ready")
    png = page.screenshot()
    context.close()
    return png


def _sign_in(page: "Page", address: str, login: str, password: str) -> None:
    page.goto(f"{address}/konto/login/")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def _webp(browser: "Browser", png: bytes) -> bytes:
    page = browser.new_page()
    written = page.evaluate(_AS_WEBP, [base64.b64encode(png).decode(), QUALITY])
    page.close()
    return base64.b64decode(written)


def main() -> None:
    if (
        len(sys.argv) > 1
    ):  # one that is running already, by its address and the file with its logins
        make(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))
        return
    with tryout() as (address, logins):
        make(address, logins)


if __name__ == "__main__":
    main()
