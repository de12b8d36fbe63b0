"""The researched communities, loaded as the release brings them."""

import pytest

from communities.models import Community, PartnerSupport
from communities.network import COMMUNITIES
from projects.network import CATALOGUE, load
from tests.shipped import load_once

pytestmark = pytest.mark.django_db

TABLES = (*CATALOGUE, *COMMUNITIES)


def report():
    reports = load(tables=TABLES)
    return {
        table.kind: (reports[table.kind].created, reports[table.kind].updated)
        for table in COMMUNITIES
    }


def test_the_six_communities_their_topic_groups_and_the_two_earlier_groups_are_loaded():
    assert report() == {"partner": (9, 0), "community": (22, 0)}
    assert {
        community.name: [group.name for group in community.topic_groups.all()]
        for community in Community.objects.top().active()
    } == {
        "Klimaanpassung und Resilienz": ["Datenprozesse", "Energie", "Wasser"],
        "Monitoring und Wirkungsmessung": [],
        "Raumwirkung der Digitalisierung": [
            "Nachhaltige Quartiere",
            "Vitale Innenstädte",
            "Zukunftsfeste Gewerbegebiete",
        ],
        "Smarte Regionen": [
            "Mobilitätskonzepte für ländliche Regionen",
            "Regio-Hubs",
            "Smarte Nahversorgungsräume",
        ],
        "Urbane Datenplattformen": [],
        "Urbane Digitale Zwillinge": [
            "Bürgerbeteiligung",
            "Denkmalschutz",
            "Interoperabilität",
            "Klimaanpassung",
            "Mobilität",
        ],
    }
    assert [str(one) for one in Community.objects.filter(kind="fruehere-gruppe")] == [
        "City Apps",
        "Open Source",
    ]


def test_the_role_of_a_partner_does_not_name_the_groups_that_stand_beside_it():
    load_once(TABLES)

    supports = PartnerSupport.objects.select_related("partner", "community")

    assert supports
    assert [str(one) for one in supports if one.community.name in one.partner.role] == []


def test_what_is_uncertain_says_so_and_every_group_names_its_source():
    load_once(TABLES)

    group = Community.objects.get(slug="buergerbeteiligung")

    assert (group.purpose, group.check_note) == (
        "",
        "In einem späteren Beitrag als Einsatzfeld genannt; ob eigene Untergruppe, ist offen.",
    )
    assert not Community.objects.filter(sources=None).exists()


def test_examples_of_a_topic_are_no_participants():
    load_once(TABLES)

    twins = Community.objects.get(slug="urbane-digitale-zwillinge")

    assert [project.slug for project in twins.example_projects.all()] == [
        "connected-urban-twins",
        "landkreis-hof",
    ]
    assert not twins.projects.exists()
    assert [str(partner) for partner in twins.partners.all()] == ["Creative Climate Cities"]
    assert (twins.founded_year, twins.founded_month) == (2022, 11)


def test_loading_again_writes_nothing_and_leaves_what_people_wrote():
    load_once(TABLES)
    Community.objects.filter(slug="smarte-regionen").update(purpose="Unsere Worte.")
    Community.objects.filter(slug="regio-hubs").delete()

    again = load(tables=TABLES)["community"]

    assert (again.created, again.updated, again.kept, again.deleted_by_editors) == (
        0,
        0,
        ["Smarte Regionen: Woran die Gruppe arbeitet"],
        ["Smarte Regionen: Regio-Hubs"],
    )
    assert Community.objects.get(slug="smarte-regionen").purpose == "Unsere Worte."


def test_the_topic_groups_of_a_deleted_community_stay_away():
    load_once(TABLES)
    Community.objects.filter(parent__slug="smarte-regionen").delete()
    Community.objects.get(slug="smarte-regionen").delete()

    again = load(tables=TABLES)["community"]

    assert again.created == 0
    assert sorted(again.deleted_by_editors) == [
        "Smarte Regionen",
        "Smarte Regionen: Mobilitätskonzepte für ländliche Regionen",
        "Smarte Regionen: Regio-Hubs",
        "Smarte Regionen: Smarte Nahversorgungsräume",
    ]
