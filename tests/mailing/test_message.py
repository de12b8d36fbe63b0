from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.core.mail import EmailAttachment

from mailing import outbox
from mailing.message import compose
from mailing.models import Email, EmailKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_templates")]

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Beratung für Ärzte\r\nEND:VCALENDAR\r\n"


def sent(**changes) -> EmailMessage:
    """What arrives at the other end, read by somebody else's code."""
    given = {
        "key": "probe:1",
        "to": "erika@example.org",
        "template": "probe/welcome",
        "context": {"name": "Erika 👩‍💻 Ärztin"},
    }
    email = outbox.enqueue(**(given | changes))
    stored = Email.objects.get(pk=email.pk)
    return message_from_bytes(compose(stored).message().as_bytes(linesep="\r\n"), policy=SMTP)


def test_the_headers_say_who_and_that_no_person_wrote_it(settings):
    settings.SITE_URL = "https://portal.example:8443"
    settings.DEFAULT_FROM_EMAIL = "Portal für Städte <portal@example.org>"

    message = sent(reply_to="beraterin@example.org")

    token = Email.objects.get().message_token.hex
    headers = dict(message.items())
    assert headers.pop("Date")
    assert headers.pop("Content-Type").startswith("multipart/alternative")
    assert headers == {
        "Subject": "Willkommen, Erika 👩‍💻 Ärztin",
        "From": "Portal für Städte <portal@example.org>",
        "To": "erika@example.org",
        "Reply-To": "beraterin@example.org",
        "Message-ID": f"<{token}@portal.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }


def test_text_and_html_arrive_as_they_were_stored():
    message = sent()

    email = Email.objects.get()
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    assert {kind: text.replace("\r\n", "\n") for kind, text in parts.items()} == {
        "text/plain": email.text,
        "text/html": email.html,
    }


def test_every_try_has_the_same_message_id():
    sent()
    email = Email.objects.get()

    first, second = compose(email).message(), compose(Email.objects.get()).message()

    assert first["Message-ID"] == second["Message-ID"]


def test_a_bulk_email_can_be_unsubscribed_with_one_click():
    message = sent(kind=EmailKind.BULK, unsubscribe_url="https://portal.example/ab/1/")

    assert message["List-Unsubscribe"] == "<https://portal.example/ab/1/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_invitation_is_offered_to_the_calendar_and_as_a_file():
    message = sent(
        attachments=[EmailAttachment("termin.ics", ICS, "text/calendar; method=REQUEST")]
    )

    alternatives, file = message.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = list(alternatives.iter_parts())[2]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar.get_payload(decode=True).decode() == ICS
    assert file.get_filename() == "termin.ics"
    assert file.get_content_type() == "application/ics"
    assert file.get_payload(decode=True).decode() == ICS


def test_other_attachments_arrive_byte_for_byte():
    data = bytes(range(256)) * 50

    message = sent(attachments=[EmailAttachment("Übersicht 1.pdf", data, "application/pdf")])

    _body, file = message.iter_parts()
    assert (file.get_filename(), file.get_content()) == ("Übersicht 1.pdf", data)
