"""The handbook: a page per role, and no e-mail that it does not name."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from bench.handbook_pictures import PICTURES
from smartcities.handbook.fields import FIELDS
from smartcities.handbook.mails import OCCASIONS, subject_of
from smartcities.handbook.roles import Role
from tests.factories import UserFactory

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
    assert subject_of("asking/email/asker/answered") == (
        "Antwort auf Ihre Meldung / Antwort auf Ihre Frage: … / Nach unserem Anruf: …"
    )
    # With what is included, too.
    assert subject_of("consulting/email/confirmed") == "Start Smart, … – Termin bestätigt: …, …"


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
    tasks = re.findall(r'<li id="[a-z]+"><strong>', article)
    assert 5 <= len(tasks) <= 6


@pytest.mark.parametrize("role", Role.values)
def test_sentences_of_the_handbook_are_short(role):
    source = (TEMPLATES / "handbook" / f"{role}.html").read_text()
    text = re.sub(r"{%.*?%}|<[^>]+>", " ", source)
    sentences = re.split(r"(?<=[.:?!;])\s+", text)

    assert [one for one in sentences if len(one.split()) > MOST_WORDS] == []


@pytest.mark.django_db
def test_an_unknown_role_has_no_page(client):
    assert client.get("/hilfe/kaiser/").status_code == 404


def fields_with_help() -> list[tuple[str, str, str]]:
    return [
        (name, role.value, anchor)
        for role, anchors in FIELDS.items()
        for anchor, names in anchors.items()
        for name in names
    ]


@pytest.mark.django_db
def test_every_difficult_field_leads_to_a_place_that_its_page_has(client, rf):
    pages = {role: client.get(reverse("handbook_role", args=[role])).text for role in FIELDS}
    missing = [
        f"{role}#{anchor}"
        for name, role, anchor in fields_with_help()
        if f'id="{anchor}"' not in pages[role]
    ]
    assert missing == []

    shown = helped_fields(rf)
    assert {name: shown.get(name) for name, _role, _anchor in fields_with_help()} == {
        name: f"/hilfe/{role}/#{anchor}" for name, role, anchor in fields_with_help()
    }
    assert shown.keys() == {name for name, _role, _anchor in fields_with_help()}


def helped_fields(rf) -> dict[str, str]:
    """Every field of every form of the administration that has a „?“, and where it leads."""
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    found = {}
    for model, model_admin in admin.site._registry.items():
        built = [(model, model_admin.get_form(request)())]
        # Some rows can be written only once what they belong to is stored.
        for inline in model_admin.get_inline_instances(request, model()):
            formset = inline.get_formset(request)()
            built.append((inline.model, formset.empty_form))
        for one, form in built:
            for name, field in form.fields.items():
                if link := re.search(r'class="handbook-link" href="([^"]+)"', str(field.help_text)):
                    found[f"{one._meta.label}.{name}"] = link[1]
    return found


def test_every_picture_of_the_handbook_is_there_small_told_in_words_and_made_by_the_script():
    shown = {}
    for role in Role.values:
        source = (TEMPLATES / "handbook" / f"{role}.html").read_text()
        for file, alt in re.findall(
            r"""<img src="{% static '([^']+)' %}"[^>]* alt="([^"]*)">""", source
        ):
            shown[file] = alt

    assert sorted(shown) == sorted(f"img/handbook/{picture.name}.webp" for picture in PICTURES)
    for file, alt in shown.items():
        content = (Path(settings.BASE_DIR) / "static" / file).read_bytes()
        assert (content[:4], content[8:12]) == (b"RIFF", b"WEBP")
        assert len(content) < 80_000
        assert len(alt.split()) > 8
