"""Figures of the office: right, for a period, and never about a few people."""

import itertools
import re
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from asking.models import Helped
from consulting.models import HistoryEntry, HistoryKind
from projects.statistics import (
    SMALL,
    Case,
    Period,
    Source,
    View,
    _sources,
    register,
    table_of,
    with_small_hidden,
)
from tests.factories import (
    ConsultationRequestFactory,
    MunicipalityFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.asking import QuestionFactory
from tests.factories.events import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

URL = "/verwaltung/statistik/"
MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)
QUARTER = {"von": "2026-01", "bis": "2026-03"}


@pytest.fixture
def office(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["Start Smart", "Veranstaltungen", "Redaktion"]))
    client.force_login(user)
    return client


def tables(client, **query) -> dict:
    page = client.get(URL, QUARTER | query)
    return {table.source.key: table for table, _headings, _picture in page.context["tables"]}


def asked(number: int, **fields) -> list:
    given = {"submitted_at": MARCH, "changed_at": MARCH} | fields
    return [ConsultationRequestFactory(**given) for _ in range(number)]


def test_what_came_in_within_the_period_is_counted_by_land_size_and_theme(office):
    climate = ThemeFactory(name="Klima")
    town = MunicipalityFactory(population=30_000)
    for row in asked(6, municipality=town, land="NW", done=True, rating="hat-geholfen"):
        row.themes.add(climate)
        HistoryEntry.objects.create(
            request=row, version=9, kind=HistoryKind.SCHEDULED, at=MARCH + timedelta(hours=36)
        )
    asked(7, municipality=town, land="NW", cancelled=True)
    asked(8, municipality=None, municipality_name="X", land="BY")
    # After the last day of the quarter, in Germany.
    late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    asked(9, submitted_at=late, changed_at=late)

    table = tables(office)["beratung"]
    assert [(row.label, row.total, row.parts) for row in table.rows] == [
        ("Bayern", 8, [0, 0, 0, 0, 0, 0, 8]),
        ("Nordrhein-Westfalen", 13, [6, 0, 0, 7, 0, 0, 0]),
    ]
    assert [(row.medians, row.shares) for row in table.rows] == [([None], [None]), ([1.5], [100])]
    assert (table.all.total, table.all.medians, table.all.shares) == (21, [1.5], [100])

    sizes = tables(office, sicht="groesse")["beratung"]
    assert [(row.label, row.total) for row in sizes.rows] == [
        ("20.000 bis 50.000", 13),
        ("nicht bekannt", 8),
    ]
    themes = tables(office, sicht="thema")["beratung"]
    assert [(row.label, row.total) for row in themes.rows] == [("Klima", 6), ("nicht bekannt", 15)]
    assert tables(office, von="2026-04", bis="2026-04")["beratung"].all.total == 9


def test_participants_and_statements_of_reuse_have_tables_of_their_own(office):
    event = EventFactory(starts_at=MARCH, ends_at=MARCH + timedelta(hours=3))
    town = MunicipalityFactory(land="SN", population=900)
    given = {"event": event, "state": "platz", "confirmed_at": MARCH, "municipality": town}
    RegistrationFactory.create_batch(5, attended_at=MARCH, **given)
    RegistrationFactory.create_batch(6, **given)
    RegistrationFactory(event=event, state="abgemeldet", closed_at=MARCH)
    RegistrationFactory(**given | {"confirmed_at": None})
    # The evening of the last day belongs to the quarter, the hour after midnight does not.
    evening = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
    for starts_at in (evening, evening + timedelta(hours=1)):
        at = EventFactory(starts_at=starts_at)
        RegistrationFactory.create_batch(7, attended_at=starts_at, **given | {"event": at})
    called_off = EventFactory(state="abgesagt", cancelled_at=MARCH, starts_at=MARCH)
    RegistrationFactory.create_batch(8, **given | {"event": called_off})

    table = tables(office)["veranstaltungen"]
    assert [(row.label, row.total, row.parts) for row in table.rows] == [("Sachsen", 18, [12, 6])]
    assert [table.rows for table in [tables(office)["nachnutzung"]]] == [[]]


def test_questions_are_counted_when_they_are_confirmed_and_faults_are_not(office):
    town = MunicipalityFactory(land="SN", population=900)
    given = {"asked_at": MARCH, "municipality": town}
    answered = {"answered": True, "answered_at": MARCH + timedelta(days=2), "helped": Helped.YES}
    QuestionFactory.create_batch(5, **given, **answered)
    QuestionFactory.create_batch(6, waiting=True, **given)
    QuestionFactory(**given)
    QuestionFactory(fault=True, **given)

    table = tables(office)["fragen"]
    assert [(row.label, *row[1:]) for row in table.rows] == [
        ("Sachsen", 11, [5, 0, 0, 6], [2.0], [100])
    ]


def test_small_numbers_are_shown_nowhere_on_page_picture_and_file(office):
    asked(3, land="HB", cancelled=True)
    asked(9, land="BY", cancelled=True)
    asked(20, land="NW", cancelled=True)

    page = office.get(URL, QUARTER | {"zahlen": "beratung"})
    table = page.context["tables"][0][0]
    # Bremen is small, and without Bayern it would be 32 less 29.
    assert [(row.label, row.total) for row in table.rows] == [
        ("Bayern", None),
        ("Bremen", None),
        ("Nordrhein-Westfalen", 20),
    ]
    picture = re.search(r'<svg role="img".*?</svg>', page.text, re.DOTALL)[0]
    assert re.findall(r'<rect[^>]* width="(\d+)"', picture) == ["0", "0", "360"]
    assert "Bayern: verdeckt; Bremen: verdeckt; Nordrhein-Westfalen: 20." in picture
    assert 'role="img"' in picture
    file = office.get(URL, QUARTER | {"zahlen": "beratung", "als": "csv"})
    assert file["Content-Disposition"] == 'attachment; filename="statistik-2026-01-2026-03.csv"'
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Bereich;von;bis;Land;Kennzahl;Wert"
    assert "Start Smart: Anfragen;2026-01-01;2026-03-31;Bremen;Anfragen;verdeckt" in lines
    assert "Start Smart: Anfragen;2026-01-01;2026-03-31;alle;Anfragen;32" in lines
    assert [line for line in lines if line.split(";")[-1] in ("3", "9", "12", "29")] == []


def test_nothing_hidden_can_be_worked_out_from_a_line_or_a_column():
    """Many tables: no sum has a single unknown, and what is unknown together is not small."""
    random = Random(7)
    for _ in range(300):
        rows, columns = random.randint(1, 6), random.randint(1, 5)
        lines = [
            [random.choice((0, 0, 1, 2, 4, 5, 7, 20)) for _ in range(columns)] for _ in range(rows)
        ]
        lines.append([sum(column) for column in zip(*lines, strict=True)])
        numbers = [[*line, sum(line)] for line in lines]

        shown = with_small_hidden(numbers)

        sums = [*zip(numbers, shown, strict=True)]
        sums += [*zip(zip(*numbers, strict=True), zip(*shown, strict=True), strict=True)]
        for true, seen in sums:
            hidden = [number for number, one in zip(true, seen, strict=True) if one is None]
            assert not any(one is not None and 0 < one < SMALL for one in seen)
            assert len(hidden) != 1
            if hidden and seen[-1] is not None:
                assert true[-1] - sum(one for one in seen[:-1] if one is not None) >= SMALL
        assert all(a == b for x, y in sums for a, b in zip(x, y, strict=True) if b is not None)


def test_fewer_than_five_are_few_also_where_a_median_or_a_share_would_tell_of_them():
    def shown(yes: int, no: int) -> tuple:
        cases = [
            Case("a", land="BY", answered={"helped": number < yes}, measured={"days": number})
            for number in range(yes + no)
        ]
        figures = {"medians": {"days": "Tage"}, "shares": {"helped": "hilft"}}
        source = Source("probe", "Probe", "x.y", "alle", {"a": "A"}, lambda _p: cases, **figures)
        row = table_of(source, View.LAND, Period(date.min, date.max)).all
        return (row.total, row.medians, row.shares)

    assert shown(4, 0) == (None, [None], [None])
    assert shown(5, 0) == (5, [2], [100])
    assert shown(0, 5) == (5, [2], [0])
    # Nine times yes says of how many it was no.
    assert shown(9, 4) == shown(4, 9) == (13, [6], [None])
    assert shown(5, 5) == (10, [4.5], [50])


def test_what_one_view_hides_of_all_no_other_shows():
    cases = [Case("a", land="BY", population=1)] * 5 + [Case("b", land="NW", population=1)] * 2
    cases += [Case("b", land="HH", population=10**6)] * 3
    source = Source("probe", "Probe", "x.y", "alle", {"a": "A", "b": "B"}, lambda _period: cases)

    ends = {view: table_of(source, view, Period(date.min, date.max)).all for view in View}

    assert len({(row.total, *row.parts) for row in ends.values()}) == 1


def test_an_app_above_adds_figures_by_registering_them(office, settings):
    cases = [Case("open", land="BE", measured={"time": hours}) for hours in (1, 2, 3, 4, 50)]
    given = {"total": "Fragen", "parts": {"open": "offen"}, "medians": {"time": "=Stunden"}}
    register(
        Source("fragen", "Fragen", "consulting.work_as_office", cases=lambda _p: cases, **given)
    )
    try:
        page = office.get(URL, {"zahlen": "fragen"})
        file = office.get(URL, {"zahlen": "fragen", "als": "csv"}).content.decode("utf-8-sig")
    finally:
        _sources.pop("fragen")

    row = page.context["tables"][0][0].rows[0]
    assert (row.label, row.total, row.medians) == ("Berlin", 5, [3])
    # A name that a spreadsheet would take for a formula stays a word.
    assert ";'=Stunden;3" in file


def test_only_the_office_sees_figures_and_each_its_own(client, office):
    assert reverse("admin:statistics") == URL
    assert URL in office.get("/verwaltung/").text
    assert set(tables(office)) == {"beratung", "veranstaltungen", "nachnutzung"}
    for group, keys in (("Start Smart", {"beratung"}), ("Veranstaltungen", {"veranstaltungen"})):
        user = UserFactory(is_staff=True)
        user.groups.set(Group.objects.filter(name=group))
        client.force_login(user)
        assert set(tables(client)) == keys
        assert set(tables(client, zahlen="nachnutzung")) == keys
    for group in ("Start Smart: Beratung", "Betrieb", "Gemeinschaften"):
        user = UserFactory(is_staff=True)
        user.groups.set(Group.objects.filter(name=group))
        client.force_login(user)
        assert client.get(URL).status_code == 403
        assert URL not in client.get("/verwaltung/").text


def test_nonsense_in_the_address_is_answered_in_words(office):
    for query in itertools.chain(
        ({"von": one} for one in ("2026-13", "gestern", "2026-01-05", "9999-12")),
        ({"sicht": "sternzeichen"}, {"von": "2026-05", "bis": "2026-01"}, {"bis": "9999-12"}),
    ):
        page = office.get(URL, query)
        assert page.status_code == 200
    page = office.get(URL, {"von": "2026-05", "bis": "2026-01"})
    assert "Der letzte Monat liegt vor dem ersten." in page.text
    assert page.context["tables"] == []


def test_the_number_of_queries_does_not_grow(office, django_assert_max_num_queries):
    asked(12, municipality=MunicipalityFactory(population=5))

    with django_assert_max_num_queries(25):
        office.get(URL, QUARTER)
