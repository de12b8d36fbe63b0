"""The tools of hosts in a browser: readable for everybody, at the door on a phone, without scripts."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from events import attendance, links
from events.links import Purpose
from events.models import (
    Event,
    EventAnswer,
    EventKind,
    EventQuestion,
    EventState,
    Minutes,
    Need,
    ParticipantNeeds,
    RegistrationState,
)
from tests.browser import PHONE, barriers, on_two_screens
from tests.factories import MunicipalityFactory
from tests.factories.accounts import UserFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host():
    user = UserFactory(is_staff=True, name="Vera Veranstalterin")
    user.groups.set(Group.objects.filter(name="Veranstaltungen"))
    return user


@pytest.fixture
def event():
    """Began an hour ago, with five people expected and one waiting."""
    event = EventFactory(
        title="Workshop Starkregen: Sensoren, Karten und Warnungen",
        kind=EventKind.COMMUNITY_WORKSHOP,
        community=CommunityFactory(name="Urbane Datenplattformen und Digitale Zwillinge"),
        starts_at=timezone.now() - timedelta(hours=1),
        takes_registrations=True,
        venue="Stadthalle",
    )
    SeatsFactory(event=event, capacity=5, taken=5, waiting_limit=5, waiting=1)
    AgendaItemFactory(event=event, title="Auftakt")
    return event


@pytest.fixture
def person(event):
    town = MunicipalityFactory(name="Weißenthurm")
    person = RegistrationFactory(event=event, name="Ada Anwesend", municipality=town)
    ParticipantNeeds.objects.create(registration=person, needs=[Need.STEP_FREE])
    for name in ("Berta Beispiel", "Cem Christiansen-Wolkenstein", "Dora Da", "Emil Eilig"):
        RegistrationFactory(event=event, name=name, organisation="Verband Region Rhein-Neckar")
    RegistrationFactory(event=event, name="Willi Wartet", state=RegistrationState.WAITING)
    return person


def addresses(event, person):
    ahead = EventFactory(title="Regionalkonferenz Ulm")
    minutes = Minutes.objects.create(event=event, text="Wir haben uns geeinigt.")
    draft = EventFactory(state=EventState.DRAFT)
    code = attendance.code_of(person)
    yield reverse("admin:events_event_changelist")
    yield reverse("admin:events_event_add")
    for one in (event, ahead, draft):
        yield reverse("admin:events_event_change", args=[one.pk])
    for slug in ("verlegen", "absagen", "wiederholen"):
        yield reverse("admin:events_event_step", args=[ahead.pk, slug])
    yield reverse("admin:events_event_step", args=[draft.pk, "veroeffentlichen"])
    SeatsFactory(event=ahead, capacity=5)
    ahead.takes_registrations = True
    ahead.save()
    caller = RegistrationFactory(event=ahead, name="Rita Ruft-an")
    AgendaItemFactory(event=ahead, title="Rundgang", needs_choice=True, capacity=3)
    question = EventQuestion.objects.create(
        event=event, position=1, text="Womit kommen Sie?", kind="auswahl", options="Bahn\nAuto"
    )
    EventAnswer.objects.create(question=question, registration=person, text="Bahn")
    yield reverse("admin:events_event_enter", args=[ahead.pk])
    # Now that somebody is registered, their buttons say what that means.
    for slug in ("verlegen", "absagen"):
        yield reverse("admin:events_event_step", args=[ahead.pk, slug])
    for slug in ("berichtigen", "programm", "erneut-senden"):
        yield reverse("admin:events_registration_step", args=[caller.pk, slug])
    for name in (
        *("attendance", "walk_in", "paper", "answers"),
        *("statistics", "message", "invitation"),
    ):
        yield reverse(f"admin:events_event_{name}", args=[event.pk])
    yield reverse("admin:events_overview")
    yield reverse("admin:events_registration_changelist") + f"?veranstaltung={event.pk}"
    yield reverse("admin:events_registration_change", args=[person.pk])
    yield reverse("admin:events_registration_cancel", args=[person.pk])
    yield reverse("admin:events_registration_attendance", args=[code])
    yield reverse("admin:events_minutes_change", args=[minutes.pk])
    yield reverse("admin:events_minutes_step", args=[minutes.pk, "freigeben"])
    yield reverse("events:minutes", args=[event.slug])
    yield reverse("events:ticket", args=[links.token_for(person, Purpose.SEE)])


def test_no_page_has_a_barrier_that_a_program_can_find(
    page, sign_in, complaints, host, event, person
):
    complaints.allow("inline style")
    sign_in(page, host)
    findings = {}
    for address in addresses(event, person):
        page.goto(address)
        findings[address] = barriers(page)
    assert findings == {address: [] for address in findings}


def test_the_list_of_all_who_take_part_is_shown_whole_on_a_desktop(page, sign_in, host, person):
    sign_in(page, host)
    page.goto(reverse("admin:events_registration_changelist"))

    cut_off = page.locator("#changelist .results").evaluate(
        "list => list.scrollWidth - list.clientWidth"
    )
    assert cut_off == 0


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_at_the_door_on_a_phone_without_scripts(
    no_javascript, sign_in, host, event, person, viewport
):
    page = no_javascript
    sign_in(page, host)
    # The code names the real host; this one has a port of its own.
    page.goto(urlsplit(attendance.address_of(person)).path)
    page.get_by_role("button", name="Ist da").click()
    page.get_by_text("Schon da seit").wait_for()
    page.reload()
    expect(page.get_by_role("button", name="Ist da")).to_have_count(0)
    page.get_by_role("link", name="Zur Liste: wer ist da?").click()
    expect(page.get_by_text("1 von 5 ist da.")).to_be_visible()
    page.get_by_label("Name, Organisation oder Nummer").fill("cem")
    page.get_by_role("button", name="Suchen").click()
    page.get_by_role("button", name="Ist da: Cem Christiansen-Wolkenstein").click()
    page.get_by_text("da seit").wait_for()
    assert event.registrations.filter(attended_at__isnull=False).count() == 2


def test_a_host_calls_an_event_off_by_keyboard(page, sign_in, host):
    event = EventFactory(title="Regionalkonferenz Ulm")
    sign_in(page, host)
    page.goto(reverse("admin:events_event_change", args=[event.pk]))
    page.get_by_role("link", name="Absagen", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Grund").focus()
    page.keyboard.type("Der Saal ist überschwemmt.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Die Veranstaltung ist abgesagt").wait_for()
    event.refresh_from_db()
    assert (event.state, event.cancel_reason) == (
        EventState.CANCELLED,
        "Der Saal ist überschwemmt.",
    )


def test_a_date_without_its_hour_is_not_saved_as_none(page, sign_in, host):
    """The browser sends such a field empty, so the server cannot tell it from one left out."""
    sign_in(page, host)
    page.goto(reverse("admin:events_event_add"))
    page.get_by_label("Art:").first.select_option(index=1)
    page.get_by_label("Titel:").fill("Halbes Datum")
    begin = page.get_by_label("Beginn:").first
    begin.focus()
    page.keyboard.type("1010")
    assert begin.evaluate("field => [field.value, field.validity.badInput]") == ["", True]
    page.get_by_role("button", name="Speichern", exact=True).click()

    expect(begin).to_be_focused()
    assert not Event.objects.filter(title="Halbes Datum").exists()


LOOK = """field => {
    const {borderTopColor, borderTopWidth, borderTopLeftRadius, color, backgroundColor} = getComputedStyle(field);
    return [borderTopColor, borderTopWidth, borderTopLeftRadius, color, backgroundColor];
}"""


@on_two_screens
def test_a_refused_date_looks_like_a_refused_text(page, sign_in, host):
    sign_in(page, host)
    page.goto(reverse("admin:events_event_add"))
    title, end = page.get_by_label("Titel:"), page.locator("#id_ends_at")
    accepted = title.evaluate(LOOK)
    assert end.evaluate(LOOK) == accepted
    end.fill("20260-01-01T10:00")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.get_by_text("Bitte füllen Sie dieses Feld aus.").first.wait_for()

    refused = title.evaluate(LOOK)
    assert refused != accepted
    assert end.evaluate(LOOK) == refused
