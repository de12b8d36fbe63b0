"""What a person says who wants to take part, and who changes it later."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.public_form import WatchedForm
from events.actions import MOST_PEOPLE, Details, Person
from events.actions.registering import GUARD
from events.models import (
    AgendaItem,
    Audience,
    Event,
    EventAnswer,
    EventQuestion,
    Mode,
    Need,
    Offer,
    QuestionKind,
    Registration,
    Seats,
)
from ground.mailbox import AddressFormField, mailbox_key
from projects.funding import FundingKind, funding_of
from projects.models import Municipality
from projects.municipality_form import MunicipalityPicker

COLLEAGUES = range(1, MOST_PEOPLE)


class ItemsField(forms.ModelMultipleChoiceField):
    """Items of the programme; several days are told apart."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, item: AgendaItem) -> str:
        begin = timezone.localtime(item.starts_at)
        time = f"{date_format(begin, 'D, j.n.')} {begin:%H:%M}"
        if item.ends_at:
            time += f" bis {timezone.localtime(item.ends_at):%H:%M}"
        label = f"{time} Uhr: {item.title}"
        if item.capacity is None:
            return label
        left = item.capacity - item.taken
        return f"{label} ({ngettext('noch %d Platz', 'noch %d Plätze', left) % left})"


class DetailsForm(MunicipalityPicker):
    """What can be said at first and changed later."""

    # Whether the Kommune or an organisation has to be named.
    must_represent = True

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
    )
    organisation = forms.CharField(
        label=_("Oder Ihre Organisation"),
        help_text=_("Nur, wenn Sie nicht für eine Kommune kommen."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    needs = forms.MultipleChoiceField(
        label=_("Was brauchen Sie, um teilzunehmen?"),
        help_text=_(
            "Nur die Gastgeber dieser Veranstaltung sehen diese Angaben. Sieben Tage nach der "
            "Veranstaltung löschen wir sie."
        ),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs_text = forms.CharField(
        label=_("Was brauchen Sie noch?"),
        help_text=_("Auch diese Angabe sehen nur die Gastgeber, und auch sie wird gelöscht."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    catering_note = forms.CharField(
        label=_("Hinweis zur Verpflegung"),
        help_text=_("Zum Beispiel: vegan, ohne Nüsse."),
        max_length=300,
        required=False,
    )
    on_participants_list = forms.BooleanField(
        label=_("Andere Teilnehmende dürfen meinen Namen und woher ich komme sehen."),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        event: Event,
        chosen: Sequence[AgendaItem] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.event = event
        self.fields["q"].help_text = _("Name, Postleitzahl oder Gemeindeschlüssel (AGS).")
        self.fields["organisation"].one_of_several = True
        self.seats: list[Seats] = list(event.seats.all())
        if not any(row.mode == Mode.ON_SITE for row in self.seats):
            del self.fields["catering_note"]
        if not event.has_participants_list:
            del self.fields["on_participants_list"]
        self.full_items: list[AgendaItem] = []
        self._offer_items(chosen)
        self.questions: list[EventQuestion] = list(event.questions.all())
        for question in self.questions:
            self.fields[_name_of(question)] = _answer_field(question)

    def _offer_items(self, chosen: Sequence[AgendaItem]) -> None:
        own = {item.pk for item in chosen}
        items = list(self.event.agenda.filter(needs_choice=True))
        free = [
            item
            for item in items
            if item.capacity is None or item.taken < item.capacity or item.pk in own
        ]
        self.full_items = [item for item in items if item not in free]
        if not items:
            return
        self.fields["sessions"] = ItemsField(
            label=_("Was möchten Sie besuchen?"),
            queryset=AgendaItem.objects.filter(pk__in=[item.pk for item in free]),
            required=False,
            initial=list(own),
            error_messages={
                "invalid_choice": _(
                    "Ein gewählter Programmpunkt ist inzwischen voll. Bitte wählen Sie neu."
                )
            },
        )
        if self.full_items:
            self.fields["sessions"].help_text = _("Schon voll: %s.") % ", ".join(
                item.title for item in self.full_items
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = self.chosen_municipality() if cleaned.get("q") else None
        cleaned["chosen"] = chosen
        asked = ("q", "municipality", "organisation")
        is_open = (
            self.must_represent
            and chosen is None
            and not self.asks
            and not any(self.has_error(name) for name in asked)
        )
        if is_open and not (cleaned.get("organisation") or self.as_written):
            self.add_error("q", _("Bitte nennen Sie Ihre Kommune oder Ihre Organisation."))
        self._refuse_two_at_a_time()
        return cleaned

    def _refuse_two_at_a_time(self) -> None:
        for one, other in combinations(self.cleaned_data.get("sessions", ()), 2):
            if _overlap(one, other):
                self.add_error(
                    "sessions",
                    _("„%(one)s“ und „%(other)s“ sind zur gleichen Zeit.")
                    % {"one": one.title, "other": other.title},
                )
                return

    @property
    def own_questions(self) -> list[forms.BoundField]:
        """The hosts' own questions as a page shows them."""
        return [self[_name_of(one)] for one in self.questions]

    @property
    def chosen_mode(self) -> Mode:
        """How they want to take part, once the form is valid."""
        return Mode(self.cleaned_data["mode"] if "mode" in self.fields else self.seats[0].mode)

    @property
    def details(self) -> Details:
        """What was said, once the form is valid."""
        cleaned = self.cleaned_data
        municipality: Municipality | None = cleaned["chosen"]
        return Details(
            organisation="" if municipality else self.as_written or cleaned["organisation"],
            municipality=municipality,
            sessions=list(cleaned.get("sessions", ())),
            needs=cleaned.get("needs", ()),
            needs_text=cleaned.get("needs_text", ""),
            catering_note=cleaned.get("catering_note", ""),
            on_participants_list=cleaned.get("on_participants_list", False),
            answers={one.pk: cleaned.get(_name_of(one), "") for one in self.questions},
        )


class RegistrationForm(WatchedForm, DetailsForm):
    """The registration of one to five people."""

    guard = GUARD
    field_order = (
        "name",
        "email",
        "q",
        "municipality",
        "organisation",
        "anyway",
        "mode",
        "sessions",
    )

    email = AddressFormField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Dorthin schicken wir die Bestätigung und alle Links zu Ihrer Anmeldung."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Bitte geben Sie Ihre E-Mail-Adresse an.")},
    )
    mode = forms.ChoiceField(
        label=_("Wie möchten Sie teilnehmen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wie Sie teilnehmen möchten.")},
    )
    anyway = forms.BooleanField(
        label=_("Ich möchte mich trotzdem anmelden"),
        required=False,
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        event: Event,
        now: datetime,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        fresh = {"submission": uuid.uuid4(), **(initial or {})}
        super().__init__(data, event=event, initial=fresh)
        self.now = now
        # Why the event may not be meant for this municipality; shown with the question whether to go on.
        self.hint = ""
        self._offer_modes()
        # Membership is proved by address, and a page must not tell whose address is one.
        self.takes_colleagues = event.audience != Audience.COMMUNITY
        if self.takes_colleagues:
            self._offer_rows_for_colleagues()
        self.order_fields(self.field_order)

    def _offer_modes(self) -> None:
        if len(self.seats) == 1:
            del self.fields["mode"]
        else:
            self.fields["mode"].choices = [(row.mode, _offered(row)) for row in self.seats]

    def _offer_rows_for_colleagues(self) -> None:
        for number in COLLEAGUES:
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Name"),
                max_length=150,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"email_{number}"] = AddressFormField(
                label=_("E-Mail-Adresse"),
                required=False,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )
            # With one of both the other is needed; whether there is a row at all, people say by opening it.
            for name in (f"name_{number}", f"email_{number}"):
                self.fields[name].one_of_several = True
                self.fields[name].whose = _("%d. Person") % number

    @property
    def colleagues(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows for colleagues as a page shows them."""
        if not self.takes_colleagues:
            return []
        return [(self[f"name_{number}"], self[f"email_{number}"]) for number in COLLEAGUES]

    @property
    def has_colleagues(self) -> bool:
        """Whether the rows have to be seen: something is typed there, or wrong."""
        return any(field.errors or field.value() for row in self.colleagues for field in row)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["people"] = self._people()
        self._ask_whether_meant()
        return cleaned

    def _people(self) -> list[Person]:
        cleaned = self.cleaned_data
        people = [Person(cleaned.get("name", ""), cleaned.get("email", ""))]
        keys = {mailbox_key(people[0].email)}
        for number in COLLEAGUES if self.takes_colleagues else ():
            name, email = cleaned.get(f"name_{number}", ""), cleaned.get(f"email_{number}", "")
            if name and not email and not self.has_error(f"email_{number}"):
                self.add_error(f"email_{number}", _("Bitte geben Sie auch die E-Mail-Adresse an."))
            if email and not name and not self.has_error(f"name_{number}"):
                self.add_error(f"name_{number}", _("Bitte geben Sie auch den Namen an."))
            if not name or not email:
                continue
            if mailbox_key(email) in keys:
                self.add_error(f"email_{number}", _("Diese Adresse steht schon weiter oben."))
            keys.add(mailbox_key(email))
            people.append(Person(name, email))
        return people

    def _ask_whether_meant(self) -> None:
        municipality: Municipality | None = self.cleaned_data.get("chosen")
        if municipality is None:
            return
        self.hint = _hint(self.event, municipality)
        if self.hint and not self.cleaned_data.get("anyway"):
            self.add_error("anyway", _("Bitte bestätigen Sie, dass Sie sich trotzdem anmelden."))

    @property
    def offer(self) -> str:
        """How many places are left, where there is nothing to choose between and so nothing says it."""
        return "" if "mode" in self.fields else _offered(self.seats[0])

    @property
    def may_wait(self) -> bool:
        """Whether one of the ways to take part is a place on the waiting list."""
        return any(row.offer == Offer.WAITING for row in self.seats)

    @property
    def only_waits(self) -> bool:
        return all(row.offer in (Offer.WAITING, Offer.FULL) for row in self.seats)


class ChangeForm(DetailsForm):
    """The same for a person who is registered, filled with what they said."""

    field_order = ("name", "q", "municipality", "organisation", "sessions")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, registration: Registration
    ) -> None:
        needs = getattr(registration, "needs", None)
        municipality = registration.municipality
        super().__init__(
            data,
            event=registration.event,
            chosen=list(registration.sessions.all()),
            initial={
                "name": registration.name,
                "q": municipality.name if municipality else "",
                "picked": str(municipality.pk) if municipality else "",
                "organisation": registration.organisation,
                "needs": needs.needs if needs else [],
                "needs_text": needs.text if needs else "",
                "catering_note": registration.catering_note,
                "on_participants_list": registration.on_participants_list,
                **{f"frage_{one.question_id}": one.text for one in registration.answers.all()},
            },
        )
        self.order_fields(self.field_order)


def _name_of(question: EventQuestion) -> str:
    return f"frage_{question.pk}"


def _answer_field(question: EventQuestion) -> forms.Field:
    errors = {"required": _("Bitte beantworten Sie diese Frage.")}
    if question.kind == QuestionKind.TEXT:
        return forms.CharField(
            label=question.text,
            max_length=EventAnswer._meta.get_field("text").max_length,
            required=question.is_required,
            error_messages=errors,
        )
    none = [] if question.is_required else [("", _("keine Angabe"))]
    return forms.ChoiceField(
        label=question.text,
        choices=[*none, *((one, one) for one in question.choices)],
        required=question.is_required,
        widget=forms.RadioSelect,
        error_messages=errors,
    )


def _offered(row: Seats) -> str:
    label = str(row.get_mode_display())
    return label if row.capacity is None else f"{label} – {row.offer.label}"


def _hint(event: Event, municipality: Municipality) -> str:
    if event.audience not in (Audience.MODEL_PROJECTS, Audience.NON_FUNDED):
        return ""
    kind = funding_of(municipality).kind
    if event.audience == Audience.NON_FUNDED and kind is FundingKind.OWN:
        return _(
            "Diese Veranstaltung ist für Kommunen gedacht, die nicht gefördert werden. %s nimmt "
            "selbst an einem Modellprojekt teil."
        ) % (municipality.name)
    if event.audience == Audience.MODEL_PROJECTS and kind is FundingKind.NONE:
        return _(
            "Diese Veranstaltung ist für die Modellprojekte gedacht. %s nimmt an keinem teil."
        ) % (municipality.name)
    return ""


def _overlap(one: AgendaItem, other: AgendaItem) -> bool:
    ends = [item.ends_at or item.starts_at for item in (one, other)]
    if one.starts_at == other.starts_at:
        return True
    return one.starts_at < ends[1] and other.starts_at < ends[0]
