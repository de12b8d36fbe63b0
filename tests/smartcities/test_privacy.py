"""What the privacy page and the forms say of who reads what, where no test of an app shows it."""

import logging
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from consulting.links import Purpose, token_for
from consulting.models import Note
from events import actions
from events.actions import Details, Person
from events.mail import reminders
from events.models import Mode, PersonalFeed, RegistrationState
from finding.models import MissedWord
from finding.search import missed
from ground.calendar import BERLIN
from mailing.models import Email
from smartcities.sitemaps import PAGES
from tests.factories import (
    ConsultationRequestFactory,
    SlotFactory,
    SolutionFactory,
    UserFactory,
)
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.factories.events import EventFactory, SeatsFactory

pytestmark = pytest.mark.django_db

PLANTED = "Bello"


def test_reading_sets_no_cookie(client):
    solution, group, event = SolutionFactory(), CommunityFactory(), EventFactory()
    things = (solution, solution.project, group, event)

    for path in [*map(reverse, PAGES), *(thing.get_absolute_url() for thing in things)]:
        answer = client.get(path)
        assert (path, answer.status_code, dict(answer.cookies)) == (path, 200, {})


def test_what_somebody_needs_to_take_part_stands_in_no_email():
    """From the form to the thanks afterwards, to the person, the colleague and the hosts."""
    group = CommunityFactory()
    CoordinationFactory(community=group)
    now = timezone.now()
    event = EventFactory(
        takes_registrations=True, community=group, contact_email="team@guetersloh.example",
        starts_at=now + timedelta(days=15), ends_at=now + timedelta(days=15, hours=3),
    )  # fmt: skip
    seats = SeatsFactory(event=event)
    people = [Person("Eva", "eva@musterdorf.example"), Person("Uwe", "uwe@musterdorf.example")]
    details = Details(needs=["gebaerdensprache"], needs_text=PLANTED, catering_note=PLANTED)

    held, _colleague = actions.register(
        event, people, Mode(seats.mode), now=now, submission=uuid.uuid4(), details=details
    ).people
    firm = actions.confirm(held, now=now)
    for days in (8, 14, 16):
        reminders.plan(now=now + timedelta(days=days, hours=1))

    assert (firm.state, firm.catering_note) == (RegistrationState.SEAT, PLANTED)
    assert firm.needs.text == PLANTED
    mails = list(Email.objects.all())
    assert {mail.to for mail in mails} >= {one.email for one in people} | {event.contact_email}
    assert len(mails) > 5
    for mail in mails:
        assert PLANTED not in f"{mail.subject}{mail.text}{mail.html}{mail.attachments}"
        assert "Gebärden" not in mail.text


def test_notes_about_a_request_are_on_no_page_of_the_kommune(client):
    row = ConsultationRequestFactory(confirmed=True, slot=SlotFactory())
    Note.objects.create(request=row, text=PLANTED)
    until = timezone.now() + timedelta(days=1)
    pages = {}
    for purpose in (Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL):
        token = token_for(row, purpose, until=until)
        pages[purpose] = client.get(reverse(f"consulting:{purpose.name.lower()}", args=[token]))

    assert {page.status_code for page in pages.values()} == {200}
    assert [purpose for purpose, page in pages.items() if PLANTED in page.text] == []
    assert row.municipality.name in pages[Purpose.SEE].text


def test_free_times_of_start_smart_are_shown_without_names(client):
    """To who has not said anything yet, and beside a time that is taken."""
    at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    free = SlotFactory(advisor__name="Anna Rat", starts_at=at)
    gone = SlotFactory(advisor__name="Ole Rat", starts_at=at)
    taken = ConsultationRequestFactory(confirmed=True, slot=gone)

    page = client.get(reverse("consulting:offer")).text

    assert free.in_full in page
    secrets = ("Anna", "Ole", taken.contact_name, taken.email, taken.municipality.name)
    assert [secret for secret in secrets if secret in page] == []


def test_who_only_runs_the_portal_opens_no_list_of_people(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Betrieb"))
    client.force_login(user)
    lists = {
        name: client.get(reverse(f"admin:{name}_changelist")).status_code
        for name in (
            "events_registration", "communities_membership", "consulting_consultationrequest",
            "asking_question", "projects_reusestatement", "mailing_email",
        )
    }  # fmt: skip

    assert lists.pop("mailing_email") == 200
    assert set(lists.values()) <= {302, 403}


def test_the_address_of_ones_calendar_is_shown_to_its_owner_alone(client, admin_client, caplog):
    caplog.set_level(logging.INFO)
    owner = UserFactory()
    token = PersonalFeed.objects.create(user=owner).token
    path = f"/veranstaltungen/kalender/{token}.ics"
    assert client.get(path).status_code == 200
    client.force_login(owner)
    assert path in client.get("/konto/kalender/").text

    seen = [
        admin_client.get("/konto/kalender/").text,
        admin_client.get(reverse("admin:accounts_user_change", args=[owner.pk])).text,
        admin_client.get(reverse("admin:accounts_user_history", args=[owner.pk])).text,
        caplog.text,
    ]

    assert [token in text for text in seen] == [False] * 4
    assert "/veranstaltungen/kalender/" in caplog.text


def test_a_word_that_found_nothing_is_counted_for_26_weeks_and_without_anything_else():
    assert {field.name for field in MissedWord._meta.fields} == {"id", "word", "week", "count"}
    monday = date(2026, 11, 23)
    MissedWord.objects.create(word="quarkspeise", week=monday)
    midnight = datetime(2026, 11, 23, tzinfo=BERLIN) + timedelta(weeks=26)

    assert missed.forget(now=midnight) == 0
    assert missed.forget(now=midnight + timedelta(days=1)) == 1
    assert not MissedWord.objects.exists()
