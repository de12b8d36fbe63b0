"""What several real processes do with slots and requests at the same moment; see `tests.rivals`."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from ground.refusals import Overtaken


def submit(slots: Sequence[int], first: int, now: datetime) -> list[tuple[int, str, int]]:
    """Send one form per slot; for each: the slot, "held" or "taken", the number of next times."""
    from consulting import actions  # noqa: PLC0415 -- Django is set up in `_start`

    answers = []
    for number, slot in enumerate(slots, start=first):
        request = _form(number)
        typed = (request.question, request.email, request.contact_name)
        try:
            actions.submit(request, slot=_slot(slot), now=now)
            answers.append((slot, "held", 0))
        except actions.SlotTaken as taken:
            assert typed == (request.question, request.email, request.contact_name)
            answers.append((slot, "taken", len(taken.next_times)))
    return answers


def book(slot: int, number: int, by: int | None, now: datetime) -> str:
    """One form each for the same time: `by` a colleague on the phone, or by the public form."""
    from accounts.models import User  # noqa: PLC0415 -- Django is set up in `_start`
    from consulting import actions  # noqa: PLC0415 -- the same

    colleague = by and User.objects.get(pk=by)
    slot_read = _slot(slot)
    return _outcome(lambda: actions.submit(_form(number), slot=slot_read, by=colleague, now=now))


def hand_over(request: int, to: int, by: int, now: datetime) -> str:
    from accounts.models import User  # noqa: PLC0415 -- Django is set up in `_start`
    from consulting import actions  # noqa: PLC0415 -- the same
    from consulting.models import ConsultationRequest  # noqa: PLC0415 -- the same

    read = ConsultationRequest.objects.get(pk=request)
    people = User.objects.in_bulk([to, by])
    time.sleep(0.1)  # all have the page open before the first presses the button
    return _outcome(lambda: actions.hand_over(read, to=people[to], by=people[by], now=now))


def click(form_token: str, slot: int | None, now: datetime) -> int:
    """Send the same form as others do, and return which request it became."""
    from consulting import actions  # noqa: PLC0415 -- Django is set up in `_start`

    request = _form(1)
    request.form_token = form_token
    return actions.submit(request, slot=slot and _slot(slot), now=now).pk


def schedule(request: int, slot: int, by: int, now: datetime) -> str:
    from accounts.models import User  # noqa: PLC0415 -- Django is set up in `_start`
    from consulting import actions  # noqa: PLC0415 -- the same
    from consulting.models import ConsultationRequest  # noqa: PLC0415 -- the same

    read = ConsultationRequest.objects.get(pk=request)
    time.sleep(0.1)  # all have the page open before the first presses the button
    return _outcome(
        lambda: actions.schedule(read, slot=_slot(slot), by=User.objects.get(pk=by), now=now)
    )


def reschedule(request: int, slot: int, now: datetime) -> str:
    from consulting import actions  # noqa: PLC0415 -- Django is set up in `_start`
    from consulting.models import ConsultationRequest  # noqa: PLC0415 -- the same

    read = ConsultationRequest.objects.get(pk=request)
    return _outcome(lambda: actions.reschedule(read, slot=_slot(slot), now=now))


def confirm(request: int, now: datetime) -> str:
    from consulting import actions  # noqa: PLC0415 -- Django is set up in `_start`
    from consulting.models import ConsultationRequest  # noqa: PLC0415 -- the same

    read = ConsultationRequest.objects.get(pk=request)
    return _outcome(lambda: actions.confirm(read, now=now))


def release(now: datetime) -> int:
    from consulting import actions  # noqa: PLC0415 -- Django is set up in `_start`

    return actions.release_expired(now=now)


def hold_or_confirm(request: int, slot: int, confirming: bool, now: datetime) -> str:
    """Half of the processes confirm, the other half want the time as soon as it lapses."""
    if confirming:
        return "confirm " + confirm(request, now)
    ((_slot, outcome, _next),) = submit([slot], 1, now)
    return "submit " + outcome


def remind(now: datetime) -> int:
    from consulting.mail import reminders  # noqa: PLC0415 -- Django is set up in `_start`

    return reminders.remind(now=now)


def _outcome(action: Callable[[], Any]) -> str:
    from consulting import actions  # noqa: PLC0415 -- Django is set up in `_start`

    try:
        action()
    except actions.SlotTaken:
        return "taken"
    except Overtaken:
        return "overtaken"
    return "done"


def _slot(pk: int) -> Any:
    from consulting.models import Slot  # noqa: PLC0415 -- Django is set up in `_start`

    return Slot.objects.select_related("advisor").get(pk=pk)


def _form(number: int) -> Any:
    from consulting.models import ConsultationRequest  # noqa: PLC0415 -- Django is set up in `_start`

    return ConsultationRequest(
        municipality_name="Musterdorf",
        land="BY",
        building_blocks=["initialberatung"],
        stage="anfang",
        question="Womit fangen wir an?",
        contact_name="Eva Beispiel",
        email=f"rival-{number}@musterdorf.example",
    )
