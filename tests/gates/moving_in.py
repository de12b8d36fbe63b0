"""The lived-in portal is made once and then put back, row by row, for each test that wants it.

Making it takes some four seconds of the processor, putting it back a tenth of that. A copy is only put
back beside the permissions and roles that it was made with, and only for some minutes: it is full of
dates that count from when it was made.
"""

import copy
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from finding.search import refresh
from tests.gates.lived_in import LivedIn, move_in
from tests.rows import (
    contents,
    copied,
    keep_counted,
    may_pass_triggers,
    past_triggers,
    paste,
    with_rows,
)

GOOD_FOR = timedelta(minutes=20)
# Written by migrating, and the same beside every copy.
OF_MIGRATING = ["auth_group", "auth_group_permissions", "auth_permission", "django_content_type"]


@dataclass(frozen=True)
class Copy:
    made_at: datetime
    beside: Any
    rows: dict[str, bytes]
    files: Path
    home: LivedIn

    def fits(self, cursor: Any, now: datetime) -> bool:
        is_new = abs(now - self.made_at) < GOOD_FOR
        return is_new and self.beside == contents(cursor, OF_MIGRATING)


class Kept:
    copy: Copy | None = None


def lived_in(media: Path, keep_in: Path) -> LivedIn:
    """The portal of `lived_in.move_in` with the shipped network, and its files in `media`."""
    now = timezone.now()
    with connection.cursor() as cursor:
        kept = Kept.copy
        if kept and kept.fits(cursor, now):
            _put_back(cursor, kept.rows)
            shutil.copytree(kept.files, media)
            return _another(kept.home)
        call_command("load_network", verbosity=0)
        refresh()
        home = move_in()
        if may_pass_triggers(cursor):
            shutil.copytree(media, keep_in)
            beside = contents(cursor, OF_MIGRATING)
            rows = copied(cursor, with_rows(cursor, _tables()))
            keep_counted(cursor, rows)
            Kept.copy = Copy(now, beside, rows, keep_in, _another(home))
        return home


def _another(home: LivedIn) -> LivedIn:
    """The same portal for another test, which may sign people out and open more pages."""
    clients = {who: Client() for who in home.clients}
    for who, client in clients.items():
        client.cookies = copy.deepcopy(home.clients[who].cookies)
    return LivedIn(
        clients,
        set(home.shown),
        *map(list, (home.pages, home.links, home.private, home.behind_forms)),
    )


def _tables() -> list[str]:
    every = connection.introspection.django_table_names(only_existing=True)
    return sorted(set(every) - set(OF_MIGRATING))


def _put_back(cursor: Any, rows: dict[str, bytes]) -> None:
    with past_triggers(cursor):
        for table in with_rows(cursor, _tables()):
            cursor.execute(f'DELETE FROM "{table}"')
        paste(cursor, rows)
