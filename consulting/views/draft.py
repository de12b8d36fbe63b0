"""The draft behind the parts: what was typed, kept on the server and found by the session.

`Typed` makes the form of each part of it, and from all of them the one object that is sent.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from consulting import actions
from consulting.availability import free_slots, offered
from consulting.forms import ContactForm, MunicipalityForm, TimeForm, WishForm, municipality_of
from consulting.links import DRAFT_LASTS
from consulting.models import BuildingBlock, Draft, Slot, Stage
from events.models import Event
from ground.land import Land
from projects.models import Project, Solution, Theme
from projects.municipality_picker import distinguished

SESSION_KEY = "start_smart_draft"
MOST_CHARACTERS = 20_000

PARTS = {
    "kommune": "Kommune",
    "anliegen": "Anliegen",
    "termin": "Termin",
    "kontakt": "Kontakt",
    "pruefen": "Prüfen und absenden",
}
# What a page may name for the question to be about: word in the address and model.
SUBJECTS = {"loesung": Solution, "projekt": Project}
# The event at which a person wants to be advised; empty for all times.
EVENT = "veranstaltung"
# What was searched for and not found, to begin the question with.
QUESTION = "frage"
# The theme that is ticked to begin with.
THEME = "thema"
# The building block that is ticked to begin with; without it the first consultation.
BLOCK = "baustein"


@dataclass
class Answers:
    # The first part that is not right (any more), or "".
    wrong: str = ""
    # By part: label and answer.
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    # What `ConsultationRequest` takes.
    fields: dict[str, Any] = field(default_factory=dict)
    slot: Slot | None = None
    themes: list[Theme] = field(default_factory=list)
    access_needs: str = ""


class Typed:
    """What one person has typed so far, and the forms made of it.

    Reading never writes; `keep` stores a part whether it is right or not, so nothing gets lost.
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

    def parts(self) -> dict[str, str]:
        """Those that this request needs: only a consultation has a date."""
        blocks = self.data.get("anliegen", {}).get("building_blocks")
        if blocks is None or BuildingBlock.INITIAL in blocks:
            return PARTS
        return {slug: label for slug, label in PARTS.items() if slug != "termin"}

    def first_open(self) -> str:
        done = self.data.get("fertig", ())
        return next(slug for slug in self.parts() if slug not in done)

    def may_open(self, slug: str) -> bool:
        order = list(self.parts())
        return slug in order and order.index(slug) <= order.index(self.first_open())

    def neighbour(self, slug: str, distance: int) -> str:
        order = list(self.parts())
        return order[max(0, order.index(slug) + distance)] if slug in order else self.first_open()

    def form(self, slug: str, data: dict[str, Any] | None = None) -> forms.Form:
        """The form of a part with what was typed, checked again now."""
        typed = data if data is not None else self.data.get(slug)
        match slug:
            case "kommune":
                return MunicipalityForm(typed)
            case "anliegen":
                return WishForm(
                    typed,
                    theme=self._theme(),
                    **self._subjects(),
                    question=self._question(),
                    block=self._block(),
                )
            case "termin":
                return self._time_form(typed)
        return ContactForm(typed)

    def form_shown(self, slug: str) -> forms.Form:
        """The form of a part to which a person comes (back).

        What they left unfinished is nothing to reproach them with; what was right and is not any more
        they have to learn.
        """
        form = self.form(slug)
        if slug not in self.data.get("fertig", ()):
            form.errors.clear()
        return form

    def about(self) -> list[tuple[str, str]]:
        """What the request is about by the page from which the person came: what it is and its name."""
        if "anliegen" in self.data:
            return []  # by now the person has said it themselves
        found = [(str(_("Baustein")), str(self._block().label))]
        found += [
            (str(row._meta.verbose_name), row.name) for row in self._subjects().values() if row
        ]
        if theme := self._theme():
            found.append((str(Theme._meta.verbose_name), theme.name))
        if event := self._event():
            found.append((str(Event._meta.verbose_name), event.title))
        return found

    def answers(self, *, is_sent: bool = False) -> Answers:
        """All answers, checked once more.

        Of what `is_sent` the time only has to be on offer: whether it is free, booking it tells.
        """
        answers = Answers()
        for slug in self.parts():
            if slug == "pruefen":
                continue
            form = self.form(slug)
            if slug == "termin" and is_sent:
                form = self._time_form(self.data.get(slug), is_sent=True)
            if not form.is_valid():
                answers.wrong = slug
                return answers
            _TAKE[slug](answers, form.cleaned_data)
            shown = answers.rows.get(slug, [])
            answers.rows[slug] = [(label, str(value)) for label, value in shown if value]
        return answers

    def keep(self, slug: str, posted: QueryDict) -> dict[str, Any]:
        """Store what was typed in a part, and return it as the form will read it."""
        typed = _plain(posted)
        words = [word for word in (*SUBJECTS, EVENT, QUESTION, THEME, BLOCK) if word in self.query]
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
        if self.session.get(SESSION_KEY) != str(self.draft.pk):
            self.session[SESSION_KEY] = str(self.draft.pk)

    def _time_form(self, typed: dict[str, Any] | None, *, is_sent: bool = False) -> TimeForm:
        themes, event = self._themes(), self._event()
        if is_sent:
            slots = offered((typed or {}).get("slot", ""), themes=themes, event=event)
        else:
            slots = free_slots(now=self.now, themes=themes, event=event)
        return TimeForm(typed, slots=slots, event=event, page=self.page)

    def _subjects(self) -> dict[str, Any]:
        named = {**self.data.get("bezug", {}), **self.query.dict()}
        found = {}
        for word, name in (("loesung", "solution"), ("projekt", "project")):
            slug = str(named.get(word, "")).replace("\0", "")
            if slug:
                found[name] = SUBJECTS[word].objects.public().filter(slug=slug).first()
        return found

    def _question(self) -> str:
        asked = {**self.data.get("bezug", {}), **self.query.dict()}.get(QUESTION, "")
        return str(asked).replace("\0", "")[:200]

    def _block(self) -> BuildingBlock:
        named = {**self.data.get("bezug", {}), **self.query.dict()}.get(BLOCK, "")
        return BuildingBlock(named) if named in BuildingBlock.values else BuildingBlock.INITIAL

    def _theme(self) -> Theme | None:
        slug = {**self.data.get("bezug", {}), **self.query.dict()}.get(THEME, "")
        slug = str(slug).replace("\0", "")
        return Theme.objects.filter(slug=slug).first() if slug else None

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
    # PostgreSQL stores no NUL, and no one typed one.
    return {name: text.replace("\0", "")[:MOST_CHARACTERS] for name, text in values.items()}


_FIELDS = {
    "about",
    *(
        name
        for form in (MunicipalityForm, WishForm, TimeForm, ContactForm)
        for name in form.base_fields
    ),
}


def _municipality(answers: Answers, cleaned: dict[str, Any]) -> None:
    answers.fields |= municipality_of(cleaned)
    chosen = cleaned["chosen"]
    if chosen is not None:
        text = f"{chosen.name} ({distinguished(chosen)})"
    else:
        text = f"{cleaned['name']} ({Land(cleaned['land']).label})"
    answers.rows["kommune"] = [("Kommune", text)]


def _wish(answers: Answers, cleaned: dict[str, Any]) -> None:
    names = ("building_blocks", "stage", "question", "solution", "project")
    answers.fields |= {name: cleaned[name] for name in names}
    answers.themes = list(cleaned["themes"])
    blocks = [str(BuildingBlock(block).label) for block in cleaned["building_blocks"]]
    about = [str(cleaned[name].name) for name in ("solution", "project") if cleaned[name]]
    answers.rows["anliegen"] = [
        ("Baustein", ", ".join(blocks)),
        ("Themen", ", ".join(theme.name for theme in answers.themes)),
        ("Wo Sie stehen", Stage(cleaned["stage"]).label),
        ("Ihr Anliegen", cleaned["question"]),
        ("Worum es auch geht", ", ".join(about)),
    ]


def _time(answers: Answers, cleaned: dict[str, Any]) -> None:
    answers.slot = cleaned["chosen"]
    wishes = cleaned["wishes"] if answers.slot is None else ""
    answers.fields["wishes"] = wishes
    when = answers.slot.in_full if answers.slot else "Kein angebotener Termin passt"
    answers.rows["termin"] = [("Termin", when), ("Terminwünsche", wishes)]


def _contact(answers: Answers, cleaned: dict[str, Any]) -> None:
    names = ("contact_name", "contact_role", "email", "phone")
    answers.fields |= {name: cleaned[name] for name in names}
    answers.access_needs = cleaned["access_needs"]
    answers.rows["kontakt"] = [
        ("Name", cleaned["contact_name"]),
        ("Funktion", cleaned["contact_role"]),
        ("E-Mail-Adresse", cleaned["email"]),
        ("Telefon", cleaned["phone"]),
        ("Was wir vorbereiten sollen", cleaned["access_needs"]),
    ]


_TAKE = {"kommune": _municipality, "anliegen": _wish, "termin": _time, "kontakt": _contact}
