"""What a test must not do: pass because there was nothing to look at."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# Says of rows from the database that there are some (`tests/some.py`).
SOME = "some"


def vacuous(tree: ast.Module) -> Iterator[int]:
    """Lines that assert something of each row that a query finds, though it may find none."""
    for function in ast.walk(tree):
        # A helper may be true of nothing; a test may not.
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
            continue
        found = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and _asks(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        # Of what is counted, compared or unpacked as a whole it is known how much there is.
        known = {
            name.id
            for node in ast.walk(function)
            if isinstance(node, ast.Compare) or _counts(node)
            for name in ast.walk(node)
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(function):
            for rows in _looked_at(node):
                by_name = isinstance(rows, ast.Name) and rows.id in found - known
                if by_name or _asks(rows):
                    yield rows.lineno


def _looked_at(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.For) and any(isinstance(one, ast.Assert) for one in node.body):
        yield node.iter
    if isinstance(node, ast.Assert):
        for call in ast.walk(node.test):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("all", "any"):
                for part in call.args:
                    if isinstance(part, ast.GeneratorExp):
                        yield part.generators[0].iter


def _asks(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == SOME:
        return False
    if isinstance(value, ast.List):
        return any(isinstance(one, ast.Starred) and _asks(one.value) for one in value.elts)
    text = ast.unparse(value)
    return ".objects." in text and not text.endswith((".get()", ".count()", ".exists()"))


def _counts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert) and isinstance(node.test, ast.Name):
        return True
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len"


def test_no_test_is_content_with_no_rows_at_all():
    lines = {
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        for line in vacuous(ast.parse(path.read_text()))
    }

    assert sorted(lines) == [], "say some(…), or how many there are"


def test_the_search_would_find_them():
    tree = ast.parse(
        "def test_all():\n"
        "    assert all(email.text for email in Email.objects.all())\n"
        "def test_any():\n"
        "    texts = list(Email.objects.values_list('text', flat=True))\n"
        "    assert not any('x' in text for text in texts)\n"
        "def test_each():\n"
        "    for email in Email.objects.all():\n"
        "        assert email.text\n"
        "def test_counted():\n"
        "    texts = list(Email.objects.values_list('text', flat=True))\n"
        "    assert len(texts) == 2\n"
        "    assert not any('x' in text for text in texts)\n"
        "def test_some():\n"
        "    assert all(email.text for email in some(Email.objects.all()))\n"
    )

    assert list(vacuous(tree)) == [2, 5, 7]
