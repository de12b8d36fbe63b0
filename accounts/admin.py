from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import may_enter, reasons_of, with_reasons
from accounts.forms import ResetPasswordForm
from accounts.models import User
from accounts.new_account import holder
from accounts.welcome import welcome
from office.base import GuardedAdmin
from office.filters import YesNoFilter
from office.widgets import Checkboxes


def _without(beginning: str, told: list[Any]) -> list[Any]:
    """What Django tells of the rows that would go, nested as they hang together."""
    kept = [one for one in told if isinstance(one, list) or not str(one).startswith(beginning)]
    return [_without(beginning, one) if isinstance(one, list) else one for one in kept]


class AccessForm(forms.ModelForm):
    """Groups and the access to the administration, which only work together."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("groups") and given.get("is_staff") is False:
            self.add_error(
                "is_staff",
                _(
                    "Eine Gruppe wirkt nur mit dem Zugang. Setzen Sie den Haken, oder nehmen Sie die Gruppe weg."
                ),
            )
        return given


class NewUserForm(AccessForm):
    """An account without a password: its owner sets one, so no one else ever knows it."""

    class Meta:
        model = User
        fields = ("email", "name", "is_staff", "groups")

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if holder(email):
            raise forms.ValidationError(_("Für dieses Postfach gibt es schon ein Konto."))
        return email

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class SecondFactorFilter(admin.SimpleListFilter):
    title = _("zweiter Faktor")
    parameter_name = "zweiter-faktor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("eingerichtet")), ("nein", _("nicht eingerichtet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == "ja":
            return queryset.filter(_has_second_factor())
        if self.value() == "nein":
            return queryset.filter(~_has_second_factor())
        return queryset


class AccessFilter(YesNoFilter):
    title = _("Zugang zur Verwaltung")
    parameter_name = "zugang"

    def condition(self) -> Q:
        return may_enter()


@admin.register(User)
class UserAdmin(GuardedAdmin):
    list_display = (
        "email",
        "name",
        "access",
        "has_second_factor",
        "is_active",
        "last_login",
    )
    list_filter = (AccessFilter, "is_superuser", "is_active", SecondFactorFilter, "groups")
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False
    search_fields = ("email", "name")
    search_help_text = _("E-Mail-Adresse oder Name.")
    ordering = ("email",)
    actions = ("send_password_mail", "sign_out_everywhere", "remove_second_factor")
    readonly_fields = (
        "email",
        "email_verified",
        "access",
        "has_second_factor",
        "last_login",
        "date_joined",
    )
    history_without_values = ("email", "name")
    fieldsets = (
        (
            None,
            {
                "fields": ("email", "email_verified", "name", "is_active"),
                "description": _(
                    "Ihre E-Mail-Adresse ändern Menschen selbst unter „Mein Konto“ und bestätigen "
                    "sie dort. Ein neues Passwort schickt die Aktion „Link für ein neues Passwort "
                    "schicken“ in der Liste der Konten."
                ),
            },
        ),
        (
            _("Rechte"),
            {
                "fields": ("is_staff", "groups", "is_superuser"),
                "description": _(
                    "Wer in der Verwaltung arbeitet, braucht den Zugang und mindestens eine "
                    "Gruppe. Die Gruppe sagt, was jemand sehen und bearbeiten darf."
                ),
            },
        ),
        (_("Anmeldung"), {"fields": ("access", "has_second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "is_staff", "groups"),
                "description": _(
                    "Nach dem Speichern bekommt die Person eine E-Mail mit einem Link, unter dem "
                    "sie ihr Passwort selbst festlegt."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = with_reasons(super().get_queryset(request))
        return users.annotate(second_factor=_has_second_factor())

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return () if request.user.is_superuser else ("is_staff", "groups")
        if request.user.is_superuser:
            return self.readonly_fields
        # Otherwise anyone who may edit accounts could make themselves anything.
        return (*self.readonly_fields, "is_superuser", "is_staff", "groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Deleting several at once is for superusers: Django would not look at each of them."""
        may = super().has_delete_permission(request, obj)
        return (
            may and self._may_touch(request, obj) and (obj is not None or request.user.is_superuser)
        )

    def _may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or not obj.is_superuser or request.user.is_superuser

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        kwargs["form"] = AccessForm if obj else NewUserForm
        return super().get_form(request, obj, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = Checkboxes(_("Gruppen"))
            kwargs["help_text"] = ""
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "groups":
            field.widget.can_add_related = False
        return field

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            welcome(form.instance, by=request.user, now=timezone.now())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Without the open sessions, which say nothing to the one who is asked."""
        found, counts, *rest = super().get_deleted_objects(objs, request)
        meta = UserSession._meta
        counts = {name: count for name, count in counts.items() if name != meta.verbose_name_plural}
        return _without(f"{capfirst(meta.verbose_name)}: ", found), counts, *rest

    @admin.display(description=_("Zugang zur Verwaltung"))
    def access(self, user: Any) -> str:
        return ", ".join(reasons_of(user))

    @admin.display(description=_("zweiter Faktor"), boolean=True)
    def has_second_factor(self, user: Any) -> bool:
        return user.second_factor

    @admin.display(description=_("E-Mail-Adresse bestätigt"), boolean=True)
    def email_verified(self, user: User) -> bool:
        # allauth writes addresses in small letters, the account keeps them as they were typed.
        own = EmailAddress.objects.filter(user=user, email__iexact=user.email)
        return own.filter(verified=True).exists()

    @admin.action(description=_("Link für ein neues Passwort schicken"), permissions=["change"])
    def send_password_mail(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = queryset.filter(is_active=True)
        for user in users:
            _send_password_mail(request, user)
            self.log_change(request, user, _t("Link für ein neues Passwort geschickt."))
        self._say(request, "%d E-Mail geschickt.", "%d E-Mails geschickt.", len(users))

    @admin.action(description=_("Überall abmelden"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        sessions = UserSession.objects.filter(user__in=_within_reach(request, queryset))
        for session in sessions:
            session.end()
        for user in User.objects.filter(pk__in={session.user_id for session in sessions}):
            self.log_change(request, user, _t("Überall abgemeldet."))
        self._say(request, "%d Anmeldung beendet.", "%d Anmeldungen beendet.", len(sessions))

    @admin.action(
        description=_("Zweiten Faktor entfernen (Gerät verloren)"), permissions=["change"]
    )
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = list(_within_reach(request, queryset).filter(_has_second_factor()))
        Authenticator.objects.filter(user__in=users).delete()
        for user in users:
            self.log_change(request, user, _t("Zweiter Faktor entfernt."))
        self._say(
            request,
            "Zweiter Faktor bei %d Konto entfernt.",
            "Zweiter Faktor bei %d Konten entfernt.",
            len(users),
        )

    def _say(self, request: HttpRequest, one: str, many: str, number: int) -> None:
        self.message_user(request, ngettext(one, many, number) % number, messages.SUCCESS)


def _has_second_factor() -> Exists:
    # Recovery codes alone are no second factor: they only replace one.
    kinds = Q(type=Authenticator.Type.TOTP) | Q(type=Authenticator.Type.WEBAUTHN)
    return Exists(Authenticator.objects.filter(kinds, user=OuterRef("pk")))


def _within_reach(request: HttpRequest, users: QuerySet[User]) -> QuerySet[User]:
    """Only a superuser touches superusers: taking away a second factor is half of a takeover."""
    return users if request.user.is_superuser else users.filter(is_superuser=False)


def _send_password_mail(request: HttpRequest, user: User) -> None:
    form = ResetPasswordForm({"email": user.email})
    if form.is_valid():
        form.save(request)


class PermissionField(forms.ModelMultipleChoiceField):
    """Rights in words: „Modellprojekt: ändern“ instead of „projects | project | Can change“."""

    VERBS = {
        "add": _("anlegen"),
        "change": _("ändern"),
        "delete": _("löschen"),
        "view": _("ansehen"),
    }

    def label_from_instance(self, permission: Permission) -> str:
        verb, _underscore, _model = permission.codename.partition("_")
        if verb not in self.VERBS:
            return permission.name
        model = permission.content_type.model_class()
        return f"{model._meta.verbose_name}: {self.VERBS[verb]}"


class GroupForm(forms.ModelForm):
    permissions = PermissionField(
        Permission.objects.none(),
        label=_("Rechte"),
        required=False,
        widget=Checkboxes(_("Rechte")),
    )

    class Meta:
        model = Group
        fields = ("name", "permissions")


# Importing Django's own admin of groups registers it; ours takes its place.
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(GuardedAdmin, auth_admin.GroupAdmin):
    form = GroupForm
    filter_horizontal = ()

    def get_form(self, request: HttpRequest, obj: Group | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.base_fields["permissions"].queryset = self._permissions_used()
        return form

    def _permissions_used(self) -> QuerySet[Permission]:
        """Rights on what the administration shows; all others would have no effect."""
        of_models = Q()
        for model in self.admin_site._registry:
            of_models |= Q(
                content_type__app_label=model._meta.app_label,
                content_type__model=model._meta.model_name,
            )
        return (
            Permission.objects.filter(of_models)
            .select_related("content_type")
            .order_by("content_type__app_label", "content_type__model", "codename")
        )
