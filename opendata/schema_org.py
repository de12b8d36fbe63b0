"""What search engines for data read of `/daten/`: one catalogue with a data set for each list."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from opendata.licence import licence
from opendata.lists import LISTS, OpenList
from opendata.tables import FORMATS
from projects.schema_org import absolute, known, script

__all__ = ["catalogue", "script"]


def catalogue() -> dict[str, Any]:
    here = absolute(reverse("opendata:about"))
    return {
        "@type": "DataCatalog",
        "@id": here,
        "url": here,
        "name": "Offene Daten der Modellprojekte Smart Cities",
        "description": "Was dieses Portal öffentlich zeigt, als Tabelle, Feed und Schnittstelle.",
        "license": licence().url,
        "publisher": _publisher(),
        "dataset": [_dataset(here, of) for of in LISTS.values()],
    }


def _publisher() -> dict[str, Any]:
    name = settings.OPERATOR["name"] or "Modellprojekte Smart Cities"
    return {"@type": "Organization", "name": name, "url": absolute("/")}


def _dataset(here: str, of: OpenList) -> dict[str, Any]:
    terms = of.terms()
    return known(
        {
            "@type": "Dataset",
            "@id": f"{here}#{of.name}",
            "url": f"{here}#{of.name}",
            "name": f"{of.title} – Modellprojekte Smart Cities",
            "description": of.description,
            "license": terms.licence.url,
            "creditText": terms.attribution,
            "isAccessibleForFree": True,
            "inLanguage": "de",
            "spatialCoverage": {"@type": "Country", "name": "Deutschland"},
            "creator": _publisher(),
            "distribution": [_download(of, ending) for ending in FORMATS],
        }
    )


def _download(of: OpenList, ending: str) -> dict[str, Any]:
    address = reverse("opendata:export", kwargs={"name": of.name, "ending": ending})
    return {
        "@type": "DataDownload",
        "encodingFormat": FORMATS[ending][0].partition(";")[0],
        "contentUrl": absolute(address),
    }
