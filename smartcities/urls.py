from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from events.views import feeds
from finding.same_for_all import same_for_all
from smartcities import about, own_data_views, views
from smartcities.accessibility import views as accessibility
from smartcities.handbook import views as handbook
from smartcities.operations.readiness import readyz
from smartcities.search import site_search, suggestions
from smartcities.sitemaps import SITEMAPS

# Pages of text. With the privacy page they are reachable from every page, by the footer.
PAGES = (
    ("impressum", "imprint", "Impressum"),
    ("leichte-sprache", "easy_language", "Leichte Sprache"),
    ("gebaerdensprache", "sign_language", "Gebärdensprache"),
    ("kontakt", "contact", "Kontakt"),
)

urlpatterns = [
    path("", views.start, name="start"),
    *(
        path(f"{address}/", views.page, {"name": name, "label": label}, name=name)
        for address, name, label in PAGES
    ),
    path("ueber/", about.about, name="about"),
    path("hilfe/", handbook.index, name="handbook"),
    path("hilfe/<slug:role>/", handbook.role, name="handbook_role"),
    path("barrierefreiheit/", accessibility.statement, name="accessibility"),
    path("barrierefreiheit/melden/", accessibility.report, name="barrier_report"),
    path("barrierefreiheit/gemeldet/", accessibility.reported, name="barrier_reported"),
    path("suche/", site_search, name="search"),
    path("suche/vorschlaege/", suggestions, name="search_suggestions"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", same_for_all()(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon),
    path("", include("opendata.urls")),
    path("", include("subscribing.urls")),
    path("", include("projects.urls")),
    path("gemeinschaften/", include("communities.urls")),
    path("veranstaltungen/", include("events.urls")),
    path("start-smart/", include("consulting.urls")),
    path("fragen/", include("asking.urls")),
    path("meine-daten/", own_data_views.ask_for_link, name="own_data"),
    path("meine-daten/unterwegs/", own_data_views.link_sent, name="own_data_sent"),
    path("meine-daten/<str:token>/", own_data_views.by_link, name="own_data_link"),
    path("konto/daten/", own_data_views.of_account, name="own_data_account"),
    path("konto/daten/datei/", own_data_views.export_account, name="own_data_export"),
    path("konto/daten/loeschen/", own_data_views.erase_account, name="own_data_erase"),
    path("konto/kalender/", feeds.my_calendar, name="account_calendar"),
    path("konto/kalender/anlegen/", feeds.make_my_calendar, name="account_calendar_make"),
    path("konto/kalender/widerrufen/", feeds.revoke_my_calendar, name="account_calendar_revoke"),
    path("konto/gruppen/", include("communities.account_urls")),
    path("konto/", include("accounts.urls")),
    path("konto/", include("allauth.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
]
if settings.SHOWS_ITS_MAILS:
    urlpatterns.append(path("ausprobieren/e-mails/", include("smartcities.tryout.mails")))
