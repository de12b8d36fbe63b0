"""A group to try the administration with: its coordinator's requests, workshops, drafts.

Only `make run` makes it. It hangs on a real community, so whatever is made up says so itself: the
people have "(Beispiel)" in their names and addresses nobody can have, titles begin with "Beispiel:".
"""

from datetime import datetime, time, timedelta
from secrets import token_hex
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from communities import actions as joining
from communities.actions import Application
from communities.models import (
    Community,
    Experience,
    ExperienceKind,
    Membership,
    MembershipState,
    Result,
    ResultKind,
    Role,
)
from events.actions import registering
from events.actions.registering import Details, Person
from events.models import (
    AgendaItem,
    Event,
    EventKind,
    EventState,
    Format,
    Minutes,
    Mode,
    Need,
    Seats,
)
from projects.models import Project, ProjectEditor

AEG = "urbane-digitale-zwillinge"
TOPIC_GROUP = "mobilitaet"
PROJECT = "connected-urban-twins"
DOMAIN = "beispiel.example"
WORDS = "Beispiel zum Ausprobieren, frei erfunden."

# Name, whom they represent, role, and whether the topic group has them as well.
MEMBERS = (
    ("Mara Muster", "Stadt Musterstadt", Role.MEMBER, True),
    ("Theo Test", "Landkreis Musterland", Role.MEMBER, True),
    ("Petra Probe", "Gemeinde Probedorf", Role.MEMBER, True),
    ("Emil Entwurf", "Stadtwerke Musterstadt", Role.GUEST, True),
    ("Fiona Fiktiv", "Musterinstitut", Role.SUPPORT, False),
    ("Max Modell", "Stadt Modellhausen", Role.MEMBER, False),
)
COMING = ("Mara Muster", "Theo Test", "Petra Probe", "Gerd Gast", "Hanna Hypothese")
SEATS = 4  # one fewer than people who want to come, so that somebody waits


def make_sample_group(*, coordinator: str, editor: str, now: datetime) -> None:
    """Give the two accounts a group and a project to look after, and the group something to do.

    Done at every start. What somebody tried out stays as they left it; only a role that is missing
    altogether and a next workshop come anew.
    """
    coordinating = User.objects.filter(email=coordinator).first()
    editing = User.objects.filter(email=editor).first()
    aeg = Community.objects.active().top().filter(slug=AEG).first()
    with transaction.atomic():
        if editing is not None and not editing.edited_projects.exists():
            _give_project(editing)
        _plan_for_everybody(now)
        if coordinating is None or aeg is None:
            return
        if not coordinating.memberships.exists():
            _appoint(aeg, coordinating, now)
        if not Membership.objects.filter(email__endswith=f"@{DOMAIN}").exists():
            _fill(aeg, now)
        _plan_workshop(_topic_group(aeg), now)


def _give_project(user: User) -> None:
    project = Project.objects.public().filter(slug=PROJECT).first()
    if project is not None:
        ProjectEditor.objects.create(project=project, user=user)


def _topic_group(aeg: Community) -> Community:
    """The AEG itself where somebody has moved or archived its topic group."""
    return aeg.topic_groups.active().filter(slug=TOPIC_GROUP).first() or aeg


def _appoint(aeg: Community, coordinator: User, now: datetime) -> None:
    role = {
        "user": coordinator,
        "name": coordinator.name,
        "role": Role.COORDINATION,
        "state": MembershipState.ACTIVE,
        "is_visible": True,
        "email_confirmed_at": now,
        "changed_at": now,
    }
    Membership.objects.update_or_create(
        role, community=aeg, email=coordinator.email, anonymised_at=None
    )


def _fill(aeg: Community, now: datetime) -> None:
    group = _topic_group(aeg)
    for name, organisation, role, in_both in MEMBERS:
        for community in {aeg, group} if in_both else (aeg,):
            _member(community, name, organisation, role, now)
    _ask(aeg, "Wanda Wartet", "Wir bauen gerade einen Zwilling auf.", now - timedelta(days=12))
    _ask(group, "Norbert Neu", "Uns interessiert der Verkehr.", now - timedelta(days=1))
    _write_drafts(aeg, group)
    _look_back(group, now)


def _named(name: str) -> str:
    return f"{name} (Beispiel)"


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def _member(community: Community, name: str, organisation: str, role: Role, now: datetime) -> None:
    Membership.objects.create(
        community=community,
        name=_named(name),
        email=_address(name),
        organisation=organisation,
        role=role,
        state=MembershipState.ACTIVE,
        email_confirmed_at=now,
        changed_at=now,
    )


def _ask(community: Community, name: str, message: str, at: datetime) -> None:
    """A request whose address is confirmed, so that it waits for the coordinator."""
    application = Application(
        community=community,
        name=_named(name),
        email=_address(name),
        project=Project.objects.public().exclude(slug=PROJECT).order_by("sort_name").first(),
        message=f"{message} {WORDS}",
    )
    joining.confirm(joining.request_membership(application, now=at), now=at)


def _write_drafts(aeg: Community, group: Community) -> None:
    Result.objects.create(
        community=group,
        slug=f"beispiel-leitfaden-{token_hex(2)}",
        title="Beispiel: Leitfaden Verkehrsdaten im Zwilling",
        kind=ResultKind.GUIDE,
        summary=WORDS,
        link="https://example.org/beispiel-leitfaden",
        licence="CC BY 4.0",
        authors="Stadt Musterstadt",
    )
    Experience.objects.create(
        community=aeg,
        kind=ExperienceKind.PITFALL,
        title="Beispiel: Die Karten wurden beschafft, bevor jemand fragte, wer sie pflegt",
        what=f"Nach einem Jahr waren die Daten veraltet. {WORDS}",
        again="Zuerst klären, welches Amt die Daten aktuell hält.",
        operator_model="Stadtwerke",
    )


def _look_back(group: Community, now: datetime) -> None:
    """Two workshops that are over: one without minutes, one whose minutes are a draft."""
    _workshop(group, "Beispiel: Auftakt der Themengruppe", _at(now, days=-20))
    event = _workshop(group, "Beispiel: Welche Verkehrsdaten gibt es?", _at(now, days=-60))
    text = f"{WORDS}\n\nWir haben Datenquellen gesammelt. Nächster Schritt: eine gemeinsame Liste."
    Minutes.objects.create(event=event, text=text)


def _plan_workshop(group: Community, now: datetime) -> None:
    """The next workshop with people who come and one who waits, unless there is one ahead."""
    samples = Event.objects.filter(slug__startswith="beispiel-", community=group)
    if samples.upcoming(now).exists():
        return
    event = _workshop(group, "Beispiel: Sensoren an der Ampel", _at(now, days=24))
    Event.objects.filter(pk=event.pk).update(takes_registrations=True)
    event.refresh_from_db()
    Seats.objects.create(event=event, mode=Mode.ONLINE, capacity=SEATS, waiting_limit=5)
    for minutes, title in ((0, "Begrüßung"), (20, "Was Sensoren messen"), (90, "Nächste Schritte")):
        AgendaItem.objects.create(
            event=event, title=title, starts_at=event.starts_at + timedelta(minutes=minutes)
        )
    for name in COMING:
        needs = [Need.WRITTEN] if name == "Petra Probe" else []
        outcome = registering.register(
            event,
            [Person(_named(name), _address(name))],
            Mode.ONLINE,
            submission=uuid4(),
            details=Details(organisation="Beispielkommune", needs=needs),
            now=now,
        )
        for registration in outcome.people:
            registering.confirm(registration, now=now)


def _plan_for_everybody(now: datetime) -> None:
    """One to register for, with seats on site and online, and one that cannot be registered for yet."""
    for_everybody = Event.objects.filter(slug__startswith="beispiel-fuer-alle-")
    if for_everybody.upcoming(now).exists():
        return
    event = _for_everybody("Beispiel: Einblick in offene Stadtdaten", _at(now, days=17))
    for mode, capacity in ((Mode.ON_SITE, 10), (Mode.ONLINE, 50)):
        Seats.objects.create(event=event, mode=mode, capacity=capacity, waiting_limit=5)
    later = _for_everybody(
        "Beispiel: Sprechstunde Stadtklima", _at(now, days=38), opens_at=_at(now, days=10)
    )
    Seats.objects.create(event=later, mode=Mode.ONLINE, capacity=30, waiting_limit=5)


def _for_everybody(title: str, starts_at: datetime, opens_at: datetime | None = None) -> Event:
    return Event.objects.create(
        kind=EventKind.PEER_LEARNING,
        title=title,
        slug=f"beispiel-fuer-alle-{starts_at:%Y-%m-%d}-{token_hex(2)}",
        format=Format.ONLINE if opens_at else Format.HYBRID,
        venue="" if opens_at else "Rathaus Musterstadt (Beispiel)",
        takes_registrations=True,
        registration_opens_at=opens_at,
        **_sample(starts_at),
    )


def _at(now: datetime, *, days: int) -> datetime:
    day = timezone.localdate(now) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(10)))


def _workshop(group: Community, title: str, starts_at: datetime) -> Event:
    return Event.objects.create(
        kind=EventKind.COMMUNITY_WORKSHOP,
        title=title,
        slug=f"beispiel-workshop-{starts_at:%Y-%m-%d}-{token_hex(2)}",
        community=group,
        format=Format.ONLINE,
        **_sample(starts_at),
    )


def _sample(starts_at: datetime) -> dict[str, Any]:
    return {
        "teaser": WORDS,
        "state": EventState.PUBLISHED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "online_link": "https://example.org/beispiel-videoraum",
        "contact_name": "Koordination (Beispiel)",
        "contact_email": "koordination@example.org",
    }
