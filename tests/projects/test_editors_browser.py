"""The pages of those who edit the sheets of solutions, as they see them."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from projects import revisions
from projects.models import Cost, Lesson, ProjectEditor, Reuse
from tests.browser import TABLET, barriers, scrolls_sideways
from tests.factories import SolutionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "https://example.org/bericht"


@pytest.fixture
def pegel():
    pegel = SolutionFactory(
        name="Pegelnetz mit Warnung vor Starkregen",
        slug="pegelnetz",
        project__name="Smarte Gemeinde Aue",
        problem="Nach Starkregen erfuhr die Feuerwehr zu spät, welche Bäche steigen.",
        maturity="betrieb",
        unsure=["maturity"],
        note="Nur ein Vortrag nennt den Stand.",
    )
    Cost.objects.create(
        solution=pegel, purpose="Zwölf Sensoren", period="einmalig", amount=14_900, source=PAGE,
        is_certain=False, note="Ohne Jahr.",
    )  # fmt: skip
    Lesson.objects.create(
        solution=pegel, kind="stolperfalle", text="Der Strom fehlte.", source=PAGE
    )
    Reuse.objects.create(solution=pegel, name="Neustadt", stated_by="anbietende")
    was = revisions.sheet_of(pegel.pk)
    pegel.description = "Zwölf Pegelsensoren melden alle fünf Minuten den Wasserstand."
    pegel.save()
    pegel.costs.update(amount=15_400)
    person = UserFactory(name="Petra Projekt")
    revisions.keep(pegel, was, person, timezone.now(), by_project=True)
    return pegel


def pages(pegel) -> dict[str, str]:
    changed = pegel.revisions.get(kind="geaendert")
    return {
        "start": reverse("admin:index"),
        "formular": reverse("admin:projects_solution_change", args=[pegel.pk]),
        "neu": reverse("admin:projects_solution_add"),
        "liste": reverse("admin:projects_solution_changelist"),
        "vorschau": reverse("admin:projects_solution_preview", args=[pegel.pk]),
        "zu-pruefen": reverse("admin:doubts"),
        "fassungen": reverse("admin:projects_revision_changelist"),
        "fassung": reverse("admin:projects_revision_change", args=[changed.pk]),
        "wiederherstellen": reverse("admin:projects_revision_step", args=[changed.pk, "davor"]),
    }


def test_the_editors_pages_are_accessible(page, sign_in, pegel, complaints):
    complaints.allow("inline style")  # axe tries, and our policy refuses
    user = UserFactory(is_staff=True, is_superuser=True)
    ProjectEditor.objects.create(project=pegel.project, user=user)
    sign_in(page, user)
    found = {}
    for name, url in pages(pegel).items():
        page.goto(url)
        problems = barriers(page)
        page.set_viewport_size(TABLET)
        if problems := problems + ["scrolls sideways at 768 px"] * scrolls_sideways(page):
            found[name] = problems
    assert found == {}


def test_without_javascript_an_editor_adds_a_cost_that_was_missing(no_javascript, sign_in, pegel):
    user = UserFactory()
    ProjectEditor.objects.create(project=pegel.project, user=user)
    pegel.costs.all().delete()
    sign_in(no_javascript, user)
    no_javascript.goto(pages(pegel)["formular"])

    # The way that the form names opens the fold.
    no_javascript.locator(".lacking").get_by_role("link", name="Kosten", exact=True).click()
    no_javascript.locator("#id_costs-0-purpose").fill("Zwölf Sensoren")
    no_javascript.locator("#id_costs-0-period").select_option("einmalig")
    no_javascript.locator("#id_costs-0-source").fill("Angabe des Projekts, Mai 2026")
    no_javascript.get_by_role("button", name="Speichern", exact=True).click()

    no_javascript.get_by_text("erfolgreich geändert").wait_for()
    assert [cost.purpose for cost in pegel.costs.all()] == ["Zwölf Sensoren"]


# Whether the form would be sent, after this was done to the field of which half was typed.
SENDS = """(field, change) => {
    const form = field.form, button = form.querySelector("[type=submit]");
    const row = field.name.match(/^.+-\\d+-/)[0];
    const changes = {
        nothing: () => {},
        disabled: () => { field.disabled = true; },
        readonly: () => { field.readOnly = true; },
        hidden: () => { field.hidden = true; },
        unchecked: () => { button.formNoValidate = true; },
        deleted: () => { form.querySelector(`[name="${row}DELETE"]`).checked = true; },
        otherDeleted: () => {
            form.insertAdjacentHTML("beforeend", '<input type="checkbox" name="others-0-DELETE" checked>');
        },
        calledElements: () => form.insertAdjacentHTML("beforeend", '<input type="hidden" name="elements">'),
    };
    changes[change]();
    let isSent = false;
    const sent = event => { isSent = true; event.preventDefault(); };
    form.addEventListener("submit", sent);
    form.requestSubmit(button);
    form.removeEventListener("submit", sent);
    field.disabled = field.readOnly = field.hidden = button.formNoValidate = false;
    form.querySelector(`[name="${row}DELETE"]`).checked = false;
    return isSent;
}"""


def test_half_a_date_stops_a_form_only_where_it_would_be_lost_and_can_be_seen(
    page, sign_in, pegel, complaints
):
    complaints.allow("inline style")
    sign_in(page, UserFactory(is_staff=True, is_superuser=True))
    page.goto(reverse("admin:projects_solution_change", args=[pegel.pk]))
    folded = page.locator("details", has=page.locator("[name=costs-0-checked_on]"))
    folded.locator("summary").first.click()
    checked = page.locator("[name=costs-0-checked_on]")
    checked.fill("")
    checked.focus()
    page.keyboard.type("1010")
    assert checked.evaluate("field => [field.value, field.validity.badInput]") == ["", True]
    folded.locator("summary").first.click()
    expect(checked).to_be_hidden()
    page.get_by_role("button", name="Speichern", exact=True).first.click()

    expect(checked).to_be_focused()
    expect(checked).to_be_in_viewport()
    for change in ("disabled", "readonly", "hidden", "unchecked", "deleted"):
        assert checked.evaluate(SENDS, change), change
    for change in ("nothing", "otherDeleted", "calledElements"):
        assert not checked.evaluate(SENDS, change), change
