import json
import os
import subprocess
import sys

import pytest

from smartcities.tryout.left_overs import Residents, born, only_one
from smartcities.tryout.progress import CannotStart


@pytest.fixture
def sleeper():
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
    )
    yield process
    process.kill()
    process.wait()


def test_a_second_tryout_of_the_same_clone_is_refused_with_the_way_out(folder):
    with only_one(folder), pytest.raises(CannotStart) as problem, only_one(folder):
        pass
    assert str(problem.value) == (
        f"Aus diesem Ordner läuft das Portal schon (Prozess {os.getpid()}).\n"
        "Für ein zweites mit eigenen Daten: make run PORT=8001 PORTAL_VAR=var/zweites"
    )
    with only_one(folder):
        pass


def test_what_a_killed_starter_left_running_is_ended(folder, sleeper):
    record = folder / "residents.json"
    Residents(record).add(sleeper.pid)
    Residents(record).end_all()
    assert sleeper.wait(5) != 0
    assert not record.exists()


def test_a_stranger_who_got_the_same_number_is_left_alone(folder, sleeper):
    record = folder / "residents.json"
    record.write_text(json.dumps({str(sleeper.pid): "of another time"}))
    Residents(record).end_all()
    assert born(sleeper.pid)
    assert sleeper.poll() is None


def test_a_record_that_was_cut_off_is_no_reason_to_fail(folder):
    record = folder / "residents.json"
    record.write_text('{"12')
    Residents(record).end_all()
    assert not record.exists()
