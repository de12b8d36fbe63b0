"""Inviting people one by one or from a list, and how they answer."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from communities import actions
from communities.invitees import MOST_PEOPLE, Invitee, read
from communities.models import CommunityState, HistoryKind, Membership, MembershipState, Role
from communities.scope import coordinated_by
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email, EmailKind
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, MembershipFactory
from tests.some import some

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EVA = Invitee("eva@kommune.example", "Eva Beispiel")


def mails() -> list[tuple[str, str]]:
    return [(email.to, email.key.split(":", 3)[3]) for email in Email.objects.order_by("pk")]


# Reading a list


@pytest.mark.parametrize(
    "data",
    [
        b"Name;E-Mail;Rolle\nEva Beispiel;eva@kommune.example;Gast\n",
        b"\xef\xbb\xbfName,E-Mail,Rolle\r\nEva Beispiel,eva@kommune.example,gast\r\n",
        b"rolle\temail\tname\nGAST\t eva@kommune.example \tEva  Beispiel\n\n",
        "Name;E-Mail;Rolle\nEva Beispiel;eva@kommune.example;Gast\n".encode("utf-16"),
        b'"Name";"Telefon";"E-Mail-Adresse";"Rolle"\n"Eva Beispiel";"1";"eva@kommune.example";"Gast"',
    ],
)
def test_a_list_is_read_as_spreadsheets_save_it(data):
    preview = read(data)

    assert preview.problems == []
    assert preview.invitees == [Invitee("eva@kommune.example", "Eva Beispiel", Role.GUEST)]
    assert preview.is_usable


def test_names_survive_what_a_german_excel_saves():
    preview = read("Name;E-Mail\nJörg Müßig;joerg@kommune.example".encode("cp1252"))

    assert preview.invitees == [Invitee("joerg@kommune.example", "Jörg Müßig")]


def test_who_has_no_role_in_the_list_gets_the_chosen_one():
    data = b"E-Mail;Rolle\na@kommune.example;\nb@kommune.example;Koordination\n"

    roles = [invitee.role for invitee in read(data, role=Role.SUPPORT).invitees]

    assert roles == [Role.SUPPORT, Role.COORDINATION]


def test_every_bad_line_is_told_with_its_number_and_makes_the_list_unusable():
    data = "\n".join(
        [
            "Name;E-Mail;Rolle",
            "Eva;eva@kommune.example;Mitglied",
            "",
            "Ohne Adresse;;Mitglied",
            "Falsch;eva(at)kommune;Mitglied",
            "Doppelt;EVA@kommune.example;Mitglied",
            '"Zwei\nZeilen";zwei@kommune.example;König',
            f"{'x' * 151};lang@kommune.example;Gast",
            "Zu;viel@kommune.example;Gast;mehr",
            "Gut;gut@kommune.example;Gast",
        ]
    ).encode()

    preview = read(data)

    assert [str(problem) for problem in preview.problems] == [
        "Zeile 4: Die E-Mail-Adresse fehlt.",
        "Zeile 5: „eva(at)kommune“ ist keine E-Mail-Adresse.",
        "Zeile 6: Die Adresse steht schon in Zeile 2.",
        "Zeile 7: „König“ ist keine Rolle. Es gibt: Mitglied, Koordination, fachliche Begleitung, "
        "Gast.",
        "Zeile 9: Der Name ist länger als 150 Zeichen.",
        "Zeile 10: Hier stehen mehr Angaben als Spalten.",
    ]
    assert [invitee.name for invitee in preview.invitees] == ["Eva", "Gut"]
    assert not preview.is_usable


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Die Datei ist leer oder keine CSV-Datei."),
        (b"\xef\xbb\xbf \r\n", "Die Datei ist leer oder keine CSV-Datei."),
        (b"PK\x03\x04\x00\x00", "Die Datei ist leer oder keine CSV-Datei."),
        (b"Name;E-Mail\n", "In der Datei steht niemand."),
        (b"x" * (1024 * 1024 + 1), "Die Datei ist größer als 1 MB."),
        (b'E-Mail\n"' + b"x" * 200_000, "Die Datei ist keine lesbare CSV-Datei."),
        (
            b"Eva;eva@kommune.example\n",
            "Zeile 1: Hier müssen die Namen der Spalten stehen: „Name“, „E-Mail“ und, wenn Sie "
            "möchten, „Rolle“.",
        ),
        (
            b"E-Mail;Mail\na@b.example;c@d.example",
            "Zeile 1: Eine Spalte kommt mehrmals vor: E-Mail.",
        ),
    ],
)
def test_a_file_that_is_no_list_is_told_in_one_sentence(data, sentence):
    preview = read(data)

    assert [str(problem) for problem in preview.problems] == [sentence]
    assert preview.invitees == []


def test_a_list_has_an_end():
    people = "".join(f"p{number}@kommune.example\n" for number in range(MOST_PEOPLE + 1))

    assert [str(one) for one in read(f"E-Mail\n{people}".encode()).problems] == [
        "Zeile 502: Mehr als 500 Personen gehen nicht auf einmal."
    ]
    assert len(read(f"E-Mail\n{people}".encode()).invitees) == MOST_PEOPLE


# Inviting


@pytest.mark.django_db
def test_inviting_stores_invitations_and_writes_to_each_alone():
    community = CommunityFactory()
    by = CoordinationFactory(community=community).user

    outcome = actions.invite(
        community,
        [EVA, Invitee("guest@kommune.example", role=Role.GUEST), Invitee("EVA@kommune.example")],
        by=by,
        now=NOW,
    )

    assert [(one.email, one.role, one.state) for one in outcome.invited] == [
        ("EVA@kommune.example", Role.MEMBER, MembershipState.INVITED),
        ("guest@kommune.example", Role.GUEST, MembershipState.INVITED),
    ]
    assert outcome.approved == outcome.members == outcome.not_answered == []
    assert {one.invited_by for one in outcome.invited} == {by}
    assert mails() == [("EVA@kommune.example", "invited"), ("guest@kommune.example", "invited")]
    assert by.name
    for email in some(Email.objects.all()):
        assert f"{by.name} lädt Sie für die Koordination von „{community.name}“ ein" in email.text
        others = {"EVA@kommune.example", "guest@kommune.example"} - {email.to}
        assert not any(other in email.text for other in others)


@pytest.mark.django_db
def test_inviting_twice_writes_once_and_after_a_week_once_more():
    community, by = CommunityFactory(), UserFactory()

    first = actions.invite(community, [EVA], by=by, now=NOW)
    second = actions.invite(community, [EVA], by=by, now=NOW + DAY)
    third = actions.invite(community, [EVA], by=by, now=NOW + 7 * DAY)

    assert (len(first.invited), len(second.not_answered), len(third.invited)) == (1, 1, 1)
    assert mails() == [(EVA.email, "invited"), (EVA.email, "invited")]


@pytest.mark.django_db
def test_who_has_asked_is_taken_in_and_who_is_in_gets_nothing():
    community, by = CommunityFactory(), UserFactory()
    asked = MembershipFactory(
        community=community, state=MembershipState.REQUESTED, requested_at=NOW
    )
    member = MembershipFactory(community=community)

    outcome = actions.invite(
        community, [Invitee(asked.email), Invitee(member.email)], by=by, now=NOW
    )

    assert ([one.pk for one in outcome.approved], outcome.members) == ([asked.pk], [member])
    assert outcome.invited == []
    assert mails() == [(asked.email, "welcome")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"state": MembershipState.LEFT},
        {"state": MembershipState.DECLINED, "reason": "Voll."},
        {"state": MembershipState.REFUSED},
        {"state": MembershipState.REQUESTED, "email_confirmed_at": None, "requested_at": NOW},
    ],
)
def test_who_was_there_before_is_invited_anew_in_the_same_row(fields):
    known = MembershipFactory(email=EVA.email, name="Eva", **fields)

    outcome = actions.invite(known.community, [Invitee(EVA.email)], by=UserFactory(), now=NOW)

    assert [one.pk for one in outcome.invited] == [known.pk]
    known.refresh_from_db()
    assert (known.state, known.name, known.reason) == (MembershipState.INVITED, "Eva", "")


@pytest.mark.django_db
def test_one_who_cannot_be_invited_means_that_nobody_is():
    community = CommunityFactory()

    with pytest.raises(ValidationError):
        actions.invite(community, [EVA, Invitee("keine Adresse")], by=UserFactory(), now=NOW)

    assert not Membership.objects.exists()
    assert mails() == []


@pytest.mark.django_db
def test_an_archived_group_invites_nobody():
    community = CommunityFactory(state=CommunityState.ARCHIVED)

    with pytest.raises(NotPossible):
        actions.invite(community, [EVA], by=UserFactory(), now=NOW)


# Answering


@pytest.mark.django_db
def test_accepting_makes_a_member_and_tells_both_sides():
    community = CommunityFactory()
    coordinator = CoordinationFactory(community=community)
    (invited,) = actions.invite(community, [EVA], by=coordinator.user, now=NOW).invited
    Email.objects.all().delete()

    member = actions.accept(
        invited, name="Dr. Eva Beispiel", organisation="Amt 1", is_visible=True, now=NOW + DAY
    )
    with pytest.raises(Overtaken):
        actions.accept(invited, now=NOW + DAY)

    assert (member.state, member.name, member.organisation, member.is_visible) == (
        MembershipState.ACTIVE,
        "Dr. Eva Beispiel",
        "Amt 1",
        True,
    )
    assert (member.email_confirmed_at, member.user) == (NOW + DAY, None)
    assert [entry.kind for entry in member.history.all()] == [
        HistoryKind.INVITED,
        HistoryKind.ACCEPTED,
    ]
    assert mails() == [
        (EVA.email, "welcome"),
        (coordinator.email, f"coordination-accepted:{coordinator.pk}"),
    ]
    assert not User.objects.filter(email=EVA.email).exists()


@pytest.mark.django_db
def test_accepting_finds_the_account_whose_address_is_confirmed():
    user = UserFactory(email="Eva@kommune.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    invited = MembershipFactory(email=EVA.email, state=MembershipState.INVITED)

    assert actions.accept(invited, now=NOW).user == user


@pytest.mark.django_db
def test_refusing_tells_the_coordinators_alone():
    community = CommunityFactory()
    coordinator = CoordinationFactory(community=community)
    (invited,) = actions.invite(community, [EVA], by=coordinator.user, now=NOW).invited
    Email.objects.all().delete()

    assert actions.refuse(invited, now=NOW).state == MembershipState.REFUSED
    with pytest.raises(Overtaken):
        actions.accept(invited, now=NOW)

    assert mails() == [(coordinator.email, f"coordination-refused:{coordinator.pk}")]


@pytest.mark.django_db
def test_an_invitation_to_coordinate_opens_an_account_and_its_owner_sets_the_password():
    community = CommunityFactory()
    invitee = Invitee(EVA.email, EVA.name, Role.COORDINATION)
    (invited,) = actions.invite(community, [invitee], by=UserFactory(), now=NOW).invited
    assert not User.objects.filter(email=EVA.email).exists()

    member = actions.accept(invited, name="Dr. Eva Beispiel", now=NOW)

    user = User.objects.get(email=EVA.email)
    assert (member.user, user.name, user.is_staff) == (user, "Dr. Eva Beispiel", False)
    assert not user.has_usable_password()
    assert list(coordinated_by(user)) == [community]
    way_in = Email.objects.get(key__endswith=":account")
    assert (way_in.to, way_in.kind) == (EVA.email, EmailKind.ACCESS)
    address = next(word for word in way_in.text.split() if "/password/reset/key/" in word)
    browser = Client()
    page = browser.get("/" + address.split("/", 3)[3], follow=True)
    password = "ein ziemlich langes Passwort"
    browser.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    user.refresh_from_db()
    assert user.check_password(password)
