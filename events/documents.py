"""Which documents of an event a person may open: asked with every page and every download."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from events.hosting import hosts
from events.models import Document, DocumentPhase, Event, Visibility

if TYPE_CHECKING:
    from accounts.models import User


def open_to(user: "User | AnonymousUser", event: Event, *, now: datetime) -> list[Document]:
    """Hosts open all of them. Of a public event everybody opens the public ones, participants more.

    What documents the event is there for others once it is over. Who has no seat, or only waits for
    one, is no participant.
    """
    documents = list(event.documents.all())
    if not documents:
        return []
    if user.is_authenticated and hosts(user, event):
        return documents
    if not event.is_public:
        return []
    is_past = event.is_past(now)
    due = [one for one in documents if one.phase == DocumentPhase.BEFORE or is_past]
    if user.is_authenticated and event.registrations.seated().filter(user=user).exists():
        return due
    return [document for document in due if document.visibility == Visibility.PUBLIC]
