"""Hosts write: to those who are registered, and invitations to a list of addresses.

First the text and to whom, then how it will look and how many get it, then it is sent, once.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import messages as notices
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.hosting import hosted_by
from events.mail import from_hosts, invitations
from events.models import Event, EventMessage, Invitation, InvitationState, To
from ground.refusals import NotPossible
from mailing.greeting import GREETED
from office.pages import office_page
from office.widgets import Checkboxes

SHOWN_ERRORS = 10


class MessageForm(forms.ModelForm):
    token = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.MultipleChoiceField(
        label=_("An wen"),
        choices=[(to.value, to.label) for to in (To.SEATED, To.WAITING)],
        widget=Checkboxes(_("An wen")),
        initial=[To.SEATED],
        error_messages={"required": _("Bitte wählen Sie, wer die Nachricht bekommt.")},
    )

    class Meta:
        model = EventMessage
        fields = ("to", "subject", "text")
        help_texts = {"text": GREETED}


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ("subject", "text", "addresses")
        widgets = {"addresses": forms.Textarea(attrs={"rows": 10, "autocomplete": "off"})}
        help_texts = {
            "text": GREETED,
            "addresses": _(
                "Eine je Zeile oder durch Kommas oder Semikolons getrennt, mit oder ohne Namen, zum "
                "Beispiel aus Outlook oder Thunderbird kopiert. Oder eine Tabelle mit der Spalte "
                "„E-Mail“ und den Namen der Spalten in der ersten Zeile."
            ),
        }

    def clean_addresses(self) -> str:
        found = invitations.parse(self.cleaned_data["addresses"])
        if found.errors:
            shown = found.errors[:SHOWN_ERRORS]
            more = len(found.errors) - len(shown)
            if more:
                shown.append(_t("Und %d weitere Zeilen.") % more)
            raise ValidationError(shown)
        if not found.valid:
            raise ValidationError(_t("Bitte geben Sie die Adressen ein, die Sie einladen möchten."))
        return "\n".join(found.valid)


def message(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Write to the people of an event. „Vorschau“ stores nothing, „Senden“ sends."""
    event = _event(request, pk)
    form = MessageForm(request.POST or None, initial={"token": uuid.uuid4()})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid() and "aendern" not in request.POST:
        typed = form.cleaned_data
        if "senden" in request.POST:
            answer = _send_message(request, event, typed)
            if answer is not None:
                return answer
        words = {name: typed[name] for name in ("to", "subject", "text")}
        context |= {
            "preview": typed,
            "reach": from_hosts.preview(event, typed["to"]),
            "mail": from_hosts.as_received(event, **words),
        }
    context["sent"] = event.messages.select_related("written_by")
    context["labels"] = dict(To.choices)
    title = _t("An Teilnehmende schreiben")
    return _page(request, model_admin, "admin/events/message.html", title, event, context)


def _send_message(request: HttpRequest, event: Event, typed: dict[str, Any]) -> HttpResponse | None:
    try:
        sent = from_hosts.send(event, **typed, by=request.user, now=timezone.now())
    except NotPossible as reason:
        notices.warning(request, str(reason))
        return None
    _say_how_many(request, sent.recipients)
    return redirect("admin:events_event_message", event.pk)


def invitation(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Write an invitation and say to whom; what was typed is kept as a draft."""
    event = _event(request, pk)
    draft = _draft(request, event)
    form = InvitationForm(request.POST or None, instance=draft)
    if request.method == "POST" and form.is_valid():
        form.instance.event = event
        form.instance.written_by = request.user
        form.save()
        return redirect("admin:events_event_invite", event.pk, form.instance.pk)
    context = {
        "form": form,
        "sent": event.invitations.filter(state=InvitationState.SENT).select_related("written_by"),
    }
    title = _t("Einladen")
    return _page(request, model_admin, "admin/events/invitation.html", title, event, context)


def invite(
    request: HttpRequest, pk: int, invitation_pk: int, model_admin: ModelAdmin
) -> HttpResponse:
    """How the invitation looks and how many get it; POST sends it, once."""
    event = _event(request, pk)
    found = event.invitations.filter(pk=invitation_pk).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            sent = invitations.send(found, by=request.user, now=timezone.now())
        except NotPossible as reason:
            notices.warning(request, str(reason))
        else:
            _say_how_many(request, sent.recipients)
        return redirect("admin:events_event_invitation", event.pk)
    if found.state != InvitationState.DRAFT:
        return redirect("admin:events_event_invitation", event.pk)
    context = {
        "invitation": found,
        "reach": invitations.preview(found),
        "mail": invitations.as_received(found),
    }
    title = _t("Einladung senden")
    return _page(request, model_admin, "admin/events/invite.html", title, event, context)


def _draft(request: HttpRequest, event: Event) -> Invitation:
    """The own draft that was begun for this event, or a new one: no colleague's is written over."""
    drafts = event.invitations.filter(state=InvitationState.DRAFT, written_by=request.user)
    return drafts.first() or Invitation(event=event)


def _say_how_many(request: HttpRequest, number: int | None) -> None:
    text = ngettext("%d E-Mail geht hinaus.", "%d E-Mails gehen hinaus.", number or 0)
    notices.success(request, text % (number or 0))


def _event(request: HttpRequest, pk: int) -> Event:
    event = hosted_by(request.user).filter(pk=pk).first()
    if event is None:
        raise Http404
    return event


def _page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    template: str,
    title: str,
    event: Event,
    context: dict[str, Any],
) -> HttpResponse:
    return office_page(model_admin, request, template, title, {"event": event} | context)
