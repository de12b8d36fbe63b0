"""Under which licence the facts are given away: the operator's choice of a few that DCAT-AP.de names."""

from typing import NamedTuple

from django.conf import settings


class Licence(NamedTuple):
    name: str
    url: str  # for people
    dcat: str  # as DCAT-AP.de calls it


_DCAT = "http://dcat-ap.de/def/licenses/"
LICENCES = {
    "cc-by-4.0": Licence(
        "Creative Commons Namensnennung 4.0 International (CC BY 4.0)",
        "https://creativecommons.org/licenses/by/4.0/deed.de",
        f"{_DCAT}cc-by/4.0",
    ),
    "cc-zero": Licence(
        "Creative Commons CC0 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
        f"{_DCAT}cc-zero",
    ),
    "dl-de-by-2.0": Licence(
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
        f"{_DCAT}dl-by-de/2.0",
    ),
    "dl-de-zero-2.0": Licence(
        "Datenlizenz Deutschland – Zero – Version 2.0",
        "https://www.govdata.de/dl-de/zero-2-0",
        f"{_DCAT}dl-zero-de/2.0",
    ),
}
ATTRIBUTION = (
    "Namen, Schlüssel, Lage und Einwohnerzahlen der Kommunen: © Statistisches Bundesamt (Destatis), "
    "Gemeindeverzeichnis, Gebietsstand 30.11.2025, und Auszüge aus dem Gemeindeverzeichnis vom "
    "31.12.2020 und 31.12.2021; Zahlen und Lage der Kreise und Verbände daraus berechnet. "
    "Vervielfältigung und Verbreitung, auch auszugsweise, mit Quellenangabe gestattet"
)


# The terms of Destatis are words of its own, not one of the named licences.
OFFICIAL = f"{_DCAT}other-open"


def licence() -> Licence:
    return LICENCES[settings.OPEN_DATA_LICENCE]
