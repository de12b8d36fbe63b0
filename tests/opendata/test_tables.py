"""Files that open in a spreadsheet: with their types, without formulas, without filling the memory."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
import yaml
from openpyxl import load_workbook

from ground.calendar import BERLIN
from opendata import tables
from projects.models import Cost, Maturity, OpenSource, Reuse
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

REPOSITORY = "https://gitlab.example/stadt/app"


def csv_rows(client, address):
    body = client.get(address).getvalue()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(body.decode("utf-8-sig")), delimiter=";"))


def xlsx_rows(client, address):
    sheet = load_workbook(BytesIO(client.get(address).getvalue())).active
    head, *rows = sheet.iter_rows()
    return [dict(zip((cell.value for cell in head), row, strict=True)) for row in rows]


def test_numbers_days_and_moments_keep_their_type():
    assert tables._as_text(48.5) == "48,5"
    assert tables._as_text(True) == "ja"
    assert tables._as_text(date(2026, 3, 2)) == "2026-03-02"
    assert tables._as_text(datetime(2026, 3, 2, 9, 5)) == "2026-03-02 09:05"  # noqa: DTZ001


def test_moments_are_those_of_german_clocks_in_every_file(client):
    """In summer and in winter: what begins at nine begins at nine for who reads it in a table."""
    for month, offset in ((7, "+02:00"), (12, "+01:00")):
        starts_at = datetime(2026, month, 1, 9, tzinfo=BERLIN).astimezone(UTC)
        event = EventFactory(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90))
        (row,) = csv_rows(client, "/daten/veranstaltungen.csv")
        (cells,) = xlsx_rows(client, "/daten/veranstaltungen.xlsx")
        (told,) = client.get("/api/v1/veranstaltungen/").json()["results"]
        day = f"2026-{month:02}-01"

        assert (told["starts_at"], told["ends_at"]) == (
            f"{day}T09:00:00{offset}",
            f"{day}T10:30:00{offset}",
        )
        assert (row["Beginn"], row["Ende"]) == (f"{day} 09:00", f"{day} 10:30")
        assert cells["Beginn"].value == datetime(2026, month, 1, 9)  # noqa: DTZ001 - of a spreadsheet
        event.delete()


def test_the_columns_are_headed_and_worded_in_german(client):
    solution = SolutionFactory(name="Äpfel; Birnen", open_source=OpenSource.YES)
    Cost.objects.create(
        solution=solution,
        purpose="Betrieb",
        amount=Decimal("1234.50"),
        period="je-jahr",
        source="x",
    )
    (row,) = csv_rows(client, "/daten/loesungen.csv")

    assert (row["Name"], row["Art"], row["quelloffen"]) == ("Äpfel; Birnen", "App", "ja")
    assert row["Kosten"] == "Betrieb: 1234,50 Euro (je Jahr)"
    assert row["maßgeblicher Betrag in Euro"] == "1234,5"
    (cells,) = xlsx_rows(client, "/daten/loesungen.xlsx")
    assert cells["maßgeblicher Betrag in Euro"].value == 1234.5
    assert cells["geändert am"].is_date
    assert cells["Länder"].value == "Bayern"
    assert cells["Kostenklasse"].value == row["Kostenklasse"] == "bis 10.000 Euro"
    sheet = load_workbook(BytesIO(client.get("/daten/loesungen.xlsx").getvalue())).active
    assert sheet["A1"].font.bold
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(cells)).column_letter}2"


def test_what_people_look_for_stands_first_and_the_file_is_called_as_it_was_chosen(client):
    project = ProjectFactory(name="Amt Nord", population=4_000)
    theme = ThemeFactory(name="Wasser & Wetter")
    solution = SolutionFactory(name="Pegel", project=project, open_source=OpenSource.YES)
    solution.themes.set([theme])
    large = MunicipalityFactory(name="Großstadt", population=300_000)
    Reuse.objects.create(solution=solution, name="Großstadt", municipality=large, source="x")
    address = "/daten/loesungen.csv?open_source=ja&land=BY&groesse=ab-100000&q=Pegel"

    (row,) = csv_rows(client, address)

    assert list(row.values())[:7] == [
        "Pegel", "Amt Nord", "", "Bayern", "unter 10.000 | ab 100.000", "4000", "App"
    ]  # fmt: skip
    assert list(row)[7:16] == [
        "Themen", "Reife", "Kostenklasse", "maßgeblicher Betrag in Euro", "Kosten", "quelloffen",
        "Lizenz (SPDX)", "Quellcode", "Seite im Portal",
    ]  # fmt: skip
    assert (row["Themen"], row["Kennungen der Themen"]) == ("Wasser & Wetter", theme.slug)
    assert row["Kennung des Modellprojekts"] == project.slug
    names = {
        address: "loesungen-quelloffen-ab-100000-bayern-pegel.csv",
        "/daten/loesungen.csv?open_source=nein": "loesungen-quelloffen-nein.csv",
        "/daten/loesungen.csv?reife=unbekannt": "loesungen-reife-nicht-bekannt.csv",
        "/daten/loesungen.xlsx?land=BW&land=BY&land=NW&land=HE&land=TH": (
            "loesungen-baden-wuerttemberg-bayern-hessen-nordrhein-westfalen-thueringen.xlsx"
        ),
        "/daten/loesungen.json?q=%22%0d%0a../x": "loesungen-x.json",
        "/daten/projekte.csv": "projekte.csv",
    }
    told = {one: client.get(one).headers["Content-Disposition"] for one in names}
    assert told == {one: f'attachment; filename="{name}"' for one, name in names.items()}


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2", "@SUM(A1)", '=HYPERLINK("x")'])
def test_what_begins_like_a_formula_is_text(text, client):
    SolutionFactory(problem=text)
    (row,) = csv_rows(client, "/daten/loesungen.csv")
    (cells,) = xlsx_rows(client, "/daten/loesungen.xlsx")

    assert row["Problem"] == f"'{text}"
    assert (cells["Problem"].value, cells["Problem"].data_type) == (text, "s")


def test_json_is_whole_and_says_how_many_under_which_licence(client):
    SolutionFactory.create_batch(3)
    told = json.loads(client.get("/daten/loesungen.json").getvalue())

    assert (told["count"], len(told["results"])) == (3, 3)
    assert told["licence"] == "https://creativecommons.org/licenses/by/4.0/deed.de"
    assert json.loads(client.get("/daten/ergebnisse.json").getvalue())["results"] == []


def test_many_things_are_read_block_by_block(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(tables, "AT_ONCE", 4)
    SolutionFactory.create_batch(12, project=ProjectFactory())
    client.get("/api/v1/loesungen/?je_seite=1")
    answer = client.get("/daten/loesungen.csv")
    stream = iter(answer)

    next(stream)  # only the mark has been sent: nothing is read before it is needed
    with django_assert_num_queries(3 * 12):
        assert len(b"".join(stream).splitlines()) == 13


def test_an_open_source_solution_has_a_publiccode_file_with_those_who_confirmed_to_use_it(client):
    solution = SolutionFactory(
        open_source=OpenSource.YES,
        licence="EUPL-1.2",
        repository="https://gitlab.example/stadt/app",
        description="Eine App für alle.",
    )
    SolutionFactory(open_source=OpenSource.YES, repository="https://gitlab.example/ohne-lizenz")
    Reuse.objects.create(
        solution=solution, name="Stadt Bestätigt", source="x", confirmed_on=date(2026, 1, 2)
    )
    Reuse.objects.create(solution=solution, name="Stadt Behauptet", source="x")
    told = yaml.safe_load(client.get(f"/daten/publiccode/{solution.slug}.yml").content)
    publishers = yaml.safe_load(client.get("/daten/publiccode/publishers.yml").content)

    assert told["usedBy"] == ["Stadt Bestätigt"]
    assert told["url"] == "https://gitlab.example/stadt/app"
    assert told["legal"] == {"license": "EUPL-1.2"}
    assert len(told["description"]["de"]["longDescription"]) > 150
    assert [one["repos"] for one in publishers] == [["https://gitlab.example/stadt/app"]]


def test_only_what_has_all_that_the_format_demands_has_a_publiccode_file(client):
    whole = {"open_source": OpenSource.YES, "licence": "EUPL-1.2", "repository": REPOSITORY}
    there = SolutionFactory(**whole)
    lacking = [
        SolutionFactory(**whole | {"open_source": OpenSource.UNKNOWN}),
        SolutionFactory(**whole | {"repository": ""}),
        SolutionFactory(**whole | {"licence": ""}),
        # No licence that the catalogues know.
        SolutionFactory(**whole | {"licence": "LicenseRef-Eigene"}),
        SolutionFactory(**whole, project__is_public=False),
    ]
    publishers = yaml.safe_load(client.get("/daten/publiccode/publishers.yml").content)

    assert client.get(f"/daten/publiccode/{there.slug}.yml").status_code == 200
    assert [one["id"] for one in publishers] == [there.project.slug]
    found = [client.get(f"/daten/publiccode/{one.slug}.yml").status_code for one in lacking]
    assert found == [404] * len(lacking)


def test_a_publiccode_file_says_that_nobody_looks_after_it_any_more_and_is_short_enough(client):
    solution = SolutionFactory(
        open_source=OpenSource.YES,
        licence="EUPL-1.2",
        repository=REPOSITORY,
        maturity=Maturity.DISCONTINUED,
        description="Wort " * 3000,
    )
    told = yaml.safe_load(client.get(f"/daten/publiccode/{solution.slug}.yml").content)
    texts = told["description"]["de"]

    assert (told["developmentStatus"], told["maintenance"]) == ("obsolete", {"type": "none"})
    assert texts["shortDescription"] == "Wort " * 28 + "Wort…"
    assert len(texts["longDescription"]) <= 10_000
    # Where it comes from is not what is cut off.
    assert texts["longDescription"].endswith(f"http://testserver{solution.get_absolute_url()}")
