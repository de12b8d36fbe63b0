"""Makes `static/img/apple-touch-icon.png`, the sign of the portal among the apps of an iPhone or iPad.

`make touch-icon` runs this with the machine's own Chromium; the picture is committed. What is transparent
these devices show black, so the sign stands on a white ground, with the room that their round corners take.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

from django.conf import settings

from bench.chromium import chromium

SIDE = 180
IMAGES = settings.BASE_DIR / "static" / "img"


def markup() -> str:
    sign = (IMAGES / "favicon.svg").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html><html lang="de"><meta charset="utf-8"><title>Zeichen</title><style>'
        "body{margin:0;padding:24px;background:#fff}svg{display:block;width:132px;height:132px}"
        f"</style>{sign}"
    )


def make() -> None:
    # Only for developers: what runs the portal has no browser.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only who makes the picture has it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        page = browser.new_page(viewport={"width": SIDE, "height": SIDE}, color_scheme="light")
        page.set_content(markup())
        page.screenshot(path=IMAGES / "apple-touch-icon.png")
        browser.close()


if __name__ == "__main__":
    make()
