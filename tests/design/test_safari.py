"""What only Safari shows, on iPhone, iPad and Mac: here the causes are tested, as no Safari runs with the tests."""

import re
import struct

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.urls import reverse

from bench.touch_icon import SIDE

STYLES = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))


def rules() -> list[tuple[str, str]]:
    """The declarations of each rule of our styles, with the name of its file."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in STYLES}
    return [
        (name, " ".join(rule.split()))
        for name, text in texts.items()
        for rule in re.findall(r"\{([^{}]*)\}", text)
    ]


def test_what_stands_before_an_entry_is_seen_where_its_words_for_listeners_are_unknown():
    """Safari before 17.4 leaves out a whole declaration that it cannot read."""
    spoken = [(name, rule) for name, rule in rules() if re.search(r'content: "[^"]*" /', rule)]

    assert spoken
    assert [
        one for one in spoken if not re.search(r'content: ("[^"]*"); content: \1 / "";', one[1])
    ] == []


def test_nothing_is_as_high_as_a_window_without_the_bars_of_a_telephone():
    """100vh is more than can be seen while they are there."""
    tall = [rule for _, rule in rules() if "100vh" in rule]

    assert tall
    assert [
        rule for rule in tall if not re.search(r"(m\w+-height): 100vh; \1: 100[sd]vh;", rule)
    ] == []


@pytest.mark.django_db
def test_the_portal_has_a_sign_among_the_apps_of_an_iphone(client):
    html = client.get(reverse("imprint")).text
    with open(finders.find("img/apple-touch-icon.png"), "rb") as file:
        head = file.read(26)

    assert '<link rel="apple-touch-icon" href="/static/img/apple-touch-icon.png">' in html
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (SIDE, SIDE) == (180, 180)
    assert head[25] == 2  # colours without transparency, which would be shown black


@pytest.mark.django_db
def test_a_key_is_no_telephone_number_and_a_telephone_number_can_be_called(client):
    html = client.get(reverse("imprint")).text

    assert '<meta name="format-detection" content="telephone=no">' in html
    assert 'Telefon: <a href="tel:+49301234567">+49 30 1234567</a>' in html


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("02371 / 217-0", "023712170"),
        ("+49 (0)30 1234567", "+49301234567"),
        ("(030) 123 45 67", "0301234567"),
        ("030 1234–567", "0301234567"),
        ("115", "115"),
        ("02371/217-0", "023712170"),
        ("(02371) / 217-0", "023712170"),
        ("+49 2371/217-0", "+4923712170"),
        ("0049 (0)30 1234567", "0049301234567"),
        ("0049(0)30/1234567", "0049301234567"),
        ("+49 (30) 1234567", "+49301234567"),
        ("+49\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}1234567", "+49301234567"),
        ("+49-30-1234-567", "+49301234567"),
        ("+43 1 58858-0", "+431588580"),
        ("0171.1234567", "01711234567"),
    ],
)
def test_a_telephone_number_is_dialled_as_it_is_meant(written, dialled):
    assert shown(written) == f'<a class="kern-link" href="tel:{dialled}">{written}</a>'


@pytest.mark.parametrize(
    "written",
    [
        "",
        "---",
        "über die Zentrale",
        "<b>030",
        "11",
        "0" * 16,
        "\N{ARABIC-INDIC DIGIT ONE}" * 3,
        # Two numbers, or more
        "030 123 oder 030 124",
        "030 123456 / 030 654321",
        "030 1234 - 030 1235",
        "030 1234-030 1235",
        "030 123456\n030 654321",
        "030 1234\n1235",
        "030 1234-10/11",
        "030 1234-100/101",
        "030/11",
        "217100/217101",
        "02371/217-0/-1",
        "02371/-1",
        "+49 30 1 (0171 22222)",
        "030 (0171) 22222",
        # A zero that is perhaps not dialled
        "(0)30 1234567",
        "030 (0) 1234567",
        "+49 (030) 1234567",
        "+49 030 1234567",
        "+49-030-1234567",
        "+49 (0)030 1234567",
    ],
)
def test_what_is_not_clearly_one_number_stays_text(written):
    assert shown(written) == written.replace("<", "&lt;").replace(">", "&gt;")


def shown(phone: str) -> str:
    template = Template("{% load telephone %}{{ phone|dialled:'kern-link' }}")
    return template.render(Context({"phone": phone}))
