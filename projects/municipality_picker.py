"""Finding a Kommune by what people type: a name in any spelling, a key, a postcode, a project's name."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from ground.land import Land
from ground.names import fold
from projects.models import Municipality

MOST_CHARACTERS = 100
LEAST_SIMILARITY = 0.35

_LAENDER = {fold(land.label): land for land in Land}


def find_municipalities(
    q: str, *, limit: int = 20, among: QuerySet[Municipality] | None = None
) -> list[Municipality]:
    """The Kommunen that are most likely meant, best first, with their Kreis at hand.

    Exact names come before beginnings, beginnings before parts, larger ones before smaller ones. A
    second word may be the Kreis or the Land („Neustadt Hessen“). Only where nothing is called so do
    similar names count. Two queries as a rule, four for what is misspelt. Never fails. `among` limits
    the search to some, by default to those that a person can be from.
    """
    if among is None:
        among = Municipality.objects.selectable()
    among = among.select_related("kreis")
    text = " ".join(fold(q.replace("\0", " ")[:MOST_CHARACTERS]).replace("/", " ").split())
    if not text:
        return []
    if text.replace(" ", "").isdigit():
        return list(_by_number(among, text.replace(" ", ""))[:limit])
    found = list(_by_name(among, text)[:limit])
    if len(found) < limit and " " in text:
        found += _others(_by_name_and_place(among, text), found, limit)
    if not found:
        found = list(_by_similar_name(among, text)[:limit])
    return found


def _others(
    more: QuerySet[Municipality], found: list[Municipality], limit: int
) -> list[Municipality]:
    known = {municipality.pk for municipality in found}
    return [row for row in more[:limit] if row.pk not in known][: limit - len(found)]


def _by_number(among: QuerySet[Municipality], digits: str) -> QuerySet[Municipality]:
    """By the beginning of AGS or Regionalschlüssel, or by postcode, which is the likelier meaning."""
    return among.filter(
        Q(postcode=digits) | Q(ags__startswith=digits) | Q(ars__startswith=digits)
    ).order_by(
        Case(When(postcode=digits, then=0), When(ags=digits, then=1), default=2),
        F("population").desc(nulls_last=True),
        "sort_name",
        "pk",
    )


def _by_name(among: QuerySet[Municipality], text: str) -> QuerySet[Municipality]:
    # Two letters are in half of all names, so they only count at the beginning.
    anywhere = Q(sort_name__contains=text) if len(text) > 2 else Q(sort_name__startswith=text)
    # A list of keys, not a subquery: beside one, PostgreSQL would not use the index of the names.
    in_project = list(_in_project(text))
    rank = Case(
        When(sort_name=text, then=0),
        When(pk__in=in_project, then=1),
        When(sort_name__startswith=f"{text} ", then=1),
        When(sort_name__startswith=text, then=2),
        When(sort_name__contains=f" {text}", then=3),
        default=4,
        output_field=IntegerField(),
    )
    return _ranked(among.filter(anywhere | Q(pk__in=in_project)), rank)


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
