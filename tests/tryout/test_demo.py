from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from communities.models import Community, Experience, Membership, MembershipState, Result
from communities.network import COMMUNITIES
from communities.scope import coordinated_by
from consulting.availability import free_slots
from consulting.models import Advisor, Slot, SlotSeries
from events.models import Event, Mode, Registration
from mailing.models import Email
from office.todos import todos_of
from projects.editing import edited_by
from projects.network import CATALOGUE
from smartcities.tryout import demo, sample_group
from tests.shipped import load_once
from tests.some import some


def test_passwords_are_random_kept_and_readable_by_their_owner_only(tmp_path):
    file, other = tmp_path / "var" / "demo-logins.json", tmp_path / "other.json"
    first = demo.passwords(file)
    assert list(first) == [login.email for login in demo.LOGINS]
    assert file.stat().st_mode & 0o777 == 0o600
    assert demo.passwords(file) == first
    assert set(first.values()).isdisjoint(demo.passwords(other).values())
    assert min(map(len, first.values())) >= 16


def test_the_table_shows_every_login_with_its_password(tmp_path):
    known = demo.passwords(tmp_path / "logins.json")
    lines = demo.table(known).splitlines()[1:]
    assert [line.split()[-2:] for line in lines] == [list(pair) for pair in known.items()]


@pytest.mark.django_db
@pytest.mark.parametrize("login", demo.LOGINS, ids=lambda login: login.email)
def test_each_login_opens_the_door_and_all_but_one_the_administration(login, client, tmp_path):
    load_once((*CATALOGUE, *COMMUNITIES))
    known = demo.passwords(tmp_path / "logins.json")
    demo.make_logins(known)
    make_group()
    answer = client.post(
        reverse("account_login"), {"login": login.email, "password": known[login.email]}
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("account"))
    admitted = client.get(reverse("admin:index")).status_code == 200
    assert admitted == (login.email != "kommune@example.org")


@pytest.mark.django_db
def test_a_login_that_exists_stays_as_its_owner_made_it(tmp_path):
    known = demo.passwords(tmp_path / "logins.json")
    demo.make_logins(known)
    user = get_user_model().objects.get(email=demo.COORDINATOR)
    user.set_password("selbst gewählt")
    user.name = "Neuer Name"
    user.save()
    demo.make_logins(known)
    user.refresh_from_db()
    assert user.check_password("selbst gewählt")
    assert user.name == "Neuer Name"
    assert get_user_model().objects.count() == len(demo.LOGINS)


MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def make_group(now=MONDAY):
    sample_group.make_sample_group(
        coordinator=demo.COORDINATOR, editor=demo.PROJECT_EDITOR, now=now
    )


def account(email):
    return get_user_model().objects.get(email=email)


@pytest.fixture
def advised(tmp_path):
    demo.make_logins(demo.passwords(tmp_path / "logins.json"))
    demo.make_sample_times(MONDAY)


@pytest.mark.django_db
def test_the_sample_times_can_be_booked_and_say_what_they_are(advised):
    advisor = Advisor.objects.get()
    assert advisor.name == "Bente Beratung (Beispieltermine zum Ausprobieren)"
    assert advisor.user.email == "beratung@example.org"
    free = free_slots(now=MONDAY)
    assert {slot.advisor for slot in free} == {advisor}
    first = [slot.in_full for slot in free if slot.day == free[0].day]
    assert first == [
        "Dienstag, 3. März 2026, 10:00 bis 10:45 Uhr, online",
        "Dienstag, 3. März 2026, 11:00 bis 11:45 Uhr, online",
    ]
    assert {slot.day.weekday() for slot in free} == {1, 2, 3}


@pytest.mark.django_db
def test_starting_again_adds_nothing_and_later_fills_up_the_weeks_ahead(advised):
    def times():
        return set(Slot.objects.values_list("pk", "starts_at"))

    before = times()
    demo.make_sample_times(MONDAY)
    assert times() == before
    demo.make_sample_times(MONDAY + timedelta(weeks=40))
    assert before < times()
    assert free_slots(now=MONDAY + timedelta(weeks=40))
    assert (Advisor.objects.count(), SlotSeries.objects.count()) == (1, 3)


@pytest.mark.django_db
def test_a_sample_time_withdrawn_by_hand_stays_withdrawn(advised):
    slot = Slot.objects.first()
    Slot.objects.filter(pk=slot.pk).update(is_offered=False)
    demo.make_sample_times(MONDAY + timedelta(hours=1))
    slot.refresh_from_db()
    assert not slot.is_offered


@pytest.mark.django_db
def test_whatever_somebody_tried_out_the_next_start_works(advised):
    series = SlotSeries.objects.first()
    series.pk = None
    series.save()  # a second one on the same weekday
    Advisor.objects.update(email="anders@example.org")
    demo.make_sample_times(MONDAY)
    Advisor.objects.update(email=demo.ADVISOR, user=None)
    demo.make_sample_times(MONDAY)
    assert (Advisor.objects.count(), SlotSeries.objects.count()) == (1, 4)


@pytest.fixture
def with_group(tmp_path):
    load_once((*CATALOGUE, *COMMUNITIES))
    demo.make_logins(demo.passwords(tmp_path / "logins.json"))
    make_group()


@pytest.mark.django_db
def test_the_coordinator_of_the_try_out_finds_something_of_everything(with_group):
    coordinator = account(demo.COORDINATOR)
    assert "Urbane Digitale Zwillinge" in {str(group) for group in coordinated_by(coordinator)}
    assert [(todo.text, todo.is_overdue) for todo in todos_of(coordinator, now=MONDAY)] == [
        ("2 Menschen möchten in Ihre Gruppen, davon überfällig: 1", True),
        (
            "Protokoll fehlt: Beispiel: Auftakt der Themengruppe, "
            "Dienstag, 10. Februar 2026, 10:00 bis 12:00 Uhr",
            False,
        ),
        ("1 Protokoll ist ein Entwurf", False),
        ("1 Erfahrung wartet auf Freigabe", False),
        ("1 Ergebnis ist noch ein Entwurf", False),
    ]
    ahead = Event.objects.upcoming(MONDAY).filter(slug__startswith="beispiel-")
    assert [
        (one.title, one.registration_opens_at is None, row.mode, row.taken, row.waiting)
        for one in ahead.order_by("starts_at")
        for row in one.seats.order_by("-mode")
    ] == [
        ("Beispiel: Einblick in offene Stadtdaten", True, Mode.ON_SITE, 0, 0),
        ("Beispiel: Einblick in offene Stadtdaten", True, Mode.ONLINE, 0, 0),
        ("Beispiel: Sensoren an der Ampel", True, Mode.ONLINE, 4, 1),
        ("Beispiel: Sprechstunde Stadtklima", False, Mode.ONLINE, 0, 0),
    ]
    assert [str(one) for one in edited_by(account(demo.PROJECT_EDITOR))] == [
        "Hamburg, Leipzig und München"
    ]


@pytest.mark.django_db
def test_whatever_is_made_up_says_so_and_no_mail_can_reach_anybody(with_group):
    made_up = Membership.objects.exclude(email=demo.COORDINATOR)
    assert made_up.count() == 12
    for person in [*some(made_up), *some(Registration.objects.all())]:
        assert person.name.endswith(" (Beispiel)")
        assert person.email.endswith(".example")
    samples = Event.objects.filter(slug__startswith="beispiel-")
    titles = [event.title for event in samples]
    titles += [row.title for row in [*Result.objects.all(), *Experience.objects.all()]]
    assert len(titles) == 7
    assert [title for title in titles if not title.startswith("Beispiel: ")] == []
    hosts = {email.to.partition("@")[2] for email in Email.objects.all()}
    assert hosts == {"beispiel.example", "example.org"}


def everything():
    rows = {Membership, Result, Experience, Event, Registration}
    return {model.__name__: set(model.objects.values_list("pk", flat=True)) for model in rows}


@pytest.mark.django_db
def test_starting_again_adds_nothing_to_the_group_until_its_workshop_is_over(with_group):
    before = everything()
    make_group(MONDAY + timedelta(days=1))
    assert everything() == before
    make_group(MONDAY + timedelta(days=30))
    after = everything()
    assert (len(after["Event"] - before["Event"]), len(after["Registration"])) == (1, 10)
    assert after["Membership"] == before["Membership"]


@pytest.mark.django_db
def test_whatever_became_of_the_group_the_next_start_works(with_group, tmp_path):
    Event.objects.update(community=None, kind="extern")
    Community.objects.filter(slug=sample_group.TOPIC_GROUP).update(state="archived")
    make_group()
    Membership.objects.filter(email=demo.COORDINATOR).update(state=MembershipState.LEFT)
    account(demo.COORDINATOR).delete()
    demo.make_logins(demo.passwords(tmp_path / "logins.json"))
    make_group()
    assert coordinated_by(account(demo.COORDINATOR)).exists()
    Community.objects.update(state="archived")
    make_group()
