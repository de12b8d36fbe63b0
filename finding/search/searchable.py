"""What can be found: one kind per model that people search for.

An app above `projects` adds a kind of its own in the `ready()` of its AppConfig, and is then found by
`search.find(q, kinds=["event"])`:

    search.register(search.Searchable("event", WANTED, {"formats": Format}))

`WANTED` is one SELECT of everything public of that kind, with the columns object_id (the primary key),
title (what orders equals), name_text, lead_text, body_text, search_words and topic_text (where a hit weighs
much, less, still less, as little, least: the name; the problem that it solves; the rest; the words that its
editors say it is looked for with; themes, places, relatives; none NULL, HTML not needed) and quality (0 to 10: how much there is to learn). %(formats)s in it is a JSON object of the values and labels of the choices;
%(now)s is the moment; a percent sign is written twice. Documents of what the SELECT no longer names go by themselves.

Documents are only looked at again when the CatalogueVersion rises, or `next_change` has come: the tables that the SELECT reads need
a trigger that raises it (`finding.triggers`).
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from django.db import connection
from django.db.models import Choices

from finding.search.stems import words_of


class Searchable(NamedTuple):
    name: str  # of at most 20 characters, as in SearchDocument.kind
    wanted: str
    choices: Mapping[str, type[Choices]] = {}
    # A SELECT of one moment, NULL if there is none: when `wanted` will say something else by itself.
    next_change: str = ""
    # Of which of the choices the label stands in `name_text` and says what kind of thing it is.
    kinds: str = ""

    @property
    def names_of_kinds(self) -> frozenset[str]:
        """The folded words of these labels."""
        labels = (
            (str(label) for key, label in self.choices[self.kinds].choices if key)
            if self.kinds
            else ()
        )
        return frozenset(word for label in labels for word in words_of(label))

    def parameters(self) -> dict[str, str]:
        """What the SELECT is run with; of a value that means "not known" no word can be found."""
        labels = {
            name: {str(key): str(label) for key, label in choices.choices if key}
            for name, choices in self.choices.items()
        }
        return {name: json.dumps(words) for name, words in labels.items()}


# Raised when the words of a text are taken apart in another way.
VERSION = 7

_kinds: dict[str, Searchable] = {}


def register(kind: Searchable) -> None:
    """Have this kind found from now on, in every process that loads the app; once more changes nothing."""
    _kinds[kind.name] = kind
    recipe.cache_clear()


def names_of_kinds(kind: str) -> frozenset[str]:
    return _kinds[kind].names_of_kinds if kind in _kinds else frozenset()


def registered() -> Iterator[Searchable]:
    yield from _kinds.values()


_names: list[str] = []


def register_names(select: str) -> None:
    """Words of the names in this SELECT's first column are no compounds: „Regensburg“, „Baumholder“."""
    if select not in _names:
        _names.append(select)


def proper_names() -> frozenset[str]:
    """The folded words of all registered names; a query each."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for select in _names:
            cursor.execute(select)
            for (name,) in cursor.fetchall():
                found.update(words_of(name))
    return frozenset(found)


@cache
def recipe() -> str:
    """Differs as soon as another kind is found, or one in another way: then all is built anew."""
    made_of = [
        VERSION,
        *sorted((kind.name, kind.wanted, kind.parameters()) for kind in registered()),
    ]
    return blake2b(json.dumps(made_of).encode(), digest_size=16).hexdigest()
