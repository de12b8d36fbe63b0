"""150 people before one door, and a network that goes away in between."""

import time

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 150
# Of 15 minutes: what is left is for saying one's name.
SECONDS = 300
# On the page, however far it has scrolled.
PLACE = "(button) => button.getBoundingClientRect().y + scrollY"
KEPT = "Object.entries(localStorage).filter(([key]) => key.startsWith('anwesenheit:'))"


def wait_until_none_is_kept(page) -> None:
    until = time.monotonic() + 15
    while page.evaluate(KEPT):
        assert time.monotonic() < until
        page.wait_for_timeout(50)


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}], ids=["phone"])
def test_150_people_are_checked_in_on_a_phone_also_while_the_network_is_gone(
    page, sign_in, complaints, viewport
):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    host = UserFactory(is_staff=True)
    host.groups.set(Group.objects.filter(name="Veranstaltungen"))
    event = EventFactory(starts_at=timezone.now(), takes_registrations=True)
    names = [f"Person{number:03} Müller-Lüdenscheidt" for number in range(PEOPLE)]
    for name in names:
        RegistrationFactory(event=event, name=name, organisation="Stadtwerke")
    there = event.registrations.filter(attended_at__isnull=False)
    sign_in(page, host)
    page.goto(reverse("admin:events_event_attendance", args=[event.pk]))
    search = page.get_by_label("Name, Organisation oder Nummer")
    begun = time.monotonic()

    for number, name in enumerate(names):
        if number == 50:
            page.context.set_offline(True)
        if number == 100:
            # While it is gone everything stays on the telephone: numbers and moments, no names.
            page.get_by_text("Gerade kein Netz").wait_for()
            page.get_by_text("50 von").or_(page.get_by_text("100 von")).first.wait_for()
            stored = str(page.evaluate(KEPT))
            assert "Person" not in stored
            assert "@" not in stored
            assert there.count() <= 50
            page.context.set_offline(False)
        search.fill(name[:9].lower())
        page.get_by_role("button", name=f"Ist da: {name}").click()
    page.get_by_text(f"{PEOPLE} von {PEOPLE} sind da.").wait_for()
    wait_until_none_is_kept(page)

    seconds = time.monotonic() - begun
    assert there.count() == PEOPLE
    assert seconds < SECONDS


def test_a_second_tap_on_the_same_place_and_what_is_told_below_reach_nobody_else(
    page, sign_in, complaints
):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    host = UserFactory(is_staff=True)
    host.groups.set(Group.objects.filter(name="Veranstaltungen"))
    event = EventFactory(starts_at=timezone.now(), takes_registrations=True)
    for name in ("Ada Arndt", "Bea Busch", "Cem Celik"):
        RegistrationFactory(event=event, name=name)
    there = event.registrations.filter(attended_at__isnull=False).values_list("name", flat=True)
    sign_in(page, host)
    page.goto(reverse("admin:events_event_attendance", args=[event.pk]))
    last = page.get_by_role("button", name="Ist da: Cem Celik")
    place = last.evaluate(PLACE)
    told = page.locator("[data-check-in-told]")
    assert (
        told.evaluate("told => told.offsetHeight") == 0
    )  # it would lie over the last name in sight
    page.get_by_label("Name, Organisation oder Nummer").fill("bea")
    page.get_by_role("button", name="Ist da: Bea Busch").dblclick()
    page.get_by_text("1 von 3 ist da.").wait_for()
    wait_until_none_is_kept(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Ist da: Ada Arndt").dblclick()
    page.get_by_text("Gerade kein Netz").wait_for()

    assert list(there) == ["Bea Busch"]
    expect(page.get_by_text("2 von 3 sind da.")).to_be_visible()
    assert last.evaluate(PLACE) == place


def test_what_waits_on_the_device_is_asked_about_and_gone_when_its_host_signs_out(
    page, sign_in, complaints
):
    host = UserFactory(is_staff=True)
    sign_in(page, host)
    page.goto(reverse("account"))
    page.evaluate("localStorage.setItem('anwesenheit:1:1', '{}')")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[data-signs-out] button").last.click()
    wait_until_none_is_kept(page)


def test_a_tap_while_another_is_sent_is_not_lost_and_what_another_host_left_is_gone(
    page, sign_in, complaints
):
    host = UserFactory(is_staff=True)
    host.groups.set(Group.objects.filter(name="Veranstaltungen"))
    event = EventFactory(starts_at=timezone.now(), takes_registrations=True)
    RegistrationFactory(event=event, name="Ada Arndt")
    sign_in(page, host)
    page.goto(reverse("account"))
    page.evaluate("localStorage.setItem('anwesenheit:1:0', '{\"1\": [\"da\", 1]}')")
    page.goto(reverse("admin:events_event_attendance", args=[event.pk]))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("localStorage.getItem('anwesenheit:1:0')") is None
    held, action = [], page.locator("form[data-check-in]").evaluate("form => form.action")
    # The first one waits, until the second tap is made.
    page.route(action, lambda route: route.continue_() if held else held.append(route))

    page.get_by_role("button", name="Ist da: Ada Arndt").click()
    until = time.monotonic() + 15
    while not held:
        assert time.monotonic() < until
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Doch nicht da: Ada Arndt").click()
    held[0].continue_()

    wait_until_none_is_kept(page)
    expect(page.get_by_text("0 von 1 sind da.")).to_be_visible()
    assert not event.registrations.filter(attended_at__isnull=False).exists()


# What stays in the window, and the room that is kept free for it.
OVER = """() => {
    const {scrollPaddingTop, scrollPaddingBottom} = getComputedStyle(document.documentElement);
    const stays = document.querySelector(".check-in-count");
    const head = getComputedStyle(stays).position === "sticky" ? stays.offsetHeight : 0;
    const told = document.querySelector(".check-in-told").offsetHeight;
    return [head, parseFloat(scrollPaddingTop), told, parseFloat(scrollPaddingBottom), innerHeight];
}"""


@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 320, "height": 256}], ids=["phone", "enlarged to 400 %"]
)
def test_what_stays_in_the_window_leaves_room_for_the_people(page, sign_in, complaints, viewport):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    host = UserFactory(is_staff=True)
    host.groups.set(Group.objects.filter(name="Veranstaltungen"))
    event = EventFactory(starts_at=timezone.now(), takes_registrations=True)
    RegistrationFactory(event=event, name="Ada Arndt")
    sign_in(page, host)
    page.goto(reverse("admin:events_event_attendance", args=[event.pk]))
    page.context.set_offline(True)
    page.get_by_role("button", name="Ist da: Ada Arndt").click()
    page.get_by_text("Gerade kein Netz").wait_for()

    head, above, told, below, window = page.evaluate(OVER)
    assert head <= above
    assert 0 < told <= below
    assert above + below <= window * 0.6
