"""Journeys through the catalogue: with scripts and without, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import COVERED, DESKTOP, PHONE, at_every_width, axe, covered_on_the_way
from tests.shipped import load_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def network(live_server):
    load_once()


def hits(page):
    return page.locator("#treffer-titel")


def test_choosing_a_filter_changes_list_counts_map_and_address_without_a_reload(page):
    page.goto("/projekte/")
    page.evaluate("window.here = true")
    page.get_by_label("Bayern").focus()
    page.keyboard.press("Space")

    expect(hits(page)).to_have_text("11 Modellprojekte von 73")
    expect(page.locator("#meldung")).to_have_text("11 Modellprojekte gefunden")
    expect(page).to_have_url("/projekte/?land=BY")
    expect(page.get_by_label("Bayern")).to_be_focused()
    expect(page.get_by_label("Bayern")).to_be_checked()
    expect(page.locator(".map__point")).to_have_count(11)
    assert page.evaluate("window.here")

    page.get_by_label("Großstadt").check()
    expect(page).to_have_url("/projekte/?art=grossstadt&land=BY")
    page.go_back()
    expect(page).to_have_url("/projekte/?land=BY")
    expect(hits(page)).to_have_text("11 Modellprojekte von 73")
    expect(page.get_by_label("Großstadt")).not_to_be_checked()


def test_a_filter_that_is_taken_back_leaves_the_focus_at_the_number_of_hits(page):
    page.goto("/projekte/?land=BY&staffel=2020")
    page.get_by_role("link", name="Land: Bayern entfernen").press("Enter")

    expect(hits(page)).to_have_text("32 Modellprojekte von 73")
    expect(hits(page)).to_be_focused()
    expect(page.get_by_label("Bayern")).not_to_be_checked()


def test_a_click_that_gives_no_focus_takes_none_among_the_filters(page):
    """In Safari no click on a box or a link gives it the focus; a click by script does not either."""
    page.goto("/projekte/")
    page.get_by_label("Bayern").evaluate("box => box.click()")
    expect(hits(page)).to_have_text("11 Modellprojekte von 73")
    expect(page.locator("body")).to_be_focused()

    page.get_by_role("link", name="Land: Bayern entfernen").evaluate("link => link.click()")
    expect(hits(page)).to_have_text("73 Modellprojekte")
    expect(hits(page)).to_be_focused()


def test_a_land_on_the_map_is_a_filter_for_mouse_and_keyboard(page):
    page.goto("/projekte/")
    page.get_by_role("link", name=re.compile("^Sachsen:")).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/projekte/?land=SN")
    expect(page.get_by_label("Sachsen", exact=False).and_(page.locator("#land-SN"))).to_be_checked()

    page.get_by_role("link", name="Sachsen, ausgewählt").press("Enter")
    expect(page).to_have_url("/projekte/")
    expect(hits(page)).to_have_text("73 Modellprojekte")


def test_a_point_on_the_map_opens_the_project(page):
    page.goto("/projekte/?land=BW&staffel=2019")
    page.get_by_role("link", name="Ulm").and_(page.locator(".map__point")).click()

    expect(page).to_have_url("/projekte/ulm/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ulm")


def test_a_search_by_keyboard_finds_marks_and_can_be_taken_back(page):
    page.goto("/projekte/")
    box = page.get_by_role("combobox", name="Modellprojekte durchsuchen")
    box.fill("Hochwasser")
    box.press("Enter")

    expect(page).to_have_url("/projekte/?q=Hochwasser")
    expect(page.locator(".cards mark").first).to_be_visible()
    expect(box).to_be_focused()
    page.get_by_role("link", name="Suche: „Hochwasser“ entfernen").click()
    expect(hits(page)).to_have_text("73 Modellprojekte")
    expect(box).to_have_value("")


@pytest.mark.parametrize("viewport", [PHONE])
def test_on_a_phone_the_filters_open_over_the_list_and_close_when_applied(page):
    page.goto("/projekte/")
    expect(page.get_by_label("2019")).to_be_hidden()
    page.get_by_role("button", name="Filtern").click()
    page.get_by_label("2019").check()
    expect(hits(page)).to_have_text("13 Modellprojekte von 73")
    expect(page.get_by_label("2019")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Auswahl anwenden").click()

    expect(page.get_by_label("2019")).to_be_hidden()
    expect(hits(page)).to_be_in_viewport()


@at_every_width
def test_without_scripts_everything_works_too(no_javascript, viewport):
    page = no_javascript
    page.goto("/projekte/")
    if page.get_by_role("button", name="Filtern").is_visible():
        page.get_by_role("button", name="Filtern").click()
    page.get_by_label("Hessen").check()
    page.get_by_label("2020").check()
    page.get_by_role("button", name="Auswahl anwenden").click()

    expect(page).to_have_url("/projekte/?land=HE&staffel=2020")
    count = int(hits(page).inner_text().split()[0])
    expect(page.locator(".card")).to_have_count(count)
    page.get_by_role("link", name="Staffel: 2020 entfernen").click()
    expect(page).to_have_url("/projekte/?land=HE")


def test_the_map_can_be_skipped_by_keyboard(page):
    page.goto("/projekte/?land=BY")
    skip = page.get_by_role("link", name="Karte überspringen")
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#karte-ende")).to_be_focused()


def test_what_is_marked_stays_in_this_browser_until_it_is_removed(page):
    page.goto("/projekte/ulm/")
    page.get_by_role("button", name="Merken").click()
    page.goto("/projekte/")
    page.get_by_role("link", name="Merkliste (1)").first.click()
    expect(page).to_have_url("/merkliste/?projekt=ulm")

    page.locator("[data-forget='projekt=ulm']").click()

    expect(page).to_have_url("/merkliste/")
    assert page.evaluate("localStorage.getItem('merkliste')") == "[]"


def test_a_printed_comparison_begins_below_its_heading(page):
    """Firefox would begin the table on a new page for the sake of what only listeners get."""
    page.goto("/vergleich/?projekt=ulm&projekt=solingen")
    caption = page.locator("caption.kern-sr-only")
    expect(caption).to_have_css("display", "table-caption")
    page.emulate_media(media="print")
    expect(caption).to_have_css("display", "none")


def test_who_left_before_the_answer_came_finds_no_filter_ticked_that_does_nothing(page, complaints):
    complaints.allow("htmx:")
    page.goto("/projekte/?land=BY")
    page.route("**/projekte/?*", lambda route: None)
    page.get_by_label("2019").check()
    page.get_by_label("Bayern").uncheck()
    page.get_by_label("Sortieren nach").select_option("einwohner")
    page.unroute_all()
    page.goto("/impressum/")
    page.go_back()

    expect(hits(page)).to_have_text("11 Modellprojekte von 73")
    expect(page.get_by_label("2019")).not_to_be_checked()
    expect(page.get_by_label("Bayern")).to_be_checked()
    expect(page.get_by_label("Sortieren nach")).to_have_value("")


# A browser that drives tests keeps no page alive, so the event of those that do is given by hand.
BROUGHT_BACK = "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


def test_a_list_that_comes_back_alive_ticks_only_what_it_answers_to(page):
    page.goto("/projekte/?land=BY")
    page.get_by_label("2019").evaluate("box => { box.checked = true }")
    page.get_by_label("Sortieren nach").evaluate("field => { field.value = 'einwohner' }")
    page.evaluate(BROUGHT_BACK)

    expect(page.get_by_label("2019")).not_to_be_checked()
    expect(page.get_by_label("Bayern")).to_be_checked()
    expect(page.get_by_label("Sortieren nach")).to_have_value("")


def test_a_page_that_comes_back_alive_shows_what_was_marked_meanwhile(page):
    page.goto("/projekte/ulm/")
    page.get_by_role("button", name="Merken").click()
    page.evaluate("localStorage.setItem('merkliste', '[\"projekt=bamberg\", \"projekt=hagen\"]')")
    page.evaluate(BROUGHT_BACK)

    expect(page.get_by_role("link", name="Merkliste (2)").first).to_be_visible()
    expect(page.get_by_role("button", name="Merken")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("path", ["/", "/projekte/", "/fragen/"])
def test_what_was_chosen_does_not_outlive_the_name_in_the_field(page, path):
    """Firefox would bring back the one and not the other; it shows in no other browser."""
    page.goto(path)
    targets = page.locator("[data-picker][data-target]").evaluate_all(
        "fields => fields.map(field => document.getElementById(field.dataset.target))"
        ".map(target => target.getAttribute('autocomplete'))"
    )
    assert targets
    assert set(targets) == {"off"}


# One with a map and one without; with the third there is no sorting in the filter.
LISTS = ["/projekte/", "/loesungen/", "/veranstaltungen/"]


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("path", ["/", *LISTS])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_open_menu_never_covers_what_has_the_focus(open_context, path, scripts):
    page = open_context(java_script_enabled=scripts).new_page()
    page.goto(path)
    page.get_by_role("button", name="Menü").press("Enter")
    expect(page.locator("#navigation").get_by_role("button", name="Schließen")).to_be_focused()
    assert page.evaluate(COVERED) is None

    assert covered_on_the_way(page, steps=24) == []
    assert covered_on_the_way(page, "Shift+Tab", steps=26) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Mein Konto")).to_be_hidden()


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("path", LISTS)
def test_an_open_filter_never_covers_what_has_the_focus(page, path):
    page.goto(path)
    page.get_by_role("button", name="Filtern").press("Enter")
    apply = page.get_by_role("button", name="Auswahl anwenden")
    expect(page.locator("#filter").get_by_role("button", name="Schließen")).to_be_focused()
    assert page.evaluate(COVERED) is None
    within = page.locator("#filter").locator("a, button, summary, select, input").count()

    assert covered_on_the_way(page, steps=within + 12) == []
    expect(apply).not_to_be_focused()
    assert covered_on_the_way(page, "Shift+Tab", steps=within + 16) == []


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("path", LISTS)
def test_nothing_that_stays_in_the_window_covers_what_has_the_focus(page, path):
    page.goto(path)

    assert covered_on_the_way(page, steps=60) == []
    assert covered_on_the_way(page, "Shift+Tab", steps=60) == []


# Chromium leaves more room than it is asked for. Firefox does not scroll to what shows a little, so that what
# lies over the edges hides it: it keeps to the padding of what scrolls, and a margin makes it worse.
ROOM = """() => {
    const room = (scroller, side) => parseFloat(getComputedStyle(scroller)[`scrollPadding${side}`]) || 0;
    const window_ = document.documentElement, filters = document.getElementById("filter");
    const narrow = [], over = box => box && getComputedStyle(box).position === "sticky" ? box.offsetHeight : 0;
    if (room(window_, "Top") < over(document.querySelector(".results__head"))) narrow.push("head");
    if (room(window_, "Bottom") < over(document.querySelector(".pick"))) narrow.push("bar");
    if (room(window_, "Top") + room(window_, "Bottom") > innerHeight / 2) narrow.push("between head and bar");
    const apply = filters.querySelector("[type=submit]");
    if (filters.matches(":popover-open")) {
        if (room(filters, "Top") < 24) narrow.push("upper edge of the filter");
        if (room(filters, "Bottom") < apply.offsetHeight) narrow.push("button");
    }
    for (const link of document.querySelectorAll("main :is(a, button, input)"))
        if (parseFloat(getComputedStyle(link).scrollMarginTop)) narrow.push(link.textContent);
    return narrow;
}"""


# 1280 x 1024 enlarged to 400 %.
LOW = {"width": 320, "height": 256}


@pytest.mark.parametrize("viewport", [PHONE, LOW, DESKTOP], ids=["phone", "low", "desktop"])
@pytest.mark.parametrize("path", LISTS)
def test_what_scrolls_knows_what_lies_over_its_edges(page, path):
    page.goto(path)
    for box in page.locator(".card__pick input").all()[:2]:
        box.check()
    if (filters := page.get_by_role("button", name="Filtern")).is_visible():
        filters.press("Enter")

    assert page.evaluate(ROOM) == []


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("path", ["/", "/projekte/", "/projekte/ulm/"])
def test_a_point_of_a_map_comes_into_sight_with_the_focus(page, path):
    """Without the browser's help, as in Firefox: it scrolls to no link within a drawing."""
    page.goto(path)
    points = page.locator("main svg a")
    for point in (points.first, points.last):
        page.evaluate("window.scrollTo(0, 0)")
        point.evaluate("point => point.focus({preventScroll: true})")
        expect(point).to_be_in_viewport(ratio=0.9)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    points.last.evaluate("point => {point.blur(); point.focus({preventScroll: true});}")
    expect(points.last).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("path", [*LISTS, "/nachnutzung/", "/gemeinschaften/ergebnisse/"])
def test_the_filters_can_be_skipped_by_keyboard(page, path):
    page.goto(path)
    page.locator("#inhalt").focus()
    skip = page.get_by_role("link", name="Filter überspringen")
    for _step in range(8):
        page.keyboard.press("Tab")
        if skip.evaluate("skip => skip === document.activeElement"):
            break
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(hits(page)).to_be_focused()
