"""What several real processes do with registrations at the same moment; see `tests.rivals`."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError

from ground.refusals import Overtaken


def register(
    event: int, mode: str, numbers: list[int], now: datetime, submission: UUID | None = None
) -> list[tuple[int, str]]:
    """One form for each number; for each: the number and what became of it."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process
    from events.models import Event  # noqa: PLC0415 -- the same

    chosen = Event.objects.get(pk=event)
    answers = []
    for number in numbers:
        person = actions.Person(f"Person {number}", f"person-{number}@musterdorf.example")
        try:
            result = actions.register(
                chosen, [person], mode, submission=submission or uuid4(), now=now
            )
            answers.append((number, str(result.state)))
        except actions.Full:
            answers.append((number, "told"))
    return answers


def register_outcome(event: int, mode: str, address: str, now: datetime, ip: str) -> str:
    """One form for one person, and what becomes of it."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process
    from events.models import Event  # noqa: PLC0415 -- the same

    chosen, people = Event.objects.get(pk=event), [actions.Person("Eva", address)]
    return _outcome(
        lambda: actions.register(chosen, people, mode, submission=uuid4(), ip=ip, now=now)
    )


def take_call(event: int, mode: str, number: int, now: datetime) -> list[tuple[int, str]]:
    """A host registers a caller, at the moment at which others register themselves."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process
    from events.actions import desk  # noqa: PLC0415 -- the same
    from events.models import Event  # noqa: PLC0415 -- the same

    person = actions.Person(f"Person {number}", f"person-{number}@musterdorf.example")
    try:
        row = desk.enter(Event.objects.get(pk=event), desk.Entry(person, mode, uuid4()), now=now)
    except actions.Full:
        return [(number, "told")]
    return [(number, str(row.state))]


def call_or_register(
    is_call: bool, event: int, mode: str, number: int, now: datetime
) -> list[tuple[int, str]]:
    if is_call:
        return take_call(event, mode, number, now)
    return register(event, mode, [number], now)


def want_workshop(event: int, mode: str, item: int, address: str, now: datetime) -> str:
    """Send a form that was filled in while there was room; what its page says."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process
    from events.models import AgendaItem, Event  # noqa: PLC0415 -- the same

    details = actions.Details(sessions=[AgendaItem.objects.get(pk=item)])
    people = [actions.Person("Jemand", address)]
    chosen = Event.objects.get(pk=event)
    try:
        return str(
            actions.register(
                chosen, people, mode, submission=uuid4(), details=details, now=now
            ).state
        )
    except actions.SessionFull:
        return "full"


def cancel(registration: int, now: datetime) -> str:
    from events import actions  # noqa: PLC0415 -- Django is set up in the process

    return _outcome(lambda: actions.cancel(_read(registration), now=now))


def raise_capacity(seats: int, by: int, now: datetime) -> int:
    from events import actions  # noqa: PLC0415 -- Django is set up in the process
    from events.models import Seats  # noqa: PLC0415 -- the same

    row = Seats.objects.select_related("event").get(pk=seats)
    return len(actions.raise_capacity(row, by=by, now=now))


def switch_back_and_forth(registrations: list[int], now: datetime) -> list[str]:
    """Each of these people changes to the other mode, and back, and there again."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process

    answers = []
    for _time in range(3):
        for pk in registrations:
            read = _read(pk)
            other = "online" if read.mode == "vor-ort" else "vor-ort"
            answers.append(
                _outcome(lambda read=read, other=other: actions.switch_mode(read, other, now=now))
            )
    return answers


def come_and_go(event: int, mode: str, numbers: list[int], now: datetime) -> list[str]:
    """Register, change, confirm, cancel, everything that touches the counters, in a row."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process
    from events.models import AgendaItem, Event  # noqa: PLC0415 -- the same

    chosen = Event.objects.get(pk=event)
    items = list(AgendaItem.objects.filter(event=event).order_by("pk"))
    answers = []
    for number in numbers:
        person = actions.Person(f"Person {number}", f"person-{number}@musterdorf.example")
        details = actions.Details(sessions=items[number % 2 :: 2])

        def whole_way(person=person, details=details, number=number) -> None:
            (row,) = actions.register(
                chosen, [person], mode, submission=uuid4(), details=details, now=now
            ).people
            row = actions.confirm(_read(row.pk), now=now)
            turned = actions.Details(sessions=items[(number + 1) % 2 :: 2])
            actions.change(_read(row.pk), name="Anders", details=turned, now=now)
            if number % 3:
                actions.cancel(_read(row.pk), now=now)

        answers.append(_outcome(whole_way))
    return answers


def release(now: datetime) -> int:
    from events import actions  # noqa: PLC0415 -- Django is set up in the process

    return actions.release_expired(now=now)


def confirm_or_release(registration: int, confirming: bool, before: datetime, after: datetime):
    """Half of the processes confirm in the last second, the others release in the next."""
    from events import actions  # noqa: PLC0415 -- Django is set up in the process

    if confirming:
        return _outcome(lambda: actions.confirm(_read(registration), now=before))
    return str(actions.release_expired(now=after))


def _read(pk: int) -> Any:
    from events.models import Registration  # noqa: PLC0415 -- Django is set up in the process

    return Registration.objects.select_related("event").get(pk=pk)


def _outcome(action: Any) -> str:
    from events import actions  # noqa: PLC0415 -- Django is set up in the process

    try:
        action()
    except actions.Full:
        return "full"
    except actions.SessionFull:
        return "session full"
    except (Overtaken, actions.TooLate):
        return "changed"
    except IntegrityError:
        return "an error"
    return "done"


def register_five(event: int, mode: str, number: int, now: datetime, ip: str) -> str:
    """One form with four colleagues."""
    from accounts.guard import TooMany  # noqa: PLC0415 -- Django is set up in the process
    from events import actions  # noqa: PLC0415 -- the same
    from events.models import Event  # noqa: PLC0415 -- the same

    people = [actions.Person("Jemand", f"p-{number}-{one}@musterdorf.example") for one in range(5)]
    try:
        actions.register(
            Event.objects.get(pk=event), people, mode, submission=uuid4(), ip=ip, now=now
        )
    except TooMany:
        return "too many"
    return "registered"


def count_up(what: str, times: int, now: datetime) -> list[int]:
    from datetime import timedelta  # noqa: PLC0415 -- only here

    from accounts.guard import tally  # noqa: PLC0415 -- Django is set up in the process

    return [tally(what, every=timedelta(minutes=1), now=now) for _time in range(times)]
