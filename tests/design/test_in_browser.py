"""What only a browser can show: contrast, focus, small screens, no JavaScript, paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from smartcities.urls import PAGES
from tests.browser import (
    PHONE,
    TABLET,
    at_every_width,
    barriers,
    scrolls_sideways,
)
from tests.factories import ProjectFactory
from tests.shipped import load_once

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = [
    "start",
    *(name for _address, name, _label in PAGES),
    "privacy",
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
]
FORMS = ["/probe/felder/", "/probe/anordnung/", "/probe/zeilen/"]


@pytest.fixture
def sample_pages(settings):
    settings.ROOT_URLCONF = "tests.design.browser_pages"


@pytest.fixture
def form_with_errors(sample_pages, page):
    page.goto("/probe/felder/")
    page.get_by_role("button", name="Absenden").click()
    page.wait_for_selector(".error-summary")
    return page


def test_no_page_has_a_barrier_that_a_program_can_find(page):
    ProjectFactory()
    found = {}
    for name in PUBLIC:
        page.goto(reverse(name))
        found[name] = barriers(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("viewport", [TABLET], ids=["tablet"])
def test_no_page_scrolls_sideways(page):
    ProjectFactory()
    wide = []
    for name in PUBLIC:
        page.goto(reverse(name))
        if scrolls_sideways(page):
            wide.append(name)
    assert wide == []


@pytest.mark.parametrize("viewport", [{"width": 640, "height": 900}], ids=["twice-the-text"])
def test_text_at_twice_its_size_still_fits(page):
    wide = []
    for name in PUBLIC:
        page.goto(reverse(name))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if scrolls_sideways(page):
            wide.append(name)
    assert wide == []


def test_forms_have_no_barrier_with_and_without_errors(form_with_errors):
    page = form_with_errors
    assert barriers(page) == []
    for address in FORMS:
        page.goto(address)
        assert barriers(page) == [], address


@at_every_width
def test_forms_fit(form_with_errors):
    page = form_with_errors
    assert not scrolls_sideways(page)
    for address in FORMS:
        page.goto(address)
        assert not scrolls_sideways(page), address


def test_errors_take_the_focus_and_lead_to_the_field_without_javascript(
    sample_pages, no_javascript
):
    page = no_javascript
    page.goto("/probe/felder/")
    page.get_by_role("button", name="Absenden").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Fehler: Formular"))
    summary.get_by_role("link", name="Termin:").click()
    expect(page.locator("#id_slot_0_0")).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_the_menu_opens_by_keyboard_without_javascript(no_javascript):
    page = no_javascript
    page.goto("/")
    account = page.get_by_role("link", name="Mein Konto")
    expect(account).to_be_hidden()
    page.get_by_role("button", name="Menü").press("Enter")
    expect(account).to_be_visible()
    page.keyboard.press("Escape")
    expect(account).to_be_hidden()
    expect(page.get_by_role("button", name="Menü")).to_be_focused()


def test_the_figures_of_the_start_page_stand_in_full_lines(page):
    load_once()
    page.goto("/")
    in_lines = {}
    for width in (320, 600, 768, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        tops = page.locator(".front-hero .figures > div").evaluate_all(
            "figures => figures.map(figure => Math.round(figure.getBoundingClientRect().top))"
        )
        in_lines[width] = [tops.count(top) for top in sorted(set(tops))]

    assert in_lines == {320: [2, 2], 600: [2, 2], 768: [4], 1000: [2, 2], 1280: [4]}


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_a_heading_on_a_phone_breaks_at_a_syllable(page):
    for name in PUBLIC:
        page.goto(reverse(name))
        ways = page.locator("h1, h2, h3").evaluate_all(
            """headings => headings.map(heading => getComputedStyle(heading)).map(
                style => `${style.hyphens} ${style.hyphenateLimitChars}`
            )"""
        )
        # No „ge-löst“: only what is long, and not after two letters.
        assert set(ways) <= {"auto 10 4"}, name


def test_on_a_wide_screen_the_menu_is_simply_there(page):
    page.goto("/")
    expect(page.get_by_role("link", name="Mein Konto")).to_be_visible()
    expect(page.get_by_role("button", name="Menü")).to_be_hidden()


def test_the_first_tab_leads_past_the_menu(page):
    page.goto(reverse("imprint"))
    page.keyboard.press("Tab")
    skip_link = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip_link).to_be_focused()
    assert skip_link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#inhalt")).to_be_focused()


def test_paper_gets_the_text_and_where_links_lead(page):
    page.goto(reverse("accessibility"))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Hauptnavigation")).to_be_hidden()
    link = page.locator('main a[href^="https://www.schlichtungsstelle"]')
    after = link.evaluate("element => getComputedStyle(element, '::after').content")
    assert "https://www.schlichtungsstelle-bgg.de" in after


def test_a_first_visit_is_small(page):
    loaded = []
    page.context.on("response", lambda response: loaded.append(response.url.rsplit("/", 1)[-1]))
    page.goto(reverse("imprint"))
    page.wait_for_load_state("networkidle")
    # A browser without windows asks for no icon.
    icons = page.locator("link[rel~=icon]").evaluate_all("links => links.map(link => link.href)")
    assert [icon.rsplit("/", 1)[-1] for icon in icons] == ["favicon.svg"]
    assert sorted(name for name in loaded if name not in ("", "favicon.svg")) == [
        "fira-sans-latin-400-normal.woff2",
        "fira-sans-latin-600-normal.woff2",
        "kern.min.css",
        "portal.css",
    ]


def test_who_wants_little_motion_gets_none_and_not_a_very_short_one_of_everything(open_context):
    """A page is drawn anew for each step of it: that was half a second for another colour scheme."""
    moving = {}
    for wish in ("reduce", "no-preference"):
        page = open_context(reduced_motion=wish).new_page()
        page.goto(reverse("start"))
        moving[wish] = page.evaluate(
            """() => {
                const own = document.createElement("p");
                own.style.transition = "color 1s";
                document.body.append(own);
                getComputedStyle(own).color;
                own.style.color = "red";
                document.body.style.opacity = "0.5";
                return document.getAnimations().length;
            }"""
        )

    assert moving == {"reduce": 0, "no-preference": 1}


def test_icons_can_be_seen_where_the_system_chooses_the_colours(open_context):
    page = open_context(forced_colors="active").new_page()
    page.goto("/")
    icon = page.locator(".menu__account .kern-icon").evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    text = page.locator("h1").evaluate("element => getComputedStyle(element).color")
    assert icon == text
