"""How the two lists of the catalogue speak of what they hold."""

from finding.listing import Words
from finding.selection import BY_LIKENESS

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
    },
    share_places=True,
)
