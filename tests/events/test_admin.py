"""The tools of hosts in the administration: whose is what, and what can be done with it."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import MembershipState
from events.mail import reminders
from events.models import (
    Event,
    EventKind,
    EventState,
    Minutes,
    MinutesState,
    Mode,
    Need,
    ParticipantNeeds,
    RegistrationState,
    ReminderRule,
    Seats,
)
from mailing.models import Email
from tests.factories import MunicipalityFactory
from tests.factories.accounts import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)
from tests.factories.projects import ThemeFactory
from tests.shipped import load_network

pytestmark = pytest.mark.django_db

EVENTS = reverse("admin:events_event_changelist")
PEOPLE = reverse("admin:events_registration_changelist")


@pytest.fixture
def staff():
    user = UserFactory(is_staff=True, name="Vera Veranstalterin")
    user.groups.set(Group.objects.filter(name="Veranstaltungen"))
    return user


@pytest.fixture
def office(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def role():
    """Coordinates one group, as staff without any right of Django."""
    return CoordinationFactory(user__is_staff=True)


@pytest.fixture
def coordinator(client, role):
    client.force_login(role.user)
    return client


def workshop(community, **fields):
    defaults = {"kind": EventKind.COMMUNITY_WORKSHOP, "takes_registrations": True}
    return EventFactory(community=community, **defaults | fields)


def page(event):
    return reverse("admin:events_event_change", args=[event.pk])


def step(event, slug):
    return reverse("admin:events_event_step", args=[event.pk, slug])


def text(answer):
    return answer.content.decode()


def form_of(client, address):
    """The fields of the form on a page of the administration, as they are shown."""
    adminform = client.get(address).context
    values = {"_seen": adminform["seen"]} if "seen" in adminform else {}
    forms = [adminform["adminform"].form]
    for formset in adminform["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, datetime):
                value = f"{value:%Y-%m-%dT%H:%M}"  # a form shows local time
            values[bound.html_name] = value
    return values


# Whose is what ----------------------------------------------------------------------------------


class TestScope:
    @pytest.fixture
    def foreign(self):
        event = workshop(CommunityFactory(name="Fremde Gemeinschaft"), title="Fremder Workshop")
        person = RegistrationFactory(event=event, name="Frida Fremd", email="frida@fremd.example")
        Minutes.objects.create(event=event, text="Fremdes Protokoll")
        return event, person

    def test_a_coordinator_finds_their_own_and_nothing_of_others(self, coordinator, role, foreign):
        event = workshop(role.community, title="Eigener Workshop")
        RegistrationFactory(event=event, name="Eva Eigen")
        event_list, people = text(coordinator.get(EVENTS)), text(coordinator.get(PEOPLE))
        assert "Eigener Workshop" in event_list
        assert "Eva Eigen" in people
        minutes = text(coordinator.get(reverse("admin:events_minutes_changelist")))
        for shown in (event_list, people, minutes):
            assert "Fremd" not in shown

    def test_every_page_of_a_foreign_event_answers_as_if_it_were_not_there(
        self, coordinator, foreign
    ):
        event, person = foreign
        row = event.minutes
        pages = [
            page(event),
            reverse("admin:events_event_history", args=[event.pk]),
            reverse("admin:events_event_delete", args=[event.pk]),
            reverse("admin:events_event_attendance", args=[event.pk]),
            reverse("admin:events_event_paper", args=[event.pk]),
            reverse("admin:events_event_statistics", args=[event.pk]),
            *(step(event, slug) for slug in ("verlegen", "absagen", "wiederholen")),
            reverse("admin:events_registration_change", args=[person.pk]),
            reverse("admin:events_registration_cancel", args=[person.pk]),
            reverse("admin:events_minutes_change", args=[row.pk]),
            reverse("admin:events_minutes_history", args=[row.pk]),
            reverse("admin:events_minutes_step", args=[row.pk, "freigeben"]),
            f"{PEOPLE}?veranstaltung={event.pk}",
            f"{PEOPLE}?q=fremd.example",
            f"{EVENTS}?gruppe={event.community_id}",
        ]
        for address in pages:
            for answer in (coordinator.get(address, follow=True), coordinator.post(address, {})):
                assert "Fremde" not in text(answer), address
                assert "Frida" not in text(answer), address
        event.refresh_from_db()
        assert event.state == EventState.PUBLISHED
        assert Event.objects.count() == 1

    def test_forged_bulk_actions_reach_nobody(self, coordinator, foreign):
        _event, person = foreign
        posted = {"action": "export", "_selected_action": [person.pk], "confirmed": "ja"}
        assert "Frida" not in text(coordinator.post(PEOPLE, posted, follow=True))

    def test_an_own_workshop_cannot_be_handed_to_a_foreign_group(self, coordinator, role, foreign):
        event = workshop(role.community)
        values = form_of(coordinator, page(event)) | {"community": foreign[0].community_id}
        assert coordinator.post(page(event), values).status_code == 200
        event.refresh_from_db()
        assert event.community == role.community

    def test_the_whole_network_is_not_a_coordinators(self, coordinator, role):
        conference = EventFactory(title="Regionalkonferenz")
        assert coordinator.get(page(conference)).status_code == 302
        assert coordinator.get(reverse("admin:events_overview")).status_code == 403
        add = text(coordinator.get(reverse("admin:events_event_add")))
        assert 'value="regionalkonferenz"' not in add
        assert "Notiz der Redaktion" not in add

    def test_rights_flow_down_the_tree_and_never_up(self, client):
        topic_group = TopicGroupFactory()
        of_parent = workshop(topic_group.parent, title="Workshop der AEG")
        of_child = workshop(topic_group, title="Workshop der Themengruppe")
        client.force_login(
            CoordinationFactory(user__is_staff=True, community=topic_group.parent).user
        )
        assert {of_parent.title, of_child.title} <= set(
            client.get(EVENTS).context["cl"].queryset.values_list("title", flat=True)
        )
        client.force_login(CoordinationFactory(user__is_staff=True, community=topic_group).user)
        assert list(client.get(EVENTS).context["cl"].queryset) == [of_child]

    def test_the_tools_end_with_the_role_also_where_somebody_is_signed_in(self, coordinator, role):
        event = workshop(role.community)
        assert coordinator.get(page(event)).status_code == 200
        role.state = MembershipState.LEFT
        role.save()
        assert coordinator.get(page(event)).status_code in (302, 403)
        assert coordinator.get(EVENTS).status_code == 403

    def test_staff_with_another_role_see_nobody(self, client):
        RegistrationFactory(event=workshop(CommunityFactory()), name="Frida Fremd")
        user = UserFactory(is_staff=True)
        user.groups.set(Group.objects.filter(name="Redaktion"))
        client.force_login(user)
        assert client.get(PEOPLE).status_code == 403


# Needs ------------------------------------------------------------------------------------------


class TestNeeds:
    @pytest.fixture
    def person(self):
        person = RegistrationFactory(name="Ada Anwesend")
        ParticipantNeeds.objects.create(
            registration=person, needs=[Need.SIGN_LANGUAGE], text="Assistenzhund Bello"
        )
        return person

    def test_lists_tell_that_there_are_some_and_never_which(self, office, person):
        RegistrationFactory(event=person.event, name="Otto Ohne")
        shown = text(office.get(PEOPLE, {"bedarf": "ja"}))
        assert "Ada Anwesend" in shown
        assert "Otto Ohne" not in shown
        assert "Bello" not in shown
        assert "Gebärden" not in shown

    def test_a_table_has_them_only_where_a_host_asks_for_them(self, office, person):
        posted = {"action": "export", "_selected_action": [person.pk], "confirmed": "ja"}
        assert "Bello" not in office.post(PEOPLE, posted).content.decode("utf-8-sig")
        asked = office.post(PEOPLE, posted | {"with_needs": "on"}).content.decode("utf-8-sig")
        assert "Gebärdensprachdolmetschung, Assistenzhund Bello" in asked

    def test_the_page_of_a_registration_says_what_to_prepare(self, office, person):
        shown = text(office.get(reverse("admin:events_registration_change", args=[person.pk])))
        assert "Gebärdensprachdolmetschung, Assistenzhund Bello" in shown


def test_a_table_opens_without_harm_in_a_spreadsheet(office):
    person = RegistrationFactory(
        name='=HYPERLINK("https://boese.example")', organisation="@SUM(A1)", catering_note="+1"
    )
    posted = {"action": "export", "_selected_action": [person.pk], "confirmed": "ja"}
    answer = office.post(PEOPLE, posted)
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["Name"] == '\'=HYPERLINK("https://boese.example")'
    assert rows[0]["Kommune oder Organisation"] == "'@SUM(A1)"
    assert rows[0]["Verpflegung"] == "'+1"


def test_a_table_has_everything_that_hosts_prepare_from(office):
    event = EventFactory(title="Forum", takes_registrations=True)
    person = RegistrationFactory(
        event=event,
        reference="VA-BCDF2345",
        name="Ada Amt",
        email="ada@ulm.example",
        municipality=MunicipalityFactory(name="Ulm", land="BW"),
        catering_note="vegan",
        attended_at=timezone.now(),
        # Half past midnight on the first of July in Germany.
        created_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC),
    )
    person.sessions.add(AgendaItemFactory(event=event, title="Werkstatt"))
    question = event.questions.create(text="Welche Größe?", position=1)
    person.answers.create(question=question, text="M")
    ParticipantNeeds.objects.create(registration=person, needs=["stufenlos"], text="Hund")
    posted = {"action": "export", "_selected_action": [person.pk], "confirmed": "ja"}

    answers = [office.post(PEOPLE, posted | asked) for asked in ({}, {"with_needs": "on"})]

    [usual], [with_needs] = (
        list(csv.DictReader(StringIO(one.content.decode("utf-8-sig")), delimiter=";"))
        for one in answers
    )
    assert usual == {
        "Veranstaltung": "Forum",
        "Nummer": "VA-BCDF2345",
        "Name": "Ada Amt",
        "E-Mail-Adresse": "ada@ulm.example",
        "Kommune oder Organisation": "Ulm",
        "Land": "BW",
        "Teilnahme": "vor Ort",
        "wirkt mit": "nein",
        "Stand": "hat einen Platz",
        "bestätigt": "ja",
        "Programmpunkte": "Werkstatt",
        "Verpflegung": "vegan",
        "anwesend": "ja",
        "angemeldet am": "2026-07-01",
        "Frage: Welche Größe?": "M",
    }
    assert with_needs == usual | {"Bedarf für die Teilnahme": "stufenloser Zugang, Hund"}


# What can be done -------------------------------------------------------------------------------


def test_a_coordinator_plans_a_workshop_and_publishes_it(coordinator, role):
    day = timezone.localdate() + timedelta(days=20)
    typed = {
        "kind": EventKind.COMMUNITY_WORKSHOP,
        "title": "Workshop Starkregen",
        "audience": "mitglieder",
        "community": role.community.pk,
        "starts_at": f"{day}T09:00",
        "ends_at": f"{day}T12:00",
        "precision": "zeit",
        "format": "vor-ort",
        "takes_registrations": "on",
    }
    answer = coordinator.post(reverse("admin:events_event_add"), typed)
    assert answer.status_code == 302, text(answer)
    event = Event.objects.get()
    assert (event.state, event.slug) == (EventState.DRAFT, f"workshop-starkregen-{day.year}")
    refused = coordinator.post(step(event, "veroeffentlichen"), {"sequence": 0})
    assert "Es fehlen die Plätze für „vor Ort“." in text(refused)
    values = form_of(coordinator, page(event))
    values |= {"seats-0-mode": Mode.ON_SITE, "seats-0-capacity": 12, "seats-0-waiting_limit": 5}
    answer = coordinator.post(page(event), values)
    assert answer.status_code == 302, text(answer)
    assert "Veröffentlichen" in text(coordinator.get(step(event, "veroeffentlichen")))
    coordinator.post(step(event, "veroeffentlichen"), {"sequence": 0})
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED


def test_asking_changes_nothing(office):
    event = EventFactory()
    for slug in ("verlegen", "absagen", "wiederholen"):
        assert office.get(step(event, slug)).status_code == 200
    assert Event.objects.count() == 1
    event.refresh_from_db()
    assert event.sequence == 0


def test_cancelling_needs_a_reason_and_happens_once(office):
    person = RegistrationFactory()
    event = person.event
    office.post(step(event, "absagen"), {"sequence": 0, "reason": " "})
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED
    posted = {"sequence": 0, "reason": "Der Saal ist überschwemmt."}
    office.post(step(event, "absagen"), posted)
    late = office.post(step(event, "absagen"), posted, follow=True)
    assert "Das geht beim jetzigen Stand der Veranstaltung nicht" in text(late)
    event.refresh_from_db()
    assert (event.state, event.sequence) == (EventState.CANCELLED, 1)
    assert Email.objects.count() == 1


def test_what_goes_to_people_says_to_how_many_and_what_is_closed_is_not_offered(office):
    seats = SeatsFactory(taken=2)
    event = seats.event
    RegistrationFactory(event=event)
    RegistrationFactory(event=event, email="")
    RegistrationFactory(
        event=event, state="abgemeldet", confirmed_at=None, closed_at=timezone.now()
    )
    moving = "Ändern: höchstens 1 Mensch bekommt eine E-Mail"

    assert f'value="{moving}"' in text(office.get(step(event, "verlegen")))
    assert 'value="Absagen: 1 Mensch bekommt eine E-Mail"' in text(
        office.get(step(event, "absagen"))
    )
    assert 'value="Als Vorlage' in text(office.get(step(event, "wiederholen")))
    people = f"{reverse('admin:events_registration_changelist')}?veranstaltung={event.pk}"
    offered = [text(office.get(address)) for address in (page(event), people)]
    assert all("Jemanden anmelden" in one for one in offered)
    assert ">Einladen<" in offered[0]

    past = timezone.now() - timedelta(days=2)
    Event.objects.update(starts_at=past, ends_at=past + timedelta(hours=1))

    closed = [text(office.get(address)) for address in (page(event), people)]
    assert not any("Jemanden anmelden" in one for one in closed)
    assert ">Einladen<" not in closed[0]


def test_own_questions_take_the_next_place_by_themselves(office):
    event = EventFactory()
    values = form_of(office, page(event))
    values |= {"questions-TOTAL_FORMS": 3, "questions-2-position": 1, "questions-2-text": "Drei?"}
    for n, asked in ((0, "Eins?"), (1, "Zwei?")):
        values |= {f"questions-{n}-text": asked, f"questions-{n}-position": ""}
    values |= {f"questions-{n}-kind": "text" for n in range(3)}

    answer = office.post(page(event), values)

    assert answer.status_code == 302, answer.context["errors"]
    stored = event.questions.values_list("position", "text")
    assert list(stored) == [(1, "Drei?"), (2, "Eins?"), (3, "Zwei?")]


def test_time_and_place_of_a_published_event_only_change_where_people_are_told(office):
    person = RegistrationFactory()
    event = person.event
    values = form_of(office, page(event))
    assert "starts_at" not in values
    assert "venue" not in values
    answer = office.post(page(event), values | {"title": "Neuer Titel", "city": "Ulm"})
    assert answer.status_code == 302, text(answer)
    event.refresh_from_db()
    assert (event.title, event.city, event.sequence) == ("Neuer Titel", "Gütersloh", 0)
    assert not Email.objects.exists()
    new_day = timezone.localdate(event.starts_at) + timedelta(days=7)
    moved = {
        "sequence": 0,
        "starts_at": f"{new_day}T10:00",
        "ends_at": f"{new_day}T12:00",
        "format": "vor-ort",
        "city": "Ulm",
        "land": "BW",
    }
    answer = office.post(step(event, "verlegen"), moved)
    assert answer.status_code == 302, text(answer)
    event.refresh_from_db()
    assert (event.city, timezone.localdate(event.starts_at)) == ("Ulm", new_day)
    assert Email.objects.get().to == person.email


def test_saving_the_form_does_not_undo_what_happens_meanwhile(office):
    seats = SeatsFactory(capacity=10, taken=1)
    event = seats.event
    values = form_of(office, page(event))
    Seats.objects.filter(pk=seats.pk).update(taken=9)
    Event.objects.filter(pk=event.pk).update(contact_name="Inzwischen eingetragen")
    values |= {"title": "Neuer Titel", "seats-0-waiting_limit": 7}
    values["contact_name"] = ""
    answer = office.post(page(event), values)
    assert answer.status_code == 302, text(answer)
    seats.refresh_from_db()
    assert (seats.taken, seats.waiting_limit) == (9, 7)


def test_more_seats_move_up_as_many_as_there_are(office):
    seats = SeatsFactory(capacity=1, taken=1, waiting_limit=5, waiting=3)
    event = seats.event
    RegistrationFactory(event=event)
    waiting = [
        RegistrationFactory(event=event, state=RegistrationState.WAITING) for _one in range(3)
    ]
    values = form_of(office, page(event)) | {"seats-0-capacity": 3}
    answer = office.post(page(event), values, follow=True)
    assert "2 Menschen sind von der Warteliste nachgerückt" in text(answer)
    for person in waiting:
        person.refresh_from_db()
    states = [person.state for person in waiting]
    assert states == [RegistrationState.SEAT, RegistrationState.SEAT, RegistrationState.WAITING]
    seats.refresh_from_db()
    assert (seats.capacity, seats.taken, seats.waiting) == (3, 3, 1)


def test_fewer_seats_than_are_taken_are_refused_in_words(office):
    seats = SeatsFactory(capacity=10, taken=4)
    values = form_of(office, page(seats.event)) | {"seats-0-capacity": 3}
    answer = office.post(page(seats.event), values)
    assert "So viele Plätze sind schon vergeben: 4." in text(answer)


def test_a_draft_can_be_deleted_and_what_people_have_seen_cannot(office):
    draft, published = EventFactory(state=EventState.DRAFT), EventFactory()
    office.post(reverse("admin:events_event_delete", args=[draft.pk]), {"post": "yes"})
    office.post(reverse("admin:events_event_delete", args=[published.pk]), {"post": "yes"})
    assert list(Event.objects.all()) == [published]


def test_hosts_cancel_a_registration_and_the_next_moves_up(office):
    seats = SeatsFactory(capacity=1, taken=1, waiting_limit=5, waiting=1)
    person = RegistrationFactory(event=seats.event)
    nexts = RegistrationFactory(event=seats.event, state=RegistrationState.WAITING)
    address = reverse("admin:events_registration_cancel", args=[person.pk])
    assert office.get(address).status_code == 200
    person.refresh_from_db()
    assert person.is_live
    office.post(address, {"version": person.version})
    late = office.post(address, {"version": person.version}, follow=True)
    assert "Das geht beim jetzigen Stand der Anmeldung nicht." in text(late)
    person.refresh_from_db()
    nexts.refresh_from_db()
    assert (person.state, nexts.state) == (RegistrationState.CANCELLED, RegistrationState.SEAT)
    assert set(Email.objects.values_list("to", flat=True)) == {person.email, nexts.email}


def test_nothing_on_these_pages_needs_a_script_of_ours(office):
    person = RegistrationFactory()
    for address in (
        step(person.event, "absagen"),
        reverse("admin:events_registration_change", args=[person.pk]),
        reverse("admin:events_event_attendance", args=[person.event_id]),
        reverse("admin:events_overview"),
    ):
        shown = text(office.get(address))
        assert "onclick" not in shown
        assert "<script>" not in shown


# Minutes ----------------------------------------------------------------------------------------


class TestMinutes:
    def read(self, client, event):
        return client.get(reverse("events:minutes", args=[event.slug]))

    def test_a_draft_is_approved_for_members_and_then_public(self, client, coordinator, role):
        event = workshop(role.community)
        add = reverse("admin:events_minutes_add")
        coordinator.post(add, {"event": event.pk, "text": "Wir haben uns geeinigt."})
        row = Minutes.objects.get()
        member = MembershipFactory(community=role.community, user=UserFactory()).user
        stranger = CoordinationFactory().user

        def readers():
            found = set()
            for name, who in (("member", member), ("stranger", stranger), ("nobody", None)):
                client.logout() if who is None else client.force_login(who)
                answer = self.read(client, event)
                if answer.status_code == 200:
                    assert "Wir haben uns geeinigt." in text(answer)
                    found.add(name)
                else:
                    assert answer.status_code == 404
            client.force_login(role.user)
            return found

        def take(slug):
            address = reverse("admin:events_minutes_step", args=[row.pk, slug])
            shown = coordinator.get(address).context["form"].initial["seen"]
            coordinator.post(address, {"seen": shown})
            row.refresh_from_db()

        assert readers() == set()
        early = reverse("admin:events_minutes_step", args=[row.pk, "veroeffentlichen"])
        read = reverse("admin:events_minutes_step", args=[row.pk, "freigeben"])
        shown = coordinator.get(read).context["form"].initial["seen"]
        asked = coordinator.get(early, follow=True)
        answered = coordinator.post(early, {"seen": shown}, follow=True)
        for answer in (asked, answered):
            assert "Das Protokoll hat sich inzwischen geändert." in text(answer)
        row.refresh_from_db()
        assert row.state == MinutesState.DRAFT
        take("freigeben")
        assert (row.state, row.approved_by) == (MinutesState.APPROVED, role.user)
        assert readers() == {"member"}
        assert "Wir haben uns geeinigt." not in text(client.get(event.get_absolute_url()))
        take("veroeffentlichen")
        assert readers() == {"member", "stranger", "nobody"}
        take("zuruecknehmen")
        assert readers() == set()

    def test_nobody_approves_a_text_they_have_not_read(self, coordinator, role):
        row = Minutes.objects.create(event=workshop(role.community), text="Entwurf")
        address = reverse("admin:events_minutes_step", args=[row.pk, "freigeben"])
        shown = coordinator.get(address).context["form"].initial["seen"]
        row.text = "Etwas anderes"
        row.save()
        answer = coordinator.post(address, {"seen": shown}, follow=True)
        assert "Es wurde nichts gespeichert." in text(answer)
        row.refresh_from_db()
        assert row.state == MinutesState.DRAFT


# Figures ----------------------------------------------------------------------------------------


def test_figures_count_without_naming_anybody(office):
    now = timezone.now()
    event = EventFactory(takes_registrations=True)
    ulm = MunicipalityFactory(land="BW")
    RegistrationFactory(event=event, name="Ada Anwesend", municipality=ulm, attended_at=now)
    RegistrationFactory(event=event, municipality=ulm)
    RegistrationFactory(event=event, state=RegistrationState.CANCELLED, closed_at=now)
    RegistrationFactory(event=event, state=RegistrationState.EXPIRED, closed_at=now)
    # Who is offered a seat still waits until they accept it.
    RegistrationFactory(event=event, state=RegistrationState.WAITING, seated_at=None)
    RegistrationFactory(event=event, state=RegistrationState.OFFERED, offered_until=now)
    answer = office.get(reverse("admin:events_event_statistics", args=[event.pk]))
    figures = answer.context["figures"]
    assert figures._asdict() == {
        "registered": 6,
        "seated": 2,
        "waiting": 2,
        "cancelled": 1,
        "expired": 1,
        "came": 1,
    }
    by_land = answer.context["tables"][1][2]
    assert [tuple(row) for row in by_land] == [("Baden-Württemberg", 2, 1)]
    assert "Ada" not in text(answer)


def test_six_a_year_on_the_real_calendar(office):
    load_network()
    answer = office.get(reverse("admin:events_overview"))
    years = {year.year: year for year, _events in answer.context["years"]}
    assert (years[2023].held, years[2023].missing) == (6, 0)
    assert (years[2024].held, years[2024].missing) == (5, 1)
    # What a year that is over lacked does not come any more; this one's may.
    assert answer.content.decode().count('<span class="due soon">noch ') == 1


def test_lists_ask_the_database_as_often_for_many_as_for_few(office, coordinator, role, staff):
    def asked(client, address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    event = workshop(role.community)
    SeatsFactory(event=event)
    RegistrationFactory(event=event)
    for user in (staff, role.user):
        office.force_login(user)
        few = [asked(office, address) for address in (EVENTS, PEOPLE)]
        for _one in range(15):
            other = workshop(role.community)
            SeatsFactory(event=other)
            RegistrationFactory(event=other, municipality=MunicipalityFactory())
        assert [asked(office, address) for address in (EVENTS, PEOPLE)] == few


# Writing ----------------------------------------------------------------------------------------


class TestWriting:
    def test_a_message_is_shown_counted_and_sent_once_to_each_alone(self, office, staff):
        event = EventFactory(takes_registrations=True)
        people = [RegistrationFactory(event=event) for _one in range(2)]
        RegistrationFactory(event=event, state=RegistrationState.WAITING)
        RegistrationFactory(event=event, confirmed_at=None)
        address = reverse("admin:events_event_message", args=[event.pk])
        token = office.get(address).context["form"].initial["token"]
        typed = {
            "to": ["platz"],
            "subject": "Parken",
            "text": "Bitte parken Sie am Bahnhof.",
            "token": token,
        }
        preview = text(office.post(address, typed))
        assert "<strong>2</strong> Menschen" in preview
        assert "1 bekommen es nicht" in preview
        assert not Email.objects.exists()
        changed = text(office.post(address, typed | {"aendern": "ja"}))
        assert "Bitte parken Sie am Bahnhof." in changed
        assert not Email.objects.exists()
        for _twice in range(2):
            office.post(address, typed | {"senden": "ja"})
        emails = list(Email.objects.all())
        assert sorted(email.to for email in emails) == sorted(person.email for person in people)
        for email in emails:
            others = {person.email for person in people} - {email.to}
            assert not any(other in email.text for other in others)
        (log,) = event.messages.all()
        assert (log.recipients, log.written_by) == (2, staff)
        assert "an 2 Menschen" in text(office.get(address))

    def test_bad_addresses_are_named_by_line_and_nobody_is_invited(self, office):
        event = EventFactory()
        address = reverse("admin:events_event_invitation", args=[event.pk])
        typed = {
            "subject": "Kommen Sie",
            "text": "Wir laden ein.",
            "addresses": "a@x.example\nquatsch",
        }
        answer = text(office.post(address, typed))
        assert "Zeile 2: „quatsch“ ist keine E-Mail-Adresse." in answer
        assert not event.invitations.exists()

    def test_an_invitation_is_shown_and_sent_once_and_forgets_the_addresses(self, office):
        event = EventFactory()
        address = reverse("admin:events_event_invitation", args=[event.pk])
        typed = {
            "subject": "Kommen Sie",
            "text": "Wir laden ein.",
            "addresses": "a@x.example, b@x.example; A@x.example",
        }
        shown = office.post(address, typed, follow=True)
        assert "<strong>2</strong> Adressen" in text(shown)
        assert not Email.objects.exists()
        invite = shown.redirect_chain[-1][0]
        for _twice in range(2):
            office.post(invite)
        assert sorted(Email.objects.values_list("to", flat=True)) == ["a@x.example", "b@x.example"]
        (sent,) = event.invitations.all()
        assert (sent.addresses, sent.recipients) == ("", 2)
        assert "b@x.example" not in text(office.get(address))

    def test_a_coordinator_writes_to_the_own_people_only(self, coordinator):
        foreign = RegistrationFactory(event=workshop(CommunityFactory())).event
        for name in ("message", "invitation"):
            address = reverse(f"admin:events_event_{name}", args=[foreign.pk])
            typed = {"to": ["platz"], "subject": "Hallo", "text": "Hallo", "senden": "ja"}
            assert coordinator.get(address).status_code == 404
            assert coordinator.post(address, typed).status_code == 404
        assert not Email.objects.exists()


def test_a_long_form_leads_to_its_parts_and_a_short_one_does_not(office):
    form = office.get(page(EventFactory())).content.decode()
    nav = form.split('aria-label="Teile dieses Formulars"')[1].split("</nav>")[0]
    anchors = re.findall(r'href="#([^"]+)">([^<]+)<', nav)
    assert {"Termin und Ort", "Programm", "Unterlagen"} <= {title for _anchor, title in anchors}
    for anchor, title in anchors:
        # The heading it leads to says the same.
        heading = re.search(rf'id="{anchor}"[^>]*>\s*([^<]+?)\s*<', form)
        assert heading[1] == title
    user = UserFactory(is_superuser=True, is_staff=True)
    office.force_login(user)
    short = office.get(reverse("admin:projects_theme_change", args=[ThemeFactory().pk]))
    assert "Teile dieses Formulars" not in text(short)


def test_a_document_keeps_a_name_people_know_and_is_checked(office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    event = EventFactory()
    typed = form_of(office, page(event)) | {
        "documents-0-title": "Vortrag",
        "documents-0-phase": "nachher",
        "documents-0-visibility": "oeffentlich",
    }
    bad = SimpleUploadedFile("vortrag.pdf", b"<html><script>alert(1)</script>")
    refused = office.post(page(event), typed | {"documents-0-file": bad})
    assert "Diese Art von Datei kann hier nicht abgelegt werden." in text(refused)
    good = SimpleUploadedFile("../../Vortrag Müller.txt", "Grüße".encode())
    answer = office.post(page(event), typed | {"documents-0-file": good})
    assert answer.status_code == 302, text(answer)
    document = event.documents.get()
    assert document.file_name == "Vortrag Müller.txt"
    values = form_of(office, page(event))
    values.pop("documents-0-file", None)
    other = SimpleUploadedFile("Fassung zwei.txt", b"Text")
    answer = office.post(page(event), values | {"documents-0-file": other})
    assert answer.status_code == 302, text(answer)
    document.refresh_from_db()
    assert document.file_name == "Fassung zwei.txt"


class TestReminders:
    """What is sent of itself stands on the page of the event, to be changed or left out."""

    @pytest.fixture
    def event(self):
        berlin = ZoneInfo("Europe/Berlin")
        start = datetime(2031, 5, 14, 9, tzinfo=berlin)
        return EventFactory(
            kind=EventKind.REGIONAL_CONFERENCE,
            takes_registrations=True,
            starts_at=start,
            ends_at=start + timedelta(hours=7),
        )

    def shown(self, client, event) -> list[str]:
        formsets = client.get(page(event)).context["inline_admin_formsets"]
        (inline,) = (one for one in formsets if one.formset.prefix == "reminder_rules")
        return [inline.opts.planned(form.instance) for form in inline.formset.forms]

    def test_each_says_when_it_goes_to_whom_also_those_of_the_kind(self, office, event):
        assert self.shown(office, event) == [
            "Mittwoch, 7. Mai 2031, 09:00 Uhr, an Menschen mit Platz",
            "Dienstag, 13. Mai 2031, 09:00 Uhr, an Menschen mit Platz",
            "Dienstag, 13. Mai 2031, 09:00 Uhr, an Menschen auf der Warteliste",
            "Dienstag, 13. Mai 2031, 09:00 Uhr, an Gastgeber und Ansprechpersonen",
            "Donnerstag, 15. Mai 2031, 10:00 Uhr, an Menschen mit Platz",
            "Noch eine Erinnerung:",
        ]

    def test_left_as_they_are_none_is_stored(self, office, event):
        values = form_of(office, page(event))

        assert office.post(page(event), values | {"title": "Neuer Titel"}).status_code == 302

        event.refresh_from_db()
        assert (event.title, event.reminder_rules.count()) == ("Neuer Titel", 0)

    def test_one_is_switched_off_in_place_and_one_is_added(self, office, event):
        values = form_of(office, page(event))
        assert values.pop("reminder_rules-0-is_active")
        values |= {
            "reminder_rules-5-anchor": "vorher",
            "reminder_rules-5-hours": 48,
            "reminder_rules-5-to": "gastgeber",
            "reminder_rules-5-is_active": "on",
        }

        assert office.post(page(event), values).status_code == 302

        rules = event.reminder_rules.order_by("pk").values_list("name", "hours", "to", "is_active")
        assert list(rules) == [
            ("woche", 168, "platz", False),
            ("vorher-48-gastgeber", 48, "gastgeber", True),
        ]
        assert [
            line for line in self.shown(office, event) if "nicht" in line or "12. Mai" in line
        ] == [
            "nicht, abgeschaltet",
            "Montag, 12. Mai 2031, 09:00 Uhr, an Gastgeber und Ansprechpersonen",
        ]

    def test_two_at_the_same_moment_to_the_same_people_are_one_the_events_own(self, event):
        own = ReminderRule.objects.create(event=event, name="eigene", hours=24, text="Bis morgen!")

        planned = [(due.rule.name, due.rule.to) for due in reminders.schedule(event)]

        assert ("eigene", own.to) in planned
        assert ("tag", own.to) not in planned
        assert len(planned) == 5
