"""What editors do in the administration, and what is written down about it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from ground.land import Land
from mailing.models import Email
from office.history import changes
from projects.models import Cost, Project, Source, Theme
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def filled(client, address):
    """The form of a page as a browser would send it back untouched."""
    answer = client.get(address)
    forms = [answer.context["adminform"].form]
    data = {"_seen": answer.context["seen"]} if "seen" in answer.context else {}
    for formset in answer.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            if name in ("laender", "themes", "technologies", "unsure"):
                value = [getattr(choice, "pk", choice) for choice in value or []]
            if value is not None and value is not False:  # unlike 0, which is a value
                data[form.add_prefix(name)] = value
    return data


def change(client, project, **data):
    address = reverse("admin:projects_project_change", args=[project.pk])
    return client.post(address, filled(client, address) | data)


def errors(answer):
    context = answer.context
    found = [str(text) for texts in context["adminform"].form.errors.values() for text in texts]
    for formset in context["inline_admin_formsets"]:
        found += map(str, formset.formset.non_form_errors())
        found += [str(t) for row in formset.formset.errors for texts in row.values() for t in texts]
    return found


class TestParticipations:
    @pytest.fixture
    def project(self):
        project = ProjectFactory(municipalities=MunicipalityFactory.create_batch(2))
        project.participations.filter(position=1).update(is_lead=True)
        return project

    def leads(self, project):
        return list(project.participations.values_list("is_lead", flat=True))

    def test_the_lead_is_handed_over_in_one_step(self, admin_client, project):
        data = {"participations-0-is_lead": "on", "participations-1-is_lead": ""}
        assert change(admin_client, project, **data).status_code == 302
        assert self.leads(project) == [True, False]

    def test_two_leads_are_refused_in_words(self, admin_client, project):
        answer = change(admin_client, project, **{"participations-0-is_lead": "on"})
        assert errors(answer) == ["Federführend kann nur eine Kommune sein."]
        assert self.leads(project) == [False, True]

    def test_a_municipality_takes_part_once(self, admin_client, project):
        again = project.municipalities.first().pk
        data = {
            "participations-TOTAL_FORMS": 3,
            "participations-2-municipality": again,
            "participations-2-position": 2,
        }
        assert change(admin_client, project, **data).status_code == 200
        assert project.participations.count() == 2


class TestSources:
    def test_one_source_twice_is_refused_next_to_the_field(self, admin_client):
        project = ProjectFactory()
        SourceFactory(project=project, text="https://example.org/a")
        data = {
            "sources-TOTAL_FORMS": 2,
            "sources-1-text": "https://example.org/a",
            "sources-1-position": 1,
        }
        assert errors(change(admin_client, project, **data)) == ["Diese Quelle ist schon genannt."]

    def test_sources_of_a_measure_stand_with_the_measure(self, admin_client):
        solution = SolutionFactory()
        SourceFactory(project=solution.project, solution=solution, text="nur zur Lösung")
        address = reverse("admin:projects_project_change", args=[solution.project.pk])
        assert filled(admin_client, address)["sources-TOTAL_FORMS"] == 0

    def test_a_new_source_of_a_measure_belongs_to_its_project_too(self, admin_client):
        solution = SolutionFactory()
        address = reverse("admin:projects_solution_change", args=[solution.pk])
        data = filled(admin_client, address) | {
            "sources-TOTAL_FORMS": 1,
            "sources-0-text": "Bericht 2024",
            "sources-0-position": 0,
        }
        assert admin_client.post(address, data).status_code == 302
        source = Source.objects.get()
        assert (source.solution, source.project) == (solution, solution.project)

    def test_a_measure_that_moves_takes_its_sources_along(self, admin_client):
        solution, other = SolutionFactory(), ProjectFactory()
        SourceFactory(project=solution.project, solution=solution)
        address = reverse("admin:projects_solution_change", args=[solution.pk])
        data = filled(admin_client, address) | {"project": other.pk}
        assert admin_client.post(address, data).status_code == 302
        assert Source.objects.get().project == other


def test_saving_an_untouched_project_changes_nothing(admin_client):
    project = ProjectFactory(laender=[Land.RP, Land.BW], themes=[ThemeFactory()])
    assert change(admin_client, project).status_code == 302
    after = Project.objects.get()
    assert after.laender == [Land.RP, Land.BW]
    assert list(after.themes.all()) == list(project.themes.all())
    assert [entry.sentence for entry in changes(LogEntry.objects.get())] == [
        "Ohne Änderung gespeichert."
    ]


def test_a_project_without_a_land_is_refused(admin_client):
    answer = change(admin_client, ProjectFactory(), laender=[])
    assert errors(answer) == ["Bitte wählen Sie etwas aus."]


class TestHistory:
    def test_it_tells_old_and_new_values_in_words(self, admin_client):
        old, new = ThemeFactory(name="Energie"), ThemeFactory(name="Klima")
        project = ProjectFactory(title="Alt", themes=[old], municipalities=[MunicipalityFactory()])
        change(
            admin_client,
            project,
            title="Neu",
            call_year=2019,
            laender=["BY", "HE"],
            themes=[new.pk],
            is_public="",
            **{"participations-0-is_lead": "on"},
        )
        own, participation = changes(LogEntry.objects.get())
        assert own.values == [
            ("Titel des Projekts", "Alt", "Neu"),
            ("Staffel", "2020", "2019"),
            ("Länder", "Bayern", "Bayern, Hessen"),
            ("Themen", "Energie", "Klima"),
            ("Öffentlich", "ja", "nein"),
        ]
        assert participation.values == [("Federführend", "nein", "ja")]
        page = admin_client.get(reverse("admin:projects_project_history", args=[project.pk]))
        assert "<td>Alt</td>" in page.text
        assert "<td>Neu</td>" in page.text

    def test_personal_data_is_not_kept_in_it(self, admin_client):
        project = ProjectFactory(contact_name="Erika Muster", contact_email="erika@example.org")
        change(admin_client, project, contact_name="Max Beispiel", contact_email="m@example.org")
        entry = LogEntry.objects.get()
        assert "Ansprechstelle" in changes(entry)[0].sentence
        for secret in ("Erika", "erika@", "Max", "m@example"):
            assert secret not in entry.change_message

    def test_text_cannot_break_out_of_the_page(self, admin_client):
        project = ProjectFactory()
        change(admin_client, project, title="<script>alert(1)</script>")
        page = admin_client.get(reverse("admin:projects_project_history", args=[project.pk]))
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


class TestMarkAsChecked:
    def post(self, client, projects, **data):
        rows = {"action": "mark_checked", "_selected_action": [project.pk for project in projects]}
        return client.post(reverse("admin:projects_project_changelist"), rows | data)

    def test_it_asks_before_it_does(self, admin_client):
        project = ProjectFactory(check_note="Adresse fehlt")
        answer = self.post(admin_client, [project])
        assert answer.status_code == 200
        assert "Die Angaben dieser Modellprojekte sind geprüft?" in answer.text
        assert Project.objects.get().checked_on is None

    def test_confirmed_it_notes_day_and_person(self, admin_client, admin_user):
        project = ProjectFactory(check_note="Adresse fehlt")
        untouched = ProjectFactory(check_note="Bleibt")
        data = {"confirmed": "ja", "checked_on": "2026-05-04", "drop_notes": "on"}
        assert self.post(admin_client, [project], **data).status_code == 302
        project.refresh_from_db()
        untouched.refresh_from_db()
        assert (project.checked_on, project.check_note) == (date(2026, 5, 4), "")
        assert (untouched.checked_on, untouched.check_note) == (None, "Bleibt")
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id) == (admin_user, str(project.pk))

    def test_the_note_may_stay(self, admin_client):
        project = ProjectFactory(check_note="Adresse fehlt")
        self.post(admin_client, [project], confirmed="ja", checked_on="2026-05-04")
        assert Project.objects.get().check_note == "Adresse fehlt"

    def test_a_day_to_come_is_refused(self, admin_client):
        project = ProjectFactory()
        day = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
        answer = self.post(admin_client, [project], confirmed="ja", checked_on=day.isoformat())
        assert "Das Datum liegt in der Zukunft." in answer.text
        assert Project.objects.get().checked_on is None


class TestMergingThemes:
    def post(self, client, themes, **data):
        rows = {"action": "merge", "_selected_action": [theme.pk for theme in themes]}
        return client.post(reverse("admin:projects_theme_changelist"), rows | data, follow=True)

    def test_what_carried_any_of_them_carries_the_one_that_stays(self, admin_client):
        kept, gone, other = ThemeFactory.create_batch(3)
        both = ProjectFactory(themes=[kept, gone])
        one = ProjectFactory(themes=[gone, other])
        solution = SolutionFactory(project=one, themes=[gone])
        self.post(admin_client, [kept, gone], confirmed="ja", kept=kept.pk)
        assert set(Theme.objects.all()) == {kept, other}
        assert list(both.themes.all()) == [kept]
        assert set(one.themes.all()) == {kept, other}
        assert list(solution.themes.all()) == [kept]

    def test_it_asks_before_it_does(self, admin_client):
        themes = ThemeFactory.create_batch(2)
        assert "Dieses Thema bleibt" in self.post(admin_client, themes).text
        assert Theme.objects.count() == 2

    def test_a_theme_that_was_not_chosen_cannot_be_the_one(self, admin_client):
        *themes, other = ThemeFactory.create_batch(3)
        self.post(admin_client, themes, confirmed="ja", kept=other.pk)
        assert Theme.objects.count() == 3

    def test_one_alone_is_nothing_to_merge(self, admin_client):
        answer = self.post(admin_client, [ThemeFactory()])
        assert "mindestens zwei Themen" in answer.text


def test_the_table_opens_in_a_spreadsheet_without_running_anything(admin_client):
    project = ProjectFactory(
        name='=HYPERLINK("https://example.org")',
        title="Größe; Wirkung",
        municipalities=[MunicipalityFactory(name="+Stadt")],
        checked_on=date(2026, 1, 2),
    )
    answer = admin_client.post(
        reverse("admin:projects_project_changelist"),
        {"action": "export", "_selected_action": [project.pk]},
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    _header, row, end = answer.content.decode("utf-8-sig").split("\r\n")
    assert end == ""
    assert row == (
        '"\'=HYPERLINK(""https://example.org"")";"Größe; Wirkung";2020;'
        "Kleinstadt oder Landgemeinde;BY;'+Stadt;;0;;;2026-01-02"
    )


def test_sums_are_read_as_they_are_written_here_and_mistakes_lead_to_their_fields(admin_client):
    solution = SolutionFactory()
    address = reverse("admin:projects_solution_change", args=[solution.pk])
    cost = {"purpose": "Aufbau", "period": "einmalig", "source": "https://example.org/"}

    def save(amount, **more):
        data = {f"costs-0-{name}": value for name, value in (cost | more).items()}
        total = {"costs-TOTAL_FORMS": 1, "costs-0-amount": amount}
        return admin_client.post(address, filled(admin_client, address) | total | data)

    page = save("rund tausend", source="")
    listed = re.findall(r'<li><a href="(#[^"]+)">([^<]+):</a> ([^<]+)</li>', page.text)
    source = listed[0][2]
    assert listed == [
        ("#costs-0", "Kosten 1", source),
        (
            "#id_costs-0-amount",
            "Kosten 1, Betrag in Euro",
            "„rund tausend“ ist kein Betrag. Beispiel: 12.000 oder 12.000,50.",
        ),
    ]
    assert source.startswith("Bitte eine Quelle nennen")
    assert "Was fehlt" not in page.text  # what is to be mended comes first

    sums = {"48.000": 48_000, "48 000,50 €": "48000.50", "1.5": "1.5", "48\u202f000\u00a0€": 48_000}
    for typed, read in (sums | {"48.000,- €": 48_000, "5\u00a0Euro": 5}).items():
        Cost.objects.all().delete()
        assert save(typed).status_code == 302, typed
        assert Cost.objects.get().amount == Decimal(read)
    Cost.objects.update(amount=Decimal("1234567.50"))
    assert filled(admin_client, address)["costs-0-amount"] == "1.234.567,50"
    assert admin_client.post(address, filled(admin_client, address)).status_code == 302
    assert Cost.objects.get().amount == Decimal("1234567.50")


def test_a_budget_has_thousands_and_no_cents(admin_client):
    project = ProjectFactory()
    assert errors(change(admin_client, project, budget="12,50")) == ["Bitte ohne Cent."]
    sums = {"budget": "17.500.000", "federal_share": "11 300 000", "status_source": "Bericht 2026"}
    answer = change(admin_client, project, **sums)
    assert answer.status_code == 302, errors(answer)
    project.refresh_from_db()
    assert (project.budget, project.federal_share) == (17_500_000, 11_300_000)


def test_who_is_made_an_editor_is_told_once_what_they_may_do_and_where(admin_client):
    project = ProjectFactory(name="Pegelnetz")
    someone = UserFactory(name="Erika Muster", email="erika@stadt.example")
    row = {"editors-TOTAL_FORMS": 1, "editors-0-email": someone.email}

    assert change(admin_client, project, **row).status_code == 302
    change(admin_client, project, title="Anders")

    [mail] = Email.objects.all()
    assert (mail.to, mail.subject) == (someone.email, "Sie bearbeiten jetzt im Portal: Pegelnetz")
    assert "Damit können Sie die Seite von „Pegelnetz“ und die Seiten seiner Lösungen" in mail.text
    assert "Was Sie speichern, ist sofort öffentlich." in mail.text
    link = re.search(r"http://testserver(/verwaltung/projects/project/\S+)", mail.text)[1]
    admin_client.force_login(someone)
    assert admin_client.get(link).status_code == 200
    # Who enters themselves knows.
    admin = UserFactory(is_staff=True, is_superuser=True)
    admin_client.force_login(admin)
    change(admin_client, project, **{"editors-TOTAL_FORMS": 2, "editors-1-email": admin.email})
    assert project.editors.count() == 2
    assert Email.objects.count() == 1
