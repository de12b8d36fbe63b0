"""The office's queue, and what it does with a request."""

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consulting import retention
from consulting.admin.due import due
from consulting.admin.forms import TimeForm
from consulting.models import (
    AccessNeeds,
    Appointment,
    BuildingBlock,
    ConsultationRequest,
    HistoryEntry,
    Slot,
    State,
)
from ground.holidays import holiday
from ground.land import Land
from mailing.models import Email
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    MunicipalityFactory,
    ProjectFactory,
    SlotFactory,
    SolutionFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MESSAGE = re.compile(r'<li class="(?:success|warning)">(.*?)</li>', re.DOTALL)
QUEUE = reverse("admin:consulting_consultationrequest_changelist")


@pytest.fixture
def colleague():
    user = UserFactory(is_staff=True, name="Olga Office")
    user.groups.set(Group.objects.filter(name="Start Smart"))
    return user


@pytest.fixture
def office(client, colleague):
    client.force_login(colleague)
    return client


def page(row):
    return reverse("admin:consulting_consultationrequest_change", args=[row.pk])


def move(row, slug):
    return reverse("admin:consulting_consultationrequest_step", args=[row.pk, slug])


def in_days(days, **kwargs):
    """A slot at the same time of day, so many days from now."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return SlotFactory(starts_at=start, **kwargs)


def stored(**fields):
    """A request as it has come in a moment ago, unlike the factory's clock."""
    now = timezone.now()
    fields = {"submitted_at": now, "changed_at": now} | fields
    if fields.get("confirmed"):
        fields["confirmed_at"] = now
    elif not {"held", "proposed", "done", "cancelled"} & set(fields):
        fields = {"due_on": timezone.localdate() + timedelta(days=7)} | fields
    return ConsultationRequestFactory(**fields)


def ordinary(moment):
    """That day, or the next one that is no holiday where the Kommune of the factory is."""
    while holiday(timezone.localdate(moment), Land.BY):
        moment += timedelta(days=1)
    return moment


def names(answer):
    return [row.municipality_label for row in answer.context["cl"].result_list]


def counts(answer, title):
    (spec,) = [spec for spec in answer.context["cl"].filter_specs if str(spec.title) == title]
    return [str(choice["display"]) for choice in spec.choices(answer.context["cl"])][1:]


def text(answer):
    return " ".join(answer.content.decode().split())


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def town(name):
    return MunicipalityFactory(name=name)


class TestQueue:
    def test_the_most_urgent_comes_first_and_says_so_in_words(self, office):
        today = timezone.localdate()
        stored(municipality=town("Später"), due_on=today + timedelta(days=5))
        stored(municipality=town("Längst"), due_on=today - timedelta(days=3))
        stored(municipality=town("Gestern"), due_on=today - timedelta(days=1))
        stored(municipality=town("Heute"), due_on=today)
        stored(municipality=town("Morgen"), due_on=today + timedelta(days=1))
        stored(municipality=town("Vorbei"), confirmed=True, slot=in_days(-2))
        stored(municipality=town("Vereinbart"), confirmed=True, slot=in_days(2))
        stored(municipality=town("Abgesagt"), cancelled=True, closed_at=timezone.now())

        answer = office.get(QUEUE)

        order = [
            "Längst",
            "Gestern",
            "Heute",
            "Morgen",
            "Später",
            "Vorbei",
            "Vereinbart",
            "Abgesagt",
        ]
        assert names(answer) == order
        shown = text(answer)
        for words in (
            '<span class="due overdue">seit 3 Tagen überfällig</span>',
            '<span class="due overdue">seit 1 Tag überfällig</span>',
            '<span class="due soon">heute zu beantworten</span>',
            '<span class="due soon">morgen zu beantworten</span>',
            "in 5 Tagen zu beantworten",
            '<span class="due overdue">war vor 2 Tagen, Ausgang noch offen</span>',
        ):
            assert words in shown, words

    def test_every_filter_leaves_what_it_says_and_counts_it(self, office, colleague):
        theme = ThemeFactory(name="Klima")
        mine = stored(
            municipality=town("Meine"),
            responsible=colleague,
            due_on=timezone.localdate() - timedelta(days=1),
            building_blocks=[BuildingBlock.WORKSHOP, BuildingBlock.INITIAL],
            land=Land.HE,
        )
        mine.themes.add(theme)
        stored(municipality=town("Fremde"), responsible=UserFactory())
        stored(municipality=town("Niemandes"), confirmed=True, slot=in_days(3))
        answer = office.get(QUEUE)
        assert "bei der Geschäftsstelle (2)" in counts(answer, "Stand")
        assert "alle laufenden (3)" in counts(answer, "Stand")
        assert counts(answer, "Frist") == ["überfällig (1)", "nicht überfällig (2)"]
        assert counts(answer, "Zuständigkeit") == ["ich (1)", "niemand (1)", "jemand anderes (1)"]
        assert "Themenwerkstatt (1)" in counts(answer, "Baustein")
        for query, left in (
            ("stand=confirmed", ["Niemandes"]),
            ("ueberfaellig=ja", ["Meine"]),
            ("zustaendig=ich", ["Meine"]),
            ("zustaendig=andere", ["Fremde"]),
            ("baustein=themenwerkstatt", ["Meine"]),
            ("land__exact=HE", ["Meine"]),
            (f"themes__id__exact={theme.pk}", ["Meine"]),
        ):
            assert names(office.get(f"{QUEUE}?{query}")) == left, query

    def test_a_kommune_is_found_whatever_the_spelling(self, office):
        stored(municipality=town("Münster"))
        stored(municipality=None, municipality_name="Zweckverband Münsterland")
        stored(municipality=town("Anderswo"))
        assert names(office.get(QUEUE, {"q": "Muenster"})) == ["Münster"]
        assert names(office.get(QUEUE, {"q": "zweckverband"})) == ["Zweckverband Münsterland"]

    def test_200_requests_cost_as_many_queries_as_two(self, office, colleague):
        def fill(number):
            advisor = AdvisorFactory(daily_maximum=500)
            for _n in range(number):
                stored(responsible=colleague, confirmed=True, slot=in_days(_n + 1, advisor=advisor))

        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert office.get(QUEUE, {"all": ""}).status_code == 200
            return len(captured)

        fill(2)
        queries()
        before = queries()
        fill(198)
        assert queries() == before


class TestPage:
    def test_it_shows_everything_that_is_known(self, office):
        row = stored(confirmed=True, slot=in_days(3), wishes="Lieber vormittags", phone="0911 1")
        row.themes.add(ThemeFactory(name="Klima"))
        AccessNeeds.objects.create(request=row, text="Gebärdensprache")
        shown = text(office.get(page(row)))
        for words in (
            "Womit fangen wir an?",
            "Eva Beispiel",
            row.email,
            "Lieber vormittags",
            "0911 1",
            "Klima",
            "Gebärdensprache",
            row.reference,
            row.current_appointment().in_full,
        ):
            assert words in shown, words

    @pytest.mark.parametrize(
        ("state", "offered"),
        [
            (
                {},
                [
                    "uebernehmen",
                    "zuweisen",
                    "schreiben",
                    "vereinbaren",
                    "vorschlagen",
                    "ergebnis",
                    "ablehnen",
                ],
            ),
            (
                {"confirmed": True},
                [
                    "uebernehmen",
                    "zuweisen",
                    "schreiben",
                    "vorschlagen",
                    "verschieben",
                    "faellt-aus",
                    "absagen",
                ],
            ),
            ({"done": True}, ["schreiben", "ergebnis", "wieder-aufnehmen"]),
            ({"cancelled": True}, ["schreiben", "wieder-aufnehmen"]),
        ],
    )
    def test_it_offers_what_is_possible_now(self, office, state, offered):
        row = stored(**state, **({"slot": in_days(3)} if "confirmed" in state else {}))
        assert [step.slug for step, _url in office.get(page(row)).context["steps"]] == offered

    def test_a_hold_can_be_confirmed_as_long_as_it_lasts(self, office):
        row = stored(held=True, slot=in_days(3))

        def is_offered(hours: int) -> bool:
            Appointment.objects.update(expires_at=timezone.now() + timedelta(hours=hours))
            steps = office.get(page(row)).context["steps"]
            return "bestaetigen" in [step.slug for step, _url in steps]

        assert [is_offered(hours) for hours in (1, -1)] == [True, False]

    def test_what_is_somebodys_is_not_taken_and_what_is_forgotten_is_left_alone(
        self, office, colleague
    ):
        taken = stored(responsible=colleague)
        gone = stored(cancelled=True, closed_at=timezone.now() - timedelta(days=40))
        retention.carry_out(now=timezone.now())
        offered = [
            [step.slug for step, _url in office.get(page(row)).context["steps"]]
            for row in (taken, gone)
        ]
        assert "uebernehmen" not in offered[0]
        assert offered[1] == []

    def test_a_long_history_costs_no_more_queries(self, office, colleague):
        row = stored(confirmed=True, slot=in_days(3))

        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert office.get(page(row)).status_code == 200
            return len(captured)

        def happen(first, last):
            for number in range(first, last):
                HistoryEntry.objects.create(
                    request=row, version=number, kind="moved", by=UserFactory()
                )
                row.notes.create(text="Rückruf", author=UserFactory())
                row.themes.add(ThemeFactory())
                row.recommended_solutions.add(SolutionFactory())
                row.recommended_projects.add(ProjectFactory())

        happen(2, 4)
        queries()
        before = queries()
        happen(4, 60)
        assert queries() == before

    def test_typed_html_is_only_text(self, office):
        row = stored(question="<script>alert(1)</script>", contact_name="<b>Eva</b>")
        shown = text(office.get(page(row)))
        assert "<script>alert" not in shown
        assert "&lt;b&gt;Eva&lt;/b&gt;" in shown

    def test_a_note_is_added_and_stays(self, office, colleague):
        row = stored()
        address = reverse("admin:consulting_consultationrequest_note", args=[row.pk])
        for words in ("Ruft Montag an.", "Hat angerufen."):
            office.post(address, {"text": words})
        assert [(note.text, note.author) for note in row.notes.all()] == [
            ("Hat angerufen.", colleague),
            ("Ruft Montag an.", colleague),
        ]
        assert "Ruft Montag an." in text(office.get(page(row)))

    def test_an_empty_note_is_refused_in_words(self, office):
        row = stored()
        address = reverse("admin:consulting_consultationrequest_note", args=[row.pk])
        assert "Bitte füllen Sie dieses Feld aus." in text(office.post(address, {"text": " "}))
        assert not row.notes.exists()


class TestMoves:
    def test_looking_changes_nothing(self, office):
        row = stored()
        for slug in ("vereinbaren", "vorschlagen", "ergebnis", "ablehnen"):
            assert office.get(move(row, slug)).status_code == 200
        row.refresh_from_db()
        assert (row.version, row.state) == (1, State.OPEN)
        assert not HistoryEntry.objects.exists()

    def test_a_free_time_is_agreed_on(self, office, colleague):
        row, slot = stored(), in_days(7)
        assert slot.in_full in text(office.get(move(row, "vereinbaren")))
        answer = office.post(move(row, "vereinbaren"), {"version": 1, "slot": slot.pk}, follow=True)
        assert said(answer) == ["Der Termin ist vereinbart, die Einladungen gehen hinaus."]
        row.refresh_from_db()
        assert (row.state, row.current_appointment().slot) == (State.CONFIRMED, slot)
        assert list(HistoryEntry.objects.values_list("kind", "by")) == [("scheduled", colleague.pk)]
        assert set(Email.objects.values_list("to", flat=True)) == {row.email, slot.advisor.email}

    def test_another_time_is_proposed_that_was_never_on_offer(self, office):
        row, advisor = stored(), AdvisorFactory()
        start = ordinary(timezone.localtime() + timedelta(days=3))
        own = {
            "advisor": advisor.pk,
            "starts_at": f"{start:%Y-%m-%d}T10:30",
            "minutes": 60,
            "mode": "vor-ort",
            "place": "Rathaus",
        }
        office.post(move(row, "vorschlagen"), {"version": 1, "slot": "eigene"} | own)
        slot = Slot.objects.get()
        assert (slot.is_offered, slot.place, slot.clock) == (
            False,
            "Rathaus",
            "10:30 bis 11:30 Uhr",
        )
        row.refresh_from_db()
        assert (row.state, row.current_proposal().slot) == (State.PROPOSED, slot)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"starts_at": "2020-01-01T10:00"}, "Diese Zeit ist schon vorbei."),
            ({"starts_at": ""}, "Bitte angeben."),
            ({"mode": "vor-ort"}, "Ein Termin vor Ort braucht einen Ort"),
            ({"minutes": "0"}, "größer oder gleich 10"),
        ],
    )
    def test_a_time_that_cannot_be_is_refused_in_words(self, office, changes, sentence):
        row = stored()
        data = {
            "version": 1,
            "slot": "eigene",
            "advisor": AdvisorFactory().pk,
            "starts_at": f"{timezone.localtime() + timedelta(days=3):%Y-%m-%d}T10:30",
            "minutes": 45,
            "mode": "online",
        }
        answer = office.post(move(row, "vorschlagen"), data | changes)
        assert sentence in text(answer)
        assert not Slot.objects.exists()
        assert not Appointment.objects.exists()

    def test_a_time_that_somebody_took_meanwhile_is_told_with_what_is_free(self, office):
        row, slot = stored(), in_days(7)
        other = in_days(8, advisor=slot.advisor)
        form = office.get(move(row, "vereinbaren"))
        assert slot.in_full in text(form)
        office_page = {"version": 1, "slot": slot.pk}
        stored(confirmed=True, slot=in_days(7, advisor=slot.advisor, mode="telefon"))
        # What the page had offered is not among the choices any more.
        answer = office.post(move(row, "vereinbaren"), office_page)
        assert answer.status_code == 200
        assert "nicht mehr frei" in text(answer)
        assert other.in_full in text(answer)
        row.refresh_from_db()
        assert row.state == State.OPEN

    def test_an_own_time_that_collides_leaves_nothing_behind(self, office):
        row, taken = stored(), in_days(7)
        stored(confirmed=True, slot=taken)
        own = {
            "advisor": taken.advisor.pk,
            "starts_at": f"{timezone.localtime(taken.starts_at + timedelta(minutes=10)):%Y-%m-%dT%H:%M}",
            "minutes": 45,
            "mode": "online",
        }
        answer = office.post(move(row, "vorschlagen"), {"version": 1, "slot": "eigene"} | own)
        assert "nicht mehr frei" in text(answer)
        assert list(Slot.objects.all()) == [taken]

    def test_a_date_is_moved_and_cancelled(self, office):
        row, later = stored(confirmed=True, slot=in_days(7)), in_days(9)
        office.post(move(row, "verschieben"), {"version": 1, "slot": later.pk})
        row = ConsultationRequest.objects.get(pk=row.pk)
        assert row.current_appointment().slot == later
        office.post(move(row, "absagen"), {"version": 2, "reason": "Wir sind krank."})
        row.refresh_from_db()
        assert (row.state, row.closing_reason) == (State.CANCELLED, "Wir sind krank.")

    def test_a_held_time_is_confirmed(self, office):
        row = stored(held=True, slot=in_days(7))
        Appointment.objects.update(expires_at=timezone.now() + timedelta(minutes=30))
        office.post(move(row, "bestaetigen"), {"version": 1})
        row.refresh_from_db()
        assert row.state == State.CONFIRMED

    def test_a_hold_that_has_lapsed_is_explained(self, office):
        row = stored(held=True, slot=in_days(7))
        Appointment.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        answer = office.post(move(row, "bestaetigen"), {"version": 1}, follow=True)
        assert said(answer) == [
            "Die Vormerkung ist abgelaufen. Bitte schlagen Sie einen anderen Termin vor."
        ]

    def test_declining_needs_a_reason(self, office):
        row = stored()
        answer = office.post(move(row, "ablehnen"), {"version": 1, "reason": "  "})
        assert "Bitte füllen Sie dieses Feld aus." in text(answer)
        office.post(move(row, "ablehnen"), {"version": 1, "reason": "Sie sind Modellprojekt."})
        row.refresh_from_db()
        assert (row.state, row.closing_reason) == (State.DECLINED, "Sie sind Modellprojekt.")

    def test_after_the_date_it_is_marked_and_the_outcome_recorded(self, office):
        row = stored(confirmed=True, slot=in_days(-1))
        solution, project = SolutionFactory(), ProjectFactory()
        office.post(move(row, "stattgefunden"), {"version": 1})
        data = {
            "version": 2,
            "outcome": "Erst Strategie.",
            "solutions": [f"{solution.name} ({solution.project.name})", "", ""],
            "projects": [project.name.upper(), ""],
        }
        answer = office.post(move(row, "ergebnis"), data, follow=True)
        assert said(answer)[-1] == "Das Ergebnis ist gespeichert."
        row.refresh_from_db()
        assert (row.state, row.outcome) == (State.DONE, "Erst Strategie.")
        assert list(row.recommended_solutions.all()) == [solution]
        shown = text(office.get(page(row)))
        assert solution.name in shown
        assert project.name in shown

    def test_what_the_portal_does_not_know_is_not_recommended(self, office):
        row = stored(done=True)
        data = {"version": 1, "outcome": "Ja.", "solutions": ["Wunderwaffe"], "projects": [""]}
        answer = office.post(move(row, "ergebnis"), data)
        assert "Das gibt es im Portal nicht: „Wunderwaffe“." in text(answer)
        assert 'value="Wunderwaffe"' in text(answer)
        row.refresh_from_db()
        assert row.outcome == ""

    def test_nobody_came(self, office):
        row = stored(confirmed=True, slot=in_days(-1))
        office.post(move(row, "nicht-erschienen"), {"version": 1})
        row.refresh_from_db()
        assert row.state == State.NO_SHOW

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("ablehnen", {"reason": "Nein."}), ("vorschlagen", {"slot": "frei"})),
            (("vereinbaren", {"slot": "frei"}), ("ablehnen", {"reason": "Nein."})),
            (("ergebnis", {"outcome": "Erledigt."}), ("ergebnis", {"outcome": "Auch."})),
        ],
    )
    def test_of_two_colleagues_the_second_is_told_who_was_faster(self, office, first, second):
        rival = UserFactory(is_staff=True, is_superuser=True, name="Rita Rivalin")
        other = Client()
        other.force_login(rival)
        row, slots = stored(), [in_days(7), in_days(9)]

        def act(client, slug, data, slot):
            data = {"version": 1} | data
            if data.get("slot"):
                data["slot"] = slot.pk
            return client.post(move(row, slug), data, follow=True)

        act(other, *first, slots[0])
        after = ConsultationRequest.objects.values().get(pk=row.pk)
        answer = act(office, *second, slots[1])
        assert answer.status_code == 200
        (sentence,) = said(answer)
        assert sentence.startswith("Das geht beim jetzigen Stand der Anfrage nicht.")
        assert "Rita Rivalin" in sentence
        assert ConsultationRequest.objects.values().get(pk=row.pk) == after

    def test_what_somebody_else_took_on_meanwhile_stays_theirs(self, office, colleague):
        row = stored()
        rival = UserFactory(name="Rita Rivalin")
        ConsultationRequest.objects.update(responsible=rival)
        (sentence,) = said(office.post(move(row, "uebernehmen"), {"version": 1}, follow=True))
        assert sentence.endswith("Zuständig: Rita Rivalin.")
        ConsultationRequest.objects.update(responsible=None)
        office.post(move(row, "uebernehmen"), {"version": 1})
        row.refresh_from_db()
        assert (row.responsible, row.version) == (colleague, 1)

    def test_a_time_whose_series_changed_at_that_very_moment_is_told(self, office, monkeypatch):
        row, slot = stored(), in_days(7)
        clean = TimeForm.clean

        def clean_and_withdraw(form):
            cleaned = clean(form)
            Slot.objects.all().delete()
            return cleaned

        monkeypatch.setattr(TimeForm, "clean", clean_and_withdraw)
        answer = office.post(move(row, "vereinbaren"), {"version": 1, "slot": slot.pk})
        assert "nicht mehr frei" in text(answer)

    def test_an_own_time_beside_a_published_one_is_where_the_office_says(self, office):
        begin = ordinary(timezone.now().replace(microsecond=0) + timedelta(days=7))
        slot = SlotFactory(starts_at=begin.replace(second=0), mode="vor-ort", place="Rathaus")
        row = stored()
        data = {
            "version": 1,
            "slot": "eigene",
            "advisor": slot.advisor.pk,
            "starts_at": f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}",
            "minutes": 45,
            "mode": "vor-ort",
            "place": "Bürgerhaus",
        }
        office.post(move(row, "vereinbaren"), data)
        slot.refresh_from_db()
        assert (Appointment.objects.get().place, slot.place) == ("Bürgerhaus", "Rathaus")

    def test_a_page_left_open_too_long_is_told_so_too(self, office):
        row = stored(cancelled=True, closed_at=timezone.now())
        answer = office.get(move(row, "vorschlagen"), follow=True)
        assert answer.redirect_chain == [(page(row), 302)]
        assert said(answer)[0].startswith("Das geht beim jetzigen Stand")

    def test_what_does_not_exist_is_not_found(self, office):
        row = stored()
        assert office.get(move(row, "unsinn")).status_code == 404
        assert (
            office.post(move(row, "ablehnen").replace(f"/{row.pk}/", "/999999/")).status_code == 404
        )


class TestSeveral:
    def act(self, client, action, rows, **data):
        data = {"action": action, "_selected_action": [row.pk for row in rows]} | data
        return client.post(QUEUE, data, follow=True)

    def test_taking_on_asks_first_and_leaves_others_theirs(self, office, colleague):
        rival = UserFactory()
        rows = [stored(), stored(responsible=rival)]
        assert "Sind Sie künftig" in text(self.act(office, "assign_to_me", rows))
        assert not ConsultationRequest.objects.filter(responsible=colleague).exists()
        answer = self.act(office, "assign_to_me", rows, confirmed="ja")
        assert said(answer) == [
            "Sie sind jetzt für 1 Anfrage zuständig.",
            "Bei 1 Anfrage bleibt jemand anderes zuständig.",
        ]
        self.act(office, "assign_to_me", rows, confirmed="ja", also_from_others="on")
        assert ConsultationRequest.objects.filter(responsible=colleague).count() == 2

    def test_only_ones_own_is_handed_back(self, office, colleague):
        rival = UserFactory()
        rows = [stored(responsible=colleague), stored(responsible=rival)]
        answer = self.act(office, "hand_back", rows, confirmed="ja")
        assert said(answer) == ["1 Anfrage abgegeben."]
        found = ConsultationRequest.objects.order_by("pk").values_list("responsible", flat=True)
        assert list(found) == [None, rival.pk]

    def rows_of(self, answer):
        return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    def test_the_table_defuses_formulas_and_never_holds_access_needs(self, office):
        row = stored(
            municipality=None,
            municipality_name="=cmd|' /C calc'!A0",
            contact_name="+49 911",
            contact_role="@SUM(A1)",
            question="-1+1",
        )
        AccessNeeds.objects.create(request=row, text="Gebärdensprache")
        answer = self.act(office, "export", [row], confirmed="ja", with_contacts="on")
        (line,) = self.rows_of(answer)
        assert line["Kommune"] == "'=cmd|' /C calc'!A0"
        assert line["Name"] == "'+49 911"
        assert line["Funktion"] == "'@SUM(A1)"
        assert line["Anliegen"] == "'-1+1"
        assert "Gebärdensprache" not in answer.content.decode()

    def test_the_day_in_the_table_and_that_of_the_deadline_are_those_of_a_german_clock(
        self, office
    ):
        evening = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight in Germany
        row = stored(submitted_at=evening, changed_at=evening, due_on=date(2026, 3, 3))

        (line,) = self.rows_of(self.act(office, "export", [row], confirmed="ja"))

        assert (line["eingegangen am"], line["zu beantworten bis"]) == ("2026-03-03", "2026-03-03")
        assert due(row, now=evening).text == "heute zu beantworten"

    def test_nobody_is_asked_how_it_went_while_it_goes_on(self):
        slot = SlotFactory()
        row = stored(confirmed=True, slot=slot)
        assert due(row, now=slot.ends_at - timedelta(seconds=1)).text == ""
        assert due(row, now=slot.ends_at).text == "war heute, Ausgang noch offen"

    def test_without_asking_for_them_no_persons_are_in_the_table(self, office):
        row = stored()
        answer = self.act(office, "export", [row], confirmed="ja")
        (line,) = self.rows_of(answer)
        assert line["Vorgangsnummer"] == row.reference
        for personal in (row.contact_name, row.email, row.question):
            assert personal not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_the_same_moment_one_succeeds_and_one_is_told():
    people = [
        UserFactory(is_staff=True, is_superuser=True, name=name) for name in ("Anna", "Berta")
    ]
    for _round in range(5):
        row, barrier = stored(), Barrier(2)
        address = move(row, "ablehnen")

        def press(person, address=address, barrier=barrier):
            client = Client()
            client.force_login(person)
            barrier.wait(10)
            try:
                answer = client.post(address, {"version": 1, "reason": person.name}, follow=True)
                # Not from the context: templates rendered in one thread reach both clients.
                return answer.status_code, MESSAGE.findall(answer.content.decode())
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(press, people))

        assert [status for status, _messages in answers] == [200, 200]
        sentences = sorted(sentence for _status, (sentence,) in answers)
        row.refresh_from_db()
        assert sentences[0].startswith("Das geht beim jetzigen Stand der Anfrage nicht.")
        assert row.closing_reason in sentences[0]
        assert sentences[1] == "Die Anfrage ist abgelehnt."
        assert row.history.count() == 1
        assert Email.objects.filter(to=row.email).count() == 1
