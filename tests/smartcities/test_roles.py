"""The groups that every installation has."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from smartcities.roles import ROLES, keep_in_step
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def rights(name):
    rows = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def test_migrating_makes_the_groups_with_every_right_that_the_list_names():
    call_command("migrate", verbosity=0)
    for name, wanted in ROLES.items():
        assert len(rights(name)) == sum(map(len, wanted.values())), name


def test_an_editor_edits_the_catalogue_and_sees_nobody_who_asked():
    editor = UserFactory(is_staff=True)
    editor.groups.set(Group.objects.filter(name="Redaktion"))
    assert editor.has_perms(["projects.change_project", "finding.change_synonyms"])
    assert not editor.has_perm("projects.add_municipality")
    assert not editor.has_module_perms("consulting")
    assert not editor.has_module_perms("mailing")


def test_who_only_advises_is_not_the_office():
    assert "consulting.work_as_office" in rights("Start Smart")
    assert "consulting.work_as_office" not in rights("Start Smart: Beratung")


def test_a_right_given_by_hand_is_taken_back_and_other_groups_are_left_alone():
    foreign = Permission.objects.get(codename="delete_user")
    own = Group.objects.create(name="Eigene")
    for group in (own, Group.objects.get(name="Betrieb")):
        group.permissions.add(foreign)
    keep_in_step()
    assert "accounts.delete_user" not in rights("Betrieb")
    assert "accounts.delete_user" in rights("Eigene")


def test_who_may_edit_a_page_of_the_catalogue_may_edit_the_rows_beneath_it():
    office = UserFactory(is_staff=True)
    office.groups.set(Group.objects.filter(name="Redaktion"))
    beneath = {
        inline.model
        for model, model_admin in admin.site._registry.items()
        if model._meta.app_label == "projects"
        for inline in model_admin.inlines
    }
    codes = {
        model._meta.model_name: f"projects.change_{model._meta.model_name}" for model in beneath
    }
    assert {name for name, code in codes.items() if not office.has_perm(code)} == set()
