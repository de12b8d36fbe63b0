"""A worker waits for the database that is migrated for all, and does without where none came of it."""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from tests.database import made


def test_a_worker_waits_for_the_end_of_who_migrates_and_then_looks(tmp_path):
    lock = tmp_path / "lock"
    lock.touch()
    there = urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")
    with ThreadPoolExecutor(2) as others:
        with lock.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            asked = [others.submit(made, name, lock) for name in (there, "killed_before")]
            assert wait(asked, timeout=0.3).done == set()

        assert [one.result(timeout=60) for one in asked] == [True, False]
