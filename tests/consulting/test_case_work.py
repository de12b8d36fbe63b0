"""What is done within a case: taken on the phone, handed over, written to, called off, sent on."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.own_data import Person
from consulting import actions, calendar, obstacles, own_data, retention
from consulting.links import Purpose, token_for
from consulting.mail import consultations
from consulting.mail.rules import RULES
from consulting.models import (
    Absence,
    AdvisorFeed,
    Appointment,
    ConsultationRequest,
    HistoryEntry,
    Message,
    Note,
    Slot,
    Source,
    State,
)
from consulting.scope import advised_by, colleagues
from ground.holidays import holiday
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email
from office.todos import todos_of
from tests.consulting.test_admin import in_days, move, page, said, stored, text
from tests.factories import (
    AdvisorFactory,
    MunicipalityFactory,
    SlotFactory,
    SlotSeriesFactory,
    SolutionFactory,
    UserFactory,
)
from tests.projects.test_admin import filled

pytestmark = pytest.mark.django_db

PHONE = reverse("admin:consulting_consultationrequest_phone")
LINK = re.compile(r"https?://[^/\s]+(/start-smart/[a-z]+/[^\s/]+/)")


def staff(group, **fields):
    user = UserFactory(is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name=group))
    return user


@pytest.fixture
def colleague():
    return staff("Start Smart", name="Olga Office", email="olga@amt.example")


@pytest.fixture
def office(client, colleague):
    client.force_login(colleague)
    return client


def links(email):
    """Where an e-mail leads, by the word in the address."""
    return {path.split("/")[2]: path for path in LINK.findall(email.text)}


def letter(template_key):
    return Email.objects.get(key__contains=template_key)


def spoken(slot, **changes):
    """What a colleague types during the call."""
    town = MunicipalityFactory(name="Musterdorf")
    return {
        "form_token": "0a8f5c7e-6f4e-4b39-9a0c-2d3d5a7f1c11",
        "q": town.name,
        "picked": town.pk,
        "building_blocks": ["initialberatung"],
        "stage": "anfang",
        "question": "Womit fangen wir an?",
        "slot": slot.pk if slot else "keiner",
        "contact_name": "Eva Beispiel",
        "contact_role": "Bauamt",
        "email": "eva@musterdorf.example",
    } | changes


class TestPhone:
    def test_a_call_becomes_a_firm_date_with_both_invitations_once(self, office, colleague, client):
        slot = in_days(7)
        data = spoken(slot)

        for _twice in range(2):
            answer = office.post(PHONE, data)
            row = ConsultationRequest.objects.get()
            assert answer["Location"] == page(row)

        assert (row.state, row.source, row.responsible) == (
            State.CONFIRMED,
            Source.PHONE,
            colleague,
        )
        assert row.current_appointment().slot == slot
        assert sorted(Email.objects.values_list("to", flat=True)) == sorted(
            [row.email, slot.advisor.email]
        )
        mail = Email.objects.get(to=row.email)
        assert "wie am Telefon besprochen ist Ihr Termin gebucht:" in mail.text
        assert "Sie haben nicht mit uns telefoniert?" in mail.text
        assert set(links(mail)) == {"ansehen", "verschieben", "absagen"}
        client.logout()
        assert client.get(links(mail)["verschieben"]).status_code == 200
        client.post(links(mail)["absagen"])
        row.refresh_from_db()
        assert row.state == State.CANCELLED

    def test_what_runs_already_for_the_same_kommune_is_named_and_the_new_one_is_not(self, office):
        data = spoken(None)
        over = stored(cancelled=True, municipality_id=data["picked"])
        alone = said(office.post(PHONE, data, follow=True))
        first = ConsultationRequest.objects.exclude(pk=over.pk).get()

        again = data | {"form_token": str(uuid4()), "email": "uwe@musterdorf.example"}
        both = said(office.post(PHONE, again, follow=True))

        assert [one for one in alone if "läuft schon" in one] == []
        assert both[-1] == f"Für diese Kommune läuft schon: {first.reference}."

    def test_it_asks_in_the_order_in_which_one_is_told_and_for_no_function(self, office):
        in_days(7)
        shown = office.get(PHONE).text
        asked = [
            shown.index(f'name="{name}"')
            for name in ("q", "contact_name", "email", "phone", "question", "slot")
        ]
        assert asked == sorted(asked)
        assert "Ihr Name" not in shown

        office.post(PHONE, spoken(None, contact_role=""))

        assert ConsultationRequest.objects.get().contact_role == ""

    def test_without_a_time_it_waits_at_the_office_and_says_so(self, office, colleague):
        office.post(PHONE, spoken(None, wishes="Dienstags"))

        row = ConsultationRequest.objects.get()
        assert (row.state, row.wishes, row.responsible) == (State.OPEN, "Dienstags", colleague)
        mail = Email.objects.get()
        assert (mail.to, row.due_on is not None) == (row.email, True)
        assert "wir haben Ihre Anfrage am Telefon aufgenommen" in mail.text
        seen = text(office.get(page(row)))
        assert "Anfrage am Telefon aufgenommen" in seen
        assert "selbst übernommen, Olga Office" in seen

    def test_a_time_that_is_gone_stores_nothing_and_loses_nothing(self, office):
        slot = in_days(7)
        stored(confirmed=True, slot=slot)
        rows = ConsultationRequest.objects.count()

        answer = office.post(PHONE, spoken(slot))

        assert answer.status_code == 200
        assert "Diese Zeit ist nicht mehr frei." in text(answer)
        assert "Womit fangen wir an?" in text(answer)
        assert (ConsultationRequest.objects.count(), Email.objects.count()) == (rows, 0)

    def test_who_only_advises_takes_no_calls(self, client):
        client.force_login(AdvisorFactory(user=staff("Start Smart: Beratung")).user)
        assert client.get(PHONE).status_code == 403
        assert client.post(PHONE, spoken(None)).status_code == 403
        assert not ConsultationRequest.objects.exists()


def test_who_is_responsible_stands_in_the_history_of_the_case_from_whom_to_whom_and_when(office):
    adviser = staff("Start Smart: Beratung", name="Anna Rat")
    AdvisorFactory(user=adviser)
    row = stored()
    queue = reverse("admin:consulting_consultationrequest_changelist")
    several = {"_selected_action": [row.pk], "confirmed": "ja"}

    office.post(move(row, "uebernehmen"), {"version": 1})
    asked = office.get(move(row, "zuweisen")).context["form"]
    data = {"version": 1, "was": asked.initial["was"], "to": adviser.pk}
    office.post(move(row, "zuweisen"), data)
    office.post(queue, several | {"action": "assign_to_me", "also_from_others": "on"})
    # Mine already, so nothing changes.
    office.post(queue, several | {"action": "assign_to_me"})
    office.post(queue, several | {"action": "hand_back"})

    history = text(office.get(page(row))).partition('id="verlauf"')[2]
    steps = re.findall(r"</time>: ([^<]+)</li>", history)
    assert steps == [
        "Zuständigkeit abgegeben, Olga Office",
        "selbst übernommen, Olga Office",
        "zugewiesen an Anna Rat, Olga Office",
        "selbst übernommen, Olga Office",
        "Anfrage eingegangen",
    ]
    adviser.delete()
    assert "zugewiesen, Olga Office" in text(office.get(page(row)))


def test_a_case_is_handed_to_an_advisor_who_is_told_and_sees_it_from_then_on(office, client):
    adviser = staff("Start Smart: Beratung", name="Anna Rat", email="anna@amt.example")
    AdvisorFactory(user=adviser)
    row, other = stored(), stored()
    token = token_for(row, Purpose.SEE, until=timezone.now() + timedelta(days=1))
    asked = office.get(move(row, "zuweisen")).context["form"]
    data = {"version": 1, "was": asked.initial["was"], "to": adviser.pk, "note": "Kennt den Ort."}

    office.post(move(row, "zuweisen"), data)
    # A second colleague has had the page open all the while.
    late = office.post(move(row, "zuweisen"), data | {"to": staff("Start Smart").pk}, follow=True)

    row.refresh_from_db()
    assert (row.responsible, row.version) == (adviser, 1)
    assert said(late)[-1].startswith("Das geht beim jetzigen Stand der Anfrage nicht.")
    assert [(mail.to, mail.subject) for mail in Email.objects.all()] == [
        ("anna@amt.example", f"Sie sind zuständig: {row.reference}")
    ]
    assert row.email not in Email.objects.get().text
    assert Note.objects.get().text == "Kennt den Ort."
    assert client.get(reverse("consulting:see", args=[token])).status_code == 200
    client.force_login(adviser)
    assert client.get(page(row)).status_code == 200
    assert client.get(page(other)).status_code == 302
    assert [todo.text for todo in todos_of(adviser, now=timezone.now())] == [
        "1 offene Anfrage liegt bei Ihnen"
    ]


def test_who_takes_a_case_on_is_not_told_what_they_have_just_done(colleague):
    row = stored()

    actions.hand_over(row, to=colleague, by=colleague, now=timezone.now())

    row.refresh_from_db()
    assert (row.responsible, Email.objects.count()) == (colleague, 0)


class TestWriting:
    def test_both_sides_write_and_the_case_keeps_it(self, office, colleague, client):
        row = stored(confirmed=True, slot=in_days(7), phone="01234 567")
        office.post(move(row, "schreiben"), {"version": 1, "text": "Wie viele\n\nkommen?"})
        mail = Email.objects.get()
        assert mail.to == row.email
        assert "Olga Office von Start Smart schreibt Ihnen" in mail.text
        assert "Wie viele\n\nkommen?" in mail.text
        assert set(links(mail)) == {"antworten"}
        office.logout()
        address = links(mail)["antworten"]

        shown = client.get(address)
        assert "<p>Wie viele</p>" in shown.text
        # Who holds the link learns nothing else of the case.
        for secret in (row.email, row.contact_name, row.phone, colleague.email, colleague.name):
            assert secret not in shown.text
        empty = client.post(address, {"text": " "})
        assert "Bitte schreiben Sie etwas." in empty.text
        done = client.post(address, {"text": "Wir sind zu dritt."}, follow=True)
        assert ">Antwort angekommen</h1>" in done.text
        assert done.text.count("angekommen.") == 1
        assert "Schon erledigt" not in done.text
        again = client.post(address, {"text": "Noch einmal"})

        assert (again.status_code, "ist bei uns angekommen" in again.text) == (200, True)
        assert list(Message.objects.values_list("text", "author")) == [
            ("Wie viele\n\nkommen?", colleague.pk),
            ("Wir sind zu dritt.", None),
        ]
        told = Email.objects.exclude(pk=mail.pk).get()
        assert (told.to, "dritt" in told.text) == (colleague.email, False)
        assert [todo.text for todo in todos_of(colleague, now=timezone.now())] == [
            "1 Kommune hat Ihnen geantwortet"
        ]
        client.force_login(colleague)
        queue = reverse("admin:consulting_consultationrequest_changelist")
        assert client.get(f"{queue}?antwort=ja").context["cl"].result_count == 1
        seen = text(client.get(page(row)))
        assert "Wir sind zu dritt." in seen
        assert "Antwort der Kommune <strong>(neu)</strong>" in seen
        client.post(move(row, "gelesen"), {"version": 1})
        assert client.get(f"{queue}?antwort=ja").context["cl"].result_count == 0
        assert "Antwort der Kommune erledigt, Olga Office" in text(client.get(page(row)))
        row.refresh_from_db()
        assert row.version == 1  # so the links in earlier e-mails live on

    def test_it_goes_with_the_case_and_into_the_file_of_the_person(self, colleague, client):
        now = timezone.now()
        row = stored(cancelled=True, closed_at=now)
        first = actions.write(row, text="Warum?", by=colleague, now=now)
        actions.answer(first, text="Deshalb.", now=now)
        with pytest.raises(Overtaken):
            actions.answer(first, text="Doch nicht.", now=now)
        open_one = actions.write(row, text="Und nun?", by=colleague, now=now)
        address = links(letter(f"message:{open_one.pk}"))["antworten"]

        told = [part.rows for part in own_data.export(Person.of_address(row.email))]
        assert "Deshalb." in str(told)
        retention.carry_out(now=now + retention.CANCELLED)

        assert not Message.objects.exists()
        assert client.post(address, {"text": "x"}).status_code == 410
        with pytest.raises(NotPossible):
            actions.write(row, text="Noch da?", by=colleague, now=now)

    def test_nobody_writes_to_an_address_that_no_one_has_confirmed(self, office):
        row = stored(held=True, slot=in_days(7))
        answer = office.post(move(row, "schreiben"), {"version": 1, "text": "x"}, follow=True)
        assert said(answer)[0].startswith("Das geht beim jetzigen Stand")
        assert not Email.objects.exists()

    @pytest.mark.parametrize("gone", [{"is_active": False}, {"is_staff": False}])
    def test_an_answer_reaches_somebody_who_still_works_here(self, colleague, gone):
        """It says that a case waits, and to whom it belongs."""
        now, row = timezone.now(), stored(responsible=staff("Start Smart", email="ida@amt.example"))
        first, second = (
            actions.write(row, text=text, by=colleague, now=now) for text in ("Wie viele?", "Wann?")
        )
        Email.objects.all().delete()
        get_user_model().objects.filter(pk=colleague.pk).update(**gone)

        actions.answer(Message.objects.get(pk=first.pk), text="Drei.", now=now)
        get_user_model().objects.filter(email="ida@amt.example").update(**gone)
        actions.answer(Message.objects.get(pk=second.pk), text="Bald.", now=now)

        told = [mail.to for mail in Email.objects.order_by("pk")]
        assert told == ["ida@amt.example", calendar.office_address()]

    def test_what_is_written_in_one_case_deals_with_no_answer_in_another(self, colleague):
        now = timezone.now()
        mine, other = (stored(confirmed=True, slot=in_days(days)) for days in (7, 9))
        for row in (mine, other):
            actions.answer(
                actions.write(row, text="Wie viele?", by=colleague, now=now), text="3", now=now
            )
        actions.write(mine, text="Danke.", by=colleague, now=now)
        assert [one.request for one in Message.objects.unread()] == [other]


class TestAgain:
    def test_what_we_cannot_keep_the_kommune_moves_by_itself(self, office, client):
        slot, later = in_days(7), in_days(9)
        row = stored(confirmed=True, slot=slot)
        office.post(move(row, "faellt-aus"), {"version": 1, "reason": "Es tut uns leid."})
        row.refresh_from_db()
        assert (row.state, row.current_appointment(), row.due_on is None) == (
            State.OPEN,
            None,
            False,
        )
        to_person, to_advisor = (
            Email.objects.get(to=one) for one in (row.email, slot.advisor.email)
        )
        assert "Es tut uns leid." in to_person.text
        assert len(to_person.attachments) == len(to_advisor.attachments) == 1
        assert set(links(to_person)) == {"verschieben", "ansehen", "absagen"}
        office.logout()
        shown = client.get(links(to_person)["verschieben"])
        assert "Termin wählen" in shown.text
        assert slot.within_day in shown.text  # free again

        client.post(links(to_person)["verschieben"], {"slot": later.pk})
        again = client.post(links(to_person)["verschieben"], {"slot": slot.pk})

        row = ConsultationRequest.objects.get()
        assert (row.state, row.current_appointment().slot) == (State.CONFIRMED, later)
        assert (again.status_code, "schon verschoben" in again.text) == (200, True)
        kinds = list(HistoryEntry.objects.values_list("kind", flat=True))
        assert kinds == ["called_off", "chose_time"]

    def test_who_did_not_come_can_choose_a_new_date(self, office, client):
        row, new = stored(confirmed=True, slot=in_days(-1)), in_days(8)
        office.post(move(row, "nicht-erschienen"), {"version": 1})
        office.logout()
        mail = Email.objects.get()
        assert (mail.to, set(links(mail))) == (row.email, {"verschieben"})

        client.post(links(mail)["verschieben"], {"slot": new.pk})

        row = ConsultationRequest.objects.get()
        assert (row.state, row.closed_at) == (State.CONFIRMED, None)
        assert row.current_appointment().slot == new
        assert Appointment.objects.blocking().count() == 1

    @pytest.mark.parametrize("state", ["cancelled", "declined", "done"])
    def test_what_has_ended_is_taken_up_again(self, office, client, state):
        traits = {"done": True} if state == "done" else {"cancelled": True, "state": state}
        slot = {"slot": in_days(-3)} if state == "done" else {}
        row = stored(**traits, **slot, closing_reason="Zu viel zu tun")
        office.post(move(row, "wieder-aufnehmen"), {"version": 1})
        row.refresh_from_db()
        assert (row.state, row.closed_at, row.closing_reason) == (State.OPEN, None, "")
        assert set(links(Email.objects.get())) == {"verschieben", "ansehen", "absagen"}
        office.logout()
        assert "Termin wählen" in client.get(links(Email.objects.get())["ansehen"]).text

    def test_what_is_anonymised_stays_closed(self, office, colleague):
        row = stored(cancelled=True, closed_at=timezone.now() - timedelta(days=40))
        retention.carry_out(now=timezone.now())
        row.refresh_from_db()
        office.post(move(row, "wieder-aufnehmen"), {"version": row.version})
        with pytest.raises(Overtaken):
            actions.reopen(row, by=colleague, now=timezone.now())
        assert not Email.objects.exists()


def test_the_outcome_goes_out_as_it_was_shown_once_and_with_public_sheets_only(office):
    row = stored(done=True, slot=in_days(-3), outcome="Fangen Sie klein an.")
    public, hidden = SolutionFactory(), SolutionFactory(project__is_public=False)
    row.recommended_solutions.set([public, hidden])
    row.recommended_projects.set([public.project, hidden.project])

    shown = text(office.get(move(row, "ergebnis-schicken")))
    assert f"steht daher nicht in der E-Mail:</strong> {hidden.name}" in shown
    office.post(move(row, "ergebnis-schicken"), {"version": 1})
    office.post(move(row, "ergebnis-schicken"), {"version": 1})
    office.post(move(row, "ergebnis-schicken"), {"version": 2})

    mail = Email.objects.get()
    assert mail.to == row.email
    assert "Fangen Sie klein an." in mail.text
    assert f"{public.name}\nhttp" in mail.text
    assert public.get_absolute_url() in mail.text
    assert f"{public.project.name}\nhttp" in mail.text
    assert hidden.name not in mail.text
    assert hidden.project.name not in mail.text


class TestFeed:
    def test_it_tells_when_where_and_for_whom_and_nothing_else(self, client):
        adviser = staff("Start Smart: Beratung")
        advisor = AdvisorFactory(user=adviser)
        agreed = stored(
            confirmed=True, slot=in_days(7, advisor=advisor), question="Geheim", phone="0123"
        )
        stored(confirmed=True, slot=in_days(8), municipality=MunicipalityFactory(name="Fremd"))
        held = stored(held=True, slot=in_days(9, advisor=advisor))
        Appointment.objects.filter(request=held).update(
            expires_at=timezone.now() + timedelta(hours=1)
        )
        # What was given up, and what nobody has confirmed in time, is in no calendar.
        stored(cancelled=True, slot=in_days(10, advisor=advisor))
        lapsed = stored(held=True, slot=in_days(11, advisor=advisor))
        Appointment.objects.filter(request=lapsed).update(
            expires_at=timezone.now() - timedelta(hours=1)
        )
        client.force_login(adviser)
        step = reverse("admin:consulting_advisor_step", args=[advisor.pk, "kalender-anlegen"])
        client.post(step)
        feed = AdvisorFeed.objects.get()
        own = reverse("admin:consulting_advisor_change", args=[advisor.pk])
        assert f"/start-smart/kalender/{feed.token}.ics" in client.get(own).text
        client.logout()
        address = reverse("consulting:advisor_calendar", args=[feed.token])

        answer = client.get(address)

        assert (answer["Content-Type"], answer["X-Robots-Tag"], answer["Cache-Control"]) == (
            "text/calendar; charset=utf-8",
            "noindex, nofollow",
            "private, no-cache",
        )
        entries = Calendar.from_ical(answer.content).walk("VEVENT")
        town = agreed.municipality_label
        assert [(str(one["summary"]), str(one["status"])) for one in entries] == [
            (f"Beratung: {town}", "CONFIRMED"),
            (f"Vorgemerkt: {held.municipality_label}", "TENTATIVE"),
        ]
        for secret in (agreed.email, agreed.contact_name, "Geheim", "0123", "Fremd"):
            assert secret not in answer.text
        assert client.get(address[:-8] + "xxxx.ics").status_code == 404

        client.force_login(adviser)
        client.post(step)
        assert client.get(address).status_code == 404
        revoke = step.replace("anlegen", "widerrufen")
        client.post(revoke)
        assert not AdvisorFeed.objects.exists()

    def test_a_time_that_is_proposed_beside_a_date_is_an_entry_of_its_own(self, client):
        """Calendars know an entry by its UID: with one for both the date would be gone."""
        advisor = AdvisorFactory()
        row = stored(confirmed=True, slot=in_days(7, advisor=advisor))
        slot = in_days(9, advisor=advisor)
        actions.propose(row, slot=slot, by=UserFactory(), now=timezone.now())
        feed = AdvisorFeed.objects.create(advisor=advisor)

        answer = client.get(reverse("consulting:advisor_calendar", args=[feed.token]))

        entries = Calendar.from_ical(answer.content).walk("VEVENT")
        assert [str(one["status"]) for one in entries] == ["CONFIRMED", "TENTATIVE"]
        assert str(entries[0]["uid"]) == calendar.uid(row) != str(entries[1]["uid"])

    def test_it_ends_with_the_advice_or_the_account(self, client):
        advisor = AdvisorFactory(user=UserFactory())
        address = reverse(
            "consulting:advisor_calendar",
            args=[AdvisorFeed.objects.create(advisor=advisor).token],
        )
        assert client.get(address).status_code == 200
        advisor.user.is_active = False
        advisor.user.save()
        assert client.get(address).status_code == 404
        advisor.user = None
        advisor.is_active = False
        advisor.save()
        assert client.get(address).status_code == 404


def test_a_room_that_comes_later_reaches_those_to_whom_it_was_announced(office):
    row = stored(confirmed=True, slot=in_days(7, advisor__meeting_link=""))
    other = stored(confirmed=True, slot=in_days(8, advisor__meeting_link=""))
    advisor = row.current_appointment().advisor
    assert "angekündigt. Tragen Sie ihn bei" in text(office.get(page(row)))
    change = reverse("admin:consulting_advisor_change", args=[advisor.pk])

    room = {"meeting_link": "https://video.example.org/raum"}
    answer = office.post(change, filled(office, change) | room, follow=True)

    assert said(answer)[0].startswith("1 vereinbarter Termin hatte noch keinen Videoraum")
    agreed = Appointment.objects.get(request=row)
    assert (
        room["meeting_link"]
        in consultations.reminder(row, agreed, rule=RULES[-1], now=timezone.now()).written().text
    )
    assert Appointment.objects.get(request=other).meeting_link == ""
    # No reminder is to come any more: what was announced is for people to send.
    assert len(said(answer)) == 2
    begin, end = (timezone.now() + timedelta(hours=hours) for hours in (20, 21))
    Appointment.objects.filter(request=row).update(
        meeting_link="", starts_at=begin, ends_at=end, blocked=DateTimeTZRange(begin, end)
    )
    room = {"meeting_link": "https://video.example.org/anderswo"}
    answer = office.post(change, filled(office, change) | room, follow=True)
    assert said(answer)[1].startswith("Zu 1 Termin geht keine Erinnerung mehr hinaus.")


class TestAbsence:
    def test_ones_own_date_is_not_in_the_way_and_one_that_is_over_cannot_be_missed(self):
        slot, now = in_days(7), timezone.now()
        row, other = stored(confirmed=True, slot=slot), stored(confirmed=True, slot=in_days(8))
        agreed = row.current_appointment()
        assert obstacles.in_the_way(slot, but=row, now=now) is None
        assert obstacles.in_the_way(slot, but=other, now=now) == agreed

        slot.advisor.absences.create(first_on=slot.day, last_on=slot.day)
        assert obstacles.is_away(agreed, now=now)
        assert not obstacles.is_away(agreed, now=agreed.starts_at)

    def test_who_advises_is_told_to_do_nothing_that_is_the_offices(self, client):
        user, slot = staff("Start Smart: Beratung"), in_days(7)
        row = stored(confirmed=True, slot=slot)
        slot.advisor.user = user
        slot.advisor.save()
        slot.advisor.absences.create(first_on=slot.day, last_on=slot.day)
        client.force_login(user)

        shown = text(client.get(page(row)))
        assert "bis die Geschäftsstelle ihn verschiebt oder ausfallen lässt" in shown
        assert "Termin verschieben" not in shown
        handbook = client.get(reverse("handbook_role", args=["beratung"])).content.decode()
        assert "Diese Schritte hat die Geschäftsstelle." in handbook
        assert "bis die Geschäftsstelle es verschiebt oder ausfallen lässt" in handbook

    def test_times_in_it_are_off_the_offer_as_long_as_it_stands(self):
        slot, later = in_days(7), in_days(8)
        row = Absence.objects.create(advisor=slot.advisor, first_on=slot.day, last_on=slot.day)
        assert list(Slot.objects.offered()) == [later]
        with pytest.raises(actions.SlotTaken):
            actions.submit(
                ConsultationRequest(
                    municipality_name="Musterdorf",
                    land="BY",
                    building_blocks=["initialberatung"],
                    stage="anfang",
                    question="Womit?",
                    contact_name="Eva",
                    email="eva@musterdorf.example",
                ),
                slot=slot,
                now=timezone.now(),
            )
        row.delete()
        assert set(Slot.objects.offered()) == {slot, later}

    def test_a_series_skips_it_and_the_holidays_of_its_land_and_says_which_days(self):
        series = SlotSeriesFactory(
            advisor__land="TH",
            weekday=0,
            first_on=date(2027, 5, 1),
            last_on=date(2027, 5, 31),
        )
        Absence.objects.create(
            advisor=series.advisor, first_on=date(2027, 5, 8), last_on=date(2027, 5, 10)
        )
        series.breaks.create(first_on=date(2027, 5, 24), last_on=date(2027, 5, 24))
        now = datetime(2027, 4, 1, 9, tzinfo=UTC)

        preview = actions.preview_series(series, now=now)

        assert [(one.day.day, one.why) for one in preview.left_out] == [
            (10, "abwesend"),
            (17, "Pfingstmontag"),
            (24, "Unterbrechung der Reihe"),
        ]
        actions.publish_series(series, now=now)
        assert sorted({slot.day.day for slot in Slot.objects.all()}) == [3, 31]

    def test_a_time_of_ones_own_is_asked_about_once_more(self, office):
        row, advisor = stored(land="BY"), AdvisorFactory(name="Anna Rat")
        day = date(timezone.localdate().year + 1, 1, 6)
        Absence.objects.create(advisor=advisor, first_on=day, last_on=day)
        data = {
            "version": 1,
            "slot": "eigene",
            "advisor": advisor.pk,
            "starts_at": f"{day}T10:00",
            "minutes": 45,
            "mode": "online",
        }
        warnings = [
            f"Anna Rat ist am 6. Januar {day.year} abwesend.",
            f"Der 6. Januar {day.year} ist in Bayern ein Feiertag: Heilige Drei Könige.",
        ]

        answer = office.post(move(row, "vorschlagen"), data)
        assert all(warning in text(answer) for warning in warnings)
        office.post(move(row, "vorschlagen"), data | {"anyway": warnings[:1]})
        assert not Appointment.objects.exists()
        office.post(move(row, "vorschlagen"), data | {"anyway": warnings})
        assert Appointment.objects.get().day == day

    def test_what_is_agreed_already_is_named_when_it_is_entered(self, office):
        row = stored(confirmed=True, slot=in_days(7))
        advisor, day = row.current_appointment().advisor, row.current_appointment().day
        change = reverse("admin:consulting_advisor_change", args=[advisor.pk])
        form = office.get(change).context["adminform"].form
        data = {
            name: value
            for name, value in form.initial.items()
            if value is not None and name != "user"
        }
        seen = re.search(r'name="_seen" value="([^"]*)"', office.get(change).text)
        data |= {
            "themes": [],
            "is_active": "on",
            "_seen": seen[1] if seen else "",
            "absences-TOTAL_FORMS": 1,
            "absences-INITIAL_FORMS": 0,
            "absences-0-first_on": f"{day}",
            "absences-0-last_on": f"{day}",
        }
        answer = office.post(change, data, follow=True)
        assert Absence.objects.count() == 1
        assert any(f'href="{page(row)}"' in one and row.reference in one for one in said(answer))
        # It goes on being said, where one looks, until the date is another one.
        assert "an diesem Tag abwesend. Der Termin besteht" in text(office.get(page(row)))
        user = answer.wsgi_request.user
        [todo] = todos_of(user, now=timezone.now())
        assert todo.text == "1 Termin fällt in eine Abwesenheit"
        stored(confirmed=True, slot=in_days(8))
        assert list(office.get(todo.url).context["cl"].queryset) == [row]
        free = SlotFactory(
            advisor=advisor,
            starts_at=row.current_appointment().ends_at,
            ends_at=row.current_appointment().ends_at + timedelta(minutes=45),
        )
        shown = text(office.get(reverse("admin:consulting_slot_change", args=[free.pk])))
        assert "ruht: abwesend" in shown


@pytest.mark.parametrize(
    ("day", "land", "name"),
    [
        (date(2026, 10, 3), "", "Tag der Deutschen Einheit"),
        (date(2026, 10, 31), "", ""),
        (date(2026, 10, 31), "SN", "Reformationstag"),
        (date(2026, 12, 24), "BY", ""),
    ],
)
def test_holidays_are_those_of_all_laender_and_those_of_one(day, land, name):
    assert holiday(day, land) == name


def test_the_page_of_a_case_costs_the_same_however_much_was_written(
    office, colleague, django_assert_max_num_queries
):
    row = stored(confirmed=True, slot=in_days(7))
    for number in range(4):
        written = actions.write(row, text=f"{number}?", by=colleague, now=timezone.now())
        if number:
            actions.answer(written, text="Ja.", now=timezone.now())
        with django_assert_max_num_queries(24):
            assert office.get(page(row)).status_code == 200


def test_a_case_is_an_advisors_as_long_as_their_date_or_their_task_in_it_stands():
    adviser = staff("Start Smart: Beratung")
    advisor = AdvisorFactory(user=adviser)
    stored(confirmed=True, slot=in_days(7, advisor=advisor))

    def is_theirs() -> bool:
        return ConsultationRequest.objects.filter(advised_by(adviser)).exists()

    assert is_theirs()
    Appointment.objects.update(released_at=timezone.now())
    assert not is_theirs()
    ConsultationRequest.objects.update(responsible=adviser)
    assert is_theirs()
    type(advisor).objects.update(is_active=False)
    assert not is_theirs()


def test_who_advises_no_more_or_has_no_account_in_the_administration_is_handed_no_case(
    office, colleague
):
    at_work, former, gone, outside = (staff("Start Smart: Beratung") for _each in range(4))
    for user, fields in ((at_work, {}), (former, {"is_active": False}), (gone, {}), (outside, {})):
        AdvisorFactory(user=user, **fields)
    get_user_model().objects.filter(pk=gone.pk).update(is_active=False)
    get_user_model().objects.filter(pk=outside.pk).update(is_staff=False)
    staff("Redaktion")

    row = stored(confirmed=True, slot=in_days(7))
    form = office.get(move(row, "zuweisen")).context["form"]

    assert set(colleagues()) == set(form.fields["to"].queryset) == {colleague, at_work}
    for user in (former, gone, outside):
        refused = office.post(
            move(row, "zuweisen"), {"to": user.pk, "was": "-", "version": row.version}
        )
        assert refused.context["form"].errors["to"]
    row.refresh_from_db()
    assert row.responsible is None


def test_who_an_advisor_is_and_whether_they_advise_the_office_alone_says(client, colleague):
    adviser = staff("Start Smart: Beratung")
    advisor = AdvisorFactory(user=adviser)
    of_office = {"email", "user", "is_active"}

    def changeable(who) -> set[str]:
        client.force_login(who)
        page = client.get(reverse("admin:consulting_advisor_change", args=[advisor.pk]))
        return set(page.context["adminform"].form.fields)

    assert changeable(colleague) - changeable(adviser) == of_office
