"""What the database refuses whatever the code does."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from events.models import Seats
from tests.factories.events import RegistrationFactory, SeatsFactory

pytestmark = pytest.mark.django_db


def test_no_seat_is_sold_twice():
    seats = SeatsFactory(capacity=2, taken=2)

    with (
        pytest.raises(IntegrityError, match="events_seats_never_oversold"),
        transaction.atomic(),
    ):
        Seats.objects.filter(pk=seats.pk).update(taken=F("taken") + 1)


def test_nobody_is_registered_twice():
    registration = RegistrationFactory()

    with (
        pytest.raises(IntegrityError, match="events_one_live_registration_per_person"),
        transaction.atomic(),
    ):
        RegistrationFactory(event=registration.event, email=registration.email)


def test_who_has_cancelled_can_register_again():
    registration = RegistrationFactory(state="abgemeldet", closed_at="2026-01-01T00:00:00Z")

    again = RegistrationFactory(event=registration.event, email=registration.email)

    assert again.is_live
