"""In every test, a name in one of our templates that stands for nothing fails the test that meets it.

Django writes an empty text for a misspelt name, which no test notices that does not look for the words.
Names behind `{% if %}` and `{% for %}`, and those with a `default`, may be missing; that each of them is
there at least once is for `tests/gates/test_planted.py` to say, which opens every page.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.base import FilterExpression, Parser, Variable, VariableDoesNotExist
from django.template.defaultfilters import default, default_if_none

OURS = Path(__file__).parents[1] / "templates"

# By template and name: whether it stood for something when it was last asked for, as often as once.
MET: dict[tuple[str, str], bool] = {}


class Misspelt(Exception):
    """A template names something that is not there."""


class Name(Variable):
    """A name in one of our templates."""

    __slots__ = ("may_be_missing", "where")

    def resolve(self, context: Any) -> Any:
        try:
            found = super().resolve(context)
        except VariableDoesNotExist:
            MET.setdefault(self.where, False)
            # A test that writes something for what is missing asks for it.
            wanted = context.template.engine.string_if_invalid == ""
            if wanted and not self.may_be_missing:
                raise Misspelt(" in ".join(reversed(self.where))) from None
            raise
        MET[self.where] = True
        return found


class Expression(FilterExpression):
    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        self.has_default = any(func in (default, default_if_none) for func, _args in self.filters)
        if self.is_var:
            name = Name(self.var.var)
            name.where = (str(Path(parser.origin.name).relative_to(OURS)), self.var.var)
            name.may_be_missing = self.has_default
            self.var = name

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        if isinstance(self.var, Name):
            self.var.may_be_missing = ignore_failures or self.has_default
        return super().resolve(context, ignore_failures)


def _compile(self: Parser, token: str) -> FilterExpression:
    is_ours = self.origin is not None and str(self.origin.name).startswith(f"{OURS}/")
    return (Expression if is_ours else FilterExpression)(token, self)


def pytest_configure() -> None:
    assert settings.TEMPLATES[0]["DIRS"] == [OURS]
    Parser.compile_filter = _compile
