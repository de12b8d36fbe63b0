"""`make run`: the whole portal on one machine, with the real projects, until Ctrl-C."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from smartcities.tryout import demo, processes
from smartcities.tryout.left_overs import Residents, only_one
from smartcities.tryout.postgres import NoPostgres, Postgres, close
from smartcities.tryout.progress import CannotStart, progress, say, seconds
from smartcities.tryout.supervisor import Foundation, Service, Supervisor, wait_until_it_answers
from smartcities.tryout.valkey import NoValkey, Valkey

CHECKOUT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("PORTAL_VAR") or CHECKOUT / "var").absolute()
LOGS = VAR / "log"
ADDRESSES = "addresses.json"


def wanted_address() -> tuple[str, int]:
    host = os.environ.get("PORTAL_HOST") or "127.0.0.1"
    try:
        port = int(os.environ.get("PORT") or 8000)
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


def start_foundations(stack: ExitStack, residents: Residents) -> list[Foundation]:
    """PostgreSQL and Valkey, unless the environment names running ones."""
    foundations = []
    if not os.environ.get("DATABASE_URL"):
        with progress("PostgreSQL starten"):
            postgres = Postgres(VAR / "postgres", log=LOGS / "postgres.log")
            stack.callback(postgres.stop)
            os.environ["DATABASE_URL"] = postgres.start()
        foundations.append(Foundation("PostgreSQL", postgres.log, postgres))
    if not os.environ.get("REDIS_URL"):
        with progress("Valkey starten"):
            valkey = Valkey(log=LOGS / "valkey.log")
            stack.callback(valkey.stop)
            os.environ["REDIS_URL"] = valkey.start()
            residents.add(valkey.pid)
        foundations.append(Foundation("Valkey", valkey.log, valkey))
    return foundations


def write_down_addresses() -> None:
    """For `make manage`, which works on the data of the portal that runs."""
    with open(VAR / ADDRESSES, "w", opener=processes.only_ours) as file:
        # With SITE_URL, so that links in the e-mails of a command lead to this portal.
        names = ("DATABASE_URL", "REDIS_URL", "SITE_URL")
        json.dump({name: os.environ[name] for name in names}, file)


def fill_database() -> None:
    if subprocess.run([sys.executable, "-m", "smartcities.tryout.prepare"], check=False).returncode:
        raise CannotStart("Das Portal konnte nicht eingerichtet werden.")


def portal_processes(host: str, port: int) -> list[Service]:
    celery = [sys.executable, "-m", "celery", "--app", "smartcities"]
    return [
        Service(
            "Der Webserver",
            LOGS / "web.log",
            # One process is enough for one person. More threads than cores are no quicker, because
            # pages compute more than they wait; a second one keeps a slow page from holding up the
            # others. Each thread has one lasting database connection (CONN_MAX_AGE), so threads may
            # idle as long as connections.
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host,
                "--port", str(port), "--workers", "1", "--blocking-threads", "2",
                "--blocking-threads-idle-timeout", "600", "--log-level", "info",
                "smartcities.wsgi:application",
            ],
        ),
        Service(
            "Der Worker",
            LOGS / "worker.log",
            # Visitors first, as in production.
            ["nice", "-n", "10", *celery, "worker", "--loglevel", "INFO", "--concurrency", "2"],
        ),
        Service(
            "Die Zeitsteuerung",
            LOGS / "beat.log",
            [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
        ),
    ]  # fmt: skip


def start_portal(services: list[Service], supervisor: Supervisor, address: str) -> None:
    """The web server first: whoever waits, waits for it. The others share the machine with it."""
    with progress("Webserver, Worker und Zeitsteuerung starten"):
        supervisor.start()
        web = services[0]
        if not wait_until_it_answers(f"http://{address}/healthz", web, seconds=60):
            raise CannotStart(
                f"Der Webserver antwortet nicht. Aus {web.log}:\n{processes.last_lines(web.log)}"
            )


def greet(port: int) -> None:
    say()
    say(f"  Portal:      http://localhost:{port}/")
    say(f"  Verwaltung:  http://localhost:{port}/verwaltung/")
    key = demo.mails_key(os.environ["SECRET_KEY"])
    say(f"  E-Mails:     http://localhost:{port}/ausprobieren/e-mails/?{demo.KEY}={key}")
    say(f"  Protokolle:  {LOGS}")
    say('  Befehle:     make manage ARGS="help"  (in einem zweiten Fenster)')
    say()
    say(demo.table(demo.passwords(demo.password_file(VAR))))
    say()
    say("Strg-C beendet alles.")


def close_to_others() -> None:
    """Mails, logs, passwords and data are read by nobody else on this machine."""
    os.umask(0o077)
    VAR.mkdir(parents=True, exist_ok=True)
    close(VAR)
    for folder in (LOGS, VAR / "mails"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)


def run() -> int:
    began = time.monotonic()
    close_to_others()
    with ExitStack() as stack:
        stack.enter_context(only_one(VAR))
        residents = Residents(VAR / "residents.json")
        residents.end_all()
        host, port = wanted_address()
        os.chdir(CHECKOUT)
        os.environ["PORTAL_VAR"] = str(VAR)
        os.environ["DJANGO_SETTINGS_MODULE"] = "smartcities.settings.dev"
        os.environ.setdefault("SECRET_KEY", secret_key())
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
        say("Das Portal startet.")
        stack.callback(residents.end_all)  # last of all: nothing on record once we have ended
        foundations = start_foundations(stack, residents)
        stack.callback((VAR / ADDRESSES).unlink, missing_ok=True)
        write_down_addresses()
        fill_database()
        services = portal_processes(host, port)
        supervisor = Supervisor(services, say=say, foundations=foundations, on_start=residents.add)
        stack.callback(supervisor.stop)
        start_portal(services, supervisor, f"{host}:{port}")
        try:
            say(f"Bereit nach {seconds(began)}.")
            greet(port)
            result = supervisor.run()
        except KeyboardInterrupt:  # while the greeting is printed: an end like any other
            result = 0
        say("\nDas Portal hält an …")
    say("Alles beendet. Die Daten bleiben.")
    return result


def main() -> int:
    # Until the supervisor takes over, every wish to stop is a Ctrl-C: it undoes what has been started.
    for wish in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, signal.default_int_handler)
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
