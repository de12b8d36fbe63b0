from datetime import datetime, timedelta

import pytest

from consulting import actions, links, retention
from consulting.links import Outcome, Purpose
from consulting.models import ConsultationRequest, HistoryEntry, Rating
from ground.refusals import Overtaken
from tests.factories import ConsultationRequestFactory, DraftFactory, SlotFactory, UserFactory
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)
OF_REQUESTS = [purpose for purpose in Purpose if purpose is not Purpose.RESUME]


def confirmed() -> ConsultationRequest:
    return read(ConsultationRequestFactory(confirmed=True, slot=SlotFactory()))


def read(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.get(pk=request.pk)


def outcome(token: str, purpose: Purpose, *, now: datetime = NOW) -> Outcome:
    return links.open_token(token, purpose, now=now).outcome


@pytest.mark.parametrize("purpose", OF_REQUESTS)
def test_a_token_opens_its_purpose_and_no_other(purpose):
    request = confirmed()
    # How it went can be said once the date is over.
    now = NOW + timedelta(days=8) if purpose is Purpose.RATE else NOW
    token = links.token_for(request, purpose, until=now + timedelta(days=1))

    opened = {other: links.open_token(token, other, now=now) for other in OF_REQUESTS}

    assert opened[purpose].row == request
    assert opened[purpose].explanation == ""
    assert {other: one.outcome for other, one in opened.items()} == {
        other: Outcome.VALID if other is purpose else Outcome.WRONG for other in OF_REQUESTS
    }


@pytest.mark.parametrize(
    "token", ["", "nonsense", "a:b:c", "WzEsMSwxXQ:1tKxyz:abc", "x" * 5000, "ä"]
)
def test_nonsense_is_wrong_and_explained(token):
    opened = links.open_token(token, Purpose.CANCEL, now=NOW)

    assert (opened.outcome, opened.row) == (Outcome.WRONG, None)
    assert "kopieren Sie die ganze Adresse" in opened.explanation


def test_a_token_of_another_installation_is_wrong(settings):
    token = links.token_for(confirmed(), Purpose.SEE, until=LATER)
    settings.SECRET_KEY = "another"

    assert outcome(token, Purpose.SEE) == Outcome.WRONG


def test_a_token_expires_at_its_moment():
    token = links.token_for(confirmed(), Purpose.SEE, until=LATER)

    assert outcome(token, Purpose.SEE, now=LATER - timedelta(seconds=1)) == Outcome.VALID
    assert outcome(token, Purpose.SEE, now=LATER) == Outcome.EXPIRED


def test_every_change_kills_all_tokens_of_before_and_new_ones_work():
    request = confirmed()
    slot = request.current_appointment().slot
    new = SlotFactory(advisor=slot.advisor, starts_at=slot.starts_at + timedelta(days=1))
    purposes = [Purpose.SEE, Purpose.RESCHEDULE, Purpose.CANCEL]
    old = {purpose: links.token_for(request, purpose, until=LATER) for purpose in purposes}

    moved = actions.reschedule(request, slot=new, now=NOW)

    assert {purpose: outcome(token, purpose) for purpose, token in old.items()} == {
        Purpose.SEE: Outcome.SUPERSEDED,
        Purpose.RESCHEDULE: Outcome.USED,
        Purpose.CANCEL: Outcome.SUPERSEDED,
    }
    for purpose in purposes:
        assert outcome(links.token_for(moved, purpose, until=LATER), purpose) == Outcome.VALID


def test_the_confirming_link_says_afterwards_that_it_is_done():
    request = read(ConsultationRequestFactory(held=True, slot=SlotFactory()))
    token = links.token_for(request, Purpose.CONFIRM, until=LATER)

    actions.confirm(request, now=NOW)

    assert outcome(token, Purpose.CONFIRM) == Outcome.USED


def test_the_confirming_link_of_a_released_time_says_that_it_has_expired():
    request = read(ConsultationRequestFactory(held=True, slot=SlotFactory()))
    token = links.token_for(request, Purpose.CONFIRM, until=NOW + timedelta(hours=1))

    actions.release_expired(now=NOW + timedelta(hours=2))

    opened = links.open_token(token, Purpose.CONFIRM, now=NOW + timedelta(hours=2))
    assert opened.outcome == Outcome.EXPIRED
    assert "neuen Termin" in opened.explanation


def test_a_cancelled_request_says_so_to_its_cancelling_link_and_dies_for_the_others():
    request = confirmed()
    cancel = links.token_for(request, Purpose.CANCEL, until=LATER)
    see = links.token_for(request, Purpose.SEE, until=LATER)

    actions.cancel(request, now=NOW)

    assert outcome(cancel, Purpose.CANCEL) == Outcome.USED
    assert outcome(see, Purpose.SEE) == Outcome.SUPERSEDED


def test_what_the_office_cancelled_was_not_done_by_the_link():
    request = confirmed()
    token = links.token_for(request, Purpose.CANCEL, until=LATER)

    actions.decline(request, reason="Haushaltssperre", by=UserFactory(), now=NOW)

    assert outcome(token, Purpose.CANCEL) == Outcome.SUPERSEDED


@pytest.mark.parametrize("answer", [actions.accept, actions.refuse])
def test_a_proposal_can_be_answered_once(answer):
    request = read(ConsultationRequestFactory(proposed=True, slot=SlotFactory()))
    token = links.token_for(request, Purpose.ANSWER, until=LATER)

    answer(request, now=NOW)

    assert outcome(token, Purpose.ANSWER) == Outcome.USED


def test_the_question_how_it_went_outlives_what_the_office_writes_down_and_is_answered_once():
    request, colleague = confirmed(), UserFactory()
    over = NOW + timedelta(days=8)
    token = links.token_for(request, Purpose.RATE, until=over + timedelta(days=30))
    held = actions.mark_held(request, by=colleague, now=over)
    noted = actions.record_outcome(held, outcome="Erste Schritte", by=colleague, now=over)

    assert outcome(token, Purpose.RATE, now=over) == Outcome.VALID

    actions.rate(noted, rating=Rating.HELPED, now=over)
    assert outcome(token, Purpose.RATE, now=over) == Outcome.USED


def test_the_link_of_a_deleted_request_has_expired():
    request = confirmed()
    token = links.token_for(request, Purpose.SEE, until=LATER)
    ConsultationRequest.objects.all().delete()

    assert outcome(token, Purpose.SEE) == Outcome.EXPIRED


def test_opening_changes_nothing(django_assert_num_queries):
    request = confirmed()
    token = links.token_for(request, Purpose.CANCEL, until=LATER)
    before = list(ConsultationRequest.objects.values()), list(HistoryEntry.objects.values())

    with django_assert_num_queries(3):  # the request, its appointments, their advisors
        links.open_token(token, Purpose.CANCEL, now=NOW)

    assert (
        list(ConsultationRequest.objects.values()),
        list(HistoryEntry.objects.values()),
    ) == before


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.VALID])
def test_every_dead_link_explains_itself(purpose, outcome):
    assert links.Opened(purpose, outcome).explanation.endswith((".", "!"))


def test_a_draft_opens_until_it_is_too_old():
    draft = DraftFactory()
    token = links.draft_token(draft)
    last = NOW + timedelta(days=7)

    opened = links.open_draft(token, now=last - timedelta(seconds=1))
    assert opened == links.Opened(Purpose.RESUME, Outcome.VALID, draft)
    gone = links.Opened(Purpose.RESUME, Outcome.EXPIRED)
    assert links.open_draft(token, now=last) == gone
    wrong = links.Opened(Purpose.RESUME, Outcome.WRONG)
    assert links.open_draft("nonsense", now=NOW) == wrong


def test_a_link_for_an_appointment_lasts_as_long_as_it_makes_sense():
    held = read(ConsultationRequestFactory(held=True, slot=SlotFactory())).current_appointment()
    agreed = confirmed().current_appointment()

    until = {
        purpose: links.lasts_until(purpose, agreed, now=NOW)
        for purpose in (Purpose.RESCHEDULE, Purpose.CANCEL, Purpose.RATE, Purpose.SEE)
    }

    assert links.lasts_until(Purpose.CONFIRM, held, now=NOW) == NOW + timedelta(minutes=60)
    assert until == {
        Purpose.RESCHEDULE: agreed.starts_at,
        Purpose.CANCEL: agreed.starts_at,
        Purpose.RATE: agreed.ends_at + timedelta(days=30),
        Purpose.SEE: agreed.ends_at + timedelta(days=90),
    }


def test_the_address_is_whole_and_names_the_purpose():
    assert links.address(Purpose.CANCEL, "abc") == "http://testserver/start-smart/absagen/abc/"


def explained(token: str, purpose: Purpose, *, now: datetime = NOW) -> str:
    return links.open_token(token, purpose, now=now).explanation


def proposed_beside(request: ConsultationRequest) -> ConsultationRequest:
    agreed = request.current_appointment()
    other = SlotFactory(advisor=agreed.advisor, starts_at=agreed.starts_at + timedelta(days=1))
    return read(actions.propose(request, slot=other, by=UserFactory(), now=NOW))


NEWEST = "Bitte benutzen Sie den Link aus der neuesten E-Mail"
CHANGING = [Purpose.RESCHEDULE, Purpose.CANCEL]


@pytest.mark.parametrize("purpose", [Purpose.SEE, *CHANGING])
def test_a_proposal_that_lapses_beside_an_agreed_date_does_not_say_that_the_date_has_begun(purpose):
    request = proposed_beside(confirmed())
    token = links.token_for(request, purpose, until=LATER)
    lapsed = NOW + timedelta(days=5)

    actions.release_expired(now=lapsed)

    assert outcome(token, purpose, now=lapsed) == Outcome.SUPERSEDED
    assert NEWEST in explained(token, purpose, now=lapsed)


def test_a_proposal_that_has_lapsed_leaves_an_agreed_date_and_otherwise_the_request_to_the_office():
    beside = proposed_beside(confirmed())
    alone = read(ConsultationRequestFactory(proposed=True, slot=SlotFactory()))
    tokens = [links.token_for(one, Purpose.ANSWER, until=LATER) for one in (beside, alone)]
    lapsed = NOW + timedelta(days=5)

    actions.release_expired(now=lapsed)

    gone = "Die Frist für diesen Vorschlag ist abgelaufen, die Zeit ist wieder frei. "
    assert [explained(token, Purpose.ANSWER, now=lapsed) for token in tokens] == [
        gone + "An Ihrem schon vereinbarten Termin ändert sich dadurch nichts.",
        gone + "Die Geschäftsstelle meldet sich bei Ihnen.",
    ]
    actions.cancel(read(alone), now=lapsed)
    assert explained(tokens[1], Purpose.ANSWER, now=lapsed).startswith("Diese Anfrage ist abgesagt")


def test_the_cancelling_link_of_a_hold_that_has_lapsed_says_that_there_is_nothing_to_cancel():
    request = read(ConsultationRequestFactory(held=True, slot=SlotFactory()))
    token = links.token_for(request, Purpose.CANCEL, until=LATER)
    lapsed = NOW + timedelta(hours=2)

    actions.release_expired(now=lapsed)

    assert explained(token, Purpose.CANCEL, now=lapsed) == (
        "Die Vormerkung ist verfallen, es gibt nichts abzusagen."
    )
    ConsultationRequest.objects.all().delete()  # a day later, by retention
    assert explained(token, Purpose.CANCEL, now=lapsed).startswith("Dieser Link ist abgelaufen.")


@pytest.mark.parametrize("purpose", CHANGING)
def test_only_where_a_date_is_agreed_an_old_link_says_that_it_has_begun(purpose):
    dated, dateless = confirmed(), read(ConsultationRequestFactory())
    begun = dated.current_appointment().starts_at
    tokens = [links.token_for(one, purpose, until=begun) for one in (dated, dateless)]

    assert [explained(token, purpose, now=begun).split(".")[0] for token in tokens] == [
        "Der Termin hat schon begonnen oder liegt zurück",
        "Dieser Link ist abgelaufen",
    ]


def _held(request: ConsultationRequest, now: datetime) -> None:
    actions.mark_held(request, by=UserFactory(), now=now)


def _missed(request: ConsultationRequest, now: datetime) -> None:
    actions.mark_no_show(request, by=UserFactory(), now=now)


def _cancelled(request: ConsultationRequest, now: datetime) -> None:
    actions.cancel(request, by=UserFactory(), now=now)


def _declined(request: ConsultationRequest, now: datetime) -> None:
    actions.decline(request, reason="Haushaltssperre", by=UserFactory(), now=now)


def _forgotten(request: ConsultationRequest, now: datetime) -> None:
    _missed(request, now)
    retention.carry_out(now=now + timedelta(days=400))


@pytest.mark.parametrize("purpose", [Purpose.SEE, *CHANGING])
@pytest.mark.parametrize(
    ("end", "said"),
    [
        (_held, "Diese Anfrage ist abgeschlossen. Sie müssen nichts weiter tun."),
        (_missed, "Zu Ihrem Termin haben wir Sie nicht erreicht. Möchten Sie die Beratung noch"),
        (_cancelled, "Diese Anfrage ist abgesagt. Sie müssen nichts weiter tun."),
        (_declined, "Diese Anfrage ist abgeschlossen. Sie müssen nichts weiter tun."),
        (_forgotten, "Diese Anfrage ist abgeschlossen. Sie müssen nichts weiter tun."),
    ],
)
def test_after_the_end_no_link_sends_anybody_to_a_newer_email(end, said, purpose):
    request, over = confirmed(), NOW + timedelta(days=8)
    token = links.token_for(request, purpose, until=over)

    end(request, over)

    if (end, purpose) == (_cancelled, Purpose.CANCEL):
        said = "Sie haben diese Anfrage schon abgesagt."
    assert explained(token, purpose, now=over).startswith(said)


def test_who_has_said_how_it_went_is_sent_to_no_newer_email():
    request, over = confirmed(), NOW + timedelta(days=8)
    tokens = {one: links.token_for(request, one, until=over) for one in [Purpose.SEE, *CHANGING]}

    actions.rate(request, rating=Rating.HELPED, now=over)

    begun = "Der Termin hat schon begonnen oder liegt zurück. Er lässt sich nicht mehr "
    assert {one: explained(token, one, now=over) for one, token in tokens.items()} == {
        Purpose.SEE: "Die Beratung liegt zurück. Sie müssen nichts weiter tun.",
        Purpose.RESCHEDULE: begun + "verschieben.",
        Purpose.CANCEL: begun + "absagen.",
    }


def _reopened(request: ConsultationRequest, now: datetime) -> None:
    _held(request, now)
    actions.reopen(read(request), by=UserFactory(), now=now)


def _chosen_anew(request: ConsultationRequest, now: datetime) -> None:
    _reopened(request, now)
    actions.choose_time(read(request), slot=SlotFactory(starts_at=now + timedelta(days=9)), now=now)


def _moved(request: ConsultationRequest, now: datetime) -> None:
    slot = SlotFactory(starts_at=now + timedelta(days=9))
    actions.reschedule(request, slot=slot, by=UserFactory(), now=now)


def _done_without_a_date(request: ConsultationRequest, now: datetime) -> None:
    _reopened(request, now)
    actions.record_outcome(read(request), outcome="Am Telefon.", by=UserFactory(), now=now)


@pytest.mark.parametrize(
    "end",
    [_missed, _reopened, _chosen_anew, _moved, _done_without_a_date, _cancelled, _forgotten],
)
def test_what_did_not_take_place_is_not_asked_how_it_went(end):
    request, over = confirmed(), NOW + timedelta(days=8)
    token = links.token_for(request, Purpose.RATE, until=over + timedelta(days=30))

    end(request, over)

    assert outcome(token, Purpose.RATE, now=over) == Outcome.SUPERSEDED
    assert explained(token, Purpose.RATE, now=over) == (
        "Zu dieser Anfrage gibt es zurzeit keine Beratung zu bewerten."
    )
    with pytest.raises(Overtaken):
        actions.rate(read(request), rating=Rating.HELPED, now=over)
