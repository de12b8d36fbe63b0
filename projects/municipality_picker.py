"""Finding a Kommune by what people type: a name in any spelling, a key, a postcode, a project's name."""

import re

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from ground.land import Land
from ground.names import fold
from projects.models import Municipality

MOST_CHARACTERS = 100
# Shown to choose from, while typing and after: all of any postcode (39 at most share one in the official list).
MOST_SHOWN = 60
LEAST_SIMILARITY = 0.35

# Tables drop the zero with which the keys of the first nine Länder begin: of Kreis, AGS and ARS.
_WITHOUT_ZERO = (4, 7, 11)
_SAINT = re.compile(r"\b(?:sankt\s+|st\.\s*|st\s+)(?=\w)")
_LAENDER = {fold(land.label): land for land in Land}


def find_municipalities(
    q: str,
    *,
    limit: int = 20,
    among: QuerySet[Municipality] | None = None,
    with_similar: bool = True,
) -> list[Municipality]:
    """The Kommunen that are most likely meant, best first, with their Kreis at hand.

    Exact names come before whole words, these before beginnings, beginnings before parts, and larger
    Kommunen before smaller ones. „Sankt“ and „St.“ are the same, and so is a key without its zero. A
    second word may be the Kreis or the Land („Neustadt Hessen“). Only where nothing is called so do
    similar names count, if at all. Two queries as a rule, four for what is misspelt. Never fails.
    `among` limits the search to some, by default to those that a person can be from.
    """
    if among is None:
        among = Municipality.objects.selectable()
    among = among.select_related("kreis")
    names = spellings(q)
    if not names:
        return []
    text = names[0]
    if text.replace(" ", "").isdigit():
        return list(_by_number(among, text.replace(" ", ""))[:limit])
    found = list(_by_name(among, names)[:limit])
    if len(found) < limit and " " in text:
        found += _others(_by_name_and_place(among, text), found, limit)
    if not found and with_similar:
        found = list(_by_similar_name(among, text)[:limit])
    return found


def offered(
    q: str, *, among: QuerySet[Municipality] | None = None
) -> tuple[list[Municipality], bool]:
    """What is shown to choose from, and whether there is more than that. Never fails."""
    found = find_municipalities(q, limit=MOST_SHOWN + 1, among=among)
    return found[:MOST_SHOWN], len(found) > MOST_SHOWN


def is_number(q: str) -> bool:
    """A postcode or key, which is no name that a Kommune could be taken by."""
    return any(map(str.isdigit, q)) and not any(map(str.isalpha, q))


def is_called(municipality: Municipality, q: str) -> bool:
    """Whether this is its name or a whole word of it, its number or its postcode, and not only like it."""
    names = spellings(q)
    numbers = {municipality.ags, municipality.ars, municipality.postcode}
    return any(
        name in numbers or re.search(rf"\b{re.escape(name)}\b", municipality.sort_name)
        for name in names
    )


def spellings(q: str) -> list[str]:
    """How a name may be stored that is typed like this; the first as if it were words with spaces."""
    typed = " ".join(fold(q.replace("\0", " ")[:MOST_CHARACTERS]).split())
    if not typed:
        return []
    words = " ".join(typed.replace("/", " ").split())
    saints = [_SAINT.sub(saint, words).strip() for saint in ("sankt ", "st. ")]
    return list(dict.fromkeys(name for name in (words, typed, *saints) if name))


def _others(
    more: QuerySet[Municipality], found: list[Municipality], limit: int
) -> list[Municipality]:
    known = {municipality.pk for municipality in found}
    return [row for row in more[:limit] if row.pk not in known][: limit - len(found)]


def _by_number(among: QuerySet[Municipality], digits: str) -> QuerySet[Municipality]:
    """By the beginning of AGS or Regionalschlüssel, or by postcode, which is the likelier meaning."""
    keys = [digits, f"0{digits}"] if len(digits) in _WITHOUT_ZERO else [digits]
    begins = Q()
    for key in keys:
        begins |= Q(ags__startswith=key) | Q(ars__startswith=key)
    return among.filter(Q(postcode=digits) | begins).order_by(
        Case(
            When(postcode=digits, then=0),
            When(Q(ags__in=keys) | Q(ars__in=keys), then=1),
            default=2,
        ),
        F("population").desc(nulls_last=True),
        "sort_name",
        "pk",
    )


def _by_name(among: QuerySet[Municipality], names: list[str]) -> QuerySet[Municipality]:
    # Two letters are in half of all names, so they only count at the beginning.
    lookup = "contains" if len(names[0]) > 2 else "startswith"
    # A list of keys, not a subquery: beside one, PostgreSQL would not use the index of the names.
    in_project = list(_in_project(names[0]))
    # Names are words and „/“, „(“ or „-“: „Wiesenburg“ is a whole word of „Wiesenburg/Mark“.
    words = "|".join(re.escape(name) for name in names)
    rank = Case(
        When(sort_name__in=names, then=0),
        When(sort_name__regex=rf"^({words})\M", then=1),
        When(pk__in=in_project, then=2),
        When(sort_name__regex=rf"\m({words})\M", then=3),
        When(_any(names, "startswith"), then=4),
        When(sort_name__regex=rf"\m({words})", then=5),
        default=6,
        output_field=IntegerField(),
    )
    return _ranked(among.filter(_any(names, lookup) | Q(pk__in=in_project)), rank)


def _any(names: list[str], lookup: str) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"sort_name__{lookup}": name})
    return found


def _in_project(text: str) -> QuerySet[Municipality, int]:
    """Those that take part in a project of this name („AUF“, „Partheland“)."""
    project = Q(projects__is_public=True) & (
        Q(projects__sort_name=text)
        | Q(projects__sort_name__contains=f" {text}")
        | Q(projects__sort_name__startswith=f"{text} ")
    )
    return Municipality.objects.filter(project).values_list("pk", flat=True)


def _by_name_and_place(among: QuerySet[Municipality], text: str) -> QuerySet[Municipality]:
    words = text.split()
    condition = Q(sort_name__contains=words[0])
    for word in words[1:]:
        laender = [land for label, land in _LAENDER.items() if word in label]
        condition &= (
            Q(sort_name__contains=word) | Q(kreis__sort_name__contains=word) | Q(land__in=laender)
        )
    rank = Case(When(sort_name__startswith=words[0], then=0), default=1)
    return _ranked(among.filter(condition), rank)


def _by_similar_name(among: QuerySet[Municipality], text: str) -> QuerySet[Municipality]:
    return (
        among.filter(sort_name__trigram_similar=text)
        .annotate(similarity=TrigramSimilarity("sort_name", Value(text)))
        .filter(similarity__gte=LEAST_SIMILARITY)
        .order_by("-similarity", F("population").desc(nulls_last=True), "pk")
    )


def _ranked(rows: QuerySet[Municipality], rank: Case) -> QuerySet[Municipality]:
    return rows.order_by(rank, F("population").desc(nulls_last=True), "sort_name", "pk")


def distinguished(municipality: Municipality) -> str:
    """What tells it from others of its name: „Stadt, Kreis Lippe, Nordrhein-Westfalen“."""
    parts = [municipality.designation or municipality.get_level_display()]
    kreis = municipality.kreis
    # A kreisfreie Stadt is its own Kreis; saying so twice helps nobody.
    if kreis and kreis.sort_name != municipality.sort_name:
        parts.append(kreis.official_name)
    if municipality.get_land_display() != municipality.name:
        parts.append(municipality.get_land_display())
    return ", ".join(parts)
