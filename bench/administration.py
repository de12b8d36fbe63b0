"""Measure the lists of the administration beside Django's own list of the same rows, in one run.

A coordinator has ten topic groups (`--groups`) with 1,000 members, results, experiences, mails,
workshops, registrations and minutes; other communities have as many, and there are 11,000
municipalities. Each list is built and rendered as the coordinator gets it (own rows, filters with
their counts), and as a plain `ModelAdmin` without filters would show it to a superuser. Interleaved
rounds; medians.

    python -m bench administration [--rounds 9] [--rows 1000] [--groups 10] [--municipalities 11000]
"""

import argparse
import os
import statistics
import sys
import time
from typing import Any

import django

from bench.database import temporary_database

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

WANTED_MS = 300


def measure(options: argparse.Namespace) -> None:
    from django.contrib import admin  # noqa: PLC0415 - needs the settings

    from communities import models as communities  # noqa: PLC0415 - the same
    from events import models as events  # noqa: PLC0415 - the same

    coordinator, superuser = prepare(options)
    print(f"{'list':16} {'ms':>6} {'longest':>8} {'wanted':>7} {'plain ms':>9} {'to plain':>9}")
    for model in (
        communities.Community,
        communities.Membership,
        communities.Result,
        communities.Experience,
        communities.GroupMessage,
        events.Event,
        events.Registration,
        events.Minutes,
    ):
        plain = admin.ModelAdmin(model, admin.site)
        rounds = [
            (timed(admin.site._registry[model], coordinator), timed(plain, superuser))
            for _round in range(options.rounds + 1)
        ][1:]  # the first of each is not measured
        own, beside = zip(*rounds, strict=True)
        ratio = statistics.median(one / other for one, other in rounds)
        print(
            f"{model.__name__:16} {statistics.median(own):6.0f} {max(own):8.0f} {WANTED_MS:7} "
            f"{statistics.median(beside):9.0f} {ratio:9.2f}"
        )


def timed(model_admin: Any, user: Any) -> float:
    """Milliseconds for the first page, without session and sign-in."""
    from django.test import RequestFactory  # noqa: PLC0415 - needs the settings

    request = RequestFactory().get("/verwaltung/")
    request.user = user
    started = time.perf_counter()
    model_admin.changelist_view(request).render()
    return (time.perf_counter() - started) * 1000


def prepare(options: argparse.Namespace) -> tuple[Any, Any]:
    """A coordinator of many rows beside as many of others, and a superuser."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from accounts.models import User  # noqa: PLC0415 - the same
    from projects.models import Municipality  # noqa: PLC0415 - the same
    from tests.communities.many import grow  # noqa: PLC0415 - the same rows as the tests
    from tests.factories import MunicipalityFactory  # noqa: PLC0415 - the same
    from tests.factories.communities import (  # noqa: PLC0415 - the same
        CommunityFactory,
        CoordinationFactory,
    )

    Municipality.objects.bulk_create(MunicipalityFactory.build_batch(options.municipalities))
    role = CoordinationFactory()
    for community in (role.community, CommunityFactory()):
        grow(community, options.rows, groups=options.groups)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return role.user, User.objects.create_superuser("messung@example.org")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--groups", type=int, default=10)
    parser.add_argument("--municipalities", type=int, default=11_000)
    options = parser.parse_args()
    django.setup()
    with temporary_database():
        measure(options)


if __name__ == "__main__":
    sys.exit(main())
