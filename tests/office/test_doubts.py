"""„Zu prüfen“: every mark of doubt in one list, with the way into the form in which it is edited."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Community
from office import doubts
from office.todos import todos_of
from projects.freshness import STALE_AFTER
from projects.models import Cost, Lesson, Product, Project, ProjectEditor, Reuse
from tests.factories import ProjectFactory, SolutionFactory, SourceFactory, UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.projects.test_admin import filled

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"
TODAY = date(2026, 11, 26)


@pytest.fixture
def pegel():
    pegel = SolutionFactory(
        name="Pegelnetz", unsure=["maturity"], note="Nur ein Vortrag.", project__name="Aue"
    )
    SourceFactory(project=pegel.project, solution=pegel)
    return pegel


def user_in(group):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def told(client) -> dict[str, list[tuple[str, str, str, str]]]:
    parts = client.get(reverse("admin:doubts")).context["parts"]
    return {
        part.doubt.title: [(row.text, row.owner, row.note, row.url) for row in part.rows]
        for part in parts
    }


def test_every_model_that_can_carry_a_mark_has_its_place_in_the_list():
    """A new fact with `is_certain` is found by itself, or fails here: it must be edited somewhere."""
    marked = {model for model in apps.get_models() if any(doubts.marks(model, TODAY))}
    found = {
        one.place.model
        for one in doubts.doubts_for(admin.site, UserFactory(is_superuser=True), TODAY)
    }
    assert marked == found
    assert {Cost, Lesson, Reuse, Project, Product, Community} < found


def test_the_list_names_each_doubt_with_its_owner_its_note_and_the_way_to_it(client, pegel):
    Cost.objects.create(
        solution=pegel, purpose="Sensoren", period="einmalig", source=PAGE, is_certain=False,
        note="Ohne Jahr.",
    )  # fmt: skip
    Cost.objects.create(solution=pegel, purpose="Betrieb", period="je-jahr", source=PAGE)
    Lesson.objects.create(project=pegel.project, kind="stolperfalle", text="Fest.", source=PAGE)
    Lesson.objects.create(
        project=pegel.project, kind="stolperfalle", text="Strom.", source=PAGE, is_certain=False
    )
    Reuse.objects.create(solution=pegel, name="Behauptstadt", stated_by="anbietende")
    Reuse.objects.create(solution=pegel, name="Belegt", source=PAGE)
    Reuse.objects.create(solution=pegel, name="Fest", confirmed_on="2026-05-04", source=PAGE)
    bare = ProjectFactory(name="Ohne alles", check_note="Zahl fehlt")
    client.force_login(user_in("Redaktion"))
    solution = reverse("admin:projects_solution_change", args=[pegel.pk])
    project = reverse("admin:projects_project_change", args=[pegel.project_id])
    own = reverse("admin:projects_project_change", args=[bare.pk])
    solution, project, own = (f"{form}?zu-pruefen=alle" for form in (solution, project, own))

    assert told(client) == {
        "Erkenntnisse (Modellprojekt): nicht gesichert": [
            ("Strom.", "Aue", "", f"{project}#lessons-1")
        ],
        "Kosten (Lösung): nicht gesichert": [
            ("Sensoren", "Pegelnetz", "Ohne Jahr.", f"{solution}#costs-0")
        ],
        "Lösungen: Angaben zu prüfen": [
            ("Pegelnetz", "", "Nur ein Vortrag.", f"{solution}#id_unsure")
        ],
        "Modellprojekte: ohne Quelle": [("Ohne alles", "", "", f"{own}#sources-group")],
        "Modellprojekte: zu prüfen": [("Ohne alles", "", "Zahl fehlt", f"{own}#id_check_note")],
        "Nachnutzungen (Lösung): nicht bestätigt und ohne Quelle, daher nicht öffentlich": [
            ("Behauptstadt", "Pegelnetz", "", f"{solution}#reuses-0")
        ],
    }
    # Each way leads to a form that has the place it names.
    for rows in told(client).values():
        for *_others, url in rows:
            page, _hash, place = url.partition("#")
            answer = client.get(page)
            assert answer.status_code == 200
            assert f'id="{place}"' in answer.text
            assert 'href="/verwaltung/zu-pruefen/">Zurück zu „Zu prüfen“</a>' in answer.text


def test_the_start_page_of_the_office_counts_them(client, pegel):
    office = user_in("Redaktion")
    client.force_login(office)
    assert [todo.text for todo in todos_of(office, now=timezone.now())] == [
        "1 Angabe ist zu prüfen"
    ]
    ProjectFactory(check_note="Zahl fehlt")
    (todo,) = todos_of(office, now=timezone.now())
    assert (todo.text, todo.url) == ("3 Angaben sind zu prüfen", "/verwaltung/zu-pruefen/")
    assert "3 Angaben tragen einen Zweifel" in client.get(todo.url).text


def test_all_of_one_kind_are_shown_page_by_page(client):
    ProjectFactory.create_batch(103, check_note="Zahl fehlt")
    client.force_login(user_in("Redaktion"))
    page = client.get(reverse("admin:doubts"))
    numbers = {part.doubt.key: (part.number, len(part.rows)) for part in page.context["parts"]}
    assert numbers == {"project-check_note": (103, 5), "project-ohne-quelle": (103, 5)}
    url = f"{reverse('admin:doubts')}?art=project-check_note"
    assert url in page.text
    assert len(client.get(url).context["parts"][0].rows) == 100
    assert f"{url}&amp;seite=2" in client.get(url).text
    assert len(client.get(f"{url}&seite=2").context["parts"][0].rows) == 3
    for wrong in ("?art=gibt-es-nicht", "?art=project-check_note&seite=0", "?art=a&seite=x"):
        assert client.get(reverse("admin:doubts") + wrong).status_code == 404


def test_each_office_sees_the_doubts_of_its_own_and_all_others_none(client, pegel):
    CommunityFactory(name="Zwillinge", check_note="Sprecher unklar")
    url = reverse("admin:doubts")
    editor = UserFactory()
    ProjectEditor.objects.create(project=pegel.project, user=editor)
    seen = {}
    for name, user in {
        "Redaktion": user_in("Redaktion"),
        "Gemeinschaften": user_in("Gemeinschaften"),
        "Start Smart": user_in("Start Smart"),
        "Koordination": CoordinationFactory().user,
        "Projekt": editor,
        "Leserin": UserFactory(),
    }.items():
        client.force_login(user)
        answer = client.get(url)
        seen[name] = (answer.status_code, "Pegelnetz" in answer.text, "Zwillinge" in answer.text)
        assert client.post(url).status_code in (302, 403, 405)
    client.logout()
    assert client.get(url).status_code == 302
    assert seen == {
        "Redaktion": (200, True, False),
        "Gemeinschaften": (200, False, True),
        "Start Smart": (403, False, False),
        "Koordination": (403, False, False),
        "Projekt": (403, False, False),
        "Leserin": (302, False, False),
    }


def test_what_nobody_has_looked_over_for_long_is_in_the_list_until_its_day_is_entered(client):
    """The same as its page tells everyone; what is not public waits for no one."""
    old = timezone.localdate() - STALE_AFTER
    fresh = {
        "confirmed_on": old + timedelta(days=1),
        "project__checked_on": old + timedelta(days=1),
    }
    SolutionFactory(**fresh)
    SolutionFactory(confirmed_on=old, project__checked_on=old, project__is_public=False)
    sheet = SolutionFactory(**fresh | {"name": "Altes Netz", "confirmed_on": old})
    SourceFactory(project=sheet.project, solution=sheet)
    client.force_login(user_in("Redaktion"))
    long_ago = {
        title: [row.text for row in part]
        for title, part in (
            (part.doubt.title, part.rows)
            for part in client.get(reverse("admin:doubts")).context["parts"]
        )
        if "lange" in title
    }
    assert long_ago == {"Lösungen: lange nicht geprüft": ["Altes Netz"]}

    url = f"{reverse('admin:doubts')}?art=solution-lange-nicht-gepruft"
    (row,) = client.get(url).context["parts"][0].rows
    form, _hash, place = row.url.partition("#")
    assert place == "id_confirmed_on"
    typed = filled(client, form) | {"confirmed_on": str(timezone.localdate())}
    answer = client.post(form, typed, follow=True)

    assert url in answer.text
    assert client.get(url).context["parts"][0].rows == []


def test_it_costs_the_same_queries_however_much_is_doubtful(admin_client, pegel):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(reverse("admin:doubts")).status_code == 200
        return len(captured)

    def doubtful(number):
        Cost.objects.create(
            solution=SolutionFactory(), purpose=str(number), period="gesamt", source=PAGE,
            is_certain=False,
        )  # fmt: skip

    doubtful(0)
    queries()
    before = queries()
    for number in range(1, 30):
        doubtful(number)
    assert queries() == before
