"""Production refuses to start half-configured, and every setting is documented."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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


# What Django's own check asks of a portal that is reached by TLS alone, and what is stricter here.
CLOSED = {
    "DEBUG": False,
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SECURE": True,
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
    "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    # Who watches over the containers asks without TLS.
    "SECURE_REDIRECT_EXEMPT": ["^healthz$", "^readyz$"],
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": True,
    "STAFF_MFA_REQUIRED": True,
    "X_FRAME_OPTIONS": "DENY",
}
TELL = """
import json
from smartcities.settings import production
names = [one for one in dir(production) if one.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_"))]
names += ["DEBUG", "STAFF_MFA_REQUIRED", "X_FRAME_OPTIONS"]
print(json.dumps({name: getattr(production, name) for name in names}))
"""


def start(
    environment: dict[str, str], code: str = "from smartcities.settings import production"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_settings_start_closed_whatever_else_is_asked_for():
    answer = start(COMPLETE | {"STAFF_MFA_REQUIRED": "false", "DEBUG": "true"}, TELL)

    assert answer.returncode == 0
    assert json.loads(answer.stdout) == CLOSED


def test_nobody_reads_the_e_mails_of_a_real_portal():
    """The try-out has a page with all of them. No variable opens it, only a line of code could."""
    shown = "from smartcities.settings import base; base.SHOWS_ITS_MAILS = True\n"
    answer = start(COMPLETE, f"{shown}from smartcities.settings import production")

    assert answer.returncode == 1
    assert "SHOWS_ITS_MAILS is for the try-out alone" in answer.stderr


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


def read_by_production() -> set[str]:
    code = "".join(
        path.read_text()
        for path in (CHECKOUT / "smartcities" / "settings").glob("*.py")
        if path.name not in ("dev.py", "test.py")
    )
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))


def test_the_table_of_settings_names_what_the_code_reads_and_nothing_else():
    text = (CHECKOUT / "docs" / "operations.md").read_text()
    table = text.partition("## Settings")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", table, re.MULTILINE)
    documented = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}

    assert documented == read_by_production()


def test_every_setting_reaches_the_containers():
    """Written into `.env`, it would have no effect otherwise."""
    compose = (CHECKOUT / "docker-compose.yml").read_text()
    dockerfile = (CHECKOUT / "Dockerfile").read_text()
    passed_on = set(re.findall(r"^ +([A-Z_]+):", compose, re.MULTILINE))
    set_by_the_image = {name for name in ("PORTAL_VAR", "MEDIA_ROOT") if f"{name}=" in dockerfile}
    # Production asks for the second factor whatever this says.
    without_effect = {"STAFF_MFA_REQUIRED"}

    assert read_by_production() - passed_on - set_by_the_image - without_effect == set()


def test_what_the_code_reads_beside_itself_is_in_the_image():
    copied = re.findall(r"^COPY (.+) \S+$", (CHECKOUT / "Dockerfile").read_text(), re.MULTILINE)
    there = {Path(name).name for line in copied for name in line.split()}
    read = {
        name
        for app in there
        for file in (CHECKOUT / app).rglob("*.py")
        for name in re.findall(r'settings\.BASE_DIR / "([^"]+)"', file.read_text())
    }
    assert "pyproject.toml" in read
    # A checkout has it, and the image does without.
    assert read - there == {".git"}


def test_compose_starts_each_part_once_with_a_look_at_its_health_and_no_password():
    services = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]

    # The catcher of e-mails is for development and starts only if it is asked for.
    assert services.pop("mailcatcher")["profiles"] == ["development"]
    assert set(services) == {"migrate", "proxy", "web", "worker", "beat", "postgres", "valkey"}
    assert services["migrate"]["restart"] == "no"
    # The image brings the check of `web` along.
    assert all("healthcheck" in services[name] for name in services if name != "web")
    assert "HEALTHCHECK" in (CHECKOUT / "Dockerfile").read_text()
    passwords = [
        value
        for service in services.values()
        for name, value in service["environment"].items()
        if re.search("PASSWORD|SECRET_KEY$|AUTH", name)
    ]
    assert len(passwords) >= 4
    assert all(re.fullmatch(r"\$\{\w+:\?[^}]+\}", value) for value in passwords)


def test_every_setting_that_production_needs_is_in_the_example_and_in_the_compose_file():
    example = (CHECKOUT / ".env.example").read_text()
    compose = (CHECKOUT / "docker-compose.yml").read_text()
    made_by_compose = {"DATABASE_URL", "REDIS_URL"}

    assert [name for name in COMPLETE.keys() - made_by_compose if f"{name}=" not in example] == []
    assert [name for name in COMPLETE if f"{name}:" not in compose] == []
