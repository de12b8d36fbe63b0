"""The frame, the pages that belong to no app, and what people see when something goes wrong."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.utils.html import escape

import communities.retention
import consulting.retention
import events.retention
from smartcities.context import portal
from smartcities.urls import PAGES
from smartcities.urls import urlpatterns as portal_urls
from tests.factories import ProjectFactory, UserFactory

TEXT_PAGES = [*(name for _address, name, _label in PAGES), "privacy"]


def breaks(request):
    raise RuntimeError("geheimes Detail")


def refuses(request):
    raise PermissionDenied


def saves(request):
    return HttpResponse("gespeichert")


urlpatterns = [
    path("bricht/", breaks),
    path("verweigert/", refuses),
    path("speichert/", saves),
    *portal_urls,
]
with_broken_views = override_settings(ROOT_URLCONF=__name__)


class TestTextPages:
    @pytest.mark.parametrize("name", TEXT_PAGES)
    def test_it_needs_no_database_and_is_the_same_for_everybody(self, client, name):
        # Without the django_db mark, any query would fail this test.
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert "Cookie" not in response.headers.get("Vary", "")
        assert response.cookies == {}

    @pytest.mark.parametrize("name", TEXT_PAGES)
    def test_it_has_one_heading_a_title_and_a_place(self, client, name):
        html = client.get(reverse(name)).content.decode()
        headings = re.findall(r"<h1[^>]*>(.*?)</h1>", html)
        assert len(headings) == 1
        title = re.search(r"<title>(.*?) – Modellprojekte Smart Cities</title>", html)
        assert title
        assert '<span aria-current="page">' in html

    def test_every_page_leads_to_every_text_page(self, client):
        html = client.get(reverse("imprint")).content.decode()
        for name in TEXT_PAGES:
            assert f'href="{reverse(name)}"' in html

    @pytest.mark.parametrize("name", ["imprint", "contact", "accessibility", "privacy"])
    def test_it_names_the_operator(self, client, name):
        html = client.get(reverse(name)).content.decode()
        assert "Koordinierungsstelle Beispiel" in html
        assert "Musterstraße 1<br>" in html
        assert "12345 Musterstadt<br>" in html
        assert 'href="mailto:betreiber@example.org"' in html

    @pytest.mark.parametrize("name", ["imprint", "contact", "privacy"])
    def test_what_the_operator_left_out_is_marked(self, client, settings, name):
        settings.OPERATOR = settings.OPERATOR | {
            "phone": "",
            "representative": "",
            "data_protection_officer": "",
            "address": "",
        }
        html = client.get(reverse(name)).content.decode()
        assert "vom Betreiber zu ergänzen" in html

    def test_the_privacy_page_tells_the_rules_that_are_carried_out(self, client, monkeypatch):
        monkeypatch.setattr("accounts.retention.HISTORY", timedelta(days=731))
        monkeypatch.setattr(
            "smartcities.accessibility.barriers.KEPT_AFTER_ANSWER", timedelta(days=366)
        )
        html = client.get(reverse("privacy")).content.decode()
        for app in (communities, consulting, events):
            assert app.retention.RULES
            for rule in app.retention.RULES:
                assert f"<li>{escape(str(rule.text))}</li>" in html
        assert "nach 731 Tagen" in html
        assert "366 Tage nach der Antwort" in html

    def test_writing_to_a_text_page_is_refused(self, client):
        assert client.post(reverse("imprint")).status_code == 405


class TestFrame:
    @pytest.fixture
    def request_for(self):
        def made(path, **cookies):
            request = RequestFactory().get(path)
            request.COOKIES.update(cookies)
            return request

        return made

    def test_the_navigation_marks_where_one_is(self, request_for, settings):
        settings.ROOT_URLCONF = "tests.design.small_portal"
        items = portal(request_for("/projekte/jena/"))["navigation"]
        assert [(item.label, item.url, item.is_here) for item in items] == [
            ("Projekte", "/projekte/", True),
            ("Suche", "/suche/", False),
        ]

    def test_nobody_without_a_session_is_asked_for_messages(self, request_for):
        class Untouchable:
            added_new = False

            def __iter__(self):
                raise AssertionError("the session was read")

        request = request_for("/")
        request._messages = Untouchable()
        assert list(portal(request)["notices"]) == []

    def test_a_message_of_this_very_request_is_shown_without_a_session_too(self, request_for):
        class Fresh(list):
            added_new = True

        request = request_for("/")
        request._messages = Fresh(["Gespeichert."])
        assert list(portal(request)["notices"]) == ["Gespeichert."]

    def test_no_page_carries_inline_scripts_or_styles(self, client):
        html = client.get(reverse("contact")).content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=", html) == []


@pytest.mark.django_db
class TestStartPage:
    def test_it_counts_what_is_public(self, client):
        ProjectFactory.create_batch(2)
        ProjectFactory(is_public=False)
        figures = client.get("/").context["figures"]
        assert figures["projects"] == 2

    def test_an_empty_portal_shows_no_zeros(self, client):
        assert '<dl class="figures">' not in client.get("/").content.decode()

    def test_it_costs_the_same_whatever_there_is(self, client, django_assert_num_queries):
        ProjectFactory.create_batch(3)
        client.get("/")
        with django_assert_num_queries(1):  # whether the catalogue is still the same
            response = client.get("/")
        assert response.cookies == {}
        assert "Cookie" not in response.headers["Vary"]


class TestErrors:
    def test_not_found(self, client):
        response = client.get("/gibt-es-nicht/")
        assert response.status_code == 404
        html = response.content.decode()
        assert '<h1 class="kern-heading-x-large">Diese Seite gibt es nicht</h1>' in html
        assert 'id="inhalt"' in html

    @with_broken_views
    def test_an_error_of_ours_is_admitted_without_details(self):
        response = Client(raise_request_exception=False).get("/bricht/")
        assert response.status_code == 500
        html = response.content.decode()
        assert "Der Fehler liegt bei uns" in html
        assert "geheimes Detail" not in html

    def test_the_page_for_our_errors_needs_nothing_that_may_be_broken(self, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path  # `collectstatic` has never run
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        }
        html = render_to_string("500.html")
        assert f'href="{settings.STATIC_URL}css/portal.css"' in html

    @with_broken_views
    def test_forbidden(self, client):
        response = client.get("/verweigert/")
        assert response.status_code == 403
        assert "Diese Seite steht Ihnen nicht offen" in response.content.decode()

    @with_broken_views
    def test_a_form_from_elsewhere_is_refused_in_plain_words(self):
        response = Client(enforce_csrf_checks=True).post("/speichert/")
        assert response.status_code == 403
        assert "Bitte noch einmal absenden" in response.content.decode()

    def test_a_foreign_host_gets_a_calm_page(self, client):
        response = client.get("/", headers={"host": "boese.example"})
        assert response.status_code == 400
        assert "Diese Anfrage konnten wir nicht lesen" in response.content.decode()


class TestWhatFormsSayOfPrivacy:
    def test_it_opens_beside_the_form_and_says_so(self):
        opens = (
            'target="_blank" rel="noopener">Datenschutzerklärung (öffnet ein neues Fenster)</a>.'
        )

        assert opens in render_to_string("components/privacy_link.html")

    def test_no_form_leads_away_from_what_was_typed(self):
        folder = settings.BASE_DIR / "templates"
        texts = {path.relative_to(folder): path.read_text() for path in folder.rglob("*.html")}
        leads_away = [
            str(path)
            for path, text in texts.items()
            if "{% url 'privacy' %}" in text
            and path.parts[0] not in ("handbook", "pages")
            and path.name not in ("privacy_link.html", "footer.html")
        ]
        beside = [path for path, text in texts.items() if "components/privacy_link.html" in text]

        assert leads_away == []
        assert len(beside) >= 8


class TestForPrograms:
    def test_health(self, client):
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")

    def test_robots(self, client):
        assert client.get("/robots.txt").content.decode() == (
            "User-agent: *\n"
            "Disallow: /konto/\n"
            "Disallow: /verwaltung/\n"
            "Sitemap: http://testserver/sitemap.xml\n"
        )

    def test_security_contact_is_valid_for_months_but_not_for_more_than_a_year(self, client):
        lines = client.get("/.well-known/security.txt").content.decode().splitlines()
        facts = dict(line.split(": ", 1) for line in lines)
        expires = datetime.fromisoformat(facts.pop("Expires"))
        assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)
        assert facts == {
            "Contact": "mailto:betreiber@example.org",
            "Preferred-Languages": "de, en",
            "Canonical": "http://testserver/.well-known/security.txt",
        }

    def test_favicon(self, client):
        assert client.get("/favicon.ico").headers["Location"].endswith("img/favicon.svg")

    @pytest.mark.django_db
    def test_sitemap_lists_what_is_public(self, client):
        shown, hidden = ProjectFactory(), ProjectFactory(is_public=False)
        xml = client.get("/sitemap.xml").content.decode()
        assert f"<loc>http://testserver{shown.get_absolute_url()}</loc>" in xml
        assert hidden.slug not in xml
        assert f"<loc>http://testserver{reverse('accessibility')}</loc>" in xml


@pytest.mark.django_db
def test_a_notice_is_shown_once_after_an_action(client):
    user = UserFactory(name="Alt")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.post(reverse("account_name"), {"name": "Neu"}, follow=True).content.decode()
    assert page.count("Ihr Name ist gespeichert.") == 1
    assert "Ihr Name ist gespeichert." not in client.get(reverse("account")).content.decode()
