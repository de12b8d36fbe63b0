"""What stands in the logs: enough to find out what happened, nothing about whom it happened to."""

import io
import json
import logging
import re

import pytest
from celery import shared_task
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from smartcities.operations.logs import JsonLines
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NAME, ADDRESS, TOKEN = "Planta-Musterfrau", "planta.musterfrau@example.org", "Tok3n-planted:1x:9y"
PLANTED = re.compile("planta|musterfrau|tok3n|1x:9y|gepflanzt|planted", re.IGNORECASE)


@pytest.fixture
def logged():
    """Everything that is logged meanwhile, as production writes it, at every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    levels = {logger: logger.level for logger in (root, logging.getLogger("django.db.backends"))}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    # Statements with their values are logged only where DEBUG is on, which production never is.
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)


def lines(stream) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def request_lines(stream) -> list[tuple]:
    found = [line for line in lines(stream) if line["logger"] == "smartcities.operations.requests"]
    return [(line["method"], line["route"], line["status"]) for line in found]


def test_a_request_is_one_line_with_its_route_and_the_id_that_is_answered(client, logged):
    answer = client.get("/suche/?q=gepflanzt")

    (line,) = [line for line in lines(logged) if "route" in line]
    assert line.keys() == {
        "time", "level", "logger", "message", "request_id", "method", "route", "status", "ms",
    }  # fmt: skip
    assert (line["message"], line["status"]) == ("GET /suche/ 200", 200)
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["ms"] > 0
    assert client.get("/suche/")["X-Request-ID"] != answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("3f0c4a52-9b7e-4c1d-8a77-0123456789ab", True),
        ("0123456789abcdef0123456789abcdef", True),
        ("short", False),
        ("a" * 65, False),
        ("Planta-Musterfrau-from-outside", False),
        ('0123456789abcdef", "level": "x', False),
    ],
)
def test_the_id_of_a_proxy_is_taken_over_if_it_is_well_formed(client, logged, given, taken):
    answer = client.get("/", headers={"X-Request-ID": given})

    assert (answer["X-Request-ID"] == given) is taken
    assert PLANTED.search(logged.getvalue()) is None


def test_no_request_writes_into_the_logs_what_somebody_typed_or_a_token(logged, monkeypatch):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)

    def fail(*_anything, **_more):
        User.objects.create(email=ADDRESS, name=NAME)  # a second one: PostgreSQL names the address

    UserFactory(email=ADDRESS, name=NAME)
    client.get(f"/suche/?q={NAME}")
    client.get(f"/start-smart/ansehen/{TOKEN}/")
    client.post(f"/start-smart/absagen/{TOKEN}/", {"reason": NAME})
    client.get(f"/gibt/es/{ADDRESS}/")
    client.get("/", headers={"Host": "planta.example.org"})
    client.post("/konto/login/", {"login": ADDRESS, "password": NAME})
    client.generic("PLANTED", "/")
    client.get("/static/planted.css")
    monkeypatch.setattr("smartcities.views.catalogue", fail)
    client.get("/", headers={"User-Agent": NAME, "Referer": f"http://testserver/{TOKEN}/"})

    assert request_lines(logged) == [
        ("GET", "/suche/", 200),
        ("GET", "/start-smart/ansehen/<str:token>/", 404),
        ("POST", "/start-smart/absagen/<str:token>/", 403),
        ("GET", "-", 404),
        ("GET", "-", 400),
        ("POST", "/konto/login/", 403),
        ("other", "/", 403),
        ("GET", "static", 404),
        ("GET", "/", 500),
    ]
    assert PLANTED.search(logged.getvalue()) is None
    (failure,) = [line for line in lines(logged) if line.get("error", "").startswith("Integrity")]
    assert failure["error"] == "IntegrityError < UniqueViolation"
    assert any(place.startswith("smartcities/views.py:") for place in failure["trace"])
    assert "request_id" in failure


@shared_task
def remember(address: str) -> str:
    raise IntegrityError(f"Key (email)=({address}) already exists")


@shared_task
def repeat(address: str) -> str:
    logging.getLogger("smartcities.probe").warning("Reached %s", address)
    return address


def test_no_task_writes_its_arguments_its_answer_or_the_text_of_its_error(logged):
    remember.apply(args=[ADDRESS])
    repeat.apply(args=[ADDRESS])

    assert PLANTED.search(logged.getvalue()) is None
    said = {line["message"].split("[")[0]: line for line in lines(logged)}
    assert said[f"Task {remember.name}"]["error"] == "IntegrityError"
    assert said[f"Task {repeat.name}"]["level"] == "INFO"
    own = said["Reached "]
    assert (own["message"], own["task"]) == ("Reached […]", repeat.name)


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("Sent to <planta@example.org>, again", "Sent to <[…]>, again"),
        ("GET /suche/?q=Planta&seite=2 took long", "GET /suche/[…] took long"),
        (
            "Connected to redis://:planted@broker.example.org:6379/0",
            "Connected to redis://:[…]:6379/0",
        ),
        ("celery@web1 ready", "celery@web1 ready"),
    ],
)
def test_what_looks_personal_is_left_out_of_every_message(message, written):
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, message, (), None)

    assert json.loads(JsonLines().format(record))["message"] == written


def test_postgresql_does_name_the_address_in_its_error():
    """Otherwise the tests above would show nothing."""
    UserFactory(email=ADDRESS)
    with pytest.raises(IntegrityError, match=re.escape(ADDRESS)):
        UserFactory.build(email=ADDRESS).save()
