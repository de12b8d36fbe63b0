"""What each role mostly comes for: shown on the start page as plain words."""

from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.scope import coordinated_by
from consulting.models import Advisor
from consulting.scope import is_office
from projects.editing import edited_by


class Way(NamedTuple):
    label: str
    url: str


class Row(NamedTuple):
    """A group or project of one's own; a topic group stands below its community."""

    label: str
    url: str
    is_part: bool = False


class Own(NamedTuple):
    ways: list[Way]
    groups: list[Row]
    projects: list[Row]


def own_of(user: AbstractBaseUser) -> Own:
    """Empty for whoever looks after nothing of their own. As many queries for much as for little."""
    groups = _groups(user)
    projects = [
        Row(str(project), reverse("admin:projects_project_change", args=[project.pk]))
        for project in edited_by(user).order_by("sort_name", "pk")
    ]
    has_community = any(not row.is_part for row in groups)
    ways = _ways_of_coordinators(has_community=has_community) if groups else []
    ways += _ways_of_hosts(user) + _ways_of_advisors(user)
    if projects:
        ways += [Way(_("Lösung eintragen"), reverse("admin:projects_solution_add"))]
    return Own(ways, groups, projects)


def _groups(user: AbstractBaseUser) -> list[Row]:
    """Each community before its topic groups, as `parent` and name order them."""
    own = list(coordinated_by(user).select_related("parent"))
    tops = {group.pk for group in own if group.parent_id is None}
    own.sort(
        key=lambda group: (
            (group.parent or group).sort_name,
            group.parent_id is not None,
            group.sort_name,
        )
    )
    return [
        Row(
            group.name if group.parent_id in tops else group.full_name,
            reverse("admin:communities_community_change", args=[group.pk]),
            is_part=group.parent_id is not None,
        )
        for group in own
    ]


def _ways_of_hosts(user: AbstractBaseUser) -> list[Way]:
    if not user.has_perm("events.work_on_events"):
        return []
    return [
        Way(_("Veranstaltung anlegen"), reverse("admin:events_event_add")),
        Way(_("Alle Veranstaltungen"), reverse("admin:events_event_changelist")),
        Way(_("Alle Teilnehmenden"), reverse("admin:events_registration_changelist")),
    ]


def _ways_of_advisors(user: AbstractBaseUser) -> list[Way]:
    if not user.has_perm("consulting.view_consultationrequest"):
        return []
    ways = [Way(_("Beratungsanfragen"), reverse("admin:consulting_consultationrequest_changelist"))]
    if is_office(user):
        phone = reverse("admin:consulting_consultationrequest_phone")
        ways.append(Way(_("Anfrage am Telefon aufnehmen"), phone))
    if user.has_perm("consulting.add_slotseries"):
        ways.append(Way(_("Zeiten anbieten"), reverse("admin:consulting_slotseries_add")))
    if user.has_perm("consulting.change_advisor"):
        ways.append(Way(_("Abwesenheit eintragen"), _where_absences_stand(user)))
    return ways


def _where_absences_stand(user: AbstractBaseUser) -> str:
    """One's own page for who advises, the list for who only works in the office."""
    own = Advisor.objects.filter(user=user).values_list("pk", flat=True).first()
    if own is None:
        return reverse("admin:consulting_advisor_changelist")
    return reverse("admin:consulting_advisor_change", args=[own]) + "#absences-group"


def _ways_of_coordinators(*, has_community: bool) -> list[Way]:
    ways = [
        Way(_("Menschen einladen"), reverse("admin:communities_invite")),
        Way(_("Rundmail schreiben"), reverse("admin:communities_groupmessage_add")),
        Way(_("Workshop planen"), reverse("admin:events_event_add")),
        Way(_("Protokoll schreiben"), reverse("admin:events_minutes_add")),
        Way(_("Arbeitsergebnis ablegen"), reverse("admin:communities_result_add")),
    ]
    if has_community:
        ways.append(Way(_("Themengruppe anlegen"), reverse("admin:communities_community_add")))
    return ways
