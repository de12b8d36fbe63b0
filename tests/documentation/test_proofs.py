"""`docs/proofs.md` names tests that exist."""

from tests.documentation.blocks import CHECKOUT
from tests.documentation.naming import missing, named


def test_every_test_that_is_named_exists():
    text = (CHECKOUT / "docs" / "proofs.md").read_text()

    assert len(named(text)) > 30
    assert list(missing(text)) == []
