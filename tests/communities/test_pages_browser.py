"""Every page of communities with everything on it that can be: valid, accessible, narrow enough."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from communities.models import Community, ExperienceState, Role
from projects.models import Project, Solution
from tests.browser import barriers
from tests.factories.accounts import UserFactory
from tests.factories.communities import (
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
)
from tests.factories.events import EventFactory
from tests.gates import html_checker
from tests.shipped import load_network_to_be_found

TWINS = "/gemeinschaften/urbane-digitale-zwillinge/"
PUBLIC = [
    "/",
    "/gemeinschaften/",
    TWINS,
    f"{TWINS}mobilitaet/",
    "/gemeinschaften/ergebnisse/",
    "/gemeinschaften/ergebnisse/?q=Leitfaden&art=leitfaden",
    "/gemeinschaften/ergebnisse/leitfaden-datenmodell/",
    "/gemeinschaften/erfahrungen/",
    "/projekte/ulm/",
    "/suche/?q=Zwilling",
]
FOR_MEMBERS = [
    "/gemeinschaften/",
    TWINS,
    f"{TWINS}intern/",
    "/gemeinschaften/ergebnisse/nur-intern/",
    "/gemeinschaften/erfahrungen/eigene/",
    "/gemeinschaften/erfahrungen/schreiben/",
]


@pytest.fixture
def member(db):
    """A member of a group that has everything a group can have."""
    load_network_to_be_found()
    twins = Community.objects.get(slug="urbane-digitale-zwillinge")
    ulm = Project.objects.get(slug="ulm")
    twins.projects.add(ulm)
    Community.objects.filter(pk=twins.pk).update(
        questions="Wozu dient ein Zwilling?\nWer pflegt ihn?",
        working_mode="Die Gruppe trifft sich vier Mal im Jahr.",
        contact_email="eine-sehr-lange-adresse-der-geschaeftsstelle@koordinierungsstelle.example",
    )
    now = timezone.now()
    for days, title in ((5, "Werkstatt Datenmodelle"), (-9, "Auftakt")):
        start = now + timedelta(days=days)
        EventFactory(
            title=title, community=twins, starts_at=start, ends_at=start + timedelta(hours=2)
        )
    guide = ResultFactory(
        title="Leitfaden für Datenmodelle digitaler Zwillinge",
        slug="leitfaden-datenmodell",
        community=twins,
        summary="Wie man anfängt.\n\nUnd wie es weitergeht.",
        version="1.2",
    )
    guide.projects.add(ulm)
    guide.solutions.add(*Solution.objects.filter(project=ulm)[:2])
    ResultFactory(
        title="Nur für uns", slug="nur-intern", community=twins, state="mitglieder", licence=""
    )
    ExperienceFactory(title="Früh mit der Vermessung reden", community=twins, project=ulm)
    user = UserFactory()
    MembershipFactory(community=twins, user=user, name="Erika Muster", is_visible=True, project=ulm)
    MembershipFactory(
        community=twins, name="Rana Rat", is_visible=True, role=Role.SUPPORT, organisation="Büro"
    )
    ExperienceFactory(
        title="Mein Entwurf", community=twins, state=ExperienceState.DRAFT, written_by=user
    )
    return user


def paths(member) -> list[tuple[str, bool]]:
    """Every page, and whether one has to be signed in for it."""
    draft = member.experiences.get()
    published = Community.objects.get(slug="urbane-digitale-zwillinge").experiences.public().get()
    own = [
        f"/gemeinschaften/erfahrungen/{draft.pk}/aendern/",
        f"/gemeinschaften/erfahrungen/{draft.pk}/loeschen/",
    ]
    public = [*PUBLIC, published.get_absolute_url()]
    return [(path, False) for path in public] + [(path, True) for path in FOR_MEMBERS + own]


def test_pages_full_of_things_are_valid_html(member, tmp_path):
    visitor, insider = Client(), Client()
    insider.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    htmls = {}
    for path, is_inside in paths(member):
        answer = (insider if is_inside else visitor).get(path)
        assert (path, answer.status_code) == (path, 200)
        htmls[f"{path}#{is_inside}"] = answer.text

    assert html_checker.complaints(htmls, tmp_path) == []


def test_pages_full_of_things_are_accessible_in_light_and_dark_and_fit_a_phone(
    member, live_server, open_context, sign_in, complaints
):
    visitor, insider = open_context().new_page(), open_context().new_page()
    sign_in(insider, member)
    findings = []
    for path, is_inside in paths(member):
        page = insider if is_inside else visitor
        page.goto(path)
        findings += [f"{path} {finding}" for finding in barriers(page)]

    assert findings == []


def test_filters_work_with_and_without_javascript(member, live_server, page, no_javascript):
    path = "/gemeinschaften/ergebnisse/"
    ResultFactory(title="Vorlage Vergabe", kind="vorlage")
    page.goto(path)
    page.get_by_label("Vorlage").check()
    page.wait_for_url(f"**{path}?art=vorlage")
    expect(page.locator("#treffer .card__link")).to_have_text(["Vorlage Vergabe"])

    no_javascript.goto(path)
    no_javascript.get_by_label("Vorlage").check()
    no_javascript.get_by_role("button", name="Auswahl anwenden").click()
    expect(no_javascript).to_have_url(f"{path}?art=vorlage")
    expect(no_javascript.locator("#treffer .card__link")).to_have_text(["Vorlage Vergabe"])
