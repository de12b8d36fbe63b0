"""What is sent because time passes: once, in time, and not any more when it is not true any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consulting import actions, retention, tasks
from consulting.mail import reminders
from consulting.models import ConsultationRequest, Rating
from mailing.models import Email
from tests.factories import ConsultationRequestFactory, SlotFactory, UserFactory
from tests.factories.consulting import NOW

pytestmark = pytest.mark.django_db

# Agreed at NOW, for two weeks later.
START = NOW + timedelta(days=14)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def request_():
    request = ConsultationRequestFactory(confirmed=True, slot=SlotFactory(starts_at=START))
    return ConsultationRequest.objects.get(pk=request.pk)


def read(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.get(pk=request.pk)


def planned() -> list[str]:
    """The rule of each reminder that is stored."""
    keys = Email.objects.filter(key__contains=":reminder:").order_by("pk")
    return [key.split(":")[3] for key in keys.values_list("key", flat=True)]


def run_every_hour(begin, end) -> list:
    """The moments at which a reminder was planned, when the clock runs hourly."""
    moments, now = [], begin
    while now <= end:
        moments += [now] * reminders.remind(now=now)
        now += HOUR
    return moments


def test_a_reminder_goes_a_week_before_and_another_a_day_before(request_):
    assert run_every_hour(NOW, START + DAY) == [START - 7 * DAY, START - DAY]
    assert planned() == ["week", "day"]


def test_a_night_without_the_clock_loses_none(request_):
    assert reminders.remind(now=START - 5 * DAY) == 1
    assert reminders.remind(now=START - HOUR) == 1
    assert planned() == ["week", "day"]


def test_a_week_reminder_that_is_far_too_late_is_left_out(request_):
    assert reminders.remind(now=START - 2 * DAY) == 0


def test_nobody_is_reminded_once_the_date_has_begun(request_):
    assert reminders.remind(now=START) == 0


def test_who_booked_within_the_week_gets_only_the_one_a_day_before():
    slot = SlotFactory(starts_at=NOW + 5 * DAY)
    ConsultationRequestFactory(confirmed=True, slot=slot)

    run_every_hour(NOW, NOW + 6 * DAY)

    assert planned() == ["day"]


def test_who_booked_within_the_day_gets_none():
    slot = SlotFactory(starts_at=NOW + 20 * HOUR)
    ConsultationRequestFactory(confirmed=True, slot=slot)

    run_every_hour(NOW, NOW + 2 * DAY)

    assert planned() == []


def test_only_agreed_dates_are_announced():
    made = {
        state: ConsultationRequestFactory(slot=SlotFactory(starts_at=START), **{state: True})
        for state in ("held", "proposed", "cancelled", "done")
    }

    moments = run_every_hour(NOW + HOUR, START + DAY)

    told = Email.objects.filter(key__contains=":reminder:").values_list("to", flat=True)
    assert [state for state, one in made.items() if one.email in told] == []
    assert moments == []


def test_a_cancelled_date_takes_back_the_reminder_that_has_not_gone(request_):
    other = ConsultationRequestFactory(confirmed=True, slot=SlotFactory(starts_at=START))
    reminders.remind(now=START - 7 * DAY)

    actions.cancel(request_, now=START - 7 * DAY + HOUR)

    left = Email.objects.filter(key__contains=":reminder:").values_list("to", flat=True)
    assert list(left) == [other.email]
    assert run_every_hour(START - 6 * DAY, START) == [START - DAY]  # the other one


def test_a_date_that_we_call_off_takes_back_its_reminder_and_what_runs_again_its_question(request_):
    reminders.remind(now=START - 7 * DAY)
    actions.call_off(request_, by=UserFactory(), now=START - 7 * DAY + HOUR)
    assert planned() == []

    other = ConsultationRequestFactory(confirmed=True, slot=SlotFactory(starts_at=START))
    actions.mark_held(other, by=UserFactory(), now=START + HOUR)
    assert reminders.ask_how_it_went(now=START + DAY) == 1
    actions.reopen(read(other), by=UserFactory(), now=START + DAY + HOUR)
    (reopened,) = Email.objects.filter(to=other.email)
    assert "/rueckmeldung/" not in reopened.text


def test_a_reminder_that_has_gone_is_kept(request_):
    reminders.remind(now=START - 7 * DAY)
    Email.objects.update(sent_at=timezone.now())

    actions.cancel(request_, now=START - 6 * DAY)

    assert planned() == ["week"]


def test_a_moved_date_is_announced_once_more_at_its_own_time(request_):
    reminders.remind(now=START - 7 * DAY)
    advisor = request_.current_appointment().advisor
    new = SlotFactory(advisor=advisor, starts_at=START + 10 * DAY)

    actions.reschedule(request_, slot=new, now=START - 6 * DAY)

    assert planned() == []  # that of the old time was taken back
    moments = run_every_hour(START - 6 * DAY, new.starts_at)
    assert moments == [new.starts_at - 7 * DAY, new.starts_at - DAY]


def test_accepting_another_time_takes_back_the_reminder_of_the_old_one(request_):
    reminders.remind(now=START - 7 * DAY)
    new = SlotFactory(starts_at=START + DAY)
    now = START - 6 * DAY
    proposed = actions.propose(request_, slot=new, by=UserFactory(), now=now)

    actions.accept(proposed, now=now)

    assert planned() == []


def test_a_reminder_carries_links_that_work_now(request_):
    reminders.remind(now=START - 7 * DAY)

    text = Email.objects.get().text
    assert "/start-smart/verschieben/" in text
    assert "/start-smart/absagen/" in text


def test_the_question_comes_the_day_after_and_once(request_):
    over = START + timedelta(minutes=45)
    when = [over + 17 * HOUR, over + 18 * HOUR, over + 19 * HOUR, over + 9 * DAY]

    assert [reminders.ask_how_it_went(now=now) for now in when] == [0, 1, 0, 0]
    assert "/start-smart/rueckmeldung/" in Email.objects.get().text


def test_the_question_is_not_asked_when_nobody_would_remember(request_):
    assert reminders.ask_how_it_went(now=START + 11 * DAY) == 0


def test_the_question_is_asked_after_the_office_has_marked_the_date(request_):
    actions.mark_held(request_, by=UserFactory(), now=START + HOUR)

    assert reminders.ask_how_it_went(now=START + DAY) == 1


def test_who_did_not_come_is_not_asked_and_a_waiting_question_is_taken_back(request_):
    reminders.ask_how_it_went(now=START + DAY)
    assert Email.objects.count() == 1

    actions.mark_no_show(request_, by=UserFactory(), now=START + DAY)

    assert [mail.key.split(":")[-1] for mail in Email.objects.all()] == ["no_show"]
    assert reminders.ask_how_it_went(now=START + 2 * DAY) == 0


def test_who_had_it_all_deleted_is_not_asked(request_):
    actions.mark_held(request_, by=UserFactory(), now=START + HOUR)
    retention.anonymise_by_wish([read(request_)], now=START + 2 * HOUR)

    assert reminders.ask_how_it_went(now=START + DAY) == 0
    assert read(request_).anonymised_at


@pytest.mark.parametrize("end", ["refuse", "lapse"])
def test_nobody_is_asked_about_a_date_beside_which_another_one_was_proposed_afterwards(
    request_, end
):
    """They were asked already whether it has not taken place."""
    other = SlotFactory(starts_at=START + 6 * DAY)
    asked = START + DAY
    proposed = actions.propose(request_, slot=other, by=UserFactory(), now=START + HOUR)
    assert reminders.ask_how_it_went(now=asked) == 0

    if end == "refuse":
        actions.refuse(proposed, now=asked)
    else:
        asked = START + 6 * DAY
        assert actions.release_expired(now=asked) == 1

    assert Email.objects.filter(key__endswith=":date_over").count() == 1
    assert reminders.ask_how_it_went(now=asked + HOUR) == 0


def test_who_refused_another_time_before_the_date_is_asked_how_it_went(request_):
    other = SlotFactory(starts_at=START + 6 * DAY)
    proposed = actions.propose(request_, slot=other, by=UserFactory(), now=START - 2 * DAY)
    actions.refuse(proposed, now=START - HOUR)

    assert reminders.ask_how_it_went(now=START + DAY) == 1


def test_after_a_date_that_was_doubtful_the_next_one_is_asked_about(request_):
    other = SlotFactory(starts_at=START + 6 * DAY)
    proposed = actions.propose(request_, slot=other, by=UserFactory(), now=START + HOUR)
    refused = actions.refuse(proposed, now=START + 2 * HOUR)
    actions.mark_no_show(refused, by=UserFactory(), now=START + DAY)
    new = SlotFactory(starts_at=START + 9 * DAY)
    actions.choose_time(read(request_), slot=new, now=START + 2 * DAY)

    assert [reminders.ask_how_it_went(now=START + days * DAY) for days in (3, 10)] == [0, 1]


def test_who_was_asked_about_one_date_is_asked_about_the_next_one_too(request_):
    assert reminders.ask_how_it_went(now=START + DAY) == 1
    Email.objects.update(sent_at=START + DAY)
    actions.mark_no_show(request_, by=UserFactory(), now=START + 2 * DAY)
    new = SlotFactory(starts_at=START + 9 * DAY)

    actions.choose_time(read(request_), slot=new, now=START + 3 * DAY)

    assert [reminders.ask_how_it_went(now=START + days * DAY) for days in (8, 10, 11)] == [0, 1, 0]


@pytest.mark.parametrize(("rule", "planned_at", "over"), [("week", 7, 2), ("day", 1, 0)])
def test_a_reminder_that_could_not_be_sent_in_its_time_is_not_sent_any_more(
    request_, rule, planned_at, over
):
    reminders.remind(now=START - planned_at * DAY)

    email = Email.objects.get()
    assert (email.key.split(":")[3], email.expires_at) == (rule, START - over * DAY)


def test_who_has_answered_is_not_asked(request_):
    actions.rate(request_, rating=Rating.PARTLY, now=START + HOUR)

    assert reminders.ask_how_it_went(now=START + DAY) == 0


@pytest.mark.parametrize("number", [1, 3])
def test_planning_costs_the_same_number_of_queries_whatever_the_number_of_dates(
    number, django_assert_num_queries
):
    for _number in range(number):
        ConsultationRequestFactory(confirmed=True, slot=SlotFactory(starts_at=START))
    now = START - 7 * DAY

    # savepoint, two rules, keys stored before, e-mails; the rule that finds nothing asks no more
    with django_assert_num_queries(6):
        assert reminders.remind(now=now) == number


def test_the_task_plans_with_the_clock_of_now():
    soon = SlotFactory(starts_at=timezone.now() + 23 * HOUR)
    ConsultationRequestFactory(confirmed=True, slot=soon)

    tasks.remind()

    assert planned() == ["day"]


def test_the_task_releases_what_nobody_has_confirmed():
    request = ConsultationRequestFactory(held=True, slot=SlotFactory())

    tasks.release_expired()

    assert read(request).state == "expired"
