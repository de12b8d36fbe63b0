"""Does the search find what a person means? Measured on the shipped texts, not on made-up ones."""

from collections import defaultdict
from io import StringIO
from statistics import mean

import pytest
from django.core.management import call_command

from finding.search import find
from projects.models import Project
from tests.finding.judged_queries import COMPOUND, INFLECTION, JUDGED, PLAIN, TYPO

# The share of the expected projects that must be found, on average over the queries of a difficulty.
RECALL = {PLAIN: 0.98, INFLECTION: 0.95, COMPOUND: 0.95, TYPO: 0.9}
# Of the first ten found, or of all if fewer, this share is expected. The lists of expected projects
# are not complete for broad words („Baum“, „Plattform“), so a perfect search would not reach 1.
PRECISION_AT_TEN = 0.6


@pytest.fixture
def answers(db) -> list[tuple]:
    """For every judged query: the difficulty, the words, what was expected, what was found."""
    call_command("load_network", stdout=StringIO())
    slugs = dict(Project.objects.values_list("pk", "slug"))
    return [
        (
            judged.difficulty,
            judged.query,
            set(judged.expected.split()),
            [slugs[pk] for pk in find(judged.query, kinds=["project"]).ids["project"]],
        )
        for judged in JUDGED
    ]


def test_people_find_what_they_mean(answers):
    recalls, missed = defaultdict(list), []
    for difficulty, query, expected, found in answers:
        recalls[difficulty].append(len(expected & set(found)) / len(expected))
        missed += [f"{query}: {slug}" for slug in sorted(expected - set(found))]

    reached = {difficulty: mean(values) for difficulty, values in recalls.items()}

    assert len(answers) >= 60
    assert {d: r for d, r in reached.items() if r < RECALL[d]} == {}, missed


def test_what_people_find_first_is_what_they_mean(answers):
    precisions = [
        len(expected & set(found[:10])) / min(10, len(found))
        for _, _, expected, found in answers
        if found
    ]

    assert mean(precisions) >= PRECISION_AT_TEN
