"""Groups and what they publish are found; what is not public is not, in any kind."""

import pytest

from communities.models import Community, ExperienceState, ResultState
from finding.search import find
from tests.factories.communities import (
    CommunityFactory,
    ExperienceFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.projects import ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db

KINDS = ["community", "result", "experience"]


def found(q: str) -> dict[str, tuple[int, ...]]:
    """Primary keys by kind, without the kinds of which nothing was found."""
    return {kind: ids for kind, ids in find(q, kinds=KINDS).ids.items() if ids}


def test_a_group_is_found_by_its_other_names_and_by_its_topic_groups():
    aeg = CommunityFactory(name="Urbane Digitale Zwillinge", also_called="UDZ")
    topic_group = TopicGroupFactory(parent=aeg, name="Verkehrslenkung")

    assert found("UDZ") == {"community": (aeg.pk,)}
    assert found("Verkehrslenkung") == {"community": (topic_group.pk, aeg.pk)}


def test_a_renamed_group_is_found_by_its_new_name_only():
    group = CommunityFactory(name="Wasserrat")
    assert found("Wasserrat") == {"community": (group.pk,)}

    Community.objects.update(name="Schwammstadt")

    assert found("Schwammstadt") == {"community": (group.pk,)}
    assert found("Wasserrat") == {}


def test_public_results_and_experiences_are_found_with_what_they_belong_to():
    project = ProjectFactory(name="Hagelstadt")
    result = ResultFactory(title="Leitfaden Sensorik")
    result.projects.add(project)
    experience = ExperienceFactory(title="Früh fragen", project=project, community=None)

    assert found("Sensorik") == {"result": (result.pk,)}
    assert found("Hagelstadt") == {"result": (result.pk,), "experience": (experience.pk,)}


def test_drafts_and_what_is_for_members_are_not_found():
    ResultFactory(title="Geheimplan", state=ResultState.DRAFT)
    ResultFactory(title="Geheimplan", state=ResultState.MEMBERS)
    ExperienceFactory(title="Geheimplan", state=ExperienceState.DRAFT)

    assert found("Geheimplan") == {}


def test_the_name_of_a_project_that_is_not_public_leads_nowhere():
    hidden = ProjectFactory(name="Verborgenhausen", is_public=False)
    measure = SolutionFactory(name="Tarnkappe", project=hidden)
    result = ResultFactory(title="Leitfaden")
    result.projects.add(hidden)
    result.solutions.add(measure)
    ExperienceFactory(project=hidden, solution=measure)

    assert found("Verborgenhausen") == {}
    assert found("Tarnkappe") == {}
