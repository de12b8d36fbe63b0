"""The pages behind the links in e-mails, as people and as mail scanners open them."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from consulting import actions, links
from consulting.links import Purpose
from consulting.mail import consultations
from consulting.models import Appointment, ConsultationRequest, Draft, Rating, Slot, State
from consulting.views.draft import PARTS
from ground.refusals import Overtaken
from mailing.models import Email
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    DraftFactory,
    SlotFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots():
    start = timezone.now().replace(microsecond=0) + timedelta(days=7)
    advisor = AdvisorFactory()
    return [SlotFactory(advisor=advisor, starts_at=start + timedelta(days=n)) for n in range(3)]


def consultation(slot=None, **traits) -> ConsultationRequest:
    stored = ConsultationRequestFactory(slot=slot, **traits)
    Appointment.objects.filter(request=stored).exclude(expires_at=None).update(
        expires_at=timezone.now() + timedelta(minutes=60)
    )
    return stored


def page(stored: ConsultationRequest, purpose: Purpose) -> str:
    until = timezone.now() + timedelta(days=1)
    return f"/start-smart/{purpose}/{links.token_for(stored, purpose, until=until)}/"


def everything() -> dict[str, list]:
    """All rows of Start Smart and of the outbox."""
    models = [*apps.get_app_config("consulting").get_models(), Email]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def test_opening_every_link_of_every_email_ten_times_changes_no_row(client, slots):
    now = timezone.now()
    office = get_user_model().objects.create_user(email="amt@example.org", is_staff=True)
    draft = DraftFactory(changed_at=now)
    actions.send_draft_link(draft, email="eva@musterdorf.example", now=now)
    held = consultation(slots[0], held=True)
    consultations.ask_to_confirm(held, held.current_appointment(), now=now)
    open_ = consultation()
    consultations.acknowledge(open_, now=now)
    actions.propose(open_, slot=slots[1], by=office, now=now)
    agreed = consultation(slots[2], confirmed=True)
    consultations.invite(agreed, agreed.current_appointment(), "confirmed", now=now)
    consultations._store([consultations.question(agreed, agreed.current_appointment(), now=now)])
    actions.write(agreed, text="Wie viele kommen?", by=office, now=now)
    texts = " ".join(email.text for email in Email.objects.all())
    addresses = set(re.findall(r"https?://[^/\s]+(/start-smart/[a-z]+/[^\s/]+/)", texts))
    assert {address.split("/")[2] for address in addresses} == set(Purpose)
    before = everything()
    for address in sorted(addresses) * 10:
        assert client.get(address).status_code in (200, 410)
        assert client.head(address).status_code in (200, 410)
    assert everything() == before


def test_confirming_happens_once_and_the_second_time_says_so(client, slots):
    held = consultation(slots[0], held=True)
    address = page(held, Purpose.CONFIRM)
    assert "Termin bestätigen" in client.get(address).content.decode()
    text = client.post(address, follow=True).content.decode()
    assert "Ihr Termin ist bestätigt" in text
    held.refresh_from_db()
    assert held.state == State.CONFIRMED
    sent = Email.objects.count()
    assert "schon bestätigt" in client.post(address).content.decode()
    assert Email.objects.count() == sent


def test_a_date_is_moved(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    response = client.post(page(agreed, Purpose.RESCHEDULE), {"slot": slots[1].pk}, follow=True)
    assert slots[1].in_full in response.content.decode()
    assert Appointment.objects.get(released_at=None).slot == slots[1]


def test_who_wants_to_cancel_is_offered_to_move_first(client, slots):
    agreed = consultation(slots[0], confirmed=True)

    text = client.get(page(agreed, Purpose.CANCEL)).content.decode()

    assert text.index("Passt nur die Zeit nicht?") < text.index("Ja, absagen")
    [moving] = re.findall(r'href="(/start-smart/verschieben/[^"]+)"', text)
    assert "Auf diesen Termin verschieben" in client.get(moving).content.decode()
    waits = consultation(None)
    assert (
        "Passt nur die Zeit nicht?" not in client.get(page(waits, Purpose.CANCEL)).content.decode()
    )


def test_moving_to_a_taken_time_keeps_the_old_one(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    consultation(slots[1], confirmed=True)
    text = client.post(page(agreed, Purpose.RESCHEDULE), {"slot": slots[1].pk}).content.decode()
    assert "nicht mehr frei" in text
    assert slots[2].day_in_full in text
    assert slots[2].within_day in text
    assert agreed.current_appointment().slot == slots[0]


def test_cancelling_needs_no_reason(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    assert client.post(page(agreed, Purpose.CANCEL), follow=True).status_code == 200
    agreed.refresh_from_db()
    assert agreed.state == State.CANCELLED


@pytest.mark.parametrize(("answer", "state"), [("ja", State.CONFIRMED), ("nein", State.OPEN)])
def test_a_proposal_is_answered(client, slots, answer, state):
    proposed = consultation(slots[0], proposed=True)
    client.post(page(proposed, Purpose.ANSWER), {"answer": answer, "wishes": "Montags"})
    proposed.refresh_from_db()
    assert proposed.state == state


def test_beside_a_proposal_one_reads_that_the_old_date_stays_if_it_is_still_to_come(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    over, later = (
        SlotFactory(starts_at=timezone.now() + days * timedelta(days=1)) for days in (-1, 20)
    )
    missed = consultation(over, confirmed=True)
    for asked, slot in ((agreed, slots[1]), (missed, later)):
        actions.propose(asked, slot=slot, by=UserFactory(), now=timezone.now())
        asked.refresh_from_db()
    answering = client.get(page(agreed, Purpose.ANSWER)).text

    stays = "Ihr bisheriger Termin bleibt bestehen, solange Sie den neuen nicht annehmen"
    assert f"{stays}: {slots[0].in_full}" in answering
    alone = consultation(slots[2], proposed=True)
    for without in (alone, missed):
        assert stays not in client.get(page(without, Purpose.ANSWER)).text


def test_a_date_that_is_over_is_not_called_agreed_nor_put_into_a_calendar(client, slots):
    ahead = client.get(page(consultation(slots[0], confirmed=True), Purpose.SEE)).text
    over = SlotFactory(starts_at=timezone.now() - timedelta(days=1))
    past = client.get(page(consultation(over, confirmed=True), Purpose.SEE)).text

    assert ("Termin vereinbart" in ahead, "In den Kalender" in ahead) == (True, True)
    assert "<dt>Stand</dt><dd>Der Termin liegt zurück</dd>" in past
    assert over.in_full in past
    assert "In den Kalender" not in past
    assert "Videoraum" not in past


def test_the_question_how_it_went_is_answered_once(client, slots):
    over = SlotFactory(starts_at=timezone.now() - timedelta(days=1))
    done = consultation(over, done=True)
    address = page(done, Purpose.RATE)
    client.post(address, {"rating": Rating.HELPED, "comment": "Danke"})
    done.refresh_from_db()
    assert (done.rating, done.rating_comment) == (Rating.HELPED, "Danke")
    assert "schon bei uns angekommen" in client.get(address).content.decode()


def test_the_entry_for_the_calendar_is_the_agreed_date(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    response = client.get(page(agreed, Purpose.SEE) + "termin.ics")
    event = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert event["dtstart"].dt == slots[0].starts_at
    # What waits for a yes would stand in a calendar as if it were firm.
    for slot, state in ((slots[1], "held"), (slots[2], "proposed")):
        waiting = consultation(slot, **{state: True})
        assert client.get(page(waiting, Purpose.SEE) + "termin.ics").status_code == 410


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_made_up_link_explains_itself(client, purpose):
    response = client.get(f"/start-smart/{purpose}/erfunden:1:2/")
    assert "nicht vollständig" in response.content.decode()
    assert response.status_code == 404


def test_what_has_begun_is_neither_cancelled_nor_moved_from_its_page(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    see = page(agreed, Purpose.SEE)
    ahead = client.get(see).context
    now = timezone.now()
    Appointment.objects.update(
        starts_at=now - timedelta(minutes=9),
        ends_at=now + timedelta(minutes=9),
        blocked=DateTimeTZRange(now - timedelta(hours=1), now + timedelta(hours=1)),
    )
    begun = client.get(see).context

    assert [name in ahead for name in ("cancel_url", "reschedule_url")] == [True, True]
    assert [name in begun for name in ("cancel_url", "reschedule_url")] == [False, False]


def test_a_link_for_cancelling_does_not_move_anything(client, slots):
    agreed = consultation(slots[0], confirmed=True)
    foreign = page(agreed, Purpose.CANCEL).replace(Purpose.CANCEL, Purpose.RESCHEDULE)
    assert client.post(foreign, {"slot": slots[1].pk}).status_code == 404
    assert agreed.current_appointment().slot == slots[0]


def test_nobody_keeps_a_copy_of_a_private_page(client, slots):
    response = client.get(page(consultation(slots[0], confirmed=True), Purpose.SEE))
    names = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    assert [response[name] for name in names] == [
        "no-store, private",
        "same-origin",
        "noindex, nofollow",
    ]


def test_a_draft_goes_on_in_another_browser(client):
    draft = DraftFactory(changed_at=timezone.now())
    address = reverse("consulting:resume", args=[links.draft_token(draft)])
    client.get(address)
    assert "start_smart_draft" not in client.session
    client.post(address)
    (taken,) = Draft.objects.all()
    assert client.session["start_smart_draft"] == str(taken.pk)
    assert (taken.data, taken.created_at, taken.changed_at) == (
        draft.data,
        draft.created_at,
        draft.changed_at,
    )


SECRET = "Telefon 0151 und eine Rampe"


def test_who_began_a_draft_cannot_read_what_the_other_person_types(client):
    mine, theirs = client, Client()
    mine.post(reverse("consulting:part", args=["kommune"]), {"q": "Muster"})
    draft = Draft.objects.get()
    address = reverse("consulting:resume", args=[links.draft_token(draft)])
    theirs.post(address)
    contact = {"contact_name": SECRET, "phone": SECRET, "access_needs": SECRET}
    theirs.post(reverse("consulting:part", args=["kontakt"]), contact)
    assert Draft.objects.get().data["kontakt"]["phone"] == SECRET

    steps = [reverse("consulting:part", args=[slug]) for slug in PARTS if slug != "pruefen"]
    for page in [*steps, reverse("consulting:review"), reverse("consulting:later"), address]:
        assert SECRET not in mine.get(page, follow=True).content.decode()
    for typed in ({}, {"spaeter": ""}):
        assert SECRET not in mine.post(steps[-1], typed, follow=True).content.decode()
    assert Draft.objects.get(continues=draft.pk).data["kontakt"]["phone"] == SECRET


def test_the_link_to_a_draft_is_dead_for_others_once_it_is_used(client):
    draft = DraftFactory(changed_at=timezone.now())
    address = reverse("consulting:resume", args=[links.draft_token(draft)])
    client.post(address)
    taken = Draft.objects.get()

    assert client.post(address).url == reverse("consulting:request")  # the same click, twice
    for answer in (Client().get(address), Client().post(address)):
        assert answer.status_code == 200
        assert "Schon erledigt" in answer.content.decode()
        assert "start_smart_draft" not in answer.client.session
    assert list(Draft.objects.all()) == [taken]


def test_what_the_first_browser_was_just_storing_does_not_open_the_old_link_again(client):
    draft = DraftFactory(changed_at=timezone.now())
    address = reverse("consulting:resume", args=[links.draft_token(draft)])
    client.post(address)
    taken = Draft.objects.get()

    late = actions.change_draft(draft.pk, lambda data: data, read={}, now=timezone.now())

    assert late.pk not in {draft.pk, taken.pk}
    assert Client().post(address).status_code == 200
    assert {one.pk for one in Draft.objects.all()} == {late.pk, taken.pk}


def test_of_two_browsers_that_use_the_link_at_once_one_takes_the_draft():
    draft = DraftFactory(changed_at=timezone.now())
    actions.take_draft(draft)
    with pytest.raises(Overtaken):
        actions.take_draft(draft)
    assert Draft.objects.get().continues == draft.pk


NO_TIME = "Zurzeit ist kein passender Termin frei."


@pytest.mark.parametrize(
    ("trait", "button"),
    [("confirmed", "Auf diesen Termin verschieben"), (None, "Diesen Termin buchen")],
)
def test_where_no_time_is_free_nothing_is_offered_to_choose_from(client, slots, trait, button):
    stored = consultation(slots[0], confirmed=True) if trait else consultation()
    address = page(stored, Purpose.RESCHEDULE)
    text = client.get(address).content.decode()
    assert (button in text, NO_TIME in text) == (True, False)

    Slot.objects.update(is_offered=False)

    text = client.get(address).content.decode()
    assert (button in text, NO_TIME in text) == (False, True)
    assert "Wählen Sie eine freie Zeit" not in text
    assert NO_TIME in client.post(address, {"slot": slots[1].pk}).content.decode()
