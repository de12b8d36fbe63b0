"""What the database refuses about the facts of a sheet, and in which words a form would say so."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from finding.models import CatalogueVersion
from projects.models import (
    BuildingBlock,
    Cost,
    CostClass,
    Document,
    Lesson,
    NetworkFact,
    Product,
    ReachedPhase,
    Reuse,
    SizeClass,
    Source,
    Technology,
    decisive_amount,
    validate_licence,
)
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

PAGE = "https://example.org/bericht"
NO_SOURCE = (
    "Bitte eine Quelle nennen: eine Internetadresse oder einen Titel mit Datum. Was Sie selbst "
    "wissen, hat die Quelle „Angabe des Projekts“."
)
NO_DATE = "Bitte Jahr, Monat oder Tag angeben: „2025“, „2025-09“ oder „2025-09-18“."


def solution(**facts):
    made = SolutionFactory()
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def project(**facts):
    made = ProjectFactory()
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def cost(**facts):
    return Cost(
        **{"solution": SolutionFactory(), "purpose": "Betrieb", "period": "je-jahr"}
        | {"source": PAGE}
        | facts
    )


def lesson(**facts):
    return Lesson(
        **{"solution": SolutionFactory(), "kind": "stolperfalle", "text": "Zu spät gefragt."}
        | {"source": PAGE}
        | facts
    )


def reuse(**facts):
    return Reuse(**{"solution": SolutionFactory(), "name": "Neustadt", "source": PAGE} | facts)


def block(**facts):
    return BuildingBlock(
        **{"solution": SolutionFactory(), "text": "Masterportal", "source": PAGE} | facts
    )


def document(**facts):
    return Document(
        **{"solution": SolutionFactory(), "kind": "konzept", "title": "Konzept", "url": PAGE}
        | facts
    )


def phase(**facts):
    return ReachedPhase(
        **{"solution": SolutionFactory(), "phase": "p4", "evidence": "Läuft im Rathaus"}
        | {"source": PAGE}
        | facts
    )


def product(**facts):
    return Product(**{"name": "Masterportal", "slug": "masterportal", "source": PAGE} | facts)


def network_fact(**facts):
    return NetworkFact(**{"topic": "programm", "text": "Bis 2030", "source": PAGE} | facts)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (lambda: cost(source=""), NO_SOURCE),
        (lambda: lesson(source=""), NO_SOURCE),
        (lambda: block(source=""), NO_SOURCE),
        (lambda: phase(source=""), NO_SOURCE),
        (lambda: product(source=""), NO_SOURCE),
        (lambda: network_fact(source=""), NO_SOURCE),
        (lambda: reuse(source=""), "Bitte die Quelle nennen, die das sagt."),
        (lambda: cost(as_of="Mai 2025"), NO_DATE),
        (lambda: reuse(since="2025-13"), NO_DATE),
        (lambda: phase(as_of="25"), NO_DATE),
        (lambda: solution(maturity_as_of="2025-00"), NO_DATE),
        (lambda: solution(ended_on="bald"), NO_DATE),
        (lambda: project(funding_from="x", status_source=PAGE), NO_DATE),
        (lambda: project(funding_to="2025-1", status_source=PAGE), NO_DATE),
        (lambda: project(ended_on="2025-02-32", status_source=PAGE), NO_DATE),
        (lambda: cost(amount=-1), "Ein Betrag kann nicht negativ sein."),
        (lambda: cost(period="oft"), "Bitte wählen, worauf sich der Betrag bezieht."),
        (
            lambda: lesson(solution=None),
            "Eine Erkenntnis gehört zu einer Lösung, einem Modellprojekt oder einem Thema.",
        ),
        (
            lambda: lesson(theme=ThemeFactory()),
            "Eine Erkenntnis gehört zu einer Lösung, einem Modellprojekt oder einem Thema.",
        ),
        (lambda: lesson(kind="gut"), "Bitte Erfolgsfaktor oder Stolperfalle wählen."),
        (lambda: reuse(solution=None), "Nachgenutzt wird eine Lösung oder ein Produkt."),
        (lambda: reuse(stated_by="alle"), "Bitte wählen, von wem die Angabe stammt."),
        (
            lambda: document(project=ProjectFactory()),
            "Ein Dokument gehört zu einer Lösung oder einem Modellprojekt.",
        ),
        (lambda: document(kind="brief"), "Bitte eine der Arten wählen."),
        (lambda: phase(phase="p6"), "Bitte eine der Phasen P1 bis P5 wählen."),
        (lambda: phase(evidence=""), "Bitte sagen, woran man die Phase erkennt."),
        (lambda: network_fact(topic="wetter"), "Bitte eines der Themen wählen."),
        (
            lambda: Technology(name="X", slug="x", kind="ding"),
            "Bitte eine der Arten wählen.",
        ),
        (lambda: solution(evidence="vermutet"), "Bitte geplant, erprobt oder gemessen wählen."),
        (lambda: solution(evidence="gemessen"), "Bitte sagen, was gemessen wurde."),
        (
            lambda: solution(unsure=["wetter"], note="x"),
            "Bitte nur Angaben dieser Seite als zu prüfen markieren.",
        ),
        (
            lambda: solution(unsure=["maturity"]),
            "Bitte in der Anmerkung sagen, was zu prüfen ist.",
        ),
        (
            lambda: solution(why_ended="zu teuer"),
            "Warum sie beendet ist, steht nur bei einer beendeten Lösung.",
        ),
        (
            lambda: project(status_text="Läuft"),
            "Bitte die Quelle des Stands nennen: eine Internetadresse, einen Titel mit Datum oder "
            "„Angabe des Projekts“.",
        ),
        (
            lambda: project(status_is_certain=False, status_source=PAGE),
            "Bitte sagen, was am Stand zu prüfen ist.",
        ),
        (
            lambda: project(funding_from="2025", funding_to="2024-12", status_source=PAGE),
            "Die Förderung endet nicht, bevor sie beginnt.",
        ),
        (
            lambda: project(budget=1, federal_share=2, status_source=PAGE),
            "Der Anteil des Bundes ist nicht größer als das Budget.",
        ),
    ],
)
def test_each_constraint_says_in_german_what_is_wrong(row, sentence):
    with pytest.raises(ValidationError) as refused:
        row().validate_constraints()

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("make", "again", "sentence"),
    [
        (cost, {"amount": 1}, "Diese Kosten sind schon genannt."),
        (lesson, {"kind": "erfolgsfaktor"}, "Diese Erkenntnis ist schon genannt."),
        (reuse, {"how": "anders"}, "Diese Nachnutzung ist schon genannt."),
        (block, {"origin": "anders"}, "Dieser Baustein ist schon genannt."),
        (document, {"title": "anders"}, "Dieses Dokument ist schon genannt."),
        (phase, {"evidence": "anders"}, "Diese Phase ist schon genannt."),
    ],
)
def test_nothing_is_named_twice_of_one_solution(make, again, sentence):
    first = make()
    first.save()

    with pytest.raises(ValidationError) as refused:
        make(solution=first.solution, **again).validate_constraints()

    assert refused.value.messages == [sentence]
    make(**again).validate_constraints()  # of another solution it may be


def test_a_municipality_reuses_a_thing_once_whatever_it_is_called():
    town = MunicipalityFactory()
    first = reuse(municipality=town)
    first.save()

    with pytest.raises(ValidationError) as refused:
        reuse(
            solution=first.solution, municipality=town, name="Stadt Neustadt"
        ).validate_constraints()

    assert refused.value.messages == ["Diese Kommune ist hier schon genannt."]


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (
            Technology(name="LoRaWAN", slug="lorawan"),
            Technology(name="Lorawan", slug="lorawan-2"),
            "Diese Technologie gibt es schon.",
        ),
        (
            Product(name="CONSUL", slug="consul", source=PAGE),
            Product(name="Consul", slug="consul-2", source=PAGE),
            "Dieses Produkt gibt es schon.",
        ),
        (
            NetworkFact(topic="programm", text="Bis 2030", source=PAGE),
            NetworkFact(topic="skalierung", text="Bis 2030", source=PAGE),
            "Diese Angabe gibt es schon.",
        ),
    ],
)
def test_the_vocabularies_name_nothing_twice(first, second, sentence):
    first.save(force_insert=True)

    with pytest.raises(ValidationError) as refused:
        second.validate_constraints()

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "EUPL-1.2",
        "GPL-3.0-or-later",
        "MIT OR Apache-2.0",
        "CC-BY-SA-4.0",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "LicenseRef-Open-SmartCity-License",
    ],
)
def test_licences_of_the_spdx_list_and_own_ones_are_accepted(licence):
    validate_licence(licence)


@pytest.mark.parametrize(
    ("licence", "names"),
    [
        ("GPL 3", ""),
        ("Open Source", ""),
        ("frei", "frei"),
        ("MIT OR Frei-1.0", "Frei-1.0"),
        ("LicenseRef-", "LicenseRef-"),
        ("MIT AND", ""),
    ],
)
def test_other_licences_are_refused_with_an_example(licence, names):
    with pytest.raises(ValidationError) as refused:
        validate_licence(licence)

    [message] = refused.value.messages
    assert "EUPL-1.2" in message
    assert names in message


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([], CostClass.UNKNOWN),
        ([("gesamt", False, None)], CostClass.UNKNOWN),
        ([("gesamt", False, 10_000)], CostClass.UP_TO_10),
        ([("einmalig", False, 10_001)], CostClass.UP_TO_50),
        ([("gesamt", False, 250_000)], CostClass.UP_TO_250),
        ([("gesamt", False, 250_001)], CostClass.ABOVE),
        # What reusers pay goes before what the original cost.
        ([("gesamt", False, 900_000), ("einmalig", True, 14_900)], CostClass.UP_TO_50),
        # A grant says how much it cost at least.
        ([("foerderung", False, 80_000), ("einmalig", False, 5_000)], CostClass.UP_TO_250),
        ([("davon", False, 5), ("je-nutzung", False, 0)], CostClass.UNKNOWN),
    ],
)
def test_the_cost_class_is_that_of_the_decisive_amount(costs, expected):
    assert CostClass.of(decisive_amount(costs)) == expected


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        (None, None),
        (0, "unter-10000"),
        (9_999, "unter-10000"),
        (10_000, "10000-20000"),
        (49_999, "20000-50000"),
        (99_999, "50000-100000"),
        (100_000, "ab-100000"),
    ],
)
def test_five_sizes_of_municipalities(population, expected):
    assert SizeClass.of(population) == expected


def test_only_confirmed_or_sourced_reuse_is_public():
    mine = SolutionFactory()
    hidden = SolutionFactory(project__is_public=False)
    Reuse.objects.create(solution=mine, name="mit Quelle", source=PAGE)
    Reuse.objects.create(
        solution=mine, name="bestätigt", stated_by="nachnutzende", confirmed_on=timezone.localdate()
    )
    Reuse.objects.create(solution=mine, name="behauptet", stated_by="anbietende")
    Reuse.objects.create(solution=hidden, name="verborgen", source=PAGE)
    portal = Product.objects.create(name="Masterportal", slug="masterportal", source=PAGE)
    Reuse.objects.create(product=portal, name="eines Produkts", source=PAGE)

    public = Reuse.objects.public()

    assert {one.name for one in public} == {"mit Quelle", "bestätigt", "eines Produkts"}
    assert {one.name for one in Reuse.objects.all() if not one.is_public} == {"behauptet"}


def test_a_product_that_is_a_solution_has_no_page_of_its_own():
    outside = Product.objects.create(name="Masterportal", slug="masterportal", source=PAGE)
    inside = Product.objects.create(name="Dorf-App", slug="dorf-app", source=PAGE)
    home = SolutionFactory(product=inside)

    assert list(Product.objects.with_own_page()) == [outside]
    assert inside.solution == home


def test_an_address_can_be_opened_and_a_title_cannot():
    assert cost(source=PAGE).source_url == PAGE
    assert cost(source="Ratsvorlage vom 3. Mai 2024").source_url == ""
    assert SourceFactory(text=PAGE, is_truncated=True).url == ""


@pytest.mark.parametrize(
    "make", [cost, lesson, reuse, block, document, phase, product, network_fact]
)
def test_every_fact_raises_the_version_of_the_catalogue(make):
    row = make()
    before = CatalogueVersion.current()
    row.save()
    assert CatalogueVersion.current() != before
    before = CatalogueVersion.current()
    row.delete()
    assert CatalogueVersion.current() != before


def test_every_table_of_the_catalogue_raises_its_version():
    """Whoever adds a table has to add its trigger: what is shown would grow stale otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables t WHERE table_name LIKE 'projects\\_%%'"
            " AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = t.table_name::regclass"
            " AND tgname LIKE '%%_raises_version')"
        )
        without = {name for (name,) in cursor.fetchall()}

    assert without == {
        # What nobody sees: who edits and was asked, what was loaded, what was stated and said before, and what is
        # made from the rest.
        "projects_reusestatement",
        "projects_revision",
        "projects_loadedfacts",
        "projects_ownerask",
        "projects_projecteditor",
        "projects_uploadedtable",
        "projects_catalogueversion",
        "projects_searchdocument",
        "projects_searchstate",
        "projects_searchword",
    }
    assert Source._meta.db_table not in without
