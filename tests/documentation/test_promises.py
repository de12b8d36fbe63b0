"""`docs/promises.md` holds every sentence by which a page, an e-mail or a form promises something, and its test."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

from tests.documentation.blocks import CHECKOUT
from tests.documentation.naming import missing, named

# Words by which a sentence promises who reads something, how long it is kept, what never happens.
PROMISING = re.compile(
    r"\b(niemand|niemandem|niemanden|nie|niemals|nirgends|ausschließlich|jederzeit|spätestens"
    r"|nur (?:Sie|Ihnen|die|der|das|wer|Mitglieder|ihre|zu|für|einmal|dieses)"
    r"|(?:sehen|sieht|lesen|liest|gilt|erfährt|erfahren|bekommt|bekommen) nur"
    r"|öffentlich (?:ist|sind|wird|steht) (?:nichts|nur)|nur,? wenn|verborgen|(?:in|auf) keiner|nicht Ihre|außer der E-Mail-Adresse|allein Ihr"
    r"|gelöscht|löschen wir|löscht|keine Cookies|keine Zählpixel|nicht von wem|ohne Ihren Namen"
    r"|nichts verloren|geht nicht verloren|geben wir nicht|gibt .{0,20} nicht weiter|Dritte"
    r"|nach \w+ (?:Tagen|Wochen|Monaten|Jahren))\b",
    re.IGNORECASE,
)
# In forms, refusals and rules: fewer, because much there only says what has just happened. Rules of retention
# are held to their days by `tests/smartcities/test_retention_periods.py`.
PROMISING_IN_CODE = re.compile(
    r"\b((?:sieht|sehen|liest|lesen|bekommt|bekommen) nur|nur (?:\w+ ){1,5}(?:sieht|sehen|liest|lesen)"
    r"|nur die (?:Geschäftsstelle|Redaktion|Koordination|Gastgeber)|sonst niemand|niemand sieht"
    r"|niemand kann|kann niemand|löschen wir|löschen sie|löscht|wird (?:sie )?gelöscht|nie"
    r"|werden .{0,60}gelöscht|jederzeit|nirgends|spätestens)\b",
    re.IGNORECASE,
)
# Ends a sentence wherever it stands: what a block tag or the end of an element leaves behind.
END = "\N{PILCROW SIGN}"
TRANSLATING = {"_", "_t", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def of_templates() -> Iterator[str]:
    for path in sorted((CHECKOUT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            yield from promising(shown(path.read_text()), PROMISING)


def shown(text: str) -> str:
    """What a template says, with … for its values."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*(?:el|block|endblock).*?%}", END, text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}", "…", text, flags=re.DOTALL)
    text = re.sub(r"</(p|li|h\d|dd|dt|td|th|legend|label|summary|div|title|pre)>", END, text)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def of_code() -> Iterator[str]:
    """What is said by helps, refusals and rules, which stand in Python."""
    apps = {path.parent for path in CHECKOUT.glob("*/apps.py")}
    for app in sorted(apps):
        for path in sorted(app.rglob("*.py")):
            if "migrations" not in path.parts:
                yield from of_module(path)


def of_module(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATING:
            for said in node.args:
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    text = re.sub(r"%\(\w+\)[sd]|%[sd]|{\w*}", "…", said.value)
                    yield from promising(text, PROMISING_IN_CODE)


def promising(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    text = re.sub(r"\s+", " ", text)
    for sentence in re.split(rf"(?<=[.!?:])\s*(?=[A-ZÄÖÜ„…])|{END}", text):
        sentence = sentence.strip(" .")
        if pattern.search(sentence):
            yield sentence


def rows() -> list[tuple[str, str]]:
    text = (CHECKOUT / "docs" / "promises.md").read_text()
    found = re.findall(r"^\| (.+?) \| (.+) \|$", text, re.MULTILINE)
    return [row for row in found if row[0] != "sentence"]


def test_every_sentence_that_promises_stands_in_the_table_once_and_no_other():
    found = {*of_templates(), *of_code()}
    listed = [sentence for sentence, _by in rows()]

    assert len(found) > 100
    assert sorted(found.difference(listed)) == [], "name its test in docs/promises.md, or say less"
    assert sorted(set(listed) - found) == [], "not said any more"
    assert len(listed) == len(set(listed))


def test_each_names_tests_that_exist_or_says_why_it_promises_nothing():
    by = [by for _sentence, by in rows()]

    assert list(missing("\n".join(by))) == []
    assert sum(bool(named(one)) for one in by) > 80


def test_a_planted_promise_is_found_wherever_it_stands(tmp_path):
    page = """{# niemand #}<h1>Ihre Daten</h1><p class="nur der">Guten Tag.{% if a %}Das liest
        niemand au&szlig;er <b>{{ name }}</b>.{% else %}Nach zwei Tagen löschen wir es.{% endif %}</p>"""
    module = tmp_path / "forms.py"
    module.write_text(
        'help_text = _("Kurz. Ihre Adresse sieht nur %(who)s.")\nplain = "Das sieht nur sie."'
    )

    assert list(promising(shown(page), PROMISING)) == [
        "Das liest niemand außer …",
        "Nach zwei Tagen löschen wir es",
    ]
    assert list(of_module(module)) == ["Ihre Adresse sieht nur …"]
