"""Who edits what of the catalogue: the editors of the portal everything, those of a project their own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.new_account import account_for
from accounts.own_data import Person
from ground.mailbox import AddressFormField, mailbox_key
from projects.admin.base import CatalogueAdmin
from projects.editing import edited_by
from projects.freshness import LOOKED_OVER
from projects.models import ProjectEditor, Revision


class OwnProjectsAdmin(CatalogueAdmin):
    """Everything on these pages starts from `get_queryset`: lists, counts, forms, actions, choices.

    Rights of Django (a group of the portal's staff) open all rows. Without any, somebody has what
    belongs to the projects they edit, as long as they do; nothing of it can be deleted.
    """

    # The way from a row to its project.
    to_project = "project_id"

    def has_office_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if super().has_view_permission(request):
            return queryset
        return queryset.filter(**{f"{self.to_project}__in": own_projects(request)})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What its own project saves of a sheet, it has looked over."""
        super().save_model(request, obj, form, change)
        column, today = LOOKED_OVER.get(type(obj)), timezone.localdate()
        if column and not self.has_office_permission(request) and getattr(obj, column) != today:
            setattr(obj, column, today)
            obj.save(update_fields=[column, "updated_at"])

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The versions of a sheet go with it, though nobody deletes one."""
        *found, needed, protected = super().get_deleted_objects(objs, request)
        return *found, needed - {Revision._meta.verbose_name}, protected

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or bool(own_projects(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or self._is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) or self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, obj: Model | None) -> bool:
        own = own_projects(request)
        return bool(own) if obj is None else getattr(obj, self.to_project) in own


def own_projects(request: HttpRequest) -> frozenset[int]:
    """The projects that somebody edits, asked once for each request."""
    if not hasattr(request, "own_projects"):
        request.own_projects = frozenset(edited_by(request.user).values_list("pk", flat=True))
    return request.own_projects


class EditorForm(forms.ModelForm):
    """Names an account by its address: no list of all the people who have one."""

    email = AddressFormField(
        label=_("E-Mail-Adresse des Kontos"),
        help_text=_(
            "Die Person braucht schon ein Konto im Portal. Sie bearbeitet dann dieses Modellprojekt "
            "und seine Lösungen, sonst nichts."
        ),
    )

    class Meta:
        model = ProjectEditor
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["email"] = self.instance.user.email

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        # Whose mailbox it is, not who once typed it as theirs.
        user = Person.of_address(email).user
        if user is None or not user.is_active:
            raise ValidationError(
                _t(
                    "Zu dieser Adresse gibt es noch kein Konto. Bitten Sie die Person, sich im Portal "
                    "zu registrieren."
                )
            )
        self.instance.user = user
        return email

    def save(self, commit: bool = True) -> ProjectEditor:
        """Where nobody has confirmed the address yet, only its mailbox opens the account from now on."""
        self.instance.user = account_for(self.cleaned_data["email"], name="")
        return super().save(commit)


class EditorFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """The constraint's fields are not those of the form, so it cannot compare them itself."""
        super().clean()
        seen = set()
        for form in self.forms:
            email = getattr(form, "cleaned_data", {}).get("email", "")
            if not email or self._should_delete_form(form):
                continue
            key = mailbox_key(email)
            if key in seen:
                form.add_error("email", _t("Dieses Konto bearbeitet das Projekt schon."))
            seen.add(key)


class EditorInline(admin.StackedInline):
    model = ProjectEditor
    form = EditorForm
    classes = ("rows",)
    formset = EditorFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectEditor]:
        return super().get_queryset(request).select_related("user", "project")
