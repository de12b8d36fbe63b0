"""Lists and the map inside other websites; nothing else may be shown there."""

import re

import pytest

from finding import versions
from smartcities.operations import kept_answers
from tests.factories import ProjectFactory, SolutionFactory
from tests.gates.routes import portal_pages

FRAMES = ("/loesungen/", "/projekte/")
PARTS = ("1", "karte")


def directives(answer) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    return {part[0]: part[-1] for part in parts}


def framed(answer) -> tuple:
    policy = answer.get("Content-Security-Policy", "")
    found = re.search(r"frame-ancestors ([^;]+)", policy)
    return answer.get("X-Frame-Options"), found and found[1]


@pytest.mark.django_db
@pytest.mark.parametrize("path", FRAMES)
@pytest.mark.parametrize("part", PARTS)
def test_a_list_and_its_map_may_be_shown_by_any_website_with_https(path, part, client):
    SolutionFactory()
    answer = client.get(f"{path}?einbetten={part}")
    again = client.get(f"{path}?einbetten={part}", headers={"If-None-Match": answer["ETag"]})

    for one, status in ((answer, 200), (again, 304)):
        assert one.status_code == status
        assert framed(one) == (None, "https:")
        assert one["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not one.cookies
    everything_else = directives(answer)
    del everything_else["frame-ancestors"]
    assert everything_else == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'self'",
        "object-src": "'none'",
    }
    for frame in ("portal-header", "portal-footer", "<form", "<script", "kern-breadcrumb"):
        assert frame not in answer.text
    assert '<base target="_blank">' in answer.text
    in_picture = re.findall(r'<a [^>]*class="map__(?:land|point)[^>]*>', answer.text)
    assert [link for link in in_picture if 'target="_blank"' not in link] == []
    assert bool(in_picture) == (part == "karte")
    assert ('class="map__svg"' in answer.text) == (part == "karte")
    assert ('class="card"' in answer.text) == (part == "1")


@pytest.mark.django_db
def test_the_operator_may_name_the_websites(client, settings):
    settings.EMBEDDING_HOSTS = ["https://www.bayern.example", "https://*.stadt.example"]

    assert framed(client.get("/loesungen/?einbetten=1")) == (
        None,
        "https://www.bayern.example https://*.stadt.example",
    )


@pytest.mark.django_db
def test_pages_follow_one_another_in_the_frame_and_show_the_selection(client):
    project = ProjectFactory(laender=["BY"])
    SolutionFactory.create_batch(30, project=project, kind="app")
    SolutionFactory(project=project, kind="sensorik")
    first = client.get("/loesungen/?art=app&land=BY&einbetten=1")
    (following,) = re.findall(r'href="([^"]+)" target="_self"', first.text)
    second = client.get(following.replace("&amp;", "&"))

    assert following == "/loesungen/?art=app&amp;land=BY&amp;seite=2&amp;einbetten=1"
    assert (first.text.count('class="card"'), second.text.count('class="card"')) == (24, 6)
    assert "30 Lösungen im Portal der Modellprojekte Smart Cities ansehen" in first.text
    assert 'href="/loesungen/?art=app&amp;land=BY"' in first.text
    assert framed(second) == (None, "https:")
    asked = client.get("/loesungen/?q=app+in+bayern&einbetten=1")
    assert asked["Location"].endswith("&einbetten=1")


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_for_a_frame_is_apart_from_what_is_kept_for_a_page(client, settings):
    settings.KEPT_ANSWERS_MEGABYTES = 8
    SolutionFactory()
    kept_answers.shelf.clear()
    versions.knowledge.doubt()
    try:
        for _twice in range(2):
            assert framed(client.get("/loesungen/")) == ("DENY", "'none'")
            assert framed(client.get("/loesungen/?einbetten=1")) == (None, "https:")
            assert framed(client.get("/loesungen/?einbetten=2")) == ("DENY", "'none'")
        tag = client.get("/loesungen/?einbetten=1")["ETag"]
        unchanged = client.get("/loesungen/?einbetten=1", headers={"If-None-Match": tag})
        assert (unchanged.status_code, framed(unchanged)) == (304, (None, "https:"))
    finally:
        kept_answers.shelf.clear()


def test_nothing_else_may_be_framed_whatever_is_asked_for(home, client):
    """Every public route, its pages as they are and as if they could be embedded."""
    walked = {page.path for page in (*portal_pages(), *home.pages)}
    walked |= {"/daten/loesungen.csv", "/api/v1/", "/daten/katalog", "/verwaltung/", "/healthz"}
    wrong = []
    for path in sorted(walked):
        for query in ("", *(f"einbetten={part}" for part in PARTS)):
            address = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
            answer = client.get(address)
            may = bool(query) and path.partition("?")[0] in FRAMES
            expected = (None, "https:") if may else ("DENY", "'none'")
            if answer.status_code < 500 and framed(answer) != expected:
                wrong.append((address, answer.status_code, framed(answer)))

    assert len(walked) > 100
    assert wrong == []
