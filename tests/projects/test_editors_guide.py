"""The guided form of a solution: what is missing, examples beside the fields, and the preview."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from projects.completeness import FACTS
from projects.models import (
    Cost,
    Lesson,
    Product,
    Project,
    ProjectEditor,
    Reuse,
    Solution,
)
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.factories.communities import ExperienceFactory

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"
LIST = "admin:projects_solution_changelist"


def address(solution, what="change"):
    return reverse(f"admin:projects_solution_{what}", args=[solution.pk])


def words(answer) -> str:
    return " ".join(
        strip_tags(re.sub(r"<(style|script).*?</\1>", "", answer.text, flags=re.S)).split()
    )


@pytest.fixture
def own():
    return SolutionFactory(name="Pegelnetz", slug="pegelnetz", project__name="Aue")


@pytest.fixture
def editor(client, own):
    user = UserFactory()
    ProjectEditor.objects.create(project=own.project, user=user)
    client.force_login(user)
    client.user = user
    return client


def missing(solution, client) -> list[str]:
    """What the form says is missing, the most useful first."""
    found = client.get(address(solution)).context["completeness"]
    return [*(str(fact.label) for fact, _url in found["next"]), *map(str, found["more"])]


def test_what_helps_readers_most_is_named_first_with_the_way_to_it(editor, own):
    page = editor.get(address(own))

    assert "0 von 15 Angaben sind da. Am meisten hilft jetzt: Problem" in words(page)
    assert [url for _fact, url in page.context["completeness"]["next"]] == [
        "#id_problem", "#id_description", "#costs-0",
    ]  # fmt: skip
    assert missing(own, editor) == [
        "Problem", "Beschreibung", "Kosten", "ob quelloffen", "Ansprechstelle", "Reife",
        "Erfahrungen", "Lizenz", "Funktionsweise", "Nachnutzung", "Nachweis der Wirkung", "Technik",
        "Personal und Dauer", "Dokumente zum Weiterverwenden", "Quelle",
    ]  # fmt: skip
    # Each of these places is on the page, but the one that stands with the project.
    for fact in FACTS:
        assert (f'id="{fact.place}"' in page.text) == (not fact.is_of_project), fact.key


def test_what_was_filled_in_is_not_asked_for_again(editor, own):
    Solution.objects.filter(pk=own.pk).update(
        problem="Zu spät.", open_source="nein", maturity="pilot"
    )
    Project.objects.filter(pk=own.project_id).update(contact_email="amt@aue.example")
    Cost.objects.create(solution=own, purpose="Sensoren", period="einmalig", source=PAGE)
    Lesson.objects.create(solution=own, kind="stolperfalle", text="Strom.", source=PAGE)
    # Said by the project alone, without a source: not public, so readers still lack it.
    Reuse.objects.create(solution=own, name="Neustadt", stated_by="anbietende")

    assert missing(own, editor) == [
        "Beschreibung", "Funktionsweise", "Nachnutzung", "Nachweis der Wirkung", "Technik",
        "Personal und Dauer", "Dokumente zum Weiterverwenden", "Quelle",
    ]  # fmt: skip


def test_only_who_uses_it_or_its_product_already_is_an_example_to_others(editor, own):
    own.product = Product.objects.create(name="Pegelsystem", slug="pegelsystem", source=PAGE)
    own.save()
    for thing in ({"solution": own}, {"product": own.product}):
        reuse = Reuse.objects.create(name="Altstadt", source=PAGE, is_planned=True, **thing)
        assert "Nachnutzung" in missing(own, editor)
        Reuse.objects.filter(pk=reuse.pk).update(is_planned=False)
        assert "Nachnutzung" not in missing(own, editor)
        reuse.delete()


def test_an_experience_that_a_community_tells_counts_and_a_draft_does_not(editor, own):
    ExperienceFactory(solution=own, title="Entwurf", state="entwurf")
    assert "Erfahrungen" in missing(own, editor)
    ExperienceFactory(solution=own, title="Erzählt")
    assert "Erfahrungen" not in missing(own, editor)


def test_nothing_is_missing_in_a_full_sheet(editor, own):
    fill(own)
    assert missing(own, editor) == []
    assert "Es fehlt nichts 15 von 15 Angaben sind da." in words(editor.get(address(own)))


def fill(solution) -> None:
    solution.problem = solution.description = solution.how_it_works = "Text."
    solution.maturity, solution.open_source, solution.licence = "betrieb", "ja", "MIT"
    solution.evidence, solution.staff_text = "erprobt", "eine Stelle"
    solution.save()
    Project.objects.filter(pk=solution.project_id).update(contact_name="Amt für Wasser")
    Cost.objects.create(solution=solution, purpose="Sensoren", period="einmalig", source=PAGE)
    Lesson.objects.create(solution=solution, kind="stolperfalle", text="Strom.", source=PAGE)
    Reuse.objects.create(solution=solution, name="Neustadt", source=PAGE)
    solution.blocks.create(text="Masterportal", source=PAGE)
    solution.documents.create(kind="konzept", title="Konzept", url=PAGE)
    solution.sources.create(project=solution.project, text=PAGE)


def test_the_list_says_how_much_is_known_and_finds_what_lacks_something(admin_client, own):
    full = SolutionFactory(name="Alles da")
    fill(full)
    cheap = SolutionFactory(name="Ohne Kosten")
    fill(cheap)
    cheap.costs.all().delete()

    listed = admin_client.get(reverse(LIST))
    assert [
        (row.name, listed.context["cl"].model_admin.known_facts(row))
        for row in listed.context["cl"].result_list
    ] == [("Alles da", "15 von 15"), ("Ohne Kosten", "14 von 15"), ("Pegelnetz", "0 von 15")]

    def found(value):
        answer = admin_client.get(reverse(LIST), {"fehlt": value})
        return [row.name for row in answer.context["cl"].result_list]

    assert found("cost") == ["Ohne Kosten", "Pegelnetz"]
    assert found("problem") == ["Pegelnetz"]
    assert found("wichtiges") == ["Ohne Kosten", "Pegelnetz"]
    (spec,) = [one for one in listed.context["cl"].filter_specs if str(one.title) == "was fehlt"]
    shown = [str(choice["display"]) for choice in spec.choices(listed.context["cl"])][1:5]
    assert shown == ["etwas Entscheidendes (2)", "Problem (1)", "Beschreibung (1)", "Kosten (2)"]
    in_order = admin_client.get(reverse(LIST), {"o": "6"}).context["cl"].result_list
    assert [row.name for row in in_order] == ["Alles da", "Ohne Kosten", "Pegelnetz"]


def test_every_field_of_the_sheet_is_in_exactly_one_group(admin_client, own):
    page = admin_client.get(address(own))
    fields = list(page.context["adminform"].form.fields)
    assert [
        page.text.count(f'id="id_{name}"')
        for name in fields
        if name not in ("themes", "technologies", "unsure")
    ] == [1] * (len(fields) - 3)
    prefixes = [one.formset.prefix for one in page.context["inline_admin_formsets"]]
    assert sorted(prefixes) == [
        "blocks", "costs", "documents", "lessons", "phases", "reuses", "sources"
    ]  # fmt: skip
    assert [page.text.count(f'id="{prefix}-group"') for prefix in prefixes] == [1] * 7
    # What the page was filled from is still handed out: nothing is written over unseen.
    assert page.text.count('name="_seen"') == 1


def test_only_the_office_sees_what_is_the_offices(editor, admin_client, own):
    def groups(client, url):
        return [shown.group.key for shown in client.get(url).context["groups"]]

    common = [
        "name", "problem", "loesung", "funktion", "kosten", "nutzung", "erfahrungen", "technik",
        "dokumente", "quellen",
    ]  # fmt: skip
    assert groups(editor, address(own)) == common
    assert groups(editor, reverse("admin:projects_solution_add")) == [*common, "adresse"]
    assert groups(admin_client, address(own)) == [*common, "verwaltung"]


class TestPreview:
    @pytest.fixture
    def hidden(self, own):
        Project.objects.filter(pk=own.project_id).update(is_public=False)
        own.problem = "Das Wasser kam ohne Warnung."
        own.save()
        Reuse.objects.create(solution=own, name="Neustadt", source=PAGE)
        Reuse.objects.create(solution=own, name="Behauptstadt", stated_by="anbietende")
        return own

    def test_it_is_the_page_that_the_public_will_see(self, editor, client, hidden):
        page = editor.get(address(hidden, "preview"))
        text = words(page)
        article = page.text[page.text.index("<article") : page.text.index("</article>")]
        assert "Das Modellprojekt ist nicht öffentlich" in text
        assert "Das Problem Das Wasser kam ohne Warnung." in text
        assert "Neustadt" in text
        assert "Behauptstadt" not in text
        assert editor.get(hidden.get_absolute_url()).status_code == 404

        Project.objects.filter(pk=hidden.project_id).update(is_public=True)
        public = editor.get(hidden.get_absolute_url()).text
        assert public[public.index("<article") : public.index("</article>")] == article

    def test_it_is_kept_nowhere_and_listed_nowhere(self, editor, hidden):
        page = editor.get(address(hidden, "preview"))
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in page.text
        assert 'rel="canonical"' not in page.text
        assert "og:title" not in page.text
        # Nor does it come up in what everybody gets.
        assert "Pegelnetz" not in editor.get("/loesungen/").text

    def test_it_is_for_those_who_see_the_entry_in_the_administration(self, client, hidden):
        for url in (
            address(hidden, "preview"),
            reverse("admin:projects_project_preview", args=[hidden.project_id]),
        ):
            other = UserFactory()
            ProjectEditor.objects.create(project=ProjectFactory(), user=other)
            client.force_login(other)
            assert client.get(url).status_code == 404
            client.force_login(UserFactory())
            assert client.get(url).status_code == 302
            client.logout()
            assert client.get(url).status_code == 302
            client.force_login(UserFactory(is_staff=True, is_superuser=True))
            assert client.get(url).status_code == 200
            assert client.post(url).status_code == 405

    def test_a_project_has_one_too_with_its_solutions(self, editor, hidden):
        page = editor.get(reverse("admin:projects_project_preview", args=[hidden.project_id]))
        assert "Vorschau: Aue" in page.text
        assert "Pegelnetz" in words(page)

    def test_the_form_leads_to_it(self, editor, own):
        assert f'<a href="{address(own, "preview")}">Vorschau</a>' in editor.get(address(own)).text


def test_the_start_page_names_what_ones_own_solutions_lack_and_nothing_of_others(editor, own):
    SolutionFactory(name="Fremdes")
    full = SolutionFactory(project=own.project, name="Alles da")
    fill(full)
    Project.objects.filter(pk=own.project_id).update(contact_name="")
    for name in ("Bänke", "Caching", "Drohnen"):
        SolutionFactory(project=own.project, name=name)

    todos = editor.get(reverse("admin:index")).context["todos"]

    lacks = "es fehlt: Problem, Beschreibung, Kosten"
    assert [todo.text for todo in todos] == [
        f"Bänke – {lacks}",
        f"Caching – {lacks}",
        f"Drohnen – {lacks}",
        "5 Lösungen fehlt etwas, wonach andere entscheiden",
    ]
    assert todos[0].url == address(Solution.objects.get(name="Bänke"))
    listed = editor.get(todos[-1].url).context["cl"]
    assert [row.name for row in listed.result_list] == [
        "Alles da", "Bänke", "Caching", "Drohnen", "Pegelnetz"
    ]  # fmt: skip


def test_who_edits_no_project_is_not_asked(admin_client, own):
    todos = admin_client.get(reverse("admin:index")).context["todos"]
    assert [todo.text for todo in todos if "fehlt" in todo.text] == []
