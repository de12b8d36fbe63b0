"""The tests that the threat model names exist."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_every_test_that_the_threat_model_names_exists():
    text = (CHECKOUT / "docs" / "threat-model.md").read_text()
    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", text)

    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (file := CHECKOUT / path).exists() or f"def {name}(" not in file.read_text()
    ]
    assert len(named) > 25
    assert missing == []
