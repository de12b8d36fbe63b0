"""Rows of one's own are not pointed at those of others, whatever is sent instead of what a form offers."""

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from communities import actions
from communities.models import (
    Community,
    Experience,
    GroupMessage,
    Membership,
    MembershipState,
    Result,
    ResultState,
)
from events.models import (
    AgendaItem,
    Document,
    Event,
    EventState,
    Invitation,
    ReminderRule,
    Seats,
)
from mailing.models import Email
from projects.models import Product, Project, ProjectEditor, Solution, Technology
from tests.communities.answers import Watched, sent_back, stored, tells
from tests.communities.planted import World
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.factories.communities import CoordinationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Forms(dict[str, dict[str, Any]]):
    """What each page would send back untouched. Asked for once: no attempt leaves a change behind."""

    def __init__(self, client: Any) -> None:
        super().__init__()
        self.client = client

    def __missing__(self, url: str) -> dict[str, Any]:
        self[url] = sent_back(self.client, url)
        return self[url]


class Attempt(NamedTuple):
    """A form of one's own, with something of others in it, or with something of one's own."""

    label: str
    url: str
    forged: dict[str, Any]
    honest: dict[str, Any]
    # Whether the page holds a form of the admin, whose other fields are sent back as they are.
    has_form: bool = True

    def send(self, forms: Forms, changed: dict[str, Any]) -> Any:
        data = forms[self.url] if self.has_form else {}
        return forms.client.post(self.url, data | changed)


def by_coordinator(theirs: World, mine: World) -> Iterator[Attempt]:
    second = CoordinationFactory(user=mine.coordinator).community
    public = SolutionFactory(project=ProjectFactory())
    hidden = theirs.of(Solution)
    group = {"community": mine.group.pk}

    result = mine.of(Result, state=ResultState.DRAFT)
    experience = mine.of(Experience, state="entwurf")
    page = _change(result)
    yield Attempt("result to a group", page, {"community": theirs.community.pk}, group)
    yield Attempt("result to a topic group", page, {"community": theirs.group.pk}, group)
    yield Attempt(
        "result with a project", page, {"projects": [theirs.project.pk]},
        {"projects": [public.project.pk]},
    )  # fmt: skip
    yield Attempt(
        "result with a solution", page, {"solutions": [hidden.pk]}, {"solutions": [public.pk]}
    )
    page = _change(experience)
    yield Attempt("experience to a group", page, {"community": theirs.community.pk}, group)
    yield Attempt(
        "experience to a project", page, {"project": theirs.project.pk},
        {"project": public.project.pk},
    )  # fmt: skip
    yield Attempt(
        "experience to a solution", page, {"solution": hidden.pk}, {"solution": public.pk}
    )
    page = _change(mine.of(GroupMessage, state="entwurf"))
    yield Attempt("mail to a group", page, {"community": theirs.community.pk}, group)

    page = reverse("admin:communities_community_add")
    named = {"name": "Neue Themengruppe"}
    yield Attempt(
        "topic group under a community", page, named | {"parent": theirs.community.pk},
        named | {"parent": mine.community.pk},
    )  # fmt: skip
    for slug, name in (("umhaengen", "to"), ("zusammenfuehren", "into")):
        page = reverse("admin:communities_community_step", args=[mine.group.pk, slug])
        for target in (theirs.community, theirs.group):
            label = f"{slug} level {target.level}"
            yield Attempt(label, page, {name: target.pk}, {name: second.pk}, has_form=False)
    page = reverse(
        "admin:communities_membership_step",
        args=[mine.of(Membership, user=mine.coordinator).pk, "uebergeben"],
    )
    given = {"stay_as": "mitglied", "version": 1}
    yield Attempt(
        "hand over", page, given | {"to": _member(theirs).pk}, given | {"to": _member(mine).pk},
        has_form=False,
    )  # fmt: skip
    yield from _invitations(theirs, mine)
    yield from _events(theirs, mine)


def _invitations(theirs: World, mine: World) -> Iterator[Attempt]:
    page = reverse("admin:communities_invite")
    person = {"role": "mitglied", "name": "Neu", "email": "neu@kommune.example"}
    for group in (theirs.community, theirs.group):
        yield Attempt(
            f"invite to level {group.level}", page, person | {"community": group.pk},
            person | {"community": mine.community.pk}, has_form=False,
        )  # fmt: skip
    yield Attempt(
        "a list that was signed for them", page, {"list": _signed(theirs)}, {"list": _signed(mine)},
        has_form=False,
    )  # fmt: skip


def _signed(world: World) -> str:
    people = [("neu@kommune.example", "Neu", "mitglied")]
    return signing.dumps(
        [world.community.pk, people], salt="communities.admin.invitees", compress=True
    )


def _events(theirs: World, mine: World) -> Iterator[Attempt]:
    event, coming = mine.of(Event, state=EventState.DRAFT), mine.rows[Event][1]
    foreign_event = theirs.of(Event, state=EventState.DRAFT)
    page = _change(event)
    group = {"community": mine.group.pk}
    yield Attempt("event to a group", page, {"community": theirs.community.pk}, group)
    yield Attempt("event into a series", page, {"series": foreign_event.pk}, {"series": coming.pk})
    yield Attempt(
        "event with a host", page, {"host_projects": [theirs.project.pk]},
        {"host_projects": [ProjectFactory().pk]},
    )  # fmt: skip
    page = reverse("admin:events_minutes_add")
    text = {"text": "Protokoll"}
    yield Attempt(
        "minutes of a meeting", page, text | {"event": foreign_event.pk}, text | {"event": event.pk}
    )
    rows = {
        AgendaItem: ("agenda", {"title": "Verändert"}),
        Document: ("documents", {"title": "Verändert"}),
        Seats: ("seats", {"capacity": 77}),
        ReminderRule: ("reminder_rules", {"text": "Verändert"}),
    }
    page = _change(event)
    for model, (prefix, change) in rows.items():
        others = model.objects.filter(event=foreign_event).get()
        changed = {f"{prefix}-0-{name}": value for name, value in change.items()}
        forged = changed | {f"{prefix}-0-id": others.pk}
        yield Attempt(f"row in {prefix}", page, forged, changed)
    moved = {"agenda-0-title": "Verändert", "agenda-0-event": foreign_event.pk}
    yield Attempt("own row to others", page, moved, {"agenda-0-title": "Verändert"})
    others = AgendaItem.objects.get(event=foreign_event)
    deleted = {"agenda-0-id": others.pk, "agenda-0-DELETE": "on"}
    yield Attempt("delete a row", page, deleted, {"agenda-0-DELETE": "on"})
    others = Invitation.objects.get(event=theirs.rows[Event][1])
    page = reverse("admin:events_event_invite", args=[coming.pk, others.pk])
    yield Attempt("send the invitation of others", page, {}, {}, has_form=False)


def by_editor(theirs: World, mine: World) -> Iterator[Attempt]:
    second = ProjectFactory()
    ProjectEditor.objects.create(project=second, user=mine.editor)
    solution = mine.of(Solution)
    page = _change(solution)
    yield Attempt(
        "solution to a project", page, {"project": theirs.project.pk}, {"project": second.pk}
    )
    page = reverse("admin:projects_solution_add")
    new = {"name": "Neue Lösung", "kind": "app"}
    yield Attempt(
        "new solution of a project", page, new | {"project": theirs.project.pk},
        new | {"project": second.pk},
    )  # fmt: skip


def _change(row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def _member(world: World) -> Membership:
    rows = world.rows[Membership]
    return next(
        row for row in rows if row.state == MembershipState.ACTIVE and row.user is None
        and row.community == world.community
    )  # fmt: skip


WHO = {"coordinator": by_coordinator, "editor": by_editor}


@pytest.mark.parametrize("who", WHO)
def test_nothing_of_others_is_reached_by_a_form_of_ones_own(client, who, theirs, mine):
    client.force_login(getattr(mine, who))
    attempts = [*WHO[who](theirs, mine)]
    # The vocabulary is the same for all who describe solutions.
    known = [theirs.of(Technology).name, theirs.of(Product).name]
    everything, went_through, forms = Watched(facts), [], Forms(client)

    for attempt in attempts:
        answer = attempt.send(forms, attempt.forged)
        if everything.has_changed() or tells(answer, known) or answer.status_code >= 500:
            went_through.append((attempt.label, answer.status_code))
            everything, forms = Watched(facts), Forms(client)

    assert went_through == []


@pytest.mark.parametrize("who", WHO)
def test_the_same_forms_do_their_work_with_what_is_ones_own(client, who, theirs, mine):
    client.force_login(getattr(mine, who))
    attempts = [*WHO[who](theirs, mine)]
    before, done_nothing, forms = facts(), [], Forms(client)

    for attempt in attempts:
        with transaction.atomic():
            answer = attempt.send(forms, attempt.honest)
            if facts() == before:
                done_nothing.append((attempt.label, answer.status_code))
            transaction.set_rollback(True)

    # Its address names the invitation, so there is nothing honest about it.
    assert done_nothing == (
        [("send the invitation of others", 404)] if who == "coordinator" else []
    )


def facts() -> dict[str, Any]:
    """Everything stored, but for when somebody pressed a button that did nothing."""
    return stored(besides=("admin.LogEntry", "projects.CatalogueVersion"), columns=("updated_at",))


def test_fields_that_a_page_does_not_offer_are_not_taken_from_what_is_sent(client, theirs, mine):
    event, project = mine.of(Event, state=EventState.DRAFT), mine.project
    client.force_login(mine.coordinator)
    Attempt("", _change(event), {}, {}).send(
        Forms(client),
        {"part_of": theirs.rows[Event][0].pk, "state": "veroeffentlicht", "check_note": "x"},
    )
    Attempt("", _change(mine.group), {}, {}).send(Forms(client), {"parent": theirs.community.pk})
    client.force_login(mine.editor)
    Attempt("", _change(project), {}, {}).send(
        Forms(client),
        {
            "name": "Anders",
            "is_public": "on",
            "slug": "anders",
            "editors-TOTAL_FORMS": 2,
            "editors-INITIAL_FORMS": 0,
            "editors-0-email": theirs.editor.email,
        },
    )

    stored_event = Event.objects.get(pk=event.pk)
    assert (stored_event.part_of, stored_event.state) == (None, EventState.DRAFT)
    assert stored_event.check_note == event.check_note
    assert Community.objects.get(pk=mine.group.pk).parent == mine.community
    same = Project.objects.get(pk=project.pk)
    assert (same.name, same.slug, same.is_public) == (project.name, project.slug, False)
    assert list(project.editors.values_list("user", flat=True)) == [mine.editor.pk]


@pytest.mark.parametrize("query", ["", "?veranstaltung={event}", "?gruppe={group}"])
@pytest.mark.parametrize("model", ["communities_membership", "events_registration"])
def test_a_table_of_everything_holds_what_is_ones_own(client, model, query, theirs, mine):
    client.force_login(mine.coordinator)
    listed = reverse(f"admin:{model}_changelist")
    theirs_only = query.format(event=theirs.rows[Event][1].pk, group=theirs.community.pk)
    sent = {"action": "export", "select_across": "1", "confirmed": "1", "_selected_action": ["1"]}

    every, asked_for = client.post(listed, sent), client.post(listed + theirs_only, sent)

    assert every["Content-Type"].startswith("text/csv")
    assert "Eigenes" in every.content.decode()
    assert not tells(every)
    assert not tells(asked_for)


def test_who_coordinated_a_group_that_has_ended_still_reads_and_nothing_goes_out(client, mine):
    client.force_login(mine.coordinator)
    draft = mine.of(GroupMessage, state="entwurf")
    actions.archive(mine.community, by=UserFactory(), now=timezone.now())
    before = Email.objects.count()

    send = reverse("admin:communities_groupmessage_step", args=[draft.pk, "senden"])
    invite = {"role": "mitglied", "email": "neu@kommune.example", "community": mine.community.pk}
    assert client.post(send, {}).status_code == 302
    assert client.post(reverse("admin:communities_invite"), invite).status_code == 302
    for_members = mine.of(Result, state=ResultState.MEMBERS)

    assert Email.objects.count() == before
    assert GroupMessage.objects.get(pk=draft.pk).state == "entwurf"
    assert not Membership.objects.filter(email=invite["email"]).exists()
    assert client.get(mine.community.members_area_url).status_code == 200
    file = client.get(reverse("communities:result_file", args=[for_members.slug]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_rights_flow_down_the_tree(client, mine):
    """Who coordinates a community opens and changes what belongs to its topic groups."""
    result = Result.objects.create(
        community=mine.group,
        slug="unten",
        title="Unten",
        kind="leitfaden",
        link="https://a.example/",
    )
    client.force_login(mine.coordinator)

    answer = Attempt("", _change(result), {}, {}).send(
        Forms(client), {"title": "Von oben geändert"}
    )

    assert answer.status_code == 302
    assert Result.objects.get(pk=result.pk).title == "Von oben geändert"
    member = mine.of(Membership, community=mine.group)
    assert client.get(_change(member)).status_code == 200
