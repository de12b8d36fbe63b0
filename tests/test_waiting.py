"""A click is done before the next page is there: what is asserted of a page waits for it."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
# Playwright's `expect` waits until it is so; these tell of this moment, which may be that of the page before.
LOOKS_AT_ONCE = re.compile(
    r"^\s*assert .*\.(is_visible|is_hidden|is_checked|is_enabled|is_disabled|is_editable|input_value"
    r"|inner_text|all_inner_texts|text_content|all_text_contents)\(|^\s*assert .*activeElement",
    re.MULTILINE,
)


def test_what_is_asserted_of_a_page_waits_for_it():
    at_once = [
        f"{path.relative_to(TESTS)}: {found.group().strip()}"
        for path in TESTS.rglob("*.py")
        for found in LOOKS_AT_ONCE.finditer(path.read_text())
    ]

    assert at_once == []
