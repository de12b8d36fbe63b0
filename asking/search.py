"""Public questions and answers in the search of the portal; what is not public is never read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from asking.models import PublicAnswer
from finding import search
from finding.sections import Section
from projects.catalogue import Catalogue

KIND = "answer"
# What stands as the title of a hit; the sheet has all of it.
LONGEST_TITLE = 160

_ANSWERS = """
SELECT answer.id AS object_id, left(answer.text, 200) AS title, answer.text AS name_text,
    concat_ws(' ', 'Frage Antwort', project.name, solution.name, answer.asked_by) AS topic_text,
    '' AS search_words,
    '' AS lead_text, 4 AS quality, answer.answer AS body_text
FROM asking_publicanswer answer
    JOIN projects_project project ON project.id = answer.project_id AND project.is_public
    LEFT JOIN projects_solution solution ON solution.id = answer.solution_id
"""

search.register(search.Searchable(KIND, _ANSWERS))


class About(NamedTuple):
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class AnswerHit:
    pk: int
    slug: str
    name: str
    summary: str
    kind_label: str
    about: tuple[About, ...]
    url: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def answers_found(shown: Catalogue) -> Section:
    """As the search needs them; read once per version of the catalogue."""
    return shown.above.get("asking", lambda: Section([*map(_hit, _public())], (), {}))


def _public() -> list[PublicAnswer]:
    return list(PublicAnswer.objects.public().select_related("project", "solution"))


def _hit(answer: PublicAnswer) -> AnswerHit:
    return AnswerHit(
        answer.pk,
        str(answer.pk),
        Truncator(" ".join(answer.text.split())).chars(LONGEST_TITLE),
        answer.answer,
        _("Frage und Antwort"),
        (About((answer.solution or answer.project).name),),
        answer.get_absolute_url(),
    )
