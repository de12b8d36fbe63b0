"""The minutes of a workshop, for those whom they are shared with, and what they have taken on there."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.files import serve
from communities.models import Membership
from events import task_links
from events.actions import minutes as actions
from events.hosting import hosts
from events.models import RELEASED, Event, Minutes, MinutesFile, MinutesState, MinutesTask
from events.task_links import Purpose
from ground.link_pages import LinkPages
from ground.private import private
from ground.refusals import Overtaken


@require_safe
@private
def minutes(request: HttpRequest, slug: str) -> HttpResponse:
    """Public ones for everybody, approved ones for members, drafts for those who write them.

    404 for everybody else: whether there are any is the group's business. Tasks and internal files are
    for the group alone, whatever is public.
    """
    event, found, inner = _readable(request, slug)
    tasks = found.tasks.select_related("member") if inner else MinutesTask.objects.none()
    files = found.files.all()
    context = {
        "event": event,
        "minutes": found,
        "items": found.items.all(),
        "decisions": found.decisions.all(),
        "tasks": _tasks(request, event, tasks),
        "files": _sized([file for file in files if inner or file.is_public], found),
        "today": timezone.localdate(),
        "breadcrumb": [
            (_("Veranstaltungen"), reverse("events:list")),
            (event.title, event.get_absolute_url()),
            (_("Protokoll"), None),
        ],
    }
    return render(request, "events/minutes.html", context)


@require_safe
@private
def minutes_file(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """A file of minutes that one may read; internal ones only for the group."""
    _event, found, inner = _readable(request, slug)
    files = found.files.all() if inner else found.files.filter(is_public=True)
    file = get_object_or_404(files, pk=pk)
    return serve(file.file)


@require_POST
@login_required
@private
def task_done(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """By the one who has taken it on, or those who write the minutes."""
    event, found, inner = _readable(request, slug)
    tasks = found.tasks.select_related("member") if inner else MinutesTask.objects.none()
    task = get_object_or_404(tasks, pk=pk)
    if found.state not in RELEASED or not (
        task.is_of(request.user.pk) or hosts(request.user, event)
    ):
        raise Http404
    try:
        actions.finish(task, now=timezone.now())
    except Overtaken:
        messages.info(request, _("Diese Aufgabe ist schon als erledigt vermerkt."))
    else:
        messages.success(request, _("Die Aufgabe ist als erledigt vermerkt."))
    return redirect(f"{found.get_absolute_url()}#aufgaben")


_pages = LinkPages(
    open_token=task_links.open_token,
    template="events/link_task_{}.html",
    context=lambda task: {"task": task, "event": task.minutes.event},
    after=lambda task, _now: task.minutes.event.community,
)


@_pages.page(Purpose.DONE)
def task_done_by_link(task: MinutesTask, _form: forms.Form, now: object) -> tuple[MinutesTask, str]:
    return actions.finish(task, now=now), _("Danke! Die Aufgabe ist als erledigt vermerkt.")


def _readable(request: HttpRequest, slug: str) -> tuple[Event, Minutes, bool]:
    """The event, its minutes, and whether the person belongs to the group. Raises `Http404`."""
    event = get_object_or_404(
        Event.objects.public().select_related("community__parent", "minutes"), slug=slug
    )
    found = getattr(event, "minutes", None)
    if found is None:
        raise Http404
    inner = _is_inside(request, event, found)
    if not inner and found.state != MinutesState.PUBLIC:
        raise Http404
    return event, found, inner


def _is_inside(request: HttpRequest, event: Event, found: Minutes) -> bool:
    if isinstance(request.user, AnonymousUser):
        return False
    if found.state in RELEASED and event.community_id is not None:
        own = Membership.objects.active().of_user(request.user)
        if own.filter(community=event.community_id).exists():
            return True
    return hosts(request.user, event)


def _tasks(
    request: HttpRequest, event: Event, tasks: QuerySet[MinutesTask]
) -> list[tuple[MinutesTask, str, bool]]:
    """Each with its owner as this reader may see them, and whether they may say that it is done."""
    rows, reader = list(tasks), request.user.pk
    writes = bool(rows) and hosts(request.user, event)
    return [
        (
            task,
            task.owner_as_seen_by(reader, writes=writes),
            task.done_at is None and (writes or task.is_of(reader)),
        )
        for task in rows
    ]


def _sized(files: list[MinutesFile], found: Minutes) -> list[MinutesFile]:
    for file in files:
        # Known already: no query for the address of each.
        file.minutes = found
    return files
