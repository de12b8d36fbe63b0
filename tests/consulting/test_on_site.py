"""Consultations at a roadshow stop: offered with it, moved with it, given up with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from consulting.actions import SlotTaken, confirm, on_site, submit
from consulting.availability import free_slots
from consulting.mail import consultations, reminders
from consulting.models import (
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryKind,
    Mode,
    Slot,
    State,
)
from events.actions import publishing
from events.models import EventKind, EventState, Format
from ground.refusals import Overtaken
from mailing.models import Email
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    MunicipalityFactory,
    SlotFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.consulting import NOW
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

# Nine o'clock in Germany, a week before the clocks change.
BEGIN = datetime(2026, 3, 24, 8, tzinfo=UTC)
PLACE = "Stadthalle, Friedrichstraße 10, Gütersloh"


def stop(**fields):
    defaults = {
        "kind": EventKind.ROADSHOW,
        "title": "Roadshow in Gütersloh",
        "starts_at": BEGIN,
        "ends_at": BEGIN + timedelta(hours=8),
        "venue": "Stadthalle",
        "address": "Friedrichstraße 10",
    }
    return EventFactory(**defaults | fields)


def time_at(event, hours=1, **fields):
    begin = event.starts_at + timedelta(hours=hours)
    place = {"mode": Mode.ON_SITE, "place": PLACE}
    return SlotFactory(event=event, starts_at=begin, **place | fields)


def booked(slot, **traits):
    return ConsultationRequestFactory(slot=slot, **traits or {"confirmed": True})


def mails(request):
    return list(Email.objects.filter(to=request.email).order_by("pk"))


def test_a_time_of_an_event_is_on_site():
    slot = time_at(stop())
    slot.mode, slot.place = Mode.PHONE, ""
    with pytest.raises(ValidationError, match="findet die Beratung vor Ort statt"):
        slot.full_clean()


def test_only_the_times_of_the_event_are_offered_for_it_also_far_ahead():
    event = stop()
    advisor = AdvisorFactory(horizon_days=5)
    at_event = time_at(event, advisor=advisor)
    elsewhere = SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=3))
    assert free_slots(now=NOW, event=event) == [at_event]
    assert free_slots(now=NOW) == [elsewhere]


def test_a_draft_offers_nothing_yet():
    event = stop(state=EventState.DRAFT)
    time_at(event)
    assert free_slots(now=NOW, event=event) == []
    publishing.publish(event, now=NOW)
    assert len(free_slots(now=NOW, event=event)) == 1


def test_advisors_elsewhere_do_not_hide_the_ones_at_the_event():
    water, energy = ThemeFactory(), ThemeFactory()
    AdvisorFactory(themes=[water, energy])
    event = stop()
    slot = time_at(event, advisor=AdvisorFactory(themes=[water]))
    time_at(event, hours=2, advisor=AdvisorFactory(themes=[ThemeFactory()]))
    assert free_slots(now=NOW, themes=[water, energy], event=event) == [slot]


def test_moving_the_stop_moves_its_times_and_tells_both_sides():
    event = stop()
    slot = time_at(event)
    request = booked(slot)
    begin = datetime(2026, 3, 31, 7, tzinfo=UTC)  # nine o'clock again, in summer time
    publishing.move(
        event, now=NOW, starts_at=begin, ends_at=begin + timedelta(hours=8), venue="Rathaus"
    )
    slot.refresh_from_db()
    appointment = request.appointments.get()
    assert slot.starts_at == begin + timedelta(hours=1)
    assert slot.place == "Rathaus, Friedrichstraße 10, Gütersloh"
    assert (appointment.starts_at, appointment.place) == (slot.starts_at, slot.place)
    assert appointment.blocked.lower <= appointment.starts_at
    request.refresh_from_db()
    assert (request.state, request.version) == (State.CONFIRMED, 2)
    assert request.history.get().kind == HistoryKind.EVENT_MOVED
    (email,) = mails(request)
    assert email.subject == (
        f"Start Smart, {request.municipality.name} – "
        "Verlegt: Ihre Beratung ist jetzt am Dienstag, 31. März 2026, 10:00 bis 10:45 Uhr"
    )
    assert "Rathaus, Friedrichstraße 10, Gütersloh" in email.text
    assert Email.objects.filter(to=slot.advisor.email).count() == 1


def test_times_that_follow_each_other_move_together():
    event = stop()
    advisor = AdvisorFactory(buffer_after_minutes=15)
    requests = [booked(time_at(event, hours=hour, advisor=advisor)) for hour in (1, 2, 3)]
    for begin in (BEGIN + timedelta(hours=1), BEGIN - timedelta(hours=1)):
        event = publishing.move(event, now=NOW, starts_at=begin, ends_at=begin + timedelta(hours=8))
        times = [request.appointments.get().starts_at for request in requests]
        assert times == [begin + timedelta(hours=hour) for hour in (1, 2, 3)]
    assert Slot.objects.filter(is_offered=True).count() == 3


def test_who_has_not_confirmed_yet_gets_a_link_that_works():
    event = stop()
    request = booked(time_at(event), held=True)
    publishing.move(event, now=NOW, starts_at=BEGIN + timedelta(hours=1))
    (email,) = mails(request)
    assert "wurde verlegt. Ihr vorgemerkter Termin ist jetzt:" in email.text
    with pytest.raises(Overtaken):
        confirm(request, now=NOW)
    request.refresh_from_db()
    confirm(ConsultationRequest.objects.get(pk=request.pk), now=NOW)


@pytest.mark.parametrize("trait", ["held", "proposed"])
def test_what_waits_for_a_yes_does_not_outlive_its_start_after_a_move(trait):
    event = stop()
    request = booked(time_at(event), **{trait: True})
    begins = request.appointments.get().starts_at
    Appointment.objects.update(expires_at=begins - timedelta(hours=1))
    publishing.move(
        event, now=NOW, starts_at=BEGIN - timedelta(days=2), ends_at=BEGIN - timedelta(days=1)
    )
    moved = request.appointments.get()
    assert moved.starts_at == begins - timedelta(days=2)
    assert moved.expires_at == moved.starts_at


@pytest.mark.parametrize("trait", ["held", "proposed"])
def test_who_has_less_time_than_until_the_start_keeps_it_after_a_move(trait):
    event = stop()
    request = booked(time_at(event), **{trait: True})
    until = request.appointments.get().expires_at
    publishing.move(event, now=NOW, starts_at=BEGIN + timedelta(hours=1))
    assert request.appointments.get().expires_at == until


@pytest.mark.parametrize("trait", ["held", "proposed"])
def test_who_has_not_answered_in_time_hears_nothing_more_of_the_stop(trait):
    event = stop()
    request = booked(time_at(event), **{trait: True})
    Appointment.objects.update(expires_at=NOW - timedelta(minutes=1))
    event = publishing.move(event, now=NOW, starts_at=BEGIN + timedelta(hours=1))
    publishing.cancel(event, "Sturmwarnung.", now=NOW)
    assert mails(request) == []
    before, request = request, ConsultationRequest.objects.get()
    assert (request.state, request.version) == (before.state, before.version)
    assert Appointment.objects.get().expires_at == NOW - timedelta(minutes=1)


def test_a_proposal_moves_along_and_is_asked_anew():
    event = stop()
    request = booked(time_at(event), proposed=True)
    publishing.move(event, now=NOW, starts_at=BEGIN + timedelta(hours=1))
    (email,) = mails(request)
    begins = f"Start Smart, {request.municipality.name} – Terminvorschlag: "
    assert email.subject.startswith(f"{begins}Dienstag, 24. März 2026, 11:00")


def test_an_advisor_who_is_elsewhere_at_the_new_time_leaves_the_request_to_the_office():
    event = stop()
    advisor = AdvisorFactory()
    slot = time_at(event, advisor=advisor)
    request = booked(slot)
    other_day = BEGIN + timedelta(days=1)
    busy = SlotFactory(advisor=advisor, starts_at=other_day + timedelta(hours=1))
    other = booked(busy)
    publishing.move(event, now=NOW, starts_at=other_day, ends_at=other_day + timedelta(hours=8))
    request.refresh_from_db()
    other.refresh_from_db()
    slot.refresh_from_db()
    assert (request.state, request.confirmed_at) == (State.OPEN, None)
    assert request.due_on is not None
    assert not slot.is_offered
    assert (other.state, other.version) == (State.CONFIRMED, 1)
    (email,) = mails(request)
    assert "entfällt, wir suchen einen anderen" in email.subject


def test_cancelling_the_stop_gives_the_times_up_and_tells_everybody():
    event = stop()
    slot = time_at(event)
    request = booked(slot)
    free = time_at(event, hours=3)
    publishing.cancel(event, "Sturmwarnung.", now=NOW)
    request.refresh_from_db()
    assert request.state == State.OPEN
    assert not Appointment.objects.blocking().exists()
    assert set(Slot.objects.values_list("is_offered", flat=True)) == {False}
    assert free_slots(now=NOW, event=event) == []
    (email,) = mails(request)
    assert "Der Grund: Sturmwarnung." in email.text
    assert email.attachments
    (advisors,) = Email.objects.filter(to=slot.advisor.email)
    kommune = request.municipality.name
    assert advisors.subject.startswith(f"Start Smart, {kommune} – Entfällt:")
    office = Email.objects.get(key__contains="office-event_gone")
    assert request.email not in office.text
    assert free.advisor.email not in Email.objects.values_list("to", flat=True)


def test_of_a_date_that_is_lost_with_its_stop_no_reminder_goes_out():
    event = stop()
    request = booked(time_at(event))
    week_before = request.appointments.get().starts_at - timedelta(days=7)
    assert reminders.remind(now=week_before) == 1
    publishing.cancel(event, "Sturmwarnung.", now=week_before + timedelta(hours=1))
    (email,) = mails(request)
    assert "Der Grund: Sturmwarnung." in email.text
    assert reminders.remind(now=week_before + timedelta(days=6)) == 0


def test_a_lost_date_with_a_proposal_waiting_leaves_the_proposal_on_the_table():
    event = stop()
    request = booked(time_at(event))
    elsewhere = SlotFactory(starts_at=NOW + timedelta(days=3))
    Appointment.objects.create(
        request=request,
        is_proposal=True,
        expires_at=NOW + timedelta(days=2),
        **Appointment.at(elsewhere),
    )
    publishing.cancel(event, "Sturmwarnung.", now=NOW)
    request.refresh_from_db()
    assert (request.state, request.due_on) == (State.PROPOSED, None)
    told, asked = mails(request)
    assert "eine eigene E-Mail" in told.text
    begins = f"Start Smart, {request.municipality.name} – Terminvorschlag:"
    assert asked.subject.startswith(begins)


def test_who_loses_a_proposal_with_its_stop_after_the_date_is_not_asked_how_it_went():
    request = booked(SlotFactory(starts_at=NOW + timedelta(days=1)))
    event = stop()
    Appointment.objects.create(
        request=request, is_proposal=True, expires_at=BEGIN, **Appointment.at(time_at(event))
    )
    publishing.cancel(event, "Sturmwarnung.", now=NOW + timedelta(days=2))
    (told,) = mails(request)
    assert told.key.endswith(":date_over")
    assert reminders.ask_how_it_went(now=NOW + timedelta(days=3)) == 0


def test_a_stop_that_goes_online_gives_its_times_up():
    event = stop(format=Format.ON_SITE)
    request = booked(time_at(event))
    publishing.move(
        event, now=NOW, format=Format.ONLINE, online_link="https://video.example.org/raum"
    )
    request.refresh_from_db()
    assert request.state == State.OPEN
    assert "Sturm" not in mails(request)[0].text


def test_if_telling_the_bookers_fails_the_event_is_not_cancelled(monkeypatch):
    event = stop()
    slot = time_at(event)
    request = booked(slot)

    def fail(*_args, **_kwargs):
        raise RuntimeError("The letter could not be written.")

    monkeypatch.setattr(consultations, "event_cancelled", fail)
    with pytest.raises(RuntimeError):
        publishing.cancel(event, "Sturmwarnung.", now=NOW)
    event.refresh_from_db()
    request.refresh_from_db()
    slot.refresh_from_db()
    assert event.state == EventState.PUBLISHED
    assert request.state == State.CONFIRMED
    assert slot.is_offered
    assert not Email.objects.exists()


def test_what_is_over_stays_as_it_was():
    event = stop()
    slot = time_at(event)
    request = booked(slot)
    during = BEGIN + timedelta(hours=4)
    publishing.cancel(event, "Feueralarm.", now=during)
    request.refresh_from_db()
    assert request.state == State.CONFIRMED
    assert not mails(request)


def test_the_place_is_the_events_unless_said_otherwise(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Start Smart"))
    client.force_login(user)
    begin = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    event = stop(starts_at=begin + timedelta(days=20), ends_at=begin + timedelta(days=20, hours=8))
    typed = {
        "advisor": AdvisorFactory().pk,
        "starts_at": f"{event.starts_at:%Y-%m-%d}T12:00",
        "ends_at": f"{event.starts_at:%Y-%m-%d}T12:45",
        "mode": Mode.ON_SITE,
        "event": event.pk,
        "is_offered": "on",
    }
    wrong_day = typed | {
        "starts_at": f"{event.starts_at + timedelta(days=1):%Y-%m-%d}T12:00",
        "ends_at": f"{event.starts_at + timedelta(days=1):%Y-%m-%d}T12:45",
    }
    answer = client.post(reverse("admin:consulting_slot_add"), wrong_day)
    assert "An diesem Tag ist die Veranstaltung nicht." in answer.content.decode()
    answer = client.post(reverse("admin:consulting_slot_add"), typed)
    assert answer.status_code == 302, answer.content.decode()
    assert Slot.objects.get().place == on_site.place_of(event)


def test_drafts_of_others_are_not_told_to_those_who_advise(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Start Smart: Beratung"))
    advisor = AdvisorFactory(user=user)
    day = timezone.now() + timedelta(days=20)
    times = {"starts_at": day, "ends_at": day + timedelta(hours=8)}
    group = CommunityFactory()
    MembershipFactory(
        community=group, email=user.email, user=user, state="aktiv", role=Role.COORDINATION
    )
    own = stop(title="Eigener Entwurf", state=EventState.DRAFT, community=group, **times)
    mine = stop(title="Entwurf mit meiner Zeit", state=EventState.DRAFT, **times)
    slot = time_at(mine, advisor=advisor)
    public = stop(title="Öffentlich", **times)
    foreign = stop(title="Fremder Entwurf", state=EventState.DRAFT, **times)
    client.force_login(user)

    for page in ("admin:consulting_slot_add", "admin:consulting_slot_change"):
        address = reverse(page, args=[slot.pk] if page.endswith("change") else [])
        html = client.get(address).content.decode()
        assert [one.title for one in (own, mine, public, foreign) if one.title in html] == [
            "Eigener Entwurf",
            "Entwurf mit meiner Zeit",
            "Öffentlich",
        ]
    # Nor by guessing its number.
    begin = f"{day:%Y-%m-%d}T"
    typed = {
        "advisor": advisor.pk,
        "starts_at": f"{begin}20:00",
        "ends_at": f"{begin}20:45",
        "mode": Mode.ON_SITE,
        "event": foreign.pk,
        "is_offered": "on",
    }
    answer = client.post(reverse("admin:consulting_slot_add"), typed)
    assert "event" in answer.context["adminform"].form.errors
    assert foreign.title not in answer.content.decode()


def test_the_page_of_the_event_offers_its_times_as_soon_as_there_are_any(client):
    event = EventFactory(kind=EventKind.ROADSHOW)
    link = f"{reverse('consulting:request')}?veranstaltung={event.slug}"
    page = client.get(event.get_absolute_url())
    assert link not in page.content.decode()
    time_at(event)
    seen = {"HTTP_IF_NONE_MATCH": page["ETag"]} if "ETag" in page else {}
    assert link in client.get(event.get_absolute_url(), **seen).content.decode()
    publishing.cancel(event, "Sturm.", now=timezone.now())
    assert link not in client.get(event.get_absolute_url()).content.decode()


FREE = "Beratung bei dieser Veranstaltung anfragen"
BOOKED = "Zurzeit sind alle Zeiten dafür vergeben."
TOO_LATE = "waren im Voraus zu buchen, jetzt ist es zu spät."


def test_the_page_of_the_event_says_what_is_true_of_its_times(client):
    """Free, all booked, free again and too late; what the browser has seen before is no excuse."""
    event = EventFactory(kind=EventKind.ROADSHOW)
    slot, other = time_at(event, hours=1), time_at(event, hours=2)
    seen = {}

    def said() -> list[str]:
        page = client.get(event.get_absolute_url(), **seen)
        if "ETag" in page:
            seen["HTTP_IF_NONE_MATCH"] = page["ETag"]
        html = page.content.decode()
        return [words for words in (FREE, BOOKED, TOO_LATE) if words in html]

    assert said() == [FREE]
    booked(slot)
    assert said() == [FREE]
    request = booked(other)
    assert said() == [BOOKED]
    request.appointments.update(released_at=timezone.now())
    assert said() == [FREE]
    lead = timedelta(hours=other.advisor.lead_hours)
    type(event).objects.update(starts_at=timezone.now() - timedelta(hours=1))
    begin = timezone.now() + lead - timedelta(minutes=1)
    Slot.objects.update(starts_at=begin, ends_at=begin + timedelta(minutes=45))
    assert said() == [TOO_LATE]


def test_the_page_of_the_event_asks_as_little_for_many_times_as_for_one(client):
    event = EventFactory(kind=EventKind.ROADSHOW)

    def asked() -> int:
        client.get("/veranstaltungen/")
        with CaptureQueriesContext(connection) as queries:
            client.get(event.get_absolute_url())
        return len(queries)

    time_at(event)
    one = asked()
    for hours in range(2, 7):
        booked(time_at(event, hours=hours))
    assert asked() == one <= 12


def test_the_form_keeps_to_the_event_it_was_opened_for_until_somebody_wants_all_times(client):
    event = EventFactory(kind=EventKind.ROADSHOW)
    here = time_at(event)
    elsewhere = SlotFactory(starts_at=timezone.now() + timedelta(days=4))
    client.get(reverse("consulting:request"), {"veranstaltung": event.slug}, follow=True)
    step = reverse("consulting:part", args=["kommune"]) + f"?veranstaltung={event.slug}"
    client.post(step, {"municipality": MunicipalityFactory().pk, "query": "x"})
    draft = Draft.objects.get()
    Draft.objects.update(data=draft.data | {"fertig": ["kommune", "anliegen"]})
    times = client.get(reverse("consulting:part", args=["termin"])).content.decode()
    assert f"{here.within_day}</label>" in times
    assert f"{elsewhere.within_day}</label>" not in times
    assert (here.day_in_full in times, elsewhere.day_in_full in times) == (True, False)
    Slot.objects.filter(pk=here.pk).update(is_offered=False)
    none = client.get(reverse("consulting:part", args=["termin"])).content.decode()
    assert "</a> ist kein Termin mehr frei." in none
    assert "Das sind die Zeiten vor Ort" not in none
    assert "Zu Ihren Themen ist zurzeit kein Termin frei" not in none
    everything = client.get(reverse("consulting:part", args=["termin"]), {"veranstaltung": ""})
    assert f"{elsewhere.within_day}</label>" in everything.content.decode()
    assert elsewhere.day_in_full in everything.content.decode()


def test_the_times_of_a_draft_follow_its_form(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Veranstaltungen"))
    client.force_login(user)
    day = timezone.localdate() + timedelta(days=30)
    nine = timezone.make_aware(datetime.combine(day, time(9)))
    event = stop(state=EventState.DRAFT, starts_at=nine, ends_at=nine + timedelta(hours=8))
    slot = time_at(event)
    typed = {
        "kind": event.kind,
        "title": event.title,
        "slug": event.slug,
        "audience": event.audience,
        "precision": event.precision,
        "starts_at": f"{day}T11:00",
        "ends_at": f"{day}T19:00",
        "format": "vor-ort",
        "venue": "Rathaus",
        "city": "Gütersloh",
        "land": "NW",
    }
    for prefix in ("seats", "agenda", "questions", "documents", "reminder_rules", "sources"):
        typed |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    page = reverse("admin:events_event_change", args=[event.pk])
    typed["_seen"] = client.get(page).context["seen"]
    answer = client.post(page, typed)
    assert answer.status_code == 302, answer.content.decode()
    slot.refresh_from_db()
    assert slot.starts_at == nine + timedelta(hours=3)
    assert slot.place == "Rathaus, Gütersloh"


@pytest.mark.django_db(transaction=True)
def test_of_a_cancelled_stop_and_a_booking_at_the_same_moment_nobody_is_left_standing():
    """Either the booking was first and its person is told, or it finds the time gone."""
    event = stop()
    slot = time_at(event)
    start, outcomes = Barrier(2), []

    def book():
        request = ConsultationRequestFactory.build(
            municipality=None, municipality_name="Musterdorf", slot=None
        )
        start.wait()
        try:
            outcomes.append(submit(request, slot=slot, now=NOW))
        except SlotTaken:
            outcomes.append(None)
        finally:
            connection.close()

    def cancel():
        start.wait()
        try:
            publishing.cancel(event, "Sturm.", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(book), pool.submit(cancel)]:
            future.result()
    assert not Appointment.objects.blocking().exists()
    (booked_one,) = outcomes
    if booked_one is not None:
        booked_one.refresh_from_db()
        assert booked_one.state == State.OPEN
