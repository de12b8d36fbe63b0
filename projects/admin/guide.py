"""The sheet of a solution as a guided form: groups in the order in which it is read, with examples.

A group has its fields and the rows that belong to them, so that „Kosten“ stand beside „Personal“ and
not below everything else.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Group(NamedTuple):
    key: str
    title: Any
    # What the group is for, in one sentence.
    says: Any
    fields: tuple[Any, ...] = ()
    # The related names of the rows in this group.
    rows: tuple[str, ...] = ()
    # What only the office fills in, or only while a row is new.
    is_of_office: bool = False


GROUPS = (
    Group(
        "name",
        _("Worum es geht"),
        _("So heißt die Lösung in Listen und Suche."),
        ("project", "name", "kind", "themes", "search_words"),
    ),
    Group(
        "problem",
        _("Das Problem"),
        _("Damit fängt die öffentliche Seite an. Schreiben Sie für Menschen, die Ihr Projekt nicht kennen."),
        ("problem",),
    ),
    Group(
        "loesung",
        _("Die Lösung"),
        _("Was es ist, in einfachen Worten."),
        ("description", "url"),
    ),
    Group(
        "funktion",
        _("Wie sie funktioniert und wie weit sie ist"),
        _("Wer sie übernehmen möchte, liest hier genau."),
        (
            "how_it_works",
            ("maturity", "maturity_as_of"),
            ("evidence", "evidence_text"),
            ("ended_on", "why_ended"),
        ),
        ("phases",),
    ),
    Group(
        "kosten",
        _("Kosten und Aufwand"),
        _("Auch ungefähre Beträge helfen. Was Sie selbst wissen, hat die Quelle „Angabe des Projekts“."),
        (("staff_text", "duration_text"),),
        ("costs",),
    ),
    Group(
        "nutzung",
        _("Wer sie nutzt"),
        _("Kommunen und Organisationen, die sie schon übernommen haben."),
        (),
        ("reuses",),
    ),
    Group(
        "erfahrungen",
        _("Was gut ging, was man vermeiden sollte"),
        _("Ein Satz je Erfahrung. Ehrliche Stolperfallen helfen anderen am meisten."),
        (),
        ("lessons",),
    ),
    Group(
        "technik",
        _("Technik, Lizenz und Beteiligte"),
        _("„Ja“ oder „nein“ nur, wenn Sie es wissen. Sonst bleibt es bei „nicht bekannt“."),
        ("open_source", "licence", "repository", "technologies", "partners"),
        ("blocks",),
    ),
    Group(
        "dokumente",
        _("Dokumente"),
        _("Ausschreibung, Vertrag, Konzept, Schulung: nur Links, keine Dateien."),
        (),
        ("documents",),
    ),
    Group(
        "quellen",
        _("Quellen und was zu prüfen ist"),
        _("Woher die Angaben dieser Seite stammen, und welche noch nicht sicher sind."),
        ("unsure", "note"),
        ("sources",),
    ),
    Group(
        "verwaltung",
        _("Adresse, Produkt und Reihenfolge"),
        _("Nur für die Redaktion."),
        ("slug", "product", "confirmed_on", "position"),
        is_of_office=True,
    ),
    Group(
        "adresse",
        _("Internetadresse"),
        _("Andere verlinken sie, deshalb wird sie nur einmal gewählt."),
        ("slug",),
        is_of_office=True,
    ),
)  # fmt: skip

EXAMPLES = {
    "name": _("Zum Beispiel: „Frühwarnsystem für Starkregen“."),
    "kind": _("Was am ehesten zutrifft; weitere Zusammenhänge sagen die Themen."),
    "problem": _(
        "Zum Beispiel: „Nach Starkregen erfuhr die Feuerwehr zu spät, welche Bäche steigen. Messwerte "
        "kamen nur einmal am Tag.“"
    ),
    "description": _(
        "Zum Beispiel: „Zwölf Pegelsensoren melden alle fünf Minuten den Wasserstand. Leitstelle und "
        "Bürgerschaft sehen ihn auf einer Karte.“"
    ),
    "url": _("Die Seite der Lösung selbst, nicht die des Projekts."),
    "how_it_works": _(
        "Zum Beispiel: „Die Sensoren funken über LoRaWAN an die Datenplattform. Ab einem Schwellenwert "
        "geht eine Nachricht an die Leitstelle.“"
    ),
    "maturity": _("„In Betrieb“ heißt: Menschen nutzen sie im Alltag, nicht nur im Test."),
    "evidence_text": _("Zum Beispiel: „40 Minuten Vorwarnzeit beim Hochwasser im Juni 2024“."),
    "why_ended": _("Zum Beispiel: „Der Anbieter hat den Dienst eingestellt.“"),
    "staff_text": _("Zum Beispiel: „eine halbe Stelle im Betrieb“."),
    "duration_text": _("Zum Beispiel: „acht Monate von der Vergabe bis zum Betrieb“."),
    "open_source": _("Quelloffen heißt: Der Quellcode ist veröffentlicht und darf genutzt werden."),
    "licence": _("Kurzname nach SPDX, zum Beispiel „EUPL-1.2“. Er steht in der Datei LICENSE."),
    "repository": _("Zum Beispiel: „https://gitlab.opencode.de/…“."),
    "partners": _("Organisationen, keine Personen; je Zeile eine. Zum Beispiel: „Stadtwerke Ulm“."),
    "note": _(
        "Was zu prüfen oder dazu zu wissen ist; steht öffentlich dabei. Zum Beispiel: „Die Kosten "
        "stammen aus dem Förderantrag.“"
    ),
}  # fmt: skip

# By the related name of the rows.
EXAMPLES_IN_ROWS: dict[str, dict[str, Any]] = {
    "costs": {
        "purpose": _("Zum Beispiel: „Zwölf Pegelsensoren mit Einbau“."),
        "source": _("Internetadresse, Titel mit Datum oder „Angabe des Projekts, Mai 2026“."),
    },
    "lessons": {
        "text": _("Zum Beispiel: „Die Feuerwehr war von Anfang an dabei und hat die Schwellen gesetzt.“"),
        "source": _("Internetadresse, Titel mit Datum oder „Angabe des Projekts, Mai 2026“."),
    },
    "reuses": {
        "name": _("Eine Kommune oder Organisation, keine Person. Zum Beispiel: „Landkreis Fulda“."),
        "how": _("Zum Beispiel: „mit eigenen Sensoren, dieselbe Software“."),
    },
    "documents": {
        "title": _("Zum Beispiel: „Leistungsbeschreibung Pegelsensorik“."),
        "url": _("Wo das Dokument liegt; das Portal verlinkt es nur."),
    },
}  # fmt: skip


def groups_for(*, is_office: bool, is_new: bool) -> list[Group]:
    """The address is for the office, and for others only while they add a solution."""
    wanted = {"verwaltung"} if is_office else {"adresse"} if is_new else set()
    return [one for one in GROUPS if not one.is_of_office or one.key in wanted]


def fieldsets(groups: Iterable[Group]) -> list[tuple[None, dict[str, Any]]]:
    """As Django wants them; their headings are those of the groups."""
    return [
        (None, {"fields": group.fields, "classes": (group.key,)})
        for group in groups
        if group.fields
    ]


class ShownGroup(NamedTuple):
    group: Group
    # None where the group has only rows.
    fieldset: Any
    formsets: list[Any]
    # What is still missing in it.
    missing: list[Any]

    @property
    def number_of_rows(self) -> int:
        return sum(len(one.formset.initial_forms) for one in self.formsets)


def shown_groups(
    groups: Iterable[Group], adminform: Any, formsets: Iterable[Any], missing: Iterable[Any]
) -> list[ShownGroup]:
    """What the page shows, group by group; without a group that a person sees nothing of."""
    by_rows = {one.formset.prefix: one for one in formsets}
    by_key = {one.classes: one for one in adminform}
    lacking = list(missing)
    shown = [
        ShownGroup(
            group,
            by_key.get(group.key),
            [by_rows[name] for name in group.rows if name in by_rows],
            [fact for fact in lacking if fact.place in _places(group)],
        )
        for group in groups
    ]
    return [one for one in shown if one.fieldset is not None or one.formsets]


def _places(group: Group) -> set[str]:
    names = [name for one in group.fields for name in (one if isinstance(one, tuple) else (one,))]
    return {f"id_{name}" for name in names} | {f"{name}-0" for name in group.rows}
