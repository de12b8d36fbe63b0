"""An answer that is the same for all is made once, and nobody gets anything else by that."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock, Thread, Timer
from time import sleep, time

import brotli
import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.urls import path as route
from django.utils import timezone

from communities.models import Community
from consulting.models import Appointment
from events.models import Event
from finding import search, versions
from finding.models import MissedWord
from finding.same_for_all import Promise, holds_until, same_for_all, shows
from projects.catalogue import catalogue
from projects.models import Project
from smartcities.operations import kept_answers
from smartcities.operations.kept_answers import KeptAnswers, encoding_of, shelf
from smartcities.urls import urlpatterns as of_the_portal
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.factories.communities import CommunityFactory, ExperienceFactory, ResultFactory
from tests.factories.consulting import ConsultationRequestFactory, SlotFactory
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory
from tests.factories.projects import MunicipalityFactory

pytestmark = pytest.mark.django_db

ENCODINGS = {"plain": "", "gzip": "gzip", "brotli": "gzip, deflate, br"}
HTMX = {"HX-Request": "true"}
PLANTED = "Erika Mustermann-Gesät"


@pytest.fixture(autouse=True)
def keeping(settings, monkeypatch):
    """As in production, but for the listener, and with all that earlier tests knew forgotten."""
    settings.KEPT_ANSWERS_MEGABYTES = 32
    monkeypatch.setattr(versions, "knowledge", versions.Knowledge())
    # A busy machine may take seconds between two visits: only who says so lets time pass.
    monkeypatch.setattr(versions, "AT_MOST_OLD", 300)
    begun = time()
    monkeypatch.setattr(kept_answers, "time", lambda: begun)
    shelf.clear()
    yield
    shelf.clear()


@pytest.fixture
def pages() -> list[str]:
    """Each kind of page that promises to be the same for all, and says nothing of free seats."""
    project = ProjectFactory(slug="ulm", name="Ulm")
    SolutionFactory(project=project, slug="app")
    community = CommunityFactory()
    event = EventFactory(takes_registrations=False)
    return [
        "/",
        "/projekte/",
        "/projekte/?staffel=2020",
        "/projekte/ulm/",
        "/loesungen/",
        "/loesungen/app/",
        MunicipalityFactory().get_absolute_url(),
        "/kommunen/suche/?q=Ulm",
        "/gemeinschaften/",
        community.get_absolute_url(),
        "/gemeinschaften/ergebnisse/",
        ResultFactory(community=community).get_absolute_url(),
        "/gemeinschaften/erfahrungen/",
        ExperienceFactory(community=community).get_absolute_url(),
        "/veranstaltungen/",
        event.get_absolute_url(),
        "/veranstaltungen/kalender.ics",
        "/start-smart/",
        "/suche/?q=Ulm",
        "/impressum/",
        "/datenschutz/",
        "/barrierefreiheit/",
        "/sitemap.xml",
    ]


class Made:
    """Counts what is asked of the database and which templates are filled in."""

    def __enter__(self) -> "Made":
        self.templates: list[str] = []
        self._queries = CaptureQueriesContext(connection).__enter__()
        template_rendered.connect(self._note)
        return self

    def __exit__(self, *error) -> None:
        template_rendered.disconnect(self._note)
        self._queries.__exit__(*error)
        self.queries = len(self._queries)

    def _note(self, template, **_more) -> None:
        self.templates.append(template.name)


def get(path: str, encoding: str = "", **headers: str) -> HttpResponse:
    wanted = {"Accept-Encoding": encoding} if encoding else {}
    return Client().get(path, headers=wanted | headers)


def read(response: HttpResponse) -> bytes:
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
    return unpack.get(response.get("Content-Encoding", ""), bytes)(response.content)


def said(response: HttpResponse) -> tuple:
    """All that a visitor gets but the request's number."""
    headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
    return response.status_code, response.content, headers, dict(response.cookies)


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_everybody_gets_what_was_made_for_the_first_without_a_query(pages, encoding, headers):
    for path in pages:
        first = get(path, encoding, **headers)
        assert first.status_code == 200, path
        with Made() as made:
            second = get(path, encoding, **headers)
        assert (made.templates, made.queries) == ([], 0), path
        assert said(first) == said(second), path


def test_a_kept_answer_says_what_the_page_says_that_is_made_each_time(pages, settings):
    kept = {path: get(path) for path in pages for _twice in range(2)}
    settings.KEPT_ANSWERS_MEGABYTES = 0
    # The one has a tag even where the page itself has none, and each says by what it varies.
    ours = {"X-Request-ID", "ETag", "Vary", "Cache-Control", "Last-Modified", "Content-Length"}
    for path, answer in kept.items():
        anew = get(path)
        assert answer.content == anew.content, path
        assert {k: v for k, v in answer.items() if k not in ours} == {
            k: v for k, v in anew.items() if k not in ours
        }, path
        assert answer["Content-Length"] == str(len(answer.content))
        assert set(anew.get("Vary", "").split(", ")) - {""} <= set(answer["Vary"].split(", "))


def test_each_gets_the_page_in_an_encoding_they_can_read_with_a_tag_of_its_own(pages):
    for path in pages:
        answers = {name: get(path, wish) for name, wish in ENCODINGS.items()}
        assert len({read(answer) for answer in answers.values()}) == 1
        assert (
            len({answer["ETag"] for answer in answers.values()}) == 3
            or len(answers["plain"].content) < kept_answers.WORTH_PACKING
        )
        assert not answers["plain"].has_header("Content-Encoding")
        assert all("Accept-Encoding" in answer["Vary"] for answer in answers.values())
    assert answers["gzip"]["Content-Encoding"] == "gzip"
    assert answers["brotli"]["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("wish", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip;q=0, br;q=0.0", ""),
        ("gzip, br;q=0", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br"),
        ("bread, gzipped", ""),
        ("br;q=1.2.3", ""),
        ("br;q=.", ""),
    ],
)
def test_only_an_encoding_that_was_asked_for_is_used(wish, encoding):
    assert encoding_of(wish) == encoding


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_who_has_a_page_already_hears_that_it_is_unchanged(pages, encoding):
    for path in pages:
        page = get(path, encoding)
        with Made() as made:
            again = get(path, encoding, **{"If-None-Match": f'"x", W/{page["ETag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == page["ETag"]
        assert again["Vary"] == page["Vary"]
        assert again["Cache-Control"] == page["Cache-Control"]
        assert (made.templates, made.queries) == ([], 0)
        assert get(path, encoding, **{"If-None-Match": '"x"'}).status_code == 200


def test_a_question_about_the_head_is_answered_like_the_page_without_its_text(pages):
    for path in pages:
        assert Client().head(path).status_code == 200
        page = get(path, "br")
        head = Client().head(path, headers={"Accept-Encoding": "br"})
        assert head.content == b""
        assert said(head)[2] == said(page)[2]
        assert get(path).content


def test_the_frame_of_a_page_is_no_answer_to_who_wants_a_part_of_it():
    ProjectFactory(name="Auental")
    for headers, has_frame in [({}, True), (HTMX, False), ({}, True), (HTMX, False)]:
        assert ("<header" in get("/projekte/", **headers).text) is has_frame


def test_programs_and_browsers_get_each_what_they_asked_for():
    MunicipalityFactory(name="Auental")
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for _twice in range(2):
        assert get("/kommunen/suche/?q=Auental", **browser)["Content-Type"].startswith("text/html")
        program = get("/kommunen/suche/?q=Auental", Accept="application/json")
        assert program.json()["results"][0]["name"] == "Auental"


# What it is made of


def test_a_change_is_seen_at_the_latest_when_what_is_known_is_too_old(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(versions.time, "monotonic", lambda: now[0])
    ProjectFactory(slug="ulm", summary="Vorher.")
    assert "Vorher." in get("/projekte/ulm/").text
    Project.objects.update(summary="Nachher.")
    now[0] += versions.AT_MOST_OLD - 0.01
    assert "Vorher." in get("/projekte/ulm/").text
    now[0] += 0.02
    assert "Nachher." in get("/projekte/ulm/").text


def test_the_process_that_changed_something_shows_it_at_once():
    ProjectFactory(slug="ulm", summary="Vorher.")
    assert "Vorher." in get("/projekte/ulm/").text
    Project.objects.update(summary="Nachher.")
    Client().post("/gibt-es-nicht/")
    assert "Nachher." in get("/projekte/ulm/").text


def test_lower_versions_of_a_restored_database_are_believed():
    known = versions.Knowledge()
    known.learn(versions.Versions(catalogue=9), 1.0)
    known.learn(versions.Versions(catalogue=5), 2.0)
    known.learn(versions.Versions(catalogue=9), 1.5)  # a slow thread that asked before
    assert known._known == (2.0, {"catalogue": 5})


@pytest.mark.parametrize(
    ("factory", "part"),
    [
        (ProjectFactory, "catalogue"),
        (EventFactory, "events"),
        (CommunityFactory, "communities"),
    ],
)
def test_each_part_raises_its_own_version(factory, part):
    row = factory()
    before = versions.current()
    type(row).objects.filter(pk=row.pk).update(updated_at=timezone.now())
    after = versions.current()
    assert {name for name in after if after[name] != before.get(name)} == {part}


def test_a_changed_event_or_group_throws_away_no_catalogue_but_what_was_made_with_it():
    ProjectFactory()
    event, community = EventFactory(), CommunityFactory()
    before = catalogue()
    changes = [Event.objects.filter(pk=event.pk), Community.objects.filter(pk=community.pk)]
    for change in changes:
        change.update(updated_at=timezone.now())
        after = catalogue()
        assert after.projects is before.projects
        assert after.pages is not before.pages
        before = after
    Project.objects.update(summary="Anders.")
    assert catalogue().projects is not before.projects


def test_registrations_throw_away_nothing(pages):
    seats = SeatsFactory(capacity=5)
    before = versions.current()
    type(seats).objects.update(taken=1)
    assert versions.current() == before


def test_free_seats_and_times_and_what_is_found_are_kept_until_that_changes(monkeypatch):
    """What many change at once raises no version, and is no older than the rest all the same."""
    at = [1000.0]
    monkeypatch.setattr(versions.time, "monotonic", lambda: at[0])
    seats = SeatsFactory(capacity=1)
    slot = SlotFactory(starts_at=timezone.now() + timedelta(days=7))
    stop = EventFactory(takes_registrations=False)
    on_site = {"event": stop, "mode": "vor-ort", "place": "Rathaus"}
    there, asks = SlotFactory(starts_at=stop.starts_at, **on_site), ConsultationRequestFactory()
    ProjectFactory(name="Deichwacht")
    changes: dict[str, list[Callable[[], object]]] = {
        seats.event.get_absolute_url(): [
            lambda: type(seats).objects.update(taken=1),
            lambda: RegistrationFactory(event=seats.event, confirmed_at=None),
        ],
        "/veranstaltungen/": [lambda: type(seats).objects.update(taken=0)],
        "/start-smart/": [
            lambda: ConsultationRequestFactory(confirmed=True, slot=slot),
            lambda: Appointment.objects.update(released_at=timezone.now()),
            lambda: type(slot).objects.update(is_offered=False),
        ],
        stop.get_absolute_url(): [
            lambda: type(there).objects.update(is_offered=True),
            lambda: Appointment.objects.create(
                request=asks, settled_at=timezone.now(), **Appointment.at(there)
            ),
        ],
        "/projekte/?q=Deichwacht": [search.refresh],
        "/loesungen/?q=Deich": [search.refresh],
        "/gemeinschaften/ergebnisse/?q=Deich": [search.refresh],
        "/veranstaltungen/?q=Deich": [search.refresh],
        "/veranstaltungen/kalender.ics?q=Deich": [search.refresh],
        "/suche/?q=Deichwacht": [search.refresh],
        "/api/v1/projekte/?q=Deichwacht": [search.refresh],
    }
    for path in changes:
        get(path)
    for path, what_happens in changes.items():
        for happens in what_happens:
            get(path)
            at[0] += versions.AT_MOST_OLD + 1
            kept = get(path)  # made once more, where the search was built for the first one
            answer = shelf.get(kept_answers.key_of(kept.wsgi_request))
            at[0] += versions.AT_MOST_OLD + 1
            get(path)
            assert shelf.get(kept_answers.key_of(kept.wsgi_request)) is answer, path
            happens()
            at[0] += versions.AT_MOST_OLD + 1
            get(path)
            assert shelf.get(kept_answers.key_of(kept.wsgi_request)) is not answer, path


def test_an_answer_ends_with_the_day_in_germany_and_with_each_part_that_it_shows(monkeypatch):
    late = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)  # half past midnight in Germany
    nothing, request = Promise((), None, None), HttpRequest()
    ends = holds_until(request, nothing, versions.Versions(), late)
    assert ends == datetime(2026, 7, 15, 22, 0, tzinfo=UTC)

    soon = late + timedelta(minutes=3)
    clocks = {versions.FREE_TIMES: lambda _versions, _now: soon}
    monkeypatch.setattr("finding.same_for_all._clocks", clocks)
    assert holds_until(request, nothing, versions.Versions(), late) == ends
    shows(request, versions.FREE_TIMES)
    assert holds_until(request, nothing, versions.Versions(), late) == soon


@pytest.mark.parametrize(
    "path",
    ["/suche/", "/projekte/", "/loesungen/", "/veranstaltungen/", "/gemeinschaften/ergebnisse/"],
)
def test_where_nothing_is_found_visitors_are_counted_again_each_second(path):
    answer = get(f"{path}?q=gibtesnicht")
    kept = shelf.get(kept_answers.key_of(answer.wsgi_request))
    assert kept.until <= timezone.now().timestamp() + 1
    assert MissedWord.objects.get().word == "gibtesnicht"


def test_what_time_alone_changes_is_kept_until_then(monkeypatch):
    ends = timezone.now() + timedelta(minutes=3)
    event = EventFactory(
        title="Gleich vorbei", starts_at=ends - timedelta(hours=1), ends_at=ends,
        takes_registrations=False,
    )  # fmt: skip
    get("/veranstaltungen/")
    get(event.get_absolute_url())
    get("/impressum/")
    untils = {key[0]: answer.until for key, answer in shelf._answers.items()}
    assert untils["/veranstaltungen/"] <= ends.timestamp()
    assert untils[event.get_absolute_url()] <= ends.timestamp()
    now = timezone.localtime()
    assert now.timestamp() < untils["/impressum/"] <= now.timestamp() + 25 * 60 * 60
    assert (
        timezone.localtime(
            timezone.datetime.fromtimestamp(untils["/impressum/"], now.tzinfo)
        ).strftime("%H:%M")
        == "00:00"
    )
    monkeypatch.setattr(kept_answers, "time", lambda: ends.timestamp())
    with Made() as made:
        get("/veranstaltungen/")
    assert made.templates


# What is nobody else's business


def test_who_has_a_session_gets_a_page_of_now_and_leaves_none_behind(pages):
    reader = UserFactory(name=PLANTED)
    client = Client()
    client.force_login(reader)
    for path in pages:
        own = client.get(path, headers={"Accept-Encoding": "br"})
        assert own["Cache-Control"] == "no-store, private", path
        assert len(shelf) == 0
        answer = get(path)
        assert PLANTED not in answer.text + str(answer.headers)
        assert reader.email not in answer.text
        shelf.clear()


def test_no_page_carries_what_the_first_visitor_sent_along(pages):
    sent = {
        "Referer": f"https://fremd.example/{PLANTED}",
        "User-Agent": PLANTED,
        "Accept-Language": PLANTED,
        "X-Forwarded-For": "203.0.113.7",
        "If-None-Match": '"fremd.example"',
        "X-Request-ID": "fade" * 8,
    }
    stranger = Client(headers=sent)
    stranger.cookies["wer"] = PLANTED
    for path in pages:
        assert stranger.get(path).status_code == 200
        answer = get(path)
        for planted in ("fremd.example", "203.0.113.7", PLANTED, "fade" * 8):
            assert planted not in answer.text + str(answer.headers), path


def test_a_strange_host_is_refused_however_often_it_asks(pages):
    get("/projekte/")
    for _twice in range(2):
        assert get("/projekte/", Host="fremd.example").status_code == 400


def test_behind_the_proxy_a_page_is_made_and_kept_for_those_who_came_securely(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    secure = {"X-Forwarded-Proto": "https"}
    for _twice in range(2):
        assert get("/impressum/", **secure).status_code == 200
        assert get("/impressum/")["Location"] == "https://testserver/impressum/"
    assert len(shelf) == 1


def test_who_brings_a_key_along_gets_nothing_that_was_kept_and_leaves_nothing():
    assert get("/impressum/", Authorization="Bearer x").status_code == 200
    assert len(shelf) == 0


def with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(PLANTED)
    response.set_cookie("wer", PLANTED)
    return response


def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def with_session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.session.get("wer", PLANTED))


def with_user(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user) + PLANTED)


def by_cookie(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PLANTED, headers={"Vary": "Cookie"})


def private(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PLANTED, headers={"Cache-Control": "no-store, private"})


def missing(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotFound(PLANTED)


BROKEN = [with_cookie, with_token, with_session, with_user, by_cookie, private, missing]


class Urls:
    urlpatterns = [
        *of_the_portal,
        *(route(f"bricht/{view.__name__}", same_for_all()(view)) for view in BROKEN),
    ]


@pytest.mark.parametrize("view", BROKEN)
def test_a_view_that_breaks_its_promise_is_not_kept(view, settings):
    settings.ROOT_URLCONF = Urls
    for _twice in range(2):
        get(f"/bricht/{view.__name__}")
    assert len(shelf) == 0


def test_other_pages_are_not_kept(pages):
    for path in ["/kontakt/", "/gibt-es-nicht/", "/konto/login/", "/healthz", "/projekte/nie/"]:
        get(path)
    assert {key[0] for key in shelf._answers} <= {"/kontakt/"}


# Room and rush


def test_many_addresses_do_not_fill_the_memory_and_what_is_wanted_stays(settings):
    settings.KEPT_ANSWERS_MEGABYTES = 1
    ProjectFactory(name="Auental")
    get("/impressum/")
    for number in range(120):
        # Packed, an answer takes room twice.
        assert get(f"/impressum/?x={number}", "br" if number % 2 else "").status_code == 200
        with Made() as made:
            get("/impressum/")
        assert made.templates == []
    assert shelf.size <= 1_000_000
    assert 1 < len(shelf) < 120
    shown = sum(answer.size for answer in shelf._answers.values())
    assert shelf.size >= shown


def test_what_would_take_too_much_of_the_room_is_not_kept(settings, monkeypatch):
    settings.KEPT_ANSWERS_MEGABYTES = 1
    monkeypatch.setattr(kept_answers, "LARGEST_SHARE", 10_000)
    assert get("/impressum/").status_code == 200
    assert len(shelf) == 0


MADE: list[str] = []


def slow(request: HttpRequest) -> HttpResponse:
    MADE.append(request.path)
    sleep(0.2)
    return HttpResponse(b"x" * 500, content_type="text/plain")


class Slow:
    urlpatterns = [*of_the_portal, route("langsam", same_for_all(parts=())(slow))]


def test_a_page_that_many_want_at_once_is_made_once(settings):
    settings.ROOT_URLCONF = Slow
    MADE.clear()
    start, answers = Barrier(20), []

    def visit() -> None:
        start.wait()
        answers.append(keeper(RequestFactory().get("/langsam")).content)

    keeper = in_the_chain(Client())
    threads = [Thread(target=visit) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert MADE == ["/langsam"]
    assert answers == [b"x" * 500] * 20


def overtaken(request: HttpRequest) -> HttpResponse:
    summary = Project.objects.get().summary
    Project.objects.update(summary="Nachher.")
    return HttpResponse(summary)


class Overtaken:
    urlpatterns = [*of_the_portal, route("ueberholt", same_for_all()(overtaken))]


def test_what_changes_while_a_page_is_made_stands_on_the_next_one(settings):
    settings.ROOT_URLCONF = Overtaken
    ProjectFactory(summary="Vorher.")
    assert get("/ueberholt").content == b"Vorher."
    versions.knowledge.ask()
    assert get("/ueberholt").content == b"Nachher."


def test_while_a_page_is_made_anew_others_get_the_one_before_unless_it_is_too_old(monkeypatch):
    ProjectFactory(slug="ulm", summary="Vorher.")
    keeper = in_the_chain(Client())
    visit = RequestFactory().get("/projekte/ulm/")
    assert "Vorher." in keeper(visit).text
    Project.objects.update(summary="Nachher.")
    versions.knowledge.ask()
    in_the_making = Lock()
    in_the_making.acquire()
    keeper._turns = [in_the_making]
    assert "Vorher." in keeper(visit).text

    monkeypatch.setattr(versions, "AT_MOST_OLD", 0)
    monkeypatch.setattr(versions.knowledge, "known", versions.current)
    Timer(0.2, in_the_making.release).start()
    assert "Nachher." in keeper(visit).text


def test_what_time_has_ended_is_given_to_nobody_while_the_page_is_made_anew(monkeypatch):
    ProjectFactory(slug="ulm")
    kept = shelf.get(kept_answers.key_of(get("/projekte/ulm/").wsgi_request))
    assert kept.is_bearable

    monkeypatch.setattr(kept_answers, "time", lambda: kept.until)

    assert not kept.is_bearable


def test_after_a_change_the_most_wanted_pages_are_made_before_anybody_asks():
    ProjectFactory(slug="ulm", summary="Vorher.")
    for _thrice in range(3):
        get("/projekte/ulm/", "br")
    get("/loesungen/")
    client = Client()
    client.get("/impressum/")
    Project.objects.update(summary="Nachher.")
    versions.knowledge.doubt()
    answers = in_the_chain(client)
    assert answers.renew() == 1
    with Made() as made:
        page = get("/projekte/ulm/", "br")
    assert made.templates == []
    assert "Nachher." in read(page).decode()
    assert answers.renew() == 0


def in_the_chain(client: Client) -> KeptAnswers:
    """The middleware as it stands before all others of this client."""
    client.get("/gibt-es-nicht/")
    return KeptAnswers(client.handler._middleware_chain)
