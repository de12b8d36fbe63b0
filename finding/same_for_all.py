"""Pages that are the same for everybody who has no session, and how long they stay so.

A view promises it; `smartcities.operations.kept_answers` then makes the page once, of a request that
tells nothing of the visitor, and answers all others with it.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from finding.versions import CATALOGUE, COMMUNITIES, EVENTS, Versions

View = Callable[..., HttpResponse]
# Gets the visitor's request and what gives the answer; says around it what concerns this visitor alone.
Visit = Callable[[HttpRequest, Callable[[], HttpResponse]], HttpResponse]
# Gets the versions and the present moment; the moment at which time alone changes something, if any.
Clock = Callable[[Versions, datetime], datetime | None]

EVERYTHING = (CATALOGUE, EVENTS, COMMUNITIES)
# For an answer of which each visitor counts, if only those of one second together.
A_SECOND = 0.9

_clocks: dict[str, Clock] = {}


class Promise(NamedTuple):
    parts: tuple[str, ...]
    seconds: float | None
    visit: Visit | None


def same_for_all(
    *,
    parts: tuple[str, ...] = EVERYTHING,
    seconds: float | None = None,
    visit: Visit | None = None,
) -> Any:
    """Promise that a page shows nothing but these parts of what is public, and the settings.

    It is kept until one of them changes, at most `seconds`, and never beyond midnight. `visit` is asked
    for each visitor, also of an answer that is kept: it may refuse, or add a header to a copy of it.
    """

    def decorate(view: View) -> View:
        view.same_for_all = Promise(parts, seconds, visit)
        return view

    return decorate


def promise_of(view: View) -> Promise | None:
    return getattr(view, "same_for_all", None)


def is_for_all(request: HttpRequest) -> bool:
    """Whether the answer is being made to be kept, of a request that tells nothing of the visitor."""
    return getattr(request, "is_for_all", False)


def shows(request: HttpRequest, part: str) -> None:
    """This one answer is also made of this part (`finding.versions.BESIDE`): another when that changes."""
    request.shown_beside = {*getattr(request, "shown_beside", ()), part}


def parts_of(request: HttpRequest, promise: Promise) -> tuple[str, ...]:
    """All that the answer to this request was made of."""
    return (*promise.parts, *sorted(getattr(request, "shown_beside", ())))


def hold(request: HttpRequest, seconds: float) -> None:
    """This one answer may be kept so long at most."""
    request.holds_seconds = min(seconds, getattr(request, "holds_seconds", seconds))


def clock(part: str, next_change: Clock) -> None:
    """Say when time alone changes what this part shows; called once, in the app's `AppConfig.ready`."""
    _clocks[part] = next_change


def holds_until(
    request: HttpRequest, promise: Promise, versions: Versions, now: datetime
) -> datetime:
    """When the answer that was begun at `now` has to be made anew, whatever else changes."""
    moments = [_midnight_after(now)]
    for seconds in (promise.seconds, getattr(request, "holds_seconds", None)):
        if seconds is not None:
            moments.append(now + timedelta(seconds=seconds))
    for part in parts_of(request, promise):
        moment = part in _clocks and _clocks[part](versions, now)
        if moment:
            moments.append(moment)
    return min(moments)


def _midnight_after(now: datetime) -> datetime:
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
