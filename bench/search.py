"""Measure the search on the real texts, and on a hundred times as many.

    python -m bench search [--times 1] [--times 100]

Prints milliseconds per new search (understanding the words, finding, ranking) over the judged queries, by
what makes them difficult; then per repeated one, per one inside of a filter, and per list of suggestions while
somebody types. On a
busy machine these say little, so beside them: the processor time of this process, and what PostgreSQL
says that its part takes (EXPLAIN ANALYZE, the least of three).
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, action="append")
    options = parser.parse_args()
    django.setup()
    for times in options.times or [1, 14, 100]:
        measure(times)


def measure(times: int) -> None:
    from bench.catalogue import fill  # noqa: PLC0415 - needs the settings
    from bench.database import temporary_database  # noqa: PLC0415 - needs the settings
    from finding.models import SearchDocument, SearchState, SearchWord  # noqa: PLC0415 - the same

    with temporary_database():
        fill(times)
        build = SearchState.objects.get().milliseconds
        print(
            f"\n{SearchDocument.objects.count()} documents, {SearchWord.objects.count()} words, "
            f"built in {build} ms"
        )
        durations, others = timed(), repeated()
        others |= without_waiting()
    print(f"{'':44}{'p50 ms':>8}{'p95 ms':>8}{'longest':>9}")
    everything = [ms for group in durations.values() for ms in group]
    shown = [*durations.items(), ("all, new", everything), *others.items()]
    for name, group in shown:
        group.sort()
        print(
            f"{name:44}{statistics.median(group):8.1f}{group[int(len(group) * 0.95)]:8.1f}"
            f"{group[-1]:9.1f}"
        )


def timed() -> dict[str, list[float]]:
    from finding.search import finding  # noqa: PLC0415 - needs the settings
    from tests.finding.judged_queries import JUDGED  # noqa: PLC0415 - the same queries as the tests

    durations: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        for judged in JUDGED:
            finding._find.cache_clear()
            started = time.perf_counter()
            finding.find(judged.query, kinds=["project", "solution"])
            if number:  # the first round warms PostgreSQL's cache
                milliseconds = (time.perf_counter() - started) * 1000
                durations.setdefault(judged.difficulty, []).append(milliseconds)
    return durations


def repeated() -> dict[str, list[float]]:
    from finding.search import complete, finding  # noqa: PLC0415 - needs the settings
    from tests.finding.judged_queries import JUDGED  # noqa: PLC0415 - the same queries as the tests

    words = [judged.query for judged in JUDGED]
    starts = [word[:length] for word in words for length in (2, 3, 5, 8)]
    finding._find.cache_clear()
    return {
        "the same again": _each(
            [*words, *words], lambda q: finding.find(q, kinds=["project", "solution"])
        )[len(words) :],
        "inside of a filter, new": _each(words, _inside_of_a_filter()),
        "suggestions": _each(starts, complete),
    }


def _inside_of_a_filter() -> Callable[[str], object]:
    """Every third solution, for words that were searched without it before."""
    from finding.models import SearchDocument  # noqa: PLC0415 - needs the settings
    from finding.search import finding  # noqa: PLC0415 - the same

    solutions = SearchDocument.objects.filter(kind="solution").values_list("object_id", flat=True)
    among = {"solution": frozenset(list(solutions)[::3])}
    finding._depth.cache_clear()
    return lambda q: finding.find(q, kinds=["project", "solution"], among=among)


def without_waiting() -> dict[str, list[float]]:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from finding.search import finding  # noqa: PLC0415 - needs the settings
    from tests.finding.judged_queries import JUDGED  # noqa: PLC0415 - the same queries as the tests

    ours, theirs, queries = [], [], []
    used = _backend_milliseconds()
    for judged in JUDGED:
        finding._find.cache_clear()
        finding.find(judged.query, kinds=["project", "solution"])
    print(
        f"PostgreSQL's processor (/proc): {(_backend_milliseconds() - used) / len(JUDGED):.2f} ms "
        "per new search, on average"
    )
    for judged in JUDGED:
        asked: list[tuple] = []

        def keep(execute, sql, params, many, context, asked=asked):
            asked.append((sql, params))
            return execute(sql, params, many, context)

        finding._find.cache_clear()
        started = time.process_time()
        with connection.execute_wrapper(keep):
            finding.find(judged.query, kinds=["project", "solution"])
        ours.append((time.process_time() - started) * 1000)
        theirs.append(sum(min(_explained(*one) for _again in range(3)) for one in asked))
        queries.append(float(len(asked)))
    return {
        "new: processor of this process": ours,
        "new: PostgreSQL by its own account": theirs,
        "new: both together": [one + other for one, other in zip(ours, theirs, strict=True)],
        "new: queries (number)": queries,
    }


def _backend_milliseconds() -> int:
    """What the processor has done for our connection, in ticks of 10 ms; PostgreSQL is on this machine."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) * 10


def _explained(sql: str, params: object) -> float:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        [plan] = cursor.fetchone()[0]
    return plan["Execution Time"] + plan["Planning Time"]


def _each(texts: list[str], act: Callable[[str], object]) -> list[float]:
    durations = []
    for text in texts:
        started = time.perf_counter()
        act(text)
        durations.append((time.perf_counter() - started) * 1000)
    return durations


if __name__ == "__main__":
    main()
