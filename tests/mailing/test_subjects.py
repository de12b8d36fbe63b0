"""Subjects fold as RFC 5322 and RFC 2047 say, however long the names of municipalities and events are."""

import re
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, engines
from django.template.loader import get_template

from mailing.message import compose
from mailing.models import Email
from mailing.rendering import SUBJECT_LENGTH, one_line

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SUBJECTS = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*_subject.txt"))
LONG_NAMES = [
    "Verwaltungsgemeinschaft Südöstliches Überörtliches Großstädtebündnis Mühlhäuser-Überwälder Höhe",
    "Überörtlichgroßstädtebündnisfördermaßnahmenausschußvorsitzendenstellvertreterinnenübergabe",
    "Bündnis „Grün & Blau“ 🌳👩‍💻 für Ämter, Städte, Höfe – Übermorgen",
    "Arbeitsgemeinschaft-ohne-Umlaute-aber-mit-sehr-langem-Namen-ohne-ein-einziges-Leerzeichen-darin",
    "An association that has no special letters at all but takes more than one line of a header",
    "=?utf-8?q?wie_verschl=C3=BCsselt?=",
]


def folded(subject: str) -> list[bytes]:
    """The lines of the subject as they go over the wire."""
    email = Email(subject=subject, text="Text", to="erika@example.org")
    head = compose(email).message().as_bytes(linesep="\r\n").partition(b"\r\n\r\n")[0]
    found = re.search(rb"^Subject:[^\r]*(?:\r\n[ \t][^\r]*)*", head, re.MULTILINE)
    return found[0].split(b"\r\n")


def assert_folded(subject: str) -> None:
    lines = folded(subject)
    assert max(map(len, lines)) <= 78, lines
    encoded = re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", b"\n".join(lines))
    assert all(len(word) <= 75 for word in encoded), encoded
    for word in encoded:  # a character of its own in each, not half of one
        str(make_header(decode_header(word.decode())))
    value = b"".join(lines).decode("ascii").removeprefix("Subject:").strip()
    assert str(make_header(decode_header(value))) == subject


def test_there_are_as_many_templates_as_the_walk_needs():
    assert len(SUBJECTS) > 80


@pytest.mark.parametrize("template", SUBJECTS)
def test_every_subject_folds_with_long_names(template, monkeypatch):
    engine = engines["django"].engine
    for name in LONG_NAMES:
        # Whatever the template names is missing from its context, and so becomes the long name.
        monkeypatch.setattr(engine, "string_if_invalid", name)
        rendered = get_template(template).template.render(Context({}, autoescape=False))
        subject = one_line(rendered)
        assert subject
        assert_folded(subject)


@pytest.mark.parametrize("name", [*LONG_NAMES, "kurz", "ä", "x" * 67, "x" * 68, "y " * 99 + "y"])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_names_alone_fold_too(name, times):
    assert_folded(one_line(" ".join([name] * times)))


@pytest.mark.parametrize("letters", ["a", "ä", "€", "👩‍💻", "aä€👩"])
def test_every_length_folds(letters):
    for length in range(1, SUBJECT_LENGTH + 1):
        assert_folded((letters * SUBJECT_LENGTH)[:length].strip())


def test_a_short_subject_stays_as_it_is_typed():
    assert folded("Ihre Anmeldung") == [b"Subject: Ihre Anmeldung"]
