from consulting.forms.wizard import (
    ContactForm,
    LaterForm,
    MunicipalityForm,
    SendForm,
    TimeForm,
    WishForm,
    municipality_of,
)

__all__ = [
    "ContactForm",
    "LaterForm",
    "MunicipalityForm",
    "SendForm",
    "TimeForm",
    "WishForm",
    "municipality_of",
]
