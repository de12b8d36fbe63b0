"""A portal that people have used: the pages that only exist with a link, a membership, a step before.

`move_in` adds to the shipped network what one person has done in every room, and a stranger beside
them. The gates open its pages like all others; `test_foreign.py` lets everybody else try.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import asking.links
import communities.links
import communities.undo_links
import consulting.links
import events.links
import events.task_links
import projects.links
import projects.owner_links
import subscribing.links
from accounts.models import User
from asking.models import Question, State
from communities.mail import unsubscribing
from communities.models import (
    Community,
    ExperienceState,
    GroupMessage,
    Membership,
    MembershipState,
    ResultState,
)
from consulting.actions import writing
from consulting.models import (
    AdvisorFeed,
    Appointment,
    BuildingBlock,
    ConsultationRequest,
    Draft,
    Slot,
)
from events import actions
from events.actions import Person
from events.mail import invitations
from events.models import (
    SEATED,
    Document,
    DocumentPhase,
    Event,
    Format,
    Invitation,
    Minutes,
    MinutesState,
    Mode,
    PersonalFeed,
    Registration,
    RegistrationState,
    Visibility,
)
from mailing.models import Email
from projects import revisions
from projects.actions import judging, owning
from projects.models import (
    OwnerAsk,
    ProjectEditor,
    ReuseStatement,
    Revision,
    RevisionKind,
    Solution,
    StatementState,
)
from smartcities import own_data
from tests.factories import (
    ConsultationRequestFactory,
    DraftFactory,
    EmailFactory,
    MunicipalityFactory,
    ProjectFactory,
    ReuseStatementFactory,
    SlotFactory,
    SlotSeriesFactory,
    SolutionFactory,
    UserFactory,
)
from tests.factories.asking import PublicAnswerFactory, QuestionFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
    in_days,
)
from tests.factories.subscribing import SubscriberFactory, SubscriptionFactory
from tests.gates.routes import VISITOR, Page

# Stands in everything that is not for everybody.
TELLTALE = "Zitronenfalter"
# In the middle of the form, and after it was sent.
APPLICANT, SENDER = "applicant", "sender"
MEMBER = "member"


@dataclass
class LivedIn:
    """`links` and `private` by the name of their route: addresses with a token, and those with the
    object of somebody else or of nobody yet. `behind_forms` are pages of the administration to which
    only a form leads."""

    clients: dict[str, Client]
    shown: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    private: list[tuple[str, str]] = field(default_factory=list)
    behind_forms: list[str] = field(default_factory=list)

    def show(self, name: str, *args: object, who: str = VISITOR) -> str:
        path = reverse(name, args=args)
        self.shown.add(name)
        self.pages.append(Page(path, who))
        return path

    def link(self, name: str, token: str) -> None:
        self.links.append((name, self.show(name, token)))

    def hide(self, name: str, *args: object) -> None:
        """An address that answers only whom it concerns."""
        self.private.append((name, reverse(name, args=args)))


def move_in() -> LivedIn:
    member = UserFactory(name=f"Eva {TELLTALE}", password="ein langes Passwort")
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    home = LivedIn({who: Client() for who in (APPLICANT, SENDER, MEMBER)})
    home.clients[MEMBER].force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    group = _in_communities(home, member)
    _in_experiences(home, member, group)
    _at_events(home, member, group)
    _registered(home, member)
    _in_start_smart(home)
    _in_the_form(home)
    _reused(home)
    _subscribed(home)
    _asked(home)
    _own_data(home, member)
    _not_published(home)
    _in_administration(home, group)
    return home


def _in_communities(home: LivedIn, member: User) -> Community:
    aeg = CommunityFactory(name="Wärmewende", slug="waermewende", open_to_non_funded=True)
    group = TopicGroupFactory(name="Quartiere", slug="quartiere", parent=aeg)
    as_member = {"user": member, "email": member.email, "name": member.name, "is_visible": True}
    own = [MembershipFactory(community=one, **as_member) for one in (aeg, group)]
    CoordinationFactory(community=aeg, name="Rosa Beispiel", is_visible=True)
    ended = TopicGroupFactory(
        parent=aeg, name="Beendet", state="archived", archived_at=timezone.now()
    )
    home.link("communities:take_up", communities.undo_links.token_for(ended))
    home.show("communities:members_area", aeg.slug, who=MEMBER)
    home.show("communities:members_area_of_topic_group", aeg.slug, group.slug, who=MEMBER)
    home.show("my_groups", who=MEMBER)
    home.show("my_group_leave", own[0].pk, who=MEMBER)
    home.hide("communities:members_area", aeg.slug)
    home.hide("communities:members_area_of_topic_group", aeg.slug, group.slug)
    home.hide("my_group_preferences", own[0].pk)
    home.hide("my_group_leave", own[0].pk)

    public = ResultFactory(community=aeg, summary="Ein Leitfaden.", version="1.0", authors="Ulm")
    home.show("communities:result", public.slug)
    inner = ResultFactory(
        community=aeg,
        title=f"Nur für Mitglieder: {TELLTALE}",
        state=ResultState.MEMBERS,
        file=SimpleUploadedFile("leitfaden.txt", TELLTALE.encode()),
        link="",
    )
    home.show("communities:result", inner.slug, who=MEMBER)
    home.hide("communities:result", inner.slug)
    home.hide("communities:result_file", inner.slug)

    extra = inner.files.create(
        title=TELLTALE, file=SimpleUploadedFile("anlage.txt", TELLTALE.encode())
    )
    home.hide("communities:result_further_file", inner.slug, extra.pk)
    message = GroupMessage.objects.create(
        community=aeg,
        roles=["mitglied"],
        subject="Treffen",
        text="Bald",
        state="gesendet",
        sent_at=timezone.now(),
    )
    attached = message.files.create(
        title=TELLTALE, file=SimpleUploadedFile("einladung.txt", TELLTALE.encode())
    )
    home.hide("communities:message_file", attached.pk)

    _links_of_communities(home, aeg)
    return aeg


def _links_of_communities(home: LivedIn, aeg: Community) -> None:
    now = timezone.now()
    purposes = {
        communities.links.Purpose.CONFIRM: {
            "state": MembershipState.REQUESTED,
            "requested_at": now,
            "email_confirmed_at": None,
        },
        communities.links.Purpose.INVITATION: {"state": MembershipState.INVITED},
        communities.links.Purpose.WITHDRAW: {
            "state": MembershipState.REQUESTED,
            "requested_at": now,
        },
        communities.links.Purpose.LEAVE: {},
    }
    for purpose, state in purposes.items():
        row = MembershipFactory(community=aeg, name=TELLTALE, **state)
        token = communities.links.token_for(row, purpose, now=now)
        home.link(f"communities:{purpose.name.lower()}", token)
    address = unsubscribing.address([row.pk])
    home.link("communities:unsubscribe", address.rstrip("/").rpartition("/")[2])


def _in_experiences(home: LivedIn, member: User, group: Community) -> None:
    told = {"context": "Kleine Stadt", "again": "Alles", "operator_model": "Stadtwerke"}
    public = ExperienceFactory(community=group, partners="Universität", **told)
    home.show("communities:experience", public.pk)
    draft = ExperienceFactory(
        community=group,
        title=f"Entwurf: {TELLTALE}",
        state=ExperienceState.DRAFT,
        published_at=None,
        written_by=member,
    )
    home.show("communities:own_experiences", who=MEMBER)
    home.show("communities:write_experience", who=MEMBER)
    home.hide("communities:experience", draft.pk)
    for name in ("communities:edit_experience", "communities:delete_experience"):
        home.show(name, draft.pk, who=MEMBER)
        home.hide(name, draft.pk)


def _at_events(home: LivedIn, member: User, group: Community) -> None:
    workshop = EventFactory(
        slug="werkstatt", kind="aeg-workshop", community=group, starts_at=in_days(-5)
    )
    minutes = Minutes.objects.create(
        event=workshop,
        text=f"Beschlossen:\n\n- {TELLTALE}",
        state=MinutesState.APPROVED,
        approved_at=timezone.now(),
        approved_by=member,
    )
    home.show("events:minutes", workshop.slug, who=MEMBER)
    home.hide("events:minutes", workshop.slug)
    minutes.items.create(title="Datenraum", text=TELLTALE)
    minutes.decisions.create(text=TELLTALE)
    attached = minutes.files.create(
        title=TELLTALE, file=SimpleUploadedFile("folien.txt", TELLTALE.encode())
    )
    home.hide("events:minutes_file", workshop.slug, attached.pk)
    owner = Membership.objects.get(community=group, user=member)
    due = timezone.localdate() + timedelta(days=9)
    task = minutes.tasks.create(text=TELLTALE, member=owner, due_on=due)
    home.hide("events:task_done", workshop.slug, task.pk)
    home.link("events:task_done_by_link", events.task_links.token_for(task))

    fair = EventFactory(
        slug="messe",
        starts_at=in_days(30).replace(second=0, microsecond=0),
        title="Messe für Städte und Gemeinden mit einem sehr langen Namen, wie er vorkommt",
        takes_registrations=True,
        format=Format.HYBRID,
        online_link=f"https://video.example.org/{TELLTALE}",
        description="Ein Tag für alle.",
        teaser="Kommen Sie.",
        has_participants_list=True,
    )
    for mode in Mode:
        SeatsFactory(event=fair, mode=mode, capacity=50, waiting_limit=10)
    AgendaItemFactory(event=fair, title="Eröffnung")
    AgendaItemFactory(event=fair, title="Werkstatt", capacity=12)
    papers = {"event": fair, "phase": DocumentPhase.BEFORE}
    Document.objects.create(
        title="Anfahrt", link="https://anfahrt.example", visibility=Visibility.PUBLIC, **papers
    )
    inner = Document.objects.create(
        title=TELLTALE,
        file=SimpleUploadedFile("unterlage.txt", TELLTALE.encode()),
        visibility=Visibility.PARTICIPANTS,
        **papers,
    )
    home.show("events:detail", fair.slug)
    home.show("events:register", fair.slug)
    home.show("events:register", fair.slug, who=MEMBER)
    home.hide("events:document", fair.slug, inner.pk)
    full = SeatsFactory(event__slug="ausgebucht", capacity=1, taken=1, waiting_limit=5)
    home.show("events:register", full.event.slug)

    sent = actions.register(
        fair,
        [Person("Rosa Beispiel", "rosa@kommune.example")],
        Mode.ONLINE,
        submission=uuid.uuid4(),
        now=timezone.now(),
    )
    session = home.clients[SENDER].session
    session["events_registered"] = {
        "slug": fair.slug,
        "email": "rosa@kommune.example",
        "state": sent.state,
        "needs_confirmation": sent.needs_confirmation,
        "until": "heute, 12 Uhr",
        "people": 1,
        "mode": str(Mode.ONLINE.label),
    }
    session.save()
    home.show("events:registered", fair.slug, who=SENDER)
    feed = PersonalFeed.objects.create(user=member)
    home.links.append(
        ("events:personal_calendar", reverse("events:personal_calendar", args=[feed.token]))
    )


def _registered(home: LivedIn, member: User) -> None:
    now = timezone.now()
    fair = Event.objects.get(slug="messe")

    def registration(event: Event = fair, **state: object) -> Registration:
        return RegistrationFactory(event=event, name=f"Eva {TELLTALE}", **state)

    def link(row: Registration, purpose: events.links.Purpose) -> None:
        home.link(f"events:{purpose.name.lower()}", events.links.token_for(row, purpose))

    purpose = events.links.Purpose
    link(registration(confirmed_at=None, hold_until=now + timedelta(hours=9)), purpose.CONFIRM)
    offered = registration(
        state=RegistrationState.OFFERED, offered_until=now + timedelta(hours=9), user=member
    )
    link(offered, purpose.ACCEPT)
    seated = registration()
    for one in (purpose.SEE, purpose.CHANGE, purpose.CANCEL):
        link(seated, one)
    waiting = registration(state=RegistrationState.WAITING, mode=Mode.ONLINE, seated_at=None)
    link(waiting, purpose.SEE)
    gone = registration(state=RegistrationState.CANCELLED, closed_at=now)
    link(gone, purpose.SEE)
    for seats in fair.seats.all():
        rows = Registration.objects.filter(event=fair, mode=seats.mode)
        seats.taken = rows.filter(state__in=SEATED).count()
        seats.waiting = rows.filter(state=RegistrationState.WAITING).count()
        seats.save()
    token = events.links.token_for(seated, purpose.SEE)
    home.link("events:ticket", token)
    home.links.append(("events:registration_ics", reverse("events:registration_ics", args=[token])))
    over = EventFactory(slug="vorbei", starts_at=in_days(-3), takes_registrations=True)
    there = registration(over, attended_at=now)
    token = events.links.token_for(there, purpose.SEE)
    home.link("events:see", token)
    home.links.append(("events:certificate", reverse("events:certificate", args=[token])))
    key = invitations.address_hash("rosa@kommune.example")
    address = invitations.unsubscribe_address(key)
    home.link("events:unsubscribe", address.rstrip("/").rpartition("/")[2])


def _in_start_smart(home: LivedIn) -> None:
    now = timezone.now()
    purpose = consulting.links.Purpose
    start = now.replace(microsecond=0) + timedelta(days=7)
    advisor = SlotFactory(starts_at=start).advisor
    free = iter(
        [SlotFactory(advisor=advisor, starts_at=start + timedelta(days=n)) for n in range(1, 9)]
    )

    over = SlotFactory(advisor=advisor, starts_at=now - timedelta(days=2))

    def request(slot: Slot | None = None, **traits: object) -> ConsultationRequest:
        row = ConsultationRequestFactory(
            contact_name=f"Eva {TELLTALE}",
            building_blocks=[BuildingBlock.INITIAL],
            slot=slot or (next(free) if traits else None),
            **traits,
        )
        lapsing = Appointment.objects.filter(request=row).exclude(expires_at=None)
        lapsing.update(expires_at=now + timedelta(hours=9))
        return row

    rows = {
        purpose.CONFIRM: request(held=True),
        purpose.ANSWER: request(proposed=True),
        purpose.RESCHEDULE: request(confirmed=True),
        purpose.CANCEL: request(confirmed=True),
        purpose.RATE: request(over, done=True),
    }
    for what, row in rows.items():
        token = consulting.links.token_for(row, what, until=now + timedelta(days=1))
        home.link(f"consulting:{what.name.lower()}", token)
    for row in (*rows.values(), request(cancelled=True), request()):
        token = consulting.links.token_for(row, purpose.SEE, until=now + timedelta(days=1))
        home.link("consulting:see", token)
    seen = rows[purpose.CANCEL]
    token = consulting.links.token_for(seen, purpose.SEE, until=now + timedelta(days=1))
    home.links.append(("consulting:ics", reverse("consulting:ics", args=[token])))
    written = writing.write(seen, text="Wie viele kommen?", by=UserFactory(), now=now)
    home.link(
        "consulting:write", consulting.links.answer_token(written, until=now + timedelta(days=1))
    )
    feed = AdvisorFeed.objects.create(advisor=advisor)
    home.links.append(
        ("consulting:advisor_calendar", reverse("consulting:advisor_calendar", args=[feed.token]))
    )
    draft = DraftFactory(created_at=now, changed_at=now)
    token = consulting.links.draft_token(draft)
    home.links.append(("consulting:resume", reverse("consulting:resume", args=[token])))


def _in_the_form(home: LivedIn) -> None:
    """Two people fill in the form; one has sent it."""
    town = MunicipalityFactory(name="Musterdorf")
    wish = {"building_blocks": ["initialberatung"], "stage": "anfang", "question": "Womit?"}
    contact = {"contact_name": "Rosa", "contact_role": "Amt", "email": "rosa@kommune.example"}
    steps = {
        "kommune": {"q": town.name, "picked": town.pk},
        "anliegen": wish,
        "termin": {"slot": "keiner", "wishes": "Dienstags"},
        "kontakt": contact,
    }
    for who in (APPLICANT, SENDER):
        for slug, typed in steps.items():
            home.clients[who].post(reverse("consulting:part", args=[slug]), typed)
    for slug in steps:
        home.show("consulting:part", slug, who=APPLICANT)
    # Nobody fills in a form within seconds; who does is taken for a program.
    Draft.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    home.show("consulting:review", who=APPLICANT)
    home.show("consulting:later", who=APPLICANT)
    context = home.clients[SENDER].get(reverse("consulting:review")).context
    form = {"form_token": context["token"], "stamp": context["form"].fresh_stamp, "homepage": ""}
    home.clients[SENDER].post(reverse("consulting:review"), form)
    home.show("consulting:sent", who=SENDER)


def _reused(home: LivedIn) -> None:
    """Stated by municipalities: to be confirmed, with a question, public, and asked about again."""
    now = timezone.now()
    purpose = projects.links.Purpose
    solution = SolutionFactory(name="Pegelnetz", slug="pegelnetz")
    told = {"solution": solution, "email": f"{TELLTALE}@kommune.example"}
    public = ReuseStatementFactory(confirmed=True, learned="Früh fragen.", **told)
    judging.publish(public, now=now)
    ReuseStatement.objects.filter(pk=public.pk).update(asked_at=now)
    asked = ReuseStatementFactory(
        with_project=True, state=StatementState.QUESTIONED, question="Welche Version?", **told
    )
    rows = {
        purpose.CONFIRM: ReuseStatementFactory(**told),
        purpose.CHANGE: asked,
        purpose.WITHDRAW: asked,
        purpose.STILL_TRUE: ReuseStatement.objects.get(pk=public.pk),
    }
    routes = {
        purpose.CONFIRM: "projects:confirm_reuse",
        purpose.CHANGE: "projects:change_reuse",
        purpose.WITHDRAW: "projects:withdraw_reuse",
        purpose.STILL_TRUE: "projects:reuse_still_true",
    }
    for what, row in rows.items():
        home.link(routes[what], projects.links.token_for(row, what, now=now))
    home.show("projects:solution", solution.slug)
    home.show("projects:reuses")
    # Entered long ago: its owner is asked.
    Solution.objects.filter(pk=solution.pk).update(confirmed_on=now - timedelta(days=300))
    owner = UserFactory(email=f"{TELLTALE}@redaktion.example", name="")
    ProjectEditor.objects.create(project=solution.project, user=owner)
    owning.ask(now=now)
    asked_owner = OwnerAsk.objects.get()
    home.link("projects:sheets_still_true", projects.owner_links.token_for(asked_owner))
    # For the office: one to decide about, and a version of a sheet to go back to.
    ReuseStatementFactory(confirmed=True)
    sheet = revisions.sheet_of(solution.pk)
    Revision.objects.create(
        solution=solution, kind=RevisionKind.CHANGED, at=now, sheet=sheet, changes=[]
    )
    Solution.objects.filter(pk=solution.pk).update(problem="Anders als vorher.")


def _subscribed(home: LivedIn) -> None:
    """A mailbox with two lists and an event, and one list more to be confirmed."""
    now = timezone.now()
    purpose = subscribing.links.Purpose
    fair = EventFactory(slug="messe-im-herbst", title="Messe im Herbst")
    mailbox = SubscriberFactory(email=f"{TELLTALE}@kommune.example")
    # Reuses are found by their names: opening the links keeps the search out of it.
    typed = {"list__name": "nachnutzungen", "list__query": f"q={TELLTALE}"}
    SubscriptionFactory(subscriber=mailbox, list__query="art=app")
    SubscriptionFactory(subscriber=mailbox, **typed)
    SubscriptionFactory(subscriber=mailbox, list=None, event=fair)
    typed["list__query"] += "&bestaetigt=ja"
    waiting = SubscriptionFactory(subscriber=mailbox, confirmed_at=None, **typed)
    token = subscribing.links.confirm_address(waiting, now=now).rstrip("/").rpartition("/")[2]
    home.link("subscribing:confirm", token)
    for what in (purpose.SEE, purpose.END):
        token = subscribing.links.address(mailbox.pk, what).rstrip("/").rpartition("/")[2]
        home.link(f"subscribing:{what.name.lower()}", token)
    home.show("subscribing:await_opening", fair.slug)
    home.show("subscribing:awaiting_opening", fair.slug)


def _asked(home: LivedIn) -> None:
    """Questions with everybody whom they can be with, one answered by a call, one public."""
    now = timezone.now()
    purpose = asking.links.Purpose
    solution = Solution.objects.get(slug="pegelnetz")
    told = {"solution": solution, "name": f"Eva {TELLTALE}", "asked_at": now}
    reuser = ReuseStatement.objects.filter(solution=solution, state=StatementState.PUBLISHED).get()
    later = in_days(9).date()

    def with_others(state: State, **values: object) -> Question:
        return QuestionFactory(waiting=True, state=state, due_on=later, **told, **values)

    answered = QuestionFactory(answered=True, may_publish=True, **told)
    PublicAnswerFactory(project=solution.project, solution=solution, source=answered)
    PublicAnswerFactory(project=solution.project, asked_by="Musterdorf")
    called = QuestionFactory(answered=True, answer="", called_on=now.date(), phone="1", **told)
    asked = with_others(State.WITH_REUSER, reuse_statement=reuser)
    rows = [
        (purpose.CONFIRM, QuestionFactory(**told)),
        (purpose.REPLY, asked),
        (purpose.WITHDRAW, answered),
        (purpose.RATE, answered),
        (purpose.RATE, called),
        (purpose.SEE, called),
        (purpose.SEE, answered),
        (purpose.SEE, asked),
        (purpose.SEE, with_others(State.WITH_PROJECT)),
        (purpose.SEE, with_others(State.WITH_GROUP, group=Community.objects.first())),
        (purpose.SEE, with_others(State.AT_OFFICE, passed_on_at=now)),
        (purpose.SEE, QuestionFactory(waiting=True, state=State.TO_ADVICE, due_on=None, **told)),
    ]
    for what, row in rows:
        home.link(f"asking:{what.name.lower()}", asking.links.token_for(row, what, now=now))
    home.show("projects:detail", solution.project.slug)
    QuestionFactory(fault=True)


def _own_data(home: LivedIn, member: User) -> None:
    own_data.send_link("rosa@kommune.example", now=timezone.now())
    text = Email.objects.get(key__startswith="own-data:").text
    home.link("own_data_link", re.findall(r"/meine-daten/([^/\s]+)/", text)[0])
    home.show("own_data_account", who=MEMBER)
    home.show("account_calendar", who=MEMBER)


def _not_published(home: LivedIn) -> None:
    """What the editors still work on."""
    draft = EventFactory(slug="entwurf", title=TELLTALE, state="entwurf", takes_registrations=True)
    for name in ("events:detail", "events:ics", "events:register", "events:registered"):
        home.hide(name, draft.slug)
    project = ProjectFactory(name=TELLTALE, slug="noch-nicht", is_public=False)
    solution = SolutionFactory(project=project, name=TELLTALE, slug="auch-nicht")
    home.hide("projects:detail", project.slug)
    home.hide("asking:project", project.slug)
    for name in (
        "projects:solution", "projects:state_reuse", "projects:reuse_stated", "asking:solution",
    ):  # fmt: skip
        home.hide(name, solution.slug)
    for name in ("subscribing:await_opening", "subscribing:awaiting_opening"):
        home.hide(name, draft.slug)


def _in_administration(home: LivedIn, group: Community) -> None:
    GroupMessage.objects.create(
        community=group, roles=["mitglied"], subject="Treffen", text="Bald."
    )
    # Of those that only wait for their time no button is shown.
    EmailFactory(refused_at=timezone.now(), last_error="550 unbekannt")
    fair = Event.objects.get(slug="messe")
    invitation = Invitation.objects.create(
        event=fair, subject="Kommen Sie", text="Am Montag.", addresses="rosa@kommune.example"
    )
    series = SlotSeriesFactory(first_on=in_days(10).date(), last_on=in_days(40).date())
    home.behind_forms += [
        reverse("admin:events_event_invite", args=[fair.pk, invitation.pk]),
        reverse("admin:consulting_slotseries_preview", args=[series.pk]),
    ]
