from django.db import models


class Land(models.TextChoices):
    """The 16 Länder, by the abbreviations that stand in addresses (`?land=BW`)."""

    BW = "BW", "Baden-Württemberg"
    BY = "BY", "Bayern"
    BE = "BE", "Berlin"
    BB = "BB", "Brandenburg"
    HB = "HB", "Bremen"
    HH = "HH", "Hamburg"
    HE = "HE", "Hessen"
    MV = "MV", "Mecklenburg-Vorpommern"
    NI = "NI", "Niedersachsen"
    NW = "NW", "Nordrhein-Westfalen"
    RP = "RP", "Rheinland-Pfalz"
    SL = "SL", "Saarland"
    SN = "SN", "Sachsen"
    ST = "ST", "Sachsen-Anhalt"
    SH = "SH", "Schleswig-Holstein"
    TH = "TH", "Thüringen"

    @classmethod
    def of_key(cls, key: str) -> "Land":
        """The Land of an official key (AGS or ARS), whose first two digits name it.

        Raises `KeyError` for digits that no Land has.
        """
        return _BY_KEY[key[:2]]


# Order of the official key, Gemeindeverzeichnis of the Statistisches Bundesamt.
_BY_KEY = dict(
    zip(
        (f"{number:02}" for number in range(1, 17)),
        map(
            Land,
            [
                "SH",
                "HH",
                "NI",
                "HB",
                "NW",
                "HE",
                "RP",
                "BW",
                "BY",
                "SL",
                "BE",
                "BB",
                "MV",
                "SN",
                "ST",
                "TH",
            ],
        ),
        strict=True,
    )
)
