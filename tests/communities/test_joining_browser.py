"""Joining and leaving in a real browser: keyboard, no scripts, a small and dark screen."""

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from communities import actions, links
from communities.links import Purpose
from communities.models import MailWish, Membership, MembershipState, Role
from communities.views.joining import address
from tests.browser import (
    barriers,
    link_in_mail,
    on_two_screens,
    sound,
)
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_fingers"),
]


@on_two_screens
def test_without_scripts_from_the_form_to_the_confirmed_request(no_javascript):
    page = no_javascript
    group = TopicGroupFactory(
        name="Mobilität", parent__name="Urbane Digitale Zwillinge", open_to_non_funded=True
    )
    CoordinationFactory(community=group)
    MunicipalityFactory(name="Neustadt am Rübenberge", population=44_000)
    meant = MunicipalityFactory(name="Neustadt in Holstein", population=15_000)

    page.goto(address(group))
    page.get_by_role("button", name="Anfrage absenden").click()
    page.get_by_role("link", name="Ihr Name: Bitte geben Sie Ihren Namen an.").wait_for()
    page.get_by_label("Ihr Name").fill("Eva Beispiel")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("eva@neustadt.example")
    page.get_by_label("eine Kommune").check()
    page.get_by_label("Ihre Kommune").fill("Neustadt")
    page.get_by_role("button", name="Anfrage absenden").click()
    page.get_by_label("Neustadt in Holstein").check()
    page.get_by_role("button", name="Anfrage absenden").click()
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()

    page.goto(link_in_mail("bestaetigen"))
    page.get_by_text("Neustadt in Holstein").wait_for()
    page.get_by_role("button", name="Adresse bestätigen").click()
    page.get_by_text("Danke, Ihre Adresse ist bestätigt.").wait_for()

    assert Membership.objects.waiting().get().municipality == meant


def test_with_the_keyboard_alone_a_project_asks_to_join(page):
    community = CommunityFactory(name="Urbane Datenplattformen")
    project = ProjectFactory(name="Musterstadt", is_public=True)

    page.goto(address(community))
    page.get_by_label("Ihr Name").focus()
    page.keyboard.type("Eva Beispiel")
    page.keyboard.press("Tab")
    page.keyboard.type("eva@musterstadt.example")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Must")
    for _field in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()

    assert Membership.objects.get().project == project


def test_every_page_of_joining_is_sound(page, sign_in):
    group = TopicGroupFactory(
        name="Mobilitätskonzepte für ländliche Regionen", parent__name="Smarte Regionen"
    )
    user = UserFactory(name="Eva Beispiel", email="eva@kommune.example")
    page.goto(address(group))
    assert barriers(page) == []
    page.get_by_label("ein Modellprojekt").check()
    page.get_by_role("button", name="Anfrage absenden").click()
    page.get_by_text("Bitte prüfen Sie Ihre Angaben").wait_for()
    assert barriers(page) == []
    page.goto(address(group, "joined"))
    assert barriers(page) == []
    now = timezone.now()
    for purpose, state in {
        Purpose.CONFIRM: MembershipState.REQUESTED,
        Purpose.WITHDRAW: MembershipState.REQUESTED,
        Purpose.INVITATION: MembershipState.INVITED,
        Purpose.LEAVE: MembershipState.ACTIVE,
    }.items():
        membership = MembershipFactory(
            community=group,
            email=f"{purpose}@kommune.example",
            state=state,
            requested_at=now,
            message="Wir planen gerade ein Konzept.\n\nUnd möchten lernen.",
        )
        page.goto(links.path(purpose, links.token_for(membership, purpose, now=now)))
        page.get_by_role("heading", level=1).wait_for()
        assert barriers(page) == []
    actions.leave(Membership.objects.active().get(), now=now)
    page.reload()
    page.get_by_role("heading", name="Schon erledigt").wait_for()
    assert barriers(page) == []

    for state in (MembershipState.INVITED, MembershipState.REQUESTED):
        MembershipFactory(user=user, state=state, requested_at=now, community=TopicGroupFactory())
    MembershipFactory(user=user, role=Role.COORDINATION, community=TopicGroupFactory())
    MembershipFactory(user=user, role=Role.SUPPORT, project=ProjectFactory(name="Musterstadt"))
    sign_in(page, user)
    page.goto("/konto/gruppen/")
    assert barriers(page) == []


def test_members_choose_the_weekly_letter_and_leave_after_being_asked(page, sign_in):
    user = UserFactory(email="eva@kommune.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    mine = MembershipFactory(user=user, community__name="Urbane Datenplattformen")
    sign_in(page, user)

    page.goto("/konto/")
    page.get_by_role("main").get_by_role("link", name="Gruppen").click()
    page.get_by_label("einmal in der Woche gesammelt").check()
    page.get_by_role("button", name="Speichern: Urbane Datenplattformen").click()
    page.get_by_text("Gespeichert: Urbane Datenplattformen.").wait_for()
    mine.refresh_from_db()
    assert mine.mail_wish == MailWish.WEEKLY

    page.get_by_role("link", name="Gruppe verlassen: Urbane Datenplattformen").click()
    sound(page)
    page.get_by_role("button", name="Ja, verlassen").click()
    page.get_by_text("Sie gehören nicht mehr zu „Urbane Datenplattformen“.").wait_for()
    page.get_by_text("Sie gehören noch zu keiner Gemeinschaft oder Themengruppe.").wait_for()
    mine.refresh_from_db()
    assert mine.state == MembershipState.LEFT
