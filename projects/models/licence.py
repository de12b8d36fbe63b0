"""Licences as SPDX expressions: „EUPL-1.2“, „MIT OR Apache-2.0“."""

import re
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from license_expression import ExpressionError, Licensing, get_spdx_licensing

# What SPDX provides for licences that are not in its list.
_OWN = re.compile(r"^LicenseRef-[A-Za-z0-9.-]+$")


@cache
def _licensing() -> Licensing:
    """The list comes with the package; reading it costs a tenth of a second, so it is read once."""
    return get_spdx_licensing()


def validate_licence(value: str) -> None:
    """Only licences of the SPDX list, combined with AND, OR and WITH, or an own „LicenseRef-…“."""
    licensing = _licensing()
    try:
        parsed = licensing.parse(value)
        unknown = licensing.unknown_license_keys(parsed)
    except ExpressionError:
        raise ValidationError(
            _t("Das ist keine Lizenzangabe nach SPDX. Beispiele: „EUPL-1.2“, „MIT OR Apache-2.0“."),
            code="licence",
        ) from None
    wrong = [key for key in unknown if not _OWN.match(key)]
    if wrong:
        raise ValidationError(
            _t(
                "Nicht in der SPDX-Liste: %(names)s. Beispiele: „EUPL-1.2“, „GPL-3.0-or-later“, "
                "„CC-BY-4.0“. Eine eigene Lizenz heißt „LicenseRef-Name“."
            )
            % {"names": ", ".join(wrong)},
            code="licence",
        )


class LicenceField(models.CharField):
    default_validators = [validate_licence]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault(
            "help_text",
            _(
                "Nach SPDX, zum Beispiel „EUPL-1.2“. Nur, wenn eine Lizenzdatei oder der Hersteller sie nennt."
            ),
        )
        super().__init__(*args, **kwargs)
