"""Invitations to a list: each address once, never one that has opted out, and the way out works."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.mail import invitations
from events.mail.invitations import Addresses, Reach, parse
from events.models import EventState, Invitation, InvitationState, OptOut
from ground.refusals import NotPossible
from mailing.message import compose
from mailing.models import Email, EmailKind
from tests.factories import UserFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

LIST = "rathaus@ulm.example\nstadt@gera.example, post@kiel.example"


def invitation(**given) -> Invitation:
    given = {
        "subject": "Kommen Sie nach Gütersloh",
        "text": "Wir laden Sie ein.",
        "addresses": LIST,
    } | given
    if "event" not in given:
        given["event"] = EventFactory(title="8. Regionalkonferenz")
    return Invitation.objects.create(**given)


def send(one: Invitation, **given) -> Invitation:
    return invitations.send(one, by=None, now=timezone.now(), **given)


def way_out(email: Email) -> str:
    return urlsplit(email.unsubscribe_url).path


# Reading a list


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("", []),
        ("a@b.example", ["a@b.example"]),
        (" a@b.example ;c@d.example,e@f.example\r\n\r\ng@h.example", 4),
        ("A@b.example\na@B.example", ["A@b.example"]),
    ],
)
def test_a_list_is_read_however_it_is_separated(text, valid):
    found = parse(text)

    assert found.errors == []
    assert found.valid == valid or len(found.valid) == valid


def test_what_is_no_address_is_named_by_its_line():
    found = parse("a@b.example\n\nStadt Ulm ulm@ulm.example\na@b.example x@\nUlm <ulm>\n")

    assert found.valid == ["a@b.example", "ulm@ulm.example"]
    assert found.repeated == 1
    assert found.errors == [
        "Zeile 3: „Stadt“ ist keine E-Mail-Adresse.",
        "Zeile 3: „Ulm“ ist keine E-Mail-Adresse.",
        "Zeile 4: „x@“ ist keine E-Mail-Adresse.",
        "Zeile 5: „ulm“ ist keine E-Mail-Adresse.",
    ]


def test_what_is_copied_out_of_outlook_or_a_table_is_read_as_well():
    outlook = '\ufeff"Müller, Hans" <h.mueller@ulm.example>; Erika Muster <erika@gera.example>'
    table = "sep=;\r\nVorname;Nachname;E-Mail\r\nErika;Muster;erika@gera.example\r\n;;x\r\n"

    assert parse(outlook) == Addresses(["h.mueller@ulm.example", "erika@gera.example"], [], 0)
    assert parse(table) == Addresses(
        ["erika@gera.example"], ["Zeile 4: „x“ ist keine E-Mail-Adresse."], 0
    )


def test_more_than_all_municipalities_are_too_many(monkeypatch):
    monkeypatch.setattr(invitations, "MOST", 2)

    assert parse(LIST).errors == ["Das sind 3 Adressen. Möglich sind höchstens 2 auf einmal."]


# Sending


def test_each_address_gets_one_email_with_a_way_out_and_the_list_is_forgotten():
    user, now = UserFactory(), timezone.now()
    one = invitation()

    invitations.send(one, by=user, now=now)

    one.refresh_from_db()
    assert (one.state, one.addresses, one.recipients) == (InvitationState.SENT, "", 3)
    assert (one.sent_at, one.written_by) == (now, user)
    emails = Email.objects.all()
    assert {email.to for email in emails} == {
        "rathaus@ulm.example",
        "stadt@gera.example",
        "post@kiel.example",
    }
    for email in emails:
        assert email.kind == EmailKind.BULK
        assert email.expires_at == one.event.starts_at
        assert "Wir laden Sie ein." in email.text
        assert f"/veranstaltungen/{one.event.slug}/" in email.text
        assert email.text.count("@") == 1  # the operator's own, in the footer
        assert "@" not in email.key + email.unsubscribe_url
        headers = compose(email).message()
        assert headers["List-Unsubscribe"] == f"<{email.unsubscribe_url}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len({email.unsubscribe_url for email in emails}) == 3


def test_sending_twice_is_refused_and_writes_nothing():
    one = invitation()
    send(one)

    with pytest.raises(NotPossible, match="schon gesendet"):
        send(one)

    assert Email.objects.count() == 3


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"state": EventState.DRAFT}, "veröffentlichten"),
        ({"state": EventState.CANCELLED, "cancelled_at": timezone.now()}, "veröffentlichten"),
        ({"starts_at": timezone.now() - timedelta(minutes=1)}, "noch kommt"),
    ],
)
def test_nobody_is_invited_to_what_does_not_come(event, sentence):
    one = invitation(event=EventFactory(**event))

    with pytest.raises(NotPossible, match=sentence):
        send(one)

    one.refresh_from_db()
    assert one.addresses == LIST
    assert not Email.objects.exists()


@pytest.mark.parametrize("addresses", ["", "keine Adresse", f"{LIST}\nfalsch"])
def test_with_a_mistake_in_the_list_nobody_is_written_to(addresses):
    with pytest.raises(NotPossible):
        send(invitation(addresses=addresses))

    assert not Email.objects.exists()


# Ways out


def test_who_opts_out_is_never_invited_again_however_the_address_is_written(client):
    send(invitation(addresses="Rathaus@Ulm.example"))
    path = way_out(Email.objects.get())

    page = client.post(path, follow=True).content.decode()

    assert "Keine Einladungen mehr" in page
    one = invitation(addresses=f"{LIST}, RATHAUS@ULM.EXAMPLE")
    assert invitations.preview(one) == Reach(invited=2, opted_out=1)
    send(one)
    assert not Email.objects.filter(
        to__icontains="ulm", key__contains=f":invitation:{one.pk}:"
    ).exists()
    assert "ulm" not in str(OptOut.objects.values().get()).lower()


def test_what_nobody_would_get_has_no_button_to_send_it(admin_client):
    one = invitation(addresses="rathaus@ulm.example")
    page = reverse("admin:events_event_invite", args=[one.event.pk, one.pk])
    to_one = admin_client.get(page).text
    invitations.opt_out(invitations.address_hash("rathaus@ulm.example"), now=timezone.now())

    to_nobody = admin_client.get(page).text

    assert "Es bleibt niemand, der eingeladen werden möchte." in to_nobody
    assert ("Adressen senden" in to_one, "Adressen senden" in to_nobody) == (True, False)


def test_opening_the_link_changes_nothing_and_asks(client):
    send(invitation())
    path = way_out(Email.objects.first())

    for _ in range(3):
        assert "Möchten Sie keine Einladungen" in client.get(path).content.decode()
        assert client.head(path).status_code == 200

    assert not OptOut.objects.exists()


def test_a_mail_programs_button_needs_one_post_and_no_cookie():
    send(invitation())
    path = way_out(Email.objects.first())
    program = Client(enforce_csrf_checks=True)

    for _ in range(2):
        response = program.post(path, {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, response.content) == (204, b"")

    assert OptOut.objects.count() == 1


def test_a_wrong_link_opts_nobody_out(client):
    send(invitation())
    wrong = way_out(Email.objects.first())[:-3] + "x/"

    for response in (client.get(wrong), client.post(wrong)):
        assert response.status_code == 404
        assert "Dieser Link gilt nicht" in response.content.decode()
    assert not OptOut.objects.exists()


def test_an_opt_out_survives_a_new_key_of_the_portal(settings):
    key = invitations.address_hash("rathaus@ulm.example")
    invitations.opt_out(key, now=timezone.now())

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "ganz neu" * 10

    assert invitations.preview(invitation()) == Reach(invited=2, opted_out=1)


def test_without_the_portals_key_nobody_can_try_addresses_out(settings):
    before = invitations.address_hash("rathaus@ulm.example")
    settings.SECRET_KEY = "ganz neu" * 10

    assert invitations.address_hash("rathaus@ulm.example") != before
    assert len(before) == 64


def test_many_take_few_queries(django_assert_max_num_queries):
    one = invitation(addresses="\n".join(f"stadt-{number}@example.org" for number in range(500)))

    with django_assert_max_num_queries(12):
        send(one)

    assert Email.objects.count() == 500
