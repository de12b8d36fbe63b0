"""What hosts write to participants: one e-mail each, once, and nobody's address for anybody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from events.mail import from_hosts
from events.mail.from_hosts import Reach
from events.models import EventMessage, Mode, Registration, RegistrationState, To
from ground.refusals import NotPossible
from mailing.models import Email, EmailKind
from tests.factories import UserFactory
from tests.factories.events import EventFactory, RegistrationFactory
from tests.some import some

pytestmark = pytest.mark.django_db

EVERYBODY = [To.SEATED, To.WAITING]


@pytest.fixture
def event():
    return EventFactory(
        takes_registrations=True,
        contact_email="team@guetersloh.example",
        online_link="https://video.example/geheim",
    )


@pytest.fixture
def people(event) -> dict[str, Registration]:
    """One of each kind that there is at an event, and one somewhere else."""
    soon = timezone.now() + timedelta(days=1)
    over = {"closed_at": timezone.now()}
    RegistrationFactory()
    return {
        name: RegistrationFactory(event=event, name=name, email=f"{name}@kommune.example", **given)
        for name, given in {
            "sitzt": {},
            "online": {"mode": Mode.ONLINE},
            "wartet": {"state": RegistrationState.WAITING},
            "angebot": {"state": RegistrationState.OFFERED, "offered_until": soon},
            "unbestaetigt": {"confirmed_at": None, "hold_until": soon},
            "weg": {"state": RegistrationState.CANCELLED, **over},
            "verfallen": {"state": RegistrationState.EXPIRED, "confirmed_at": None, **over},
        }.items()
    }


def send(event, **given) -> EventMessage:
    given = {
        "to": EVERYBODY,
        "subject": "Bitte andere Straßenbahn nehmen",
        "text": "Die Linie 4 fährt nicht.\n\nBis morgen!",
        "by": None,
        "token": uuid4(),
        "now": timezone.now(),
    } | given
    return from_hosts.send(event, **given)


@pytest.mark.parametrize(
    ("to", "reach", "names"),
    [
        ([To.SEATED], Reach(2, 0, 1), {"sitzt", "online"}),
        ([To.WAITING], Reach(0, 2, 0), {"wartet", "angebot"}),
        (EVERYBODY, Reach(2, 2, 1), {"sitzt", "online", "wartet", "angebot"}),
    ],
)
def test_the_preview_counts_exactly_those_who_get_it(
    event, people, to, reach, names, django_assert_num_queries
):
    with django_assert_num_queries(1):
        counted = from_hosts.preview(event, to)

    message = send(event, to=to)

    assert counted == reach
    assert message.recipients == counted.total == len(names)
    assert set(Email.objects.values_list("to", flat=True)) == {
        f"{name}@kommune.example" for name in names
    }


def test_each_has_an_email_of_their_own_without_anybody_elses_address(event, people):
    user = UserFactory()
    send(event, by=user)

    for email in some(Email.objects.all()):
        everything = f"{email.subject} {email.text} {email.html} {email.reply_to} {email.key}"
        others = {one.email for one in people.values()} - {email.to}
        assert not [address for address in [*others, user.email] if address in everything]
        assert email.kind == EmailKind.TRANSACTIONAL
        assert email.reply_to == "team@guetersloh.example"
        assert "Die Linie 4 fährt nicht.\n\nBis morgen!" in email.text
        assert "video.example" not in everything


def test_the_same_form_twice_writes_once(event, people):
    token = uuid4()
    first = send(event, token=token)

    assert send(event, token=token, subject="Noch einmal") == first

    assert Email.objects.count() == 4
    assert EventMessage.objects.get().subject == "Bitte andere Straßenbahn nehmen"
    send(event)
    assert Email.objects.count() == 8


def test_the_log_says_who_wrote_what_to_how_many(event, people):
    user, now = UserFactory(), timezone.now()

    send(event, by=user, now=now)

    message = EventMessage.objects.get()
    assert (message.written_by, message.sent_at, message.recipients) == (user, now, 4)
    assert set(message.to) == set(EVERYBODY)


def test_with_nobody_to_write_to_nothing_is_stored(event):
    with pytest.raises(NotPossible, match="niemand"):
        send(event)

    assert not EventMessage.objects.exists()


def test_a_subject_cannot_smuggle_a_header_in(event, people):
    send(event, to=[To.WAITING], subject="Hallo\r\nBcc: opfer@example.org")

    assert {email.subject for email in Email.objects.all()} == {"Hallo Bcc: opfer@example.org"}


def test_many_take_no_more_queries_than_few(event, django_assert_max_num_queries):
    RegistrationFactory(event=event)
    with django_assert_max_num_queries(14) as few:
        send(event)
    RegistrationFactory.create_batch(30, event=event)

    with django_assert_max_num_queries(len(few)):
        assert send(event).recipients == 31


def test_what_nobody_would_get_has_no_button_to_send_it(admin_client, event):
    page = reverse("admin:events_event_message", args=[event.pk])
    typed = {"to": EVERYBODY, "subject": "Betreff", "text": "Text", "token": uuid4()}

    to_nobody = admin_client.post(page, typed).text
    RegistrationFactory(event=event)
    to_one = admin_client.post(page, typed).text

    assert "In diesem Kreis ist niemand mit bestätigter E-Mail-Adresse." in to_nobody
    assert ('name="senden"' in to_nobody, 'name="aendern"' in to_nobody) == (False, True)
    assert 'name="senden"' in to_one


@pytest.mark.parametrize("to", [[To.SEATED], [To.WAITING]])
def test_the_preview_is_the_mail_with_greeting_and_foot(event, to):
    state = {To.SEATED: RegistrationState.SEAT, To.WAITING: RegistrationState.WAITING}[to[0]]
    RegistrationFactory(event=event, name="Eva Kern", state=state)

    shown = from_hosts.as_received(event, to=to, subject="Betreff", text="die Linie 4 fährt nicht.")
    send(event, to=to, subject="Betreff", text="die Linie 4 fährt nicht.")

    email = Email.objects.get()
    assert shown.text.replace("… (hier steht der Name)", "Eva Kern") == email.text
    assert shown.subject == email.subject
