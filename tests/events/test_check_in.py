"""Taps at the door: by a button, or gathered while the network was gone and sent late."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from events import retention
from events.models import Registration, RegistrationState
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def host(client):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Veranstaltungen"))
    client.force_login(user)
    return client


@pytest.fixture
def event():
    return EventFactory(starts_at=timezone.now() + timedelta(minutes=5), takes_registrations=True)


def check_in(event) -> str:
    return reverse("admin:events_event_check_in", args=[event.pk])


def there(*people) -> list[bool]:
    for one in people:
        one.refresh_from_db()
    return [one.attended_at is not None for one in people]


def test_one_tap_without_a_script_marks_and_comes_back_to_the_person(host, event):
    ada, bea = (RegistrationFactory(event=event, name=name) for name in ("Ada", "Bea"))

    page = host.get(reverse("admin:events_event_attendance", args=[event.pk])).text
    answer = host.post(check_in(event), {"da": ada.pk, "q": "ad"})

    assert f'name="da" value="{ada.pk}"' in page
    assert answer.url.endswith(f"/anwesenheit/?q=ad#person-{ada.pk}")
    assert there(ada, bea) == [True, False]
    host.post(check_in(event), {"weg": ada.pk})
    assert there(ada) == [False]


def test_who_is_there_need_not_confirm_any_more(host, event):
    until = event.starts_at
    held = RegistrationFactory(event=event, confirmed_at=None, hold_until=until)

    host.post(check_in(event), {"da": held.pk})

    assert there(held) == [True]
    assert held.hold_until is None


def test_a_telephone_without_a_clock_lets_no_one_in_before_the_doors_were_open(host, event):
    ada = RegistrationFactory(event=event)
    host.post(check_in(event), {"tap": [f"{ada.pk}:da:{'9' * 12}"]}, **JSON)
    assert there(ada) == [True]
    assert ada.attended_at > event.starts_at - timedelta(hours=13)


def test_late_and_repeated_taps_leave_what_was_tapped_last(host, event):
    """Two telephones at two doors, both offline for a while; one sends everything twice."""
    ada, bea = (RegistrationFactory(event=event, name=name) for name in ("Ada", "Bea"))
    late = [f"{ada.pk}:weg:60000", f"{bea.pk}:da:120000", f"{ada.pk}:da:300000"]

    host.post(check_in(event), {"tap": [f"{bea.pk}:weg:180000"]}, **JSON)
    for _time in range(2):
        answer = host.post(check_in(event), {"tap": late}, **JSON).json()
    before = timezone.now() - timedelta(seconds=115)

    assert there(ada, bea) == [False, True]
    assert bea.attended_at < before
    assert list(answer["there"]) == [str(bea.pk)]
    assert sorted(answer["expected"]) == sorted([ada.pk, bea.pk])
    # Each change is in the history once.
    noted = LogEntry.objects.order_by("pk").values_list("object_id", "change_message")
    assert list(noted) == [
        (str(ada.pk), "Anwesenheit vermerkt"),
        (str(bea.pk), "Anwesenheit vermerkt"),
        (str(ada.pk), "Anwesenheit zurückgenommen"),
    ]


def test_taps_reach_only_those_with_a_seat_at_this_event_and_only_what_can_be_read(host, event):
    waiting = RegistrationFactory(event=event, state=RegistrationState.WAITING)
    elsewhere = RegistrationFactory()
    early = EventFactory(takes_registrations=True)
    too_early = RegistrationFactory(event=early)
    forgotten = RegistrationFactory(event=event)
    [forget] = [rule.carry_out for rule in retention.RULES if rule.name == "over"]
    forget(Registration.objects.filter(pk=forgotten.pk), timezone.now())
    taps = [
        f"{waiting.pk}:da:0",
        f"{forgotten.pk}:da:0",
        f"{elsewhere.pk}:da:0",
        f"{'9' * 30}:da:0",
        "x:da:0",
        f"{waiting.pk}:tanzt:0",
        "1:da",
    ]

    assert host.post(check_in(event), {"tap": taps, "da": "²"}, **JSON).json()["there"] == {}
    answer = host.post(check_in(early), {"tap": [f"{too_early.pk}:da:0"]}, **JSON).json()

    assert (answer["open"], answer["there"]) == (False, {})
    assert not Registration.objects.filter(attended_at__isnull=False).exists()
