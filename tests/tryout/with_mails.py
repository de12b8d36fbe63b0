"""The addresses of a try-out: those of the portal, and the page with its e-mails."""

from django.urls import include, path

from smartcities.urls import urlpatterns as of_portal

urlpatterns = [*of_portal, path("ausprobieren/e-mails/", include("smartcities.tryout.mails"))]
