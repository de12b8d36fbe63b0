"""`docs/proofs.md` names tests that exist."""

import re

from tests.documentation.blocks import CHECKOUT


def test_every_test_that_is_named_exists():
    text = (CHECKOUT / "docs" / "proofs.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)

    assert len(named) > 30
    for path, function in named:
        source = (CHECKOUT / path).read_text()
        assert not function or f"def {function}(" in source, (path, function)
