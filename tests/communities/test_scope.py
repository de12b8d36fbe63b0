"""Nobody sees or changes in the administration what is not theirs, on whatever page they try it.

The pages are walked by `surfaces`, the rows of others come from `planted`: all their texts hold one
word, which must not appear in any answer. That their own people do see it there, is shown as well.
"""

import logging
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from communities import actions
from communities.models import (
    Community,
    CommunityState,
    Experience,
    Membership,
    MembershipState,
    Result,
    Role,
)
from communities.scope import coordinated_by
from events.models import Event, EventState
from projects.models import Product, Technology
from tests.communities import surfaces
from tests.communities.answers import errors, sent_back, stored, tells, words
from tests.communities.planted import MARK, World
from tests.factories import UserFactory
from tests.factories.communities import CoordinationFactory, MembershipFactory, TopicGroupFactory

pytestmark = pytest.mark.django_db

OF_COORDINATORS = ("communities", "events")
OF_OFFICES = (
    "asking",
    "projects",
    "finding",
    "consulting",
    "mailing",
    "accounts",
    "auth",
    "smartcities",
)

# Pages of models without planted rows, with the reason.
NOTHING_TO_HIDE = {
    "projects.Municipality": "the official list of all municipalities",
    "projects.Theme": "the vocabulary, which stands on every page",
    "finding.MissedWord": "words that were searched and stand nowhere, counted",
    "finding.Synonyms": "words that the search takes for the same",
    "subscribing.WatchedList": "which lists are wanted and how often, without a name",
    "smartcities.PinnedCase": "which public solution the start page shows",
}

# Whatever the filter, a list shows rows as it does without; these show that the walk is none of dead ends.
SHOWN_VARIANTS = (" search", " all", " order")

# What shows no word of a row even to those whom it concerns.
SHOW_NOTHING = {
    "autocomplete events.Registration.registered_by": "names a registration by its number",
    "communities.Community delete": "nobody deletes one",
    "communities.Experience delete": "nobody deletes one",
    "communities.Experience view on site": "its address holds no words",
    "communities.GroupMessage view on site": "has no public page",
    "communities.Membership add": "people are invited",
    "communities.Membership delete": "nobody deletes one",
    "communities.Membership view on site": "has no public page",
    "communities_community_step reaktivieren": "for the staff of the network",
    "communities_community_step umhaengen": "they have no other community to move it to",
    "events.Minutes delete": "nobody deletes any",
    "events.Registration add": "people register themselves",
    "events.Registration delete": "nobody deletes one",
    "events.Registration history": "leads to its page",
    "events.Registration view on site": "has no public page",
    "events_event_check_in": "takes what a form sends",
    "events_overview": "for the staff of the events",
    "events_registration_step programm": "nothing to choose at their events",
    "events_registration_step wechseln": "one way to take part in their events",
}


@pytest.fixture(autouse=True)
def _no_log():
    """Each of the many refusals would be written down with its traceback."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def leaks(
    walk: Iterable[surfaces.Surface], client: Any, known: Collection[str] = ()
) -> list[tuple[str, int]]:
    """What gave something away: a word of the others, a page of theirs, or a crash."""
    return [
        (surface.label, answer.status_code)
        for surface, answer in surfaces.walked(walk, client)
        if tells(answer, known)
        or answer.status_code >= 500
        or (surface.of_row and answer.status_code == 200)
    ]


def shown(walk: Iterable[surfaces.Surface], client: Any) -> tuple[set[str], set[str]]:
    """The labels of what was walked, and of those that showed the word at least once.

    A column that nobody may filter by is refused to everybody and is not among them.
    """
    walked, told = set(), set()
    for surface in walk:
        if surface.label in told:
            continue
        answer = surface.ask(client)
        if answer.status_code != 400:
            walked.add(surface.label)
        if tells(answer):
            told.add(surface.label)
    return walked, told


def test_every_page_of_the_administration_has_rows_of_others_to_look_for(theirs):
    planted = {model._meta.label for model in theirs.rows}
    excused = set(NOTHING_TO_HIDE)

    assert {model._meta.label for model, _admin in surfaces.admins()} <= planted | excused
    assert planted.isdisjoint(excused)


def test_a_coordinator_finds_nothing_of_other_communities_on_any_page(client, theirs, mine):
    client.force_login(mine.coordinator)

    assert leaks(surfaces.each_label(surfaces.pages(theirs)), client) == []
    assert leaks(surfaces.each_label(surfaces.rows(theirs)), client) == []
    # Nor on the pages of what is their own, where others could be chosen or counted.
    assert leaks(surfaces.own_pages(mine, OF_COORDINATORS), client) == []


def test_a_coordinator_changes_nothing_of_other_communities_with_any_form(client, theirs, mine):
    client.force_login(mine.coordinator)
    before = stored()

    assert leaks(surfaces.each_label(surfaces.forms(theirs)), client) == []
    assert stored() == before


def test_coordinators_see_on_these_pages_what_others_do_not(client, theirs):
    client.force_login(theirs.coordinator)
    pages = surfaces.one_of_each(surfaces.pages(theirs, OF_COORDINATORS))
    variants = (
        one
        for one in surfaces.pages(theirs, OF_COORDINATORS)
        if one.label.endswith(SHOWN_VARIANTS) and "autocomplete" not in one.label
    )

    walked, told = shown([*pages, *variants, *surfaces.rows(theirs, OF_COORDINATORS)], client)

    assert walked - told == set(SHOW_NOTHING)


def test_offices_see_on_these_pages_what_others_do_not(admin_client, theirs):
    rows = surfaces.rows(theirs, OF_OFFICES)
    changing = [one for one in rows if re.fullmatch(r"\S+ change", one.label)]

    walked, told = shown(changing, admin_client)

    assert walked - told == set()
    assert len(walked) == len([model for model in theirs.rows if _is_office(model)])


def _is_office(model: type[Model]) -> bool:
    return model._meta.app_label in OF_OFFICES


class Visitor(NamedTuple):
    """Somebody in the administration whom these apps are none of their business."""

    user: User
    labels: Collection[str] | None = None
    known: Collection[str] = ()


def _below(theirs: World, _mine: World) -> Visitor:
    """Coordinates a topic group of theirs. What the community is called they read everywhere."""
    group = TopicGroupFactory(parent=theirs.community, name="Eigene Themengruppe")
    user = CoordinationFactory(community=group).user
    return Visitor(user, OF_COORDINATORS, known=[theirs.community.name])


def _archived(theirs: World, _mine: World) -> Visitor:
    """Coordinates theirs, which has ended, and another one."""
    user = theirs.coordinator
    CoordinationFactory(community__name="Eigene Gemeinschaft", user=user)
    actions.archive(theirs.community, by=UserFactory(), now=timezone.now())
    return Visitor(user, OF_COORDINATORS, known=[user.name, user.email])


def _archived_below(theirs: World, _mine: World) -> Visitor:
    """Coordinates the topic group of theirs, which has ended below a community that goes on."""
    user = CoordinationFactory(community=theirs.group).user
    CoordinationFactory(community__name="Eigene Gemeinschaft", user=user)
    actions.archive(theirs.group, by=UserFactory(), now=timezone.now())
    return Visitor(user, OF_COORDINATORS, known=[theirs.community.name, user.name])


def _demoted(theirs: World, _mine: World) -> Visitor:
    """Coordinated theirs until a moment ago, and still coordinates another one."""
    user = theirs.coordinator
    CoordinationFactory(community__name="Eigene Gemeinschaft", user=user)
    LogEntry.objects.update(user=user)
    take_away_the_role(theirs)
    return Visitor(user, OF_COORDINATORS, known=[user.name, user.email])


def _staff(*groups: str) -> User:
    user = UserFactory(is_staff=True, name="Personal")
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups)
    return user


ASIDE = {
    # The vocabulary is the same for all who describe solutions.
    "editor of another project": lambda theirs, mine: Visitor(
        mine.editor,
        ("asking", "projects", *OF_COORDINATORS),
        known=[theirs.of(Technology).name, theirs.of(Product).name],
    ),
    "coordinator of a topic group below": _below,
    "coordinator of a group that is archived": _archived,
    "coordinator of an archived topic group of a living community": _archived_below,
    "coordinator whose role was taken away": _demoted,
    "staff who do neither communities nor events": lambda theirs, mine: Visitor(
        _staff("Redaktion", "Start Smart", "Start Smart: Beratung", "Betrieb"), OF_COORDINATORS
    ),
    "staff of the communities": lambda theirs, mine: Visitor(_staff("Gemeinschaften"), ("events",)),
    "staff of the events": lambda theirs, mine: Visitor(
        _staff("Veranstaltungen"), ("communities",)
    ),
}


@pytest.mark.parametrize("who", ASIDE)
def test_others_in_the_administration_see_and_change_nothing_of_it(client, who, theirs, mine):
    client.force_login(theirs.coordinator)
    visitor = ASIDE[who](theirs, mine)
    if visitor.user != theirs.coordinator:  # otherwise the session goes on
        client.force_login(visitor.user)
    before = stored()

    for walk in (surfaces.pages, surfaces.rows, surfaces.forms):
        found = surfaces.one_of_each(walk(theirs, visitor.labels))
        assert leaks(found, client, visitor.known) == []
    assert stored() == before


def test_an_archived_topic_group_gives_no_rights_to_who_coordinates_the_living_community_above(
    client, mine
):
    member = MembershipFactory(community=mine.group)
    pages = {
        "page of the group": reverse("admin:communities_community_change", args=[mine.group.pk]),
        "page of a member": reverse("admin:communities_membership_change", args=[member.pk]),
        "members' area": mine.group.members_area_url,
    }
    client.force_login(mine.coordinator)

    def opened() -> list[str]:
        return [name for name, url in pages.items() if client.get(url).status_code == 200]

    assert opened() == list(pages)
    assert mine.group in coordinated_by(mine.coordinator)

    actions.archive(mine.group, by=UserFactory(), now=timezone.now())

    assert opened() == []
    assert mine.group not in coordinated_by(mine.coordinator)
    assert mine.community in coordinated_by(mine.coordinator)


# Without any right in the administration --------------------------------------------------------------


def take_away_the_role(theirs: World) -> None:
    """In another session, by a colleague."""
    role = theirs.of(Membership, user=theirs.coordinator)
    colleague = CoordinationFactory(community=theirs.community)
    actions.change_role(role, Role.MEMBER, by=colleague.user, now=timezone.now())


def _leave(theirs: World) -> None:
    CoordinationFactory(community=theirs.community)
    actions.leave(theirs.of(Membership, user=theirs.coordinator), now=timezone.now(), by=None)


def _end(theirs: World) -> None:
    actions.archive(theirs.community, by=UserFactory(), now=timezone.now())


def _deactivate(theirs: World) -> None:
    User.objects.filter(pk=theirs.coordinator.pk).update(is_active=False)


def _become(role: Role) -> Any:
    def change(theirs: World) -> None:
        Membership.objects.filter(user=theirs.coordinator).update(role=role)

    return change


ENDED = {
    "the role was taken away": take_away_the_role,
    "left": _leave,
    "the group is archived": _end,
    "deactivated": _deactivate,
    "a member": _become(Role.MEMBER),
    "a guest": _become(Role.GUEST),
    "supports the group": _become(Role.SUPPORT),
}


@pytest.mark.parametrize("what", ENDED)
def test_the_next_request_finds_the_administration_closed(client, what, theirs):
    """Also in the middle of a form: with what it was filled in, nothing happens."""
    client.force_login(theirs.coordinator)
    assert client.get(reverse("admin:index")).status_code == 200
    page = reverse("admin:communities_result_change", args=[theirs.of(Result).pk])
    filled = sent_back(client, page, title="Verändert")
    ENDED[what](theirs)
    before = stored()

    rows = surfaces.one_of_each(surfaces.rows(theirs, OF_COORDINATORS))
    answers = [client.post(page, filled), *(one.ask(client) for one in rows)]

    assert all(is_sent_to_sign_in(answer) for answer in answers)
    assert [answer for answer in answers if tells(answer)] == []
    assert stored() == before


def test_without_the_second_factor_nothing_opens_and_with_it_everything_does(
    client, settings, theirs
):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(theirs.coordinator)

    answers = [one.ask(client) for one in every_door(theirs)]
    assert {answer.status_code for answer in answers} == {302}
    assert [answer for answer in answers if tells(answer)] == []

    Authenticator.objects.create(
        user=theirs.coordinator, type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    assert tells(client.get(reverse("admin:communities_membership_changelist")))


def test_visitors_who_are_not_signed_in_are_sent_to_sign_in(client, theirs):
    answers = [one.ask(client) for one in every_door(theirs)]

    assert all(is_sent_to_sign_in(answer) for answer in answers)
    assert [answer for answer in answers if tells(answer)] == []


def is_sent_to_sign_in(answer: Any) -> bool:
    """By a redirect; what a form sent is shown again, to be sent once one is signed in."""
    is_held = answer.status_code == 403 and answer.wsgi_request.method == "POST"
    return answer.status_code == 302 or (
        is_held and answer.templates[0].name == "account/held.html"
    )


def every_door(theirs: World) -> Iterator[surfaces.Surface]:
    for walk in (surfaces.pages, surfaces.rows, surfaces.forms):
        yield from surfaces.one_of_each(walk(theirs, OF_COORDINATORS))


# The public side of the same rows ----------------------------------------------------------------------


def inner_pages(theirs: World) -> Iterator[surfaces.Surface]:
    """What stands outside the administration and is not for everybody."""
    for group in (theirs.community, theirs.group):
        yield surfaces.Surface(f"members' area {group.level}", group.members_area_url, of_row=True)
    for result in theirs.rows[Result]:
        for name in ("result", "result_file"):
            url = reverse(f"communities:{name}", args=[result.slug])
            yield surfaces.Surface(f"{name} {result.state}", url, of_row=True)
    for event in theirs.rows[Event]:
        when = f"{event.state} {'past' if event.is_past(timezone.now()) else 'coming'}"
        for document in event.documents.all():
            yield surfaces.Surface(f"document {when}", document.get_file_url(), of_row=True)
        url = reverse("events:minutes", args=[event.slug])
        yield surfaces.Surface(f"minutes {when}", url, of_row=True)
    draft = theirs.of(Event, state=EventState.DRAFT)
    for name in ("detail", "ics", "register", "registered"):
        url = reverse(f"events:{name}", args=[draft.slug])
        yield surfaces.Surface(f"draft {name}", url, of_row=True)
    for experience in theirs.rows[Experience]:
        for name in ("edit_experience", "delete_experience"):
            url = reverse(f"communities:{name}", args=[experience.pk])
            yield surfaces.Surface(f"{name} {experience.state}", url, of_row=True)
    for membership in theirs.rows[Membership]:
        for name in ("my_group_preferences", "my_group_leave"):
            url = reverse(name, args=[membership.pk])
            yield surfaces.Surface(f"POST {name}", url, {"mail_wish": "keine"}, of_row=True)
    yield surfaces.Surface("own groups", reverse("my_groups"))
    yield surfaces.Surface("own experiences", reverse("communities:own_experiences"))


OUTSIDE = {
    "coordinator of another community": lambda theirs, mine: mine.coordinator,
    "editor of a project": lambda theirs, mine: mine.editor,
    "member of a topic group below": lambda theirs, mine: _member_below(theirs),
    "coordinator of a topic group below": lambda theirs, mine: _below(theirs, mine).user,
    "invited, but no member yet": lambda theirs, mine: _with(theirs, MembershipState.INVITED),
    "asked to be a member": lambda theirs, mine: _with(theirs, MembershipState.REQUESTED),
    "left": lambda theirs, mine: _with(theirs, MembershipState.LEFT),
    "staff of other groups": lambda theirs, mine: _staff("Redaktion", "Start Smart", "Betrieb"),
    "nobody": lambda theirs, mine: None,
}


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_administration_inner_pages_are_for_those_inside(client, who, theirs, mine):
    if user := OUTSIDE[who](theirs, mine):
        client.force_login(user)
    before = stored()

    known = [theirs.community.name, theirs.group.name, theirs.community.slug]
    assert leaks(inner_pages(theirs), client, known) == []
    assert stored() == before


def test_those_inside_open_them(client, theirs):
    client.force_login(theirs.coordinator)

    walked, told = shown((one for one in inner_pages(theirs) if not one.data), client)

    # To a draft nobody registers; nobody edits what is published; two events have minutes.
    assert walked - told == {
        "draft detail",
        "draft ics",
        "draft register",
        "draft registered",
        "minutes entwurf coming",
        "edit_experience oeffentlich",
        "delete_experience oeffentlich",
    }


def _member_below(theirs: World) -> User:
    group = TopicGroupFactory(parent=theirs.community, name="Eigene Themengruppe")
    return MembershipFactory(community=group, user=UserFactory()).user


def _with(theirs: World, state: MembershipState) -> User:
    user = UserFactory(name="Jemand")
    MembershipFactory(
        community=theirs.community, user=user, state=state, requested_at=timezone.now()
    )
    return user


# What the walk cannot find by itself ----------------------------------------------------------------


def test_only_the_staff_of_the_network_end_a_whole_community_also_without_the_button(client, mine):
    client.force_login(mine.coordinator)
    url = reverse("admin:communities_community_step", args=[mine.community.pk, "archivieren"])

    client.post(url, {})

    assert Community.objects.get(pk=mine.community.pk).state == CommunityState.ACTIVE


@pytest.mark.parametrize("model", ["community", "event"])
def test_notes_of_the_editors_are_not_read_out_of_a_history_either(
    admin_client, client, model, mine
):
    row, app = (
        (mine.community, "communities")
        if model == "community"
        else (mine.of(Event, state=EventState.DRAFT), "events")
    )
    page = reverse(f"admin:{app}_{model}_change", args=[row.pk])
    answer = admin_client.post(page, sent_back(admin_client, page, editors_note=MARK))
    assert answer.status_code == 302, errors(answer)
    history = reverse(f"admin:{app}_{model}_history", args=[row.pk])

    client.force_login(mine.coordinator)
    answer = client.get(history)

    assert "Notiz der Redaktion" in words(answer)  # that it changed
    assert not tells(answer)


@pytest.mark.parametrize(
    "query", ["editors_note__startswith=G", "editors_note=x", "pk__in=1", "theme__name=x"]
)
def test_a_column_that_no_page_shows_is_not_read_letter_by_letter(client, query, mine):
    client.force_login(mine.coordinator)

    answer = client.get(f"{reverse('admin:communities_community_changelist')}?{query}")

    assert answer.status_code == 400
