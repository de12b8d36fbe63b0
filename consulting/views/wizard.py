"""The request in parts. Everything typed is kept in a draft on the server, checked or not."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import is_own_address
from accounts.public_form import refusals_in
from consulting import actions, links
from consulting.actions import SlotTaken
from consulting.forms import LaterForm, MunicipalityForm, SendForm
from consulting.models import ConsultationRequest, State
from consulting.views.draft import SESSION_KEY, Answers, Typed
from ground.client_address import client_address
from ground.clock import deadline
from ground.link_pages import dead
from ground.private import private
from ground.refusals import Overtaken
from ground.signed_links import Outcome
from projects.funding import FundingKind

SENT_KEY = "start_smart_sent"


@require_safe
@private
def begin(request: HttpRequest) -> HttpResponse:
    """To the first part that is not done. What the request is about stays in the address."""
    typed = Typed(request, now=timezone.now())
    response = redirect(_address(typed.first_open()))
    if request.GET:
        response["Location"] += f"?{request.GET.urlencode()}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@private
def part(request: HttpRequest, slug: str) -> HttpResponse:
    typed = Typed(request, now=timezone.now())
    if request.method == "POST":
        return _take(request, typed, slug)
    if not typed.may_open(slug):
        return redirect(_address(typed.first_open()))
    return _show(request, typed, slug, typed.form_shown(slug))


def _take(request: HttpRequest, typed: Typed, slug: str) -> HttpResponse:
    had_draft = typed.draft is not None
    values = typed.keep(slug, request.POST)
    if not had_draft and slug != "kommune":
        messages.warning(
            request,
            _(
                "Ihre Sitzung ist abgelaufen. Was Sie zuletzt eingegeben haben, ist noch da; die "
                "anderen Schritte bitten wir Sie noch einmal auszufüllen. Haben Sie sich einen Link "
                "schicken lassen, finden Sie darüber alle Ihre Eingaben."
            ),
        )
        return redirect("consulting:request")
    if "seite" in request.POST:
        page = urlencode({"seite": request.POST["seite"][:6]})
        return redirect(f"{_address(slug)}?{page}#termine")
    if "spaeter" in request.POST:
        return redirect("consulting:later")
    if "zurueck" in request.POST:
        return redirect(_address(typed.neighbour(slug, -1)))
    form = typed.form(slug, values)
    if not form.is_valid():
        return _show(request, typed, slug, form)
    typed.finish(slug)
    if isinstance(form, MunicipalityForm):
        _hint(request, form)
    if typed.first_open() == "pruefen":
        return redirect("consulting:review")
    return redirect(_address(typed.neighbour(slug, 1)))


def _address(slug: str) -> str:
    if slug == "pruefen":
        return reverse("consulting:review")
    return reverse("consulting:part", args=[slug])


def _hint(request: HttpRequest, form: MunicipalityForm) -> None:
    municipality = form.cleaned_data["chosen"]
    if municipality is None:
        return
    if form.funding and form.funding.kind is FundingKind.AREA:
        names = ", ".join(project.name for project in form.funding.projects)
        messages.info(
            request,
            _(
                "%(name)s liegt im Gebiet eines Modellprojekts (%(projects)s). Sie können die "
                "Beratung trotzdem anfragen; vielleicht hilft Ihnen auch das Modellprojekt weiter."
            )
            % {"name": municipality.name, "projects": names},
        )
    if ConsultationRequest.objects.running().filter(municipality=municipality).exists():
        messages.info(
            request,
            _(
                "Für Ihre Kommune läuft schon eine Anfrage. Vielleicht stimmen Sie sich in Ihrem "
                "Haus ab; Sie können aber auch eine eigene stellen."
            ),
        )


def _show(request: HttpRequest, typed: Typed, slug: str, form) -> HttpResponse:
    context = {"form": form, "slug": slug, "about": typed.about(), **_progress(typed, slug)}
    return render(request, f"consulting/part_{slug}.html", context)


def _progress(typed: Typed, slug: str) -> dict[str, object]:
    parts = typed.parts()
    order = list(parts)
    here = order.index(slug) if slug in order else 0
    return {
        "label": parts.get(slug, ""),
        "number": here + 1,
        "parts": [
            {"label": parts[name], "is_here": place == here, "is_done": place < here}
            for place, name in enumerate(order)
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@private
def review(request: HttpRequest) -> HttpResponse:
    """Everything once more, with links to change it; POST sends it."""
    now = timezone.now()
    typed = Typed(request, now=now)
    if request.method == "POST" and request.session.get(SENT_KEY, {}).get(
        "token"
    ) == request.POST.get("form_token"):
        return redirect("consulting:sent")
    if typed.draft is None or typed.first_open() != "pruefen":
        if request.method == "POST":
            messages.warning(
                request,
                _(
                    "Es fehlen noch Angaben, oder Ihre Sitzung ist abgelaufen. Abgesendet ist nichts."
                ),
            )
        return redirect("consulting:request")
    answers = typed.answers(is_sent=request.method == "POST")
    if answers.wrong:
        return redirect("consulting:part", slug=answers.wrong)
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, now=now, since=typed.draft.created_at)
    if form.is_valid():
        with refusals_in(form):
            try:
                return _send(request, typed, answers)
            except SlotTaken:
                # That part finds the time gone by itself, and shows the next ones.
                return redirect("consulting:part", slug="termin")
    context = {
        "answers": answers.rows,
        "form": form,
        "token": typed.draft.pk,
        **_progress(typed, "pruefen"),
    }
    return render(request, "consulting/review.html", context)


def _send(request: HttpRequest, typed: Typed, answers: Answers) -> HttpResponse:
    stored = actions.submit(
        ConsultationRequest(form_token=typed.draft.pk, **answers.fields),
        slot=answers.slot,
        themes=answers.themes,
        access_needs=answers.access_needs,
        ip=client_address(request),
        now=typed.now,
        is_proved=is_own_address(request, answers.fields["email"]),
    )
    typed.forget()
    # What is known to who sends it, nothing of what becomes of it: the mailbox may be another's.
    request.session[SENT_KEY] = {"token": str(stored.form_token), **_said(stored)}
    return redirect("consulting:sent")


def _said(stored: ConsultationRequest) -> dict[str, str]:
    said = {"reference": stored.reference, "email": stored.email}
    if stored.due_on:
        said["due_on"] = date_format(stored.due_on, "j. F Y")
    if stored.state == State.HELD and (appointment := stored.current_appointment()):
        said |= {
            "appointment": appointment.in_full,
            "until": deadline(appointment.expires_at),
        }
    return said


@require_safe
@private
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next. Only in the session that has sent it."""
    said = request.session.get(SENT_KEY, {})
    if "reference" not in said:
        return redirect("consulting:offer")
    return render(request, "consulting/sent.html", {"said": said})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def later(request: HttpRequest) -> HttpResponse:
    """Send the link with which the person goes on later."""
    now = timezone.now()
    typed = Typed(request, now=now)
    if typed.draft is None:
        return redirect("consulting:request")
    known = typed.draft.email or typed.data.get("kontakt", {}).get("email", "")
    form = LaterForm(request.POST or None, initial={"email": known})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, field="email"):
            ip = client_address(request)
            actions.send_draft_link(typed.draft, email=form.cleaned_data["email"], ip=ip, now=now)
            messages.success(request, _("Der Link zu Ihren Eingaben ist per E-Mail unterwegs."))
            return redirect("consulting:offer")
    context = {"form": form, "days": links.DRAFT_LASTS.days, "back": _address(typed.first_open())}
    return render(request, "consulting/later.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """From the e-mail back to what was typed; POST takes it into this browser."""
    opened = links.open_draft(token, now=timezone.now())
    draft = opened.row
    if opened.outcome is Outcome.USED and request.session.get(SESSION_KEY) == str(draft.pk):
        return redirect("consulting:request")
    if not opened.is_valid:
        return dead(request, opened)
    if request.method == "POST":
        try:
            taken = actions.take_draft(draft)
        except Overtaken:
            return dead(request, links.open_draft(token, now=timezone.now()))
        request.session[SESSION_KEY] = str(taken.pk)
        return redirect("consulting:request")
    return render(request, "consulting/resume.html", {"draft": draft})
