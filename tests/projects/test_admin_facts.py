"""Who adds, changes and removes the facts of a sheet: the office all, a project's editors their own."""

import pytest
from django.urls import reverse

from projects.models import (
    BuildingBlock,
    Cost,
    Document,
    Lesson,
    NetworkFact,
    Product,
    Project,
    ProjectEditor,
    ReachedPhase,
    Reuse,
    Solution,
    Technology,
)
from tests.factories import MunicipalityFactory, SolutionFactory, UserFactory
from tests.projects.test_admin import errors, filled

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"
OF_A_SOLUTION = {"costs", "lessons", "reuses", "blocks", "documents", "phases"}
NEW = {
    "costs": {"purpose": "Betrieb", "period": "je-jahr", "amount": "1200", "position": 0},
    "lessons": {"kind": "erfolgsfaktor", "text": "Früh gefragt.", "position": 0},
    "reuses": {"name": "Neustadt", "stated_by": "anbietende", "position": 0},
    "blocks": {"text": "Masterportal", "position": 0},
    "documents": {"kind": "vertrag", "title": "Vertrag", "url": PAGE, "position": 0},
    "phases": {"phase": "p4", "evidence": "Läuft im Rathaus"},
}
MODELS = {
    "costs": Cost,
    "lessons": Lesson,
    "reuses": Reuse,
    "blocks": BuildingBlock,
    "documents": Document,
    "phases": ReachedPhase,
}


def solution_page(solution):
    return reverse("admin:projects_solution_change", args=[solution.pk])


def row(prefix, number=0, **facts):
    facts = {"source": PAGE, "is_certain": "on"} | NEW[prefix] | facts
    return {f"{prefix}-TOTAL_FORMS": number + 1} | {
        f"{prefix}-{number}-{name}": value for name, value in facts.items()
    }


@pytest.fixture
def own():
    return SolutionFactory()


@pytest.fixture
def other():
    return SolutionFactory()


@pytest.fixture
def editor(client, own):
    user = UserFactory()
    ProjectEditor.objects.create(project=own.project, user=user)
    client.force_login(user)
    return client


@pytest.mark.parametrize("prefix", sorted(NEW))
def test_an_editor_adds_changes_and_removes_facts_of_the_own_solution(editor, own, prefix):
    address = solution_page(own)
    answer = editor.post(address, filled(editor, address) | row(prefix))
    assert answer.status_code == 302, errors(answer)
    made = MODELS[prefix].objects.get()
    assert (made.solution, made.source) == (own, PAGE)

    answer = editor.post(address, filled(editor, address) | {f"{prefix}-0-source": "Vorlage 7"})
    assert answer.status_code == 302, errors(answer)
    made.refresh_from_db()
    assert made.source == "Vorlage 7"

    answer = editor.post(address, filled(editor, address) | {f"{prefix}-0-DELETE": "on"})
    assert answer.status_code == 302, errors(answer)
    assert not MODELS[prefix].objects.exists()


@pytest.mark.parametrize("prefix", sorted(NEW))
def test_an_editor_does_not_reach_the_facts_of_others(editor, own, other, prefix):
    facts = {name: value for name, value in NEW[prefix].items() if name != "position"}
    planted = MODELS[prefix].objects.create(
        solution=other, source="Geheimnis", is_certain=True, **facts
    )
    before = dict(MODELS[prefix].objects.values().get())

    page = editor.get(solution_page(other))
    assert page.status_code in (302, 403, 404)
    assert "Geheimnis" not in page.text
    posted = editor.post(solution_page(other), row(prefix))
    assert posted.status_code in (302, 403, 404)
    # Nor by naming the row of another in a form of one's own.
    forged = row(prefix, id=planted.pk, source="gefälscht") | {f"{prefix}-INITIAL_FORMS": 1}
    editor.post(solution_page(own), filled(editor, solution_page(own)) | forged)

    assert dict(MODELS[prefix].objects.filter(solution=other).values().get()) == before
    assert not MODELS[prefix].objects.filter(source="gefälscht").exists()


def test_an_editor_adds_lessons_and_documents_to_the_own_project(editor, own):
    address = reverse("admin:projects_project_change", args=[own.project.pk])
    data = filled(editor, address) | row("lessons") | row("documents")
    answer = editor.post(address, data)
    assert answer.status_code == 302, errors(answer)
    assert own.project.lessons.get().text == "Früh gefragt."
    assert own.project.documents.get().url == PAGE


def test_an_editor_does_not_confirm_the_reuse_of_the_own_solution(editor, own):
    address = solution_page(own)
    town = MunicipalityFactory()
    page = editor.get(address)
    assert "reuses-__prefix__-name" in page.text
    assert "reuses-__prefix__-confirmed_on" not in page.text
    assert "reuses-__prefix__-municipality" not in page.text

    forged = row("reuses", confirmed_on="2026-01-01", municipality=town.pk)
    assert editor.post(address, filled(editor, address) | forged).status_code == 302
    made = Reuse.objects.get()
    assert (made.confirmed_on, made.municipality) == (None, None)

    spoken = row("reuses", 1, name="Altstadt", stated_by="nachnutzende")
    answer = editor.post(address, filled(editor, address) | spoken)
    assert answer.status_code == 200
    assert Reuse.objects.count() == 1


def test_an_editor_neither_changes_nor_removes_what_a_municipality_has_confirmed(editor, own):
    Reuse.objects.create(
        solution=own, name="Altstadt", how="Im Bauhof.", stated_by="nachnutzende",
        confirmed_on="2026-11-12",
    )  # fmt: skip
    before = Reuse.objects.values().get()
    page = editor.get(solution_page(own))
    assert "Im Bauhof." in page.text

    forged = {"reuses-0-how": "Gar nicht.", "reuses-0-stated_by": "anbietende", "name": "Neu"}
    for extra in ({}, {"reuses-0-DELETE": "on"}):
        answer = editor.post(
            solution_page(own), filled(editor, solution_page(own)) | forged | extra
        )
        assert answer.status_code == 302, errors(answer)

    assert Reuse.objects.values().get() == before
    own.refresh_from_db()
    assert own.name == "Neu"


def test_the_office_confirms_and_links_the_municipality(admin_client, own):
    town = MunicipalityFactory()
    data = row("reuses", municipality=town.pk, confirmed_on="2026-01-01", stated_by="nachnutzende")
    answer = admin_client.post(solution_page(own), filled(admin_client, solution_page(own)) | data)
    assert answer.status_code == 302, errors(answer)
    made = Reuse.objects.get()
    assert (made.municipality, made.is_confirmed) == (town, True)


def test_one_lesson_twice_is_refused_next_to_the_field(admin_client, own):
    Lesson.objects.create(solution=own, kind="stolperfalle", text="Früh gefragt.", source=PAGE)
    address = solution_page(own)
    answer = admin_client.post(address, filled(admin_client, address) | row("lessons", 1))
    assert errors(answer) == ["Diese Erkenntnis ist schon genannt."]


def test_a_fact_without_a_source_and_a_licence_off_the_list_are_refused_in_words(admin_client, own):
    address = solution_page(own)
    answer = admin_client.post(
        address, filled(admin_client, address) | row("costs", source="") | {"licence": "frei"}
    )
    [licence, source] = errors(answer)
    assert licence.startswith("Nicht in der SPDX-Liste: frei.")
    assert source.startswith("Bitte eine Quelle nennen")


def test_saving_an_untouched_sheet_changes_nothing(admin_client, own):
    own.partners = ["Stadtwerke, kommunal", "TU"]
    own.unsure, own.note = ["repository", "maturity"], "Ob es läuft."
    own.save()
    own.technologies.add(Technology.objects.create(name="LoRaWAN", slug="lorawan"))
    address = solution_page(own)

    answer = admin_client.post(address, filled(admin_client, address))

    assert answer.status_code == 302, errors(answer)
    own.refresh_from_db()
    assert own.partners == ["Stadtwerke, kommunal", "TU"]
    assert own.unsure == ["repository", "maturity"]
    assert own.technologies.count() == 1


def test_an_editor_notes_words_that_lead_to_the_sheet_and_stand_only_beside_a_hit(editor, own):
    typed = {"search_words": "Bauhof, Streu-Salz;  bauhof\nGlatteis"}
    for address in (
        solution_page(own),
        reverse("admin:projects_project_change", args=[own.project_id]),
    ):
        answer = editor.post(address, filled(editor, address) | typed)
        assert answer.status_code == 302, errors(answer)

    own.refresh_from_db()
    assert own.search_words == ["Bauhof", "Streu-Salz", "Glatteis"]
    assert own.project.search_words == own.search_words
    told = {label: after for label, _before, after in own.revisions.first().changes}
    assert told["Suchworte"] == "Bauhof, Streu-Salz, Glatteis"
    assert "Streu-Salz" not in editor.get(own.get_absolute_url()).text
    hit = editor.get("/loesungen/", {"q": "Streusalz"}).text
    assert "Gesucht als: <mark>Streu-Salz</mark></p>" in hit
    address = solution_page(own)
    too_many = ", ".join(f"Wort{number}" for number in range(81))
    [error] = errors(editor.post(address, filled(editor, address) | {"search_words": too_many}))
    assert "80" in error


@pytest.mark.parametrize("model", [Technology, Product, NetworkFact])
def test_what_is_kept_for_all_is_the_offices(editor, admin_client, model):
    address = reverse(f"admin:projects_{model._meta.model_name}_changelist")
    assert editor.get(address).status_code in (302, 403)
    assert admin_client.get(address).status_code == 200


def test_internal_notes_are_for_the_office(editor, admin_client, own):
    own.project.editors_note = "Adresse unvollständig notiert"
    own.project.save()
    address = reverse("admin:projects_project_change", args=[own.project.pk])
    assert "Adresse unvollständig notiert" not in editor.get(address).text
    assert "Adresse unvollständig notiert" in admin_client.get(address).text
    assert "Adresse unvollständig notiert" not in editor.get(own.project.get_absolute_url()).text


@pytest.mark.parametrize("is_public", [True, False])
def test_an_editor_moves_no_solution_to_a_project_of_others(editor, own, other, is_public):
    """Also to none that everybody may see: what is shown is not what one edits."""
    Project.objects.filter(pk=other.project.pk).update(is_public=is_public)
    address, facts = solution_page(own), {"project": other.project.pk}

    page = editor.get(address)
    moved = editor.post(address, filled(editor, address) | facts)
    added = reverse("admin:projects_solution_add")
    new = {"name": "Untergeschoben", "slug": "untergeschoben", "kind": own.kind}
    planted = editor.post(added, filled(editor, added) | new | facts)

    assert f'<option value="{other.project.pk}"' not in page.text
    assert moved.status_code == planted.status_code == 200
    assert errors(moved)
    assert errors(planted)
    assert set(Solution.objects.values_list("pk", "project")) == {
        (own.pk, own.project.pk), (other.pk, other.project.pk)
    }  # fmt: skip
    # The same forms are taken where the project is the own one.
    kept = {"project": own.project.pk}
    assert editor.post(address, filled(editor, address) | kept).status_code == 302
    assert editor.post(added, filled(editor, added) | new | kept).status_code == 302
