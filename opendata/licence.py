"""Under which licence the facts are given away, and who is to be named for them.

The operator chooses a licence among a few that DCAT-AP.de names. What comes from the official list of
municipalities bears the terms of Destatis, whatever was chosen, and so does whatever holds some of it where
the choice asks for no source. Each list of `opendata.lists` says which terms are its own; every file, page
and catalogue tells these.
"""

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse


class Licence(NamedTuple):
    name: str
    url: str  # for people
    dcat: str  # as DCAT-AP.de calls it
    asks_for_source: bool = True


class Terms(NamedTuple):
    licence: Licence
    attribution: str  # how the source is named
    # What of it has to be named: nothing under a zero licence, where naming the portal is a wish.
    binding: str


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
        asks_for_source=False,
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
        asks_for_source=False,
    ),
}
_OWN_SOURCE = "Modellprojekte Smart Cities, {}"
OFFICIAL_SOURCE = (
    "Namen, Schlüssel, Lage und Einwohnerzahlen der Kommunen: © Statistisches Bundesamt (Destatis), "
    "Gemeindeverzeichnis, Gebietsstand 30.11.2025, und Auszüge aus dem Gemeindeverzeichnis vom "
    "31.12.2020 und 31.12.2021; Zahlen und Lage der Kreise und Verbände daraus berechnet. "
    "Vervielfältigung und Verbreitung, auch auszugsweise, mit Quellenangabe gestattet"
)
# No licence of ours lifts what Destatis asks for.
OFFICIAL_BESIDE = f"Unabhängig von der Lizenz gilt für {OFFICIAL_SOURCE}"
# Where on `/daten/` the words of Destatis stand: they have no address of their own.
OFFICIAL_ANCHOR = "amtliche-angaben"


def licence() -> Licence:
    """The operator's choice."""
    return LICENCES[settings.OPEN_DATA_LICENCE]


def own_terms() -> Terms:
    """Of a list with nothing in it but the portal's own facts."""
    chosen, source = licence(), _OWN_SOURCE.format(settings.SITE_URL)
    return Terms(chosen, source, source if chosen.asks_for_source else "")


def mixed_terms() -> Terms:
    """Of the portal's own facts beside some of the official list, in a list or in all together.

    A zero licence lets everybody leave out the source, which Destatis does not: what holds both is given
    away on the stricter terms, and the words about the source say what is free beyond them.
    """
    own = own_terms()
    if not own.licence.asks_for_source:
        return _terms_of_destatis("Alles Übrige")
    both = f"{own.attribution}. {OFFICIAL_BESIDE}"
    return Terms(own.licence, both, both)


def official_terms() -> Terms:
    """Of the Kommunen; the portal itself adds to them in which projects they take part."""
    return _terms_of_destatis("Zuordnung zu Modellprojekten")


def _terms_of_destatis(rest: str) -> Terms:
    """`rest` says what of it is the portal's own."""
    own = own_terms()
    both = f"{OFFICIAL_SOURCE}. {rest}: {own.attribution}, {own.licence.name}"
    return Terms(_official(), both, both if own.binding else OFFICIAL_SOURCE)


def _official() -> Licence:
    """Words of its own: none of the named licences, not the Datenlizenz Deutschland either."""
    url = f"{settings.SITE_URL}{reverse('opendata:about')}#{OFFICIAL_ANCHOR}"
    return Licence("Bedingungen des Statistischen Bundesamtes", url, f"{_DCAT}other-open")
