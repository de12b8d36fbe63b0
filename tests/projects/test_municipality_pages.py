from datetime import date

import pytest
from django.urls import reverse

from ground.land import Land
from projects.models import Municipality, Reuse, StatedBy
from projects.municipality_form import AS_WRITTEN, MunicipalityPicker
from projects.municipality_picker import distinguished, find_municipalities
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def names(q: str, **options) -> list[str]:
    return [municipality.name for municipality in find_municipalities(q, **options)]


@pytest.mark.parametrize(
    "typed", ["Weißenthurm", "weissenthurm", "WEISSENTHURM", "weiss", "enthurm"]
)
def test_a_name_is_found_in_any_spelling_and_by_its_parts(typed):
    MunicipalityFactory(name="Weißenthurm")
    MunicipalityFactory(name="Weimar")

    assert names(typed) == ["Weißenthurm"]


def test_the_very_name_comes_first_then_the_larger_place():
    MunicipalityFactory(name="Neustadt an der Weinstraße", population=53_000)
    MunicipalityFactory(name="Wiener Neustadt", population=99_000)
    MunicipalityFactory(name="Neustadt am Rübenberge", population=44_000)
    MunicipalityFactory(name="Neustadt", population=800)

    assert names("neustadt") == [
        "Neustadt",
        "Neustadt an der Weinstraße",
        "Neustadt am Rübenberge",
        "Wiener Neustadt",
    ]


def test_a_misspelt_name_finds_the_nearest():
    MunicipalityFactory(name="Bielefeld")
    MunicipalityFactory(name="Gera")

    assert names("Bielefeldt") == ["Bielefeld"]


def test_a_second_word_may_be_the_land():
    MunicipalityFactory(name="Neustadt", land=Land.SN)
    there = MunicipalityFactory(name="Neustadt", land=Land.HE)

    assert find_municipalities("Neustadt Hessen") == [there]


def test_a_postcode_and_a_key_are_understood():
    place = MunicipalityFactory(name="Münster", postcode="48143", ags="05515000")
    MunicipalityFactory(name="Gera", postcode="07545", ags="16052000")

    assert find_municipalities("48143") == [place]
    assert find_municipalities("05515000") == [place]


def test_the_name_of_a_project_finds_who_takes_part():
    project = ProjectFactory(name="Smart Region AUF")
    fuchstal = MunicipalityFactory(name="Fuchstal")
    project.participations.create(municipality=fuchstal)
    MunicipalityFactory(name="Aufhausen")

    assert names("AUF") == ["Fuchstal", "Aufhausen"]


def test_what_was_dissolved_is_not_offered():
    MunicipalityFactory(name="Altdorf", ended_on="2020-01-01")

    assert names("Altdorf") == []


@pytest.mark.parametrize("nonsense", ["", " ", "%", "_", "\0", "'; --", "x" * 500, "😀", "0" * 300])
def test_nonsense_finds_nothing_and_breaks_nothing(client, nonsense):
    MunicipalityFactory(name="Gera")

    answer = client.get(reverse("projects:municipality_search"), {"q": nonsense})

    assert (answer.status_code, list(answer.context["found"])) == (200, [])


def test_places_of_one_name_are_told_apart_by_kreis_and_land():
    kreis = MunicipalityFactory(
        name="Landkreis Marburg-Biedenkopf",
        level=Municipality.Level.KREIS,
        ars="06534",
        ags="06534",
    )
    place = MunicipalityFactory(name="Neustadt", designation="Stadt", kreis=kreis, land=Land.HE)

    assert distinguished(place) == f"Stadt, {kreis.official_name}, Hessen"


def test_the_same_list_comes_as_json_for_the_type_ahead(client):
    place = MunicipalityFactory(name="Gera", designation="Stadt", land=Land.TH)

    answer = client.get(
        reverse("projects:municipality_search"),
        {"q": "gera"},
        headers={"Accept": "application/json"},
    )

    assert answer.json() == {
        "results": [
            {"id": place.pk, "key": place.key, "name": "Gera", "detail": "Stadt, Thüringen"}
        ],
        "is_cut": False,
    }
    assert "Accept" in answer["Vary"]


def typed_ahead(client, q):
    address = reverse("projects:municipality_search")
    return client.get(address, {"q": q}, headers={"Accept": "application/json"}).json()


def test_while_typing_all_of_a_postcode_are_offered_and_more_than_are_shown_are_told(client):
    # As many as share one in the official list; the smallest would be cut off first.
    for number in range(39):
        MunicipalityFactory(name=f"Weiler {number}", postcode="54636", population=900 - number)
    for number in range(21):
        MunicipalityFactory(name=f"Weilerbach {number}", postcode="54597")
    as_many_as_are_shown = typed_ahead(client, "Weiler")
    MunicipalityFactory(name="Weilerbach 21", postcode="54597")

    by_postcode, by_name = typed_ahead(client, "54636"), typed_ahead(client, "Weiler")

    assert [one["name"] for one in by_postcode["results"]][-1] == "Weiler 38"
    assert (len(by_postcode["results"]), by_postcode["is_cut"]) == (39, False)
    assert (len(as_many_as_are_shown["results"]), as_many_as_are_shown["is_cut"]) == (60, False)
    assert (len(by_name["results"]), by_name["is_cut"]) == (60, True)
    page = client.get(reverse("projects:municipality_search"), {"q": "Weiler"})
    assert "60 Kommunen von vielen. Ein zweites Wort hilft" in page.content.decode()


def answers(form) -> list[str]:
    return [label for _value, label in form.fields["municipality"].widget.choices]


def test_without_the_script_all_of_a_postcode_are_answers_and_the_number_is_none():
    for number in range(39):
        MunicipalityFactory(name=f"Weiler {number}", postcode="54636")
    data = {"q": "54636", "hits_for": "54636", "municipality": AS_WRITTEN}

    class Form(MunicipalityPicker):
        def clean(self):
            self.chosen_municipality()

    asked, taken = Form({"q": "54636"}), Form(data)

    assert not asked.is_valid()
    assert (len(answers(asked)), any("übernehmen" in one for one in answers(asked))) == (39, False)
    assert asked.question == (
        "Dazu haben wir mehrere Kommunen gefunden. Welche meinen Sie? "
        "Fehlt Ihre, geben Sie statt der Nummer den Namen an."
    )
    assert not taken.is_valid()
    assert taken.as_written == ""


@pytest.mark.parametrize("q", ["99999", "12 345", "05-515"])
def test_a_number_that_nobody_has_is_refused_and_not_taken_as_a_name(q):
    class Form(MunicipalityPicker):
        def clean(self):
            self.chosen_municipality()

    form = Form({"q": q, "hits_for": q, "municipality": AS_WRITTEN})

    assert form.errors == {
        "q": ["Zu dieser Nummer finden wir keine Kommune. Bitte geben Sie den Namen an."]
    }
    assert (form.as_written, form.asks, form.shows_answers) == ("", False, False)


def test_a_name_with_a_number_in_it_is_a_name():
    class Form(MunicipalityPicker):
        def clean(self):
            self.chosen_municipality()

    name = "Zweckverband 21"
    form = Form({"q": name, "hits_for": name, "municipality": AS_WRITTEN})

    assert form.is_valid()
    assert (form.offers_as_written, form.as_written) == (True, name)


def test_without_the_script_it_is_said_where_more_are_found_than_are_shown():
    for number in range(61):
        MunicipalityFactory(name=f"Weiler {number}")

    question = MunicipalityPicker({"q": "Weiler"}).question

    assert question == (
        "Dazu haben wir mehrere Kommunen gefunden. Welche meinen Sie? "
        "Das sind nicht alle. Fehlt Ihre, schreiben Sie den Kreis dahinter."
    )


def page(client, municipality) -> str:
    return client.get(municipality.get_absolute_url()).content.decode()


def test_a_page_says_whether_a_municipality_is_funded_and_who_is_near(client):
    ulm = MunicipalityFactory(name="Ulm", latitude=48.4, longitude=9.99)
    project = ProjectFactory(name="Ulm4Clever", latitude=48.4, longitude=9.99)
    project.participations.create(municipality=ulm)
    ProjectFactory(name="Neue Nähe", latitude=48.8, longitude=9.2)
    hidden = ProjectFactory(name="Geheimes", latitude=48.4, longitude=9.9, is_public=False)
    hidden.participations.create(municipality=ulm)

    html = page(client, ulm)

    assert "ist an diesem Modellprojekt beteiligt" in html
    assert "Ulm4Clever" in html
    assert "73 km Luftlinie" in html
    assert "Geheimes" not in html


def test_what_the_kreis_has_is_no_offer_of_each_place_in_it(client):
    kreis = MunicipalityFactory(kreis_level=True)
    SolutionFactory(name="Pegelnetz", project=ProjectFactory(municipalities=[kreis]))
    assert "Pegelnetz" in page(client, kreis)
    assert "Pegelnetz" not in page(client, MunicipalityFactory(name="Auendorf", kreis=kreis))


def test_a_municipality_that_takes_no_part_is_told_so(client):
    assert "wird nicht als Modellprojekt Smart Cities gefördert" in page(
        client, MunicipalityFactory(name="Gera")
    )


def test_a_long_list_can_be_narrowed_to_a_land_and_a_kind(client):
    here = MunicipalityFactory(name="Neustadt", land=Land.HE)
    MunicipalityFactory(name="Neustadt", land=Land.SN)
    MunicipalityFactory(
        name="Verbandsgemeinde Neustadt", land=Land.HE, level="verband", ars=None, ags=None
    )
    address = reverse("projects:municipality_search")

    found = client.get(address, {"q": "neustadt", "land": "HE", "ebene": "gemeinde"}).context
    nonsense = client.get(address, {"q": "neustadt", "land": "XX", "ebene": "\0"}).context

    assert list(found["found"]) == [here]
    assert len(nonsense["found"]) == 3


# Addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "address"),
    [
        ({"ags": "08421000"}, "/kommunen/08421000/"),
        ({"kreis_level": True, "ars": "08425"}, "/kommunen/kreis-08425/"),
        ({"verband_level": True, "ars": "093615301"}, "/kommunen/verband-093615301/"),
    ],
)
def test_an_address_is_made_of_the_official_key(client, facts, address):
    municipality = MunicipalityFactory(name="Hier", **facts)

    assert municipality.get_absolute_url() == address
    assert client.get(address).context["municipality"] == municipality


def test_who_has_no_official_key_has_an_address_too(client):
    region = MunicipalityFactory(unlisted=True, name="Verband Region Hier")

    assert region.get_absolute_url() == f"/kommunen/nr-{region.pk}/"
    assert client.get(region.get_absolute_url()).status_code == 200


def test_old_addresses_and_keys_of_other_lists_lead_on_for_good(client):
    gemeinde = MunicipalityFactory(name="Ulm", ags="08421000", ars="084210000000")
    kreis = MunicipalityFactory(kreis_level=True, name="Alb-Donau-Kreis", ars="08425")

    for old, new in [
        (str(gemeinde.pk), gemeinde),
        (str(kreis.pk), kreis),
        ("084210000000", gemeinde),
        ("08425", kreis),
    ]:
        answer = client.get(f"/kommunen/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, new.get_absolute_url())


@pytest.mark.parametrize("key", ["0", "99999999", "kreis-00000", "nr-1234567890", "gibt-es-nicht"])
def test_an_address_of_nobody_is_not_found(client, key):
    assert client.get(f"/kommunen/{key}/").status_code == 404


def test_a_page_shows_what_is_used_and_offered_of_what_is_public_only(client):
    ulm = MunicipalityFactory(name="Ulm", population=126_000)
    own = ProjectFactory(name="Ulm4Clever", municipalities=[ulm])
    SolutionFactory(name="Ulmer Sensoren", project=own)
    theirs = SolutionFactory(name="Mitmachkarte", project__name="Anderswo")
    secret = SolutionFactory(name="Verborgenes", project__is_public=False)
    for solution in (theirs, secret):
        Reuse.objects.create(
            solution=solution, municipality=ulm, name="Ulm", source="https://example.org/quelle"
        )
    unconfirmed = SolutionFactory(name="Gerücht")
    Reuse.objects.create(
        solution=unconfirmed, municipality=ulm, name="Ulm", stated_by=StatedBy.PROJECT
    )

    html = page(client, ulm)

    assert "Was Ulm nachnutzt" in html
    assert "Mitmachkarte" in html
    assert "example.org" in html
    assert "Ulmer Sensoren" in html
    assert "Verborgenes" not in html
    assert "Gerücht" not in html


def test_what_a_kommune_did_that_has_ended_stands_with_its_successor_too(client):
    new = MunicipalityFactory(name="Neuau")
    old = MunicipalityFactory(name="Altau", ended_on=date(2026, 3, 31), successor=new)
    project = ProjectFactory(name="Smarte Aue", municipalities=[old])
    SolutionFactory(name="Auensensor", project=project)
    theirs, both = SolutionFactory(name="Mitmachkarte"), SolutionFactory(name="Schlaue Bank")
    for solution, place in ((theirs, old), (both, old), (both, new)):
        Reuse.objects.create(
            solution=solution, municipality=place, name=place.name, source="https://example.org/"
        )
    # That the new one only plans it hides nowhere that the old one has it.
    bus = SolutionFactory(name="Dorfbus")
    for place in (old, new):
        Reuse.objects.create(
            solution=bus,
            municipality=place,
            name=place.name,
            is_planned=place == new,
            source="https://example.org/",
        )

    # That the old one had planned it is nothing beside that the new one has it.
    lamp = SolutionFactory(name="Dorflampe")
    for place in (old, new):
        Reuse.objects.create(
            solution=lamp,
            municipality=place,
            name=place.name,
            is_planned=place == old,
            source="https://example.org/",
        )

    after, before = page(client, new), page(client, old)

    assert "Hier aufgegangen: " in after
    assert f'href="{old.get_absolute_url()}">Altau</a> (2026).' in after
    assert "Neuau ist an diesem Modellprojekt beteiligt:" in after
    assert "Auensensor" in after
    assert "Was Neuau nachnutzt" in after
    assert after.count("noch als Altau · ") == 2
    assert after.count("Dorfbus</a>") == 2
    assert after.count("Dorflampe</a>") == 1
    assert after.count("Schlaue Bank</a>") == 1
    assert "Aufgelöst am 31. März 2026, aufgegangen in " in before
    assert "noch als" not in before


def test_a_page_costs_the_same_queries_with_few_and_with_many(
    client, django_assert_max_num_queries
):
    ulm = MunicipalityFactory(name="Ulm", population=126_000, latitude=48.4, longitude=9.99)
    own = ProjectFactory(municipalities=[ulm])
    page(client, ulm)
    with django_assert_max_num_queries(5):
        page(client, ulm)
    for number in range(40):
        solution = SolutionFactory(name=f"Fremde Lösung {number}")
        SolutionFactory(name=f"Eigene Lösung {number}", project=own)
        Reuse.objects.create(
            solution=solution, municipality=ulm, name="Ulm", source="https://example.org/"
        )
    page(client, ulm)
    with django_assert_max_num_queries(5):
        assert "Fremde Lösung 39" in page(client, ulm)
