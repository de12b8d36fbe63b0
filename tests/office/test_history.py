"""What the history of the administration keeps of a change, and of people nothing."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.communities.answers import sent_back
from tests.factories import AdvisorFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_of_a_person_who_was_chosen_it_says_that_and_not_whom(admin_client):
    """Their names would outlive their erasure: it looks for the history of the person, not of others."""
    before, after = (UserFactory(is_staff=True, name=name) for name in ("Bente Beck", "Ole Ost"))
    advisor = AdvisorFactory(user=before, daily_maximum=3)
    address = reverse("admin:consulting_advisor_change", args=[advisor.pk])

    sent = sent_back(admin_client, address, user=after.pk, daily_maximum=4)
    assert admin_client.post(address, sent).status_code == 302

    (change,) = json.loads(LogEntry.objects.get().change_message)
    assert change["changed"]["values"] == [["Höchstens … Beratungen am Tag", "3", "4"]]
    assert len(change["changed"]["fields"]) == 2
