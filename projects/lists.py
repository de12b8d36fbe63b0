"""How the two lists of the catalogue speak of what they hold, and what questions mean to them."""

from finding.listing import Words
from finding.search import Intent
from finding.search.stems import words_of
from finding.selection import BY_LIKENESS
from ground.land import Land
from projects.models import Maturity, SizeClass


def _in(land: Land) -> Intent:
    return Intent(
        f"(?:in|im|aus|aus dem|fuer|innerhalb von|im freistaat) {_name(land)}",
        "land",
        (land,),
    )


def _beside_others(land: Land) -> Intent:
    """„Coworking Brandenburg“; not a part of a longer name („Sachsen-Anhalt“ is one word here)."""
    return Intent(_name(land), "land", (land,), beside_others=True)


def _name(land: Land) -> str:
    return " ".join(words_of(land.label))


# „Geplante Radwege“ may be in operation.
_MEASURE = "(?:projekt(?:en?)?|loesung(?:en)?|massnahmen?|vorhaben)"
# „Bürger in Planung und Bau einbinden“ asks for nothing that is planned.
_ALONE = "(?! (?:und|oder|von|de[rs]|ein[a-z]*|bring[a-z]*|beteilig[a-z]*) )"

INTENTS = (
    *map(_in, Land),
    # The longer ones first: „Sachsen-Anhalt“ is not „Sachsen“.
    *map(_beside_others, sorted(Land, key=lambda land: -len(land.label))),
    Intent("in nrw|aus nrw", "land", (Land.NW,)),
    Intent(
        "als open source|open source|opensource|quelloffene?[nrs]?|(?:als )?freie[nr]? software",
        "open_source",
        ("ja",),
    ),
    Intent(
        "(?:fuer|in|bei|von|als) (?:eine[rn]? )?kleine(?:re)?[nr]? (?:gemeinden?|kommunen?|orten?|orte|"
        "verwaltungen?)",
        "groesse",
        (SizeClass.VILLAGE, SizeClass.SMALL_TOWN),
    ),
    Intent(
        "(?:fuer|in|bei|von|als) (?:eine[rn]? )?kleine[ns]? (?:doerfern?|doerfer|dorf)",
        "groesse",
        (SizeClass.VILLAGE,),
    ),
    Intent(
        "(?:fuer|in|bei|von) (?:eine[rn]? )?(?:kleinstaedten?|kleinstaedte|kleinstadt|"
        "kleine[nr]? (?:staedten?|staedte|stadt))",
        "groesse",
        (SizeClass.SMALL_TOWN,),
    ),
    Intent(
        "(?:fuer|in|bei|von) (?:eine[rn]? )?(?:grossstaedten?|grossstadt)",
        "groesse",
        (SizeClass.CITY,),
    ),
    *(
        Intent(word, "groesse", (size,), beside_others=True)
        for size, words in (
            (SizeClass.CITY, ("grossstadt", "grossstaedte")),
            (SizeClass.SMALL_TOWN, ("kleinstadt", "kleinstaedte")),
        )
        for word in words
    ),
    Intent("mit erfahrungen", "erfahrungen", ("ja",)),
    Intent(
        "(?:schon )?in betrieb|(?:schon )?im einsatz|im betrieb", "reife", (Maturity.OPERATION,)
    ),
    Intent(
        f"(?:im test|im pilotbetrieb|in (?:der )?erprobung){_ALONE}", "reife", (Maturity.PILOT,)
    ),
    Intent(f"in planung{_ALONE}|geplante[nrs]? {_MEASURE}", "reife", (Maturity.PLANNED,)),
    Intent(f"(?:in umsetzung|im aufbau){_ALONE}", "reife", (Maturity.IMPLEMENTATION,)),
    Intent(f"abgeschlossene[nrs]? {_MEASURE}", "reife", (Maturity.COMPLETED,)),
    Intent(f"(?:eingestellte|gescheiterte)[nrs]? {_MEASURE}", "reife", (Maturity.DISCONTINUED,)),
)

PROJECTS = Words(
    "Modellprojekt",
    "Modellprojekte",
    "projects:list",
    {
        "relevanz": "Beste Treffer zuerst",
        BY_LIKENESS: "Kommunen wie Ihre zuerst",
        "name": "Name",
        "staffel": "Staffel",
        "einwohner": "Einwohner, größte zuerst",
        "massnahmen": "Maßnahmen, meiste zuerst",
    },
    intents=INTENTS,
)
SOLUTIONS = Words(
    "Lösung",
    "Lösungen",
    "projects:solutions",
    {
        "relevanz": "Beste Treffer zuerst",
        BY_LIKENESS: "Kommunen wie Ihre zuerst",
        "name": "Name",
        "projekt": "Modellprojekt",
        "reife": "Reife, in Betrieb zuerst",
        "nachnutzung": "Nachnutzung, meiste zuerst",
        "auskunft": "Kosten, Lizenz und mehr bekannt",
    },
    share_places=True,
    intents=INTENTS,
    belongs_to=lambda solution: solution.project.pk,
)
