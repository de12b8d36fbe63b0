"""One row for every constraint of every model that this constraint refuses, and no other.

Each returns a row that is stored already and was changed for the worse, or one that is still to be
stored. `tests/test_constraints.py` holds the table to the models.
"""

import copy
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model
from django.utils import timezone

from communities.models import (
    CommunityKind,
    CommunitySource,
    DigestItem,
    GroupMessage,
    MembershipState,
    MessageState,
    PartnerOrganisation,
    PartnerSupport,
    Role,
)
from consulting.models import Absence, AccessNeeds, Appointment, Mode, SeriesBreak
from consulting.models import HistoryEntry as ConsultingHistoryEntry
from consulting.models import Message as CaseMessage
from events.dates import Precision
from events.models import (
    Anchor,
    Audience,
    Document,
    EventAnswer,
    EventKind,
    EventQuestion,
    EventSource,
    Invitation,
    InvitationState,
    Minutes,
    MinutesState,
    MinutesTask,
    ParticipantNeeds,
    RegistrationState,
    ReminderRule,
    SessionChoice,
    To,
)
from finding.models import MissedWord, SearchDocument
from projects.models import (
    BuildingBlock,
    Cost,
    CostPeriod,
    Evidence,
    Lesson,
    LessonKind,
    LoadedFacts,
    NetworkFact,
    NetworkTopic,
    OpenSource,
    OwnerAsk,
    Product,
    ProjectEditor,
    ProjectMunicipality,
    ProjectSays,
    ReachedPhase,
    Reuse,
    Revision,
    ScalingPhase,
    StatedBy,
    StatementState,
    Technology,
)
from projects.models import Document as ProjectDocument
from projects.models import DocumentKind as ProjectDocumentKind
from smartcities.models import BarrierReport, PinnedCase
from subscribing.models import Edition, KnownEntry, ListName, ListNews
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    EmailFactory,
    MunicipalityFactory,
    ProjectFactory,
    ReuseStatementFactory,
    SlotFactory,
    SlotSeriesFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)
from tests.factories.asking import PublicAnswerFactory, QuestionFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
)
from tests.factories.consulting import NOW
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)
from tests.factories.subscribing import (
    ASKED,
    SubscriberFactory,
    SubscriptionFactory,
    WatchedListFactory,
)

Row = TypeVar("Row", bound=Model)

ROOM = "https://video.example.org/raum"
SOURCE = "https://www.example.org/quelle"
NOWHERE = {"latitude": 0.0, "longitude": 0.0}


def changed(row: Row, **values: Any) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def twin(row: Row, **values: Any) -> Row:
    """The same once more, still to be stored."""
    other = copy.copy(row)
    other.pk, other._state = None, copy.copy(row._state)
    other._state.adding = True
    return changed(other, **values)


def stored(row: Row) -> Row:
    row.save()
    return row


def appointment() -> Appointment:
    request = ConsultationRequestFactory(confirmed=True, slot=SlotFactory())
    return request.appointments.get()


def later(row: Appointment) -> dict[str, Any]:
    week = timedelta(days=7)
    blocked = DateTimeTZRange(row.blocked.lower + week, row.blocked.upper + week)
    return {"starts_at": row.starts_at + week, "ends_at": row.ends_at + week, "blocked": blocked}


def step() -> ConsultingHistoryEntry:
    return ConsultingHistoryEntry(
        request=ConsultationRequestFactory(), version=2, kind="confirmed", at=NOW
    )


def rule(**values: Any) -> ReminderRule:
    return ReminderRule(**{"event": EventFactory(), "name": "woche", "hours": 24, **values})


def own_question() -> EventQuestion:
    return EventQuestion.objects.create(
        event=EventFactory(), position=1, text="Kommen Sie per Bahn?"
    )


def own_answer() -> EventAnswer:
    question = own_question()
    return EventAnswer.objects.create(
        question=question, registration=RegistrationFactory(event=question.event), text="Ja"
    )


def choice() -> SessionChoice:
    registration = RegistrationFactory()
    return SessionChoice(
        registration=registration, item=AgendaItemFactory(event=registration.event)
    )


def group_message(**values: Any) -> GroupMessage:
    about = {"community": CommunityFactory(), "roles": [Role.MEMBER]}
    return GroupMessage(**{**about, "subject": "Treffen", "text": "Guten Tag", **values})


def digest_item() -> DigestItem:
    message = stored(group_message())
    return DigestItem(message=message, membership=MembershipFactory(community=message.community))


def support() -> PartnerSupport:
    partner = PartnerOrganisation.objects.create(name="Institut")
    return PartnerSupport(community=CommunityFactory(), partner=partner)


def product(**values: Any) -> Product:
    return Product(**{"name": "Masterportal", "slug": "masterportal", "source": SOURCE, **values})


def block(**values: Any) -> BuildingBlock:
    return BuildingBlock(
        **{"solution": SolutionFactory(), "text": "CONSUL", "source": SOURCE, **values}
    )


def technology(**values: Any) -> Technology:
    return Technology(**{"name": "LoRaWAN", "slug": "lorawan", **values})


def cost(**values: Any) -> Cost:
    about = {"solution": SolutionFactory(), "purpose": "Betrieb", "period": CostPeriod.PER_YEAR}
    return Cost(**{**about, "amount": 100, "source": SOURCE, **values})


def document(**values: Any) -> ProjectDocument:
    about = {"solution": SolutionFactory(), "kind": ProjectDocumentKind.CONCEPT}
    return ProjectDocument(**{**about, "title": "Konzept", "url": SOURCE, **values})


def lesson(**values: Any) -> Lesson:
    about = {"solution": SolutionFactory(), "kind": LessonKind.SUCCESS}
    return Lesson(**{**about, "text": "Früh gefragt.", "source": SOURCE, **values})


def network_fact(**values: Any) -> NetworkFact:
    about = {"topic": NetworkTopic.PROGRAMME, "text": "73 Projekte"}
    return NetworkFact(**{**about, "source": SOURCE, **values})


def reuse(**values: Any) -> Reuse:
    about = {"solution": SolutionFactory(), "name": "Musterdorf", "stated_by": StatedBy.SOURCE}
    return Reuse(**{**about, "source": SOURCE, **values})


def revision(**values: Any) -> Revision:
    facts = {"kind": "geaendert", "at": timezone.now(), "sheet": {}}
    return Revision(solution=SolutionFactory(), **(facts | values))


def phase(**values: Any) -> ReachedPhase:
    about = {"solution": SolutionFactory(), "phase": ScalingPhase.P3, "evidence": "Es läuft."}
    return ReachedPhase(**{**about, "source": SOURCE, **values})


def part(**values: Any) -> ProjectMunicipality:
    return ProjectMunicipality(
        **{"project": ProjectFactory(), "municipality": MunicipalityFactory(), **values}
    )


def second_lead() -> ProjectMunicipality:
    first = stored(part(is_lead=True))
    return part(project=first.project, is_lead=True)


def of_itself(row: Row, field: str, **values: Any) -> Row:
    return changed(row, **{field: row}, **values)


ACCOUNTS = {
    "accounts_email_unique_whatever_the_case": lambda: changed(
        UserFactory(), email=UserFactory(email="eva@example.org").email.upper(), shares_mailbox=True
    ),
    "accounts_one_account_per_mailbox": lambda: changed(
        UserFactory(), email=UserFactory(email="eva@example.org") and "Eva+2@example.org"
    ),
}

MAILING = {
    "mailing_email_ends_one_way": lambda: changed(EmailFactory(), sent_at=NOW, refused_at=NOW),
    "mailing_email_missed_after_it_expired": lambda: changed(
        EmailFactory(expires_at=NOW), missed_at=NOW - timedelta(seconds=1)
    ),
    "mailing_email_only_open_ones_are_claimed": lambda: changed(
        EmailFactory(), claim=uuid.uuid4(), claimed_until=NOW, sent_at=NOW
    ),
    "mailing_email_purged_is_closed_and_empty": lambda: changed(
        EmailFactory(), sent_at=NOW, purged_at=NOW
    ),
    "mailing_email_access_ends_without_words": lambda: changed(
        EmailFactory(kind="access"), sent_at=NOW
    ),
    "mailing_email_has_a_recipient": lambda: changed(EmailFactory(), to=""),
    "mailing_email_bulk_can_be_unsubscribed": lambda: changed(EmailFactory(), kind="bulk"),
}

FINDING = {
    "finding_missed_once_a_week": lambda: twin(
        MissedWord.objects.create(word="probe", week=date(2026, 11, 23))
    ),
    "projects_found_once": lambda: twin(
        SearchDocument.objects.create(kind="probe", object_id=1, title="Eins", name_text="Eins")
    ),
}

SMARTCITIES = {
    "smartcities_pinned_case_ends_after_it_begins": lambda: PinnedCase(
        solution=SolutionFactory(), begins_on=date(2026, 11, 24), ends_on=date(2026, 11, 23)
    ),
    "smartcities_barrier_answered_after_it_was_reported": lambda: BarrierReport(
        page="/",
        text="Die Karte geht nicht.",
        created_at=NOW,
        due_on=NOW.date(),
        answered_at=NOW - timedelta(hours=1),
    ),
}

PROJECTS = {
    "projects_product_once": lambda: twin(stored(product()), slug="anders", name="MasterPortal"),
    "projects_product_has_source": lambda: product(source=""),
    "projects_block_once": lambda: twin(stored(block())),
    "projects_block_has_source": lambda: block(source=""),
    "projects_ars_fits_the_level": lambda: changed(MunicipalityFactory(), ars="09999"),
    "projects_ags_fits_the_level": lambda: changed(MunicipalityFactory(), ags="09999"),
    "projects_municipality_lies_in_a_land": lambda: changed(MunicipalityFactory(), land="XX"),
    "projects_only_ended_municipalities_have_a_successor": lambda: changed(
        MunicipalityFactory(), successor=MunicipalityFactory()
    ),
    "projects_nobody_succeeds_themselves": lambda: of_itself(
        MunicipalityFactory(ended_on=date(2021, 1, 1)), "successor"
    ),
    "projects_municipality_lies_in_germany": lambda: changed(MunicipalityFactory(), **NOWHERE),
    "projects_call_year_was_held": lambda: changed(ProjectFactory(), call_year=2018),
    "projects_applicant_kind_is_known": lambda: changed(ProjectFactory(), applicant_kind="dorf"),
    "projects_project_lies_in_a_land": lambda: changed(ProjectFactory(), laender=[]),
    "projects_project_lies_in_germany": lambda: changed(ProjectFactory(), **NOWHERE),
    "projects_project_status_has_source": lambda: changed(ProjectFactory(), status_text="Läuft."),
    "projects_project_unsure_status_says_what": lambda: changed(
        ProjectFactory(), status_is_certain=False
    ),
    "projects_project_funding_runs_forward": lambda: changed(
        ProjectFactory(status_source=SOURCE), funding_from="2025-02", funding_to="2025-01"
    ),
    "projects_project_share_is_part_of_the_budget": lambda: changed(
        ProjectFactory(status_source=SOURCE), budget=1, federal_share=2
    ),
    "projects_project_funding_from_is_a_date": lambda: changed(
        ProjectFactory(status_source=SOURCE), funding_from="bald"
    ),
    "projects_project_funding_to_is_a_date": lambda: changed(
        ProjectFactory(status_source=SOURCE), funding_to="2025-13"
    ),
    "projects_project_ended_on_is_a_date": lambda: changed(
        ProjectFactory(status_source=SOURCE), ended_on="25"
    ),
    "projects_municipality_once_per_project": lambda: twin(stored(part())),
    "projects_one_lead_per_project": second_lead,
    "projects_editor_once_per_project": lambda: twin(
        ProjectEditor.objects.create(project=ProjectFactory(), user=UserFactory())
    ),
    "projects_owner_is_asked_before_reminded": lambda: OwnerAsk(
        user=UserFactory(), asked_at=NOW, reminded_at=NOW
    ),
    "projects_technology_once": lambda: twin(stored(technology()), slug="anders", name="Lorawan"),
    "projects_technology_kind_is_known": lambda: technology(kind="wunder"),
    "projects_solution_name_once_per_project": lambda: twin(SolutionFactory(), slug="anders"),
    "projects_solution_kind_is_known": lambda: changed(SolutionFactory(), kind="wunder"),
    "projects_solution_maturity_is_known": lambda: changed(SolutionFactory(), maturity="reif"),
    "projects_solution_open_source_is_known": lambda: changed(
        SolutionFactory(), open_source="vielleicht"
    ),
    "projects_closed_source_has_no_repository": lambda: changed(
        SolutionFactory(), open_source=OpenSource.NO, repository="https://code.example.org"
    ),
    "projects_solution_evidence_is_known": lambda: changed(SolutionFactory(), evidence="geahnt"),
    "projects_solution_measured_says_what": lambda: changed(
        SolutionFactory(), evidence=Evidence.MEASURED
    ),
    "projects_solution_unsure_facts_are_known": lambda: changed(
        SolutionFactory(), unsure=["alles"], note="Offen."
    ),
    "projects_solution_unsure_says_what": lambda: changed(SolutionFactory(), unsure=["problem"]),
    "projects_solution_ended_before_why": lambda: changed(SolutionFactory(), why_ended="Kosten"),
    "projects_solution_maturity_as_of_is_a_date": lambda: changed(
        SolutionFactory(), maturity_as_of="bald"
    ),
    "projects_solution_ended_on_is_a_date": lambda: changed(SolutionFactory(), ended_on="2025-9"),
    "projects_cost_once": lambda: twin(stored(cost())),
    "projects_cost_is_not_negative": lambda: cost(amount=-1),
    "projects_cost_period_is_known": lambda: cost(period="monatlich"),
    "projects_cost_as_of_is_a_date": lambda: cost(as_of="heute"),
    "projects_cost_has_source": lambda: cost(source=""),
    "projects_document_belongs_to_one": lambda: document(project=ProjectFactory()),
    "projects_document_once": lambda: twin(stored(document())),
    "projects_document_kind_is_known": lambda: document(kind="roman"),
    "projects_lesson_belongs_to_one": lambda: lesson(theme=ThemeFactory()),
    "projects_lesson_once": lambda: twin(stored(lesson())),
    "projects_lesson_kind_is_known": lambda: lesson(kind="zufall"),
    "projects_lesson_has_source": lambda: lesson(source=""),
    "projects_loaded_once": lambda: twin(
        LoadedFacts.objects.create(kind="theme", key="Mobilität", row_id=1, facts={})
    ),
    "projects_network_fact_once": lambda: twin(stored(network_fact())),
    "projects_network_fact_topic_is_known": lambda: network_fact(topic="wetter"),
    "projects_network_fact_has_source": lambda: network_fact(source=""),
    "projects_revision_kind_is_known": lambda: revision(kind="geraten"),
    "projects_revision_by_project_is_a_change": lambda: revision(
        kind="hergestellt", is_by_project=True
    ),
    "projects_reuse_of_one_thing": lambda: reuse(product=stored(product())),
    "projects_reuse_once": lambda: twin(stored(reuse())),
    "projects_reuse_once_per_municipality": lambda: twin(
        stored(reuse(municipality=MunicipalityFactory())), name="Gemeinde Musterdorf"
    ),
    "projects_reuse_stated_by_is_known": lambda: reuse(stated_by="gerücht"),
    "projects_reuse_by_source_names_it": lambda: reuse(source=""),
    "projects_reuse_since_is_a_date": lambda: reuse(since="lange"),
    "projects_reuse_contract_ends_on_a_date": lambda: reuse(contract_until="bald"),
    "projects_one_live_statement": lambda: twin(ReuseStatementFactory()),
    "projects_statement_is_known": lambda: changed(
        ReuseStatementFactory(confirmed=True), state="x"
    ),
    "projects_statement_of_one_municipality": lambda: changed(
        ReuseStatementFactory(), written="Musterdorf"
    ),
    "projects_statement_says_how": lambda: changed(ReuseStatementFactory(), how=""),
    "projects_statement_is_confirmed_first": lambda: changed(
        ReuseStatementFactory(), state=StatementState.AT_OFFICE
    ),
    "projects_statement_waits_until_a_day": lambda: changed(
        ReuseStatementFactory(with_project=True), respond_by=None
    ),
    "projects_statement_question_is_asked": lambda: changed(
        ReuseStatementFactory(with_project=True), state=StatementState.QUESTIONED
    ),
    "projects_statement_objection_says_why": lambda: changed(
        ReuseStatementFactory(confirmed=True), project_says=ProjectSays.OBJECTS
    ),
    "projects_statement_refused_for_a_reason": lambda: changed(
        ReuseStatementFactory(confirmed=True), state=StatementState.REFUSED
    ),
    "projects_statement_has_an_address": lambda: changed(
        ReuseStatementFactory(confirmed=True), anonymised_at=NOW
    ),
    "projects_statement_since_is_a_date": lambda: changed(ReuseStatementFactory(), since="lange"),
    "projects_statement_contract_ends_on_a_date": lambda: changed(
        ReuseStatementFactory(), contract_until="bald"
    ),
    "asking_question_is_known": lambda: changed(QuestionFactory(answered=True), helped="x"),
    "asking_question_says_something": lambda: changed(QuestionFactory(), text=""),
    "asking_question_goes_to_a_project": lambda: changed(
        QuestionFactory(), project=None, solution=None
    ),
    "asking_question_of_one_municipality": lambda: changed(QuestionFactory(), written="Musterdorf"),
    "asking_question_can_be_answered": lambda: changed(QuestionFactory(), email=""),
    "asking_question_is_confirmed_first": lambda: changed(
        QuestionFactory(answered=True), confirmed_at=None
    ),
    "asking_question_waits_until_a_day": lambda: changed(
        QuestionFactory(waiting=True), due_on=None
    ),
    "asking_answer_says_something": lambda: changed(QuestionFactory(answered=True), answer=""),
    "asking_named_only_if_published": lambda: changed(QuestionFactory(), may_name=True),
    "asking_public_answer_says_both": lambda: changed(PublicAnswerFactory(), answer=""),
    "asking_public_answer_says_by_whom": lambda: changed(PublicAnswerFactory(), answered_by="x"),
    "projects_phase_once_per_solution": lambda: twin(stored(phase())),
    "projects_scaling_phase_is_known": lambda: phase(phase="p6"),
    "projects_scaling_phase_has_evidence": lambda: phase(evidence=""),
    "projects_scaling_as_of_is_a_date": lambda: phase(as_of="2025-00"),
    "projects_scaling_has_source": lambda: phase(source=""),
    "projects_source_once": lambda: twin(SourceFactory()),
}

COMMUNITIES = {
    "communities_address_is_unique": lambda: changed(
        CommunityFactory(), slug=CommunityFactory(slug="zwillinge").slug
    ),
    "communities_topic_groups_belong_to_one": lambda: changed(
        CommunityFactory(), kind=CommunityKind.TOPIC_GROUP
    ),
    "communities_only_archived_have_a_moment": lambda: changed(CommunityFactory(), archived_at=NOW),
    "communities_founded_in_a_month_of_a_year": lambda: changed(
        CommunityFactory(founded_year=2022), founded_month=13
    ),
    "communities_not_merged_into_itself": lambda: of_itself(CommunityFactory(), "merged_into"),
    "communities_partner_once": lambda: twin(stored(support())),
    "communities_source_once": lambda: twin(
        CommunitySource.objects.create(community=CommunityFactory(), text="Flyer")
    ),
    "communities_experience_is_about_something": lambda: changed(
        ExperienceFactory(), community=None
    ),
    "communities_public_experience_has_a_moment": lambda: changed(
        ExperienceFactory(), published_at=None
    ),
    "communities_one_membership_per_address": lambda: twin(
        MembershipFactory(email="eva@kommune.example"), email="Eva@Kommune.example"
    ),
    "communities_membership_is_known": lambda: changed(MembershipFactory(), role="chefin"),
    "communities_request_has_a_moment": lambda: changed(
        MembershipFactory(), state=MembershipState.REQUESTED
    ),
    "communities_coordination_has_an_account": lambda: changed(CoordinationFactory(), user=None),
    "communities_anonymised_means_nothing_personal": lambda: changed(
        MembershipFactory(state=MembershipState.LEFT), anonymised_at=NOW
    ),
    "communities_message_has_recipients": lambda: group_message(roles=[]),
    "communities_message_sent_at_a_moment": lambda: group_message(sent_at=NOW),
    "communities_scheduled_message_has_a_time": lambda: group_message(state=MessageState.SCHEDULED),
    "communities_once_in_a_digest": lambda: twin(stored(digest_item())),
    "communities_result_can_be_opened": lambda: changed(ResultFactory(), link=""),
    "communities_public_result_has_a_licence": lambda: changed(ResultFactory(), licence=""),
}

EVENTS = {
    "events_event_ends_after_it_begins": lambda: changed(
        event := EventFactory(), ends_at=event.starts_at
    ),
    "events_public_event_has_a_date": lambda: changed(EventFactory(), starts_at=None, ends_at=None),
    "events_cancelled_at_a_moment": lambda: changed(EventFactory(), cancelled_at=NOW),
    "events_rough_date_is_worded": lambda: changed(EventFactory(), precision=Precision.ROUGH),
    "events_registration_needs_a_time": lambda: changed(
        EventFactory(takes_registrations=True), precision=Precision.DAY
    ),
    "events_registration_at_one_place": lambda: changed(
        EventFactory(takes_registrations=True), registration_url="https://www.example.org/"
    ),
    "events_registration_closes_after_it_opens": lambda: changed(
        EventFactory(), registration_opens_at=NOW, registration_closes_at=NOW
    ),
    "events_members_of_which_community": lambda: changed(
        EventFactory(), audience=Audience.COMMUNITY
    ),
    "events_community_workshop_has_a_community": lambda: changed(
        EventFactory(), kind=EventKind.COMMUNITY_WORKSHOP
    ),
    "events_not_part_of_itself": lambda: of_itself(EventFactory(), "part_of"),
    "events_event_lies_in_germany": lambda: changed(EventFactory(), **NOWHERE),
    "events_number_once_per_kind": lambda: changed(
        EventFactory(), number=EventFactory(number=8).number
    ),
    "events_source_once": lambda: twin(
        EventSource.objects.create(event=EventFactory(), text="Programmheft")
    ),
    "events_document_can_be_opened": lambda: Document(event=EventFactory(), title="Folien"),
    "events_shared_minutes_are_approved": lambda: Minutes(
        event=EventFactory(), text="Beschlossen.", state=MinutesState.APPROVED
    ),
    "events_task_has_one_owner": lambda: MinutesTask(
        minutes=stored(Minutes(event=EventFactory(), text="Beschlossen.")),
        text="Raum",
        member=MembershipFactory(),
        owner_name="Otto",
        due_on=date(2026, 7, 16),
    ),
    "events_rule_once_per_event": lambda: twin(stored(rule())),
    "events_rule_within_sixty_days": lambda: rule(hours=60 * 24 + 1),
    "events_rule_before_is_before": lambda: rule(anchor=Anchor.BEFORE, hours=0),
    "events_rule_nobody_waits_after": lambda: rule(anchor=Anchor.AFTER, to=To.WAITING),
    "events_sent_invitation_keeps_no_addresses": lambda: Invitation(
        event=EventFactory(),
        subject="Einladung",
        text="Kommen Sie.",
        sent_at=NOW,
        state=InvitationState.SENT,
        addresses="eva@kommune.example",
    ),
    "events_seats_once_per_mode": lambda: twin(SeatsFactory()),
    "events_seats_mode_is_known": lambda: changed(SeatsFactory(), mode="per-post"),
    "events_seats_never_oversold": lambda: changed(SeatsFactory(capacity=2), taken=3),
    "events_waiting_list_never_too_long": lambda: changed(SeatsFactory(waiting_limit=2), waiting=3),
    "events_item_ends_after_it_begins": lambda: changed(
        item := AgendaItemFactory(), ends_at=item.starts_at
    ),
    "events_item_never_oversold": lambda: changed(AgendaItemFactory(capacity=2), taken=3),
    "events_question_has_its_place": lambda: twin(own_question()),
    "events_few_questions": lambda: changed(own_question(), position=6),
    "events_question_offers_answers": lambda: changed(own_question(), kind="auswahl"),
    "events_question_answered_once": lambda: twin(own_answer()),
    "events_answer_says_something": lambda: changed(own_answer(), text=""),
    "events_contributors_do_not_wait": lambda: changed(
        RegistrationFactory(contributes=True), state=RegistrationState.WAITING
    ),
    "events_one_live_registration_per_person": lambda: changed(
        RegistrationFactory(event=(first := RegistrationFactory()).event),
        email=first.email,
        email_key=first.email_key,
    ),
    "events_form_counts_once": lambda: changed(
        RegistrationFactory(),
        submission=(first := RegistrationFactory()).submission,
        email=first.email,
        email_key=first.email_key,
    ),
    "events_registration_is_known": lambda: changed(RegistrationFactory(), mode="per-post"),
    "events_registration_closed_at_a_moment": lambda: changed(RegistrationFactory(), closed_at=NOW),
    "events_offer_lasts_until": lambda: changed(RegistrationFactory(), offered_until=NOW),
    "events_only_unconfirmed_are_held": lambda: changed(RegistrationFactory(), hold_until=NOW),
    "events_anonymised_means_nothing_personal": lambda: changed(
        RegistrationFactory(), anonymised_at=NOW
    ),
    "events_item_chosen_once": lambda: twin(stored(choice())),
    "events_needs_are_known": lambda: ParticipantNeeds(
        registration=RegistrationFactory(), needs=["ruhe"]
    ),
}

CONSULTING = {
    "consulting_one_advisor_per_address": lambda: changed(
        AdvisorFactory(), email=AdvisorFactory(email="ada@example.org").email.upper()
    ),
    "consulting_advisor_takes_one_a_day_at_least": lambda: changed(
        AdvisorFactory(), daily_maximum=0
    ),
    "consulting_advisor_looks_a_year_ahead_at_most": lambda: changed(
        AdvisorFactory(), horizon_days=367
    ),
    "consulting_advisor_keeps_holidays_of_a_land": lambda: changed(AdvisorFactory(), land="XX"),
    "consulting_absence_ends_after_it_begins": lambda: Absence(
        advisor=AdvisorFactory(), first_on=date(2026, 3, 2), last_on=date(2026, 3, 1)
    ),
    "consulting_message_says_something": lambda: CaseMessage(
        request=ConsultationRequestFactory(), text=""
    ),
    "consulting_message_comes_from_one_side": lambda: CaseMessage(
        request=ConsultationRequestFactory(), text="x", read_at=NOW
    ),
    "consulting_source_is_known": lambda: changed(ConsultationRequestFactory(), source="post"),
    "consulting_buffers_are_four_hours_at_most": lambda: changed(
        AdvisorFactory(), buffer_after_minutes=241
    ),
    "consulting_closed_exactly_if_dated": lambda: changed(
        ConsultationRequestFactory(), closed_at=NOW
    ),
    "consulting_confirmed_exactly_if_dated": lambda: changed(
        ConsultationRequestFactory(), confirmed_at=NOW
    ),
    "consulting_due_exactly_if_open": lambda: changed(ConsultationRequestFactory(), due_on=None),
    "consulting_request_names_one_municipality": lambda: changed(
        ConsultationRequestFactory(), municipality_name="Musterdorf"
    ),
    "consulting_request_comes_from_a_land": lambda: changed(
        ConsultationRequestFactory(), land="XX"
    ),
    "consulting_request_wants_a_building_block": lambda: changed(
        ConsultationRequestFactory(), building_blocks=[]
    ),
    "consulting_stage_is_known": lambda: changed(ConsultationRequestFactory(), stage="mittendrin"),
    "consulting_rating_is_known": lambda: changed(ConsultationRequestFactory(), rating="egal"),
    "consulting_anonymised_means_nothing_personal": lambda: changed(
        ConsultationRequestFactory(cancelled=True), anonymised_at=NOW
    ),
    "consulting_changed_after_submitted": lambda: changed(
        ConsultationRequestFactory(), changed_at=NOW - timedelta(seconds=1)
    ),
    "consulting_access_needs_say_something": lambda: AccessNeeds(
        request=ConsultationRequestFactory(), text=""
    ),
    "consulting_slotseries_mode_is_known": lambda: changed(SlotSeriesFactory(), mode="post"),
    "consulting_slotseries_has_a_place_on_site": lambda: changed(
        SlotSeriesFactory(), mode=Mode.ON_SITE
    ),
    "consulting_slotseries_link_only_online": lambda: changed(
        SlotSeriesFactory(), mode=Mode.PHONE, meeting_link=ROOM
    ),
    "consulting_series_weekday_is_one": lambda: changed(SlotSeriesFactory(), weekday=7),
    "consulting_series_repeats_within_twelve_weeks": lambda: changed(
        SlotSeriesFactory(), every_weeks=13
    ),
    "consulting_series_ends_after_it_begins": lambda: changed(
        series := SlotSeriesFactory(), until_time=series.from_time
    ),
    "consulting_series_length_makes_sense": lambda: changed(SlotSeriesFactory(), length_minutes=9),
    "consulting_series_pause_makes_sense": lambda: changed(SlotSeriesFactory(), pause_minutes=241),
    "consulting_series_lasts_two_years_at_most": lambda: changed(
        series := SlotSeriesFactory(), last_on=series.first_on + timedelta(days=732)
    ),
    "consulting_break_ends_after_it_begins": lambda: SeriesBreak(
        series=SlotSeriesFactory(), first_on=date(2026, 3, 2), last_on=date(2026, 3, 1)
    ),
    "consulting_slot_mode_is_known": lambda: changed(SlotFactory(), mode="post"),
    "consulting_slot_has_a_place_on_site": lambda: changed(SlotFactory(), place="Rathaus"),
    "consulting_slot_link_only_online": lambda: changed(
        SlotFactory(), mode=Mode.PHONE, meeting_link=ROOM
    ),
    "consulting_slot_ends_after_it_begins": lambda: changed(
        slot := SlotFactory(), ends_at=slot.starts_at + timedelta(hours=8, minutes=1)
    ),
    "consulting_slot_of_an_event_is_on_site": lambda: changed(SlotFactory(), event=EventFactory()),
    "consulting_slot_published_once": lambda: twin(SlotFactory()),
    "consulting_appointment_mode_is_known": lambda: changed(
        appointment(), mode="post", meeting_link=""
    ),
    "consulting_appointment_has_a_place_on_site": lambda: changed(appointment(), place="Rathaus"),
    "consulting_appointment_link_only_online": lambda: changed(
        appointment(), mode=Mode.PHONE, meeting_link=ROOM
    ),
    "consulting_no_double_booking": lambda: twin(
        appointment(), request=ConsultationRequestFactory()
    ),
    "consulting_one_time_and_one_proposal_per_request": lambda: twin(
        first := appointment(), **later(first)
    ),
    "consulting_appointment_ends_after_it_begins": lambda: changed(
        booked := appointment(), ends_at=booked.starts_at
    ),
    "consulting_appointment_blocks_at_least_itself": lambda: changed(
        booked := appointment(),
        blocked=DateTimeTZRange(booked.starts_at, booked.ends_at - timedelta(minutes=1)),
    ),
    "consulting_proposal_is_not_settled": lambda: changed(appointment(), is_proposal=True),
    "consulting_appointment_is_settled_or_lapses": lambda: changed(appointment(), settled_at=None),
    "consulting_one_history_entry_per_version": lambda: twin(stored(step())),
    "consulting_history_kind_is_known": lambda: changed(step(), kind="vergessen"),
    "consulting_history_of_the_office_makes_no_version": lambda: changed(step(), version=None),
    "consulting_history_to_whom_it_is_assigned": lambda: changed(step(), to=UserFactory()),
}


def list_news() -> ListNews:
    edition = stored(Edition(week=date(2026, 11, 16), found_at=ASKED))
    return ListNews(edition=edition, list=WatchedListFactory(), title="Lösungen", entries=[])


SUBSCRIBING: dict[str, Callable[[], Model]] = {
    "subscribing_one_subscriber_per_mailbox": lambda: twin(
        SubscriberFactory(email="eva@stadt.example"), email="Eva+x@Stadt.example"
    ),
    "subscribing_list_once": lambda: twin(WatchedListFactory()),
    "subscribing_list_is_known": lambda: changed(WatchedListFactory(), name="kommunen"),
    "subscribing_each_subscription_once": lambda: twin(SubscriptionFactory()),
    "subscribing_subscription_of_one_thing": lambda: changed(
        SubscriptionFactory(), event=EventFactory()
    ),
    "subscribing_confirmed_after_it_was_asked": lambda: changed(
        SubscriptionFactory(), confirmed_at=ASKED - timedelta(minutes=1)
    ),
    "subscribing_entry_known_once": lambda: twin(
        stored(KnownEntry(list_name=ListName.SOLUTIONS, entry=1, facts={"name": "ab"}))
    ),
    "subscribing_news_of_a_list_once_a_week": lambda: twin(stored(list_news())),
}

PROVOCATIONS: dict[str, Callable[[], Model]] = {
    **ACCOUNTS,
    **MAILING,
    **FINDING,
    **SMARTCITIES,
    **PROJECTS,
    **COMMUNITIES,
    **EVENTS,
    **CONSULTING,
    **SUBSCRIBING,
}
