"""What people read. Whole texts, so that whoever changes a word sees it here."""

import re
from base64 import b64decode
from datetime import timedelta

import pytest
import vobject
from django.template.loader import get_template

from consulting import actions, links
from consulting.links import Outcome, Purpose
from consulting.mail import consultations, reminders
from consulting.models import AccessNeeds, ConsultationRequest, Rating
from mailing.models import Email
from tests.consulting.test_booking import unsent
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    MunicipalityFactory,
    SlotFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.consulting import NOW, on_site
from tests.some import some

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://testserver/start-smart/([a-z]+)/([^/\s]+)/")


def last(to: str) -> Email:
    return Email.objects.filter(to=to).latest("pk")


def readable(email: Email) -> str:
    """The text without the operator's lines, and with tokens and numbers replaced."""
    text = LINK.sub(r"<\1>", email.text.split("\n-- \n")[0])
    return re.sub(r"SM-\w{7}", "SM-…", text).strip()


def tokens(email: Email) -> dict[Purpose, str]:
    return {Purpose(purpose): token for purpose, token in LINK.findall(email.text)}


def calendar_of(email: Email):
    (attachment,) = email.attachments
    return attachment["type"], vobject.readOne(b64decode(attachment["base64"]).decode())


@pytest.fixture
def slot():
    return SlotFactory(advisor=AdvisorFactory(name="Ada Rat", email="ada@example.org"))


@pytest.fixture
def held(slot):
    request = unsent(
        municipality=MunicipalityFactory(name="Musterdorf"),
        contact_role="Digitalisierung",
        phone="01234 567",
    )
    return actions.submit(request, slot=slot, themes=[ThemeFactory(name="Mobilität")], now=NOW)


def test_the_mail_that_asks_to_confirm(held):
    email = last("eva@musterdorf.example")

    assert email.subject == (
        "Start Smart, Musterdorf – Bitte bestätigen: Beratung am Montag, 9. März 2026"
    )
    assert email.reply_to == "betreiber@example.org"
    assert email.attachments == []
    assert readable(email) == (
        "Guten Tag,\n\n"
        "wir haben diesen Termin für Sie vorgemerkt:\n\n"
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online\n(deutsche Zeit)\n\n"
        "Bitte bestätigen Sie ihn bis Montag, 2. März, 11:00 Uhr. Erst dann ist er gebucht:\n\n"
        "Termin bestätigen:\n<bestaetigen>\n\n"
        "Auf der Seite, die sich öffnet, drücken Sie auf „Termin bestätigen“. So lange können nur "
        "Sie diesen Termin buchen. Danach wird er wieder frei.\n\n"
        "Der Termin passt doch nicht? Dann geben Sie ihn hier frei:\n<absagen>\n\n"
        "Sie haben keinen Termin angefragt? Dann müssen Sie nichts tun. Wir löschen die Angaben "
        "einen Tag nach der Frist.\n\n"
        "Vorgangsnummer: SM-…"
    )


def test_the_confirmation_and_what_the_advisor_reads(held):
    AccessNeeds.objects.create(request=held, text="Gebärdensprache")

    actions.confirm(held, now=NOW)

    to_person, to_advisor = last("eva@musterdorf.example"), last("ada@example.org")
    assert to_person.subject == (
        "Start Smart, Musterdorf – Termin bestätigt: Montag, 9. März 2026, 10:00 bis 10:45 Uhr"
    )
    assert readable(to_person) == (
        "Guten Tag Eva Beispiel,\n\n"
        "Ihr Termin ist gebucht:\n\n"
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online\n(deutsche Zeit)\n\n"
        "Sie sprechen mit Ada Rat.\n"
        "Videoraum: https://video.example.org/start-smart\n\n"
        "Im Anhang finden Sie den Termin für Ihren Kalender. Wir erinnern Sie einen Tag vorher noch "
        "einmal.\n\n"
        "Termin ansehen:\n<ansehen>\n\n"
        "Es passt doch nicht?\n"
        "Termin verschieben: <verschieben>\n"
        "Termin absagen: <absagen>\n\n"
        "Diese Links gelten, bis sich am Termin etwas ändert. Danach bekommen Sie neue.\n\n"
        "Vorgangsnummer: SM-…"
    )
    assert (
        to_advisor.subject
        == "Start Smart, Musterdorf – Neue Beratung: Montag, 9. März 2026, 10:00 bis 10:45 Uhr"
    )
    assert readable(to_advisor) == (
        "Guten Tag Ada Rat,\n\n"
        "für Sie ist eine Beratung gebucht:\n\n"
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online\n"
        "Videoraum: https://video.example.org/start-smart\n\n"
        "Kommune: Musterdorf (Bayern)\n"
        "Kontakt: Eva Beispiel, Digitalisierung\n"
        "E-Mail: eva@musterdorf.example\n"
        "Telefon: 01234 567\n"
        "Stand: Wir stehen am Anfang\n"
        "Themen: Mobilität\n\n"
        "Anliegen:\nWomit fangen wir an?\n\n"
        "Die Person hat angegeben, was sie für die Teilnahme braucht. Bitte lesen Sie es in der "
        "Verwaltung nach.\n\n"
        "Vorgangsnummer: SM-…\n"
        f"In der Verwaltung: http://testserver/verwaltung/consulting/consultationrequest/{held.pk}"
        "/change/"
    )
    for email in (to_person, to_advisor):
        kind, invitation = calendar_of(email)
        assert kind == 'text/calendar; charset="utf-8"; method=REQUEST'
        assert invitation.vevent.dtstart.value == NOW + timedelta(days=7)


def test_what_somebody_needs_stands_in_no_email_at_all(slot):
    request = actions.submit(unsent(), slot=slot, access_needs="Gebärdensprache", now=NOW)
    confirmed = actions.confirm(request, now=NOW)
    actions.cancel(confirmed, now=NOW)

    for email in some(Email.objects.all()):
        assert "Gebärdensprache" not in email.text + email.html + email.subject
        for attachment in email.attachments:
            assert "Geb" not in b64decode(attachment["base64"]).decode()


def test_nothing_typed_goes_to_an_address_that_nobody_has_confirmed(slot):
    typed = {
        "contact_name": "KAUFEN Sie",
        "contact_role": "http://boese.example",
        "question": "Gewinnen! http://boese.example",
        "phone": "http://boese.example",
        "municipality": None,
        "municipality_name": "boese.example",
    }
    actions.submit(unsent(**typed), slot=slot, now=NOW)
    actions.submit(unsent(**typed, wishes="http://boese.example"), slot=None, now=NOW)
    held = ConsultationRequest.objects.get(state="held")
    actions.cancel(held, now=NOW, reason="http://boese.example")

    received = list(Email.objects.filter(to="eva@musterdorf.example"))
    assert len(received) == 3
    for email in received:
        everything = email.subject + email.text + email.html
        assert "boese" not in everything
        assert "KAUFEN" not in everything


@pytest.mark.parametrize(
    ("meeting", "phone", "told"),
    [
        (on_site("Rathaus, Markt 1"), "", "vor Ort, Rathaus, Markt 1\n(deutsche Zeit)"),
        ({"mode": "telefon"}, "01234 567", "Wir rufen Sie an unter: 01234 567\n"),
        ({"mode": "telefon"}, "", "antworten Sie auf diese E-Mail mit Ihrer Telefonnummer.\n"),
        ({"advisor__meeting_link": ""}, "", "Den Link zum Videoraum schicken wir Ihnen"),
        ({"meeting_link": "https://anderswo.example"}, "", "Videoraum: https://anderswo.example\n"),
    ],
)
def test_how_to_meet_is_told(meeting, phone, told):
    request = actions.submit(unsent(phone=phone), slot=SlotFactory(**meeting), now=NOW)

    actions.confirm(request, now=NOW)

    assert told in last("eva@musterdorf.example").text


def test_cancelling_clears_both_calendars(held):
    confirmed = actions.confirm(held, now=NOW)
    _kind, invitation = calendar_of(last("eva@musterdorf.example"))

    actions.cancel(confirmed, reason="Haushaltssperre", now=NOW)

    for to in ("eva@musterdorf.example", "ada@example.org"):
        kind, cancellation = calendar_of(last(to))
        assert kind == 'text/calendar; charset="utf-8"; method=CANCEL'
        assert cancellation.method.value == "CANCEL"
        assert cancellation.vevent.uid.value == invitation.vevent.uid.value
        assert int(cancellation.vevent.sequence.value) > int(invitation.vevent.sequence.value)
    assert "Der Grund: Haushaltssperre" in last("ada@example.org").text
    assert readable(last("eva@musterdorf.example")) == (
        "Guten Tag Eva Beispiel,\n\n"
        "Sie haben diesen Termin abgesagt:\n\n"
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online\n\n"
        "Er gilt nicht mehr. Sie können jederzeit einen neuen buchen: "
        "http://testserver/start-smart/\n\n"
        "Im Anhang finden Sie die Absage für Ihren Kalender.\n\n"
        "Vorgangsnummer: SM-…"
    )


def test_what_the_office_cancels_it_explains(held):
    confirmed = actions.confirm(held, now=NOW)

    actions.cancel(confirmed, reason="Ada Rat ist erkrankt.", by=UserFactory(), now=NOW)

    assert readable(last("eva@musterdorf.example")).startswith(
        "Guten Tag Eva Beispiel,\n\n"
        "wir müssen leider absagen:\n\n"
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online\n\n"
        "Der Grund: Ada Rat ist erkrankt.\n\n"
    )


def test_a_moved_advisor_reads_that_the_date_is_off(held):
    confirmed = actions.confirm(held, now=NOW)

    actions.reschedule(confirmed, slot=SlotFactory(), now=NOW)

    email = last("ada@example.org")
    assert (
        email.subject
        == "Start Smart, Musterdorf – Entfällt: Beratung am Montag, 9. März 2026, 10:00 bis 10:45 Uhr"
    )
    _kind, cancellation = calendar_of(email)
    assert cancellation.vevent.dtstart.value == NOW + timedelta(days=7)


def test_the_office_reads_what_waits_but_no_names():
    actions.submit(unsent(municipality=None, municipality_name="Musterdorf"), slot=None, now=NOW)

    email = last("betreiber@example.org")
    number = ConsultationRequest.objects.get().reference
    assert email.subject == f"Start Smart, Musterdorf – Neue Anfrage ({number})"
    assert "bis Montag, 9. März 2026" in email.text
    assert "Kommune: Musterdorf (Bayern)" in email.text
    assert "Eva" not in email.text


def test_the_office_of_start_smart_can_have_its_own_address(settings):
    settings.START_SMART_EMAIL = "start-smart@example.org"

    actions.submit(unsent(), slot=None, now=NOW)

    assert last("start-smart@example.org").key.endswith("office-received")
    assert last("eva@musterdorf.example").reply_to == "start-smart@example.org"


def test_at_every_station_the_links_of_the_latest_mail_work_and_all_older_ones_are_dead(slot):
    """From the form to the question how it went, with every kind of mail in between."""
    person, colleague = "eva@musterdorf.example", UserFactory()
    other, third = (
        SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=days))
        for days in (1, 2)
    )
    sent: list[Email] = []

    def station(purposes: set[Purpose], *, now=NOW) -> ConsultationRequest:
        for old in sent:
            outcomes = {
                links.open_token(token, one, now=now).outcome for one, token in tokens(old).items()
            }
            assert Outcome.VALID not in outcomes
        email = last(person)
        assert email not in sent
        sent.append(email)
        assert set(tokens(email)) == purposes
        opened = [links.open_token(token, one, now=now) for one, token in tokens(email).items()]
        assert {one.outcome for one in opened} == {Outcome.VALID}
        return opened[0].row

    manage = {Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL}
    actions.submit(unsent(), slot=None, now=NOW)
    request = station({Purpose.SEE, Purpose.CANCEL})
    actions.propose(request, slot=slot, by=colleague, now=NOW)
    request = station({Purpose.ANSWER, Purpose.CANCEL})
    actions.refuse(request, now=NOW)
    request = station({Purpose.SEE, Purpose.CANCEL})
    actions.propose(request, slot=other, by=colleague, now=NOW)
    request = station({Purpose.ANSWER, Purpose.CANCEL})
    actions.accept(request, now=NOW)
    request = station(manage)
    actions.propose(request, slot=third, by=colleague, now=NOW)
    request = station({Purpose.ANSWER, Purpose.CANCEL})
    lapsed = NOW + timedelta(days=5)
    actions.release_expired(now=lapsed)
    request = station(manage, now=lapsed)
    actions.reschedule(request, slot=third, now=lapsed)
    request = station(manage, now=lapsed)
    over = third.ends_at + timedelta(days=1)
    reminders.ask_how_it_went(now=over)
    asked = last(person)
    ((purpose, token),) = tokens(asked).items()
    opened = links.open_token(token, purpose, now=over)
    assert (purpose, opened.outcome) == (Purpose.RATE, Outcome.VALID)
    actions.rate(opened.row, rating=Rating.HELPED, now=over)
    assert links.open_token(token, purpose, now=over).outcome is Outcome.USED


def beside_a_date(request: ConsultationRequest, slot, *, now) -> ConsultationRequest:
    """The office proposes the day after the agreed date as well."""
    day_after = slot.starts_at + timedelta(days=1)
    other = SlotFactory(advisor=slot.advisor, starts_at=day_after)
    return actions.propose(request, slot=other, by=UserFactory(), now=now)


def test_a_proposal_names_the_date_that_stands_beside_it_only_while_that_is_still_to_come(
    held, slot
):
    agreed = actions.confirm(held, now=NOW)
    stands = "Ihr bisheriger Termin bleibt bestehen, solange Sie den neuen nicht annehmen:"

    proposed = beside_a_date(agreed, slot, now=slot.starts_at - timedelta(minutes=1))
    assert f"{stands}\n{slot.in_full}" in last(held.email).text

    again = SlotFactory(starts_at=slot.starts_at + timedelta(days=2))
    actions.propose(proposed, slot=again, by=UserFactory(), now=slot.starts_at)
    repeated = last(held.email).text
    assert again.in_full in repeated
    assert [words for words in (stands, slot.in_full) if words in repeated] == []


def test_once_the_agreed_date_has_begun_nobody_reads_that_it_stays(held, slot):
    proposed = beside_a_date(actions.confirm(held, now=NOW), slot, now=NOW + timedelta(days=6))

    actions.refuse(proposed, now=slot.starts_at)

    email = last(held.email)
    assert email.subject == "Start Smart, Musterdorf – Der vorgeschlagene Termin ist wieder frei"
    assert readable(email) == (
        "Guten Tag Eva Beispiel,\n\n"
        "der Termin, den wir Ihnen vorgeschlagen hatten, ist wieder frei. Ihr vereinbarter Termin hat "
        "schon begonnen oder liegt zurück:\n\n"
        "Montag, 9. März 2026, 10:00 bis 10:45 Uhr, online\n\n"
        "Hat die Beratung nicht stattgefunden? Dann antworten Sie bitte auf diese E-Mail, und wir "
        "suchen einen neuen Termin.\n\n"
        "Stand der Anfrage ansehen:\n<ansehen>\n\n"
        "Vorgangsnummer: SM-…"
    )
    told = last("betreiber@example.org").text
    assert "passt nicht. Der vereinbarte Termin ändert sich dadurch nicht." in told


def test_planning_an_email_again_stores_it_once(held):
    consultations.tell_office(held, "received", now=NOW)
    before = Email.objects.count()

    consultations.tell_office(held, "received", now=NOW)

    assert Email.objects.count() == before


@pytest.mark.parametrize("name", sorted(consultations.PURPOSES))
def test_every_mail_to_a_person_has_a_subject_and_a_text(name):
    for part in ("subject", "body"):
        assert get_template(f"consulting/email/{name}_{part}.txt")


def test_a_rude_name_stays_one_line_in_the_mail(slot):
    request = ConsultationRequestFactory(
        confirmed=True,
        slot=slot,
        municipality=None,
        municipality_name="X\r\nBcc: boese@example.org",
    )

    actions.cancel(ConsultationRequest.objects.get(pk=request.pk), now=NOW)

    assert all("\n" not in email.subject for email in some(Email.objects.all()))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (14, "Wir erinnern Sie eine Woche und einen Tag vorher noch einmal."),
        (3, "Wir erinnern Sie einen Tag vorher noch einmal."),
        (0.9, "Der Termin ist schon bald, eine Erinnerung kommt nicht mehr."),
    ],
)
def test_the_confirmation_says_which_reminders_come_and_just_these_come(days, told):
    advisor = AdvisorFactory(lead_hours=0)
    slot = SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=days))
    actions.confirm(actions.submit(unsent(), slot=slot, now=NOW), now=NOW)

    assert told in last("eva@musterdorf.example").text
    for hours in range(0, 24 * 15, 3):
        reminders.remind(now=NOW + timedelta(hours=hours))
    reminded = Email.objects.filter(key__contains=":reminder:").count()
    assert reminded == {14: 2, 3: 1, 0.9: 0}[days]


@pytest.mark.parametrize(
    ("days", "told"),
    [(3, "Den Link zum Videoraum schicken wir Ihnen"), (0.9, "auf der Seite „Termin ansehen“.")],
)
def test_the_link_to_the_room_is_announced_only_where_an_email_is_left_to_bring_it(days, told):
    advisor = AdvisorFactory(lead_hours=0, meeting_link="")
    slot = SlotFactory(advisor=advisor, starts_at=NOW + timedelta(days=days))
    actions.confirm(actions.submit(unsent(), slot=slot, now=NOW), now=NOW)

    assert told in last("eva@musterdorf.example").text
    if days == 3:
        reminders.remind(now=slot.starts_at - timedelta(hours=20))
        reminder = last("eva@musterdorf.example")
        assert ":reminder:day:" in reminder.key
        assert "Der Link zum Videoraum steht vor dem Termin auf der Seite" in reminder.text
