import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailAttachment
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from mailing import outbox
from mailing.models import Email, EmailKind
from tests.factories import EmailFactory

pytestmark = pytest.mark.usefixtures("probe_templates")


def enqueue(**changes):
    given = {
        "key": "probe:1",
        "to": "erika@example.org",
        "template": "probe/welcome",
        "context": {"name": "Erika"},
    }
    return outbox.enqueue(**(given | changes))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_stored():
    with pytest.raises(TransactionManagementError):
        enqueue()

    assert not Email.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_email():
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)

    assert not Email.objects.exists()


@pytest.fixture
def rings(monkeypatch) -> list[int]:
    """How many e-mails another connection could see at each ring of the doorbell."""
    heard = []

    def ring() -> None:
        def look() -> None:
            heard.append(Email.objects.count())
            connection.close()

        worker = threading.Thread(target=look)
        worker.start()
        worker.join()

    monkeypatch.setattr("mailing.doorbell.ring", ring)
    return heard


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [1, outbox.MANY])
def test_the_doorbell_rings_when_others_can_see_what_there_is_and_not_before(rings, many):
    """A worker that comes at once finds them; one that came too early would go again."""
    with transaction.atomic():
        outbox.enqueue_many(
            outbox.Letter(
                key=f"probe:{number}",
                to="erika@example.org",
                template="probe/welcome",
                context={"name": "Erika"},
            )
            for number in range(many)
        )
        assert rings == []

    assert rings == [many]


@pytest.mark.django_db(transaction=True)
def test_the_doorbell_does_not_ring_for_what_was_undone(rings):
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)

    assert rings == []


@pytest.mark.django_db
def test_the_texts_are_written_at_once_with_the_operators_footer():
    email = enqueue()

    assert email.subject == "Willkommen, Erika"
    assert email.text == (
        "Guten Tag Erika,\n"
        "\n"
        "hier steht mehr:\n"
        "https://example.org/termin/?a=1&b=2.\n"
        "\n"
        "-- \n"
        "Sie bekommen diese E-Mail, weil Ihre Adresse im Portal der Modellprojekte Smart Cities angegeben "
        "wurde.\n"
        "Die Modellprojekte Smart Cities sind ein Programm des Bundesministeriums für Wohnen, "
        "Stadtentwicklung und Bauwesen. Dieses Portal betreibt:\n"
        "Koordinierungsstelle Beispiel\n"
        "http://testserver\n"
        "betreiber@example.org\n"
        "+49 30 1234567\n"
    )
    assert "<p>Guten Tag Erika,</p>" in email.html
    link = "https://example.org/termin/?a=1&amp;b=2"
    assert f'<p>hier steht mehr:<br>\n<a href="{link}">{link}</a>.</p>' in email.html
    assert "Koordinierungsstelle Beispiel" in email.html


@pytest.mark.django_db
def test_an_html_template_of_its_own_is_used():
    email = enqueue(template="probe/own", context={"name": "<b>Erika</b>"})

    assert "<h1>Guten Tag &lt;b&gt;Erika&lt;/b&gt;</h1>" in email.html
    assert email.text.startswith("Guten Tag <b>Erika</b>,")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Eve\r\nBcc: victim@example.org", "Willkommen, Eve Bcc: victim@example.org"),
        ("👩‍💻 Ärztin\u202e", "Willkommen, 👩‍💻 Ärztin"),
        ("x" * 500, "Willkommen, " + "x" * 187 + "…"),
        ("<script>&amp;", "Willkommen, <script>&amp;"),
    ],
)
def test_whatever_people_are_called_the_subject_is_one_line(name, subject):
    email = enqueue(context={"name": name})

    email.refresh_from_db()
    assert email.subject == subject
    assert "<script>" not in email.html


@pytest.mark.django_db
def test_the_same_key_again_does_nothing():
    first = enqueue()
    again = enqueue(to="other@example.org", context={"name": "Other"})

    assert again == first
    assert Email.objects.get().to == "erika@example.org"


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_write_the_same_email_one_does():
    start = threading.Barrier(8)

    def write():
        start.wait()
        with transaction.atomic():
            enqueue()
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Email.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nobody", "a@b.de\nBcc: c@d.de", "Erika <a@example.org"])
def test_what_is_no_address_is_not_stored(address):
    with pytest.raises(ValidationError):
        enqueue(to=address)

    assert not Email.objects.exists()


@pytest.mark.django_db
def test_a_bulk_email_must_say_how_to_unsubscribe():
    with pytest.raises(IntegrityError, match="bulk_can_be_unsubscribed"):
        enqueue(kind=EmailKind.BULK)


@pytest.mark.django_db
def test_a_bulk_email_shows_the_way_out_in_its_text():
    email = enqueue(kind=EmailKind.BULK, unsubscribe_url="https://portal.example/ab/?t=1&u=2")

    assert email.text.endswith("abbestellen:\nhttps://portal.example/ab/?t=1&u=2\n")
    assert 'href="https://portal.example/ab/?t=1&amp;u=2">E-Mails abbestellen</a>' in email.html


@pytest.mark.django_db
def test_until_when_an_email_makes_sense_is_stored():
    until = timezone.now() + timedelta(hours=2)

    assert enqueue(expires_at=until).expires_at == until
    assert enqueue(key="probe:2").expires_at is None


@pytest.mark.django_db
def test_an_attachment_is_stored_with_a_harmless_name():
    email = enqueue(attachments=[EmailAttachment("a\r\nb.bin", b"\x00\xff", "application/zip")])

    assert email.attachments == [{"name": "a b.bin", "type": "application/zip", "base64": "AP8="}]


def letters(count):
    return [
        outbox.Letter(key=f"p:{n}", to=f"p{n}@example.org", template="probe/welcome")
        for n in range(count)
    ]


@pytest.mark.django_db
def test_many_take_few_statements_and_planning_again_writes_nothing(
    django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(outbox, "CHUNK", 100)
    with django_assert_num_queries(12):  # twice: which are there, copy in; the last one inserts
        assert outbox.enqueue_many(letters(250)) == 250
    with django_assert_num_queries(3):
        assert outbox.enqueue_many(letters(250)) == 0
    assert outbox.enqueue_many(letters(260)) == 10

    assert Email.objects.count() == 260


@pytest.mark.django_db
def test_only_what_nobody_has_begun_to_send_can_be_taken_back():
    now = timezone.now()
    EmailFactory(key="date:1:reminder:a")
    EmailFactory(key="date:1:reminder:b", sent_at=now)
    EmailFactory(key="date:1:reminder:c", claim=uuid4(), claimed_until=now)
    EmailFactory(key="date:11:reminder:d")

    with transaction.atomic():
        assert outbox.withdraw("date:1:") == 1

    assert set(Email.objects.values_list("key", flat=True)) == {
        "date:1:reminder:b",
        "date:1:reminder:c",
        "date:11:reminder:d",
    }


@pytest.mark.django_db
def test_what_was_taken_back_is_not_sent_again_however_it_had_ended():
    now = timezone.now()
    sent = EmailFactory(key="date:1:reminder:a", sent_at=now)
    refused = EmailFactory(key="date:1:reminder:b", refused_at=now, last_error="550")
    in_hand = EmailFactory(key="date:1:reminder:c", claim=uuid4(), claimed_until=now)
    other = EmailFactory(key="date:11:reminder:d", sent_at=now)
    over = EmailFactory(key="date:1:reminder:e", sent_at=now, expires_at=now - timedelta(days=1))

    with transaction.atomic():
        outbox.withdraw("date:1:")

    later = timezone.now()
    rows = Email.objects.filter(pk__in=[sent.pk, refused.pk, other.pk, over.pk])
    assert outbox.send_again(rows, token="t", now=later) == [other]
    # It goes out, and nothing of it is locked meanwhile.
    in_hand.refresh_from_db()
    assert in_hand.expires_at is None
    over.refresh_from_db()
    assert over.expires_at == now - timedelta(days=1)


@pytest.mark.django_db
def test_what_one_mailbox_was_told_later_about_one_matter_is_known(django_assert_num_queries):
    now = timezone.now()
    erika, hour = "erika@stadt.example", timedelta(hours=1)
    rows = {
        name: EmailFactory(key=key, to=to, **{"due_at": now, **ending})
        for name, key, to, ending in [
            ("place", "date:1:place:7", erika, {"sent_at": now - 9 * hour}),
            ("for Otto", "date:1:place:8", "otto@stadt.example", {"sent_at": now}),
            ("of another matter", "date:11:moved:7", erika, {"sent_at": now}),
            ("moved", "date:1:moved:1:7", "Erika+termin@stadt.example", {"sent_at": now - hour}),
            ("never there", "date:1:moved:2:7", erika, {"refused_at": now}),
            ("to come", "date:1:reminder:7", erika, {"due_at": now + hour}),
            ("without a matter", "date", erika, {}),
            ("sent before", "date:1:invited:7", erika, {"sent_at": now - 10 * hour}),
            ("place again", f"date:1:place:7:again:{'a' * 32}", erika, {"sent_at": now}),
            ("and again", f"date:1:place:7:again:{'a' * 32}:again:{'b' * 32}", erika, {}),
            ("asked again", "date:1:place:7:again:2", erika, {"sent_at": now - 8 * hour}),
        ]
    }

    with django_assert_num_queries(1):
        since = outbox.told_since(rows.values())

    names = {row.pk: name for name, row in rows.items()}
    told = {names[pk]: [names[one.pk] for one in later] for pk, later in since.items()}
    assert told["place"] == ["asked again", "moved", "to come"]
    assert told["moved"] == ["place again", "and again", "to come"]
    assert told["place again"] == ["to come"]
    assert told["sent before"] == [
        "place", "asked again", "moved", "place again", "and again", "to come",
    ]  # fmt: skip
    assert told["for Otto"] == told["of another matter"] == told["without a matter"] == []


@pytest.mark.django_db
def test_of_emptied_emails_nobody_can_say_who_was_told_what(django_assert_num_queries):
    now = timezone.now()
    empty = {"to": "", "subject": "", "text": "", "sent_at": now, "purged_at": now}
    rows = [EmailFactory(key=f"date:1:place:{number}", **empty) for number in range(3)]

    with django_assert_num_queries(0):
        assert outbox.told_since(rows) == {row.pk: [] for row in rows}
    with django_assert_num_queries(0):
        assert outbox.told_since([]) == {}


@pytest.mark.django_db
def test_what_is_sent_once_more_is_the_same_in_everything_but_its_own_fate():
    """Whatever an e-mail may have in future, its copy has too, unless it is named here."""
    now = timezone.now()
    sent = EmailFactory(
        kind="bulk",
        reply_to="antwort@stadt.example",
        html="<p>Guten Tag</p>",
        attachments=[{"name": "termin.ics", "type": "text/calendar", "base64": "AAAA"}],
        unsubscribe_url="https://portal.example/ende/",
        expires_at=now + timedelta(days=1),
        due_at=now - timedelta(days=1),
        created_at=now - timedelta(days=1),
        attempts=3,
        sent_at=now - timedelta(hours=1),
    )

    outbox.send_again(Email.objects.all(), token="b" * 32, now=now)

    again = Email.objects.open().get()
    differs = {
        field.name
        for field in Email._meta.concrete_fields
        if getattr(again, field.attname) != getattr(sent, field.attname)
    }
    assert differs == {
        "id", "key", "message_token", "created_at", "due_at", "attempts", "sent_at",
    }  # fmt: skip


@pytest.mark.django_db
def test_health_tells_how_far_behind_the_outbox_is(django_assert_num_queries):
    now = timezone.now()
    assert outbox.health(now) == outbox.Health(oldest_due=None, waiting=0, stuck=0)
    EmailFactory(due_at=now + timedelta(days=1))
    EmailFactory(due_at=now - timedelta(minutes=1))
    EmailFactory(due_at=now - timedelta(hours=1))
    EmailFactory(due_at=now + timedelta(hours=1), attempts=3, last_error="452 voll")
    EmailFactory(due_at=now - timedelta(days=1), sent_at=now)
    EmailFactory(due_at=now - timedelta(days=1), refused_at=now)
    EmailFactory(due_at=now - timedelta(days=1), expires_at=now, last_error="452 voll")
    EmailFactory(due_at=now - timedelta(days=1), expires_at=now, missed_at=now)

    with django_assert_num_queries(1):
        health = outbox.health(now)

    assert health == outbox.Health(oldest_due=now - timedelta(hours=1), waiting=2, stuck=2)
    assert [email.state(now) for email in Email.objects.order_by("pk")] == [
        "wartet",
        "wartet",
        "hängt",
        "hängt",
        "gesendet",
        "abgelehnt",
        "verpasst",
        "verpasst",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("ends_one_way", {"sent_at": timezone.now(), "refused_at": timezone.now()}),
        ("missed_after_it_expired", {"missed_at": timezone.now()}),
        (
            "missed_after_it_expired",
            {"missed_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=1)},
        ),
        (
            "ends_one_way",
            {"missed_at": timezone.now(), "expires_at": timezone.now(), "sent_at": timezone.now()},
        ),
        ("only_open_ones_are_claimed", {"claimed_until": timezone.now()}),
        ("purged_is_closed_and_empty", {"purged_at": timezone.now(), "to": "", "text": ""}),
        (
            "purged_is_closed_and_empty",
            {"purged_at": timezone.now(), "sent_at": timezone.now(), "subject": "", "text": ""},
        ),
        ("has_a_recipient", {"to": ""}),
    ],
)
def test_the_database_refuses_an_email_that_contradicts_itself(constraint, row):
    with pytest.raises(IntegrityError, match=f"mailing_email_{constraint}"):
        EmailFactory(**row)
