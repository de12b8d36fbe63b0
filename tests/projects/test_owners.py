"""Every half year the owners of sheets are asked whether they still hold; pages say what they do not answer."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.own_data import Person
from ground.refusals import NotPossible
from mailing.models import Email
from office.todos import todos_of
from projects import own_data, retention
from projects.actions import owning
from projects.freshness import due, last_looked_over, sheets_due
from projects.models import OwnerAsk, Project, ProjectEditor, Revision, Solution
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.pages import words
from tests.projects.test_admin import errors, filled

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
FRESH, OLD = date(2026, 10, 1), date(2026, 5, 4)  # 192 days before


@pytest.fixture(autouse=True)
def _at_that_time(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def owner():
    """Of a project with a sheet that is old, one that is fresh, and of one that is not public."""
    owner = UserFactory(email="eva@stadt.example", name="Eva Beispiel")
    project = ProjectFactory(name="Smarte Aue", checked_on=OLD)
    hidden = ProjectFactory(checked_on=OLD, is_public=False)
    SolutionFactory(project=project, name="Pegelnetz", confirmed_on=OLD)
    SolutionFactory(project=project, name="Parkschein", confirmed_on=FRESH)
    for one in (project, hidden):
        ProjectEditor.objects.create(project=one, user=owner)
    return owner


def link_in(email: Email) -> str:
    return re.search(r"https?://[^/\s]+(/eintraege/\S+)", email.text)[1]


def names(user) -> list[str]:
    return [str(sheet.row) for sheet in sheets_due(user, TODAY)]


def test_one_email_with_all_entries_and_a_click_for_each_without_signing_in(client, owner):
    # Another account of the same mailbox, from before there was one for each.
    twin = UserFactory(email="eva+smart@stadt.example", shares_mailbox=True)
    other = SolutionFactory(name="Lampen", project__checked_on=FRESH, confirmed_on=OLD)
    ProjectEditor.objects.create(project=other.project, user=twin)

    assert [owning.ask(now=NOW), owning.ask(now=NOW + timedelta(hours=1))] == [1, 0]

    email = Email.objects.get()
    assert (email.to, email.subject) == (
        "eva@stadt.example",
        "Stimmt das noch? 3 Einträge im Portal Smart Cities",
    )
    assert email.text.startswith(
        "Guten Tag Eva Beispiel,\n\nandere Kommunen verlassen sich auf das, was im Portal der "
        "Modellprojekte Smart Cities steht. Diese Einträge sind seit einem halben Jahr nicht geprüft "
        "worden:\n\n– Modellprojekt Smarte Aue, zuletzt geprüft am 4. Mai 2026\n"
        f"– Lampen ({other.project.name}), zuletzt geprüft am 4. Mai 2026\n"
        "– Pegelnetz (Smarte Aue), zuletzt geprüft am 4. Mai 2026\n"
    )
    assert "weil Sie im Portal ein Modellprojekt" in email.text

    link = link_in(email)
    for _time in range(10):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert names(owner) == ["Smarte Aue", "Lampen", "Pegelnetz"]
    assert not Revision.objects.exists()

    pegel = Solution.objects.get(name="Pegelnetz")
    mark = next(s.mark for s in sheets_due(owner, TODAY) if s.row == pegel)
    answer = client.post(link, {"stimmt": mark}, follow=True)
    assert "Bei „Pegelnetz“ steht jetzt, dass es heute geprüft wurde." in words(answer)
    assert "Das war schon erledigt." in words(client.post(link, {"stimmt": mark}, follow=True))
    pegel.refresh_from_db()
    assert pegel.confirmed_on == TODAY
    assert [
        (one.kind, one.by, one.is_by_project, one.changes) for one in Revision.objects.all()
    ] == [
        ("geaendert", owner, True, [["Zuletzt bestätigt am", "4. Mai 2026", "12. November 2026"]]),
        ("vorgefunden", None, False, []),
    ]

    shown = [sheet.mark for sheet in sheets_due(owner, TODAY)]
    answer = client.post(link, {"stimmt": "alle", "gezeigt": shown}, follow=True)
    assert "Bei 2 Einträgen steht jetzt, dass sie heute geprüft wurden." in words(answer)
    assert "Alles geprüft Alle Ihre Einträge sind geprüft. Es ist nichts zu tun." in words(answer)
    assert Project.objects.get(name="Smarte Aue").checked_on == TODAY
    assert sorted(LogEntry.objects.values_list("object_repr", "user__email")) == [
        ("Lampen", "eva@stadt.example"),
        ("Pegelnetz", "eva@stadt.example"),
        ("Smarte Aue", "eva@stadt.example"),
    ]


def test_what_has_changed_since_it_was_shown_is_not_confirmed_unseen(client, time_machine, owner):
    owning.ask(now=NOW)
    asked = OwnerAsk.objects.get()
    shown = [sheet.mark for sheet in sheets_due(owner, TODAY)]
    time_machine.move_to(NOW + timedelta(minutes=1))
    Solution.objects.get(name="Pegelnetz").save()  # by a colleague

    with pytest.raises(NotPossible, match="„Pegelnetz“ hat sich geändert"):
        owning.say_still_true(asked, shown, now=NOW)
    answer = client.post(link_in(Email.objects.get()), {"stimmt": "alle", "gezeigt": shown})

    assert "„Pegelnetz“ hat sich geändert, seit Sie diese Seite geöffnet haben." in words(answer)
    assert names(owner) == ["Smarte Aue", "Pegelnetz"]


def test_one_reminder_then_the_office_sees_who_does_not_answer(client, time_machine, owner):
    office = UserFactory(is_staff=True, is_superuser=True)
    owning.ask(now=NOW)
    two_weeks, four_weeks = NOW + timedelta(days=14), NOW + timedelta(days=28)

    def told(user, now):
        return [(one.text, one.url) for one in todos_of(user, now=now) if "Eintr" in one.text]

    assert [owning.remind(now=two_weeks - timedelta(minutes=1)), owning.remind(now=two_weeks)] == [
        0,
        1,
    ]
    assert [owning.remind(now=four_weeks), owning.ask(now=four_weeks)] == [0, 0]
    subjects = Email.objects.order_by("pk").values_list("subject", flat=True)
    assert (
        subjects[1]
        == "Erinnerung: Stimmt das noch? 2 Einträge zu Smarte Aue im Portal Smart Cities"
    )
    # Where a person of the project is signed in, the same page is what they have to do.
    (todo,) = told(owner, four_weeks)
    assert todo[0] == "2 Einträge sind seit einem halben Jahr nicht geprüft: Stimmen sie noch?"
    time_machine.move_to(four_weeks)
    assert client.get(todo[1]).status_code == 200

    assert told(office, four_weeks - timedelta(minutes=1)) == []
    (todo,) = told(office, four_weeks)
    assert todo[0] == "1 Projektredaktion antwortet nicht, ob ihre Einträge noch stimmen"
    client.force_login(office)
    listed = client.get(todo[1]).context["cl"].queryset
    assert [project.name for project in listed] == ["Smarte Aue"]
    # Who may not sign in any more owes no answer.
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    assert told(office, four_weeks) == []
    type(owner).objects.filter(pk=owner.pk).update(is_active=True)

    asked = OwnerAsk.objects.get()
    marks = [sheet.mark for sheet in sheets_due(owner, four_weeks.date())]
    owning.say_still_true(asked, marks, now=four_weeks)
    assert told(office, four_weeks) == told(owner, four_weeks) == []


def test_entries_that_nobody_answers_for_are_counted_once_however_many_look_after_them(
    client, time_machine, owner
):
    """The number is that of the list: of the projects, not of those who are asked about them."""
    first, second = Project.objects.get(name="Smarte Aue"), ProjectFactory(checked_on=OLD)
    colleague = UserFactory()
    for project, user in ((first, colleague), (second, owner)):
        ProjectEditor.objects.create(project=project, user=user)
    third = ProjectFactory(checked_on=OLD)
    ProjectEditor.objects.create(project=third, user=owner)
    owning.ask(now=NOW)
    owning.remind(now=NOW + timedelta(days=14))
    time_machine.move_to(NOW + timedelta(days=28))
    office = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(office)

    (todo,) = [one for one in todos_of(office, now=NOW + timedelta(days=28)) if "Eintr" in one.text]

    assert todo.text == "3 Projektredaktionen antworten nicht, ob ihre Einträge noch stimmen"
    assert client.get(todo.url).context["cl"].result_count == 3


def test_who_may_not_sign_in_any_more_is_neither_asked_nor_reminded(owner):
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    assert owning.ask(now=NOW) == 0
    type(owner).objects.filter(pk=owner.pk).update(is_active=True)
    assert owning.ask(now=NOW) == 1
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    assert owning.remind(now=NOW + timedelta(days=14)) == 0
    assert Email.objects.count() == 1


def test_who_has_answered_is_left_alone_for_two_months_who_has_not_for_half_a_year(owner):
    owning.ask(now=NOW)
    Solution.objects.filter(name="Parkschein").update(confirmed_on=date(2026, 5, 20))

    def asked_after(days):
        return owning.ask(now=NOW + timedelta(days=days))

    assert [asked_after(60), asked_after(181)] == [0, 0]
    owning.say_still_true(
        OwnerAsk.objects.get(), [s.mark for s in sheets_due(owner, TODAY)], now=NOW
    )
    assert [asked_after(59), asked_after(60), asked_after(61)] == [0, 1, 0]
    newest = Email.objects.order_by("pk").last()
    assert newest.subject == "Stimmt das noch? Ihr Eintrag „Parkschein“ im Portal Smart Cities"
    assert "Parkschein (Smarte Aue), zuletzt geprüft am 20. Mai 2026" in newest.text


def test_an_old_link_says_so_and_a_made_up_one_is_nothing(client, owner):
    owning.ask(now=NOW)
    link = link_in(Email.objects.get())
    OwnerAsk.objects.update(asked_at=NOW + timedelta(seconds=1))

    assert client.get(link).status_code == client.post(link).status_code == 410
    assert client.post(f"{link[:-2]}x/").status_code == 404
    assert names(owner) == ["Smarte Aue", "Pegelnetz"]


def test_a_page_says_quietly_since_when_nobody_has_looked_it_over(client, time_machine, owner):
    solution = Solution.objects.get(name="Pegelnetz")
    page, sentence = (
        solution.get_absolute_url(),
        "Zuletzt geprüft am 4. Mai 2026. Manches kann sich",
    )
    time_machine.move_to(datetime(2027, 1, 28, 12, tzinfo=UTC))
    first = client.get(page)
    assert sentence not in words(first)

    # Nothing but the day is another one: neither what is kept here nor in the browser may stay.
    time_machine.move_to(datetime(2027, 1, 29, 12, tzinfo=UTC))
    then = client.get(page, headers={"if-none-match": first.headers["ETag"]})
    assert then.status_code == 200
    assert sentence in words(then)
    assert sentence in words(client.get(solution.project.get_absolute_url()))

    Solution.objects.filter(pk=solution.pk).update(confirmed_on=None)
    assert "geprüft" not in words(client.get(page))  # it was only entered in November
    Solution.objects.filter(pk=solution.pk).update(created_at=datetime(2026, 5, 4, tzinfo=UTC))
    sentence = "Eingetragen am 4. Mai 2026 und seitdem nicht geprüft. Manches kann sich"
    assert sentence in words(client.get(page))


def test_what_is_entered_after_midnight_is_entered_on_that_day_of_the_german_calendar():
    sheet = SolutionFactory(confirmed_on=None)
    Solution.objects.update(created_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    sheet.refresh_from_db()

    def is_due(day: date) -> bool:
        return Solution.objects.filter(due(Solution, day)).exists()

    assert last_looked_over(sheet) == date(2026, 7, 1)
    assert [is_due(date(2026, 6, 30)), is_due(date(2026, 7, 1))] == [False, True]


def test_what_its_project_saves_of_a_sheet_counts_as_looked_over(client, owner):
    client.force_login(owner)
    for name, row in (("project", Project), ("solution", Solution)):
        sheet = row.objects.get(name="Smarte Aue" if name == "project" else "Pegelnetz")
        page = reverse(f"admin:projects_{name}_change", args=[sheet.pk])
        answer = client.post(page, filled(client, page))
        assert answer.status_code == 302, errors(answer)

    assert names(owner) == []
    latest = Revision.objects.first()
    assert latest.changes == [["Zuletzt bestätigt am", "4. Mai 2026", "12. November 2026"]]


def test_when_they_were_asked_is_theirs_to_see_and_to_have_erased(owner):
    owning.ask(now=NOW)
    person = Person.of_user(owner)
    assert "projects.OwnerAsk" in [part.model for part in own_data.export(person)]

    assert retention.carry_out(now=NOW + timedelta(days=729))["owners-asked"] == 0
    pk = OwnerAsk.objects.get().pk
    assert own_data.erase(person, now=NOW) == [f"owner-ask:{pk}:"]
    assert not OwnerAsk.objects.exists()
