"""The page behind the link that ends invitations. GET and HEAD only show, POST acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from events.mail import invitations
from events.models import OptOut
from ground.link_pages import dead, done, ends_mails, is_mail_program
from ground.signed_links import Opened, Outcome


@ends_mails
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    key = invitations.open_token(token)
    if key is None:
        return dead(request, Opened(None, Outcome.WRONG))
    if request.method == "POST":
        invitations.opt_out(key, now=timezone.now())
        if is_mail_program(request):
            return done()
        messages.success(request, _("Sie bekommen keine Einladungen mehr."))
        return redirect(request.path)
    is_out = OptOut.objects.filter(address_hash=key).exists()
    return render(request, "events/unsubscribe.html", {"is_out": is_out})
