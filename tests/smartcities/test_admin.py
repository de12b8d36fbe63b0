import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse

from projects.models import ProjectEditor
from tests.browser import axe
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_signing_in_happens_where_everybody_signs_in(client):
    answer = client.get(reverse("admin:projects_project_changelist"))
    assert answer.status_code == 302
    login = client.get(answer["Location"])
    assert login.status_code == 302
    assert login["Location"].startswith(reverse("account_login") + "?")
    assert "verwaltung" in login["Location"]


def test_somebody_who_is_no_staff_is_turned_away_instead_of_sent_in_circles(client):
    client.force_login(UserFactory())
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.status_code == 403


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_MFA_REQUIRED = True

    def test_staff_without_one_are_led_to_set_it_up(self, client):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        answer = client.get(reverse("admin:index"), follow=True)
        assert [url for url, _status in answer.redirect_chain][-1] == reverse("mfa_index")
        assert "einen zweiten Faktor" in str(next(iter(answer.context["messages"])))

    def test_recovery_codes_alone_do_not_open_the_door(self, client):
        user = UserFactory(is_staff=True, is_superuser=True)
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"}
        )
        client.force_login(user)
        assert client.get(reverse("admin:index")).status_code == 302

    def test_staff_with_one_come_in(self, client):
        user = UserFactory(is_staff=True, is_superuser=True)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        client.force_login(user)
        assert client.get(reverse("admin:index")).status_code == 200


def test_pages_with_secrets_of_second_factors_are_not_there():
    names = {model._meta.label for model in admin.site._registry}
    assert names.isdisjoint({"mfa.Authenticator", "account.EmailAddress"})


def test_an_autocomplete_survives_a_null_character(admin_client):
    ThemeFactory()
    answer = admin_client.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "projects",
            "model_name": "projectmunicipality",
            "field_name": "municipality",
            "term": "a\0b",
        },
    )
    assert answer.json() == {"results": [], "pagination": {"more": False}}


@pytest.fixture
def catalogue():
    kreis = MunicipalityFactory(kreis_level=True)
    theme = ThemeFactory()
    town = MunicipalityFactory(name="Neustadt", kreis=kreis)
    project = ProjectFactory(municipalities=[town], themes=[theme], check_note="Adresse fehlt")
    SourceFactory(project=project)
    return SolutionFactory(project=project, themes=[theme])


@pytest.mark.browser
def test_an_open_autocomplete_has_names_and_tells_places_apart(
    page, sign_in, complaints, catalogue, transactional_db
):
    complaints.allow("inline style")
    sign_in(page, UserFactory(is_staff=True, is_superuser=True))
    page.goto(reverse("admin:projects_project_change", args=[catalogue.project.pk]))
    page.get_by_role("button", name="Beteiligte Kommune hinzufügen").click()
    page.get_by_role("combobox", name="Kommune").last.click()
    page.get_by_role("searchbox", name="Kommune: suchen").fill("neust")
    kreis = catalogue.project.municipalities.get().kreis
    suggestion = page.get_by_role("option", name=f"Neustadt (Gemeinde, BY, {kreis.name})")
    suggestion.wait_for()
    assert axe(page) == []


def test_what_one_last_worked_on_is_named_once_however_often_it_was_saved(admin_client, admin_user):
    often, once = ThemeFactory(), ThemeFactory()
    for theme in (once, often, often, often):
        LogEntry.objects.log_actions(admin_user.pk, [theme], CHANGE, single_object=True)
    recent = admin_client.get(reverse("admin:index")).context["recent"]
    assert [entry.object_id for entry in recent] == [str(often.pk), str(once.pk)]


def test_filters_are_called_by_their_names_and_lists_by_what_is_in_them(admin_client):
    text = admin_client.get(reverse("admin:asking_question_changelist")).text
    named = [one.strip() for one in re.findall(r"<summary>(.*?)</summary>", text, re.S)]
    assert named == ["Worauf sie warten", "Art", "Stand", "Hat es geholfen?"]
    titles = {
        name: admin_client.get(reverse(f"admin:{name}_changelist")).context["title"]
        for name in ("accounts_user", "mailing_email", "projects_solution")
    }
    assert list(titles.values()) == ["Konten", "E-Mails", "Lösungen"]


def test_what_somebody_worked_on_is_named_only_as_long_as_it_is_theirs(client):
    """Who edits a project no more, or may see groups no more, reads the names of neither."""
    editor, others = UserFactory(is_staff=True), ProjectFactory(name="Fremd")
    own = ProjectFactory(name="Eigenes")
    role = ProjectEditor.objects.create(project=own, user=editor)
    gone = ProjectFactory(name="Gelöscht")
    for row in (own, others, gone, Group.objects.first()):
        LogEntry.objects.log_actions(editor.pk, [row], CHANGE, single_object=True)
    gone.delete()
    client.force_login(editor)

    def named() -> list[str]:
        return [entry.object_repr for entry in client.get(reverse("admin:index")).context["recent"]]

    assert named() == ["Eigenes"]
    role.delete()
    assert named() == []
