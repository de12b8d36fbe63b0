"""What hosts can do with an event: one button, one page that asks, one action each."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from events.actions import publishing
from events.admin.forms import (
    ConcludeForm,
    PublishForm,
    ReasonForm,
    RepeatForm,
    RescheduleForm,
)
from events.models import Event, EventState
from office.steps import Step


def _is_draft(event: Event, by: AbstractBaseUser, now: datetime) -> bool:
    return event.state == EventState.DRAFT


def _is_ahead(event: Event, by: AbstractBaseUser, now: datetime) -> bool:
    return event.state == EventState.PUBLISHED and not event.is_past(now)


def _is_over(event: Event, by: AbstractBaseUser, now: datetime) -> bool:
    return event.state == EventState.PUBLISHED and event.is_past(now)


STEPS = (
    Step(
        "veroeffentlichen",
        _("Veröffentlichen"),
        _("Danach sehen alle diese Veranstaltung, und die Anmeldung öffnet zu ihrer Zeit."),
        _("Die Veranstaltung ist veröffentlicht."),
        _is_draft,
        lambda event, form, by, now: publishing.publish(event, now=now),
        PublishForm,
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
        lambda event, form, by, now: publishing.move(event, now=now, **form.changes()),
        RescheduleForm,
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
        lambda event, form, by, now: publishing.cancel(event, form.cleaned_data["reason"], now=now),
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
        lambda event, form, by, now: publishing.complete(
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
        lambda event, by, now: True,
        lambda event, form, by, now: publishing.duplicate(
            event,
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
        ),
        RepeatForm,
        makes_new=True,
    ),
)
