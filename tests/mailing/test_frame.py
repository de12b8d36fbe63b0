"""Every e-mail of the portal has the same frame: who writes, why, and one thing to do that is a button."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from mailing.rendering import Pattern, as_html, button, place

TEMPLATES = Path(settings.BASE_DIR) / "templates"
BODIES = sorted(
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("email/**/*.txt")
    if re.search(r"/[a-z]\w*_(body|message)\.txt$", str(path)) and "/base_" not in str(path)
)
BUTTON = re.compile(r'<a class="button" href="([^"]*)">([^<]+)</a>')


def test_there_are_as_many_templates_as_the_walk_needs():
    assert len(BODIES) > 85


@pytest.mark.parametrize("template", BODIES)
def test_every_mail_says_who_writes_and_why(template, monkeypatch):
    # What an e-mail tells is not known here.
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "…")
    name, body = re.fullmatch(r"(.+)_(body|message)\.txt", template).groups()

    texts = Pattern(name, {}, body=body).filled()

    foot = " ".join(texts.text.rpartition("\n-- \n")[2].split())
    assert foot.startswith("Sie bekommen diese E-Mail, weil ")
    assert "ein Programm des Bundesministeriums für Wohnen, Stadtentwicklung und Bauwesen" in foot
    assert "Dieses Portal betreibt: Koordinierungsstelle Beispiel" in foot
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", texts.html.split("<footer>")[1])).split())
    assert shown.startswith(foot.split(" Dieses Portal")[0])
    assert '<p class="sender">Modellprojekte Smart Cities</p>' in texts.html
    assert len(BUTTON.findall(texts.html)) <= 1
    # Nothing that is fetched when it is read, and so tells that it was.
    assert not re.search(r"<(img|link|script|iframe|video|audio)\b|url\(|@import", texts.html)


def test_a_button_is_an_address_in_the_text_and_both_in_html():
    address = "https://stadt.example/a/?b=1&c=2"
    paragraph = as_html(button("Ja, bestätigen", address))

    assert BUTTON.findall(paragraph) == [("https://stadt.example/a/?b=1&amp;c=2", "Ja, bestätigen")]
    assert '<a href="https://stadt.example/a/?b=1&amp;c=2">https://stadt.example/a/' in paragraph


def test_an_address_that_differs_between_mails_is_filled_in_where_it_belongs():
    pattern = Pattern(
        "events/email/reminder",
        {
            "registration": {"name": place("name"), "reference": "VA", "mode": "online"},
            "about": {"title": "Konferenz", "when": "morgen", "day": "1. Mai", "url": "x"},
            "links": {"change": place("change"), "cancel": place("cancel")},
            "chosen": place("chosen"),
        },
    )
    words = {"name": "<i>Eva</i>", "cancel": "https://a.example/x", "chosen": "\nGewählt: A & B"}

    texts = pattern.filled(words | {"change": 'https://a.example/?q="&b=1'})

    assert BUTTON.findall(texts.html) == [
        ("https://a.example/?q=&quot;&amp;b=1", "Anmeldung ändern")
    ]
    assert "&lt;i&gt;Eva&lt;/i&gt;" in texts.html
    assert "<br>\nGewählt: A &amp; B" in texts.html
    assert "Anmeldung ändern:\nhttps://a.example/?q=" in texts.text
    assert "online\nGewählt: A & B" in texts.text
    assert not re.search("[\ue000-\uf8ff]", texts.text + texts.html + texts.subject)


def test_what_people_type_becomes_no_button():
    typed = "\ue102:Drücken Sie hier:\nhttps://boese.example/"

    assert BUTTON.findall(as_html(typed)) == []
