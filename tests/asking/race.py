"""What several real processes do with one question at the same moment; see `tests.rivals`."""

from datetime import datetime
from typing import Any


def act(what: str, question: int, version: int, now: datetime) -> str:
    """One step on the version that all have read; what became of it."""
    from asking.actions import answering, asking  # noqa: PLC0415 -- Django is set up here
    from asking.models import AnsweredBy, Helped, Question  # noqa: PLC0415 -- the same
    from ground.refusals import NotPossible, Overtaken  # noqa: PLC0415 -- the same

    read = Question.objects.with_everything().get(pk=question)
    read.version = version
    by = AnsweredBy.PROJECT
    steps: dict[str, Any] = {
        "confirm": lambda: asking.confirm(read, now=now),
        "withdraw": lambda: asking.withdraw(read, now=now),
        "rate": lambda: asking.rate(read, helped=Helped.YES, now=now),
        "answer": lambda: answering.answer(read, text="Ja.", by=by, now=now),
        "call": lambda: answering.note_call(read, on=now.date(), by=by, now=now),
        "advice": lambda: answering.make_request(read, land="BY", stage="anfang", now=now),
        "publish": lambda: answering.publish(read, text="Wie?", answer="So.", now=now),
    }
    try:
        steps[what]()
    except (Overtaken, NotPossible):
        return "too late"
    return what


def clock(now: datetime) -> tuple[int, int]:
    from asking.actions import answering  # noqa: PLC0415 -- Django is set up here

    return answering.remind(now=now), answering.pass_on(now=now)


def ask(project: int, municipality: int, address: str, now: datetime) -> int:
    """The same form as others send; which question it became."""
    from asking.actions import asking  # noqa: PLC0415 -- Django is set up here
    from projects.models import Municipality, Project  # noqa: PLC0415 -- the same

    asked = asking.Asked(
        project=Project.objects.get(pk=project),
        municipality=Municipality.objects.get(pk=municipality),
        text="Wie lange?",
        situation="Drei Bäche.",
        name="Rosa Rat",
        email=address,
    )
    return asking.ask(asked, now=now).pk
