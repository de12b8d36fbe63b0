from datetime import timedelta

import pytest

from accounts.guard import Sender, TooMany
from consulting.actions.booking import GUARD
from tests.factories import ConsultationRequestFactory, MunicipalityFactory
from tests.factories.consulting import NOW


@pytest.mark.django_db
def test_an_address_may_have_three_running_requests_whatever_it_adds_to_its_name():
    for _number in range(3):
        ConsultationRequestFactory(email="eva@stadt.example")
    GUARD.check(Sender("adam@stadt.example"), now=NOW)

    with pytest.raises(TooMany, match="Von dieser E-Mail-Adresse"):
        GUARD.check(Sender("Eva+neu@stadt.example"), now=NOW)


@pytest.mark.django_db
def test_a_mailbox_may_be_sent_from_five_times_a_day_even_if_all_are_cancelled():
    for _number in range(5):
        ConsultationRequestFactory(cancelled=True, email="eva@stadt.example")

    with pytest.raises(TooMany):
        GUARD.check(Sender("Eva+neu@stadt.example"), now=NOW + timedelta(hours=23))

    GUARD.check(Sender("eva@stadt.example"), now=NOW + timedelta(hours=25))


@pytest.mark.django_db
def test_a_municipality_may_have_ten_running_requests():
    municipality = MunicipalityFactory()
    for _number in range(10):
        ConsultationRequestFactory(municipality=municipality)
    GUARD.check(Sender("eva@stadt.example", about=MunicipalityFactory()), now=NOW)

    with pytest.raises(TooMany, match="Aus Ihrer Kommune"):
        GUARD.check(Sender("eva@stadt.example", about=municipality), now=NOW)


@pytest.mark.django_db
def test_checking_costs_the_same_number_of_queries_always(django_assert_num_queries):
    municipality = MunicipalityFactory()
    for _number in range(2):
        ConsultationRequestFactory(municipality=municipality, email="eva@stadt.example")

    with django_assert_num_queries(4):  # by address twice, by municipality, by network
        GUARD.check(Sender("eva@stadt.example", "192.0.2.7", municipality), now=NOW)
