"""At the door: who is expected, who is there. Plain pages for a phone; a script makes the list quicker.

They stand below the administration's address and behind its sign-in. Every change is a POST that may
be repeated: reloading a page or reading a code twice marks no one twice.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import attendance, certificate, links
from events.attendance import OPENS_BEFORE, Tap
from events.hosting import hosted_by
from events.links import Purpose
from events.models import (
    LIVE,
    Event,
    EventAnswer,
    EventState,
    Mode,
    QuestionKind,
    Registration,
    RegistrationState,
)
from ground.downloads import download
from ground.private import private

# More than stand before one door while the network is gone.
MOST_TAPS = 1000
LONGEST_NUMBER = 12


@require_safe
@private
def expected(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with a seat; `?q=` narrows the list to a name, an organisation or a number."""
    event = _event(request, pk)
    word = request.GET.get("q", "").replace("\0", "").strip()[:100]
    people = _expected(event)
    counts = people.aggregate(
        all=Count("pk"), there=Count("pk", filter=Q(attended_at__isnull=False))
    )
    if word:
        people = people.filter(
            Q(name__icontains=word)
            | Q(organisation__icontains=word)
            | Q(municipality__name__icontains=word)
            | Q(reference__icontains=word)
        )
    people = list(people)
    for one in people:
        one.entry_code = attendance.code_of(one)
    context = {"event": event, "people": people, "counts": counts, "word": word}
    context["can_mark"] = attendance.can_mark(event, now=timezone.now())
    return render(request, "events/attendance/expected.html", context)


@require_POST
@private
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What is tapped in the list. A button sends one tap; the script sends all that have gathered.

    The script says how long ago each was made, as the clock of a telephone may be wrong, and gets back
    who is there by now, whoever has noted it.
    """
    event = _event(request, pk)
    now = timezone.now()
    taps = _taps(request, now)
    _log_taps(request, attendance.record(event, taps, now=now))
    if request.accepts("text/html"):
        return _back_to_list(request, event, taps)
    there = _expected(event).filter(attended_at__isnull=False)
    return JsonResponse(
        {
            "there": {str(one.pk): attendance.since(one) for one in there.select_related("event")},
            "expected": list(_expected(event).values_list("pk", flat=True)),
            "open": attendance.can_mark(event, now=now),
        }
    )


@require_safe
@private
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The list to print and sign: names, whom they represent, a box. No needs, no addresses.

    `?punkt=` is one item of the programme: those who have chosen it, however they take part.
    """
    event = _event(request, pk)
    items = list(event.agenda.filter(needs_choice=True))
    item = next((one for one in items if str(one.pk) == request.GET.get("punkt")), None)
    people = _expected(event)
    people = people.filter(choices__item=item) if item else people.filter(mode=Mode.ON_SITE)
    context = {"event": event, "people": people, "items": items, "item": item}
    return render(request, "events/attendance/paper.html", context)


@require_safe
@private
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """What was answered to the hosts' own questions, to read or to print."""
    event = _event(request, pk)
    given = (
        EventAnswer.objects.filter(
            question__event=event, registration__state__in=LIVE, registration__anonymised_at=None
        )
        .select_related("registration")
        .order_by("registration__name", "pk")
    )
    questions = event.questions.prefetch_related(Prefetch("answers", given, to_attr="given"))
    asked = [(one, Counter(answer.text for answer in one.given)) for one in questions]
    people = event.registrations.filter(state__in=LIVE, anonymised_at=None)
    named = dict(people.order_by("name", "pk").values_list("pk", "name"))
    context = {
        "event": event,
        "questions": [
            (
                one,
                counted.most_common() if one.kind == QuestionKind.CHOICE else [],
                _silent(named, {answer.registration_id for answer in one.given}),
            )
            for one, counted in asked
        ],
    }
    return render(request, "events/attendance/answers.html", context)


def _silent(named: dict[int, str], answered: set[int]) -> list[str]:
    return [name for key, name in named.items() if key not in answered]


@require_http_methods(["GET", "HEAD", "POST"])
@private
def person(request: HttpRequest, code: str) -> HttpResponse:
    """What a QR code opens: who this is and whether they are expected. POST marks them as there."""
    registration = _person(request, code)
    now = timezone.now()
    if request.method == "POST":
        return _act(request, registration, code)
    context = {
        "registration": registration,
        "event": registration.event,
        "code": code,
        "is_expected": registration.state == RegistrationState.SEAT,
        "is_cancelled": registration.event.state == EventState.CANCELLED,
        "can_mark": attendance.can_mark(registration.event, now=now),
        "since": attendance.since(registration) if registration.attended_at else "",
    }
    return render(request, "events/attendance/person.html", context)


@require_safe
@private
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate of a person who came, for the hosts to hand out."""
    return certificate_file(_person(request, code))


@require_safe
@private
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code that a person shows at the door: on the phone, or printed."""
    registration = _own(token)
    if registration.state != RegistrationState.SEAT or registration.confirmed_at is None:
        raise Http404
    context = {
        "registration": registration,
        "event": registration.event,
        "picture": attendance.picture(registration),
        "token": token,
    }
    return render(request, "events/attendance/ticket.html", context)


@require_safe
@private
def own_proof(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate of attendance, for the person themselves."""
    return certificate_file(_own(token))


def _own(token: str) -> Registration:
    opened = links.open_token(token, Purpose.SEE, now=timezone.now())
    if not opened.is_valid:
        raise Http404
    return opened.row


def certificate_file(registration: Registration) -> HttpResponse:
    """The PDF as a download; 404 for those to whom nothing can be certified."""
    try:
        content = certificate.certificate(registration, now=timezone.now())
    except certificate.NotEntitled as error:
        raise Http404 from error
    name = certificate.file_name(registration)
    return download(content, name=name, content_type="application/pdf")


def _act(request: HttpRequest, registration: Registration, code: str) -> HttpResponse:
    now = timezone.now()
    if "doch-nicht" in request.POST:
        if attendance.unmark(registration, now=now):
            _log(request, registration, _("Anwesenheit zurückgenommen"))
            messages.success(
                request, _("Zurückgenommen: %s gilt nicht als anwesend.") % registration.name
            )
    elif attendance.mark(registration, now=now):
        _log(request, registration, _("Anwesenheit vermerkt"))
        messages.success(request, _("%s ist da.") % registration.name)
    else:
        registration.refresh_from_db()
        messages.warning(request, _not_marked(registration))
    return redirect(reverse("admin:events_registration_attendance", args=[code]))


def _not_marked(registration: Registration) -> str:
    if registration.attended_at is not None:
        return _("%(name)s ist schon da, seit %(since)s.") % {
            "name": registration.name,
            "since": attendance.since(registration),
        }
    if registration.state != RegistrationState.SEAT:
        return _("%s hat keinen Platz. Es wurde nichts vermerkt.") % registration.name
    return _("Anwesenheit lässt sich erst am Tag der Veranstaltung vermerken.")


def _log(request: HttpRequest, registration: Registration, sentence: str) -> None:
    """Who of the hosts marked whom; the row in the log names no one but them."""
    LogEntry.objects.log_actions(
        request.user.pk, [registration], CHANGE, change_message=sentence, single_object=True
    )


def _taps(request: HttpRequest, now: datetime) -> list[Tap]:
    """Those that can be read. „weg“ and „da“ are the buttons, „tap“ is „17:da:2500“ of the script."""
    found = [(key, kind, "0") for kind in ("da", "weg") for key in request.POST.getlist(kind)] + [
        tuple(tap.split(":")) for tap in request.POST.getlist("tap")[:MOST_TAPS]
    ]
    return [
        Tap(int(key), kind == "da", now - min(timedelta(milliseconds=int(ago)), OPENS_BEFORE))
        for key, kind, ago in (one for one in found if len(one) == 3)
        if _is_number(key) and _is_number(ago) and kind in ("da", "weg")
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _log_taps(request: HttpRequest, changed: list[Tap]) -> None:
    rows = Registration.objects.in_bulk([tap.registration for tap in changed])
    for tap in changed:
        note = _("Anwesenheit vermerkt") if tap.is_there else _("Anwesenheit zurückgenommen")
        _log(request, rows[tap.registration], note)


def _back_to_list(request: HttpRequest, event: Event, taps: list[Tap]) -> HttpResponse:
    address = reverse("admin:events_event_attendance", args=[event.pk])
    word = request.POST.get("q", "")[:100]
    if word:
        address += f"?{urlencode({'q': word})}"
    return redirect(f"{address}#person-{taps[0].registration}" if taps else address)


def _event(request: HttpRequest, pk: int) -> Event:
    return get_object_or_404(hosted_by(request.user), pk=pk)


def _person(request: HttpRequest, code: str) -> Registration:
    own: QuerySet[Any] = Registration.objects.filter(
        event__in=hosted_by(request.user), anonymised_at=None
    ).select_related("event", "municipality")
    registration = attendance.found(code, own)
    if registration is None:
        raise Http404
    return registration


def _expected(event: Event) -> QuerySet[Registration]:
    return (
        event.registrations.filter(state=RegistrationState.SEAT, anonymised_at=None)
        .select_related("municipality")
        .order_by("name", "pk")
    )
