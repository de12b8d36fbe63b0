"""E-mail addresses as people type and paste them, and the one key of the mailbox behind each.

Every address field of the portal reads with `read`, stores with `AddressField` and compares with
`mailbox_key` in code or `Mailbox` in the database: duplicates, limits, opt-outs, own data and erasure
mean the same mailbox.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

LONGEST = 254
NO_ADDRESS = _("Bitte geben Sie eine E-Mail-Adresse wie name@gemeinde.de an.")
# Characters without a width, marks of the writing direction, controls and ends of lines.
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})
# They are letters or marks for Unicode and show nothing either.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
# As Outlook and a browser copy one: `Müller, Erika <e@x.de>`, `<mailto:e@x.de>`, `mailto:e@x.de?subject=`, `e@x.de;`.
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>\s@]+@[^<>\s@]+)>[\s;,.]*")
_MAILTO = re.compile(r"mailto:([^\s?@]+@[^\s?@]+)(?:\?.*)?", re.IGNORECASE)


def read(text: str) -> str:
    """The address that a person meant; the part before the @ keeps its case.

    What cannot be seen and what was copied around it is dropped, the domain is what servers are asked for (IDNA 2008: `straße.de` is
    `xn--strae-oqa.de`). Raises `ValidationError` with a sentence for what is no address.
    """
    address = tidied(text)
    local, _at, domain = address.rpartition("@")
    # `"eva"@x.de` would be a second spelling of eva@x.de, and hardly a server takes it.
    if local.startswith('"') or len(address) > LONGEST or not address.isascii():
        raise ValidationError(NO_ADDRESS, code="invalid")
    if "xn--" in domain and _as_asked_for(domain) != domain:
        raise ValidationError(NO_ADDRESS, code="invalid")
    validate_email(address)
    return address


def tidied(text: str) -> str:
    """The same without judging: what is no address stays what it is, only tidied."""
    if (
        text.isascii() and text.isprintable()
    ):  # nothing of all that is in it, as in nearly every address
        local, at, domain = _bare(text).rpartition("@")
        return local + at + (_as_asked_for(domain) or domain.lower())
    shown = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if letter not in _BLANK and unicodedata.category(letter) not in _INVISIBLE
    )
    # A letter that is dropped may have kept two others apart that make one.
    local, at, domain = _bare(unicodedata.normalize("NFKC", shown)).rpartition("@")
    return local + at + (_as_asked_for(domain) or domain.lower())


def _bare(text: str) -> str:
    """Without the name, the brackets and the marks around one address; two addresses stay what they are."""
    text = text.strip()
    if "@" not in text:
        return text
    if in_brackets := _IN_BRACKETS.fullmatch(text):
        text = in_brackets[1]
    text = text.rstrip(" ;,.")
    linked = _MAILTO.fullmatch(text)
    return linked[1] if linked else text


def mailbox_key(address: str) -> str:
    """The mailbox behind an address: `Eva+smart@Stadt.de` and `eva@stadt.de` are one. Never fails."""
    local, at, domain = tidied(address).lower().rpartition("@")
    return (local.split("+", 1)[0] or local) + at + domain


def same_mailbox(one: str, other: str) -> bool:
    return mailbox_key(one) == mailbox_key(other)


def Mailbox(address: Any) -> models.Func:
    """The same key, worked out by the database from an address that was stored by `AddressField`."""
    return models.Func(
        Lower(address),
        models.Value(r"^([^+@]+)\+[^@]*@"),
        models.Value(r"\1@"),
        function="REGEXP_REPLACE",
        output_field=models.CharField(),
    )


def each_mailbox_once(people: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Of a key and an address each, the first of every mailbox."""
    found: dict[str, tuple[int, str]] = {}
    for key, address in people:
        found.setdefault(mailbox_key(address), (key, address))
    return list(found.values())


class AddressFormField(forms.EmailField):
    """A field for an address in any form of the portal."""

    default_validators = ()
    default_error_messages = {"invalid": NO_ADDRESS}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text in self.empty_values or not (text := tidied(text)):
            return self.empty_value
        try:
            return read(text)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class AddressField(models.EmailField):
    """An address in the database: tidy however it gets there, by a form, an import or a query."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return tidied(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": AddressFormField} | kwargs))

    def deconstruct(self) -> Any:
        # The column is no other one, so migrations need not know of it.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


class MailboxKeyField(models.CharField):
    """The key of the address in the field `of`, worked out whenever a row is saved."""

    def __init__(self, *args: Any, of: str = "email", **kwargs: Any) -> None:
        self.of = of
        named = {} if args else {"verbose_name": _("Postfach")}
        kwargs = {"max_length": LONGEST, "editable": False} | named | kwargs
        super().__init__(*args, **kwargs)

    def pre_save(self, row: models.Model, add: bool) -> str:
        key = mailbox_key(getattr(row, self.of) or "")
        setattr(row, self.attname, key)
        return key

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def _as_asked_for(domain: str) -> str:
    """The domain as the name service knows it; "" for one that cannot be."""
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""
