"""The page behind the link that ends invitations. GET and HEAD only show, POST acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.mail import invitations
from events.models import OptOut
from ground.link_pages import dead
from ground.private import private
from ground.signed_links import Opened, Outcome


# Mail programs POST without a cookie when a person clicks their button (RFC 8058). The token in the
# address is what no one else has, and all it can do is to end invitations.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    key = invitations.open_token(token)
    if key is None:
        return dead(request, Opened(None, Outcome.WRONG))
    if request.method == "POST":
        invitations.opt_out(key, now=timezone.now())
        if "List-Unsubscribe" in request.POST:
            # A mail program, not a person: no one reads a page or keeps a session.
            return HttpResponse(status=204)
        messages.success(request, _("Sie bekommen keine Einladungen mehr."))
        return redirect(request.path)
    is_out = OptOut.objects.filter(address_hash=key).exists()
    return render(request, "events/unsubscribe.html", {"is_out": is_out})
