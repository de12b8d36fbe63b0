"""What search engines read of each kind of page, and which pages they are told of."""

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client

from communities.models import Community, Result
from events.models import Event
from projects.models import Municipality, Product, Project, Reuse, Solution, Theme
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.communities import ResultFactory
from tests.factories.events import EventFactory
from tests.gates.lived_in import TELLTALE

# What a reader of such data cannot do without.
REQUIRED = {
    "AdministrativeArea": {"name"},
    "CreativeWork": {"name", "@id"},
    "DataCatalog": {"@id", "name", "description", "license", "publisher", "dataset"},
    "DataDownload": {"contentUrl", "encodingFormat"},
    "Dataset": {"@id", "name", "description", "license", "creator", "distribution"},
    "DefinedTerm": {"@id", "name", "inDefinedTermSet"},
    "Event": {"@id", "name", "eventStatus", "organizer"},
    "GeoCoordinates": {"latitude", "longitude"},
    "GovernmentService": {"@id", "name", "serviceType", "provider", "areaServed"},
    "Organization": {"name"},
    "Place": set(),
    "PostalAddress": {"addressCountry"},
    "Project": {"@id", "name"},
    "PropertyValue": {"name", "value"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "SoftwareApplication": {"@id", "name"},
    "SoftwareSourceCode": {"@id", "name", "codeRepository", "creator"},
    "State": {"name"},
    "Country": {"name"},
    "VirtualLocation": {"url"},
    "WebSite": {"name", "url", "potentialAction"},
}
CONTACTS = ("erika@muster.example", "Erika Muster", "+49 30 99999")


def told(html: str) -> list[dict]:
    found = re.findall(r'<script type="application/ld\+json">(.+?)</script>', html, re.DOTALL)
    return [json.loads(text) for text in found]


def things(data) -> list[dict]:
    if isinstance(data, list):
        return [thing for one in data for thing in things(one)]
    if not isinstance(data, dict):
        return []
    inner = [thing for value in data.values() for thing in things(value)]
    return ([data] if "@type" in data else []) + inner


def crumbs(html: str) -> list[tuple[int, str, str | None]]:
    trail = re.search(r"<ol[^>]*schema\.org/BreadcrumbList.*?</ol>", html, re.DOTALL)
    items = re.findall(r"<li itemprop.*?</li>", trail[0], re.DOTALL) if trail else []
    return [
        (
            int(re.search(r'itemprop="position" content="(\d+)"', item)[1]),
            re.search(r'itemprop="name">([^<]+)<', item)[1],
            (re.search(r'href="([^"]+)" itemprop="item"', item) or [None, None])[1],
        )
        for item in items
    ]


def contacts_everywhere() -> None:
    contact = {"contact_name": CONTACTS[1], "contact_email": CONTACTS[0]}
    Project.objects.update(**contact, contact_phone=CONTACTS[2])
    Community.objects.update(**contact)
    Event.objects.update(**contact, online_link="https://video.example/Erika Muster")


@pytest.fixture
def pages(home) -> dict[str, list[str]]:
    """Of each kind of page all that the used portal has, or the first few dozen."""
    contacts_everywhere()
    rows = {
        "Project": Project.objects.public()[:12],
        "solution": Solution.objects.public().order_by("pk")[:80],
        "Event": Event.objects.public()[:30],
        "Organization": Community.objects.all(),
        "CreativeWork": Result.objects.public(),
        "AdministrativeArea": Municipality.objects.filter(projects__is_public=True)[:8],
        "DefinedTerm": Theme.objects.all()[:5],
        "SoftwareApplication": Product.objects.with_own_page(),
    }
    fixed = {
        "WebSite": ["/"],
        "DataCatalog": ["/daten/"],
        "Organization of the portal": ["/ueber/"],
    }
    return fixed | {name: [row.get_absolute_url() for row in found] for name, found in rows.items()}


def test_the_facts_of_every_kind_of_page_are_whole_and_name_no_person(pages):
    seen, problems = set(), []
    for kind, addresses in pages.items():
        assert addresses, kind
        for address in addresses:
            html = Client().get(address).text
            (data,) = told(html)
            if kind not in ("solution", "Organization of the portal"):
                assert data["@type"] == kind, address
            assert data["@context"] == "https://schema.org"
            text = json.dumps(data, ensure_ascii=False)
            problems += [(address, word) for word in (*CONTACTS, TELLTALE) if word in text]
            for thing in things(data):
                seen.add(thing["@type"])
                missing = REQUIRED[thing["@type"]] - thing.keys()
                empty = [name for name, value in thing.items() if value in ("", None, [], {})]
                addresses_in_it = [thing[name] for name in ("@id", "url") if name in thing]
                relative = [one for one in addresses_in_it if not one.startswith("http")]
                if missing or empty or relative:
                    problems.append((address, thing["@type"], missing, empty, relative))

    assert problems == []
    assert seen >= {
        "DataCatalog", "Dataset", "Event", "GovernmentService", "Organization", "Project",
        "SoftwareApplication", "SoftwareSourceCode", "CreativeWork", "WebSite",
    }  # fmt: skip


@pytest.mark.django_db
def test_programs_and_people_read_the_same_day_of_publication(client):
    # Half past midnight on the first of July in Germany.
    result = ResultFactory(published_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))

    page = client.get(result.get_absolute_url()).text

    (data,) = told(page)
    assert (data["datePublished"], "01.07.2026" in page) == ("2026-07-01", True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format_", "kinds"),
    [
        ("vor-ort", ["Place"]),
        ("hybrid", ["Place", "VirtualLocation"]),
        # The hall stayed from the time before it was moved to the net.
        ("online", ["VirtualLocation"]),
        ("", ["Place"]),
    ],
)
def test_an_event_takes_place_only_where_people_can_go(format_, kinds, client):
    event = EventFactory(format=format_, venue="Stadthalle", online_link="https://video.example/x")

    page = client.get(event.get_absolute_url()).text

    assert [one["@type"] for one in told(page)[0]["location"]] == kinds
    assert "video.example" not in page


def test_every_page_below_the_start_page_says_where_it_stands(pages):
    for address in {found[0] for kind, found in pages.items() if kind != "WebSite"}:
        trail = crumbs(Client().get(address).text)

        assert len(trail) > 1, address
        assert [position for position, *_rest in trail] == list(range(1, len(trail) + 1))
        assert trail[0][1:] == ("Startseite", "/")
        assert all(link for *_rest, link in trail[:-1])
        assert trail[-1][2] is None


def sitemap(client) -> dict[str, str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return {
        url.find(f"{name}loc").text.removeprefix("http://testserver"): url.findtext(
            f"{name}lastmod"
        )
        for url in root
    }


def changed(row, day: int) -> None:
    type(row).objects.filter(pk=row.pk).update(updated_at=datetime(2026, 3, day, 12, tzinfo=UTC))


@pytest.mark.django_db
def test_kommunen_with_content_and_themes_are_as_new_as_the_newest_fact(client):
    theme, other = ThemeFactory(), ThemeFactory()
    taking_part, reusing, hidden, alone = MunicipalityFactory.create_batch(4)
    project = ProjectFactory()
    project.themes.set([theme])
    project.participations.create(municipality=taking_part)
    secret = SolutionFactory(project__is_public=False)
    secret.project.themes.set([other])
    secret.project.participations.create(municipality=hidden)
    solution = SolutionFactory(project=project)
    solution.themes.set([theme])
    Reuse.objects.create(solution=solution, name="A", source="x", municipality=reusing)
    Reuse.objects.create(solution=secret, name="B", source="x", municipality=hidden)
    changed(project, 2)
    changed(solution, 5)
    found = sitemap(client)

    assert found[taking_part.get_absolute_url()] == "2026-03-02"
    assert found[reusing.get_absolute_url()] == "2026-03-05"
    assert found[theme.get_absolute_url()] == "2026-03-05"
    assert found[project.get_absolute_url()] == "2026-03-02"
    left_out = {one.get_absolute_url() for one in (hidden, alone, other, secret, secret.project)}
    assert left_out & found.keys() == set()
