"""The draft behind the steps: what was typed, kept on the server and found by the session."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from consulting import actions
from consulting.forms import ContactForm, MunicipalityForm, TimeForm, WishForm
from consulting.links import DRAFT_LASTS
from consulting.models import BuildingBlock, Draft
from events.models import Event
from projects.models import Project, Solution, Theme

SESSION_KEY = "start_smart_draft"
MOST_CHARACTERS = 20_000

STEPS = {
    "kommune": "Kommune",
    "anliegen": "Anliegen",
    "termin": "Termin",
    "kontakt": "Kontakt",
    "pruefen": "Prüfen und absenden",
}
# What a page may name for the question to be about: word in the address and model.
SUBJECTS = {"loesung": Solution, "projekt": Project}
# The event at which somebody wants to be advised; empty for all times.
EVENT = "veranstaltung"


class Typed:
    """What one person has typed so far, and the forms made of it.

    Reading never writes; `keep` stores a step whether it is right or not, so nothing gets lost.
    """

    def __init__(self, request: HttpRequest, *, now: datetime) -> None:
        self.session, self.now = request.session, now
        self.query, self.page = request.GET, request.GET.get("seite", "1")
        self.draft = self._find()
        self.data: dict[str, Any] = self.draft.data if self.draft else {}

    def _find(self) -> Draft | None:
        key = self.session.get(SESSION_KEY)
        if key is None:
            return None
        return Draft.objects.filter(pk=key, changed_at__gt=self.now - DRAFT_LASTS).first()

    def steps(self) -> dict[str, str]:
        """Those that this request needs: only a consultation has a date."""
        blocks = self.data.get("anliegen", {}).get("building_blocks")
        if blocks is None or BuildingBlock.INITIAL in blocks:
            return STEPS
        return {slug: label for slug, label in STEPS.items() if slug != "termin"}

    def first_open(self) -> str:
        done = self.data.get("fertig", ())
        return next(slug for slug in self.steps() if slug not in done)

    def may_open(self, slug: str) -> bool:
        order = list(self.steps())
        return slug in order and order.index(slug) <= order.index(self.first_open())

    def neighbour(self, slug: str, distance: int) -> str:
        order = list(self.steps())
        return order[max(0, order.index(slug) + distance)] if slug in order else self.first_open()

    def form(self, slug: str, data: dict[str, Any] | None = None) -> forms.Form:
        """The form of a step with what was typed, checked again now."""
        typed = data if data is not None else self.data.get(slug)
        match slug:
            case "kommune":
                return MunicipalityForm(typed)
            case "anliegen":
                return WishForm(typed, **self._subjects())
            case "termin":
                return TimeForm(
                    typed,
                    themes=self._themes(),
                    event=self._event(),
                    now=self.now,
                    page=self.page,
                )
        return ContactForm(typed)

    def keep(self, slug: str, posted: QueryDict) -> dict[str, Any]:
        """Store what was typed in a step, and return it as the form will read it."""
        typed = _plain(posted)
        words = [word for word in (*SUBJECTS, EVENT) if word in self.query]
        named = _plain_values({word: str(self.query[word])[:200] for word in words})

        def with_step(data: dict[str, Any]) -> dict[str, Any]:
            return data | {
                slug: typed,
                "fertig": [name for name in data.get("fertig", ()) if name != slug],
                "bezug": data.get("bezug", {}) | named,
            }

        self._store(with_step)
        return typed

    def finish(self, slug: str) -> None:
        def with_mark(data: dict[str, Any]) -> dict[str, Any]:
            others = [name for name in data.get("fertig", ()) if name != slug]
            return data | {"fertig": [*others, slug]}

        self._store(with_mark)

    def forget(self) -> None:
        self.session.pop(SESSION_KEY, None)

    def _store(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        key = self.draft.pk if self.draft else uuid.uuid4()
        self.draft = actions.change_draft(key, change, read=self.data, now=self.now)
        self.data = self.draft.data
        if self.session.get(SESSION_KEY) != str(key):
            self.session[SESSION_KEY] = str(key)

    def _subjects(self) -> dict[str, Any]:
        named = {**self.data.get("bezug", {}), **self.query.dict()}
        found = {}
        for word, name in (("loesung", "solution"), ("projekt", "project")):
            slug = str(named.get(word, "")).replace("\0", "")
            if slug:
                found[name] = SUBJECTS[word].objects.public().filter(slug=slug).first()
        return found

    def _event(self) -> Event | None:
        """The event at which the person wants to be advised, while that still is to come."""
        slug = {**self.data.get("bezug", {}), **self.query.dict()}.get(EVENT, "")
        slug = str(slug).replace("\0", "")
        if not slug:
            return None
        return Event.objects.published().filter(slug=slug, ends_at__gt=self.now).first()

    def _themes(self) -> list[Theme]:
        chosen = self.data.get("anliegen", {}).get("themes", ())
        pks = [pk for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) < 10]
        return list(Theme.objects.filter(pk__in=pks)) if pks else []


def _plain(posted: QueryDict) -> dict[str, Any]:
    """Text as it can be stored; the lists of checkboxes stay lists."""
    several = ("building_blocks", "themes", "about")
    typed: dict[str, Any] = {
        name: posted.get(name, "") for name in posted if name in _FIELDS and name not in several
    }
    typed = _plain_values(typed)
    for name in several:
        if name in _FIELDS and name in posted:
            typed[name] = [text.replace("\0", "")[:200] for text in posted.getlist(name)[:100]]
    return typed


def _plain_values(values: dict[str, str]) -> dict[str, str]:
    # PostgreSQL stores no NUL, and nobody typed one.
    return {name: text.replace("\0", "")[:MOST_CHARACTERS] for name, text in values.items()}


_FIELDS = {
    "about",
    *(
        name
        for form in (MunicipalityForm, WishForm, TimeForm, ContactForm)
        for name in form.base_fields
    ),
}
