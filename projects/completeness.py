"""What is still missing in the sheet of a solution, and what helps its readers most as the next thing.

One rule for the public page („Noch nicht bekannt“), the form, the list and the start page of the
administration. The database answers it, so a list can be filtered by it.

The order of usefulness is that in which another Kommune decides: Is it my problem, and what is it? What
does it cost? May I take it, and whom do I ask? Does it run? What went wrong? Then who has done it
before, how it works and what it takes.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from projects.models import (
    BuildingBlock,
    Cost,
    Document,
    Lesson,
    OpenSource,
    Reuse,
    Solution,
    Source,
)
from projects.told import is_told

NEXT = 3


class Fact(NamedTuple):
    key: str
    label: Any
    # What it is good for, to those who are asked for it.
    why: Any
    known: Callable[[], Q]
    # Where it is filled in: the field or the group of rows in the form of the solution.
    # The id of a field, or of the first of the rows, so that the fold that they are in opens.
    place: str
    # The place in the order of usefulness. Up to `DECIDING` a reader cannot decide without it.
    rank: int
    # Whether the public page says that it is missing.
    is_public: bool = True
    # Filled in with the project, once for all of its solutions.
    is_of_project: bool = False


DECIDING = 7


def _has(model: Any, **by: Any) -> Exists:
    return Exists(model.objects.filter(**(by or {"solution": OuterRef("pk")})))


def _reused() -> Q:
    of_it = Reuse.objects.told().filter(is_planned=False, solution=OuterRef("pk"))
    of_its_product = Reuse.objects.told().filter(is_planned=False, product=OuterRef("product"))
    return Q(Exists(of_it)) | Q(Exists(of_its_product))


# In the order of the page.
FACTS = (
    Fact(
        "problem",
        _("Problem"),
        _("Daran erkennt eine andere Kommune, dass die Lösung sie etwas angeht."),
        lambda: ~Q(problem=""),
        "id_problem",
        1,
    ),
    Fact(
        "description",
        _("Beschreibung"),
        _("Zwei, drei Sätze genügen. Ohne sie steht die Lösung in den Listen zuletzt."),
        lambda: ~Q(description=""),
        "id_description",
        2,
    ),
    Fact(
        "how_it_works",
        _("Funktionsweise"),
        _("Wer nachbauen will, muss wissen, was wie zusammenspielt."),
        lambda: ~Q(how_it_works=""),
        "id_how_it_works",
        9,
    ),
    Fact(
        "maturity",
        _("Reife"),
        _("Geplant, erprobt oder in Betrieb: danach wird zuerst gefiltert."),
        lambda: ~Q(maturity=""),
        "id_maturity",
        6,
    ),
    Fact(
        "cost",
        _("Kosten"),
        _("Auch ein ungefährer Betrag hilft; ohne ihn beginnt keine Haushaltsplanung."),
        lambda: Q(_has(Cost)),
        "costs-0",
        3,
    ),
    Fact(
        "open_source",
        _("ob quelloffen"),
        _("Entscheidet, ob man die Lösung übernehmen darf oder kaufen muss."),
        lambda: ~Q(open_source=OpenSource.UNKNOWN),
        "id_open_source",
        4,
    ),
    Fact(
        "licence",
        _("Lizenz"),
        _("Sagt genau, was andere mit dem Quellcode dürfen."),
        lambda: ~Q(licence="") | Q(open_source=OpenSource.NO),
        "id_licence",
        8,
    ),
    Fact(
        "contact",
        _("Ansprechstelle"),
        _("Wer Fragen hat, schreibt sonst an die allgemeine Adresse des Projekts."),
        lambda: (
            ~Q(project__contact_name="")
            | ~Q(project__contact_email="")
            | ~Q(project__contact_phone="")
            | ~Q(project__contact_url="")
        ),
        "id_contact_name",
        5,
        is_public=False,
        is_of_project=True,
    ),
    Fact(
        "reuse",
        _("Nachnutzung"),
        _("Eine Kommune, die sie schon übernommen hat, überzeugt mehr als jede Beschreibung."),
        _reused,
        "reuses-0",
        10,
    ),
    Fact(
        "lesson",
        _("Erfahrungen"),
        _("Was gut ging und was man vermeiden sollte: das steht in keiner Broschüre."),
        lambda: Q(_has(Lesson)) | is_told(),
        "lessons-0",
        7,
    ),
    Fact(
        "technology",
        _("Technik"),
        _("Passt es zu dem, was die Kommune schon hat?"),
        lambda: (
            Q(_has(Solution.technologies.through, solution=OuterRef("pk"))) | Q(_has(BuildingBlock))
        ),
        "id_technologies",
        12,
    ),
    Fact(
        "evidence",
        _("Nachweis der Wirkung"),
        _("Erprobt oder gemessen: damit lässt sich der Rat überzeugen."),
        lambda: ~Q(evidence=""),
        "id_evidence",
        11,
        is_public=False,
    ),
    Fact(
        "effort",
        _("Personal und Dauer"),
        _("Wer die Stelle plant, will wissen, wie viel Arbeit es macht."),
        lambda: ~Q(staff_text="") | ~Q(duration_text=""),
        "id_staff_text",
        13,
        is_public=False,
    ),
    Fact(
        "document",
        _("Dokumente zum Weiterverwenden"),
        _("Eine Ausschreibung oder ein Konzept spart anderen Wochen."),
        lambda: Q(_has(Document)),
        "documents-0",
        14,
        is_public=False,
    ),
    Fact(
        "source",
        _("Quelle"),
        _("Woher die Angaben stammen; „Angabe des Projekts, Mai 2026“ genügt."),
        lambda: Q(_has(Source)),
        "sources-0",
        15,
        is_public=False,
    ),
)
BY_KEY = {fact.key: fact for fact in FACTS}
IMPORTANT = tuple(fact.key for fact in FACTS if fact.rank <= DECIDING)


class MissingFacts(Func):
    """The keys of what is missing, as an array."""

    function = "array_remove"
    template = "array_remove(ARRAY[%(expressions)s]::varchar[], NULL)"
    output_field = ArrayField(CharField())


def missing_facts() -> Combinable:
    """To annotate solutions with."""
    return MissingFacts(
        *(
            Case(When(fact.known(), then=Value(None)), default=Value(fact.key))
            for fact in FACTS
        )
    )  # fmt: skip


def important_first(keys: Iterable[str]) -> list[Fact]:
    return sorted((BY_KEY[key] for key in keys), key=lambda fact: fact.rank)


def lacking(key: str) -> Q:
    """For a queryset that is annotated with `missing_facts`."""
    return Q(missing_facts__contains=[key])


def lacking_something_important() -> Q:
    return Q(missing_facts__overlap=list(IMPORTANT))


def each_missing() -> Combinable:
    """One row for each fact that is missing, to count them."""
    return Func(F("missing_facts"), function="unnest", output_field=CharField())


def with_missing(solutions: Any) -> Any:
    return solutions.annotate(missing_facts=missing_facts())


def in_words(keys: Iterable[str]) -> list[str]:
    """What the public page says, in its order."""
    found = set(keys)
    return [str(fact.label) for fact in FACTS if fact.is_public and fact.key in found]
