"""What Start Smart is, for a person who hears of it for the first time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consulting.actions.booking import HOLD
from consulting.availability import free_slots
from finding.same_for_all import EVERYTHING, same_for_all
from finding.versions import FREE_TIMES
from ground.clock import MORNING_ENDS, in_words


@same_for_all(parts=(*EVERYTHING, FREE_TIMES))
@require_safe
def offer(request: HttpRequest) -> HttpResponse:
    slots = free_slots(now=timezone.now())
    context = {
        "free_times": len({slot.in_full for slot in slots}),
        "next": next(iter(slots), None),
        "held": in_words(HOLD),
        "morning_ends": MORNING_ENDS,
    }
    return render(request, "consulting/offer.html", context)
