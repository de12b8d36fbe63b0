"""Solutions as a table: out as XLSX, changed by hand, in again. All lines or none."""

import io
import re
import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from projects.models import (
    BuildingBlock,
    Cost,
    Lesson,
    Maturity,
    OpenSource,
    Reuse,
    Solution,
    Source,
    UploadedTable,
)
from projects.table import importing, reading, uploads
from projects.table.columns import COLUMNS, guessed
from projects.table.exporting import TOO_LONG, workbook
from tests.factories.projects import ProjectFactory, SolutionFactory, ThemeFactory
from tests.shipped import load_once

pytestmark = pytest.mark.django_db

HEADINGS = [column.heading for column in COLUMNS]


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def trial(content, **options):
    table = reading.read(content)
    return importing.trial(table, guessed(table.headings), **options)


def take_in(content, **options):
    table = reading.read(content)
    return importing.take_in(table, guessed(table.headings), **options)


def told(report):
    return [
        (line.number, line.kind, [(one.heading, one.old, one.new) for one in line.changes])
        for line in report.lines
    ]


def mistakes(report):
    return [
        (line.number, one.column, one.heading, one.why)
        for line in report.lines
        for one in line.mistakes
    ]


def stored():
    names = [field.name for field in Solution._meta.concrete_fields if field.name != "updated_at"]
    return {
        row["pk"]: row | {"themes": themes}
        for row, themes in (
            (dict(pk=one.pk, **{name: getattr(one, name) for name in names}),
             sorted(theme.name for theme in one.themes.all()))
            for one in Solution.objects.prefetch_related("themes")
        )
    }  # fmt: skip


def test_the_real_list_out_and_in_again_changes_nothing():
    load_once()
    before = stored()

    report = take_in(workbook(Solution.objects.all()), empties=True)

    assert len(report.lines) == len(before) > 400
    assert {line.kind for line in report.lines} == {"unverändert"}
    assert stored() == before


# Made anew from the rest, or a stamp that says when.
DERIVED = {
    "finding.CatalogueVersion",
    "finding.PartChange",
    "finding.PartVersion",
    "finding.SearchDocument",
    "finding.SearchWord",
    "finding.SearchState",
}
STAMPS = {"updated_at"}


def whole_database():
    """Every cell of every table, by model, row and column; what is stored in pairs is a row, too."""
    models = apps.get_models(include_auto_created=True)
    return {
        (model._meta.label, row["pk"], name): bytes(value) if isinstance(value, memoryview) else value
        for model in models
        if model._meta.managed and not model._meta.proxy and model._meta.label not in DERIVED
        for row in model._base_manager.values("pk", *(f.attname for f in model._meta.concrete_fields))
        for name, value in row.items()
        if name not in STAMPS
    }  # fmt: skip


def differing(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def in_a_line(cell, number, part, value):
    """Change one part of one line of a cell, as a person would."""
    lines = cell.value.split("\n")
    parts = re.split(r" ?\| ?", lines[number])
    parts += [""] * (part + 1 - len(parts))
    parts[part] = value
    lines[number] = " | ".join(parts)
    cell.value = "\n".join(lines)


def test_forty_cells_changed_by_hand_are_exactly_forty_changes_in_the_whole_database():
    load_once()
    book = load_workbook(io.BytesIO(workbook(Solution.objects.order_by("pk"))))
    sheet = book.active
    at = {heading: position for position, heading in enumerate(HEADINGS, start=1)}
    pks = list(Solution.objects.order_by("pk").values_list("pk", flat=True))
    by_hand = {
        "Problem": ("problem", "Von Hand geändert"),
        "Personal": ("staff_text", "=2+2 Stellen"),
        "Dauer der Einführung": ("duration_text", "12 Monate"),
        "Zuletzt bestätigt am": ("confirmed_on", date(2026, 3, 1)),
        "Lizenz": ("licence", "EUPL-1.2"),
        "Stand der Reife": ("maturity_as_of", "2026-10"),
    }
    expected = {}
    for number in range(2, 302, 60):
        for heading, (name, value) in by_hand.items():
            cell = sheet.cell(number, at[heading], value)
            if isinstance(value, str):
                cell.data_type = "s"
            expected["projects.Solution", pks[number - 2], name] = value
    # And in cells that hold several rows of the sheet: the last line of each.
    inside = {
        "Kosten": (Cost, 1, "1.234,50", "amount", Decimal("1234.50")),
        "Erkenntnisse": (Lesson, 2, "Vermerk 7", "source", "Vermerk 7"),
        "Nachnutzungen": (Reuse, 2, "2024", "since", "2024"),
        "Bausteine": (BuildingBlock, 1, "Eine Stadt", "origin", "Eine Stadt"),
        "Quellen": (Source, 2, "03.02.2026", "checked_on", date(2026, 2, 3)),
    }
    for heading, (model, part, written, name, value) in inside.items():
        filled = [
            number for number in range(2, len(pks) + 2) if sheet.cell(number, at[heading]).value
        ]
        for number in filled[5:7]:
            cell = sheet.cell(number, at[heading])
            in_a_line(cell, -1, part, written)
            row = model.objects.filter(solution=pks[number - 2]).last()
            expected[model._meta.label, row.pk, name] = value
    assert len(expected) == 40
    before = whole_database()
    assert not {key for key, value in expected.items() if before[key] == value}
    file = io.BytesIO()
    book.save(file)

    report = take_in(file.getvalue(), empties=True)

    assert mistakes(report) == []
    assert sum(len(line.changes) for line in report.lines) == 40
    after = whole_database()
    assert differing(before, after) == set(expected)
    assert {key: after[key] for key in expected} == expected
    assert take_in(file.getvalue(), empties=True).changes_something is False
    assert differing(after, whole_database()) == set()


def test_costs_and_sources_come_change_and_go_line_by_line():
    project = ProjectFactory(name="Musterstadt")
    one = SolutionFactory(project=project, name="Pegel")
    kept, gone = (
        Cost.objects.create(
            solution=one, purpose=purpose, period="einmalig", amount=5, source="Vermerk",
            checked_on=date(2026, 1, 2), position=position,
        )
        for position, purpose in enumerate(["Sensoren", "Fehler"])
    )  # fmt: skip
    heading = ["Modellprojekt", "Lösung", "Art", "Kosten", "Quellen"]
    costs = (
        "Sensoren | 12.000 € | einmalig | 2025 | Vermerk | Mit Einbau | zu prüfen\n"
        "Betrieb (a\\|b) | | je Jahr || https://quelle.example/ ||| für Nachnutzende"
    )
    rows = xlsx(
        heading,
        ["Musterstadt", "Pegel", None, costs, "https://quelle.example/ | Seite 3 | 03.02.2026"],
        ["Musterstadt", "Neu", "App", "Kauf | 0,50 | einmalig | | Angebot", "Angebot"],
    )

    report = take_in(rows)

    assert mistakes(report) == []
    assert told(report) == [
        (2, "geändert", [
            ("Kosten: Fehler", "Fehler | 5 | einmalig | | Vermerk", ""),
            ("Kosten: Sensoren", "Sensoren | 5 | einmalig | | Vermerk",
             "Sensoren | 12.000 | einmalig | 2025 | Vermerk | Mit Einbau | zu prüfen"),
            ("Kosten: Betrieb (a|b)", "",
             "Betrieb (a\\|b) | | je Jahr | | https://quelle.example/ | | | für Nachnutzende"),
            ("Quellen: https://quelle.example/", "",
             "https://quelle.example/ | Seite 3 | 03.02.2026"),
        ]),
        (3, "neu", [
            ("Art", "", "App"),
            ("Kosten: Kauf", "", "Kauf | 0,50 | einmalig | | Angebot"),
            ("Quellen: Angebot", "", "Angebot"),
        ]),
    ]  # fmt: skip
    assert not Cost.objects.filter(pk=gone.pk).exists()
    kept.refresh_from_db()
    # What has no part in the line stays as it was.
    assert (kept.amount, kept.is_certain, kept.checked_on) == (12000, False, date(2026, 1, 2))
    added = one.costs.get(purpose="Betrieb (a|b)")
    assert (added.amount, added.period, added.for_reusers) == (None, "je-jahr", True)
    assert one.sources.get().project == project
    assert project.solutions.get(name="Neu").costs.get().amount == Decimal("0.50")
    assert take_in(rows).changes_something is False

    turned = "\n".join(reversed(costs.split("\n")))
    take_in(xlsx(heading[:4], ["Musterstadt", "Pegel", None, turned]))
    assert [cost.purpose for cost in one.costs.all()] == ["Betrieb (a|b)", "Sensoren"]


@pytest.mark.parametrize(
    ("heading", "cell", "why"),
    [
        ("Kosten", "12.000 Euro", "Zeile 1 der Zelle: Der Teil „Art“ fehlt."),
        ("Kosten", "Kauf | viel | einmalig", "„viel“ ist kein Betrag."),
        ("Kosten", "Kauf | 1 | manchmal", "„manchmal“ gibt es hier nicht."),
        ("Kosten", "Kauf|1|einmalig||x\nKauf|2|einmalig||x", "Zeile 2 der Zelle: „Kauf“ steht hier"),
        ("Kosten", "Kauf | 1 | einmalig", "Bitte eine Quelle nennen"),
        ("Kosten", "Kauf | 1 | einmalig | demnächst | x", "Bitte Jahr, Monat oder Tag angeben"),
        ("Kosten", "K" * 301 + " | 1 | einmalig | | x", "möglich sind höchstens 300."),
        ("Kosten", "a|1|einmalig||x||||nochmal", "Es sind höchstens 8 Teile: wofür | Betrag | Art"),
        ("Kosten", "| 1 | einmalig", "Der erste Teil „wofür“ fehlt."),
        ("Erkenntnisse", "Zu spät | Pech | x", "Möglich: Erfolgsfaktor, Stolperfalle."),
        ("Nachnutzungen", "Neustadt", "Bitte die Quelle nennen, die das sagt."),
        ("Dokumente", "keine Adresse | Sonstiges | Titel", "gültige Adresse"),
        ("Quellen", "Vermerk | | 31.02.2026", "„31.02.2026“ gibt es im Kalender nicht."),
    ],
)  # fmt: skip
def test_a_line_in_a_cell_that_cannot_be_is_named_and_changes_nothing(heading, cell, why):
    project = ProjectFactory(name="Musterstadt")
    SolutionFactory(project=project, name="Gut", problem="alt")
    SolutionFactory(project=project, name="Pegel")
    before = whole_database()

    report = take_in(
        xlsx(
            ["Modellprojekt", "Lösung", "Problem", heading],
            ["Musterstadt", "Gut", "neu", None],
            ["Musterstadt", "Pegel", None, cell],
        )
    )

    [(number, _column, place, said)] = mistakes(report)
    assert (number, place) == (3, heading)
    assert why in said
    assert differing(before, whole_database()) == set()


def test_what_is_too_long_for_a_cell_stays_as_it_is():
    one = SolutionFactory(project=ProjectFactory(name="Musterstadt"), problem="x" * 40_000)
    content = workbook(Solution.objects.all())

    assert TOO_LONG in {
        value for row in load_workbook(io.BytesIO(content)).active.values for value in row
    }
    assert take_in(content, empties=True).changes_something is False
    one.refresh_from_db()
    assert len(one.problem) == 40_000


def test_a_broken_line_changes_nothing_and_is_named_with_its_column():
    project = ProjectFactory(name="Musterstadt")
    SolutionFactory(project=project, name="Pegel", problem="alt")
    before = stored()

    report = take_in(
        xlsx(
            ["Modellprojekt", "Lösung", "Art", "Problem", "Reife", "Stand der Reife", "Lizenz"],
            ["Musterstadt", "Pegel", "App", "neu", "in Betrieb", 2025, "MIT"],
            ["Musterstadt", "Bad", "App", "x", "fast fertig", "31.02.2025", "geheim"],
            ["Anderswo", "Bad", "App", "x", None, None, None],
            ["Musterstadt", "PEGEL", "App", "noch einmal", None, None, None],
            ["Musterstadt", "Ohne Art", None, None, None, None, None],
        )
    )

    assert stored() == before
    assert [(one[0], one[1], one[2]) for one in mistakes(report)] == [
        (3, "E", "Reife"),
        (3, "F", "Stand der Reife"),
        (3, "G", "Lizenz"),
        (4, "A", "Modellprojekt"),
        (5, "B", "Lösung"),
        (6, "C", "Art"),
    ]
    assert "Zeile 2" in mistakes(report)[4][3]


def test_what_only_the_database_refuses_is_told_at_its_line_too():
    project = ProjectFactory(name="Musterstadt")
    before = stored()

    report = take_in(
        xlsx(
            ["Modellprojekt", "Lösung", "Art", "quelloffen", "Quellcode"],
            ["Musterstadt", "Gut", "App", "ja", "https://code.example/gut"],
            ["Musterstadt", "Schlecht", "App", "nein", "https://code.example/schlecht"],
        )
    )

    assert mistakes(report) == [
        (3, "", "", "Wer einen Quellcode angibt, kann nicht „nicht quelloffen“ sein.")
    ]
    assert stored() == before
    assert not project.solutions.exists()


def test_new_changed_and_unchanged_lines_are_told_and_a_trial_keeps_nothing():
    theme = ThemeFactory(name="Klima & Umwelt")
    ThemeFactory(name="Energie")
    project = ProjectFactory(name="Münster")
    one = SolutionFactory(project=project, name="Pegel", problem="alt", themes=[theme])
    SolutionFactory(project=project, name="Bleibt", problem="so")
    rows = xlsx(
        ["Liste der Maßnahmen"],
        [],
        ["Projekt", "Maßnahme", "Kategorie", "Herausforderung", "Themen", "nicht gebraucht"],
        ["Muenster", "pegel", None, "neu", "energie; Klima & Umwelt", 1],
        ["Münster", "Bleibt", None, "so", None, 2],
        ["Münster", "Dritte", "Sensorik", "wenig Wissen", "Energie", 3],
    )
    before = stored()
    expected = [
        (4, "geändert", [("Problem", "alt", "neu"),
                         ("Themen", "Klima & Umwelt", "Energie, Klima & Umwelt")]),
        (5, "unverändert", []),
        (6, "neu", [("Art", "", "Sensorik"), ("Problem", "", "wenig Wissen"),
                    ("Themen", "", "Energie")]),
    ]  # fmt: skip

    assert told(trial(rows)) == expected
    assert stored() == before
    assert told(take_in(rows)) == expected
    one.refresh_from_db()
    assert (one.name, one.problem, one.themes.count()) == ("Pegel", "neu", 2)
    assert project.solutions.get(name="Dritte").slug == "dritte"
    assert [line.kind for line in take_in(rows).lines] == ["unverändert"] * 3


def test_an_empty_cell_empties_a_fact_only_where_that_was_chosen():
    project = ProjectFactory(name="Musterstadt")
    one = SolutionFactory(project=project, name="Pegel", problem="alt")
    rows = xlsx(["Modellprojekt", "Lösung", "Problem"], ["Musterstadt", "Pegel", None])

    assert told(take_in(rows)) == [(2, "unverändert", [])]
    assert told(take_in(rows, empties=True)) == [(2, "geändert", [("Problem", "alt", "")])]
    one.refresh_from_db()
    assert one.problem == ""


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-8", ","), ("utf-8", "\t")],
)
def test_csv_as_spreadsheets_write_it(encoding, delimiter):
    project = ProjectFactory(name="Köln")
    lines = [
        ["Modellprojekt", "Lösung", "Art", "Problem", "Zuletzt bestätigt am", "Reihenfolge"],
        ["Köln", "Grünes Straßenlicht", "Energie", '"mehr\nals eine Zeile"', "01.03.2026", "1.200"],
        ["Köln", "Zweite", "Energie", "'=SUMME", "2026-03-02", '"2"'],
    ]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)

    assert mistakes(take_in(content)) == []

    first, second = project.solutions.order_by("position").reverse()
    assert (first.name, first.problem) == ("Grünes Straßenlicht", "mehr\nals eine Zeile")
    assert (first.confirmed_on, first.position) == (date(2026, 3, 1), 1200)
    assert (second.problem, second.confirmed_on) == ("=SUMME", date(2026, 3, 2))


def test_a_formula_counts_with_its_result_and_one_without_is_named():
    ProjectFactory(name="Musterstadt")
    content = xlsx(
        ["Modellprojekt", "Lösung", "Art", "Problem"],
        ["Musterstadt", "Pegel", "App", '="neu"&"er"'],
    )

    assert mistakes(trial(content)) == [
        (2, "D", "Problem", "Die Formel hat kein Ergebnis. Bitte als Wert einfügen.")
    ]


def test_days_of_all_kinds_become_what_the_portal_stores():
    project = ProjectFactory(name="Musterstadt")
    written = [2025, "2025", "09/2025", "9.2025", "18.09.2025", date(2025, 9, 18), "2025-09"]
    take_in(
        xlsx(
            ["Modellprojekt", "Lösung", "Art", "Reife", "quelloffen", "Stand der Reife"],
            *(
                ["Musterstadt", f"Lösung {number}", "app", "PILOT ODER TEST", "Ja", value]
                for number, value in enumerate(written)
            ),
        )
    )

    rows = project.solutions.order_by("name")
    assert [row.maturity_as_of for row in rows] == [
        "2025", "2025", "2025-09", "2025-09", "2025-09-18", "2025-09-18", "2025-09"
    ]  # fmt: skip
    assert {(row.maturity, row.open_source) for row in rows} == {(Maturity.PILOT, OpenSource.YES)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"PK\x03\x04kaputt",
        b"\xd0\xcf\x11\xe0alt",
        b"\x00\x01\x02;",
        b"nur ein Wort",
        b'a;b\n"offen;',
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(reading.FileError):
        reading.read(content)


def with_sheet(sheet: bytes, content: bytes) -> bytes:
    """A workbook whose first sheet is this instead."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as parts, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for part in parts.infolist():
            is_sheet = part.filename.endswith("sheet1.xml")
            made.writestr(part.filename, sheet if is_sheet else parts.read(part))
    return out.getvalue()


def rows_xml(rows: str, before: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def cell_xml(row: int, text: str) -> str:
    return f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'


TEN = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghij"))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{TEN}]>'
FROM_DISK = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (rows_xml(cell_xml(1, "Name") + cell_xml(1_048_576, "x")), "10000 leere Zeilen"),
        (rows_xml(cell_xml(1, "Name") + cell_xml(2_000_000_000, "x")), "10000 leere Zeilen"),
        (rows_xml(cell_xml(1, "&j;"), LAUGHS), "nicht öffnen|beschädigt"),
        (rows_xml(cell_xml(1, "&x;"), FROM_DISK), "nicht öffnen|beschädigt"),
        (rows_xml('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'), "beschädigt"),
        (rows_xml('<row r="x"><c r="??"><v>1e999999</v></c></row>'), "beschädigt"),
        (b"<worksheet", "nicht öffnen|beschädigt"),
    ],
    ids=["last row", "any row", "entities", "file", "no such text", "no such place", "no end"],
)
def test_a_workbook_made_to_keep_us_busy_is_refused_at_once_with_a_sentence(sheet, sentence):
    began = time.monotonic()
    with pytest.raises(reading.FileError, match=sentence):
        reading.read(with_sheet(sheet, xlsx(["Name"])))
    assert time.monotonic() - began < 5


def test_a_workbook_that_is_huge_when_unpacked_is_not_unpacked():
    sheet = rows_xml(" " * (reading.LARGEST_UNPACKED + 1))
    content = with_sheet(sheet, xlsx(["Name"]))
    assert len(content) < reading.LARGEST

    with pytest.raises(reading.FileError, match="ausgepackt zu groß"):
        reading.read(content)


def test_rows_below_a_gap_are_read():
    rows = rows_xml(cell_xml(1, "Name") + cell_xml(9_000, "Weit unten"))
    table = reading.read(with_sheet(rows, xlsx(["Name"])))
    assert [(row.number, row.cells[0]) for row in table.rows] == [(9_000, "Weit unten")]


def test_a_yes_counts_only_for_what_was_shown():
    project = ProjectFactory(name="Musterstadt")
    one = SolutionFactory(project=project, name="Pegel", problem="alt")
    rows = xlsx(["Modellprojekt", "Lösung", "Problem"], ["Musterstadt", "Pegel", "neu"])
    seen = trial(rows).fingerprint
    Solution.objects.filter(pk=one.pk).update(problem="inzwischen")

    assert take_in(rows, seen=seen) is None
    one.refresh_from_db()
    assert one.problem == "inzwischen"


def test_five_thousand_lines_are_taken_in_within_twenty_seconds():
    for number in range(50):
        ProjectFactory(name=f"Stadt {number}")
    lines = [
        [
            f"Stadt {number % 50}", f"Lösung {number}", "App", "Problem " * 20, "in Betrieb", 2025,
            "Betrieb | 1.200 | je Jahr | 2025 | Vermerk", "https://quelle.example/",
        ]
        for number in range(5000)
    ]  # fmt: skip
    heading = [
        "Modellprojekt", "Lösung", "Art", "Problem", "Reife", "Stand der Reife", "Kosten", "Quellen",
    ]  # fmt: skip
    content = xlsx(heading, *lines)

    begin = time.process_time()
    report = take_in(content)
    assert len(report.of("neu")) == Solution.objects.count() == 5000
    for line in lines:
        line[3] = "Anders"
        line[6] = line[6].replace("1.200", "1.300")
    with CaptureQueriesContext(connection) as queries:
        assert len(take_in(xlsx(heading, *lines)).of("geändert")) == 5000
    assert len(queries) < 300
    # Both together; how long the database takes depends on what else the machine does.
    assert time.process_time() - begin < 20


def test_a_chosen_file_lasts_a_day_and_is_known_to_its_session_only():
    now, session, other = timezone.now(), {}, {}
    uploads.keep(session, "alt.csv", b"x", now=now)
    row = uploads.keep(session, "neu.csv", b"y", now=now)

    assert UploadedTable.objects.get() == row
    assert uploads.kept(session, now=now) == row
    assert uploads.kept(other, now=now) is None
    assert uploads.kept(session, now=now + timedelta(days=1)) is None
    assert uploads.forget_old(now=now + timedelta(hours=23)) == 0
    assert uploads.forget_old(now=now + timedelta(days=1)) == 1
    assert uploads.kept(session, now=now) is None
