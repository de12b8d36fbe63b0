from consulting.forms.wizard import (
    ContactForm,
    LaterForm,
    MunicipalityForm,
    SendForm,
    TimeForm,
    WishForm,
)

__all__ = ["ContactForm", "LaterForm", "MunicipalityForm", "SendForm", "TimeForm", "WishForm"]
