"""Seeing, taking along and erasing everything about oneself, over all models."""

import json
import re
from base64 import b64decode, b64encode
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import camel_case_to_spaces

from accounts.models import User
from accounts.own_data import Person
from communities.models import (
    DigestItem,
    Experience,
    GroupMessage,
    HistoryEntry,
    Membership,
    Role,
)
from consulting import actions as consulting_actions
from consulting import statistics
from consulting.models import AccessNeeds, ConsultationRequest
from consulting.models import HistoryEntry as RequestHistory
from events.models import Minutes, ParticipantNeeds, PersonalFeed, Registration, SessionChoice
from finding.models import SearchDocument
from mailing.models import Email, EmailKind
from projects.models import OwnerAsk, ProjectEditor
from projects.statistics import Period
from smartcities import own_data
from smartcities.accessibility import barriers
from smartcities.own_data_shown import shown
from tests.factories import (
    AdvisorFactory,
    ConsultationRequestFactory,
    DraftFactory,
    EmailFactory,
    MunicipalityFactory,
    ProjectFactory,
    ReuseStatementFactory,
    SlotFactory,
    UserFactory,
)
from tests.factories.asking import PublicAnswerFactory, QuestionFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, MembershipFactory
from tests.factories.events import (
    AgendaItemFactory,
    EventFactory,
    RegistrationFactory,
    SeatsFactory,
)
from tests.test_constraints import OURS
from tests.test_personal_data import CAN_BE_PERSONAL

TELLTALE = "zitronenfalter"
ADDRESS = f"eva.{TELLTALE}@kommune.example"

pytestmark = pytest.mark.django_db


def rows_that_tell() -> set[tuple[str, str]]:
    """Every row of every model in a text column of which the word is found."""
    return {
        (model._meta.label, str(row.pk))
        for model in apps.get_models(include_auto_created=True)
        for row in model._default_manager.all()
        for field in model._meta.concrete_fields
        if isinstance(field, CAN_BE_PERSONAL)
        and TELLTALE in str(field.value_from_object(row)).lower()
    }


def tables_that_tell() -> set[str]:
    """Every table of the database, whether a model knows it or not, of which a row has the word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"
        )
        tables = [name for (name,) in cursor.fetchall()]
        telling = set()
        for table in tables:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table} AS row WHERE to_jsonb(row)::text ILIKE %s)",
                [f"%{TELLTALE}%"],
            )
            if cursor.fetchone() == (True,):
                telling.add(table)
    # What is encoded there: attachments and sessions.
    for email in Email.objects.exclude(attachments=[]):
        contents = [b64decode(attachment["base64"]) for attachment in email.attachments]
        telling |= {"attachments" for one in contents if TELLTALE.encode() in one.lower()}
    sessions = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return telling | {"sessions" for one in sessions if TELLTALE in one.lower()}


def exported(person: Person) -> set[tuple[str, str]]:
    return {(part.model, str(row["id"])) for part in own_data.parts(person) for row in part.rows}


@pytest.fixture
def user() -> User:
    user = UserFactory(email=ADDRESS, name=f"Eva {TELLTALE.title()}")
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user


@pytest.fixture
def everything(user) -> Person:
    """Somebody who has used all rooms of the portal."""
    now = timezone.now()
    personal = {"email": ADDRESS, "contact_name": f"Eva {TELLTALE}"}
    ConsultationRequestFactory(done=True, question=f"{TELLTALE}?", outcome=TELLTALE, **personal)
    coming = ConsultationRequestFactory(
        confirmed=True, slot=SlotFactory(starts_at=now + timedelta(days=9)), **personal
    )
    AccessNeeds.objects.create(request=coming, text=f"{TELLTALE} braucht Ruhe")
    consulting_actions.add_note(coming, text=f"{TELLTALE} rief an", by=UserFactory(), now=now)
    asked = consulting_actions.write(coming, text=f"{TELLTALE}?", by=UserFactory(), now=now)
    consulting_actions.answer(asked, text=f"Ja, {TELLTALE}", now=now)
    RequestHistory.objects.create(request=coming, version=1, kind="confirmed", at=now)
    DraftFactory(email=ADDRESS, data={"kontakt": {"name": TELLTALE}})

    aeg = CommunityFactory()
    mine = CoordinationFactory(community=aeg, user=user, email=ADDRESS, name=f"Eva {TELLTALE}")
    CoordinationFactory(community=aeg)
    MembershipFactory(email=ADDRESS.upper(), name=TELLTALE, message=f"Ich bin {TELLTALE}")
    Experience.objects.create(
        kind="stolperfalle",
        title="Zu spät",
        what=f"von {TELLTALE}",
        written_by=user,
        project=ProjectFactory(),
    )
    published = Experience.objects.create(
        kind="erfolgsfaktor",
        title="Früh",
        what="Früh reden",
        written_by=user,
        project=ProjectFactory(),
        state="oeffentlich",
        published_at=now,
    )
    message = GroupMessage.objects.create(
        community=aeg, roles=[Role.MEMBER], subject="Treffen", text="Bald", written_by=user
    )
    DigestItem.objects.create(message=message, membership=mine)
    HistoryEntry.objects.create(membership=mine, version=1, kind="aufgenommen", at=now)

    registration = RegistrationFactory(
        event=SeatsFactory(taken=1).event,
        email=ADDRESS,
        name=TELLTALE,
        user=user,
        catering_note=f"{TELLTALE}: vegan",
    )
    ParticipantNeeds.objects.create(registration=registration, text=f"{TELLTALE} hört schlecht")
    workshop = AgendaItemFactory(event=registration.event, needs_choice=True, taken=1)
    SessionChoice.objects.create(registration=registration, item=workshop)
    RegistrationFactory(
        event=EventFactory(starts_at=now - timedelta(days=30)),
        email=ADDRESS,
        name=TELLTALE,
        attended_at=now - timedelta(days=30),
    )
    wish = registration.event.questions.create(text="Was bringen Sie mit?", position=1)
    wish.answers.create(registration=registration, text=TELLTALE)
    PersonalFeed.objects.create(user=user)
    minutes = Minutes.objects.create(event=EventFactory(community=aeg), text="Beschlossen.")
    minutes.tasks.create(text="Angebot einholen", member=mine, due_on=now.date())
    OwnerAsk.objects.create(user=user, asked_at=now)
    ProjectEditor.objects.create(project=ProjectFactory(), user=user)
    ReuseStatementFactory(
        confirmed=True, email=ADDRESS.upper(), how=f"{TELLTALE} hat es eingerichtet", learned="Viel"
    )
    ReuseStatementFactory(email="adam@kommune.example")
    asked = QuestionFactory(
        answered=True, email=ADDRESS.upper(), text=f"{TELLTALE} fragt", name=TELLTALE
    )
    PublicAnswerFactory(source=asked, text=f"{TELLTALE} fragt")
    QuestionFactory(fault=True, email=f"eva.{TELLTALE}+x@kommune.example", text=TELLTALE)
    QuestionFactory(email="adam@kommune.example")
    barriers.report(text=f"{TELLTALE} sieht nichts", page="", email=ADDRESS, now=now)
    EmailFactory(to=ADDRESS, text=f"Guten Tag {TELLTALE}", sent_at=now)
    EmailFactory(to=ADDRESS, text=f"Guten Tag {TELLTALE}")
    # To the office, about the person.
    EmailFactory(key=f"consultation:{coming.pk}:v1:office-received", text=f"{TELLTALE} fragt an")
    # To others, naming the person who wrote, or to be answered to them.
    EmailFactory(to="adam@kommune.example", text=f"Eva {TELLTALE.title()} lädt ein", sent_at=now)
    EmailFactory(to="adam@kommune.example", html=f"<p>{ADDRESS}</p>", refused_at=now)
    EmailFactory(to="adam@kommune.example", text="Bald", reply_to=ADDRESS.title(), sent_at=now)
    EmailFactory(to="adam@kommune.example", text="Morgen", reply_to=ADDRESS)
    for row in (user, mine):
        LogEntry.objects.create(
            user=UserFactory(),
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
            change_message=f"{TELLTALE} geändert",
        )
    # Somebody else, of whom nothing may be touched.
    MembershipFactory(community=aeg, email="adam@kommune.example")
    RegistrationFactory(event=registration.event, email="adam@kommune.example")
    assert published.pk
    return Person.of_user(user)


def figures():
    return (
        # What was to come is cancelled; nothing else of it changes.
        [
            (case.part == "held", case.land, case.population, case.themes)
            for case in statistics.cases(Period(date.min, date.max))
        ],
        Registration.objects.count(),
        Registration.objects.filter(attended_at__isnull=False).count(),
        Membership.objects.count(),
    )


def test_the_file_holds_every_row_that_names_the_person(everything):
    # What is about somebody in the history of the administration, and in mails to the office, is
    # erased with them; it is not theirs to take along.
    of_others = {
        ("admin.LogEntry", str(pk)) for pk in LogEntry.objects.values_list("pk", flat=True)
    } | {
        ("mailing.Email", str(pk))
        for pk in Email.objects.exclude(to__iexact=ADDRESS).values_list("pk", flat=True)
    }

    assert rows_that_tell() - of_others - exported(everything) == set()
    assert len(exported(everything)) > 15
    # Rows without a word of their own that are about the person all the same.
    assert {"events.PersonalFeed", "projects.ProjectEditor"} <= {
        model for model, _pk in exported(everything)
    }


def hangs_on(model: type[models.Model]) -> list[models.ForeignKey]:
    """The columns of ours by which rows are there only as long as one of this model is."""
    return [
        relation.field
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE and relation.field.model._meta.app_label in OURS
    ]


def test_the_file_holds_every_row_that_hangs_on_one_of_the_person(everything):
    """Also those without a word of their own: which workshops were chosen, which dates were given."""
    rows = [(apps.get_model(model), pk) for model, pk in exported(everything)]
    hanging = [
        field.model._default_manager.filter(**{field.name: pk})
        for model, pk in rows
        for field in hangs_on(model)
    ]

    # Of everything that could hang there, there is some: a new model is added to `everything`.
    known = {field.model for model, _pk in rows for field in hangs_on(model)}
    assert {found.model for found in hanging if found} == known
    assert {(one._meta.label, str(one.pk)) for found in hanging for one in found} <= exported(
        everything
    )


# Words that German and the names in the code share.
SAME_WORD = {"name", "id"}


def test_everything_in_the_file_has_a_german_name(everything):
    names_in_code = {
        field.name.replace("_", " ")
        for model in apps.get_models()
        for field in model._meta.concrete_fields
    } - SAME_WORD
    parts = own_data.parts(everything)

    assert {label for part in parts for row in part.rows for label in row} & names_in_code == set()
    english = {camel_case_to_spaces(model.__name__) + "s" for model in apps.get_models()}
    assert {part.label for part in parts} & english == set()


def test_the_file_holds_nothing_of_others_and_no_secret(everything):
    content = json.dumps(own_data.as_json(everything, now=timezone.now()))

    assert "adam@kommune.example" not in content
    assert PersonalFeed.objects.get().token not in content
    assert "argon2" not in content


def test_after_erasing_nothing_is_left_and_the_figures_are_the_same(everything):
    before = figures()
    assert len(rows_that_tell()) > 15

    own_data.erase(everything, now=timezone.now())

    assert rows_that_tell() == set()
    assert figures() == before
    assert not User.objects.filter(email=ADDRESS).exists()
    assert not ProjectEditor.objects.exists()
    assert not DigestItem.objects.exists()


def test_after_erasing_no_table_attachment_or_session_knows_the_person(client, everything):
    everything.user.set_password("ein langer Satz zum Merken")
    everything.user.save()
    calendar = {"name": "termin.ics", "type": "text/calendar"}
    calendar["base64"] = b64encode(TELLTALE.encode()).decode()
    EmailFactory(to=ADDRESS, attachments=[calendar])
    for device in (client, Client()):
        login = {"login": ADDRESS, "password": "ein langer Satz zum Merken"}
        assert device.post(reverse("account_login"), login).status_code == 302
    before = tables_that_tell()
    assert {"attachments", "sessions", "communities_membership", "django_admin_log"} <= before

    own_data.erase(everything, now=timezone.now())

    assert tables_that_tell() == set()


def test_the_history_notes_no_name_of_whom_an_administrator_chose_or_deleted(admin_client, user):
    advisor = AdvisorFactory(user=user, is_active=False)
    address = reverse("admin:consulting_advisor_change", args=[advisor.pk])
    page = admin_client.get(address)
    form = page.context["adminform"].form
    data = {
        name: value
        for name, value in form.initial.items()
        if value not in (None, "") and value is not False
    }
    data |= {"absences-TOTAL_FORMS": 0, "absences-INITIAL_FORMS": 0, "themes": []}
    data |= {"user": "", "_seen": page.context["seen"]}
    answer = admin_client.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]
    advisor.refresh_from_db()
    assert advisor.user is None
    name = reverse("admin:accounts_user_change", args=[user.pk])
    seen = admin_client.get(name).context["seen"]
    change = {"name": f"E. {TELLTALE}", "is_active": "on", "_seen": seen}
    assert admin_client.post(name, change).status_code == 302

    # The next page tells the administrator who it was, once.
    delete = reverse("admin:accounts_user_delete", args=[user.pk])
    admin_client.post(delete, {"post": "yes"}, follow=True)

    said = LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")
    assert [what for what, _how in said] == [str(advisor), "–", "–"]
    assert "Konto" in said[0][1]
    assert tables_that_tell() == set()


def test_what_was_to_come_is_cancelled_and_the_advisor_told_without_a_name(everything):
    coming = ConsultationRequest.objects.get(state="confirmed")
    appointment = coming.current_appointment()
    seats = Registration.objects.filter(email=ADDRESS, attended_at=None).get().event.seats.get()

    own_data.erase(everything, now=timezone.now())

    coming.refresh_from_db()
    appointment.refresh_from_db()
    seats.refresh_from_db()
    assert (coming.state, appointment.released_at is not None) == ("cancelled", True)
    assert seats.taken == 0
    mail = Email.objects.get(to=appointment.advisor.email)
    assert mail.subject.startswith("Start Smart – Beratung abgesagt")


def test_what_is_published_stays_without_its_writer(everything):
    own_data.erase(everything, now=timezone.now())

    assert [str(one) for one in Experience.objects.all()] == ["Früh"]
    assert Experience.objects.get().written_by is None
    assert GroupMessage.objects.get().written_by is None


def test_nothing_of_others_is_erased(everything):
    own_data.erase(everything, now=timezone.now())

    assert Membership.objects.filter(email="adam@kommune.example", state="aktiv").exists()
    # What is on its way to others arrives, and is answered to nobody who has gone.
    waiting = Email.objects.filter(to="adam@kommune.example", text="Morgen", sent_at=None)
    assert [email.reply_to for email in waiting] == [""]
    assert Registration.objects.filter(email="adam@kommune.example", state="platz").exists()


def test_the_last_coordinator_hands_over_first_and_nothing_happens_until_then(user):
    group = CommunityFactory(name="Zwillinge")
    CoordinationFactory(community=group, user=user, email=ADDRESS)

    with pytest.raises(own_data.NotYet, match="letzte Koordination von „Zwillinge“"):
        own_data.erase(Person.of_user(user), now=timezone.now())

    assert User.objects.filter(email=ADDRESS).exists()
    assert Membership.objects.get().state == "aktiv"


def test_who_runs_the_portal_hands_that_over_first_and_nothing_happens_until_then(user):
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    person = Person.of_user(User.objects.get(pk=user.pk))

    with pytest.raises(own_data.NotYet, match="damit das Portal nicht ohne Verwaltung bleibt"):
        own_data.erase(person, now=timezone.now())

    assert User.objects.filter(email=ADDRESS, is_superuser=True).exists()


def test_what_belongs_to_the_portal_or_a_group_is_no_persons_own(client, settings):
    settings.OPERATOR = settings.OPERATOR | {"email": "portal@kts.example"}
    settings.START_SMART_EMAIL = "start@kts.example"
    settings.DEFAULT_FROM_EMAIL = "Portal <absender@kts.example>"
    CommunityFactory(name="Zwillinge", contact_email="zwillinge@kts.example")
    EventFactory(
        title="Auftakt",
        starts_at=timezone.now() + timedelta(days=3),
        contact_email="auftakt@kts.example",
    )
    letter = EmailFactory(reply_to="portal@kts.example", sent_at=timezone.now())
    portals = "Diese Adresse gehört dem Portal selbst"
    told = {
        "Portal+x@kts.example": portals,
        "start@kts.example": portals,
        "absender@kts.example": portals,
        "zwillinge@kts.example": "Kontaktadresse von „Zwillinge“",
        "auftakt@kts.example": "Kontaktadresse von „Auftakt“",
    }

    for address, words in told.items():
        path = link_in(client, address)
        assert words in client.get(path).text
        answer = client.post(path, {"erase": "", "sure": "on"})
        assert (answer.status_code, words in answer.text) == (200, True)

    letter.refresh_from_db()
    assert letter.text


def test_who_has_no_account_is_found_in_letters_to_others_by_the_name_of_their_rows(client):
    MunicipalityFactory(name="Bad Zitter", official_name="Stadt Bad Zitter")
    RegistrationFactory(email=ADDRESS, name="Eva Falter")
    MembershipFactory(email=ADDRESS, name="bad Zitter")
    # Nor is the title of a page a name, whoever registers under it.
    RegistrationFactory(email=ADDRESS, name="dorflampe am Markt ")
    SearchDocument.objects.create(
        kind="probe", object_id=1, title="Dorflampe am Markt", name_text="Dorflampe"
    )
    said = {
        "Neu dabei: Eva Falter, Bad Zitter": "",
        "Eva Faltermann leitet es in Bad Zitter": "Eva Faltermann leitet es in Bad Zitter",
        "Ida Licht kommt": "Ida Licht kommt",
        "Neues von Dorflampe am Markt": "Neues von Dorflampe am Markt",
    }
    rows = {text: EmailFactory(text=text, sent_at=timezone.now()) for text in said}

    own_data.erase(Person.of_address(ADDRESS), now=timezone.now())

    for row in rows.values():
        row.refresh_from_db()
    assert {text: row.text for text, row in rows.items()} == said


def test_an_account_that_has_confirmed_another_address_is_not_the_mailboxs():
    """Its e-mail column says this address still, or already; who reads its mails is not its owner."""
    owner = UserFactory(email=ADDRESS)
    EmailAddress.objects.create(user=owner, email="anders@kommune.example", verified=True)

    person = Person.of_address(ADDRESS)

    assert (person.user, person.addresses) == (None, frozenset({ADDRESS}))


def test_an_unconfirmed_address_of_an_account_proves_nothing():
    thief = UserFactory()
    EmailAddress.objects.create(user=thief, email=ADDRESS, verified=False)
    MembershipFactory(email=ADDRESS)

    assert exported(Person.of_user(thief)) == {
        ("accounts.User", str(thief.pk)),
        ("account.EmailAddress", str(EmailAddress.objects.get().pk)),
    }


# The pages


def link_in(client, address: str) -> str:
    client.post(reverse("own_data"), {"email": address})
    email = Email.objects.filter(key__startswith="own-data:").latest("pk")
    return "/meine-daten/" + email.text.split("/meine-daten/")[1].split("/")[0] + "/"


def test_without_an_account_a_link_shows_exports_and_erases(client):
    MembershipFactory(email=ADDRESS, name=TELLTALE)
    path = link_in(client, ADDRESS)

    for _number in range(10):
        assert "Mitgliedschaften: 1" in client.get(path).text
        assert client.head(path).status_code == 200
    assert TELLTALE in client.post(path, {"export": ""}).text
    assert "mit dem Häkchen" in client.post(path, {"erase": ""}).text
    assert Membership.objects.get().name == TELLTALE

    answer = client.post(path, {"erase": "", "sure": "on"}, follow=True)

    assert "ist gelöscht" in answer.text
    assert rows_that_tell() == set()


def test_one_reads_on_the_page_what_is_stored_in_words(client):
    group = CommunityFactory(name="Arbeitsgruppe Wasser")
    membership = MembershipFactory(
        email=ADDRESS, name=TELLTALE, community=group, requested_at=timezone.now()
    )
    page = client.get(link_in(client, ADDRESS)).text

    assert re.search(r"<summary[^>]*>Mitgliedschaften: 1</summary>", page)
    facts = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page)
    day = date_format(timezone.localtime(membership.requested_at), "j. F Y, H:i")
    assert {
        ("Gruppe", "Arbeitsgruppe Wasser"),
        ("Name", TELLTALE),
        ("Stand", membership.get_state_display()),
        ("Angefragt am", day),
    } <= set(facts)
    assert all(label and text for label, text in facts)


def test_the_page_says_nothing_that_the_file_does_not(everything):
    """But the names of what has a page of its own, of which the file has the number."""
    parts = own_data.parts(everything)

    for part, told in zip(parts, shown(parts), strict=True):
        assert (told.label, told.count) == (part.label, len(part.rows))
        labels = {label.lower() for row in part.rows for label in row}
        assert {label.lower() for row in told.rows for label, _text in row} <= labels
    text = " ".join(text for told in shown(parts) for row in told.rows for _label, text in row)
    assert "argon2" not in text
    assert PersonalFeed.objects.get().token not in text
    assert "adam@kommune.example" not in text


def test_what_opens_an_account_is_in_its_mailbox_alone_also_while_it_waits(client, user):
    """An open session is no mailbox."""
    opens = "https://portal.example/geheim/"
    waits = EmailFactory(
        to=ADDRESS, kind=EmailKind.ACCESS, subject="Code: geheim", text=opens, html=f"<p>{opens}"
    )
    client.force_login(user)

    page = client.get(reverse("own_data_account")).text
    file = client.post(reverse("own_data_export")).text

    assert "geheim" not in page + file
    assert waits.get_kind_display() in page
    assert waits.key in file
    waits.refresh_from_db()
    assert waits.text == opens


def test_of_what_somebody_did_in_the_administration_they_see_the_kind_and_nobody_else(client, user):
    """Also when their rights are gone: who it was about, and what was typed, is of others."""
    other = MembershipFactory(name=f"Adam {TELLTALE}")
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(other),
        object_id=str(other.pk),
        object_repr=other.name,
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"fields": ["Name"], "values": [other.name]}}]),
    )
    client.force_login(user)

    page = client.get(reverse("own_data_account")).text
    file = client.post(reverse("own_data_export")).text

    assert other.name not in page + file
    assert "Schritte in der Verwaltung: 1" in page
    told = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.split("Schritte in der V")[1])
    assert [label for label, _text in told] == ["Zeitpunkt", "Art des Eintrags", "Schritt"]
    assert [text for _label, text in told][1:] == ["Gemeinschaften | Mitgliedschaft", "Ändern"]


def test_much_that_is_stored_is_shown_in_the_same_queries_and_with_an_end(client):
    for _number in range(2):
        EmailFactory(to=ADDRESS, text="x", sent_at=timezone.now())
        RegistrationFactory(email=ADDRESS)
    path = link_in(client, ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _number in range(40):
        EmailFactory(to=ADDRESS, text="x" * 5000, sent_at=timezone.now())
        RegistrationFactory(email=ADDRESS)

    with CaptureQueriesContext(connection) as many:
        page = client.get(path).text

    assert len(few) == len(many)
    assert "Anmeldungen: 42" in page
    assert "Das sind 30 von 42. Alle stehen in der Datei." in page
    assert "x" * 1400 in page
    assert "x" * 1501 not in page


def test_after_erasing_the_link_says_that_nothing_is_stored(client):
    MembershipFactory(email=ADDRESS)
    path = link_in(client, ADDRESS)
    client.post(path, {"erase": "", "sure": "on"})

    page = client.get(path).text

    assert f"<strong>{ADDRESS}</strong> ist nichts gespeichert." in page
    assert "Haben Sie alles löschen lassen? Dann ist das erledigt." in page


def with_password(user: User) -> None:
    user.set_password("ein langer Satz zum Merken")
    user.save()


def with_key(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})


@pytest.mark.parametrize("kept_by", [with_password, with_key])
def test_a_mailbox_alone_erases_no_account_that_something_else_keeps(client, user, kept_by):
    kept_by(user)
    MembershipFactory(email=ADDRESS, name=TELLTALE, user=user)
    path = link_in(client, ADDRESS)
    before = rows_that_tell()

    for _number in range(2):
        answer = client.post(path, {"erase": "", "sure": "on"})
        assert answer.status_code == 200
        assert "ist gelöscht" not in answer.text

    assert User.objects.filter(pk=user.pk, is_active=True).exists()
    assert Membership.objects.get().name == TELLTALE
    assert rows_that_tell() == before
    assert before


def test_the_answer_is_the_same_whether_somebody_is_known_or_not(client):
    MembershipFactory(email=ADDRESS)

    answers = [
        client.post(reverse("own_data"), {"email": address}, follow=True).text
        for address in (ADDRESS, "niemand@kommune.example")
    ]

    assert answers[0] == answers[1]
    assert Email.objects.count() == 2


def test_an_address_gets_one_link_an_hour(client):
    for _number in range(3):
        client.post(reverse("own_data"), {"email": ADDRESS})

    assert Email.objects.count() == 1


def test_a_flood_from_one_network_is_stopped(client):
    for number in range(21):
        answer = client.post(reverse("own_data"), {"email": f"a{number}@kommune.example"})

    assert "Aus Ihrem Netz" in answer.text
    assert Email.objects.count() == 20


@pytest.mark.parametrize("token", ["falsch", "WyJhIl0:1tKxyz:abc"])
def test_a_wrong_link_shows_nothing(client, token):
    answer = client.post(reverse("own_data_link", args=[token]), {"export": ""})

    assert answer.status_code == 404
    assert "gilt nicht mehr" in answer.text


def test_a_link_ends_after_two_hours(client, monkeypatch):
    path = link_in(client, ADDRESS)
    later = timezone.now().timestamp() + 2 * 60 * 60 + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert client.get(path).status_code == 404


def test_with_an_account_the_password_is_asked_before_anything_is_erased(client, user):
    user.set_password("ein langer Satz zum Merken")
    user.save()
    client.force_login(user)
    assert "Konten: 1" in client.get(reverse("own_data_account")).text
    assert TELLTALE in client.post(reverse("own_data_export")).text.lower()

    answer = client.post(reverse("own_data_erase"), {"sure": "on"})

    assert "reauthenticate" in answer.url
    assert User.objects.filter(pk=user.pk).exists()


def test_with_an_account_everything_goes_and_one_is_signed_out(client, user):
    user.set_password("ein langer Satz zum Merken")
    user.save()
    client.post(
        reverse("account_login"), {"login": ADDRESS, "password": "ein langer Satz zum Merken"}
    )
    client.post(reverse("account_reauthenticate"), {"password": "ein langer Satz zum Merken"})

    answer = client.post(reverse("own_data_erase"), {"sure": "on"}, follow=True)

    assert "ist gelöscht" in answer.text
    assert rows_that_tell() == set()
    assert client.get(reverse("account")).status_code == 302


def test_nobody_sees_the_pages_of_an_account_without_signing_in(client):
    for name in ("own_data_account", "own_data_erase"):
        assert client.get(reverse(name)).status_code == 302
