from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import CharField
from django.db.models.expressions import RawSQL

from finding.models import SearchDocument, SearchState, SearchWord, Synonyms
from finding.search import documents, find, index, query, refresh
from finding.search.finding import ENOUGH
from finding.search.index import index_of
from finding.search.thesaurus import thesaurus_of
from finding.search.vocabulary import vocabulary_of
from projects.models import Project
from projects.tasks import refresh_search
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory

pytestmark = pytest.mark.django_db

KINDS = ["project", "solution"]


def found(q: str) -> list[str]:
    ids = find(q, kinds=KINDS).ids["project"]
    slugs = dict(Project.objects.values_list("pk", "slug"))
    return [slugs[pk] for pk in ids]


def test_a_new_project_is_found_at_once():
    ProjectFactory(slug="ulm", name="Ulm")
    assert found("Ulm") == ["ulm"]
    ProjectFactory(slug="neu-ulm", name="Neu-Ulm")
    assert sorted(found("Ulm")) == ["neu-ulm", "ulm"]


def test_a_changed_text_is_found_at_once_and_the_old_one_no_more():
    project = ProjectFactory(slug="ulm", summary="Sensoren messen den Pegel.")
    assert found("Pegel") == ["ulm"]

    project.summary = "Ein Bürgerbüro im Bus."
    project.save()

    assert found("Pegel") == []
    assert found("Bürgerbüro") == ["ulm"]


@pytest.mark.parametrize(
    ("arrange", "q"),
    [
        (
            lambda project: project.themes.add(ThemeFactory(name="Katastrophenschutz")),
            "Katastrophe",
        ),
        (lambda project: SolutionFactory(project=project, name="Stadtradeln-App"), "Stadtradeln"),
        (
            lambda project: project.participations.create(
                municipality=MunicipalityFactory(name="Weißenthurm")
            ),
            "weissenthurm",
        ),
    ],
    ids=["theme", "solution", "municipality"],
)
def test_a_project_is_found_by_what_belongs_to_it(arrange, q):
    project = ProjectFactory(slug="gesucht")
    ProjectFactory(slug="anderes")
    assert found(q) == []

    arrange(project)

    assert found(q) == ["gesucht"]


def test_what_is_not_public_is_never_found():
    hidden = ProjectFactory(slug="geheim", name="Geheimprojekt", is_public=False)
    SolutionFactory(project=hidden, name="Geheimlösung")
    ProjectFactory(slug="offen", name="Offen")

    hits = find("Geheimprojekt", kinds=KINDS)

    assert (hits.ids, hits.suggestion) == ({"project": (), "solution": ()}, "")
    assert find("Geheimlösung", kinds=KINDS).ids == {"project": (), "solution": ()}
    assert SearchDocument.objects.filter(title__startswith="Geheim").count() == 0


def test_what_is_withdrawn_is_not_found_any_more():
    project = ProjectFactory(slug="ulm", name="Ulm")
    assert found("Ulm") == ["ulm"]

    project.is_public = False
    project.save()

    assert found("Ulm") == []


def test_all_words_must_be_met():
    ProjectFactory(slug="beides", summary="Ein digitaler Zwilling gegen Hochwasser.")
    ProjectFactory(slug="eines", summary="Ein digitaler Zwilling.")

    assert found("Zwilling Hochwasser") == ["beides"]


def test_the_name_counts_more_than_the_text():
    ProjectFactory(slug="im-text", name="Anderswo", summary="Wie in Ulm.")
    ProjectFactory(slug="im-namen", name="Ulm", summary="Etwas anderes.")

    assert found("Ulm") == ["im-namen", "im-text"]


def test_a_thing_is_found_by_the_words_that_its_editors_note_and_below_what_is_called_so():
    noted = SolutionFactory(name="Grabkarte", search_words=["Friedhof", "Baum-Bestattung"])
    called = SolutionFactory(name="Friedhof der Zukunft")
    of_noted = noted.project

    assert find("Friedhöfe", kinds=KINDS).ids["solution"] == (called.pk, noted.pk)
    assert find("Baumbestattung", kinds=KINDS).ids["solution"] == (noted.pk,)
    # Its project, too, but it has words of its own.
    assert find("Baumbestattung", kinds=KINDS).ids["project"] == (of_noted.pk,)
    of_noted.search_words = ["Kirchhof"]
    of_noted.save()
    hits = find("Kirchhof", kinds=KINDS)
    assert (hits.ids["project"], hits.ids["solution"]) == ((of_noted.pk,), ())


def test_of_a_compound_that_nothing_has_its_parts_are_found(monkeypatch):
    # As if there were so many bicycles that they alone are no answer.
    monkeypatch.setattr(query, "SPECIFIC", 0)
    bikes = SolutionFactory(name="Fahrrad im Rathaus")
    lending = SolutionFactory(name="Verleih von Werkzeug")
    SolutionFactory(name="Bürgerbus")

    hits = find("Fahrrad-Verleih", kinds=["solution"])

    assert set(hits.ids["solution"]) == {bikes.pk, lending.pk}
    assert hits.partial == {"solution"}


def test_inside_of_a_filter_it_is_looked_for_more_widely_and_no_further():
    Synonyms.objects.create(words="Bürgerbus", narrower="Mitfahrbank")
    banks = [SolutionFactory(name=f"Mitfahrbank {number}") for number in range(ENOUGH)]
    bus = SolutionFactory(name="Bürgerbus")
    SolutionFactory(name="Rathaus")

    everywhere = find("Mitfahrbank", kinds=["solution"]).ids["solution"]
    inside = find("Mitfahrbank", kinds=["solution"], among={"solution": {bus.pk, banks[0].pk}})
    of_two_words = find(
        "Mitfahrbank Rathaus", kinds=["solution"], among={"solution": {banks[1].pk}}
    )

    assert set(everywhere) == {bank.pk for bank in banks}
    assert list(inside.ids["solution"]) == [banks[0].pk, bus.pk]
    assert list(of_two_words.ids["solution"]) == [banks[1].pk]
    assert (inside.partial, of_two_words.partial) == (frozenset(), {"solution"})


def test_what_is_of_the_kind_that_the_words_name_comes_first():
    of_village = SolutionFactory(
        name="Dorf und Dorfleben", kind="mobilitaet", description="Eine App."
    )
    app = SolutionFactory(name="Unser Ort", kind="app", description="Für das Dorf.")

    assert find("Dorf-App", kinds=KINDS).ids["solution"] == (app.pk, of_village.pk)


def test_places_are_filled_with_what_is_near_no_further_than_it_is_near():
    Synonyms.objects.create(words="Mitfahrbank, Mitfahrplatz", narrower="")
    Synonyms.objects.create(words="Bürgerbus", narrower="Mitfahrbank")
    ProjectFactory(slug="bank", name="Mitfahrbank")
    for number in range(ENOUGH + 3):
        ProjectFactory(slug=f"bus-{number}", name=f"Bürgerbus {number}")
        ProjectFactory(slug=f"im-text-{number}", name=f"Nummer {number}", summary="Ein Bürgerbus.")

    near = found("Mitfahrbank")

    assert near[0] == "bank"
    # Those that are as near as the first of them, and none of the others.
    assert sorted(near[1:]) == [f"bus-{number}" for number in range(ENOUGH + 3)]


def test_what_lacks_a_word_but_says_the_others_plainly_stands_before_what_hardly_comes_near():
    Synonyms.objects.create(words="Fahrdienst", narrower="Bürgerbus")
    ProjectFactory(
        slug="nah",
        name="Nummer",
        summary="Ein Fahrdienst.",
        status_text="Am Rathaus.",
        status_source="Eigene",
    )
    ProjectFactory(slug="klar", name="Bürgerbus")
    ProjectFactory(slug="kaum", name="Anderes", status_text="Das Rathaus.", status_source="Eigene")

    assert found("Bürgerbus Rathaus") == ["klar", "nah"]
    # Where something has all of them, close is close.
    ProjectFactory(
        slug="ganz",
        name="Halle",
        summary="Rathaus",
        status_text="Ein Bürgerbus.",
        status_source="Eigene",
    )
    assert found("Bürgerbus Rathaus")[0] == "ganz"


def test_what_a_text_says_in_many_words_counts_beyond_the_first():
    Synonyms.objects.create(words="Pegel, Wasserstand, Flusspegel, Pegelstand")
    ProjectFactory(slug="einmal", name="A", summary="Ein Wasserstand am Fluss.")
    ProjectFactory(
        slug="oft", name="Z", summary="Wasserstand, Flusspegel und Pegelstand im Flusspegel-Netz."
    )

    assert found("Pegel") == ["oft", "einmal"]


def test_a_search_asks_only_for_words_that_nobody_has_looked_for(django_assert_num_queries):
    ProjectFactory(name="Ulm", summary="Hochwasser")
    refresh()

    for held in (vocabulary_of, thesaurus_of, index_of):
        held.cache_clear()
    with django_assert_num_queries(5):  # state, thesaurus, words, texts, where the words stand
        find("Hochwasser", kinds=KINDS)
    with django_assert_num_queries(2):  # only where these words stand is not known yet
        find("Ulm", kinds=KINDS)
    with django_assert_num_queries(1):  # only whether anything has changed
        find("Hochwasser Ulm", kinds=KINDS)
    with django_assert_num_queries(1):
        find("Hochwasser", kinds=KINDS)


def test_words_in_quotation_marks_stand_side_by_side_in_this_order():
    ProjectFactory(slug="so", summary="Ein Rathaus auf Rädern.")
    ProjectFactory(slug="anders", summary="Ein Rathaus, das auf neuen Rädern fährt.")
    ProjectFactory(slug="ohne", summary="Auf Rädern.")

    assert found("„Rathaus auf Rädern“") == ["so"]
    assert sorted(found("Rädern -„Rathaus auf Rädern“")) == ["anders", "ohne"]


def test_more_words_than_are_held_are_found_all_the_same(monkeypatch):
    ProjectFactory(slug="ulm", name="Ulm", summary="Hochwasser und Pegel")
    monkeypatch.setattr(index, "_MOST_BYTES", 1)

    for _again in range(2):
        assert found("Hochwasser Pegel Ulm") == ["ulm"]


def test_words_that_were_asked_for_last_are_held(monkeypatch, django_assert_num_queries):
    ProjectFactory(name="Ulm", summary="Hochwasser und Pegel")
    of_two_words = 2 * (index._BYTES + index._BYTES_OF_A_TEXT)
    monkeypatch.setattr(index, "_MOST_BYTES", of_two_words)
    words = index_of(refresh(wait=True)).words
    for word in ("hochwasser", "pegel", "hochwasser", "ulm"):
        words([word])

    with django_assert_num_queries(0):
        words(["ulm", "hochwasser"])
    with django_assert_num_queries(1):
        assert words(["pegel"]) == {"pegel": ((), (1,), (), ())}


def test_a_slow_build_is_not_done_while_somebody_waits():
    ProjectFactory(slug="ulm", name="Ulm")
    refresh()
    SearchState.objects.update(milliseconds=documents.QUICK_MILLISECONDS + 1)
    ProjectFactory(slug="gera", name="Gera")

    assert found("Gera") == []
    refresh_search()
    assert found("Gera") == ["gera"]


def row_versions() -> list[tuple[int, str]]:
    """Which transaction wrote each document last."""
    rows = SearchDocument.objects.annotate(
        written=RawSQL("projects_searchdocument.xmin::text", [], output_field=CharField())
    )
    return list(rows.order_by("pk").values_list("pk", "written"))


def test_documents_made_by_another_recipe_are_made_anew():
    """A new version of the portal finds its new kinds before anything in the catalogue changes."""
    ProjectFactory(slug="ulm", name="Ulm")
    refresh()
    SearchDocument.objects.all().delete()
    assert found("Ulm") == []
    SearchState.objects.update(recipe="of the version before")

    assert found("ulm") == ["ulm"]


def test_words_that_another_recipe_took_apart_are_taken_apart_anew():
    ProjectFactory(name="Ulm", summary="Küsten- und Meeresschutz, Schutz der Meere, Streu-Salz")
    refresh()
    built = [*SearchWord.objects.order_by("word").values_list("word", "parts", "documents")]
    SearchWord.objects.update(parts=[], documents=7)
    SearchDocument.objects.update(further_words="")
    SearchState.objects.update(recipe="of the version before")

    refresh()

    assert [*SearchWord.objects.order_by("word").values_list("word", "parts", "documents")] == built
    assert "kuestenschutz" in {word for word, _parts, _documents in built}


def test_a_word_with_a_hyphen_is_found_in_one_and_counts_its_parts_once():
    ProjectFactory(slug="ulm", name="Ulm", summary="Das Streu-Salz und das Salz, die Streu")
    refresh()
    assert found("Streusalz") == ["ulm"]
    assert SearchWord.objects.get(word="streusalz").parts == []

    # As soon as a text writes it so, it has them.
    ProjectFactory(slug="aalen", name="Aalen", summary="Das Streusalz")

    assert set(found("Salz")) == {"ulm", "aalen"}
    assert SearchWord.objects.get(word="streusalz").parts == ["salz", "streu"]


@pytest.mark.django_db(transaction=True)
def test_building_again_without_a_change_writes_nothing():
    ProjectFactory(name="Ulm")
    refresh()
    before = row_versions()

    refresh()

    assert before
    assert row_versions() == before


@pytest.mark.django_db(transaction=True)
def test_the_first_search_of_several_at_once_finds_the_same_for_all():
    ProjectFactory(slug="ulm", name="Ulm")

    def searched(_: int) -> dict:
        try:
            return find("Ulm", kinds=["project"]).ids
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(searched, range(6)))

    assert answers == [{"project": (Project.objects.get().pk,)}] * 6


def test_a_changed_synonym_counts_at_once():
    ProjectFactory(slug="bad", summary="Ein Hallenbad.")
    ProjectFactory(slug="see", summary="Ein Freibadesee.")
    assert found("Schwimmbecken") == []

    Synonyms.objects.create(words="Schwimmbecken, Hallenbad")

    assert found("Schwimmbecken") == ["bad"]
