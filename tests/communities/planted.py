"""Two worlds: rows that are somebody's own, and rows of others in which every text would give itself away.

`foreign()` writes `MARK` into every text that its rows have, so that whatever leaks shows. Lists are
searched for `WORD`, which stands beside it, because a page repeats what was searched for.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Field, GeneratedField, Model
from django.utils import timezone

from accounts.models import User
from asking.models import PublicAnswer, Question
from communities.models import (
    Community,
    CommunitySource,
    Experience,
    ExperienceState,
    GroupMessage,
    Membership,
    MembershipState,
    MessageFile,
    MessageState,
    PartnerOrganisation,
    PartnerSupport,
    Result,
    ResultFile,
    ResultState,
    Role,
)
from events.models import (
    AgendaItem,
    Document,
    Event,
    EventAnswer,
    EventKind,
    EventMessage,
    EventQuestion,
    EventSource,
    EventState,
    Format,
    Invitation,
    Minutes,
    MinutesDecision,
    MinutesFile,
    MinutesItem,
    MinutesState,
    MinutesTask,
    ParticipantNeeds,
    Registration,
    ReminderRule,
)
from projects import revisions
from projects.models import (
    BuildingBlock,
    Cost,
    Lesson,
    LicenceField,
    NetworkFact,
    PartialDateField,
    Product,
    Project,
    ProjectEditor,
    ReachedPhase,
    Reuse,
    ReuseStatement,
    Revision,
    Solution,
    StatementState,
    Technology,
)
from projects.models import Document as Paper
from smartcities.accessibility import barriers
from smartcities.operations.regular_tasks import RegularTask
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    EmailFactory,
    ProjectFactory,
    SlotFactory,
    SlotSeriesFactory,
    SolutionFactory,
    SourceFactory,
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

MARK = "Geheimnis"
WORD = "Planwort"

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + MARK.encode()


@dataclass
class World:
    """What hangs on one community and one project: the rows by model, and some of them by name."""

    community: Community
    group: Community
    coordinator: User
    project: Project
    editor: User
    rows: dict[type[Model], list[Any]] = field(default_factory=dict)

    def add(self, *rows: Any) -> Any:
        for row in rows:
            self.rows.setdefault(type(row), []).append(row)
        return rows[0]

    def of(self, model: type[Model], **wanted: Any) -> Any:
        """The first row of a model with these values."""
        return next(
            row
            for row in self.rows[model]
            if all(getattr(row, name) == value for name, value in wanted.items())
        )


def foreign() -> World:
    """B's: a community with a topic group and a project, with everything that can hang on them."""
    return _fill(MARK)


def own() -> World:
    """A's: the same, in words that give nothing away."""
    return _fill("Eigenes")


def _fill(mark: str) -> World:
    texts = _Texts(mark)
    community = CommunityFactory(**texts.of(Community))
    group = TopicGroupFactory(parent=community, **texts.of(Community))
    people = [UserFactory(name=texts.line("Koordination"), email=texts.email()) for _ in range(2)]
    project = ProjectFactory(is_public=False, **texts.of(Project))
    world = World(community, group, people[0], project, people[1])
    world.add(community, group, project)
    world.add(*people)
    _members(world, texts)
    _papers(world, texts)
    _events(world, texts)
    _catalogue(world, texts)
    _offices(world, texts)
    for rows in world.rows.values():
        for row in rows:
            _log(row, texts)
    return world


def _members(world: World, texts: "_Texts") -> None:
    role = CoordinationFactory(
        community=world.community, user=world.coordinator, **texts.of(Membership, "email")
    )
    world.add(role)
    for state in (MembershipState.ACTIVE, MembershipState.REQUESTED, MembershipState.INVITED):
        row = MembershipFactory(
            community=world.community,
            state=state,
            requested_at=timezone.now() - timedelta(days=20),
            **texts.of(Membership),
        )
        row.history.create(version=1, kind="eingeladen", at=timezone.now(), by=world.coordinator)
        world.add(row)
    world.add(MembershipFactory(community=world.group, is_visible=True, **texts.of(Membership)))
    partner = PartnerOrganisation.objects.create(**texts.of(PartnerOrganisation))
    PartnerSupport.objects.create(community=world.community, partner=partner)
    CommunitySource.objects.create(community=world.community, **texts.of(CommunitySource))


def _papers(world: World, texts: "_Texts") -> None:
    """Results, experiences and mails, in each of their states that are not public."""
    for state in (ResultState.DRAFT, ResultState.MEMBERS):
        result = ResultFactory(
            community=world.community, state=state, published_at=None, **texts.of(Result, "link")
        )
        result.file = SimpleUploadedFile(f"{texts.mark}.pdf", PDF)
        result.save()
        result.projects.add(world.project)
        further = ResultFile(result=result, **texts.of(ResultFile))
        further.file = SimpleUploadedFile(f"{texts.mark}.pdf", PDF)
        further.save()
        world.add(result)
    for state in ExperienceState:
        world.add(
            ExperienceFactory(
                community=world.community,
                state=state,
                written_by=world.coordinator,
                **texts.of(Experience),
            )
        )
    moments = {
        MessageState.DRAFT: {},
        MessageState.SCHEDULED: {"send_at": in_days(3)},
        MessageState.SENT: {"sent_at": in_days(-3), "recipients": {"mitglied": 1}},
    }
    for state, moment in moments.items():
        message = GroupMessage.objects.create(
            community=world.community,
            state=state,
            roles=[Role.MEMBER],
            written_by=world.coordinator,
            **moment,
            **texts.of(GroupMessage),
        )
        attached = MessageFile(message=message, **texts.of(MessageFile))
        attached.file = SimpleUploadedFile(f"{texts.mark}.pdf", PDF)
        attached.save()
        world.add(message)


def _events(world: World, texts: "_Texts") -> None:
    """A draft, a workshop to come and one that was held, each with all that belongs to it."""
    workshop = {"kind": EventKind.COMMUNITY_WORKSHOP, "format": Format.ON_SITE}
    for state, days in (
        (EventState.DRAFT, 40),
        (EventState.PUBLISHED, 30),
        (EventState.PUBLISHED, -3),
    ):
        event = EventFactory(
            community=world.community,
            state=state,
            starts_at=in_days(days).replace(second=0, microsecond=0),
            takes_registrations=True,
            **workshop,
            **texts.of(Event, "registration_url", "date_text", "cancel_reason"),
        )
        world.add(event)
        world.add(SeatsFactory(event=event, taken=int(state == EventState.PUBLISHED)))
        world.add(AgendaItemFactory(event=event, **texts.of(AgendaItem)))
        world.add(ReminderRule.objects.create(event=event, hours=5, **texts.of(ReminderRule)))
        EventSource.objects.create(event=event, **texts.of(EventSource))
        document = Document(
            event=event, visibility="teilnehmende", phase="vorher", **texts.of(Document, "link")
        )
        document.file = SimpleUploadedFile(f"{texts.mark}.pdf", PDF)
        document.save()
        world.add(document)
        world.add(
            Invitation.objects.create(
                event=event, written_by=world.coordinator, **texts.of(Invitation, "addresses"),
                addresses=texts.email(),
            )
        )  # fmt: skip
        EventMessage.objects.create(
            event=event,
            to=["angemeldet"],
            sent_at=timezone.now(),
            recipients=1,
            **texts.of(EventMessage),
        )
        if state == EventState.PUBLISHED:
            _participant(world, event, texts, came=days < 0)
    held = world.rows[Event][-1]
    world.add(
        Minutes.objects.create(
            event=held,
            state=MinutesState.APPROVED,
            approved_by=world.coordinator,
            approved_at=timezone.now(),
            **texts.of(Minutes),
        ),
        Minutes.objects.create(event=world.rows[Event][1], **texts.of(Minutes)),
    )
    for row in world.rows[Minutes]:
        for model in (MinutesItem, MinutesDecision):
            model.objects.create(minutes=row, **texts.of(model))
        MinutesTask.objects.create(
            minutes=row, due_on=timezone.localdate(), **texts.of(MinutesTask)
        )
        attached = MinutesFile(minutes=row, **texts.of(MinutesFile))
        attached.file = SimpleUploadedFile(f"{texts.mark}.pdf", PDF)
        attached.save()


def _participant(world: World, event: Event, texts: "_Texts", *, came: bool) -> None:
    row = RegistrationFactory(
        event=event,
        attended_at=event.starts_at if came else None,
        on_participants_list=True,
        **texts.of(Registration, "email_key", "reference"),
    )
    ParticipantNeeds.objects.create(registration=row, **texts.of(ParticipantNeeds))
    question = EventQuestion.objects.create(
        event=event, position=1, **texts.of(EventQuestion, "options")
    )
    EventAnswer.objects.create(registration=row, question=question, **texts.of(EventAnswer))
    world.add(row)


def _catalogue(world: World, texts: "_Texts") -> None:
    world.add(SolutionFactory(project=world.project, **texts.of(Solution, "why_ended")))
    _sheet(world, texts)
    SourceFactory(project=world.project, text=texts.line("Quelle"))
    SourceFactory(
        project=world.project, solution=world.of(Solution), text=texts.line("Quelle der Lösung")
    )
    ProjectEditor.objects.create(project=world.project, user=world.editor)


def _sheet(world: World, texts: "_Texts") -> None:
    """The facts of a solution and of its project, and what the office keeps for all solutions."""
    of_solution = {"solution": world.of(Solution)}
    of_project = {"project": world.project}
    product = Product.objects.create(**texts.of(Product))
    world.add(product, Technology.objects.create(**texts.of(Technology)))
    world.add(NetworkFact.objects.create(topic="programm", **texts.of(NetworkFact)))
    Cost.objects.create(period="einmalig", **of_solution, **texts.of(Cost))
    reuse = Reuse.objects.create(**of_solution, **texts.of(Reuse))
    now = timezone.now()
    world.add(
        ReuseStatement.objects.create(
            state=StatementState.WITH_PROJECT,
            respond_by=now.date() + timedelta(days=9),
            reuse=reuse,
            **of_solution,
            **dict.fromkeys(("stated_at", "changed_at", "confirmed_at"), now),
            **texts.of(ReuseStatement, "mailbox"),
        )
    )
    BuildingBlock.objects.create(product=product, **of_solution, **texts.of(BuildingBlock))
    ReachedPhase.objects.create(phase="p3", **of_solution, **texts.of(ReachedPhase))
    solution = world.of(Solution)
    changes = [[texts.line("Feld"), texts.line("vorher"), texts.line("nachher")]]
    world.add(
        Revision.objects.create(
            solution=solution,
            kind="geaendert",
            at=timezone.now(),
            by=world.editor,
            is_by_project=True,
            sheet=revisions.sheet_of(solution.pk),
            changes=changes,
        )
    )
    for owner in (of_solution, of_project):
        Lesson.objects.create(kind="stolperfalle", **owner, **texts.of(Lesson))
        Paper.objects.create(kind="konzept", **owner, **texts.of(Paper))


def _offices(world: World, texts: "_Texts") -> None:
    """What other staff of the network work with."""
    question = QuestionFactory(
        at_office=True, project=world.project, solution=world.of(Solution),
        **texts.of(Question, "mailbox", "written"),
    )  # fmt: skip
    public = PublicAnswerFactory(project=world.project, **texts.of(PublicAnswer))
    world.add(question)
    world.add(public)
    advisor = AdvisorFactory(name=texts.line("Beratung"), email=texts.email())
    world.add(
        advisor,
        SlotFactory(advisor=advisor, starts_at=in_days(7)),
        SlotSeriesFactory(advisor=advisor),
        ConsultationRequestFactory(
            question=texts.line("Frage"), contact_name=texts.line("Name"), email=texts.email()
        ),
        EmailFactory(
            to=texts.email(),
            subject=texts.line("Betreff"),
            text=texts.line("Text"),
            key=texts.slug(),
        ),
        Group.objects.create(name=texts.line("Rechte")),
        barriers.report(
            text=texts.line("Barriere"), page="", email=texts.email(), now=timezone.now()
        ),
        RegularTask.objects.create(name=texts.line("Aufgabe"), started_at=timezone.now()),
    )


def _log(row: Model, texts: "_Texts") -> None:
    """What the history of a row says: values in it are as good as the row itself."""
    LogEntry.objects.create(
        user=UserFactory(name=texts.line("Schreibende"), email=texts.email()),
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr=str(row)[:200],
        action_flag=CHANGE,
        change_message=texts.line("Änderung"),
    )


class _Texts:
    """Values for the text fields of a model, each with the mark in it, and no two alike."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self._number = 0

    def of(self, model: type[Model], *left_out: str) -> dict[str, str]:
        fields = [field for field in model._meta.concrete_fields if field.name not in left_out]
        return {field.name: self._for(field) for field in fields if _holds_words(field)}

    def _for(self, field: Field) -> str:
        match field.get_internal_type():
            case "EmailField" | "CharField" if "email" in field.name:
                return self.email()
            case "SlugField":
                return self.slug()
            case "CharField" if hasattr(field, "formfield") and "URL" in type(field).__name__:
                return f"https://{self.slug()}.example/"
        return self.line(str(field.verbose_name))[: field.max_length]

    def line(self, about: str) -> str:
        self._number += 1
        return f"{self.mark} {WORD} {self._number} {about}"

    def slug(self) -> str:
        self._number += 1
        return f"{self.mark.lower()}-{self._number}"

    def email(self) -> str:
        return f"{self.slug()}@kommune.example"


def _holds_words(field: Field) -> bool:
    return (
        field.get_internal_type() in ("CharField", "TextField", "SlugField")
        and not isinstance(field, PartialDateField | LicenceField)
        and not field.choices
        and not field.primary_key
        and not isinstance(field, GeneratedField)
    )
