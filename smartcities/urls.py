from django.contrib import admin
from django.urls import include, path

from smartcities import views

urlpatterns = [
    path("", views.start, name="start"),
    path("barrierefreiheit/", views.page, {"name": "accessibility"}, name="accessibility"),
    path("datenschutz/", views.page, {"name": "privacy"}, name="privacy"),
    path("impressum/", views.page, {"name": "imprint"}, name="imprint"),
    path("leichte-sprache/", views.page, {"name": "easy_language"}, name="easy_language"),
    path("gebaerdensprache/", views.page, {"name": "sign_language"}, name="sign_language"),
    path("kontakt/", views.page, {"name": "contact"}, name="contact"),
    path("healthz", views.healthz, name="healthz"),
    path("konto/", include("accounts.urls")),
    path("konto/", include("allauth.urls")),
    path("verwaltung/", admin.site.urls),
]
