"""How names are compared: „Weißenthurm“, „weissenthurm“ and „WEISSENTHURM“ are the same to people.

The same folding exists twice on purpose: in SQL, so that a stored sort name can never be forgotten or
grow stale, and in Python for what people type. A test holds the two against each other.
"""

from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _

from ground.text import clean_text

# Of a page whose last part of the address another one has already.
ADDRESS_TAKEN = {
    "unique": _("Diese Adresse hat schon eine andere Seite. Bitte wählen Sie eine andere.")
}

_SPELLED_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe"}
_PLAIN = str.maketrans(
    "áàâãåāçćčďéèêëěėíìîïłľńñňóòôõøřśšșťúùûůýźżž",
    "aaaaaacccdeeeeeeiiiillnnnooooorssstuuuuyzzz",
)
_DROPPED = "„“”‚‘’\"'»«›‹()[]{}!?,;:"
# All at once: searching folds every word of the texts that it shows.
_FOLDED = {
    **str.maketrans(_SPELLED_OUT),
    **_PLAIN,
    **dict.fromkeys(map(ord, _DROPPED)),
}


def fold(text: str) -> str:
    """Lower case, umlauts spelled out, accents and punctuation dropped. Idempotent.

    What is not clean text is made that first; stored text is clean already (`ground.stored_text`).
    """
    return clean_text(text).lower().translate(_FOLDED)


def folded(field: str | Func) -> Func:
    """The SQL expression of `fold` for a generated column; uses immutable functions only."""
    expression = F(field) if isinstance(field, str) else field
    # Capitals first: how lower() treats them depends on the locale of the database.
    for letter, spelling in _SPELLED_OUT.items():
        for variant in dict.fromkeys((letter, "ẞ" if letter == "ß" else letter.upper())):
            expression = Replace(expression, Value(variant), Value(spelling))
    plain = "".join(map(chr, _PLAIN))
    ascii_letters = "".join(map(chr, _PLAIN.values()))
    expression = Func(
        expression,
        Value(plain + plain.upper() + _DROPPED),
        Value(ascii_letters * 2),
        function="translate",
    )
    return Lower(expression)
