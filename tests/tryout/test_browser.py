"""The harness of the journeys itself: it must see what goes wrong, or every journey proves nothing."""

import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import expect

from tests.browser import DESKTOP, axe, barriers, scrolls_sideways


@pytest.fixture
def slow_answers(monkeypatch):
    """Every page comes so late that what does not wait for it sees the page before."""
    quick = WSGIHandler.__call__

    def slow(self, environ, start_response):
        time.sleep(0.3)
        return quick(self, environ, start_response)

    monkeypatch.setattr(WSGIHandler, "__call__", slow)


def test_a_page_complains_about_what_nobody_sees(page, complaints):
    page.goto("/impressum/")
    assert complaints.left() == []
    page.evaluate("console.error('a message')")
    page.evaluate("setTimeout(() => { throw new Error('an exception') })")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
    page.wait_for_timeout(200)
    found = "\n".join(complaints.left())
    assert "console error: a message" in found
    assert "exception: an exception" in found
    assert "http://127.0.0.1:9/" in found
    complaints.allow("")


def test_axe_examines_the_page_under_its_own_security_policy(page):
    page.goto("/impressum/")
    assert axe(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.querySelector('main img').src = '/favicon.ico'")
    (finding,) = axe(page)
    assert finding.startswith("image-alt: img: ")


def test_a_page_that_is_too_wide_is_noticed(page):
    page.goto("/impressum/")
    assert not scrolls_sideways(page)
    page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert scrolls_sideways(page)


# Each shows in one way only: by colour and by width, as a style sheet of the page would say it.
FAULTS = """() => {
    document.querySelector("main").innerHTML =
        "<h1>Seite</h1><p id=dim>Dunkel</p><p id=pale>Hell</p>" +
        "<p id=narrow>Schmal</p><p id=half>Halb</p><p id=wide>Breit</p>";
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { transition: color 9s, background-color 9s }
        @media (prefers-color-scheme: dark) { #dim { color: #333; background: #222 } }
        @media (prefers-color-scheme: light) { #pale { color: #ddd; background: #eee } }
        @media (width < 400px) { #narrow { min-width: 500px } }
        @media (400px < width < 700px) { #half { width: 20px; overflow: hidden; white-space: nowrap } }
        @media (width > 1200px) { #wide { min-width: 1500px } }
    `);
    document.adoptedStyleSheets.push(sheet);
}"""


def test_each_way_of_looking_at_a_page_sees_what_shows_in_it_alone(page, complaints):
    complaints.allow("Content Security Policy")
    page.goto("/impressum/")
    assert barriers(page) == []
    page.evaluate(FAULTS)

    found = [finding.partition(": Fix")[0] for finding in barriers(page)]

    assert found == [
        "dark: color-contrast: #dim",
        "scrolls sideways at 320 px",
        "cut off at 200 %: Halb",
        "light: color-contrast: #pale",
        "scrolls sideways at 1280 px",
    ]
    assert page.viewport_size == DESKTOP


def test_without_javascript_no_script_runs(no_javascript):
    no_javascript.set_content("<p>unverändert</p><script>document.body.textContent = ''</script>")
    expect(no_javascript.locator("body")).to_have_text("unverändert")


def test_after_a_click_or_a_key_the_next_page_is_examined_and_not_the_one_before(
    page, slow_answers
):
    page.goto("/impressum/")
    page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert scrolls_sideways(page)
    page.get_by_role("contentinfo").get_by_role("link", name="Datenschutz").click()
    assert not scrolls_sideways(page)
    assert page.url.endswith("/datenschutz/")

    page.goto("/suche/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.querySelector('main img').src = '/favicon.ico'")
    page.get_by_role("main").locator("input[name=q]").fill("Regen")
    page.keyboard.press("Enter")
    assert axe(page) == []
    assert page.url.endswith("/suche/?q=Regen")

    page.goto("/loesungen/")
    page.get_by_role("main").locator("input[name=q]").fill("Regen")
    page.keyboard.press("Enter")
    assert axe(page) == []
    assert "q=Regen" in page.url  # swapped in place


def test_a_page_stays_where_a_link_leads_to_a_file_or_to_a_place_of_its_own(page, slow_answers):
    page.goto("/loesungen/")
    page.evaluate("location.hash = 'hier'")
    assert not scrolls_sideways(page)
    page.evaluate(
        "document.querySelector('main').innerHTML = '<a href=/daten/loesungen.csv>CSV</a>'"
    )
    with page.expect_download():
        page.get_by_role("link", name="CSV").click()
    assert not scrolls_sideways(page)
    assert page.url.endswith("/loesungen/#hier")
