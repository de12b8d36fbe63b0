"""What holds after everything that anybody does with registrations."""

from django.db.models import Count, Q

from events.models import SEATED, AgendaItem, Registration, RegistrationState, Seats


def assert_counters_tell_the_truth() -> None:
    """The counters equal the rows, nothing is oversold, nobody waits while a seat is free."""
    for seats in Seats.objects.all():
        rows = Registration.objects.filter(event=seats.event_id, mode=seats.mode, contributes=False)
        assert seats.taken == rows.filter(state__in=SEATED).count()
        assert seats.waiting == rows.filter(state=RegistrationState.WAITING).count()
        assert seats.capacity is None or seats.taken <= seats.capacity
        assert seats.waiting <= seats.waiting_limit
        assert not seats.waiting or seats.free == 0
    items = AgendaItem.objects.annotate(
        chosen=Count("choices", filter=Q(choices__registration__state__in=SEATED))
    )
    for item in items:
        assert item.taken == item.chosen
        assert item.capacity is None or item.taken <= item.capacity
