"""Who may do what in the administration: the groups that every installation has.

They belong to the code, so that a new model comes with the people who look after it. Anything else is
put into groups of one's own, which nothing here touches.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction

ALL = ("view", "add", "change", "delete")
EDIT = ("view", "add", "change")
SEE = ("view",)

# Group, then model, then what is allowed with it. Names of custom permissions stand in full.
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "Redaktion": {
        "projects.project": ALL,
        "projects.solution": ALL,
        "projects.theme": ALL,
        "finding.missedword": SEE,
        # Which lists are wanted, and by how many.
        "subscribing.watchedlist": SEE,
        "finding.synonyms": ALL,
        # Inlines of a project: who takes part, and what a statement rests on.
        "projects.projectmunicipality": ALL,
        "projects.source": ALL,
        # The facts of a sheet, and what all sheets have in common.
        "projects.cost": ALL,
        "projects.lesson": ALL,
        "projects.reuse": ALL,
        "projects.buildingblock": ALL,
        "projects.document": ALL,
        "projects.reachedphase": ALL,
        "projects.technology": ALL,
        "projects.product": ALL,
        "projects.networkfact": ALL,
        # What sheets said before; put back by who may change them.
        "projects.revision": SEE,
        # What municipalities say of themselves: only decided about, never written.
        "projects.reusestatement": ("view", "change"),
        # Who edits a single project, without being one of the staff.
        "projects.projecteditor": ALL,
        # The official list comes from its import; only how a municipality is called is edited.
        "projects.municipality": ("view", "change"),
        # What people ask, and the faults that they find.
        "asking.question": ("view", "change"),
        "asking.publicanswer": ("view", "change", "delete"),
        "smartcities.barrierreport": ("view", "change"),
        # The case on the start page, where it should not be the week's own.
        "smartcities.pinnedcase": ALL,
    },
    "Start Smart": {
        "consulting.consultationrequest": ("view", "change", "work_as_office"),
        "consulting.advisor": ALL,
        "consulting.slot": EDIT,
        "consulting.slotseries": EDIT,
        "projects.project": SEE,
        "projects.solution": SEE,
        "projects.theme": SEE,
        "projects.municipality": SEE,
    },
    # Who only advises: the same pages, but of them only what is their own.
    "Start Smart: Beratung": {
        "consulting.consultationrequest": ("view", "change"),
        "consulting.advisor": ("view", "change"),
        "consulting.slot": EDIT,
        "consulting.slotseries": EDIT,
        "projects.project": SEE,
        "projects.solution": SEE,
        "projects.theme": SEE,
    },
    # Every community and its members. Coordinators need no group: their role gives them their own.
    "Gemeinschaften": {
        "communities.community": ("work_on_communities",),
        "projects.project": SEE,
        "projects.solution": SEE,
        "projects.theme": SEE,
        "projects.municipality": SEE,
    },
    # Every event and its participants. Coordinators need no group: their role gives them their own.
    "Veranstaltungen": {
        "events.registration": ("work_on_events",),
        "projects.project": SEE,
        "projects.theme": SEE,
        "projects.municipality": SEE,
    },
    "Betrieb": {
        "mailing.email": ("view", "send_again_email"),
        "smartcities.regulartask": SEE,
        "accounts.user": SEE,
    },
}


def keep_in_step(using: str = "default", **_signal: Any) -> None:
    """Give the groups exactly the rights listed here. May run any number of times.

    Rights that do not exist (yet) are left out: an old state of the database has not all models.
    """
    if Permission._meta.db_table not in connections[using].introspection.table_names():
        return  # somebody migrates a single app; the groups follow with the rest
    with transaction.atomic(using=using):
        known = _permissions(using)
        for name, rights in ROLES.items():
            group, _created = Group.objects.using(using).get_or_create(name=name)
            wanted = {known[right] for right in _codes(rights) if right in known}
            group.permissions.set(wanted)


def _permissions(using: str) -> dict[str, Permission]:
    labels = {model.partition(".")[0] for rights in ROLES.values() for model in rights}
    rows = (
        Permission.objects.using(using)
        .filter(content_type__app_label__in=labels)
        .select_related("content_type")
    )
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}


def _codes(rights: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for label, actions in rights.items():
        app, _dot, model = label.partition(".")
        for action in actions:
            yield f"{app}.{action}_{model}" if action in ALL else f"{app}.{action}"
