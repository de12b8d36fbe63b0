"""From the names of the official list to the names that people say and look for.

„Flensburg, Stadt“ is Flensburg, „Neumarkt i.d.OPf., GKSt“ is Neumarkt in der Oberpfalz, and the Kreis
that the list calls „Hof“ is the Landkreis Hof. The official name is kept beside it, unchanged.
"""

import re

from projects.models import Municipality

Level = Municipality.Level

# Textkennzeichen of the Satzarten 40, 50 and 60.
DESIGNATIONS = {
    "41": "Kreisfreie Stadt",
    "42": "Stadtkreis",
    "43": "Kreis",
    "44": "Landkreis",
    "45": "Regionalverband",
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde",
    "56": "Verwaltungsverband",
    "57": "Verwaltungsgemeinschaft",
    "58": "Erfüllende Gemeinde",
    "60": "Markt",
    "61": "Kreisfreie Stadt",
    "62": "Stadtkreis",
    "63": "Stadt",
    "64": "Gemeinde",
    "65": "Gemeindefreies Gebiet",
    "66": "Gemeindefreies Gebiet",
    "67": "Große Kreisstadt",
}
# A Gemeinde that belongs to no Verband stands in the list a second time, as if it were its own.
NO_VERBAND = "50"

_ABBREVIATIONS = [
    (r"\bi\. ?d\. ?OPf\.", "in der Oberpfalz"),
    (r"\bi\. ?OB\b", "in Oberbayern"),
    (r"\bi\. ?NB\b", "in Niederbayern"),
    (r"\bi\. ?OFr\.", "in Oberfranken"),
    (r"\bi\. ?UFr\.", "in Unterfranken"),
    (r"\bi\. ?Bay\.", "in Bayern"),
    (r"\bi\. ?Schw\.", "in Schwaben"),
    (r"\bi\. ?Odw\.", "im Odenwald"),
    (r"\ba\. ?d\. ?(?=\w)", "an der "),
    (r"\bi\. ?d\. ?(?=\w)", "in der "),
    (r"\bv\. ?d\. ?(?=\w)", "vor der "),
    (r"\bb\. ?(?=\w)", "bei "),
    (r"\ba\. ?(?=\w)", "am "),
    (r"\bi\. ?(?=\w)", "im "),
]
# These say in themselves what they are: Hochsauerlandkreis, Region Hannover, Amt Wachsenburg.
_KREIS_BY_NAME = re.compile(r"kreis|^region|^städteregion", re.IGNORECASE)


def name_of(official_name: str, level: str, textkennzeichen: str) -> str:
    """The name people use. Never empty; the same as the official name where that is plain."""
    name = _without_title(official_name, textkennzeichen)
    for pattern, words in _ABBREVIATIONS:
        name = re.sub(pattern, words, name)
    if level == Level.KREIS:
        return _kreis(name, textkennzeichen)
    if level == Level.VERBAND:
        return _verband(name, textkennzeichen)
    return name


def _without_title(official_name: str, textkennzeichen: str) -> str:
    """Without „, Stadt“ and its like; a name in a second language after it stays."""
    if textkennzeichen[:1] == "5" and textkennzeichen != "58":
        return official_name  # a Verband has no title, its commas part the names of its members
    name, _, title = official_name.partition(",")
    second_name = title.partition(" / ")[2].strip()
    return f"{name.strip()} / {second_name}" if second_name else name.strip() or official_name


def _kreis(name: str, textkennzeichen: str) -> str:
    if textkennzeichen in {"41", "42"} or _KREIS_BY_NAME.search(name):
        return name
    return f"{DESIGNATIONS[textkennzeichen]} {name}"


def _verband(name: str, textkennzeichen: str) -> str:
    """The list writes „VVG der Stadt Aalen“, „GVV Höri“ and „Tittling (VGem)“."""
    if name.startswith("VVG "):
        return f"Verwaltungsgemeinschaft {name.removeprefix('VVG ')}"
    if name.startswith("GVV "):
        return f"Gemeindeverwaltungsverband {name.removeprefix('GVV ')}"
    name = name.removesuffix("(VGem)").strip()
    designation = DESIGNATIONS[textkennzeichen]
    return name if name.startswith(designation) else f"{designation} {name}"
