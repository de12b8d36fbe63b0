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
    "linz-am-rhein pforzheim landkreis-mayen-koblenz potsdam"
)
_TWINS = (
    "kaiserslautern bamberg freiburg smart-region-auf connected-urban-twins landkreis-hof "
    "kirchheim-bei-muenchen moenchengladbach osnabrueck paderborn halle-saale aalen-heidenheim"
)
_DATA_PLATFORMS = (
    "solingen hassfurt 5-fuer-suedwestfalen landkreis-wunsiedel bamberg barleben landkreis-hof jena "
    "mannheim paderborn hildesheim muehlhausen potsdam aalen-heidenheim gelsenkirchen kaiserslautern "
    "kielregion konstanz linz-am-rhein lohmar moenchengladbach oberhausen smarte-grenzregion ulm"
)
_SENSORS = (
    "bamberg kirchheim-bei-muenchen eichenzell ulm guetersloh solingen aalen-heidenheim bochum "
    "dortmund-schwerte gelsenkirchen hassfurt kaiserslautern kassel kempten konstanz landkreis-hof "
    "landkreis-st-wendel moenchengladbach osnabrueck pforzheim potsdam smarte-grenzregion "
    "vorpommern-greifswald"
)

JUDGED = [
    Judged(
        PLAIN, "Hochwasser", "hassfurt kalletal-lemgo hildesheim eifelkreis-bitburg-pruem solingen"
    ),
    Judged(PLAIN, "Hochwasserschutz", "hassfurt kalletal-lemgo"),
    Judged(PLAIN, "Telemedizin", "kalletal-lemgo landkreis-hameln-pyrmont jena"),
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
    Judged(PLAIN, "CIVITAS/CORE", "bamberg paderborn moenchengladbach"),
    Judged(PLAIN, "3D-Stadtmodell", "cottbus muehlhausen"),
    Judged(PLAIN, "MÜNCHEN", "kirchheim-bei-muenchen connected-urban-twins"),
    Judged(INFLECTION, "Museen", "landkreis-kusel"),
    Judged(INFLECTION, "Stadtbaum", "hassfurt guetersloh kalletal-lemgo hannover potsdam"),
    Judged(
        INFLECTION, "Parkplatz", "bamberg guetersloh muehlhausen osnabrueck pforzheim solingen ulm"
    ),
    Judged(
        INFLECTION,
        "Dorf",
        "smart-region-auf landkreis-hof kreis-hoexter suederbrarup bad-belzig-wiesenburg "
        "ringelai-ilzer-land",
    ),
    Judged(INFLECTION, "Bürgerbüros", "hagenow"),
    Judged(INFLECTION, "Kind", "hagenow"),
    Judged(INFLECTION, "digitale Zwillinge", _TWINS),
    Judged(INFLECTION, "autonome Busse", "iserlohn geestland"),
    Judged(INFLECTION, "Gewässern", "vorpommern-greifswald"),
    Judged(INFLECTION, "Mülleimern", "mannheim pforzheim"),
    Judged(INFLECTION, "Spielplätze", "hildesheim"),
    Judged(INFLECTION, "Straßenbahnen", "halle-saale"),
    Judged(INFLECTION, "Krisen", "berlin wuerzburg"),
    Judged(INFLECTION, "Datenkataloge", "freiburg wuppertal"),
    Judged(INFLECTION, "Feuerwehr", "suederbrarup"),
    Judged(INFLECTION, "Makerspaces", "suederbrarup dortmund-schwerte kempten"),
    Judged(INFLECTION, "Biotonne", "pforzheim"),
    Judged(INFLECTION, "Pflegedienst", "grevesmuehlen"),
    Judged(COMPOUND, "Datenplattform", _DATA_PLATFORMS),
    Judged(
        COMPOUND, "Daten", f"{_DATA_PLATFORMS} freiburg wolfsburg guben darmstadt detmold wuppertal"
    ),
    Judged(
        COMPOUND,
        "Plattform",
        f"{_DATA_PLATFORMS} freiburg luebeck guben iserlohn guetersloh suederbrarup",
    ),
    Judged(COMPOUND, "Baum", "hassfurt guetersloh kalletal-lemgo bamberg bochum linz-am-rhein"),
    Judged(COMPOUND, "Bus", "grevesmuehlen iserlohn geestland landkreis-giessen"),
    Judged(COMPOUND, "Wald", "landkreis-hof luebeck kalletal-lemgo iserlohn ringelai-ilzer-land"),
    Judged(COMPOUND, "Biene", "landkreis-st-wendel"),
    Judged(COMPOUND, "Friedhof", "koeln"),
    Judged(COMPOUND, "Drohne", "bamberg moenchengladbach"),
    Judged(COMPOUND, "Messnetz", "mannheim"),
    Judged(
        COMPOUND,
        "Pegel",
        "eichenzell landkreis-st-wendel aalen-heidenheim eifelkreis-bitburg-pruem",
    ),
    Judged(COMPOUND, "Shuttle", "suederbrarup muehlhausen"),
    Judged(COMPOUND, "Schule", "5-fuer-suedwestfalen kempten vorpommern-greifswald"),
    Judged(
        COMPOUND, "Werkstatt", "barleben landkreis-kusel muehlhausen pforzheim ringelai-ilzer-land"
    ),
    Judged(COMPOUND, "Kataster", "landkreis-giessen"),
    Judged(COMPOUND, "Gründung", "zwoenitz hildesheim"),
    Judged(COMPOUND, "Praxen", "kalletal-lemgo"),
    Judged(COMPOUND, "Logistik", "moenchengladbach"),
    Judged(COMPOUND, "Brücke", "dortmund-schwerte luebeck"),
    Judged(COMPOUND, "Leerstand", "einbeck"),
    Judged(COMPOUND, "Braunkohle", "cottbus"),
    Judged(COMPOUND, "Bibliothek", "hagenow"),
    Judged(COMPOUND, "Sensor", _SENSORS),
    Judged(TYPO, "digitaler zwiling", _TWINS),
    Judged(TYPO, "weissenthurm", "landkreis-mayen-koblenz"),
    Judged(TYPO, "Muenchen", "kirchheim-bei-muenchen connected-urban-twins"),
    Judged(
        TYPO, "Hochwaser", "hassfurt kalletal-lemgo hildesheim eifelkreis-bitburg-pruem solingen"
    ),
    Judged(TYPO, "Telemedezin", "kalletal-lemgo landkreis-hameln-pyrmont jena"),
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
