"""All answers of a draft, checked once more: to be read by the person, and to be stored."""

from dataclasses import dataclass, field
from typing import Any

from consulting.models import BuildingBlock, Slot, Stage
from consulting.views.draft import Typed
from ground.land import Land
from projects.models import Theme
from projects.municipality_picker import distinguished


@dataclass
class Answers:
    # The first step that is not right (any more), or "".
    wrong: str = ""
    # By step: label and answer.
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    # What `ConsultationRequest` takes.
    fields: dict[str, Any] = field(default_factory=dict)
    slot: Slot | None = None
    themes: list[Theme] = field(default_factory=list)
    access_needs: str = ""


def answers_of(typed: Typed) -> Answers:
    answers = Answers()
    for slug in typed.steps():
        if slug == "pruefen":
            continue
        form = typed.form(slug)
        if not form.is_valid():
            answers.wrong = slug
            return answers
        _TAKE[slug](answers, form.cleaned_data)
        shown = answers.rows.get(slug, [])
        answers.rows[slug] = [(label, str(value)) for label, value in shown if value]
    return answers


def _municipality(answers: Answers, cleaned: dict[str, Any]) -> None:
    chosen = cleaned["chosen"]
    if chosen is not None:
        answers.fields |= {"municipality": chosen, "land": chosen.land}
        text = f"{chosen.name} ({distinguished(chosen)})"
    else:
        answers.fields |= {"municipality_name": cleaned["name"], "land": cleaned["land"]}
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
