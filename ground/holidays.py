"""Public holidays of Germany: everywhere, and those of one Land."""

from datetime import date
from functools import cache


def holiday(day: date, land: str = "") -> str:
    """The name of the public holiday on this day, "" on any other.

    Without a Land only those count that are holidays in all sixteen.
    """
    return _holidays(land, day.year).get(day, "")


@cache
def _holidays(land: str, year: int) -> dict[date, str]:
    # Only here: the package reads the holidays of 250 countries when it is imported, which takes
    # 0.4 s and 27 MB of each process that wants to know one of ours.
    from holidays.countries.germany import Germany  # noqa: PLC0415 -- see above

    return dict(Germany(subdiv=land or None, years=year, expand=False, language="de"))
