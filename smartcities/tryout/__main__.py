"""`make run`: the whole portal on one machine, with the real projects, until Ctrl-C."""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from smartcities.tryout import processes
from smartcities.tryout.postgres import NoPostgres, Postgres
from smartcities.tryout.supervisor import (
    Service,
    Supervisor,
    run_to_the_end,
    wait_until_it_answers,
)
from smartcities.tryout.valkey import NoValkey, Valkey

CHECKOUT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("PORTAL_VAR") or CHECKOUT / "var")
LOGS = VAR / "log"


class CannotStart(Exception):
    """Something a person has to mend; the message says what, in German."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show what is being done and how long it took."""
    print(f"  {what + ' …':44}", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("gescheitert")
        raise
    say(f"{time.monotonic() - started:.1f} s".replace(".", ","))


def wanted_address() -> tuple[str, int]:
    host = os.environ.get("HOST", "127.0.0.1")
    try:
        port = int(os.environ.get("PORT", "8000"))
    except ValueError as error:
        raise CannotStart("PORT muss eine Zahl sein, zum Beispiel: make run PORT=8080") from error
    if not 0 < port < 65536:
        raise CannotStart("PORT muss zwischen 1 und 65535 liegen, zum Beispiel: make run PORT=8080")
    if processes.port_is_taken(host, port):
        raise CannotStart(
            f"Port {port} ist schon belegt, vielleicht von einem zweiten Portal.\n"
            f"Mit einem anderen starten: make run PORT={port + 1}"
        )
    return host, port


def secret_key() -> str:
    """The key of this clone: random, kept so that people stay signed in over a restart."""
    file = VAR / "secret-key"
    if not file.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(60))
    return file.read_text().strip()


def start_foundations(stack: ExitStack) -> list[tuple]:
    """PostgreSQL and Valkey, unless the environment names running ones."""
    foundations = []
    if "DATABASE_URL" not in os.environ:
        with step("PostgreSQL starten"):
            postgres = Postgres(VAR / "postgres", log=LOGS / "postgres.log")
            stack.callback(postgres.stop)
            os.environ["DATABASE_URL"] = postgres.start()
        foundations.append(("PostgreSQL", postgres.is_running))
    if "REDIS_URL" not in os.environ:
        with step("Valkey starten"):
            valkey = Valkey(log=LOGS / "valkey.log")
            stack.callback(valkey.stop)
            os.environ["REDIS_URL"] = valkey.start()
        foundations.append(("Valkey", valkey.is_running))
    return foundations


def prepare(what: str, *command: str) -> str:
    with step(what):
        done = run_to_the_end([sys.executable, *command], log=LOGS / "setup.log")
        if done.returncode:
            raise CannotStart(f"Gescheitert: {what}\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def portal_processes(host: str, port: int) -> list[Service]:
    celery = [sys.executable, "-m", "celery", "--app", "smartcities"]
    return [
        Service(
            "Der Webserver",
            # One process is enough for a try-out. Its threads live on, and with them their database
            # connections (CONN_MAX_AGE).
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host,
                "--port", str(port), "--workers", "1", "--blocking-threads", "4",
                "--blocking-threads-idle-timeout", "600", "--log-level", "info",
                "smartcities.wsgi:application",
            ],
            LOGS / "web.log",
        ),
        Service(
            "Der Worker",
            [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"],
            LOGS / "worker.log",
        ),
        Service(
            "Die Zeitsteuerung",
            [*celery, "beat", "--loglevel", "INFO", "--schedule", str(VAR / "beat"), "--pidfile="],
            LOGS / "beat.log",
        ),
    ]  # fmt: skip


def run() -> int:
    host, port = wanted_address()
    began = time.monotonic()
    os.chdir(CHECKOUT)
    os.environ["PORTAL_VAR"] = str(VAR)
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartcities.settings.dev"
    os.environ.setdefault("SECRET_KEY", secret_key())
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    say("Das Portal startet.")
    with ExitStack() as stack:
        foundations = start_foundations(stack)
        prepare("Tabellen anlegen", "manage.py", "migrate", "--no-input")
        prepare("Tabelle für Sperrfristen anlegen", "manage.py", "createcachetable")
        prepare("Projekte des Netzwerks laden", "manage.py", "load_network")
        logins = prepare("Zugänge zum Ausprobieren anlegen", "-m", "smartcities.tryout.demo")
        services = portal_processes(host, port)
        supervisor = Supervisor(services, say=say, foundations=foundations)
        stack.callback(supervisor.stop)
        with step("Web, Worker und Zeitsteuerung starten"):
            supervisor.start()
            if not wait_until_it_answers(f"http://{host}:{port}/healthz", services[0], seconds=60):
                log = services[0].log
                raise CannotStart(
                    f"Der Webserver antwortet nicht. Aus {log}:\n{processes.last_lines(log)}"
                )
        say(f"Bereit nach {time.monotonic() - began:.1f} s.".replace(".", ",", 1))
        say()
        say(f"  Portal:      http://localhost:{port}/")
        say(f"  Verwaltung:  http://localhost:{port}/verwaltung/")
        say(f"  E-Mails:     {VAR / 'mails'}  (jede ist dort eine Datei)")
        say(f"  Protokolle:  {LOGS}")
        say()
        say(logins.rstrip())
        say()
        say("Strg-C beendet alles.")
        result = supervisor.run()
        say("\nDas Portal hält an …")
    say("Alles beendet. Die Daten bleiben.")
    return result


def main() -> int:
    try:
        return run()
    except (CannotStart, NoPostgres, NoValkey) as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nAbgebrochen.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
