"""The request in steps, as a browser without JavaScript sends it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import NetworkUse
from consulting import actions
from consulting.models import Appointment, ConsultationRequest, Draft, State
from ground.clock import deadline
from mailing.models import Email
from projects.municipality_form import AS_WRITTEN
from projects.municipality_picker import find_municipalities
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    MunicipalityFactory,
    ProjectFactory,
    SlotFactory,
    SolutionFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

WISH = {
    "building_blocks": ["initialberatung"],
    "stage": "anfang",
    "question": "Womit fangen wir an?",
}
CONTACT = {
    "contact_name": "Eva Beispiel",
    "contact_role": "Digitalisierung",
    "email": "eva@musterdorf.example",
}


def step(slug: str) -> str:
    return reverse("consulting:part", args=[slug])


@pytest.fixture
def slot():
    return SlotFactory(
        advisor=AdvisorFactory(),
        starts_at=timezone.now().replace(microsecond=0) + timedelta(days=7),
    )


@pytest.fixture
def municipality():
    return MunicipalityFactory(name="Musterdorf")


def fill(client, municipality, slot=None, **contact) -> None:
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    client.post(step("anliegen"), WISH)
    chosen = {"slot": slot.pk} if slot else {"slot": "keiner", "wishes": "Dienstags"}
    client.post(step("termin"), chosen)
    client.post(step("kontakt"), CONTACT | contact)
    Draft.objects.update(created_at=timezone.now() - timedelta(minutes=5))


def review(client) -> dict:
    """What the form on the last page sends."""
    context = client.get(reverse("consulting:review")).context
    return {"form_token": context["token"], "stamp": context["form"].fresh_stamp, "homepage": ""}


def test_a_request_with_a_time_is_held_and_asks_for_confirmation(client, municipality, slot):
    fill(client, municipality, slot)
    response = client.post(reverse("consulting:review"), review(client), follow=True)
    stored = ConsultationRequest.objects.get()
    assert response.redirect_chain == [(reverse("consulting:sent"), 302)]
    until = deadline(Appointment.objects.get().expires_at)
    assert f"bis {until}, für Sie vorgemerkt" in response.content.decode()
    assert (stored.state, stored.municipality, stored.question) == (
        State.HELD,
        municipality,
        "Womit fangen wir an?",
    )
    assert stored.current_appointment().slot == slot
    assert Draft.objects.count() == 0
    assert [email.to for email in Email.objects.all()] == ["eva@musterdorf.example"]


def test_who_sent_a_request_learns_nothing_of_what_becomes_of_it(client, municipality, slot):
    fill(client, municipality, slot)
    client.post(reverse("consulting:review"), review(client))
    before = client.get(reverse("consulting:sent")).content

    stored = ConsultationRequest.objects.get()
    actions.confirm(stored, now=timezone.now())
    ConsultationRequest.objects.update(email="richtig@musterdorf.example")

    assert client.get(reverse("consulting:sent")).content == before


def test_sending_twice_stores_once(client, municipality, slot):
    fill(client, municipality, slot)
    form = review(client)
    for _time in range(2):
        assert client.post(reverse("consulting:review"), form).url == reverse("consulting:sent")
    assert ConsultationRequest.objects.count() == Email.objects.count() == 1


def test_a_time_taken_meanwhile_leads_back_with_everything_typed_kept(client, municipality, slot):
    later = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    rival = Client()
    for person in (client, rival):
        fill(person, municipality, slot, email=f"{uuid.uuid4()}@musterdorf.example")
    forms = review(client), review(rival)
    client.post(reverse("consulting:review"), forms[0])
    response = rival.post(reverse("consulting:review"), forms[1], follow=True)
    text = response.content.decode()
    assert response.redirect_chain == [(step("termin"), 302)]
    assert "nicht mehr frei" in text
    assert later.day_in_full in text
    assert later.within_day in text
    assert Draft.objects.get().data["kontakt"]["contact_name"] == "Eva Beispiel"
    assert Appointment.objects.count() == 1


def test_without_a_fitting_time_the_wishes_go_to_the_office(client, municipality):
    fill(client, municipality)
    client.post(reverse("consulting:review"), review(client))
    stored = ConsultationRequest.objects.get()
    assert (stored.state, stored.wishes) == (State.OPEN, "Dienstags")


def test_interest_in_a_workshop_needs_no_date(client, municipality):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    response = client.post(step("anliegen"), WISH | {"building_blocks": ["themenwerkstatt"]})
    assert response.url == step("kontakt")


def test_a_name_without_the_script_shows_the_hits_to_choose_from(client):
    first = MunicipalityFactory(name="Neustadt")
    second = MunicipalityFactory(name="Neustadt")
    text = client.post(step("kommune"), {"q": "Neustadt"}).content.decode()
    assert text.count('type="radio"') == 3  # and „Keine davon“
    chosen = {"q": "Neustadt", "hits_for": "Neustadt", "municipality": second.pk}
    assert client.post(step("kommune"), chosen).url == step("anliegen")
    assert first.pk != second.pk


def test_looking_at_the_steps_stores_nothing(client):
    client.get(reverse("consulting:request"), follow=True)
    assert Draft.objects.count() == 0
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("slug", "posted"),
    [
        ("kommune", {"q": "x" * 500}),
        (
            "kommune",
            {"q": "\0 😀 <b>", "hits_for": "😀 <b>", "picked": "9" * 12, "municipality": "²"},
        ),
        ("kommune", {"q": "x", "hits_for": "x", "municipality": AS_WRITTEN, "land": "XX"}),
        ("anliegen", {"themes": ["0", "99999999999", "²"], "question": "<script>\0" * 900}),
        ("termin", {"slot": "-1", "wishes": "\0"}),
        ("kontakt", {"contact_name": "😀" * 500, "email": "\0@<b>", "phone": "1" * 500}),
    ],
)
def test_what_nobody_should_type_is_kept_and_answered_in_german(client, municipality, slug, posted):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    response = client.post(step(slug), posted)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in text
    assert "<script>" not in text.split("<form")[-1]


def test_without_a_session_the_last_step_typed_is_kept(client):
    text = client.post(step("kontakt"), CONTACT, follow=True).content.decode()
    assert "Ihre Sitzung ist abgelaufen" in text
    assert Draft.objects.get().data["kontakt"] == CONTACT


def test_going_back_keeps_what_is_not_finished(client, municipality):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    posted = {"question": "Halb fertig", "zurueck": "1"}
    assert client.post(step("anliegen"), posted).url == step("kommune")
    assert "Halb fertig" in client.get(step("anliegen")).content.decode()


def test_what_a_portrait_was_about_goes_along(client, municipality):
    solution = SolutionFactory()
    begin = client.get(reverse("consulting:request"), {"loesung": solution.slug})
    assert begin.url == f"{step('kommune')}?loesung={solution.slug}"
    client.post(begin.url, {"q": municipality.name, "picked": municipality.pk})
    assert solution.name in client.get(step("anliegen")).content.decode()
    client.post(step("anliegen"), WISH | {"about": ["loesung"]})
    client.post(step("termin"), {"slot": "keiner", "wishes": "Dienstags"})
    client.post(step("kontakt"), CONTACT)
    Draft.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    client.post(reverse("consulting:review"), review(client))
    assert ConsultationRequest.objects.get().solution == solution


def test_a_funded_kommune_is_led_elsewhere(client, municipality):
    ProjectFactory(name="Modellstadt").municipalities.add(municipality)
    posted = {"q": municipality.name, "picked": municipality.pk}
    text = client.post(step("kommune"), posted).content.decode()
    assert "Ihre Kommune wird schon gefördert" in text
    assert "Modellstadt" in text
    assert client.get(step("anliegen")).url == step("kommune")


def test_a_kommune_in_a_funded_kreis_is_told_and_goes_on(client):
    kreis = MunicipalityFactory(kreis_level=True)
    ProjectFactory(name="Modellkreis").municipalities.add(kreis)
    inside = MunicipalityFactory(name="Innendorf", kreis=kreis)
    posted = {"q": inside.name, "picked": inside.pk}
    text = client.post(step("kommune"), posted, follow=True).content.decode()
    assert "Innendorf liegt im Gebiet eines Modellprojekts (Modellkreis)" in text


def test_a_running_request_of_the_same_kommune_is_hinted_at_without_a_name(client, municipality):
    ConsultationRequestFactory(municipality=municipality, contact_name="Geheime Person")
    posted = {"q": municipality.name, "picked": municipality.pk}
    text = client.post(step("kommune"), posted, follow=True).content.decode()
    assert "Für Ihre Kommune läuft schon eine Anfrage" in text
    assert "Geheime Person" not in text


@pytest.mark.parametrize("trap", [{"homepage": "https://spam.example"}, {"stamp": "erfunden"}])
def test_what_a_program_sends_is_not_stored(client, municipality, trap):
    fill(client, municipality)
    response = client.post(reverse("consulting:review"), review(client) | trap)
    assert "senden Sie noch einmal ab" in response.content.decode()
    assert ConsultationRequest.objects.count() == 0


def test_too_many_requests_of_one_address_get_a_sentence(client, municipality):
    for _number in range(3):
        ConsultationRequestFactory(email=CONTACT["email"], email_key=CONTACT["email"])
    fill(client, municipality)
    response = client.post(reverse("consulting:review"), review(client))
    assert "liegen uns schon mehrere Anfragen vor" in response.content.decode()
    assert Draft.objects.count() == 1


def test_the_link_to_go_on_later_is_sent(client, municipality):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    assert client.post(step("anliegen"), {"spaeter": "1"}).url == reverse("consulting:later")
    client.post(reverse("consulting:later"), {"email": "eva@musterdorf.example"})
    email = Email.objects.get()
    assert email.to == "eva@musterdorf.example"
    assert "/start-smart/fortsetzen/" in email.text


@pytest.mark.parametrize(
    ("slug", "most"), [("kommune", 6), ("anliegen", 5), ("termin", 8), ("kontakt", 3)]
)
def test_a_step_asks_the_database_as_often_for_many_as_for_few(
    client, municipality, slot, slug, most, django_assert_max_num_queries
):
    fill(client, municipality, slot)
    for number in range(1, 20):
        ThemeFactory()
        SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(hours=2 * number))
    with django_assert_max_num_queries(most):
        client.get(step(slug))


def test_limits_count_visitors_and_not_the_proxy_before_the_portal(settings, municipality):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in (7, 8):
        visitor = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"})
        visitor.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
        visitor.post(reverse("consulting:later"), {"email": f"eva{number}@musterdorf.example"})

    assert NetworkUse.objects.count() == 2
    assert NetworkUse.objects.values("network").distinct().count() == 2


def test_a_kommune_that_is_not_found_is_asked_about_and_taken_as_it_was_written(client):
    typed = {"q": "Musterdorf hinter dem Deich"}
    asked = client.post(step("kommune"), typed)

    text = " ".join(asked.content.decode().split())
    assert "Stimmt sie, senden Sie einfach noch einmal ab: Wir übernehmen den Namen so." in text
    assert "Bitte prüfen Sie Ihre Angaben" not in text
    # Only the Land is asked for, and the answer is chosen already.
    answer = {**typed, "hits_for": typed["q"], "municipality": AS_WRITTEN}
    assert checked(asked) == AS_WRITTEN
    assert "Bitte wählen Sie das Land." in client.post(step("kommune"), answer).content.decode()
    answer["land"] = "HE"
    assert client.post(step("kommune"), answer).url == step("anliegen")
    client.get(step("anliegen"))
    shown = Draft.objects.get().data["kommune"]
    assert (shown["q"], shown["land"]) == ("Musterdorf hinter dem Deich", "HE")


def test_who_writes_the_land_beside_the_name_is_not_asked_for_it(client):
    q = "Zweckverband Musterland, Hessen"
    answer = {"q": q, "hits_for": q, "municipality": AS_WRITTEN}

    assert client.post(step("kommune"), answer).url == step("anliegen")


def test_the_name_or_key_of_one_kommune_alone_is_taken_at_once_and_what_is_only_like_it_asked(
    client,
):
    meant = MunicipalityFactory(name="Wiesenburg")
    MunicipalityFactory(name="Wiesenburger Land")

    for typed in ("wiesenburg", meant.ags):
        assert client.post(step("kommune"), {"q": typed}).url == step("anliegen")
    meant.delete()
    asked = client.post(step("kommune"), {"q": "wiesenburg"})

    text = asked.content.decode()
    assert "Meinen Sie diese Kommune?" in text
    assert "error" not in text.split("<main")[1].split("</main")[0]
    (other,) = find_municipalities("Wiesenburger")
    assert checked(asked) == str(other.pk)
    answer = {"q": "wiesenburg", "hits_for": "wiesenburg", "municipality": other.pk}
    assert client.post(step("kommune"), answer).url == step("anliegen")


def test_what_others_are_called_for_short_or_have_as_their_postcode_is_asked(client):
    village = MunicipalityFactory(name="Weiden", population=81)
    MunicipalityFactory(name="Weiden in der Oberpfalz", population=42_444)
    MunicipalityFactory(kreis_level=True, name="Landkreis Bamberg", ars="09471", ags="09471")
    MunicipalityFactory(name="Königswalde", postcode="09471")

    assert checked(client.post(step("kommune"), {"q": "Weiden"})) == str(village.pk)
    asked = client.post(step("kommune"), {"q": "09471"})
    assert "Welche meinen Sie?" in asked.text
    assert " checked" not in asked.text


def test_another_word_is_another_question_with_its_own_answer_chosen(client):
    meant = MunicipalityFactory(name="Wiesenburg")
    before = {"q": "Zweckverband", "hits_for": "Zweckverband", "municipality": AS_WRITTEN}

    asked = client.post(step("kommune"), before | {"q": "Wiesenbu"})

    assert checked(asked) == str(meant.pk)
    # An answer to another word counts for nothing, so the name alone decides.
    assert client.post(step("kommune"), before | {"q": "Wiesenburg"}).url == step("anliegen")
    # Who has seen the question may still say that none is meant.
    none = {"q": "Wiesenburg", "hits_for": "Wiesenburg", "municipality": AS_WRITTEN, "land": "HE"}
    assert client.post(step("kommune"), none).url == step("anliegen")


def test_a_question_that_is_not_answered_is_asked_as_an_error(client):
    for _time in range(2):
        MunicipalityFactory(name="Neustadt")

    again = client.post(step("kommune"), {"q": "Neustadt", "hits_for": "Neustadt"})

    assert "Bitte wählen Sie aus, welche Kommune Sie meinen." in again.content.decode()


@pytest.mark.parametrize("is_typed", [False, True], ids=["chosen", "typed by hand"])
def test_a_funded_kommune_is_told_kindly_where_to_go_on(client, is_typed):
    funded = MunicipalityFactory(name="Musterdorf", land="HE")
    project = ProjectFactory(name="Muster digital")
    project.municipalities.add(funded)
    posted = {"q": "Musterdorf", "picked": funded.pk}
    if is_typed:
        posted = {
            "q": "Musterdorf, Hessen",
            "hits_for": "Musterdorf, Hessen",
            "municipality": AS_WRITTEN,
        }

    answer = client.post(step("kommune"), posted)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Ihre Kommune wird schon gefördert" in text
    assert f'href="{project.get_absolute_url()}"' in text
    assert reverse("contact") in text.split("<main")[1].split("</main")[0]
    assert "Bitte prüfen Sie Ihre Angaben" not in text
    assert client.get(step("anliegen")).url == step("kommune")


def checked(response) -> str:
    """The answer that is chosen when the page comes."""
    [value] = re.findall(
        r'type="radio" name="municipality" value="([^"]*)"[^>]* checked', response.text
    )
    return value


def test_who_comes_back_to_a_step_is_not_met_with_an_error(client, municipality):
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    assert "Bitte prüfen Sie Ihre Angaben" in client.post(step("anliegen"), {}).text

    assert client.post(step("anliegen"), {"zurueck": "1", "question": "Womit?"}).url == step(
        "kommune"
    )
    back = client.get(step("anliegen"))

    assert "Bitte prüfen Sie Ihre Angaben" not in back.text
    assert "error" not in back.text.split("<main")[1].split("</main")[0]
    assert "Womit?" in back.text


def test_turning_to_later_times_keeps_what_is_typed_and_splits_no_day(client, municipality, slot):
    for day in range(4):
        start = slot.starts_at.replace(hour=8) + timedelta(days=day + 1)
        for hour in range(5):
            SlotFactory(advisor=slot.advisor, starts_at=start + timedelta(hours=hour))
    client.post(step("kommune"), {"q": municipality.name, "picked": municipality.pk})
    client.post(step("anliegen"), WISH)

    pages = [client.get(f"{step('termin')}?seite={number}") for number in (1, 2)]

    days = [
        re.findall(r'<legend class="kern-label">(\w+, [^(]+) \((\d+)\sfreie', one.text)
        for one in pages
    ]
    assert [sum(int(count) for _day, count in page) for page in days] == [16, 5]
    assert not {day for day, _count in days[0]} & {day for day, _count in days[1]}
    assert [one.text.count('name="slot"') for one in pages] == [17, 6]  # and „Kein Termin passt“
    # Without a choice, which is no error here: nothing is sent yet.
    turned = client.post(step("termin"), {"wishes": "Nur nachmittags", "seite": "2"}, follow=True)
    assert turned.redirect_chain == [(f"{step('termin')}?seite=2#termine", 302)]
    assert "Nur nachmittags</textarea>" in turned.text
    assert "Bitte prüfen Sie Ihre Angaben" not in turned.text
    # Enter in the form goes on; it does not turn the page.
    first = re.findall(r"<button[^>]*>", turned.text.split("<form")[-1])[0]
    assert "name=" not in first
    # Under the heading of a day no time repeats it.
    assert slot.in_full not in pages[0].text
    assert f"{slot.within_day}</label>" in pages[0].text


def test_what_the_person_comes_with_is_chosen_and_said(client, municipality):
    solution = SolutionFactory(name="Bürgerbus-App")
    ThemeFactory(name="Mobilität", slug="mobilitaet")
    begun = client.get(
        f"{reverse('consulting:request')}?loesung={solution.slug}&thema=mobilitaet", follow=True
    )

    said = "Baustein „Initialberatung“, Lösung „Bürgerbus-App“, Thema „Mobilität“"
    assert said in " ".join(begun.text.split())
    query = begun.request["QUERY_STRING"]
    picked = {"q": municipality.name, "picked": municipality.pk}
    client.post(f"{step('kommune')}?{query}", picked)
    wish = client.get(step("anliegen"))
    assert said in " ".join(wish.text.split())
    chosen = re.findall(r'value="([^"]+)"[^>]* checked', wish.text)
    assert "initialberatung" in chosen
    assert "loesung" in chosen
    client.post(step("anliegen"), WISH)
    assert said not in " ".join(client.get(step("anliegen")).text.split())


def test_another_building_block_may_be_asked_for_from_the_offer(client, municipality):
    assert "?baustein=peer-learning" in client.get(reverse("consulting:offer")).text
    client.post(
        f"{step('kommune')}?baustein=peer-learning",
        {"q": municipality.name, "picked": municipality.pk},
    )

    chosen = re.findall(r'value="([^"]+)"[^>]* checked', client.get(step("anliegen")).text)

    assert chosen == ["peer-learning"]
