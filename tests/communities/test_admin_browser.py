"""A coordinator who never saw Django runs a group: the whole way, with the mouse and by keyboard."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities import actions
from communities.models import (
    Community,
    Experience,
    ExperienceState,
    GroupMessage,
    Membership,
    MembershipState,
    MessageState,
    Result,
    ResultState,
    Role,
)
from communities.scope import coordinated_by
from events.models import Event, EventState, Minutes, MinutesState
from mailing.models import Email, EmailKind
from projects.models import ProjectEditor, Solution
from tests.browser import axe, barriers, settled
from tests.communities.hands import Keys, Mouse
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.events import EventFactory, SeatsFactory
from tests.some import some

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Day and month, hour and minute the same: see `Keys.set_moment`.
BEGIN, END = (f"{timezone.now().year + 2}-10-10T{time}" for time in ("10:10", "11:11"))


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def aeg():
    return CommunityFactory(name="Urbane Digitale Zwillinge", slug="urbane-digitale-zwillinge")


@pytest.fixture
def coordinator(aeg):
    return CoordinationFactory(
        community=aeg, name="Kim Koordination", user=UserFactory(name="Kim Koordination")
    )


@pytest.fixture
def applicant(aeg):
    return MembershipFactory(
        community=aeg,
        name="Wanda Wartet",
        email="wanda@kommune.example",
        organisation="Stadt Jena",
        message="Wir bauen gerade einen Zwilling auf.",
        state=MembershipState.REQUESTED,
        requested_at=timezone.now() - timedelta(days=1),
    )


def mails_to(address: str) -> list[str]:
    """What an address has got, by the end of the keys, the oldest first."""
    return [mail.key.rsplit(":", 1)[-1] for mail in Email.objects.filter(to=address).order_by("pk")]


def shown(page, text: str) -> None:
    page.get_by_text(text).first.wait_for()


class Coordinator:
    """What somebody does who reads what stands on the page and presses what it says."""

    def __init__(self, page, hands) -> None:
        self.page, self.hands = page, hands

    def link(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("main").get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("main").get_by_role("button", name=name).first)

    def write(self, label: str, text: str) -> None:
        self.hands.write(self.page.get_by_label(label, exact=True).first, text)

    def choose(self, label: str, option: str) -> None:
        self.hands.choose(self.page.get_by_label(label, exact=True).first, option)

    def home(self) -> None:
        header = self.page.get_by_role("link", name="Verwaltung der Modellprojekte Smart Cities")
        self.hands.press(header)
        shown(self.page, "Was auf Sie wartet")

    def approve(self, applicant) -> None:
        self.link("1 Mensch möchte in Ihre Gruppe")
        self.link(applicant.name)
        self.link("Aufnehmen")
        self.button("Aufnehmen")
        shown(self.page, "Die Person ist aufgenommen und bekommt eine E-Mail.")

    def create_topic_group(self) -> None:
        self.home()
        self.link("Themengruppe anlegen")
        self.write("Name:", "Mobilität")
        self.write("Woran die Gruppe arbeitet:", "Verkehr im Zwilling")
        self.button("Speichern")
        shown(self.page, "erfolgreich hinzugefügt")

    def invite(self, rows: str) -> None:
        self.link("Menschen einladen")
        file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        self.page.get_by_label("oder eine Tabelle (CSV)").set_input_files([file])
        self.button("Einladen")
        shown(self.page, "Vorschau für „Urbane Digitale Zwillinge: Mobilität“")
        self.button("2 Einladungen senden")
        shown(self.page, "2 Einladungen sind unterwegs.")

    def write_to_the_group(self) -> None:
        self.home()
        self.link("Mobilität")
        self.link("Rundmail schreiben")
        self.write("Betreff:", "Unser erstes Treffen")
        self.write("Nachricht:", "Liebe alle,")
        self.button("Speichern")
        self.link("Testmail an mich")
        self.button("Testmail an mich")
        shown(self.page, "Die Testmail ist unterwegs.")
        self.link("Ansehen und senden")
        shown(self.page, "2 Menschen bekommen diese Rundmail")
        self.button("An 2 Menschen senden")
        shown(self.page, "Die Rundmail ist auf dem Weg.")

    def plan_a_workshop(self) -> None:
        self.home()
        self.link("Mobilität")
        self.link("Workshop planen")
        self.write("Titel:", "Sensoren an der Ampel")
        self.hands.set_moment(self.page.get_by_label("Beginn:").first, BEGIN)
        self.hands.set_moment(self.page.get_by_label("Ende:").first, END)
        self.choose("Form:", "online")
        self.write("Link zum Videoraum:", "https://video.example/raum")
        self.hands.tick(self.page.get_by_label("Anmeldung über das Portal"))
        self.button("Speichern")
        shown(self.page, "erfolgreich hinzugefügt")
        seats, programme = self.page.locator("#seats-0"), self.page.locator("#agenda-0")
        self.hands.choose(seats.get_by_label("Teilnahme:"), "online")
        self.hands.write(seats.get_by_label("Plätze:"), "20")
        self.hands.set_moment(programme.get_by_label("Beginn:"), BEGIN)
        self.hands.write(programme.get_by_label("Titel:"), "Begrüßung")
        self.button("Speichern")
        shown(self.page, "erfolgreich geändert")
        self.link("Veröffentlichen")
        self.button("Veröffentlichen")
        shown(self.page, "Die Veranstaltung ist veröffentlicht.")

    def keep_the_minutes(self, text: str) -> None:
        self.home()
        self.link("Protokoll fehlt: Sensoren an der Ampel")
        self.write("Protokoll:", text)
        self.button("Speichern")
        self.link("Für die Mitglieder freigeben")
        self.button("Für die Mitglieder freigeben")
        shown(self.page, "Das Protokoll ist für die Mitglieder freigegeben.")
        self.link("Für alle veröffentlichen")
        self.button("Für alle veröffentlichen")
        shown(self.page, "Das Protokoll ist veröffentlicht.")

    def publish_a_result(self) -> None:
        self.home()
        self.link("Mobilität")
        self.link("Arbeitsergebnis ablegen")
        self.choose("Art:", "Leitfaden")
        self.write("Titel:", "Leitfaden Verkehrsdaten")
        file = {"name": "leitfaden.pdf", "mimeType": "application/pdf", "buffer": PDF}
        self.page.locator("#id_file").set_input_files([file])
        self.choose("Sichtbar:", "öffentlich")
        self.button("Speichern")
        shown(self.page, "Bevor ein Ergebnis öffentlich wird, braucht es eine Lizenz.")
        # Browsers forget a file when a form comes back.
        self.page.locator("#id_file").set_input_files([file])
        self.write("Lizenz:", "CC BY 4.0")
        self.button("Speichern")
        shown(self.page, "erfolgreich hinzugefügt")


@pytest.mark.parametrize("hands", [Mouse, Keys], ids=["mouse", "keyboard"])
def test_a_coordinator_runs_a_group_from_the_request_to_the_result(
    page, sign_in, complaints, coordinator, applicant, hands
):
    sign_in(page, coordinator.user)
    me = Coordinator(page, hands(page))
    page.goto(reverse("account"))
    me.link("Zur Verwaltung")

    me.approve(applicant)
    applicant.refresh_from_db()
    assert (applicant.state, applicant.decided_by) == (MembershipState.ACTIVE, coordinator.user)
    assert mails_to(applicant.email) == ["welcome"]

    me.create_topic_group()
    group = Community.objects.get(name="Mobilität")
    assert (group.parent, group.slug) == (coordinator.community, "mobilitaet")

    me.invite("Name;E-Mail;Rolle\nTheo Test;theo@kommune.example;\nPia P;pia@kommune.example;\n")
    for invited in some(Membership.objects.filter(community=group, state=MembershipState.INVITED)):
        assert mails_to(invited.email) == ["invited"]
        actions.accept(invited, now=timezone.now())
    Email.objects.all().delete()

    me.write_to_the_group()
    sent = GroupMessage.objects.get()
    assert (sent.community, sent.state, sent.recipients) == (
        group,
        MessageState.SENT,
        {"mitglied": 2},
    )
    bulk = Email.objects.filter(kind=EmailKind.BULK)
    assert {mail.to for mail in bulk} == {"theo@kommune.example", "pia@kommune.example"}
    tests = Email.objects.exclude(kind=EmailKind.BULK)
    assert [(mail.to, "Unser erstes Treffen" in mail.subject) for mail in tests] == [
        (coordinator.user.email, True)
    ]

    me.plan_a_workshop()
    workshop = Event.objects.get()
    assert (workshop.community, workshop.state) == (group, EventState.PUBLISHED)
    assert timezone.localtime(workshop.starts_at).strftime("%Y-%m-%dT%H:%M") == BEGIN
    assert [(seats.mode, seats.capacity) for seats in workshop.seats.all()] == [("online", 20)]
    assert [item.title for item in workshop.agenda.all()] == ["Begrüßung"]
    assert Client().get(workshop.get_absolute_url()).status_code == 200

    over = timezone.now() - timedelta(days=3)
    Event.objects.update(starts_at=over, ends_at=over + timedelta(hours=1))
    me.keep_the_minutes("Wir zählen Busse.")
    minutes = Minutes.objects.get()
    assert (minutes.state, minutes.approved_by) == (MinutesState.PUBLIC, coordinator.user)
    assert "Wir zählen Busse." in Client().get(reverse("events:minutes", args=[workshop.slug])).text

    me.publish_a_result()
    result = Result.objects.get()
    assert (result.community, result.state, result.slug) == (
        group,
        ResultState.PUBLIC,
        "leitfaden-verkehrsdaten",
    )
    assert "Leitfaden Verkehrsdaten" in Client().get(group.get_absolute_url()).text
    download = Client().get(result.get_file_url())
    assert b"".join(download.streaming_content) == PDF


def test_a_coordinator_declines_plans_a_mail_approves_an_experience_and_hands_over(
    page, sign_in, aeg, coordinator, applicant
):
    successor = MembershipFactory(community=aeg, name="Nina Nachfolge", user=UserFactory())
    draft = ExperienceFactory(
        community=aeg, title="Früh alle fragen", state=ExperienceState.DRAFT, published_at=None
    )
    sign_in(page, coordinator.user)
    me = Coordinator(page, Mouse(page))

    page.goto(reverse("admin:index"))
    me.link("1 Mensch möchte in Ihre Gruppe")
    me.link(applicant.name)
    me.link("Ablehnen")
    me.button("Ablehnen")
    shown(page, "Bitte füllen Sie dieses Feld aus.")
    applicant.refresh_from_db()
    assert applicant.state == MembershipState.REQUESTED
    me.write("Begründung:", "Zurzeit sind wir voll.")
    me.button("Ablehnen")
    shown(page, "Die Anfrage ist abgelehnt")
    applicant.refresh_from_db()
    assert (applicant.state, applicant.reason) == (
        MembershipState.DECLINED,
        "Zurzeit sind wir voll.",
    )
    (refusal,) = Email.objects.filter(to=applicant.email)
    assert "Zurzeit sind wir voll." in refusal.text

    me.home()
    me.link("Rundmail schreiben")
    me.choose("Gruppe:", "Urbane Digitale Zwillinge")
    me.write("Betreff:", "Später")
    me.write("Nachricht:", "Bis bald.")
    me.button("Speichern")
    me.link("Ansehen und senden")
    page.get_by_label("Erst später senden:").fill(BEGIN)
    me.button("An 2 Menschen senden")
    shown(page, "geplant für 10. Oktober")
    assert not Email.objects.filter(kind=EmailKind.BULK).exists()
    me.link("Doch nicht senden")
    me.button("Doch nicht senden")
    shown(page, "Die Rundmail ist wieder ein Entwurf.")
    assert GroupMessage.objects.get().state == MessageState.DRAFT

    me.home()
    me.link("1 Erfahrung wartet auf Freigabe")
    me.link("Früh alle fragen")
    me.link("Freigeben und veröffentlichen")
    me.button("Freigeben und veröffentlichen")
    shown(page, "Die Erfahrung ist öffentlich.")
    assert Experience.objects.public().get() == draft
    assert "Früh alle fragen" in Client().get(aeg.get_absolute_url()).text

    me.home()
    page.get_by_role("main").get_by_role("link", name="Urbane Digitale Zwillinge").click()
    me.link("Mitglieder")
    me.link(coordinator.name)
    me.link("Koordination übergeben")
    page.get_by_label("An wen?").select_option(label="Nina Nachfolge")
    me.button("Koordination übergeben")
    shown(page, "Die Koordination ist übergeben.")
    assert urlsplit(page.url).path == reverse("my_groups")
    assert list(coordinated_by(successor.user)) == [aeg]
    assert not coordinated_by(coordinator.user).exists()
    assert Membership.objects.get(pk=coordinator.pk).role == Role.MEMBER
    told = {mail.to for mail in Email.objects.filter(key__contains="role")}
    assert told == {successor.email, coordinator.email}


# Every page for everybody ------------------------------------------------------------------------


@pytest.fixture
def addresses(aeg, coordinator, applicant):
    group = TopicGroupFactory(parent=aeg, name="Mobilität")
    member = MembershipFactory(community=group, name="Mara Muster", organisation="Musterstadt")
    roles = [Role.MEMBER, Role.COORDINATION]
    draft, sent = (
        GroupMessage.objects.create(
            community=group, roles=roles, subject="Treffen", text="Am Montag.", **fields
        )
        for fields in (
            {},
            {
                "state": MessageState.SENT,
                "sent_at": timezone.now(),
                "recipients": {"mitglied": 3},
            },
        )
    )
    result = ResultFactory(community=group, state=ResultState.DRAFT, published_at=None)
    experience = ExperienceFactory(community=group, state=ExperienceState.DRAFT, published_at=None)
    ahead = EventFactory(community=group, kind="aeg-workshop", takes_registrations=True)
    SeatsFactory(event=ahead, taken=1)
    over = timezone.now() - timedelta(days=9)
    past = EventFactory(community=group, starts_at=over, title="Auftakt")
    minutes = Minutes.objects.create(event=past, text="Wir haben uns geeinigt.")

    def page_of(row, name="change", *more):
        model = row._meta.label_lower.replace(".", "_")
        return reverse(f"admin:{model}_{name}", args=[row.pk, *more])

    yield_lists = [
        reverse(f"admin:{name}_{what}")
        for what in ("changelist", "add")
        for name in (
            "communities_community",
            "communities_groupmessage",
            "communities_result",
            "communities_experience",
            "events_event",
            "events_minutes",
        )
    ]
    members = reverse("admin:communities_membership_changelist")
    return [
        reverse("admin:index"),
        *yield_lists,
        members,
        reverse("admin:communities_invite"),
        page_of(applicant),
        page_of(applicant, "step", "aufnehmen"),
        page_of(applicant, "step", "ablehnen"),
        page_of(member, "step", "rolle"),
        page_of(coordinator),
        page_of(coordinator, "step", "uebergeben"),
        page_of(aeg),
        page_of(group),
        page_of(group, "step", "archivieren"),
        page_of(draft),
        page_of(draft, "step", "senden"),
        page_of(sent),
        page_of(result),
        page_of(result, "delete"),
        page_of(experience),
        page_of(experience, "step", "veroeffentlichen"),
        page_of(ahead),
        page_of(minutes),
        page_of(group, "history"),
    ]


def test_no_page_has_a_barrier_that_a_program_can_find(
    page, sign_in, complaints, coordinator, addresses
):
    complaints.allow("inline style")  # axe tries, and our policy refuses
    sign_in(page, coordinator.user)
    findings = {}
    for address in addresses:
        answer = page.goto(address)
        assert (answer.status, urlsplit(page.url).path) == (200, urlsplit(address).path)
        findings[address] = barriers(page)
    assert {address: found for address, found in findings.items() if found} == {}


# The editor of one project ------------------------------------------------------------------------


@pytest.mark.parametrize("hands", [Mouse, Keys], ids=["mouse", "keyboard"])
def test_the_editor_of_a_project_keeps_it_up_to_date_and_adds_a_solution(
    page, sign_in, complaints, hands
):
    complaints.allow("inline style")
    user = UserFactory(name="Pia Projekt")
    project, other = ProjectFactory(name="Jena"), ProjectFactory(name="Ulm")
    SolutionFactory(project=other, name="Ulmer App")
    ProjectEditor.objects.create(user=user, project=project)
    sign_in(page, user)
    me = Coordinator(page, hands(page))
    page.goto(reverse("account"))
    me.link("Zur Verwaltung")
    shown(page, "Ihre Modellprojekte")
    findings = axe(page)
    me.link("Jena")
    me.write("Zusammenfassung:", "Jena misst den Regen.")
    findings += axe(page)
    me.button("Speichern")
    shown(page, "erfolgreich geändert")
    me.home()
    me.link("Lösung eintragen")
    me.write("Name:", "Regenkarte")
    me.choose("Art:", "Sensorik")
    findings += axe(page)
    me.button("Speichern")
    shown(page, "erfolgreich hinzugefügt")
    page.goto(reverse("admin:projects_solution_changelist"))
    listed = page.get_by_role("main").inner_text()
    assert "Regenkarte" in listed
    assert "Ulm" not in listed
    project.refresh_from_db()
    assert project.summary == "Jena misst den Regen."
    solution = Solution.objects.get(name="Regenkarte")
    assert (solution.project, solution.slug) == (project, "regenkarte")
    assert "Jena misst den Regen." in Client().get(project.get_absolute_url()).text
    assert Client().get(solution.get_absolute_url()).status_code == 200
    assert findings == []


def test_sixty_requests_are_decided_with_six_clicks(page, sign_in, complaints, aeg):
    role = CoordinationFactory(community=aeg, user__is_staff=True)
    now = timezone.now()
    for _number in range(60):
        MembershipFactory(
            community=aeg,
            state=MembershipState.REQUESTED,
            requested_at=now,
            email_confirmed_at=now,
        )
    sign_in(page, role.user)
    page.goto(reverse("admin:index"))

    page.get_by_role("link", name="60 Menschen möchten in Ihre Gruppen").click()  # 1
    # Before its script is there, the box selects nothing.
    settled(page).locator("#action-toggle").click()  # 2
    page.locator("select[name=action]").first.select_option("aufnehmen")  # 3 and 4
    page.locator("button[name=index]").first.click()  # 5
    page.get_by_role("heading", name="Betrifft 60 Einträge").wait_for()
    page.get_by_role("button", name="Aufnehmen (60)").click()  # 6
    page.get_by_text("60 Personen sind aufgenommen.").wait_for()

    asked = aeg.memberships.exclude(pk=role.pk)
    assert set(asked.values_list("state", flat=True)) == {MembershipState.ACTIVE}
