"""How advisors publish their times, what they see of others, and the office's reports."""

from datetime import date, datetime, time, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consulting import actions
from consulting.models import (
    Advisor,
    Appointment,
    ConsultationRequest,
    SeriesBreak,
    Slot,
    SlotSeries,
    State,
)
from consulting.series import BERLIN, LeftOut
from tests.consulting.test_admin import in_days, page, said, stored, text
from tests.factories import (
    AdvisorFactory,
    MunicipalityFactory,
    SlotFactory,
    SlotSeriesFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

SLOTS = reverse("admin:consulting_slot_changelist")
SERIES = reverse("admin:consulting_slotseries_changelist")


def staff(group, **fields):
    user = UserFactory(is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name=group))
    return user


@pytest.fixture
def office(client):
    client.force_login(staff("Start Smart"))
    return client


@pytest.fixture
def advisor():
    return AdvisorFactory(user=staff("Start Smart: Beratung"), name="Anna Eigene")


@pytest.fixture
def own(client, advisor):
    """A browser in which an advisor who is not the office has signed in."""
    client.force_login(advisor.user)
    return client


def next_year():
    return timezone.localdate().year + 1


def rule(advisor, **changes):
    """The form of a series: Tuesdays from ten to twelve, in March of next year."""
    return {
        "advisor": advisor.pk,
        "weekday": 1,
        "every_weeks": 1,
        "from_time": "10:00",
        "until_time": "12:00",
        "length_minutes": 45,
        "pause_minutes": 15,
        "first_on": f"{next_year()}-03-01",
        "last_on": f"{next_year()}-03-31",
        "mode": "online",
        "place": "",
        "meeting_link": "",
        "breaks-TOTAL_FORMS": 1,
        "breaks-INITIAL_FORMS": 0,
        "breaks-0-first_on": f"{next_year()}-03-08",
        "breaks-0-last_on": f"{next_year()}-03-14",
        "breaks-0-label": "Ferien",
    } | changes


def tuesdays():
    days = [date(next_year(), 3, day) for day in range(1, 32)]
    return [day for day in days if day.weekday() == 1]


class TestSeries:
    def test_it_is_saved_looked_at_and_only_then_published(self, own, advisor):
        answer = own.post(reverse("admin:consulting_slotseries_add"), rule(advisor), follow=True)
        series = SlotSeries.objects.get()
        preview = reverse("admin:consulting_slotseries_preview", args=[series.pk])
        assert answer.redirect_chain == [(preview, 302)]
        assert not Slot.objects.exists()
        in_break = [day for day in tuesdays() if 8 <= day.day <= 14]
        others = [day for day in tuesdays() if day not in in_break]
        assert answer.context["preview"].left_out == [
            LeftOut(day, "Unterbrechung der Reihe") for day in in_break
        ]
        assert f"Neu im Angebot: {2 * len(others)}" in text(answer)
        assert "10:00 bis 10:45 Uhr, 11:00 bis 11:45 Uhr" in text(answer)

        seen = answer.context["preview"].fingerprint
        answer = own.post(preview, {"seen": seen}, follow=True)

        assert said(answer) == [f"{2 * len(others)} Termine veröffentlicht."]
        assert [slot.starts_at for slot in Slot.objects.filter(series=series)] == [
            datetime.combine(day, time(hour), tzinfo=BERLIN) for day in others for hour in (10, 11)
        ]
        answer = own.get(preview)
        assert "sind schon im Angebot" in text(answer)

    def test_what_changed_after_the_look_is_shown_again_and_not_published(self, own, advisor):
        own.post(reverse("admin:consulting_slotseries_add"), rule(advisor))
        series = SlotSeries.objects.get()
        preview = reverse("admin:consulting_slotseries_preview", args=[series.pk])
        seen = own.get(preview).context["preview"].fingerprint
        SlotSeries.objects.update(until_time=time(18))
        answer = own.post(preview, {"seen": seen})
        assert "hat sich inzwischen geändert" in text(answer)
        assert not Slot.objects.exists()

    def test_a_changed_rule_shows_what_would_go(self, own, advisor):
        own.post(reverse("admin:consulting_slotseries_add"), rule(advisor))
        series = SlotSeries.objects.get()
        actions.publish_series(series, now=timezone.now())
        before = Slot.objects.count()
        SlotSeries.objects.update(from_time=time(11))
        preview = reverse("admin:consulting_slotseries_preview", args=[series.pk])
        answer = own.get(preview)
        assert f"Wird zurückgezogen: {before // 2}" in text(answer)
        assert f"Bleibt, wie es ist: {before // 2}" in text(answer)
        assert Slot.objects.count() == before
        own.post(preview, {"seen": answer.context["preview"].fingerprint})
        assert Slot.objects.count() == before // 2

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"until_time": "09:00"}, "Das Ende muss nach dem Anfang liegen."),
            ({"pause_minutes": "5"}, "bleiben um jeden Termin 15 Minuten frei"),
            ({"mode": "vor-ort"}, "Ein Termin vor Ort braucht einen Ort"),
            ({"last_on": "2020-01-01"}, "Der letzte Tag liegt am oder nach dem ersten"),
            ({"breaks-0-last_on": "2020-01-01"}, "Der letzte Tag liegt am oder nach dem ersten."),
        ],
    )
    def test_a_rule_that_cannot_be_is_refused_in_words(self, own, advisor, changes, sentence):
        answer = own.post(reverse("admin:consulting_slotseries_add"), rule(advisor, **changes))
        assert sentence in text(answer)
        assert not SlotSeries.objects.exists()

    def test_a_series_is_withdrawn_and_its_booked_date_stays(self, office):
        series = SlotSeriesFactory(
            first_on=timezone.localdate(), last_on=timezone.localdate() + timedelta(days=30)
        )
        actions.publish_series(series, now=timezone.now())
        row = stored(confirmed=True, slot=series.slots.last())
        data = {"action": "withdraw", "_selected_action": [series.pk]}
        number = series.slots.count()
        assert "Was schon gebucht ist" in text(office.post(SERIES, data))
        assert series.slots.count() == number
        answer = office.post(SERIES, data | {"confirmed": "ja"}, follow=True)
        assert said(answer) == [f"{number} Termine zurückgezogen."]
        assert not Slot.objects.exists()
        assert row.current_appointment() is not None


class TestSlot:
    def test_a_single_time_is_published_in_german_time(self, own, advisor):
        data = {
            "advisor": advisor.pk,
            "starts_at": f"{next_year()}-07-01T10:00",
            "ends_at": f"{next_year()}-07-01T10:45",
            "mode": "telefon",
            "place": "",
            "meeting_link": "",
            "is_offered": "on",
        }
        own.post(reverse("admin:consulting_slot_add"), data)
        slot = Slot.objects.get()
        assert (slot.clock, slot.starts_at.hour, slot.mode) == ("10:00 bis 10:45 Uhr", 8, "telefon")
        answer = own.post(reverse("admin:consulting_slot_add"), data)
        assert "Diesen Termin gibt es schon." in text(answer)

    def test_withdrawn_times_stay_withdrawn_and_the_past_is_left_alone(self, office):
        over, ahead = in_days(-3), in_days(3)
        data = {"action": "withdraw", "_selected_action": [over.pk, ahead.pk], "confirmed": "ja"}
        assert said(office.post(SLOTS, data, follow=True)) == ["1 Termin zurückgezogen."]
        assert list(Slot.objects.filter(is_offered=False)) == [ahead]

    def test_the_list_says_what_is_taken(self, office):
        slot = in_days(3)
        in_days(4)
        stored(confirmed=True, slot=slot)
        shown = {row.pk: row.taken for row in office.get(SLOTS).context["cl"].result_list}
        assert shown[slot.pk]
        assert sum(shown.values()) == 1
        (left,) = office.get(SLOTS, {"belegt": "ja"}).context["cl"].result_list
        assert left == slot


class TestOwn:
    """An advisor who is not the office. Everything planted here belongs to somebody else."""

    @pytest.fixture
    def foreign(self):
        other = AdvisorFactory(name="Berta Fremde", email="berta@fremd.example")
        slot = SlotFactory(
            advisor=other,
            starts_at=timezone.now() + timedelta(days=5),
            mode="vor-ort",
            place="Geheimer Saal",
        )
        series = SlotSeriesFactory(advisor=other, mode="vor-ort", place="Geheimer Saal")
        row = stored(
            confirmed=True,
            slot=slot,
            municipality=MunicipalityFactory(name="Fremdstadt"),
            contact_name="Frieda Fremd",
        )
        return {"advisor": other, "slot": slot, "slotseries": series, "consultationrequest": row}

    PLANTED = ("Berta Fremde", "berta@fremd.example", "Geheimer Saal", "Fremdstadt", "Frieda Fremd")

    def addresses(self):
        for model in ("advisor", "slot", "slotseries", "consultationrequest"):
            yield reverse(f"admin:consulting_{model}_changelist")
            yield reverse(f"admin:consulting_{model}_changelist") + "?q=Fremd"
        yield reverse("admin:consulting_slot_add")
        yield reverse("admin:consulting_slotseries_add")
        yield reverse("admin:index")
        for model, field in (("slot", "advisor"), ("slotseries", "advisor")):
            yield reverse("admin:autocomplete") + (
                f"?app_label=consulting&model_name={model}&field_name={field}&term=berta"
            )

    def test_nothing_of_others_is_on_any_page(self, own, advisor, foreign):
        mine = stored(confirmed=True, slot=in_days(3, advisor=advisor))
        addresses = [*self.addresses(), page(mine)]
        for address in addresses:
            answer = own.get(address)
            assert answer.status_code == 200, address
            for words in self.PLANTED:
                assert words not in answer.content.decode(), (address, words)

    def test_the_same_pages_show_it_to_the_office(self, office, foreign):
        shown = "".join(office.get(address).content.decode() for address in self.addresses())
        for words in ("Berta Fremde", "Fremdstadt"):
            assert words in shown

    def test_whose_right_was_taken_away_reads_not_even_what_was_their_own(self, own, advisor):
        mine = stored(confirmed=True, slot=in_days(3, advisor=advisor))
        assert own.get(page(mine)).status_code == 200

        advisor.user.groups.clear()

        assert own.get(page(mine)).status_code == 403

    def test_pages_of_others_are_as_if_they_did_not_exist(self, own, foreign):
        for model, row in foreign.items():
            address = reverse(f"admin:consulting_{model}_change", args=[row.pk])
            answer = own.get(address)
            assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index")), model
            for words in self.PLANTED:
                assert words not in own.get(reverse("admin:index")).content.decode()

    def test_requests_of_others_cannot_be_acted_on(self, own, foreign):
        row = foreign["consultationrequest"]
        for slug in ("stattgefunden", "ergebnis", "absagen"):
            address = reverse("admin:consulting_consultationrequest_step", args=[row.pk, slug])
            assert own.post(address, {"version": 1, "reason": "x"}).status_code == 404
        note = reverse("admin:consulting_consultationrequest_note", args=[row.pk])
        assert own.post(note, {"text": "x"}).status_code == 404
        preview = reverse("admin:consulting_slotseries_preview", args=[foreign["slotseries"].pk])
        assert own.post(preview).status_code == 404
        assert ConsultationRequest.objects.get().state == State.CONFIRMED

    def test_times_cannot_be_published_or_withdrawn_for_others(self, own, foreign):
        other, slot = foreign["advisor"], foreign["slot"]
        own.post(reverse("admin:consulting_slotseries_add"), rule(other))
        assert SlotSeries.objects.count() == 1
        data = {"action": "withdraw", "_selected_action": [slot.pk], "confirmed": "ja"}
        own.post(SLOTS, data)
        slot.refresh_from_db()
        assert slot.is_offered

    def test_on_own_dates_an_advisor_notes_how_it_went_and_no_more(self, own, advisor):
        row = stored(confirmed=True, slot=in_days(-1, advisor=advisor))
        offered = [step.slug for step, _url in own.get(page(row)).context["steps"]]
        assert offered == ["schreiben", "stattgefunden", "nicht-erschienen"]
        address = reverse("admin:consulting_consultationrequest_step", args=[row.pk, "absagen"])
        assert own.post(address, {"version": 1, "reason": "x"}).status_code == 403
        address = address.replace("absagen", "stattgefunden")
        own.post(address, {"version": 1})
        row.refresh_from_db()
        assert row.state == State.DONE

    def test_a_date_that_went_to_somebody_else_is_theirs(self, own, advisor, foreign):
        row = stored(confirmed=True, slot=in_days(3, advisor=advisor))
        assert own.get(page(row)).status_code == 200
        Appointment.objects.filter(request=row).update(advisor=foreign["advisor"])
        assert own.get(page(row)).status_code == 302

    def test_an_advisor_is_somebody_who_gets_into_the_administration(self, office, advisor):
        UserFactory(is_staff=True, is_active=False)
        UserFactory()
        address = reverse("admin:consulting_advisor_change", args=[advisor.pk])
        offered = office.get(address).context["adminform"].form.fields["user"].queryset
        assert set(offered) == set(get_user_model().objects.filter(is_staff=True, is_active=True))
        assert advisor.user in offered

    def test_who_one_is_the_office_says(self, own, advisor):
        address = reverse("admin:consulting_advisor_change", args=[advisor.pk])
        form = own.get(address).context["adminform"].form
        assert {"email", "user", "is_active"}.isdisjoint(form.fields)
        assert "daily_maximum" in form.fields

    def test_reports_and_the_table_are_for_the_office(self, own, office_pages):
        for address in office_pages:
            assert own.get(address).status_code == 403
        queue = reverse("admin:consulting_consultationrequest_changelist")
        assert "Als Tabelle herunterladen" not in text(own.get(queue))

    @pytest.fixture
    def office_pages(self):
        return [reverse("admin:consulting_retention")]


class TestReports:
    def test_the_dry_run_counts_what_is_due_and_changes_nothing(self, office):
        old = timezone.now() - timedelta(days=40)
        row = stored(cancelled=True, submitted_at=old, changed_at=old, closed_at=old)
        answer = office.get(reverse("admin:consulting_retention"))
        due = [(str(rule), number) for rule, number in answer.context["rules"] if number]
        assert due == [
            ("Abgesagte und abgelehnte Anfragen: 30 Tage, dann anonymisiert.", 1),
        ]
        assert row.contact_name not in text(answer)
        row.refresh_from_db()
        assert row.anonymised_at is None


class TestAdvisor:
    def test_the_office_deletes_an_advisor_without_dates_with_the_times_on_offer(self, office):
        slot = in_days(3)
        address = reverse("admin:consulting_advisor_delete", args=[slot.advisor.pk])
        office.post(address, {"post": "yes"})
        assert not Advisor.objects.exists()
        assert not Slot.objects.exists()

    def test_an_advisor_with_dates_stays(self, office):
        slot = in_days(3)
        stored(confirmed=True, slot=slot)
        address = reverse("admin:consulting_advisor_delete", args=[slot.advisor.pk])
        office.post(address, {"post": "yes"})
        assert list(Advisor.objects.all()) == [slot.advisor]


@pytest.mark.parametrize("model", ["slot", "slotseries", "advisor"])
def test_200_rows_cost_as_many_queries_as_two(office, model):
    def fill(number):
        for number_of_day in range(number):
            advisor = AdvisorFactory()
            advisor.themes.add(ThemeFactory())
            in_days(number_of_day + 1, advisor=advisor)
            SeriesBreak.objects.create(
                series=SlotSeriesFactory(advisor=advisor),
                first_on=date(2026, 3, 1),
                last_on=date(2026, 3, 2),
            )

    def queries():
        address = reverse(f"admin:consulting_{model}_changelist") + "?all="
        with CaptureQueriesContext(connection) as captured:
            assert office.get(address).status_code == 200
        return len(captured)

    fill(2)
    queries()
    before = queries()
    fill(198)
    assert queries() == before
