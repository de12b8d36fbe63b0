"""What people might type, and the projects that a reader of the texts would expect to be found.

Judged by reading the shipped texts, not by asking the search. Only what the texts say counts, so a
project may do more than is expected here. `difficulty` says what stands between query and text.
"""

from typing import NamedTuple

PLAIN, INFLECTION, COMPOUND, TYPO = "plain", "inflection", "part of a compound", "typo"


class Judged(NamedTuple):
    difficulty: str
    query: str
    expected: str  # slugs, separated by spaces


_LORAWAN = (
    "ulm landkreis-wunsiedel bad-belzig-wiesenburg eichenzell luebeck moenchengladbach geestland "
    "linz-am-rhein pforzheim"
)
_TWINS = (
    "kaiserslautern bamberg freiburg smart-region-auf connected-urban-twins landkreis-hof "
    "kirchheim-bei-muenchen moenchengladbach osnabrueck paderborn halle-saale"
)
_DATA_PLATFORMS = (
    "solingen hassfurt 5-fuer-suedwestfalen landkreis-wunsiedel bamberg barleben landkreis-hof jena "
    "mannheim paderborn hildesheim muehlhausen potsdam"
)

JUDGED = [
    Judged(PLAIN, "Hochwasser", "hassfurt kalletal-lemgo hildesheim"),
    Judged(PLAIN, "Hochwasserschutz", "hassfurt kalletal-lemgo"),
    Judged(PLAIN, "Telemedizin", "kalletal-lemgo landkreis-hameln-pyrmont"),
    Judged(PLAIN, "Makerspace", "suederbrarup dortmund-schwerte kempten"),
    Judged(PLAIN, "Welterbe", "luebeck regensburg"),
    Judged(PLAIN, "Winterdienst", "guetersloh"),
    Judged(PLAIN, "Besucherlenkung", "verband-region-rhein-neckar"),
    Judged(PLAIN, "LoRaWAN", _LORAWAN),
    Judged(PLAIN, "Müllroboter", "pforzheim"),
    Judged(PLAIN, "digitaler Zwilling", _TWINS),
    Judged(PLAIN, "Open-Data-Portal", "cottbus landkreis-hof"),
    Judged(PLAIN, "AUF", "smart-region-auf"),
    Judged(PLAIN, "Wiesenburg/Mark", "bad-belzig-wiesenburg"),
    Judged(PLAIN, "CIVITAS/CORE", "bamberg paderborn"),
    Judged(PLAIN, "3D-Stadtmodell", "cottbus muehlhausen"),
    Judged(PLAIN, "MÜNCHEN", "kirchheim-bei-muenchen connected-urban-twins"),
    Judged(INFLECTION, "Museen", "landkreis-kusel"),
    Judged(INFLECTION, "Stadtbaum", "hassfurt guetersloh kalletal-lemgo hannover potsdam"),
    Judged(INFLECTION, "Parkplatz", "bamberg guetersloh muehlhausen"),
    Judged(INFLECTION, "Dorf", "smart-region-auf landkreis-hof kreis-hoexter suederbrarup"),
    Judged(INFLECTION, "Bürgerbüros", "hagenow"),
    Judged(INFLECTION, "Kind", "hagenow"),
    Judged(INFLECTION, "digitale Zwillinge", _TWINS),
    Judged(INFLECTION, "autonome Busse", "iserlohn geestland"),
    Judged(INFLECTION, "Gewässern", "vorpommern-greifswald"),
    Judged(INFLECTION, "Mülleimern", "mannheim"),
    Judged(INFLECTION, "Spielplätze", "hildesheim"),
    Judged(INFLECTION, "Straßenbahnen", "halle-saale"),
    Judged(INFLECTION, "Krisen", "berlin wuerzburg"),
    Judged(INFLECTION, "Datenkataloge", "freiburg wuppertal"),
    Judged(INFLECTION, "Feuerwehr", "suederbrarup"),
    Judged(INFLECTION, "Makerspaces", "suederbrarup dortmund-schwerte kempten"),
    Judged(INFLECTION, "Biotonne", "pforzheim"),
    Judged(INFLECTION, "Pflegedienst", "grevesmuehlen"),
    Judged(COMPOUND, "Datenplattform", _DATA_PLATFORMS),
    Judged(COMPOUND, "Daten", f"{_DATA_PLATFORMS} gelsenkirchen freiburg ulm wolfsburg guben"),
    Judged(COMPOUND, "Plattform", f"{_DATA_PLATFORMS} freiburg luebeck guben iserlohn"),
    Judged(COMPOUND, "Baum", "hassfurt guetersloh kalletal-lemgo bamberg bochum linz-am-rhein"),
    Judged(COMPOUND, "Bus", "grevesmuehlen iserlohn geestland landkreis-giessen"),
    Judged(COMPOUND, "Wald", "landkreis-hof luebeck kalletal-lemgo iserlohn ringelai-ilzer-land"),
    Judged(COMPOUND, "Biene", "landkreis-st-wendel"),
    Judged(COMPOUND, "Friedhof", "koeln"),
    Judged(COMPOUND, "Drohne", "bamberg moenchengladbach"),
    Judged(COMPOUND, "Messnetz", "mannheim"),
    Judged(COMPOUND, "Pegel", "eichenzell landkreis-st-wendel"),
    Judged(COMPOUND, "Shuttle", "suederbrarup muehlhausen"),
    Judged(COMPOUND, "Schule", "5-fuer-suedwestfalen kempten"),
    Judged(COMPOUND, "Werkstatt", "barleben landkreis-kusel muehlhausen pforzheim"),
    Judged(COMPOUND, "Kataster", "landkreis-giessen"),
    Judged(COMPOUND, "Gründung", "zwoenitz hildesheim"),
    Judged(COMPOUND, "Praxen", "kalletal-lemgo"),
    Judged(COMPOUND, "Logistik", "moenchengladbach"),
    Judged(COMPOUND, "Brücke", "dortmund-schwerte luebeck"),
    Judged(COMPOUND, "Leerstand", "einbeck"),
    Judged(COMPOUND, "Braunkohle", "cottbus"),
    Judged(COMPOUND, "Bibliothek", "hagenow"),
    Judged(COMPOUND, "Sensor", "bamberg kirchheim-bei-muenchen eichenzell ulm guetersloh solingen"),
    Judged(TYPO, "digitaler zwiling", _TWINS),
    Judged(TYPO, "weissenthurm", "landkreis-mayen-koblenz"),
    Judged(TYPO, "Muenchen", "kirchheim-bei-muenchen connected-urban-twins"),
    Judged(TYPO, "Hochwaser", "hassfurt kalletal-lemgo hildesheim"),
    Judged(TYPO, "Telemedezin", "kalletal-lemgo landkreis-hameln-pyrmont"),
    Judged(TYPO, "Grevesmuhlen", "grevesmuehlen"),
    Judged(TYPO, "Datenplatform", _DATA_PLATFORMS),
    Judged(TYPO, "Lorawahn", _LORAWAN),
    Judged(TYPO, "Wupertal", "wuppertal"),
    Judged(TYPO, "Gutersloh", "guetersloh"),
    Judged(TYPO, "Feurwehr", "suederbrarup"),
    Judged(TYPO, "Winterdinst", "guetersloh"),
    Judged(TYPO, "Sudwestfalen", "5-fuer-suedwestfalen"),
    Judged(TYPO, "Moenchengladbach", "moenchengladbach"),
    Judged(TYPO, "Leehrstand", "einbeck"),
    Judged(TYPO, "Straßenbeleuchtug", "solingen"),
]
