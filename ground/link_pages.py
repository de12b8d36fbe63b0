"""The pages behind the links in e-mails: one that acts, and one for a link that does nothing (more).

GET and HEAD only show; only POST acts. So a mail scanner may follow every link. After acting the
person is led on; the link just used explains itself from then on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ground.private import private
from ground.refusals import NotPossible, Overtaken
from ground.signed_links import STATUS, Opened, OpensToken, Outcome

# Does what a link is for, given what was typed; returns the row afterwards and a sentence about it.
# `NotPossible` and `forms.ValidationError` become errors of the form.
Act = Callable[[Any, Any, datetime], tuple[Any, str]]
FormOf = Callable[[Any, Any, datetime], forms.Form]
View = Callable[..., HttpResponse]
# Shows the row of a link that is valid now.
Show = Callable[[HttpRequest, Any, datetime], HttpResponse]


def dead(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Why a link does nothing (any more), and where to go on."""
    status = STATUS[opened.outcome]
    return render(request, "ground/link_dead.html", {"opened": opened}, status=status)


def nothing_to_fill_in(data: Any, _row: Any, _now: datetime) -> forms.Form:
    return forms.Form(data)


@dataclass(frozen=True, slots=True)
class LinkPages:
    """What the pages behind the links of one app have in common."""

    open_token: OpensToken
    # With a place for the purpose: "events/registration/link_{}.html".
    template: str
    context: Callable[[Any], dict[str, Any]]
    # Where a page leads after acting: what `redirect` takes.
    after: Callable[[Any, datetime], Any]
    # What is said of a link that still was right and yet came too late.
    came_to_nothing: Outcome = Outcome.EXPIRED

    def page(self, purpose: Any, form_of: FormOf = nothing_to_fill_in) -> Callable[[Act], View]:
        """Make of what the links of one purpose do the view behind them."""

        def as_view(act: Act) -> View:
            @require_http_methods(["GET", "HEAD", "POST"])
            @private
            @wraps(act)
            def view(request: HttpRequest, token: str) -> HttpResponse:
                return self.answer(request, token, purpose, act, form_of)

            return view

        return as_view

    def look(self, purpose: Any) -> Callable[[Show], View]:
        """Make of what shows a row the view behind links that change nothing."""

        def as_view(show: Show) -> View:
            @require_safe
            @private
            @wraps(show)
            def view(request: HttpRequest, token: str) -> HttpResponse:
                now = timezone.now()
                opened = self.open_token(token, purpose, now=now)
                return show(request, opened.row, now) if opened.is_valid else dead(request, opened)

            return view

        return as_view

    def answer(
        self,
        request: HttpRequest,
        token: str,
        purpose: Any,
        act: Act,
        form_of: FormOf = nothing_to_fill_in,
    ) -> HttpResponse:
        """What `page` does, for a view that has to look at the request first."""
        now = timezone.now()
        opened = self.open_token(token, purpose, now=now)
        if not opened.is_valid:
            return dead(request, opened)
        posted = request.POST if request.method == "POST" else None
        form = form_of(posted, opened.row, now)
        if posted is not None and form.is_valid():
            try:
                row, sentence = act(opened.row, form, now)
            except (NotPossible, forms.ValidationError) as refusal:
                form = _refused(form_of(posted, opened.row, now), refusal)
            except Overtaken:
                return self.overtaken(request, token, purpose, now)
            else:
                messages.success(request, sentence)
                return redirect(self.after(row, now))
        context = {**self.context(opened.row), "form": form}
        return render(request, self.template.format(purpose.name.lower()), context)

    def overtaken(
        self, request: HttpRequest, token: str, purpose: Any, now: datetime
    ) -> HttpResponse:
        """Nothing was done: say what the link is worth by now."""
        opened = self.open_token(token, purpose, now=now)
        if opened.is_valid:
            opened = type(opened)(purpose, self.came_to_nothing, opened.row)
        return dead(request, opened)


def ends_mails(view: View) -> View:
    """A page on which people end e-mails, and their mail programs for them (RFC 8058).

    These POST without a cookie when a person clicks their button. The token in the address is what no
    one else has, and all it can do is to end e-mails.
    """
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(private(view)))


def is_mail_program(request: HttpRequest) -> bool:
    """Whether no person waits: no one reads a page or keeps a session; answer with `done`."""
    return request.method == "POST" and "List-Unsubscribe" in request.POST


def done() -> HttpResponse:
    return HttpResponse(status=204)


def _refused(form: forms.Form, refusal: Exception) -> forms.Form:
    # Made anew, the form may know by itself what is in the way: a time that is none of its choices.
    if form.is_valid():
        is_error = isinstance(refusal, forms.ValidationError)
        form.add_error(None, refusal if is_error else str(refusal))
    return form
