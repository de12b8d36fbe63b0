"""One mailbox is one person in every app: places in line, limits, opt-outs, own data, erasure."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guard import TooMany
from accounts.known import is_own_address
from accounts.models import User
from accounts.own_data import Person
from asking.mail.questions import coordination_of
from communities import actions as communities_actions
from communities import invitees
from communities import own_data as communities_own_data
from communities.invitees import Invitee
from communities.mail import memberships
from communities.models import Membership
from consulting import actions as consulting_actions
from consulting.models import ConsultationRequest, Draft
from events import actions as events_actions
from events.mail import invitations, to_hosts
from events.models import Invitation, OptOut, Registration, RegistrationState
from mailing.models import Email, EmailKind
from projects.admin.own import EditorForm
from projects.editing import editors_of
from projects.mail.owners import tell_editor
from projects.models import ProjectEditor
from smartcities import own_data
from smartcities.accessibility import barriers
from tests.consulting.test_pages import fill, review
from tests.factories import (
    ConsultationRequestFactory,
    DraftFactory,
    MunicipalityFactory,
    ProjectFactory,
    UserFactory,
)
from tests.factories.asking import QuestionFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, MembershipFactory
from tests.factories.events import EventFactory, RegistrationFactory, SeatsFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ANNA = "anna@xn--strae-oqa.de"
SPELLINGS = [
    "anna@straße.de",
    "anna@straße.de\u200b",
    "Anna@stra\u00adße.de",
    "anna@xn--strae-oqa.de",
    "anna+fest@straße.de",
]


def register(seats, address: str) -> events_actions.Registered:
    person = events_actions.Person("Anna Beispiel", address)
    return events_actions.register(
        seats.event, [person], seats.mode, submission=uuid.uuid4(), now=NOW
    )


def test_one_mailbox_has_one_place_in_line():
    seats = SeatsFactory(capacity=1, taken=1, waiting_limit=9)
    Registration.objects.all().delete()

    for address in SPELLINGS:
        register(seats, address)

    assert [row.state for row in Registration.objects.all()] == [RegistrationState.WAITING]
    seats.refresh_from_db()
    assert seats.waiting == 1


def test_the_database_keeps_two_of_one_mailbox_out_of_a_group():
    membership = MembershipFactory(email=SPELLINGS[0])

    with pytest.raises(IntegrityError, match="communities_one_membership_per_address"):
        MembershipFactory(community=membership.community, email=SPELLINGS[-1])


def test_asking_to_join_and_being_invited_find_the_membership_of_the_mailbox():
    community = CommunityFactory(open_to_non_funded=True)
    for address in SPELLINGS:
        communities_actions.request_membership(
            communities_actions.Application(
                community=community, name="Anna", email=address, organisation="Verein"
            ),
            now=NOW,
        )
        found = [Invitee(address)]
        communities_actions.invite(community, found, by=UserFactory(), now=NOW)

    assert Membership.objects.count() == 1


def test_a_list_of_invitees_names_a_mailbox_that_comes_twice():
    preview = invitees.read(f"E-Mail\n{SPELLINGS[0]}\n{SPELLINGS[2]}\n".encode())

    assert [one.email for one in preview.invitees] == [ANNA]
    assert [str(problem) for problem in preview.problems] == [
        "Zeile 3: Die Adresse steht schon in Zeile 2."
    ]


def invited(*addresses: str) -> list[str]:
    Email.objects.all().delete()
    invitation = Invitation.objects.create(
        event=EventFactory(starts_at=NOW + timedelta(days=30)),
        subject="Kommen Sie",
        text="Am Montag.",
        addresses="\n".join(addresses),
    )
    invitations.send(invitation, by=None, now=NOW)
    return list(Email.objects.order_by("to").values_list("to", flat=True))


def test_an_opted_out_mailbox_gets_nothing_however_it_is_typed():
    invitations.opt_out(invitations.address_hash(SPELLINGS[2]), now=NOW)

    assert invited("zoe@stadt.example", *SPELLINGS) == ["zoe@stadt.example"]


def test_who_opted_out_before_tags_were_dropped_stays_out():
    before = invitations._hash("anna+fest@stadt.example", None)
    OptOut.objects.create(address_hash=before, at=NOW)

    assert invited("zoe@stadt.example", "Anna+Fest@stadt.example") == ["zoe@stadt.example"]


def test_a_mailbox_gets_five_links_to_drafts_a_day_whatever_is_added_to_it():
    draft, morning = DraftFactory(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    for number in range(5):
        consulting_actions.send_draft_link(
            draft, email=f"anna+{number}@stadt.example", now=morning + timedelta(hours=number)
        )
        Draft.objects.update(email="jemand@stadt.example")

    with pytest.raises(TooMany, match="schon mehrere Links"):
        consulting_actions.send_draft_link(
            DraftFactory(), email="anna+99@stadt.example", now=morning + timedelta(hours=5)
        )


@pytest.fixture
def everywhere() -> None:
    """A row in every app, each under another spelling."""
    RegistrationFactory(email=SPELLINGS[0])
    MembershipFactory(email=SPELLINGS[1])
    ConsultationRequestFactory(email=SPELLINGS[2])
    DraftFactory(email=SPELLINGS[4])
    barriers.report(text="Zu klein", page="", email=SPELLINGS[3], now=NOW)
    register(SeatsFactory(), SPELLINGS[4])


@pytest.mark.parametrize("address", SPELLINGS)
def test_own_data_are_found_and_erased_whatever_spelling_they_were_stored_under(
    everywhere, address
):
    RegistrationFactory(email="zoe@stadt.example", name="Zoe")
    client = Client()
    client.post("/meine-daten/", {"email": address})
    link = Email.objects.get(key__startswith="own-data:")
    token = link.text.partition("/meine-daten/")[2].split("/")[0]

    models = {part.model for part in own_data.parts(own_data.open_token(token).row)}
    answer = client.post(f"/meine-daten/{token}/", {"erase": "1", "sure": "on"}, follow=True)

    assert {
        "events.Registration", "communities.Membership", "consulting.ConsultationRequest",
        "consulting.Draft", "smartcities.BarrierReport", "mailing.Email",
    } <= models  # fmt: skip
    assert "ist gelöscht" in answer.content.decode()
    assert rows_with("strae") == []
    assert Registration.objects.filter(name="Zoe").exists()


def rows_with(word: str) -> list[str]:
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for value in model._base_manager.values_list(field.attname, flat=True)
        if isinstance(value, str) and word in value
    ]


def test_one_mailbox_has_one_account(client):
    UserFactory(email=ANNA)
    for address in SPELLINGS:
        password = "ein langes Passwort hier"
        client.post(
            reverse("account_signup"),
            {"name": "Anna", "email": address, "password1": password, "password2": password},
        )

    assert User.objects.count() == 1
    assert set(Email.objects.values_list("subject", flat=True)) == {"Sie haben schon ein Konto"}


@pytest.mark.parametrize("address", SPELLINGS[:4])
def test_one_signs_in_with_any_spelling_of_the_own_address(client, address):
    UserFactory(email=ANNA, password="ein langes Passwort hier")

    answer = client.post(
        reverse("account_login"), {"login": address, "password": "ein langes Passwort hier"}
    )

    assert answer.status_code == 302


def test_an_account_shows_the_data_of_its_mailbox():
    RegistrationFactory(email=SPELLINGS[4])
    person = Person(frozenset({"anna@xn--strae-oqa.de"}))

    assert [part.model for part in own_data.parts(person)] == ["events.Registration"]


def test_who_has_a_task_twice_in_one_mailbox_hears_of_it_once():
    """From the time when two spellings were two people: two coordinators, two editors."""
    group = CommunityFactory()
    first = CoordinationFactory(community=group, user__email=SPELLINGS[0])
    CoordinationFactory(
        community=group,
        user=UserFactory(email=SPELLINGS[-1], shares_mailbox=True),
        shares_mailbox=True,
    )
    question = QuestionFactory(at_office=True)
    for user in User.objects.order_by("pk"):
        ProjectEditor.objects.create(project=question.project, user=user)

    assert len(ProjectEditor.objects.all()) == len(group.memberships.all()) == 2
    assert editors_of(question.project_id) == [(first.user_id, ANNA)]
    assert coordination_of(group.pk) == [(first.pk, ANNA)]
    assert memberships.responsible(group) == [first]
    assert to_hosts.addresses(EventFactory(community=group)) == {f"member-{first.pk}": ANNA}


@pytest.mark.parametrize("address", SPELLINGS)
def test_who_answers_for_a_group_hears_so_before_the_erasure_however_the_address_stands_there(
    address,
):
    CommunityFactory(name="AEG Wasser", contact_email=SPELLINGS[-1])
    CommunityFactory(contact_email="zoe@stadt.example")

    person = Person(frozenset({address}))
    assert list(communities_own_data.obstacles(person)) == [
        "Ihre Adresse ist die Kontaktadresse von „AEG Wasser“. Bitte lassen Sie dort erst eine andere "
        "eintragen."
    ]


@pytest.mark.parametrize("address", SPELLINGS)
def test_who_is_signed_in_has_proved_every_spelling_of_their_own_address(address, rf):
    request = rf.get("/")
    request.user = UserFactory(email=ANNA)
    typed_only = is_own_address(request, address)
    EmailAddress.objects.create(user=request.user, email=ANNA, verified=True)

    assert (typed_only, is_own_address(request, address)) == (False, True)
    assert not is_own_address(request, "zoe@stadt.example")


def test_a_request_sent_while_signed_in_is_proved_by_the_account_of_its_address_only():
    """What anybody else types gives an account nothing, as every app is asked in `test_account`."""
    anna = UserFactory(email=ANNA)
    EmailAddress.objects.create(user=anna, email=ANNA, verified=True)
    town, proved = MunicipalityFactory(name="Musterdorf"), []
    for user, email in ((anna, SPELLINGS[2]), (anna, "zoe@stadt.example"), (None, ANNA)):
        client = Client()
        if user:
            client.force_login(user)
        fill(client, town, email=email)
        client.post(reverse("consulting:review"), review(client))
        stored = ConsultationRequest.objects.get()
        proved.append(stored.address_proved_at is not None)
        stored.delete()

    assert proved == [True, False, False]


def test_the_editors_of_a_project_are_found_by_whose_mailbox_it_is_and_not_by_what_was_typed():
    """Another account once wrote this address as its own, and never proved it."""
    typed, owner = UserFactory(email=ANNA), UserFactory(email="anna@privat.example")
    project = ProjectFactory()
    EmailAddress.objects.create(user=typed, email="bert@stadt.example", verified=True)
    form = EditorForm({"email": SPELLINGS[0]}, instance=ProjectEditor(project=project))
    assert "noch kein Konto" in form.errors["email"][0]

    EmailAddress.objects.create(user=owner, email=f"anna+amt@{ANNA[5:]}", verified=True)
    form = EditorForm({"email": SPELLINGS[0]}, instance=ProjectEditor(project=project))
    assert form.is_valid()
    assert form.save().user == owner


def test_who_signed_up_with_anothers_address_edits_no_project_with_the_password_they_chose():
    """Its owner sets one of their own, by the link to their mailbox."""
    user = UserFactory(email=ANNA, password="ein langes Passwort hier")
    form = EditorForm({"email": SPELLINGS[2]}, instance=ProjectEditor(project=ProjectFactory()))

    assert form.is_valid()
    editor = form.save()
    assert editor.user == user
    user.refresh_from_db()
    assert not user.has_usable_password()
    tell_editor(editor, by=UserFactory(), now=timezone.now())
    [told] = Email.objects.all()
    assert (told.to, told.kind, "Passwort festlegen" in told.text) == (ANNA, EmailKind.ACCESS, True)


def test_an_editor_of_before_edits_with_no_password_that_a_stranger_chose():
    """Entered when such a password did not end at once: it opens nothing, and ends with the owner's own."""
    chosen, own = "ein-langer-satz-2026", "mein-ganz-eigener-satz"
    typed = {"name": "Anna", "email": ANNA, "password1": chosen, "password2": chosen}
    stranger, owner = Client(), Client()
    stranger.post(reverse("account_signup"), typed)
    user, project = User.objects.get(), ProjectFactory()
    ProjectEditor.objects.create(project=project, user=user)
    page = reverse("admin:projects_project_change", args=[project.pk])

    def link_to(what: str) -> str:
        return re.search(
            rf"http://testserver(/konto/\S*{what}\S+)", Email.objects.latest("pk").text
        )[1]

    # In good faith, as somebody who is told that they edit a project.
    owner.post(link_to("confirm-email"))
    assert not EmailAddress.objects.get().verified
    stranger.post(reverse("account_login"), {"login": ANNA, "password": chosen})
    assert (stranger.get(page).status_code, "_auth_user_id" in stranger.session) == (302, False)

    owner.post(reverse("account_reset_password"), {"email": ANNA})
    form = owner.get(link_to("reset/key"), follow=True).request["PATH_INFO"]
    owner.post(form, {"password1": own, "password2": own})
    user.refresh_from_db()
    assert (user.check_password(chosen), user.check_password(own)) == (False, True)
    assert EmailAddress.objects.get().verified
    stranger.post(reverse("account_login"), {"login": ANNA, "password": chosen})
    assert "_auth_user_id" not in stranger.session


def test_who_has_proved_the_address_of_an_editor_keeps_the_password_and_is_sent_no_way_to_another():
    user = UserFactory(email=ANNA, password="ein langes Passwort hier")
    EmailAddress.objects.create(user=user, email=ANNA.lower(), verified=True)
    form = EditorForm({"email": ANNA}, instance=ProjectEditor(project=ProjectFactory()))

    assert form.is_valid()
    tell_editor(form.save(), by=UserFactory(), now=timezone.now())
    user.refresh_from_db()
    assert user.has_usable_password()
    [told] = Email.objects.all()
    assert (told.kind, "Passwort" in told.text) == (EmailKind.TRANSACTIONAL, False)
