"""The list of all Kommunen that the product brings along."""

import gzip
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.gemeindeverzeichnis import import_directory, load_shipped, read_directory
from projects.gemeindeverzeichnis.shipped import SHIPPED
from projects.models import Municipality
from projects.municipality_picker import distinguished, find_municipalities
from tests.factories import MunicipalityFactory
from tests.projects.gemeindeverzeichnis_files import varied_list, write_csv

pytestmark = pytest.mark.django_db
LIST, FIGURES = date(2025, 11, 30), date(2024, 12, 31)


def told() -> list[tuple]:
    names = ["ars", "ags", "level", "designation", "name", "official_name", "land", "postcode"]
    names += ["kreis__ars", "verband__ars", "population", "population_on", "latitude", "longitude"]
    return list(Municipality.objects.order_by("ars").values_list(*names, "listed_on"))


def test_the_shipped_file_is_small_names_its_source_and_no_person():
    assert SHIPPED.stat().st_size < 400_000
    source, headings, *rows = gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()

    assert source.startswith("© Statistisches Bundesamt (Destatis), Gemeindeverzeichnis: ")
    assert headings == (
        "satzart;textkennzeichen;land;rb;kreis;vb;gem;gemeindename;bevoelkerung 31.12.2024;"
        "postleitzahl;laengengrad;breitengrad"
    )
    assert len(rows) == 16 + 400 + 1203 + 10_953


def test_a_fresh_installation_knows_every_kommune_and_a_second_run_looks_once():
    call_command("load_network", stdout=StringIO())
    louder = Municipality.objects.get(ags="05515000")
    Municipality.objects.filter(pk=louder.pk).update(name="Münster (Westf.)")

    call_command("load_municipalities", stdout=StringIO())

    gemeinden = Municipality.objects.filter(level="gemeinde", ended_on=None)
    assert gemeinden.count() == 10_953
    # The official figure of 31.12.2024.
    assert sum(gemeinden.values_list("population", flat=True)) == 83_577_140
    assert set(gemeinden.values_list("listed_on", "population_on")) == {(LIST, FIGURES)}
    # Merged after the last list with coordinates.
    unplaced = gemeinden.filter(latitude=None, population__gt=0)
    assert set(unplaced.values_list("name", flat=True)) == {"Berga-Wünschendorf", "Jahnatal"}
    assert not any(
        "  " in name or name.endswith("/") for name in gemeinden.values_list("name", flat=True)
    )
    louder.refresh_from_db()
    assert (louder.name, louder.listed_on) == ("Münster (Westf.)", LIST)

    with CaptureQueriesContext(connection) as queries:
        assert load_shipped() is None
    assert len(queries) == 1
    answer = StringIO()
    call_command("load_network", stdout=answer)
    assert "Kommunen: 0 neu, 0 aktualisiert, 142 unverändert." in answer.getvalue()

    polch = find_municipalities("Polch")[0]
    assert (polch.name, distinguished(polch)) == (
        "Polch",
        "Stadt, Mayen-Koblenz, Rheinland-Pfalz",
    )
    assert len(find_municipalities("Neustadt", limit=50)) > 20


def test_a_newer_list_is_left_alone_and_an_older_one_is_brought_up_to_date(tmp_path):
    newer = write_csv(tmp_path / "list.csv", varied_list())
    import_directory(read_directory(newer, listed_on=date(2026, 3, 31)))
    before = told()

    assert load_shipped() is None

    assert told() == before


def test_what_is_written_is_read_back_the_same(tmp_path):
    read = read_directory(
        write_csv(tmp_path / "list.csv", varied_list()), listed_on=LIST, population_on=FIGURES
    )
    import_directory(read)
    MunicipalityFactory(unlisted=True)
    before = told()
    written = tmp_path / "municipalities_2025-11-30.csv.gz"

    call_command("export_municipalities", written, stdout=StringIO())
    content = written.read_bytes()
    call_command("export_municipalities", written, stdout=StringIO())

    assert written.read_bytes() == content
    assert import_directory(read_directory(written)).changes_nothing
    Municipality.objects.update(kreis=None, verband=None)
    Municipality.objects.exclude(ars=None).delete()
    load_shipped(written)
    assert told() == before


def test_without_a_list_or_the_day_of_its_figures_nothing_is_written(tmp_path):
    path = tmp_path / "municipalities_2025-11-30.csv.gz"
    with pytest.raises(CommandError, match="Bitte zuerst ein Verzeichnis einlesen"):
        call_command("export_municipalities", path)
    import_directory(
        read_directory(write_csv(tmp_path / "list.csv", varied_list()), listed_on=LIST)
    )
    with pytest.raises(CommandError, match="mit dem Stand seiner Einwohnerzahlen"):
        call_command("export_municipalities", path)
    assert not path.exists()
