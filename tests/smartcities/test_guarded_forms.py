"""Whatever anybody may send is counted, and refused to a network that has sent too much of it."""

import re
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guard import TooMany, network_key
from accounts.models import NetworkUse
from asking.actions import asking
from communities import actions as communities_actions
from consulting import actions as consulting_actions
from events import actions as events_actions
from events.models import Audience
from mailing.models import Email
from projects.actions import stating
from subscribing import actions as subscribing_actions
from tests.consulting.test_booking import unsent
from tests.factories import DraftFactory, MunicipalityFactory, SolutionFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import EventFactory, SeatsFactory
from tests.projects.test_reuse_statements import stated

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ADDRESS = "eva@stadt.example"
# More than any form lets through from one network within an hour.
TOO_MANY = 100


def register(ip: str, **values) -> None:
    event = EventFactory(takes_registrations=True, **values)
    person = events_actions.Person("Eva Beispiel", ADDRESS)
    events_actions.register(
        event, [person], SeatsFactory(event=event).mode, submission=uuid.uuid4(), ip=ip, now=NOW
    )


def register_as_stranger(ip: str) -> None:
    register(ip, audience=Audience.COMMUNITY, community=CommunityFactory())


def join(ip: str) -> None:
    community = CommunityFactory(open_to_non_funded=True)
    application = communities_actions.Application(
        community=community, name="Eva", email=ADDRESS, organisation="Verein"
    )
    communities_actions.request_membership(application, ip=ip, now=NOW)


def ask(ip: str) -> None:
    solution = SolutionFactory()
    question = asking.Asked(
        text="Wie lange?", name="Eva", email=ADDRESS, solution=solution, project=solution.project,
        municipality=MunicipalityFactory(),
    )  # fmt: skip
    asking.ask(question, ip=ip, now=NOW)


def post(name: str, **typed: str) -> Callable[[str], None]:
    def send(ip: str) -> None:
        answer = Client(REMOTE_ADDR=ip).post(reverse(name), {"email": ADDRESS} | typed)
        if answer.status_code != 302:
            raise TooMany(answer.context["form"].non_field_errors())

    return send


# What each place that asks its guard lets in.
SENT: dict[str, list[Callable[[str], object]]] = {
    "asking/actions/asking.py": [
        ask,
        lambda ip: asking.report(text="Der Link ist tot.", page="/", ip=ip, now=NOW),
    ],
    "communities/actions/joining.py": [join],
    "consulting/actions/booking.py": [
        lambda ip: consulting_actions.submit(unsent(), slot=None, ip=ip, now=NOW)
    ],
    "consulting/actions/drafts.py": [
        lambda ip: consulting_actions.send_draft_link(DraftFactory(), email=ADDRESS, ip=ip, now=NOW)
    ],
    "events/actions/registering.py": [register, register_as_stranger],
    "projects/actions/stating.py": [lambda ip: stating.state(stated(), ip=ip, now=NOW)],
    "smartcities/accessibility/views.py": [post("barrier_report", text="Zu klein")],
    "smartcities/own_data_views.py": [post("own_data")],
    "subscribing/actions.py": [
        lambda ip: subscribing_actions.subscribe(
            subscribing_actions.Wish(event=EventFactory()), ADDRESS, ip=ip, now=NOW
        )
    ],
}


def test_every_place_that_asks_its_guard_is_in_the_table():
    asking_their_guard = Counter()
    for app in apps.get_app_configs():
        here = Path(app.path)
        if here.is_relative_to(settings.BASE_DIR) and ".venv" not in here.parts:
            for file in here.rglob("*.py"):
                name = str(file.relative_to(settings.BASE_DIR))
                asking_their_guard[name] += len(re.findall(r"GUARD\.admit\(", file.read_text()))

    # One place may let in what comes in several ways.
    ways = Counter({name: len(ways) for name, ways in SENT.items()})
    assert (+asking_their_guard).keys() == ways.keys()
    assert asking_their_guard - ways == Counter()


@pytest.mark.parametrize("send", [send for ways in SENT.values() for send in ways])
def test_it_is_counted_and_one_too_many_of_a_network_stores_nothing(send):
    full, other = "192.0.2.7", "192.0.2.8"
    send(other)
    [use] = NetworkUse.objects.all()
    NetworkUse.objects.bulk_create(
        NetworkUse(network=network_key(full, now=use.at), form=use.form, at=use.at)
        for _number in range(TOO_MANY)
    )
    written = Email.objects.count()

    with pytest.raises(TooMany, match="Aus Ihrem Netz"):
        send(full)

    assert Email.objects.count() == written
    assert NetworkUse.objects.count() == TOO_MANY + 1
