"""Makes `static/img/share.png`, the picture that goes with addresses people pass on.

`make share-picture` runs this with the machine's own Chromium; the picture is committed, so the server
needs no library for pictures. Its dots are the projects in `projects/data/`.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

from django.conf import settings

from bench.chromium import chromium
from finding import map as germany

WIDTH, HEIGHT = 1200, 630


def markup() -> str:
    """The picture as a page of its own, without anything from elsewhere."""
    lands = "".join(f'<path d="{outline.path}"/>' for outline in germany.outlines().values())
    dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8"/>' for x, y in _points())
    font = settings.BASE_DIR / "node_modules" / "@fontsource" / "fira-sans" / "files"
    faces = "".join(
        f"@font-face{{font-family:F;font-weight:{weight};"
        f'src:url("{(font / f"fira-sans-latin-{weight}-normal.woff2").as_uri()}")}}'
        for weight in (400, 600)
    )
    return f"""<!DOCTYPE html><html lang="de"><meta charset="utf-8"><title>Vorschaubild</title><style>
{faces}
body{{margin:0;width:{WIDTH}px;height:{HEIGHT}px;background:#f2f6fb;color:#171a2b;font-family:F,sans-serif;overflow:hidden}}
.words{{position:absolute;left:80px;top:150px;width:640px}}
.words p{{margin:0;font-size:34px;line-height:1.35;color:#3a4160}}
.words h1{{margin:0 0 32px;font-size:76px;line-height:1.08;font-weight:600}}
.words .who{{margin-bottom:24px;font-weight:600;color:#171a2b}}
svg{{position:absolute;right:70px;top:28px;height:574px}}
.l path{{fill:#fff;stroke:#8f97b8;stroke-width:2}}
.d circle{{fill:#1b3fa8;stroke:#fff;stroke-width:2}}
</style><div class="words"><p class="who">Modellprojekte Smart Cities</p>
<h1>Wer hat Ihr Problem schon gelöst?</h1>
<p>Projekte, Lösungen und Beratung für alle Kommunen</p></div>
<svg viewBox="0 0 {germany.WIDTH} {germany.HEIGHT}"><g class="l" transform="scale(.5)">{lands}</g><g class="d">{dots}</g></svg>"""


def _points() -> list[germany.Point]:
    folder = settings.BASE_DIR / "projects" / "data"
    rows = json.loads((folder / "projects.json").read_text(encoding="utf-8"))
    places = [(row.get("latitude"), row.get("longitude")) for row in rows]
    return [germany.position(*place) for place in places if None not in place]


def make(path: Path) -> None:
    # Only for developers: what runs the portal has no browser.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only who makes the picture has it

    page_file = path.with_suffix(".html")
    page_file.write_text(markup(), encoding="utf-8")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium())
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(page_file.as_uri())
            page.evaluate("document.fonts.ready")
            page.screenshot(path=path)
            browser.close()
    finally:
        page_file.unlink()


if __name__ == "__main__":
    make(settings.BASE_DIR / "static" / "img" / "share.png")
