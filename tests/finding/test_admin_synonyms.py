"""Which words mean the same, the editors say."""

import pytest
from django.urls import reverse

from finding.models import Synonyms

pytestmark = pytest.mark.django_db

LIST = reverse("admin:finding_synonyms_changelist")


def test_editors_add_find_and_change_words(admin_client):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Bus, ÖPNV")
    admin_client.post(reverse("admin:finding_synonyms_add"), {"words": "Twin, Zwilling"})
    answer = admin_client.get(LIST, {"q": "zwill"})
    (group,) = answer.context["cl"].result_list
    assert group.words == "Twin, Zwilling"
    address = reverse("admin:finding_synonyms_change", args=[group.pk])
    seen = admin_client.get(address).context["seen"]
    admin_client.post(address, {"words": "Digitaler Zwilling, Twin", "_seen": seen})
    group.refresh_from_db()
    assert group.words == "Digitaler Zwilling, Twin"
