"""The page behind the link that ends the group's mails. GET and HEAD only show, POST acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from communities.mail import unsubscribing
from communities.models import MailWish
from ground.link_pages import dead, done, ends_mails, is_mail_program
from ground.signed_links import Opened, Outcome

WEEKLY = "woechentlich"


@ends_mails
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    memberships = unsubscribing.open_token(token)
    if memberships is None:
        return dead(request, Opened(None, Outcome.WRONG))
    if is_mail_program(request):
        unsubscribing.unsubscribe(memberships)
        return done()
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
