"""The interface `/api/v1/` as programs meet it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from finding import versions
from opendata import feeds, public
from opendata.lists import LISTS
from projects.models import Solution
from smartcities.wsgi import application
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.communities import ExperienceFactory, ResultFactory
from tests.factories.events import EventFactory
from tests.shipped import load_network_to_be_found

# The transport of the tool unpacks nothing.
UNCOMPRESSED = {"Accept-Encoding": "identity"}
WITH_PARAMETERS = "/api/v1/loesungen/?art=app&je_seite=1"


@pytest.fixture
def network(db):
    load_network_to_be_found()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Programs that call the portal as a server would see what the test has stored."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_every_list_and_every_thing_in_it_is_told_with_links_that_lead_to_it(client, network):
    for name, of in LISTS.items():
        page = client.get(f"/api/v1/{name}/?je_seite=5")
        assert page.status_code == 200, name
        for thing in page.json()["results"]:
            alone = client.get(thing["api"].removeprefix("http://testserver"))
            assert alone.json() == thing
            assert set(thing) == set(of.facts().fields)


@pytest.mark.parametrize(
    "id_", ["%00", "a%00b", "'", "-1", "9" * 30, "x" * 5000, "a.b.c", "%F0%9F%8F%99"]
)
def test_whatever_stands_for_a_thing_that_there_is_not_is_answered(id_, client, db):
    for name in LISTS:
        answer = client.get(f"/api/v1/{name}/{id_}/")
        assert (name, answer.status_code) == (name, 404)
        assert answer["Content-Type"] == "application/problem+json"
        # What is entered a moment later is there at once.
        assert answer["Cache-Control"] == "no-store"


def test_a_program_that_tries_everything_finds_no_error_and_nothing_undocumented(
    network, one_connection
):
    """Each operation with true and with false questions, by the description alone."""
    described = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) == 2 * len(LISTS)
    tried = []
    for operation in operations:
        # Of an id that may be any text no false one can be made up.
        false_ones = [] if operation.path.endswith("{id}/") else [GenerationMode.NEGATIVE]
        for mode in (GenerationMode.POSITIVE, *false_ones):
            tried.append(_try(operation, mode))
    assert sum(tried) > 60


def _try(operation, mode) -> int:
    count = 0

    @effort(
        max_examples=5,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def tries(case):
        nonlocal count
        count += 1
        case.call_and_validate(checks=CHECKS.get_all(), headers=UNCOMPRESSED)

    tries()
    return count


def test_pages_follow_one_another_by_links_in_the_body_and_the_header(client, db):
    SolutionFactory.create_batch(3)
    first = client.get("/api/v1/loesungen/?je_seite=2")
    second = client.get(first.json()["next"])

    assert (first.json()["count"], first.json()["pages"], first.json()["previous"]) == (3, 2, None)
    licence = '<https://creativecommons.org/licenses/by/4.0/deed.de>; rel="license"'
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next", {licence}'
    assert second["Link"] == f'<{second.json()["previous"]}>; rel="prev", {licence}'
    assert len(second.json()["results"]) == 1
    assert client.get("/api/v1/loesungen/?seite=9").status_code == 404


def test_a_feed_tells_each_thing_once_and_leads_both_ways_through_its_pages(
    client, db, monkeypatch
):
    monkeypatch.setattr(feeds, "PER_FEED", 2)
    theme = ThemeFactory()
    solutions = [SolutionFactory(name=f"App {n}", description=f"Wozu {n}") for n in range(5)]
    solutions[2].themes.set([theme])
    Solution.objects.filter(pk=solutions[3].pk).update(
        updated_at=datetime(2031, 6, 30, 22, 30, tzinfo=UTC)
    )
    base = "http://testserver/daten/loesungen.atom"

    feed = feedparser.parse(client.get("/daten/loesungen.atom?seite=2&land=BY").content)

    assert {link.rel: link.href for link in feed.feed.links} == {
        "alternate": "http://testserver/loesungen/?land=BY",
        "self": f"{base}?seite=2&land=BY",
        "previous": f"{base}?seite=1&land=BY",
        "next": f"{base}?seite=3&land=BY",
        "license": "https://creativecommons.org/licenses/by/4.0/deed.de",
    }
    assert feed.feed.updated == feed.entries[1].updated == "2031-07-01T00:30:00+02:00"
    assert [(one.title, one.link, one.id, one.summary) for one in feed.entries] == [
        (
            one.name,
            f"http://testserver{one.get_absolute_url()}",
            f"http://testserver/api/v1/loesungen/{one.slug}/",
            one.description,
        )
        for one in solutions[2:4]
    ]
    assert [tag.term for tag in feed.entries[0].tags] == [theme.slug]
    assert client.get("/daten/loesungen.atom?seite=4").status_code == 400


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("art=gibtesnicht", "art"),
        ("thme=app", "thme"),
        ("seite=0", "seite"),
        ("seite=eins", "seite"),
        ("je_seite=101", "je_seite"),
        ("sortierung=zufall", "sortierung"),
        (f"q={'x' * 201}", "q"),
    ],
)
def test_what_means_nothing_is_refused_by_name_instead_of_being_left_out(
    query, parameter, client, db
):
    SolutionFactory()
    for address in ("/api/v1/loesungen/", "/daten/loesungen.csv", "/daten/loesungen.atom"):
        answer = client.get(f"{address}?{query}")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]
        assert answer["Cache-Control"] == "no-store"


def test_nothing_can_be_written_and_anybody_may_read_from_any_site(client, db):
    SolutionFactory()
    for address in (WITH_PARAMETERS, "/api/v1/", "/daten/loesungen.json", "/daten/katalog"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(address)
            assert answer.status_code == 405
            assert answer["Allow"] == "GET, HEAD, OPTIONS"
            assert answer.json()["status"] == 405
        asked = client.options(address)
        assert (asked.status_code, asked.content) == (204, b"")
        assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        read, head = client.get(address), client.head(address)
        assert read["Access-Control-Allow-Origin"] == "*"
        assert read["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert (head.status_code, head.headers.get("ETag")) == (200, read["ETag"])
        assert not read.cookies


@pytest.mark.usefixtures("kept_megabytes")
def test_an_answer_is_the_same_until_something_changes(client, db):
    solution = SolutionFactory(name="Vorher")
    first = client.get(WITH_PARAMETERS)
    again = client.get(WITH_PARAMETERS, headers={"If-None-Match": first["ETag"]})
    kept = client.get(WITH_PARAMETERS)
    solution.name = "Nachher"
    solution.save()
    versions.knowledge.doubt()
    changed = client.get(WITH_PARAMETERS, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert kept.content == first.content
    assert first["Cache-Control"] == "public, max-age=60"
    assert changed.json()["results"][0]["name"] == "Nachher"


@pytest.mark.usefixtures("kept_megabytes")
@pytest.mark.parametrize(
    "address", ["/api/v1/veranstaltungen/", "/api/v1/veranstaltungen/rueckblick/"]
)
def test_what_is_told_once_an_event_is_over_is_told_though_nobody_changes_it(
    address, client, db, time_machine
):
    ends_at = timezone.now() + timedelta(minutes=5)
    EventFactory(
        slug="rueckblick",
        starts_at=ends_at - timedelta(hours=1),
        ends_at=ends_at,
        documentation="So war es.",
        attendees=40,
    )

    def told(answer) -> tuple[str, int | None]:
        [event] = answer.json().get("results", [answer.json()])
        return event["documentation"], event["attendees"]

    before = client.get(address)
    assert told(before) == ("", None)

    time_machine.move_to(ends_at)
    after = client.get(address, headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert told(after) == ("So war es.", 40)


def test_whatever_an_answer_is_made_of_gives_it_another_etag(client, db, settings, monkeypatch):
    SolutionFactory()
    operator = settings.OPERATOR | {"name": "Andere Stelle"}
    changes = {
        "operator": lambda: setattr(settings, "OPERATOR", operator),
        "address": lambda: setattr(settings, "SITE_URL", "https://anders.example"),
        "licence": lambda: setattr(settings, "OPEN_DATA_LICENCE", "cc-zero"),
        "code": lambda: monkeypatch.setattr(public, "revision", lambda: "neu"),
    }
    tags = [client.get(f"/api/v1/loesungen/?je_seite={number}")["ETag"] for number in (1, 2)]
    for change in changes.values():
        change()
        tags.append(client.get("/api/v1/loesungen/?je_seite=1")["ETag"])

    assert len(set(tags)) == 2 + len(changes)


@pytest.mark.usefixtures("kept_megabytes")
def test_who_reads_too_much_is_told_when_to_go_on(client, db, settings):
    settings.OPEN_DATA_READS_A_MINUTE = 2
    answers = [client.get("/api/v1/") for _ in range(3)]
    elsewhere = client.get("/api/v1/", REMOTE_ADDR="192.0.2.7")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"default";q=2;w=60'
    assert answers[0]["RateLimit"].startswith('"default";r=1;t=')
    assert answers[1]["RateLimit"].startswith('"default";r=0;t=')
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2]["Access-Control-Allow-Origin"] == "*"
    assert answers[2]["Cache-Control"] == "no-store"
    assert elsewhere.status_code == 200


def test_what_is_not_public_is_in_no_answer(client, db):
    # Files name other things by what stands in their addresses, so that is secret, too.
    project = ProjectFactory(name="Geheimes Projekt", slug="geheimes-projekt", is_public=False)
    hidden = SolutionFactory(name="Geheime Lösung", slug="geheime-loesung", project=project)
    theme = ThemeFactory()
    for one in (project, hidden):
        one.themes.set([theme])
    project.municipalities.add(MunicipalityFactory(name="Geheimheim"))
    # Of a public solution too: whom no source names, and who only means to use it.
    for name, of_it in (
        ("Geheim-Behauptet", {"stated_by": "anbietende"}),
        ("Geheim-Geplant", {"source": "https://stadt.example/plan", "is_planned": True}),
    ):
        SolutionFactory().reuses.create(
            name=name, municipality=MunicipalityFactory(name=name), **of_it
        )
    event = EventFactory(
        online_link="https://video.example/geheim",
        editors_note="Geheime Notiz",
        documentation="Geheimer Rückblick",
        attendees=4711,
    )
    event.host_projects.set([project])
    EventFactory(title="Geheimer Entwurf", slug="geheimer-entwurf", state="entwurf", part_of=event)
    ResultFactory(title="Geheimes Ergebnis", state="mitglieder", published_at=None)
    result = ResultFactory()
    result.solutions.set([hidden])
    result.projects.set([project])
    result.community.projects.set([project])
    # A Kommune that takes part in both, and one that took over what everybody may see.
    both = MunicipalityFactory()
    for one in (project, ProjectFactory()):
        one.municipalities.add(both)
    SolutionFactory().reuses.create(name="Sichtbar", project=project, source="x")
    ExperienceFactory()
    UserFactory(name="Geheime Person")
    answers = []
    for name, of in LISTS.items():
        answers.append(client.get(f"/api/v1/{name}/").content)
        for ending in ("csv", "json", *(["atom"] if of.has_feed else [])):
            answer = client.get(f"/daten/{name}.{ending}")
            answers.append(answer.getvalue())
    answers.append(client.get("/daten/publiccode/publishers.yml").content)

    assert [word for word in (b"eheim", b"4711") if word in b"".join(answers)] == []
    counted = client.get(f"/api/v1/themen/{theme.slug}/").json()
    assert (counted["project_count"], counted["solution_count"]) == (0, 0)
    assert client.get(f"/api/v1/loesungen/{hidden.slug}/").status_code == 404
    assert client.get(f"/api/v1/projekte/{project.slug}/").status_code == 404


def test_what_was_told_of_a_thing_is_told_again_until_something_changes(
    client, db, django_assert_num_queries
):
    solution = SolutionFactory(name="Vorher", kind="app")
    whole = client.get("/api/v1/loesungen/?je_seite=5").json()
    with django_assert_num_queries(1):  # whether anything has changed
        other = client.get("/api/v1/loesungen/?art=app").json()
    solution.name = "Nachher"
    solution.save()
    changed = client.get("/api/v1/loesungen/?art=app&je_seite=5").json()

    assert whole["results"] == other["results"]
    assert [thing["name"] for thing in changed["results"]] == ["Nachher"]
