"""What can be done with several rows at once: chosen in the list, shown on one page, then done.

The page says whom it concerns and whom not, and hands back which state of each row it has shown: what
has changed since then is left alone and told. Each row is a transaction of its own, by the action that
its own page uses, so nothing holds there that does not hold here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from ground.refusals import NotPossible, Overtaken
from office.confirmation import confirmed
from office.pages import office_page

# What one request can do in good time.
MOST = 200


class TogetherForm(forms.Form):
    """Asks for nothing but a yes; for all the rows one answer."""

    # Whether a field of the form shows the rows, each with its own answer.
    shows_rows = False

    def __init__(self, by: AbstractBaseUser, data: Any = None, rows: Sequence[Any] = ()) -> None:
        self.by, self.rows = by, rows
        super().__init__(data)


@dataclass(frozen=True, slots=True)
class Together:
    """`possible` decides from what the list has read along, without asking the database for each row."""

    slug: str
    title: str
    question: str
    # What is said afterwards; gets the number.
    done: Callable[[int], str]
    possible: Callable[[Any], bool]
    # Gets row, form, user and clock. May raise `Overtaken` or `NotPossible`.
    run: Callable[[Any, Any, AbstractBaseUser, datetime], object]
    form: type[TogetherForm] = TogetherForm


class WithTogether:
    """For an admin that offers `together`. The rows have a `version` that every change raises.

    They come from `get_queryset`, so a forged key of a row that is another's is no row at all.
    """

    together: tuple[Together, ...] = ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        own = {one.slug: (_acting(one), one.slug, one.title) for one in self.together}
        return own | super().get_actions(request)

    def describe(self, row: Any) -> str:
        """What the page says of a row."""
        return str(row)

    def carry_out_together(
        self, request: HttpRequest, rows: QuerySet[Any], what: Together
    ) -> HttpResponse | None:
        found = list(rows[: MOST + 1])
        if len(found) > MOST:
            text = _t("Bitte höchstens %d auf einmal auswählen.") % MOST
            self.message_user(request, text, messages.WARNING)
            return None
        concerned = [row for row in found if what.possible(row)]
        form = what.form(request.user, request.POST if confirmed(request) else None, concerned)
        if not concerned:
            text = _t(
                "Das ist bei keinem der ausgewählten Einträge möglich. Es wurde nichts geändert."
            )
            self.message_user(request, text, messages.WARNING)
            return None
        if form.is_valid():
            self._do(request, concerned, what, form)
            return None
        left_out = [row for row in found if row not in concerned]
        return self._ask_together(request, what, form, concerned, left_out)

    def _do(
        self, request: HttpRequest, rows: list[Any], what: Together, form: TogetherForm
    ) -> None:
        seen, now, done = _seen(request), timezone.now(), 0
        for row in rows:
            if row.pk not in seen:
                continue
            row.version = seen[row.pk]
            try:
                what.run(row, form, request.user, now)
            except Overtaken:
                text = _t("%s: inzwischen geändert, es wurde nichts getan.") % self.describe(row)
                self.message_user(request, text, messages.WARNING)
            except NotPossible as refusal:
                text = f"{self.describe(row)}: {refusal}"
                self.message_user(request, text, messages.WARNING)
            else:
                done += 1
                self.log_change(request, row, str(what.title))
        if done:
            self.message_user(request, what.done(done), messages.SUCCESS)

    def _ask_together(
        self,
        request: HttpRequest,
        what: Together,
        form: TogetherForm,
        rows: list[Any],
        left_out: list[Any],
    ) -> HttpResponse:
        number = len(rows)
        return office_page(
            self,
            request,
            "office/together.html",
            what.title,
            {
                "what": what,
                "form": form,
                "button": f"{what.title} ({number})",
                "heading": ngettext("Betrifft %d Eintrag", "Betrifft %d Einträge", number) % number,
                "rows": [(row, self.describe(row)) for row in rows],
                "left_out": [self.describe(row) for row in left_out],
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
                "back": request.get_full_path(),
            },
            media=form.media,
        )


def _acting(what: Together) -> Callable[..., HttpResponse | None]:
    def act(admin: WithTogether, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return admin.carry_out_together(request, rows, what)

    return act


def _seen(request: HttpRequest) -> dict[int, int]:
    """By key, the version of each row that the page has shown."""
    pairs = (one.split(":") for one in request.POST.getlist("seen"))
    return {
        int(pair[0]): int(pair[1])
        for pair in pairs
        if len(pair) == 2 and all(one.isascii() and one.isdigit() and len(one) < 18 for one in pair)
    }
