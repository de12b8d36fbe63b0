"""What several real processes do with one statement at the same moment; see `tests.rivals`."""

from datetime import datetime
from typing import Any


def act(what: str, statement: int, version: int, now: datetime) -> str:
    """One step on the version that all have read; what became of it."""
    from ground.refusals import NotPossible, Overtaken  # noqa: PLC0415 -- Django is set up here
    from projects.actions import judging, stating  # noqa: PLC0415 -- the same
    from projects.models import ReuseStatement  # noqa: PLC0415 -- the same

    read = ReuseStatement.objects.with_everything().get(pk=statement)
    read.version = version
    steps: dict[str, Any] = {
        "confirm": lambda: stating.confirm(read, now=now),
        "withdraw": lambda: stating.withdraw(read, now=now),
        "change": lambda: stating.change(read, read.facts | {"how": "Anders."}, now=now),
        "agree": lambda: judging.agree(read, text="Ja.", now=now),
        "object": lambda: judging.object_to(read, text="Nein.", now=now),
        "question": lambda: judging.question(read, text="Wie?", now=now),
        "publish": lambda: judging.publish(read, now=now),
        "refuse": lambda: judging.refuse(read, reason="Nein.", now=now),
    }
    try:
        steps[what]()
    except (Overtaken, NotPossible):
        return "too late"
    return what


def run(what: str, now: datetime) -> int:
    """One of the tasks that the clock starts; how many rows it has dealt with."""
    from projects.actions import judging, owning, stating  # noqa: PLC0415 -- Django is set up here

    tasks = {
        "pass_on": judging.pass_on,
        "ask": stating.ask_whether_still_true,
        "ask_owners": owning.ask,
        "remind_owners": owning.remind,
    }
    return tasks[what](now=now)


def still_true(asked: int, marks: list[str], now: datetime) -> int:
    """What an owner says with one click; for how many sheets it was news."""
    from projects.actions import owning  # noqa: PLC0415 -- Django is set up here
    from projects.models import OwnerAsk  # noqa: PLC0415 -- the same

    asks = OwnerAsk.objects.select_related("user")
    return len(owning.say_still_true(asks.get(pk=asked), marks, now=now))


def state(solution: int, municipality: int, address: str, now: datetime) -> int:
    """The same form as others send; which statement it became."""
    from projects.actions import stating  # noqa: PLC0415 -- Django is set up here
    from projects.models import Municipality, Solution  # noqa: PLC0415 -- the same

    stated = stating.Stated(
        solution=Solution.objects.get(pk=solution),
        municipality=Municipality.objects.get(pk=municipality),
        written="",
        email=address,
        facts={"is_planned": False, "how": "Im Bauhof."},
    )
    return stating.state(stated, now=now).pk
