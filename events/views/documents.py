from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.files import serve
from events.documents import open_to
from events.models import Event


@require_safe
def document(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """The file of a document; 404 for whom it is not, as if there were none."""
    event = get_object_or_404(Event, slug=slug)
    for one in open_to(request.user, event, now=timezone.now()):
        if one.pk == pk and one.file:
            return serve(one.file)
    raise Http404
