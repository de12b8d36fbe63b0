"""The form to join and the page of one's own groups."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities import actions
from communities.actions.joining import GUARD
from communities.invitees import Invitee
from communities.mail import from_coordinators
from communities.models import (
    CommunityState,
    MailWish,
    Membership,
    MembershipState,
    ResultState,
    Role,
)
from communities.views.joining import address
from events.models import Minutes, MinutesState
from mailing.models import Email
from projects.models import ProjectMunicipality
from projects.municipality_form import AS_WRITTEN
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.events import EventFactory, in_days
from tests.pages import words

pytestmark = pytest.mark.django_db

EVA = "eva@kommune.example"


def filled_in(**fields) -> dict[str, str]:
    shown = timezone.now() - timedelta(seconds=30)
    values = {
        "name": "Eva Beispiel",
        "email": EVA,
        "represents": "projekt",
        "message": "Gern dabei!",
        "stamp": GUARD.stamp(now=shown),
    }
    if fields.get("represents", "projekt") == "projekt" and "project" not in fields:
        values["project"] = str(ProjectFactory(is_public=True).pk)
    return {**values, **fields}


def with_confirmed_address(**fields):
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return answer.context["form"].errors


@pytest.mark.parametrize("factory", [CommunityFactory, TopicGroupFactory])
def test_a_visitor_asks_and_confirms_by_the_link_in_the_mail(client, factory):
    community = factory()
    path = address(community)

    assert client.get(path).status_code == 200
    answer = client.post(path, filled_in(is_visible="on"), follow=True)

    assert answer.redirect_chain == [(address(community, "joined"), 302)]
    assert "Bitte sehen Sie in Ihr Postfach" in answer.content.decode()
    asked = Membership.objects.get()
    assert (asked.community, asked.email, asked.is_visible) == (community, EVA, True)
    link = next(word for word in Email.objects.get().text.split() if "/bestaetigen/" in word)
    shown = client.get("/" + link.split("/", 3)[3])
    assert "Gern dabei!" in shown.content.decode()
    client.post("/" + link.split("/", 3)[3])
    assert list(Membership.objects.waiting()) == [asked]


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(client):
    community = CommunityFactory()
    states = [
        MembershipState.ACTIVE,
        MembershipState.INVITED,
        MembershipState.REQUESTED,
        MembershipState.DECLINED,
        MembershipState.LEFT,
    ]
    for state in states:
        MembershipFactory(
            community=community,
            email=f"{state}@kommune.example",
            state=state,
            requested_at=timezone.now(),
        )
    project = str(ProjectFactory(is_public=True).pk)

    answers = []
    for name in [*states, "neu"]:
        data = filled_in(email=f"{name}@kommune.example", project=project)
        first = client.post(address(community), data)
        second = client.get(first["Location"])
        answers.append((first.status_code, first["Location"], second.content.decode()))

    assert len(set(answers)) == 1


def test_what_is_missing_is_said_beside_the_field_and_above_the_form(client):
    community = CommunityFactory(open_to_non_funded=True)
    path = address(community)

    nothing = errors(client.post(path, {"stamp": filled_in()["stamp"]}))
    assert nothing == {
        "name": ["Bitte geben Sie Ihren Namen an."],
        "email": ["Bitte geben Sie Ihre dienstliche E-Mail-Adresse an."],
        "represents": ["Bitte wählen Sie aus, wen Sie vertreten."],
    }
    for represents, field, sentence in [
        ("projekt", "project", "Bitte wählen Sie Ihr Modellprojekt aus."),
        ("kommune", "q", "Bitte suchen Sie Ihre Kommune."),
        ("organisation", "organisation", "Bitte geben Sie Ihre Organisation an."),
    ]:
        answer = client.post(path, filled_in(represents=represents, project=""))
        assert errors(answer) == {field: [sentence]}
        html = answer.content.decode()
        assert html.count(sentence) == 2
        assert "<title>Fehler: " in html
    assert not Membership.objects.exists()


def test_a_kommune_is_chosen_from_the_hits_without_scripts(client):
    community = CommunityFactory(open_to_non_funded=True)
    MunicipalityFactory(name="Neustadt am Rübenberge")
    meant = MunicipalityFactory(name="Neustadt in Holstein")
    data = filled_in(represents="kommune", q="Neustadt")

    answer = client.post(address(community), data)
    assert (answer.status_code, errors(answer)) == (200, {})
    assert "Welche meinen Sie?" in answer.content.decode()
    unanswered = client.post(address(community), data | {"hits_for": "Neustadt"})
    assert errors(unanswered) == {
        "municipality": ["Bitte wählen Sie aus, welche Kommune Sie meinen."]
    }
    chosen = {"hits_for": "Neustadt", "municipality": str(meant.pk)}
    answer = client.post(address(community), data | chosen)

    assert answer.status_code == 302
    assert Membership.objects.get().municipality == meant


def test_only_what_belongs_to_the_choice_is_kept(client):
    community = CommunityFactory(open_to_non_funded=True)

    client.post(
        address(community),
        filled_in(
            represents="organisation",
            organisation="Verein",
            project=str(ProjectFactory(is_public=True).pk),
        ),
    )

    asked = Membership.objects.get()
    assert (asked.organisation, asked.project, asked.municipality) == ("Verein", None, None)


@pytest.mark.parametrize(
    ("make", "other_way", "link"),
    [
        (
            lambda: CommunityFactory(contact_email=""),
            "stellen Sie bitte unserer Geschäftsstelle eine Frage.",
            'href="/fragen/"',
        ),
        (
            lambda: CommunityFactory(contact_email="aeg@kts.example"),
            "schreiben Sie bitte der Koordination: aeg@kts.example",
            "mailto:aeg@",
        ),
        # Of a topic group without an address its community answers.
        (
            lambda: TopicGroupFactory(parent__contact_email="aeg@kts.example"),
            "schreiben Sie bitte der Koordination: aeg@kts.example",
            "mailto:aeg@",
        ),
    ],
)
def test_who_belongs_to_no_model_project_reads_why_they_cannot_join(client, make, other_way, link):
    community = make()
    funded, other = MunicipalityFactory(name="Ulm"), MunicipalityFactory(name="Anderswo")
    ProjectMunicipality.objects.create(project=ProjectFactory(is_public=True), municipality=funded)

    def send(municipality):
        picked = {"q": municipality.name, "picked": str(municipality.pk)}
        return client.post(address(community), filled_in(represents="kommune", **picked))

    refused = send(other)

    assert errors(refused) == {
        "q": [
            "Diese Gruppe ist für die Modellprojekte da. Gehören Sie zu einem, wählen Sie es bitte "
            f"aus. Möchten Sie trotzdem mitarbeiten, {other_way}"
        ]
    }
    for path in (address(community), community.get_absolute_url()):
        assert link in client.get(path).text.split("<main")[1].split("</main>")[0]
    assert send(funded).status_code == 302
    assert "organisation" not in refused.context["form"].fields


@pytest.mark.parametrize(
    "trap", [{"homepage": "https://werbung.example"}, {"stamp": "gefälscht"}, {"stamp": ""}]
)
def test_programs_are_asked_to_send_again(client, trap):
    answer = client.post(address(CommunityFactory()), filled_in(**trap))

    assert "sehr schnell" in errors(answer)["__all__"][0]
    assert not Membership.objects.exists()


def test_too_many_from_one_network_read_a_sentence(client):
    community = CommunityFactory()
    project = str(ProjectFactory(is_public=True).pk)
    for number in range(20):
        data = filled_in(email=f"p{number}@kommune.example", project=project)
        assert client.post(address(community), data).status_code == 302

    answer = client.post(address(community), filled_in(project=project))

    assert "Aus Ihrem Netz" in errors(answer)["__all__"][0]
    assert Membership.objects.count() == 20


def test_an_archived_group_says_that_nobody_joins_any_more(client):
    community = CommunityFactory(state=CommunityState.ARCHIVED)

    for answer in (client.get(address(community)), client.post(address(community), filled_in())):
        assert answer.status_code == 410
        assert "arbeitet nicht mehr" in answer.content.decode()
    assert not Membership.objects.exists()


def test_a_group_is_found_under_its_own_community_only(client):
    group, other = TopicGroupFactory(), CommunityFactory()

    assert client.get(f"/gemeinschaften/{other.slug}/{group.slug}/mitmachen/").status_code == 404
    assert client.get(f"/gemeinschaften/{group.slug}/mitmachen/").status_code == 404


def test_who_is_signed_in_needs_no_link_and_cannot_ask_for_somebody_else(client):
    community = CommunityFactory()
    coordinator = CoordinationFactory(community=community)
    user = with_confirmed_address(name="Eva Konto", email="konto@kommune.example")
    client.force_login(user)

    page = client.get(address(community))
    assert 'value="Eva Konto"' in page.content.decode()
    answer = client.post(address(community), filled_in(email="opfer@kommune.example"), follow=True)

    assert answer.redirect_chain == [("/konto/gruppen/", 302)]
    assert "Ihre Anfrage ist bei der Koordination der Gruppe." in answer.content.decode()
    asked = Membership.objects.get(role=Role.MEMBER)
    assert (asked.email, asked.user) == (user.email, user)
    assert {email.to for email in Email.objects.all()} == {user.email, coordinator.email}


def test_an_account_whose_address_nobody_confirmed_counts_as_none(client):
    client.force_login(UserFactory())

    client.post(address(CommunityFactory()), filled_in())

    assert Membership.objects.get().email_confirmed_at is None


# One's own groups


def test_my_groups_are_mine_with_their_role_and_state_and_no_others(client):
    user = with_confirmed_address(email="Eva@kommune.example")
    client.force_login(user)
    MembershipFactory(user=user, community__name="Meine", role=Role.SUPPORT)
    MembershipFactory(email=EVA, community__name="Über die Adresse")
    MembershipFactory(
        user=user,
        community__name="Angefragt",
        state=MembershipState.REQUESTED,
        requested_at=timezone.now(),
    )
    MembershipFactory(user=user, community__name="Eingeladen", state=MembershipState.INVITED)
    MembershipFactory(user=user, community__name="Verlassen", state=MembershipState.LEFT)
    MembershipFactory(community__name="Fremd", user=UserFactory())
    MembershipFactory(community__name="Noch fremder", user=UserFactory(), email="x@y.example")

    html = client.get(reverse("my_groups")).content.decode()

    for name in ("Meine", "Über die Adresse", "Angefragt", "Eingeladen", "fachliche Begleitung"):
        assert name in html
    for name in ("Verlassen", "Fremd", "Noch fremder"):
        assert name not in html
    assert "/gemeinschaften/einladung/" in html


def test_the_page_needs_an_account(client):
    for name, args in [("my_groups", []), ("my_group_leave", [1]), ("my_group_preferences", [1])]:
        method = client.get if name == "my_groups" else client.post
        assert method(reverse(name, args=args))["Location"].startswith("/konto/login/")


def test_my_groups_ask_as_few_questions_for_many_as_for_one(client):
    user = with_confirmed_address()
    client.force_login(user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("my_groups")).status_code == 200
        return len(asked)

    MembershipFactory(user=user, project=ProjectFactory())
    few = queries()
    for _number in range(15):
        MembershipFactory(user=user, project=ProjectFactory(), community=TopicGroupFactory())
    assert queries() == few


def test_members_decide_about_mails_and_visibility(client):
    user = with_confirmed_address()
    client.force_login(user)
    mine = MembershipFactory(user=user)
    path = reverse("my_group_preferences", args=[mine.pk])

    client.post(path, {f"{mine.pk}-mail_wish": "woechentlich", f"{mine.pk}-is_visible": "on"})
    mine.refresh_from_db()
    assert (mine.mail_wish, mine.is_visible, mine.version) == (MailWish.WEEKLY, True, 1)

    client.post(path, {f"{mine.pk}-mail_wish": "nie gehört"})
    mine.refresh_from_db()
    assert (mine.mail_wish, mine.is_visible) == (MailWish.WEEKLY, True)


def test_leaving_asks_first_and_then_takes_one_click(client):
    user = with_confirmed_address()
    client.force_login(user)
    mine = MembershipFactory(user=user)
    asked = MembershipFactory(
        user=user, state=MembershipState.REQUESTED, requested_at=timezone.now()
    )

    for membership in (mine, asked):
        path = reverse("my_group_leave", args=[membership.pk])
        assert path in client.get(reverse("my_groups")).text
        question = client.get(path)
        assert f"„{membership.community.full_name}“" in question.text
        assert ">Ja, " in question.text
        assert client.head(path).status_code == 200
        membership.refresh_from_db()
        assert membership.state in (MembershipState.ACTIVE, MembershipState.REQUESTED)
        assert client.post(path)["Location"] == "/konto/gruppen/"
        for again in (client.post(path, follow=True), client.get(path, follow=True)):
            assert "Das war schon erledigt." in again.text
        wish = client.post(reverse("my_group_preferences", args=[membership.pk]), follow=True)
        assert f"Sie gehören nicht mehr zu „{membership.community.full_name}“." in wish.text

    mine.refresh_from_db()
    asked.refresh_from_db()
    assert (mine.state, asked.state) == (MembershipState.LEFT, MembershipState.WITHDRAWN)
    assert mine.history.get().by == user


def test_the_last_coordinator_reads_that_somebody_must_follow(client):
    user = with_confirmed_address()
    client.force_login(user)
    last = CoordinationFactory(user=user)

    answer = client.post(reverse("my_group_leave", args=[last.pk]), follow=True)

    assert "keine Koordination mehr" in answer.content.decode()
    last.refresh_from_db()
    assert last.state == MembershipState.ACTIVE


@pytest.mark.parametrize("name", ["my_group_leave", "my_group_preferences"])
def test_nobody_touches_the_membership_of_somebody_else(client, name):
    client.force_login(with_confirmed_address(email="me@kommune.example"))
    foreign = MembershipFactory(user=UserFactory(), mail_wish=MailWish.AT_ONCE)
    unproved = MembershipFactory()
    # Another account's, whatever address was typed into it.
    with_ones_address = MembershipFactory(user=UserFactory(), email="me+aeg@kommune.example")

    for membership in (foreign, unproved, with_ones_address):
        data = {f"{membership.pk}-mail_wish": "keine"}
        assert client.post(reverse(name, args=[membership.pk]), data).status_code == 404
        membership.refresh_from_db()
        assert (membership.state, membership.mail_wish) == (
            MembershipState.ACTIVE,
            MailWish.AT_ONCE,
        )


def test_an_invitation_is_answered_from_the_page_too(client):
    user = with_confirmed_address(email=EVA)
    client.force_login(user)
    community = CommunityFactory()
    actions.invite(
        community,
        [Invitee(EVA)],
        by=CoordinationFactory(community=community).user,
        now=timezone.now(),
    )

    html = client.get(reverse("my_groups")).content.decode()
    path = html.split('href="/gemeinschaften/einladung/')[1].split('"')[0]
    client.post(f"/gemeinschaften/einladung/{path}", {"name": "Eva"})

    mine = Membership.objects.get(email=EVA)
    assert (mine.state, mine.user) == (MembershipState.ACTIVE, user)


def test_a_kommune_that_no_list_names_is_taken_as_it_was_written(client):
    community = CommunityFactory(open_to_non_funded=True)
    data = filled_in(represents="kommune", q="Zweckverband Musterland, Hessen", organisation="X")

    asked = client.post(address(community), data)

    assert (asked.status_code, errors(asked)) == (200, {})
    assert "Stimmt sie, senden Sie einfach noch einmal ab" in asked.content.decode()
    assert f'value="{AS_WRITTEN}"' in asked.content.decode()
    answer = data | {"hits_for": data["q"], "municipality": AS_WRITTEN}
    assert client.post(address(community), answer).status_code == 302
    asked = Membership.objects.get()
    assert (asked.municipality, asked.organisation) == (None, "Zweckverband Musterland, Hessen")


def test_a_kommune_that_no_list_names_belongs_to_no_model_project(client):
    q = "Musterdorf, Hessen"
    data = filled_in(represents="kommune", q=q, hits_for=q, municipality=AS_WRITTEN)

    refused = client.post(address(CommunityFactory()), data)

    assert "Diese Gruppe ist für die Modellprojekte da" in errors(refused)["q"][0]
    assert not Membership.objects.exists()


def test_an_old_page_does_not_bring_back_mails_that_were_ended_by_a_link(client):
    user = with_confirmed_address()
    client.force_login(user)
    mine = MembershipFactory(user=user, mail_wish=MailWish.WEEKLY, is_visible=False)
    page = client.get(reverse("my_groups"))
    ((_row, form),) = page.context["active"]
    seen = {f"{mine.pk}-seen": form["seen"].value(), f"{mine.pk}-mail_wish": "woechentlich"}
    assert f'value="{form["seen"].value()}"' in page.text
    Membership.objects.filter(pk=mine.pk).update(mail_wish=MailWish.NONE)

    client.post(
        reverse("my_group_preferences", args=[mine.pk]), seen | {f"{mine.pk}-is_visible": "on"}
    )

    mine.refresh_from_db()
    assert (mine.mail_wish, mine.is_visible) == (MailWish.NONE, True)


def test_inside_one_reads_who_chose_to_be_seen_and_how_many_there_are(client):
    """Whoever is not to be seen is absent with all there is about them, but counted."""
    user = UserFactory()
    mine = MembershipFactory(user=user, name="Ich Selbst", is_visible=True)
    for name, visible in (("Sara Sichtbar", True), ("Uwe Unsichtbar", False)):
        MembershipFactory(
            community=mine.community, name=name, is_visible=visible,
            email=f"{name.split()[1].lower()}@planke.example",
            organisation=f"Amt von {name.split()[0]}",
        )  # fmt: skip
    gone = MembershipFactory(
        community=mine.community, name="Fritz Fort", is_visible=True, state=MembershipState.LEFT
    )
    client.force_login(user)

    page = client.get(mine.community.members_area_url).text

    assert "Ich Selbst" in page
    assert "Sara Sichtbar" in page
    assert "Amt von Sara" in page
    assert [word for word in ("Uwe", "Unsichtbar", "unsichtbar@", gone.name) if word in page] == []
    assert "planke.example" not in page
    assert 'id="mitglieder">Mitglieder <span class="results__of">3</span>' in page


def test_inside_are_results_past_workshops_with_minutes_and_who_coordinates(client):
    mine = MembershipFactory(user=UserFactory(), community__contact_email="aeg@stadt.example")
    group = mine.community
    CoordinationFactory(community=group, name="Rosa Beispiel", is_visible=True)
    CoordinationFactory(community=group, name="Uwe Unsichtbar", is_visible=False)
    ResultFactory(community=group, title="Leitfaden")
    ResultFactory(community=group, title="Notizen", state=ResultState.MEMBERS)
    ResultFactory(community=group, title="Halbfertig", state=ResultState.DRAFT)
    minutes = {"Erster": MinutesState.APPROVED, "Zweiter": MinutesState.DRAFT, "Dritter": None}
    for number, (title, state) in enumerate(minutes.items(), start=2):
        workshop = EventFactory(community=group, title=title, starts_at=in_days(-number))
        if state:
            approved = timezone.now() if state == MinutesState.APPROVED else None
            Minutes.objects.create(
                event=workshop, text="So war es.", state=state, approved_at=approved
            )
    client.force_login(mine.user)

    answer = client.get(group.members_area_url)
    text = words(answer)

    for part in (
        "Erster Protokoll : Erster",
        "Zweiter noch kein Protokoll",
        "Dritter noch kein Protokoll",
    ):
        assert part in text, text
    assert "öffentlich Notizen" in text
    assert "nur für Mitglieder" in text
    assert "Wer koordiniert Rosa Beispiel Schreiben Sie an aeg@stadt.example ." in text
    assert [word for word in ("Unsichtbar", "Halbfertig") if word in text] == []
    protocol = re.search(r'href="(\S+/protokoll/)"', answer.text)[1]
    assert "So war es." in client.get(protocol).text


@pytest.mark.parametrize("has_account", [True, False])
def test_the_welcome_leads_inside_and_says_what_that_takes(has_account):
    user = UserFactory() if has_account else None
    asked = MembershipFactory(
        user=user, state=MembershipState.REQUESTED, requested_at=timezone.now(),
        email_confirmed_at=timezone.now(), community__slug="zwillinge",
    )  # fmt: skip

    actions.approve(asked, by=UserFactory(), now=timezone.now())

    text = Email.objects.get(to=asked.email).text
    assert f"Zum Mitgliederbereich:\n{settings.SITE_URL}/gemeinschaften/zwillinge/intern/" in text
    assert ("/konto/signup/" in text) is not has_account
    assert ("Melden Sie sich dafür mit Ihrem Konto an." in text) is has_account
    inside, *_after = re.search(r"intern/\s+(.*?)\n", text).groups()
    assert inside.startswith("Dort finden Sie Ergebnisse, Protokolle,")


def test_what_the_welcome_says_of_the_rundmails_holds_for_the_link_in_each_of_them(client):
    group = CommunityFactory(contact_email="aeg@kts.example")
    asked = MembershipFactory(
        community=group, state=MembershipState.REQUESTED, requested_at=timezone.now()
    )
    actions.approve(asked, by=UserFactory(), now=timezone.now())
    from_coordinators.announce(
        group, subject="Treffen", text="am Montag.", by=UserFactory(), now=timezone.now()
    )

    welcome, mail = Email.objects.order_by("pk")
    assert (
        "In jeder Rundmail steht ein Link, mit dem Sie sie abbestellen oder lieber montags gesammelt "
        "bekommen."
    ) in welcome.text
    assert mail.unsubscribe_url in mail.text
    page = words(client.get(mail.unsubscribe_url.removeprefix(settings.SITE_URL)))
    assert "Keine Rundmails mehr Lieber montags gesammelt" in page
