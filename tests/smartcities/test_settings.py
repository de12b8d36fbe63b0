"""Production refuses to start half-configured, and every setting is documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
COMPLETE = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://portal:secret@db/portal",
    "REDIS_URL": "redis://broker/0",
    "SITE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
    "OPERATOR_NAME": "Beispielstelle",
    "OPERATOR_ADDRESS": "Musterstraße 1;12345 Musterstadt",
    "OPERATOR_EMAIL": "betreiber@example.org",
}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from smartcities.settings import production"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_settings_start():
    assert start(COMPLETE).returncode == 0


def test_what_is_missing_is_named_all_at_once():
    answer = start({})

    assert answer.returncode == 1
    missing = re.findall(r"^- (\w+) is not set", answer.stderr, re.MULTILINE)
    assert sorted(missing) == sorted(COMPLETE)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is shorter"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name"),
        ("SITE_URL", "http://portal.example.org", "SITE_URL must start with https://"),
        ("HSTS_SECONDS", "a year", "HSTS_SECONDS"),
        ("HSTS_PRELOAD", "perhaps", "HSTS_PRELOAD"),
        ("LOG_LEVEL", "CHATTY", "LOG_LEVEL"),
        ("ADMIN_PATH", "/verwaltung", "ADMIN_PATH"),
        ("ADMIN_PATH", "verwaltung/(.*)/", "ADMIN_PATH"),
        ("POSTS_A_MINUTE", "many", "POSTS_A_MINUTE"),
    ],
)
def test_nonsense_stops_the_start_with_the_name_of_the_setting(name, value, complaint):
    answer = start(COMPLETE | {name: value})

    assert answer.returncode == 1
    assert complaint in answer.stderr


def test_every_setting_is_documented():
    code = "".join(
        path.read_text()
        for path in (CHECKOUT / "smartcities" / "settings").glob("*.py")
        if path.name not in ("dev.py", "test.py")
    )
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    documented = set(re.findall(r"`([A-Z_]+)`", (CHECKOUT / "docs" / "operations.md").read_text()))

    assert read - documented == set()


def test_every_setting_that_production_needs_is_in_the_example_and_in_the_compose_file():
    example = (CHECKOUT / ".env.example").read_text()
    compose = (CHECKOUT / "docker-compose.yml").read_text()
    made_by_compose = {"DATABASE_URL", "REDIS_URL"}

    assert [name for name in COMPLETE.keys() - made_by_compose if f"{name}=" not in example] == []
    assert [name for name in COMPLETE if f"{name}:" not in compose] == []
