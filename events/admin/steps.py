"""What hosts can do with an event: one button, one page that asks, one action each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.actions import publishing
from events.admin.forms import ConcludeForm, MoveForm, ReasonForm, RepeatForm, StepForm
from events.models import Event, EventState


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: str
    question: str
    # What is said afterwards.
    done: str
    # Decides about the button only; whether it still is possible, the action says.
    possible: Callable[[Event, datetime], bool]
    # Returns the event whose page is shown next.
    run: Callable[[Event, Any, datetime], Event]
    form: type[StepForm] = StepForm


def _is_draft(event: Event, now: datetime) -> bool:
    return event.state == EventState.DRAFT


def _is_ahead(event: Event, now: datetime) -> bool:
    return event.state == EventState.PUBLISHED and not event.is_past(now)


def _is_over(event: Event, now: datetime) -> bool:
    return event.state == EventState.PUBLISHED and event.is_past(now)


STEPS = (
    Step(
        "veroeffentlichen",
        _("Veröffentlichen"),
        _("Danach sehen alle diese Veranstaltung, und die Anmeldung öffnet zu ihrer Zeit."),
        _("Die Veranstaltung ist veröffentlicht."),
        _is_draft,
        lambda event, form, now: publishing.publish(event, now=now),
    ),
    Step(
        "verlegen",
        _("Termin, Ort oder Form ändern"),
        _(
            "Alle, die angemeldet sind oder warten, bekommen eine E-Mail mit dem, was sich ändert. Das "
            "Programm rückt mit dem Beginn. Endet eine Form (zum Beispiel „vor Ort“), gehen ihre "
            "Anmeldungen auf die andere über."
        ),
        _("Die Änderung ist gespeichert, die E-Mails gehen hinaus."),
        _is_ahead,
        lambda event, form, now: publishing.move(event, now=now, **form.changes()),
        MoveForm,
    ),
    Step(
        "absagen",
        _("Absagen"),
        _(
            "Alle, die angemeldet sind oder warten, bekommen eine Absage per E-Mail. Erinnerungen "
            "entfallen. Die Seite bleibt und sagt, dass die Veranstaltung ausfällt."
        ),
        _("Die Veranstaltung ist abgesagt, die E-Mails gehen hinaus."),
        _is_ahead,
        lambda event, form, now: publishing.cancel(event, form.cleaned_data["reason"], now=now),
        ReasonForm,
    ),
    Step(
        "abschliessen",
        _("Rückblick festhalten"),
        _(
            "Wie viele waren da, was kam heraus? Die Unterlagen fügen Sie auf der Seite darunter an."
        ),
        _("Der Rückblick ist gespeichert und steht auf der Seite der Veranstaltung."),
        _is_over,
        lambda event, form, now: publishing.complete(
            event,
            attendees=form.cleaned_data["attendees"],
            documentation=form.cleaned_data["documentation"],
            now=now,
        ),
        ConcludeForm,
    ),
    Step(
        "wiederholen",
        _("Als Vorlage für eine neue nehmen"),
        _(
            "Es entsteht ein Entwurf mit demselben Programm, denselben Plätzen, Gastgebern und "
            "Erinnerungen. Anmeldungen, Unterlagen, Nummer und der Link zum Videoraum bleiben hier."
        ),
        _("Das ist der neue Entwurf. Bitte sehen Sie ihn durch, bevor Sie ihn veröffentlichen."),
        lambda event, now: True,
        lambda event, form, now: publishing.duplicate(
            event,
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
        ),
        RepeatForm,
    ),
)
