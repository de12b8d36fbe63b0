"""Two people with the same form: what one has changed, the other does not write over unseen.

Every form to change something carries, signed, what it was filled from. When it comes back, each
field is looked at three times: as it was shown, as it is stored now, and as it was sent.

* Only the other person changed it: theirs stays.
* Only this person changed it: it is saved.
* Both changed it, and differently: nothing is saved, the page shows both and asks which it shall be.

What comes back without it, or with that of another page, is not saved but shown again. Where the other
person has deleted the row, what was typed is shown, and may become a new one.

The same for the rows beneath a form, which the other person may also have deleted meanwhile. The row
is locked from the first look until everything is written.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from office import gone, handbook, uploads
from office.history import NOTHING, mentions, shown
from office.pages import office_page
from office.seen import (
    SEEN,
    Page,
    Row,
    differs,
    has_shown,
    is_compared,
    name_of,
    page_for,
    page_of,
    plain,
)

# Sent with what was typed before a session ended: to be looked at once more, not saved at once.
HELD = "_held"
TAKE = "_take-"
TAKE_ALL = "_take-all"
MINE, THEIRS = "mine", "theirs"
GONE = "gone"


@dataclass
class Difference:
    """What two people have changed at the same time, to be decided about."""

    key: str
    label: str
    # The labels by which the log knows the fields.
    fields: list[str]
    mine: str
    theirs: str
    # What is stored now, to notice if it changes once more before the answer comes.
    stored: Any
    mine_is_possible: bool = True
    choice: str = ""
    is_own: bool = False
    by: str = ""
    at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{TAKE}{self.key}"


class FreshForm:
    """For a form that changes something stored. What a new row is made of, it takes as Django's does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handbook.mark(self)
        self.differences: list[Difference] = []
        # Fields of which only what is stored counts, not what was sent.
        self.kept: set[str] = set()
        # The row was deleted meanwhile, and stays so or is to come back.
        self.is_gone = self.comes_back = False
        row = self.instance
        self._before = {
            one.name: getattr(row, one.attname)
            for one in row._meta.concrete_fields
            if one.attname not in row.get_deferred_fields()
        }

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in self.kept]

    def written(self) -> set[str]:
        """The columns that are to be written: what was changed in the form or by it."""
        opts, row = self.instance._meta, self.instance
        own = {one.name for one in opts.concrete_fields}
        changed = {
            one.name
            for one in opts.concrete_fields
            if one.name in self._before
            and not (one.generated or one.primary_key)
            and self._before[one.name] != getattr(row, one.attname)
        }
        changed |= own & set(self.changed_data)
        if not changed:
            return set()
        return changed | {one.name for one in opts.fields if getattr(one, "auto_now", False)}

    def save_changes(self) -> None:
        """As `save`, without the columns that nothing has changed."""
        if self.instance._state.adding:
            self.save()
            return
        self.save(commit=False)
        if written := self.written():
            self.instance.save(update_fields=written)
        self.save_m2m()

    def _clean_fields(self) -> None:
        super()._clean_fields()
        if HELD in self.data and not self.prefix:
            text = _(
                "Sie haben sich wieder angemeldet, Ihr Text ist noch da. Gespeichert ist er noch nicht: "
                "Bitte prüfen und speichern Sie."
            )
            self.add_error(None, text)
        if self.instance._state.adding and not self.prefix:
            return
        page = self._page()
        if page is None and not self.prefix:
            text = _(
                "Diese Seite ist so alt, dass sich nicht mehr feststellen lässt, ob jemand anderes "
                "inzwischen etwas geändert hat. Bitte vergleichen Sie, bevor Sie noch einmal speichern."
            )
            self.add_error(None, text)
        row = page and page.rows.get(self.prefix or "")
        if row is None:
            return
        if self.instance.pk is None:
            self._merge_gone(page, row)
        elif str(self.instance.pk) == row.pk:
            self._merge(page, row)
        # Django may have looked already, before it was known what only the other has changed.
        self.__dict__.pop("changed_data", None)

    def _page(self) -> Page | None:
        page = page_of(self.data.get(SEEN, ""))
        if page is None or self.prefix:
            # That the rows beneath are of the same page, the form above them sees to.
            return page
        return page if page.of == name_of(self.instance) else None

    # A row that both have --------------------------------------------------------------------------

    def _merge(self, page: Page, row: Row) -> None:
        compared = [name for name, one in self.fields.items() if is_compared(self, name, one)]
        theirs = [
            name
            for name in compared
            if name in row.values and plain(self[name].initial) != row.values[name]
        ]
        if self.cleaned_data.get(DELETION_FIELD_NAME):
            self._merge_deletion(page, theirs)
            return
        for name in theirs:
            self._merge_field(page, name, row.values[name])
        for name in row.values.keys() - self.fields.keys():
            self._merge_closed(page, name, row.values[name])

    def _merge_field(self, page: Page, name: str, seen: Any) -> None:
        one, bound = self.fields[name], self[name]
        mine, now = bound.data, bound.initial
        key = self.add_prefix(name)
        if key not in page.asked and not differs(one, seen, mine):
            self._keep(name)
            return
        if not differs(one, plain(now), mine):
            return
        difference = Difference(
            key,
            str(one.label or name),
            [str(one.label or name)],
            mine=self._sent(name),
            theirs=shown(one, now, longest=None),
            stored=plain(now),
        )
        choice = self._choice(page, difference)
        if choice == THEIRS:
            self._keep(name)
        elif not choice:
            self.add_error(name, _("Das hat inzwischen auch jemand anderes geändert."))

    def _merge_deletion(self, page: Page, theirs: list[str]) -> None:
        if not theirs:
            return
        labels = [str(self.fields[name].label or name) for name in theirs]
        now = {name: plain(self[name].initial) for name in theirs}
        difference = self._of_row(page, labels, mine=_("löschen"), theirs=self._told(), stored=now)
        choice = self._choice(page, difference)
        if choice == THEIRS:
            self.cleaned_data[DELETION_FIELD_NAME] = False
            for name in set(self.fields) - {DELETION_FIELD_NAME}:
                self._keep(name)
        elif not choice:
            self._ask()

    def _merge_closed(self, page: Page, name: str, seen: Any) -> None:
        """What was typed into a field that cannot be changed any more would vanish without a word."""
        key = self.add_prefix(name)
        columns = {one.name: one for one in self.instance._meta.get_fields()}
        callback = self._meta.formfield_callback
        if key not in self.data or name not in columns or callback is None:
            return
        one = callback(columns[name])
        mine = one.widget.value_from_datadict(self.data, self.files, key)
        if not differs(one, seen, mine):
            return
        now = columns[name].value_from_object(self.instance)
        difference = Difference(
            key,
            str(one.label or name),
            [str(one.label or name)],
            mine=_raw(mine),
            theirs=shown(one, now, longest=None),
            stored=plain(now),
            mine_is_possible=False,
        )
        if self._choice(page, difference) != THEIRS:
            text = _("„%s“ lässt sich inzwischen nicht mehr ändern.")
            self.add_error(None, text % difference.label)

    # A row that the other has deleted ---------------------------------------------------------------

    def _merge_gone(self, page: Page, row: Row) -> None:
        pk = self._meta.model._meta.pk.name
        if self.data.get(self.add_prefix(pk)) != row.pk:
            return
        self._errors.pop(pk, None)
        touched = [
            name
            for name, seen in row.values.items()
            if name in self.fields and differs(self.fields[name], seen, self[name].data)
        ]
        if not touched or self.cleaned_data.get(DELETION_FIELD_NAME):
            self.is_gone = True
            return
        labels = [str(self._meta.model._meta.verbose_name)]
        told = "\n".join(f"{self.fields[name].label}: {self._sent(name)}" for name in touched)
        difference = self._of_row(page, labels, mine=told, theirs=_("gelöscht"), stored=GONE)
        choice = self._choice(page, difference)
        self.is_gone, self.comes_back = choice == THEIRS, choice == MINE
        if not choice:
            self._ask()

    def _of_row(self, page: Page, labels: list[str], **both: Any) -> Difference:
        name = str(self._meta.model._meta.verbose_name)
        label = f"{name}: {self.instance}" if self.instance.pk else name
        return Difference(self.prefix or "", label, labels, **both)

    def _ask(self) -> None:
        self.add_error(None, _("Hier hat inzwischen auch jemand anderes etwas geändert."))

    # What both need ---------------------------------------------------------------------------------

    def _choice(self, page: Page, difference: Difference) -> str:
        """What was decided, "" if nothing was, or about something that has changed once more."""
        self.differences.append(difference)
        if page.asked.get(difference.key, ...) != difference.stored:
            return ""
        chosen = self.data.get(TAKE_ALL) or self.data.get(difference.name)
        difference.choice = chosen if chosen in (MINE, THEIRS) else ""
        return difference.choice

    def _keep(self, name: str) -> None:
        self.kept.add(name)
        self._errors.pop(name, None)
        one = self.fields[name]
        if isinstance(one, forms.FileField):
            self.cleaned_data[name] = self[name].initial
            return
        try:
            self.cleaned_data[name] = one.clean(one.prepare_value(self[name].initial))
        except ValidationError:
            # Not among what is offered here; without a value the row keeps its own.
            self.cleaned_data.pop(name, None)

    def _sent(self, name: str) -> str:
        one, data = self.fields[name], self[name].data
        if isinstance(one, forms.FileField):
            return data.name if data else _("keine Datei")
        if name in self.cleaned_data:
            return shown(one, self.cleaned_data[name], longest=None)
        return _raw(data)

    def _told(self) -> str:
        return "\n".join(
            f"{one.label}: {shown(one, self[name].initial, longest=None)}"
            for name, one in self.fields.items()
            if is_compared(self, name, one)
        )


def _raw(data: Any) -> str:
    return ", ".join(map(str, data)) if isinstance(data, list) else str(data or NOTHING)


class FreshFormSet:
    """The rows beneath a form, some of which may be gone."""

    is_shown_again = False

    def get_queryset(self) -> Any:
        """On a page that comes back, a row for each form: Django pairs them by their places."""
        if not self.is_shown_again:
            return super().get_queryset()
        return [form.instance if form.instance.pk else None for form in self.initial_forms]

    def _should_delete_form(self, form: forms.ModelForm) -> bool:
        # Asked about, it is not deleted: otherwise its errors would not count.
        if getattr(form, "differences", None) and not all(one.choice for one in form.differences):
            return False
        return getattr(form, "is_gone", False) or super()._should_delete_form(form)

    def save_existing(self, form: forms.ModelForm, obj: Model, commit: bool = True) -> Model:
        """Only what was changed: rows are counted and moved by others while they are edited."""
        if not commit:
            return super().save_existing(form, obj, commit)
        form.save(commit=False)
        if written := form.written():
            obj.save(update_fields=written)
        form.save_m2m()
        return obj

    def save_new_objects(self, commit: bool = True) -> list[Model]:
        new = super().save_new_objects(commit)
        for form in self.initial_forms:
            if getattr(form, "comes_back", False):
                new.append(self.save_new(form, commit=commit))
                if not commit:
                    self.saved_forms.append(form)
        self.new_objects = new
        return new


@cache
def _fresh_form(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    return form if issubclass(form, FreshForm) else type(form.__name__, (FreshForm, form), {})


@cache
def _fresh_formset(formset: type[Any]) -> type[Any]:
    if issubclass(formset, FreshFormSet):
        return formset
    return type(formset.__name__, (FreshFormSet, formset), {})


class FreshForms(admin.ModelAdmin):
    """For every admin: its form, and the rows beneath it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.form = _fresh_form(self.form)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if "form" in kwargs:
            kwargs["form"] = _fresh_form(kwargs["form"])
        return super().get_form(request, obj, change, **kwargs)

    def get_inline_instances(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            inline.form = _fresh_form(inline.form)
            inline.formset = _fresh_formset(inline.formset)
        return inlines

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        uploads.bring_back(request)
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            row = self.get_object(request, unquote(object_id))
            if row is None and self._has_shown(request, object_id):
                return self._row_is_gone(request)
            if row is not None:
                # From here on it is ours until it is saved: the others wait, and then compare.
                locked = self.model._base_manager.select_for_update(no_key=True)
                list(locked.filter(pk=row.pk).values_list("pk"))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _has_shown(self, request: HttpRequest, object_id: str) -> bool:
        """Whether this page was filled from a row of this number, which is not there any more."""
        may = self.has_change_permission(request)
        return may and has_shown(request, self.model, unquote(object_id))

    def _row_is_gone(self, request: HttpRequest) -> HttpResponse:
        formsets = [one.get_formset(request) for one in self.get_inline_instances(request)]
        beneath = [
            gone.Rows(formset.get_default_prefix(), formset.model, formset.fk.name)
            for formset in formsets
        ]
        route = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context = {
            "list_url": reverse(f"{route}_changelist"),
            "typed": gone.typed(request, self.model, beneath),
            "fields": [*gone.as_new(request, beneath), *uploads.notes(request)],
            "add_url": reverse(f"{route}_add") if self.has_add_permission(request) else "",
        }
        title = _("Inzwischen gelöscht")
        return office_page(self, request, "office/gone.html", title, context, status=409)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what was changed here: a colleague may be moving, archiving or erasing it right now."""
        if not change:
            super().save_model(request, obj, form, change)
        elif written := form.written():
            obj.save(update_fields=written | self.stored_along(form))

    def stored_along(self, form: Any) -> set[str]:
        """What is only worked out when a form is saved."""
        return set()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row, formsets = context["original"], context["inline_admin_formsets"]
        if row is not None:
            shown_forms = [context["adminform"].form]
            for inline in formsets:
                shown_forms += inline.formset.initial_forms
                inline.formset.is_shown_again = inline.formset.is_bound
            context |= freshness(request, row, shown_forms)
        every = [form for inline in formsets for form in inline.formset.forms]
        uploads.keep(request, [context["adminform"].form, *every])
        return super().render_change_form(request, context, *args, **kwargs)


def freshness(
    request: HttpRequest, row: Model, shown_forms: list[forms.ModelForm]
) -> dict[str, Any]:
    """What a page with these forms has to carry, and what it has to ask."""
    sent = request.POST.get(SEEN, "") if request.method == "POST" else ""
    page = page_of(sent) if sent else None
    if page is None or page.of != name_of(row):
        return {"seen": page_for(row, shown_forms).signed()}
    differences = [one for form in shown_forms for one in form.differences]
    _say_who(differences, row, page.at, request.user)
    asked = {one.key: one.stored for one in differences}
    return {
        "seen": Page(page.of, page.at, page.rows, asked).signed(),
        "differences": differences,
        "all_of_mine": all(one.mine_is_possible for one in differences),
    }


def _say_who(differences: list[Difference], row: Model, since: datetime, user: Any) -> None:
    """Who has changed what is stored now, if it was done in the administration."""
    if not differences:
        return
    entries = list(
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            action_time__gte=since,
        )
        .select_related("user")
        .order_by("-action_time", "-pk")
    )
    for one in differences:
        for entry in entries:
            if any(mentions(entry, label) for label in one.fields):
                one.is_own = entry.user_id == user.pk
                one.by, one.at = entry.user.get_full_name() or str(entry.user), entry.action_time
                break
