"""The plugin that fails a test in which a template names something that is not there."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.template import Context, Origin, Template

from tests.template_names import MET, OURS, Misspelt

OURS_PLANTED = Origin(str(OURS / "planted.html"))
OF_DJANGO = Origin(str(Path(admin.__file__).parent / "templates" / "planted.html"))


def filled(source: str, origin: Origin = OURS_PLANTED) -> str:
    return Template(source, origin=origin).render(Context({"project": {"name": "Ulm"}}))


@pytest.mark.parametrize(
    "source",
    [
        "{{ proejct }}",
        "{{ project.nmae }}",
        "{{ project.nmae|upper }}",
        "{% with name=project.nmae %}{{ name }}{% endwith %}",
        "{% url project.nmae %}",
    ],
)
def test_a_name_that_stands_for_nothing_fails_the_test_that_meets_it(source):
    with pytest.raises(Misspelt, match="in planted"):
        filled(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% if project.nmae %}x{% endif %}",
        "{% for one in project.nmae %}x{% endfor %}",
        '{{ project.nmae|default:"" }}',
    ],
)
def test_what_may_be_missing_is_remembered_until_it_was_there_once(source):
    MET.clear()
    assert filled(source) == ""
    assert MET == {("planted.html", "project.nmae"): False}

    filled(source.replace("nmae", "name"))

    assert MET["planted.html", "project.name"]


def test_templates_of_others_are_their_own_business():
    assert filled("{{ proejct }}", OF_DJANGO) == ""


def test_what_is_there_is_written_as_ever():
    assert filled("{{ project.name|upper }}") == "ULM"
