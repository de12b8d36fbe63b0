"""The page behind the link that ends the group's mails. GET and HEAD only show, POST acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from communities.mail import unsubscribing
from communities.models import MailWish
from ground.link_pages import dead
from ground.private import private
from ground.signed_links import Opened, Outcome

WEEKLY = "woechentlich"


# Mail programs POST without a cookie when a person clicks their button (RFC 8058). The token in the
# address is what no one else has, and all it can do is to end mails.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    memberships = unsubscribing.open_token(token)
    if memberships is None:
        return dead(request, Opened(None, Outcome.WRONG))
    if request.method == "POST" and "List-Unsubscribe" in request.POST:
        # A mail program, not a person: no one reads a page or keeps a session.
        unsubscribing.unsubscribe(memberships)
        return HttpResponse(status=204)
    if request.method == "POST" and request.POST.get("wie") == WEEKLY:
        unsubscribing.collect(memberships)
        messages.success(
            request, _("Sie bekommen die Rundmails jetzt einmal in der Woche, montags.")
        )
        return redirect(request.path)
    if request.method == "POST":
        unsubscribing.unsubscribe(memberships)
        messages.success(request, _("Sie bekommen keine Rundmails dieser Gruppen mehr."))
        return redirect(request.path)
    rows = list(memberships)
    return render(
        request,
        "communities/unsubscribe.html",
        {
            "memberships": rows,
            "subscribed": [one for one in rows if one.mail_wish != MailWish.NONE],
            "weekly": WEEKLY,
        },
    )
