"""The office in a browser: readable for everybody, on every screen, in the dark too."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from consulting.models import AccessNeeds, ConsultationRequest, State
from tests.browser import PHONE, axe, barriers
from tests.consulting.test_admin import in_days, move, stored, town
from tests.consulting.test_admin import page as page_of
from tests.factories import (
    AdvisorFactory,
    SlotSeriesFactory,
    SolutionFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = reverse("admin:consulting_consultationrequest_changelist")


@pytest.fixture
def office(sign_in, page):
    user = UserFactory(is_staff=True, name="Olga Office")
    user.groups.set(Group.objects.filter(name="Start Smart"))
    sign_in(page, user)
    return page


@pytest.fixture
def rows():
    advisor, today = AdvisorFactory(name="Anna Beraterin"), timezone.localdate()
    theme = ThemeFactory(name="Mobilität")
    late = stored(
        municipality=town("Unterdießen"),
        due_on=today - timedelta(days=3),
        wishes="Am liebsten dienstags",
    )
    late.themes.add(theme)
    late.notes.create(text="Ruft Montag wieder an.")
    AccessNeeds.objects.create(request=late, text="Gebärdensprache")
    agreed = stored(municipality=town("Jena"), confirmed=True, slot=in_days(-1, advisor=advisor))
    done = stored(municipality=town("Ulm"), done=True, slot=in_days(-9, advisor=advisor))
    done.recommended_solutions.add(SolutionFactory(name="Digitaler Zwilling"))
    for days in (5, 6, 7):
        in_days(days, advisor=advisor)
    series = SlotSeriesFactory(advisor=advisor, first_on=today, last_on=today + timedelta(days=40))
    series.breaks.create(first_on=today, last_on=today + timedelta(days=8), label="Ferien")
    return {"late": late, "agreed": agreed, "done": done, "series": series}


def addresses(rows):
    series = rows["series"]
    yield QUEUE
    yield reverse("admin:consulting_consultationrequest_phone")
    yield page_of(rows["late"])
    yield page_of(rows["done"])
    yield move(rows["late"], "vorschlagen")
    yield move(rows["late"], "ablehnen")
    yield move(rows["agreed"], "stattgefunden")
    yield move(rows["done"], "ergebnis")
    yield reverse("admin:consulting_slotseries_add")
    yield reverse("admin:consulting_slotseries_change", args=[series.pk])
    yield reverse("admin:consulting_slotseries_preview", args=[series.pk])
    yield reverse("admin:consulting_slot_changelist")
    yield reverse("admin:consulting_slot_add")
    yield reverse("admin:consulting_advisor_change", args=[series.advisor.pk])
    yield reverse("admin:statistics")
    yield reverse("admin:consulting_retention")


def test_no_page_of_the_office_has_a_barrier_that_a_program_can_find(office, rows, complaints):
    complaints.allow("inline style")  # axe tries, and our policy refuses
    found = {}
    for address in addresses(rows):
        office.goto(address)
        found[address] = barriers(office)
    office.goto(move(rows["late"], "ablehnen"))
    office.get_by_role("button", name="Anfrage ablehnen").click()
    office.get_by_text("Bitte füllen Sie dieses Feld aus.").first.wait_for()
    found["errors"] = barriers(office)
    office.goto(QUEUE)
    office.locator("#action-toggle").check()
    office.locator("select[name=action]").select_option(label="Selbst übernehmen")
    office.get_by_role("button", name="Ausführen").click()
    office.get_by_role("button", name="Übernehmen").wait_for()
    found["confirmation"] = barriers(office)
    assert {address: findings for address, findings in found.items() if findings} == {}


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_the_filters_of_a_list_are_easy_to_hit_on_a_phone(office, rows):
    office.goto(QUEUE)

    assert axe(office, within="#changelist-filter", rules=["target-size"]) == []


def test_a_time_is_proposed_without_scripts(no_javascript, sign_in, rows):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Start Smart"))
    sign_in(no_javascript, user)
    no_javascript.goto(page_of(rows["late"]))
    no_javascript.get_by_role("link", name="Anderen Termin vorschlagen").click()
    no_javascript.get_by_role("radio").first.check()
    no_javascript.get_by_role("button", name="Anderen Termin vorschlagen").click()
    no_javascript.get_by_text("Der Vorschlag geht per E-Mail hinaus.").wait_for()
    assert ConsultationRequest.objects.get(pk=rows["late"].pk).state == State.PROPOSED
