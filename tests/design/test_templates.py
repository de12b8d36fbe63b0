"""What holds for every template that shows a fact of some kind."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from projects.models.sourced import PartialDateField

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def lines_with(pattern: str) -> Iterator[str]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for found in re.finditer(pattern, line):
                yield f"{path.relative_to(TEMPLATES)}: {line[: found.end()].strip()[-120:]}"


def test_the_number_of_a_case_or_registration_stands_on_one_line():
    shown = list(lines_with(r"\{\{ (\w+\.)+reference \}\}"))
    kept = re.compile(r"""class="unbroken">\{\{ [\w.]+ \}\}$|="[^"<>]*$""")

    assert len(shown) > 15
    assert [line for line in shown if not kept.search(line)] == []


def test_a_day_that_is_known_in_part_is_put_into_words():
    """„Stand 2026-08“ is how it is stored."""
    names = {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, PartialDateField)
    }

    assert {"as_of", "since"} <= names
    assert list(lines_with(rf"\{{\{{ (\w+\.)+({'|'.join(sorted(names))}) \}}\}}")) == []
