"""Measure the search on the real texts, and on a hundred times as many.

    python -m bench search [--times 1] [--times 100]

Prints milliseconds per new search (understanding the words, finding, ranking) over the judged queries, by
what makes them difficult; then per repeated one, and per list of suggestions while somebody types.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

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
        "suggestions": _each(starts, complete),
    }


def _each(texts: list[str], act: Callable[[str], object]) -> list[float]:
    durations = []
    for text in texts:
        started = time.perf_counter()
        act(text)
        durations.append((time.perf_counter() - started) * 1000)
    return durations


if __name__ == "__main__":
    main()
