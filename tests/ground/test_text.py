"""Unclean text, as it comes out of Word, PowerPoint and PDF, and what becomes of it."""

import json
import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from finding.models import SearchWord
from ground.names import fold
from ground.stored_text import MAY_BE_DECOMPOSED, keep_clean, models_with_text
from ground.text import DROPPED, clean_line, clean_text, clean_tree
from projects.models import Theme
from projects.municipality_picker import find_municipalities
from smartcities.operations.typed_text import TypedText
from tests.communities.answers import sent_back
from tests.factories import MunicipalityFactory, ProjectFactory, ThemeFactory
from tests.test_personal_data import CAN_BE_PERSONAL

NFD = unicodedata.normalize("NFD", "München")


@pytest.mark.parametrize(
    ("pasted", "text", "line"),
    [
        ("Fuß\x02note", "Fußnote", "Fußnote"),
        ("eins\x0bzwei", "eins\nzwei", "eins zwei"),
        ("eins\u2028zwei\u2029drei", "eins\nzwei\ndrei", "eins zwei drei"),
        ("eins\r\nzwei\tdrei", "eins\r\nzwei\tdrei", "eins  zwei drei"),
        ("Hoch\xadwasser\x1f", "Hochwasser", "Hochwasser"),
        ("\ufeffRathaus\u200b", "Rathaus", "Rathaus"),
        ("plan\u202efdp.exe", "planfdp.exe", "planfdp.exe"),
        ("null\0 und halb\ud800", "null und halb", "null und halb"),
        (NFD, "München", "München"),
        # What stood between a letter and its accent does not keep them apart.
        ("u\u200b\u0308ber", "über", "über"),
        ("👩\u200d🚒 Größe", "👩\u200d🚒 Größe", "👩\u200d🚒 Größe"),
    ],
)
def test_text_is_cleaned(pasted, text, line):
    assert (clean_text(pasted), clean_line(pasted)) == (text, line)
    assert (clean_text(text), clean_line(line)) == (text, line)


def test_texts_within_json_are_cleaned():
    assert clean_tree({"a\x02": ["b\x0bc", {"d": NFD}], "n": [1, None, True]}) == {
        "a": ["b\nc", {"d": "München"}],
        "n": [1, None, True],
    }


def test_names_are_compared_whichever_way_an_umlaut_is_typed():
    assert fold(NFD) == fold("München") == "muenchen"
    assert fold("Mün\xadchen\x02") == "muenchen"


@pytest.mark.django_db
def test_the_database_cleans_as_python_does():
    storable = "".join(sign for sign in DROPPED if sign and not 0xD800 <= ord(sign) <= 0xDFFF)
    dirty = f"a{storable[:-1]}\x0b\u2028b\r\n\tu\u0308 \\u0002 \\\\ \"{{}}'".replace("\0", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ground_clean_text(%s), ground_clean_line(%s)", [dirty, dirty])
        assert cursor.fetchone() == (clean_text(dirty), clean_line(dirty))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        (r'{"a": "x\u0002y"}', r'{"a": "xy"}'),
        (r'{"a": "x\u0002\u0003\by\u000bz\f"}', r'{"a": "xy\nz\n"}'),
        (r'{"a": "x\\u0002y"}', r'{"a": "x\\u0002y"}'),
        (r'{"a": "x\\\u0002y"}', r'{"a": "x\\y"}'),
        (
            r'["x\n\u0002\"", "Mu\u0308", "b\u2028c", 1.5, null]',
            r'["x\n\"", "Mü", "b c", 1.5, null]',
        ),
    ],
)
def test_the_database_cleans_texts_within_json(dirty, clean):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ground_clean_json(%s::jsonb) = %s::jsonb", [dirty, clean])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db
def test_a_line_break_alone_does_not_get_into_a_line_and_stays_in_a_text():
    theme = ThemeFactory(name="Zwei Zeilen")
    project = ProjectFactory(summary="x")

    # Past forms and models.
    Theme.objects.filter(pk=theme.pk).update(name="Drei\nZeilen")
    type(project).objects.filter(pk=project.pk).update(summary="Drei\nZeilen")

    theme.refresh_from_db()
    project.refresh_from_db()
    assert (theme.name, project.summary) == ("Drei Zeilen", "Drei\nZeilen")


def test_what_the_database_takes_for_composed_is_composed():
    possibly = re.compile(f"[{MAY_BE_DECOMPOSED}]")
    for code in range(0x3000):
        sign = chr(code)
        if not possibly.match(sign):
            assert unicodedata.is_normalized("NFC", sign), hex(code)
            assert not unicodedata.combining(sign), hex(code)


@pytest.mark.django_db
def test_what_was_stored_before_is_cleaned_once_and_a_double_is_left_and_named(caplog):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER a_clean_text ON projects_theme")
    theme = ThemeFactory(name="Wärme", slug="waerme", description="eins\x0bzwei")
    twin = ThemeFactory(name=unicodedata.normalize("NFD", "Wärme"), slug="waerme-2")
    decomposed = ThemeFactory(name=unicodedata.normalize("NFD", "Lärm\x02"))

    keep_clean()

    for row in (theme, twin, decomposed):
        row.refresh_from_db()
    assert (theme.description, decomposed.name) == ("eins\nzwei", "Lärm")
    assert twin.name != theme.name
    assert "projects_theme: the row at" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'a_clean_text'")
        before = cursor.fetchone()
        keep_clean()
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'a_clean_text'")
        assert cursor.fetchone() == before


# Every table ---------------------------------------------------------------------------------------


def _models():
    return sorted(models_with_text(), key=lambda model: model._meta.label)


@pytest.mark.django_db
@pytest.mark.parametrize("model", _models(), ids=lambda model: model._meta.label)
def test_no_column_of_any_table_stores_unclean_text(model):
    """Written past all forms and models, into a table freed of its rules, so that nothing else refuses."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        columns = _freed(cursor, table)
        dirty = {name: _dirty(kind, length) for name, kind, length in columns}
        if not dirty:
            # Nothing of it can be unclean, also not through a column that was forgotten here.
            fields = model._meta.concrete_fields
            assert not [field.name for field in fields if isinstance(field, CAN_BE_PERSONAL)]
            return
        names = ", ".join(f'"{name}"' for name in dirty)
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(dirty))})',
            list(dirty.values()),
        )
        assert _unclean_columns(cursor, table, columns) == []
        for name, value in dirty.items():
            cursor.execute(f'UPDATE "{table}" SET "{name}" = %s', [value])
        assert _unclean_columns(cursor, table, columns) == []


def _freed(cursor, table):
    """Its columns with text, in a table without any constraint."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype <> 'n'",
        [table],
    )
    for [name] in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
    cursor.execute(
        "SELECT column_name, data_type, coalesce(character_maximum_length, 100), udt_name, is_identity "
        "FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = []
    for name, kind, length, udt, is_identity in cursor.fetchall():
        if is_identity == "NO":
            cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{name}" DROP NOT NULL')
        if kind in ("character varying", "text", "jsonb") or udt in ("_varchar", "_text"):
            columns.append((name, "array" if udt.startswith("_") else kind, length))
    return columns


def _dirty(kind, length):
    if kind == "jsonb":
        return r'{"a": ["x\u0002\u000by", "Mu\u0308\u202e"]}'
    short = "\x1f" if length < 8 or kind == "array" else "\x0bu\u0308\u2028\x02\u202e"
    return [short] if kind == "array" else short


def _unclean_columns(cursor, table, columns):
    unclean = []
    for name, kind, _length in columns:
        cursor.execute(f'SELECT "{name}" FROM "{table}"')
        for [value] in cursor.fetchall():
            value = json.loads(value) if kind == "jsonb" and isinstance(value, str) else value
            clean = clean_line if kind == "character varying" else clean_text
            texts = value if isinstance(value, list) else [value]
            if clean_tree(value) != value or any(
                clean(text) != text for text in texts if isinstance(text, str)
            ):
                unclean.append((name, value))
    return unclean


def test_the_walk_covers_the_tables_people_write_to():
    walked = {model._meta.label for model in _models()}

    assert {"projects.Project", "events.Registration", "consulting.Draft", "auth.Group"} <= walked
    ours = Path(__file__).resolve().parents[2]
    for model in apps.get_models():
        if Path(model._meta.app_config.path).parent == ours:
            assert model._meta.label in walked


# Every form ----------------------------------------------------------------------------------------


def test_addresses_and_forms_are_clean_before_a_view_sees_them():
    factory = RequestFactory()
    request = factory.post(
        f"/?q={quote(NFD)}&q=b%02",
        {
            "name": "Anna\u2028Muster\x02",
            "text": "eins\r\nzwei\x0bdrei",
            "list": "Anna\tanna@example.org\u200b",
            "new_password": NFD,
            "file": SimpleUploadedFile("a.txt", b"x"),
        },
    )
    request.FILES["file"].name = f"Pla\x02n {NFD}\u202e.txt"
    seen = []
    door = TypedText(lambda request: seen.append(request) or HttpResponse())
    door(request)
    door.process_view(request, None, (), {})

    assert request.GET.getlist("q") == ["München", "b"]
    assert request.POST.dict() == {
        "name": "Anna Muster",
        "text": "eins\r\nzwei\ndrei",
        "list": "Anna\tanna@example.org",
        "new_password": NFD,
    }
    assert request.FILES["file"].name == "Plan München.txt"
    assert seen == [request]


@pytest.mark.django_db
def test_decomposed_umlauts_find_in_the_search_the_picker_and_the_administration(
    client, admin_client
):
    town = MunicipalityFactory(name="München")
    project = ProjectFactory(slug="m", name=unicodedata.normalize("NFD", "Münchner Grün"))

    project.refresh_from_db()
    assert project.name == "Münchner Grün"
    assert 'href="/projekte/m/"' in client.get("/suche/", {"q": NFD[:-2] + "ner"}).content.decode()
    assert 'href="/projekte/m/"' in client.get("/suche/", {"q": "Münchner"}).content.decode()
    assert set(SearchWord.objects.values_list("word", flat=True)) >= {"muenchner", "gruen"}
    assert "München" in client.get("/kommunen/suche/", {"q": NFD}).content.decode()
    assert [found.pk for found in find_municipalities(NFD)] == [town.pk]
    listed = admin_client.get("/verwaltung/projects/municipality/", {"q": NFD})
    assert [row.pk for row in listed.context["cl"].result_list] == [town.pk]


@pytest.mark.django_db
def test_the_administration_stores_what_was_meant_and_counts_it_so(admin_client):
    typed = {"name": f"{NFD}\x02 \u2028Nord", "slug": "muenchen-nord", "description": "a\x0bb\r\nc"}
    data = sent_back(admin_client, "/verwaltung/projects/theme/add/") | typed

    answer = admin_client.post("/verwaltung/projects/theme/add/", data)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    theme = Theme.objects.get()
    assert (theme.name, theme.description) == ("München  Nord", "a\nb\r\nc")
    empty = admin_client.post("/verwaltung/projects/theme/add/", data | {"name": "\u200b\x02"})
    assert "name" in empty.context["adminform"].form.errors
    double = admin_client.post("/verwaltung/projects/theme/add/", data)
    assert "name" in double.context["adminform"].form.errors
