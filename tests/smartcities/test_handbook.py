"""The handbook: a page per role, and no e-mail that it does not name."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from smartcities.handbook.mails import OCCASIONS, subject_of
from smartcities.handbook.roles import Role

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Longer ones lose a tired reader.
MOST_WORDS = 25


def templates() -> set[str]:
    found = TEMPLATES.glob("**/email/**/*_subject.txt")
    return {str(one.relative_to(TEMPLATES)).removesuffix("_subject.txt") for one in found}


def test_every_email_that_can_go_out_stands_in_the_handbook_once():
    named = [template for mails in OCCASIONS.values() for template in mails]

    assert len(named) > 80
    assert sorted(named) == sorted(templates())


def test_a_subject_is_shown_as_its_template_has_it():
    assert subject_of("communities/email/welcome") == "Willkommen bei „…“"
    assert subject_of("communities/email/removed") == (
        "Einladung zurückgezogen / Ihre Mitgliedschaft ist beendet: „…“"
    )


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.django_db
def test_the_page_of_a_role_says_what_one_does_sees_and_gets(client, role):
    page = client.get(reverse("handbook_role", args=[role]))

    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page.text)
    assert page.status_code == 200
    assert headings[:4] == [
        "Montagmorgen",
        "Was man am häufigsten tut",
        "Was andere sehen",
        "Datenschutz in der Praxis",
    ]
    for occasion in OCCASIONS[Role(role)].values():
        assert f"<dt>{occasion}</dt>" in page.text
    article = page.text.partition("<article")[2].partition("</article>")[0]
    tasks = re.findall(r"<li><strong>", article)
    assert len(tasks) == 5


@pytest.mark.parametrize("role", Role.values)
def test_sentences_of_the_handbook_are_short(role):
    source = (TEMPLATES / "handbook" / f"{role}.html").read_text()
    text = re.sub(r"{%.*?%}|<[^>]+>", " ", source)
    sentences = re.split(r"(?<=[.:?!;])\s+", text)

    assert [one for one in sentences if len(one.split()) > MOST_WORDS] == []


@pytest.mark.django_db
def test_an_unknown_role_has_no_page(client):
    assert client.get("/hilfe/kaiser/").status_code == 404
