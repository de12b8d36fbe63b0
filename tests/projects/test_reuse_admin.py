"""Statements of reuse in the administration: who sees what, and which steps there are for whom."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from mailing.models import Email
from office.todos import todos_of
from projects.models import ProjectEditor, ProjectSays, Reuse, ReuseStatement, StatementState
from tests.factories import ReuseStatementFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "admin:projects_reusestatement_changelist"


def editor_of(statement: ReuseStatement):
    user = UserFactory()
    ProjectEditor.objects.create(project=statement.solution.project, user=user)
    return user


def office():
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktion"))
    return user


def change(statement: ReuseStatement) -> str:
    return reverse("admin:projects_reusestatement_change", args=[statement.pk])


def step(statement: ReuseStatement, slug: str) -> str:
    return reverse("admin:projects_reusestatement_step", args=[statement.pk, slug])


def buttons(client, statement: ReuseStatement) -> set[str]:
    text = client.get(change(statement)).text
    names = ("stimmt", "rueckfrage", "widersprechen", "veroeffentlichen", "ablehnen")
    return {name for name in names if step(statement, name) in text}


def test_a_projects_editor_answers_and_never_sees_the_address(client):
    statement = ReuseStatementFactory(with_project=True)
    client.force_login(editor_of(statement))

    pages = [client.get(reverse(LIST)), client.get(change(statement))]
    assert all(statement.municipality.name in page.text for page in pages)
    assert not any(statement.email in page.text for page in pages)
    assert buttons(client, statement) == {"stimmt", "rueckfrage", "widersprechen"}
    asked = client.get(step(statement, "stimmt"))
    assert statement.email not in asked.text

    answer = client.post(
        step(statement, "stimmt"), {"text": "Willkommen!", "version": statement.version}
    )

    assert answer.url == change(statement)
    current = ReuseStatement.objects.get()
    assert (current.state, current.project_says) == (StatementState.AT_OFFICE, ProjectSays.AGREES)
    assert buttons(client, statement) == set()


def test_twice_the_same_step_says_that_it_is_over(client):
    statement = ReuseStatementFactory(with_project=True)
    client.force_login(editor_of(statement))
    data = {"text": "Nein.", "version": statement.version}

    client.post(step(statement, "widersprechen"), data)
    again = client.post(step(statement, "widersprechen"), data, follow=True)

    assert "Das geht beim jetzigen Stand nicht" in again.text
    assert Email.objects.count() == 1


def test_the_editor_of_another_project_finds_nothing_and_changes_nothing(client):
    statement = ReuseStatementFactory(with_project=True)
    client.force_login(editor_of(ReuseStatementFactory(with_project=True)))

    assert statement.municipality.name not in client.get(reverse(LIST)).text
    assert client.get(change(statement)).status_code == 302
    for slug in ("stimmt", "rueckfrage", "widersprechen", "veroeffentlichen", "ablehnen"):
        for method in (client.get, client.post):
            data = {"text": "Nein.", "version": statement.version}
            assert method(step(statement, slug), data).status_code == 404
    statement.refresh_from_db()
    assert statement.version == 1
    assert Email.objects.count() == 0


def test_an_editor_never_decides_for_the_office(client):
    statement = ReuseStatementFactory(confirmed=True)
    client.force_login(editor_of(statement))

    for slug in ("veroeffentlichen", "ablehnen"):
        data = {"text": "Ja.", "version": statement.version}
        assert client.post(step(statement, slug), data).status_code == 403
    assert not Reuse.objects.exists()


def test_nobody_sees_what_is_not_confirmed(client, admin_client):
    statement = ReuseStatementFactory()

    client.force_login(editor_of(statement))
    for one in (client, admin_client):
        assert statement.municipality.name not in one.get(reverse(LIST)).text
        assert one.get(change(statement)).status_code == 302


def test_the_office_decides_after_the_project(client):
    waiting, due = ReuseStatementFactory(with_project=True), ReuseStatementFactory(confirmed=True)
    client.force_login(office())
    assert buttons(client, waiting) == set()
    assert buttons(client, due) == {"veroeffentlichen", "ablehnen"}
    assert due.email in client.get(change(due)).text

    client.post(step(due, "veroeffentlichen"), {"version": due.version})

    assert Reuse.objects.public().get().municipality == due.municipality
    listed = site.get_model_admin(ReuseStatement)
    rows = (waiting, ReuseStatement.objects.get(pk=due.pk))
    assert [listed.waits(row) for row in rows] == ["bis 26. November 2026", "–"]


def test_why_it_cannot_be_published_stands_on_the_page(client):
    due = ReuseStatementFactory(confirmed=True, is_planned=True)
    Reuse.objects.create(
        solution=due.solution, name=due.name, municipality=due.municipality, source="Zeitung"
    )
    client.force_login(office())

    answer = client.post(step(due, "veroeffentlichen"), {"version": due.version})

    assert "Nach einer Quelle nutzt diese Kommune die Lösung schon" in answer.text
    due.refresh_from_db()
    assert due.state == StatementState.AT_OFFICE


def test_the_list_costs_the_same_however_long_it_is(client, django_assert_max_num_queries):
    client.force_login(office())
    for _round in range(2):
        ReuseStatementFactory.create_batch(5, confirmed=True)
        with django_assert_max_num_queries(16):
            client.get(reverse(LIST))


def test_the_start_page_says_what_waits_for_office_and_project():
    statement = ReuseStatementFactory(with_project=True)
    ReuseStatementFactory(with_project=True)
    ReuseStatementFactory(confirmed=True)
    ReuseStatementFactory()
    now = timezone.now()

    waiting = [todo.text for todo in todos_of(office(), now=now)]
    assert [text for text in waiting if "zu prüfen" not in text] == [
        "Über 1 Angabe zur Nachnutzung ist zu entscheiden"
    ]
    waiting = [todo.text for todo in todos_of(editor_of(statement), now=now)]
    assert [text for text in waiting if "es fehlt" not in text] == [
        "1 Kommune sagt, dass sie eine Ihrer Lösungen nachnutzt"
    ]
