"""One page for each theme, with what the portal knows about it and nothing hidden."""

import pytest

from consulting.forms.wizard import WishForm
from projects.models import Cost, Lesson, Theme
from projects.network import load
from tests.factories import ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import EventFactory
from tests.pages import words
from tests.shipped import load_once

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"


@pytest.fixture
def water():
    theme = ThemeFactory(name="Wasser", slug="wasser", description="Zu viel und zu wenig davon.")
    project = ProjectFactory(name="Smarte Aue", themes=[theme])
    known = SolutionFactory(
        name="Pegelnetz", project=project, themes=[theme], problem="Es kam.", maturity="betrieb"
    )
    cheap = SolutionFactory(name="Alarm", project=project, themes=[theme])
    hidden = SolutionFactory(name="Geheimes", project__is_public=False, themes=[theme])
    for solution, amount in ((known, 20_000), (cheap, 500), (hidden, 7)):
        Cost.objects.create(
            solution=solution, purpose="Betrieb", amount=amount, period="einmalig", source=PAGE
        )
        Lesson.objects.create(
            solution=solution, kind="stolperfalle", text=f"{solution.name} lernt.", source=PAGE
        )
    Lesson.objects.create(theme=theme, kind="erfolgsfaktor", text="Früh messen.", source=PAGE)
    return theme


def test_a_dossier_says_what_there_is_what_it_costs_and_what_was_learned(client, water):
    CommunityFactory(name="Am Wasser", theme=water)
    EventFactory(title="Wassertag").themes.add(water)
    answer = client.get("/themen/wasser/")
    text = words(answer)

    places = [
        "Thema · 2 Lösungen · 1 Modellprojekt Wasser Zu viel und zu wenig davon.",
        "Lösungen Pegelnetz Es kam.",
        "Alarm",
        "Was es kostet 500 Euro bis 20.000 Euro Bekannt von 2 Lösungen.",
        "Was gut lief Früh messen.",
        "Pegelnetz lernt. aus: Pegelnetz",
        "Modellprojekte mit diesem Thema 1 Smarte Aue",
        "Zu diesem Thema beraten lassen",
    ]
    assert [place for place in places if place not in text] == []
    assert "Am Wasser" in text
    assert "Wassertag" in text
    assert "Geheimes" not in text
    assert 'href="/start-smart/anfrage/?thema=wasser"' in answer.text


def test_start_smart_begins_with_the_theme_ticked(client, water):
    answer = client.get("/start-smart/anfrage/kommune/?thema=wasser")
    assert answer.status_code == 200
    assert f'value="{water.pk}" id="id_themes_' in str(WishForm(theme=water)["themes"])
    assert "checked" in str(WishForm(theme=water)["themes"])
    assert "checked" not in str(WishForm()["themes"])


def test_the_list_of_themes_counts_what_is_public(client, water):
    ThemeFactory(name="Leer")
    text = words(client.get("/themen/"))

    assert "Wasser Zu viel und zu wenig davon. 2 Lösungen, 1 Projekt" in text
    assert "Leer" not in text
    assert client.get("/themen/gibt-es-nicht/").status_code == 404


def test_a_dossier_costs_the_same_queries_however_much_there_is(client, django_assert_num_queries):
    for slug, number in (("klein", 1), ("gross", 12)):
        theme = ThemeFactory(slug=slug)
        for solution in SolutionFactory.create_batch(number, themes=[theme]):
            Lesson.objects.create(solution=solution, kind="stolperfalle", text="Spät.", source=PAGE)
        CommunityFactory.create_batch(number, theme=theme)
    client.get("/loesungen/")
    client.get("/veranstaltungen/")
    for slug in ("klein", "gross"):
        with django_assert_num_queries(4):
            client.get(f"/themen/{slug}/")
        with django_assert_num_queries(1):
            client.get(f"/themen/{slug}/")


def test_search_engines_are_told_of_every_theme(client, water):
    assert "/themen/wasser/" in client.get("/sitemap.xml").text or "/themen/wasser/" in (
        client.get("/sitemap-themen.xml").text
    )


def test_every_theme_begins_with_words_of_its_own_that_editors_may_change(client):
    load_once()

    texts = dict(Theme.objects.values_list("slug", "description"))
    assert len(texts) == len(set(texts.values())) == 23
    # Two or three sentences, no essay and no headline.
    assert {slug for slug, text in texts.items() if not 100 < len(text) < 400} == set()
    assert {slug for slug, text in texts.items() if not text.endswith(".")} == set()
    assert "Pegelsensoren warnen vor Hochwasser" in client.get("/themen/wasser/").text

    Theme.objects.filter(slug="wasser").update(description="Von Hand geschrieben.")
    report = load()["theme"]

    assert report.kept == ["Wasser: Beschreibung"]
    assert Theme.objects.get(slug="wasser").description == "Von Hand geschrieben."


def test_themes_lead_to_their_dossier_from_start_page_sheet_and_foot_of_the_page(client):
    project = ProjectFactory()
    theme = ThemeFactory(name="Wasser", slug="wasser")
    project.themes.add(theme)
    solution = SolutionFactory(project=project, themes=[theme])

    for address in ("/", solution.get_absolute_url(), project.get_absolute_url()):
        page = client.get(address).text
        assert 'href="/themen/wasser/"' in page, address
        assert 'href="/themen/"' in page, address
