"""Every address of the portal, taken from the URL configuration so that none can be forgotten.

A route is either opened by the gates or left out with a reason; a new one that is in neither list
fails `test_every_route_is_opened_or_left_out`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from projects.models import Municipality
from smartcities.handbook.roles import Role

VISITOR, PERSON, STAFF = "visitor", "person", "staff"


class Page(NamedTuple):
    path: str
    who: str = VISITOR
    status: int = 200


class Answer(NamedTuple):
    status_code: int
    headers: Mapping[str, str]
    text: str


class OpenedOnce:
    """What a page answers, asked for only once."""

    def __init__(self, clients: dict[str, Client]) -> None:
        self._clients = clients
        self._got: dict[tuple[str, str], Answer] = {}

    def __call__(self, page: Page) -> Answer:
        key = page.path, page.who
        if key not in self._got:
            answer = self._clients[page.who].get(page.path)
            is_file = answer.streaming or not answer.headers["Content-Type"].startswith("text/")
            text = "" if is_file else answer.text
            self._got[key] = Answer(answer.status_code, answer.headers, text)
        return self._got[key]

    def already(self, path: str, who: str) -> Answer | None:
        return self._got.get((path, who))


# Who opens a route, and with which arguments; by name.
OPENED: dict[str, tuple[str, list[str]]] = {
    "start": (VISITOR, [""]),
    "about": (VISITOR, [""]),
    "accessibility": (VISITOR, [""]),
    "privacy": (VISITOR, [""]),
    "imprint": (VISITOR, [""]),
    "easy_language": (VISITOR, [""]),
    "sign_language": (VISITOR, [""]),
    "contact": (VISITOR, [""]),
    "search": (VISITOR, ["", "?q=Hochwasser", "?q=Münster", "?q=zwiling", "?q=gibtesnicht"]),
    "projects:list": (
        VISITOR,
        ["", "?land=NW&staffel=2020&thema=app", "?q=Hochwasser", "?q=gibtesnicht", "?land=HB"],
    ),
    "projects:themes": (VISITOR, [""]),
    "projects:compare": (
        VISITOR,
        [
            "",
            "?loesung=bamberg-digitaler-zwilling",
            "?loesung=bamberg-digitaler-zwilling&loesung=solingen-mensch-solingen-stadt-app",
            "?projekt=ulm&projekt=bamberg&projekt=gibt-es-nicht",
        ],
    ),
    "projects:remembered": (
        VISITOR,
        ["", "?loesung=bamberg-digitaler-zwilling&projekt=ulm&projekt=bamberg"],
    ),
    "projects:solutions": (VISITOR, ["", "?art=app&open_source=ja", "?q=Sensoren"]),
    "projects:reuses": (
        VISITOR,
        ["", "?sortierung=was&land=NI", "?q=gibtesnicht", "?bestaetigt=ja"],
    ),
    "projects:municipality_search": (VISITOR, ["", "?q=Bad", "?q=gibtesnicht"]),
    "events:list": (
        VISITOR,
        ["", "?jahr=2023&art=roadshow", "?ansicht=monate", "?land=HB&fuer=mitglieder", "?seite=2"],
    ),
    "events:subscribe": (VISITOR, ["", "?land=HB"]),
    "communities:list": (VISITOR, [""]),
    "communities:results": (VISITOR, ["", "?q=gibtesnicht"]),
    "communities:experiences": (VISITOR, ["", "?q=gibtesnicht"]),
    "communities:own_experiences": (PERSON, [""]),
    "consulting:offer": (VISITOR, [""]),
    "opendata:about": (VISITOR, [""]),
    "opendata:interface": (VISITOR, [""]),
    "handbook": (VISITOR, [""]),
    "asking:office": (VISITOR, ["", "?frage=Badesee&thema=app"]),
    "asking:asked": (VISITOR, [""]),
    "asking:report": (VISITOR, ["", "?seite=/projekte/ulm/"]),
    "asking:reported": (VISITOR, [""]),
    "barrier_report": (VISITOR, [""]),
    "barrier_reported": (VISITOR, [""]),
    "own_data": (VISITOR, [""]),
    "own_data_sent": (VISITOR, [""]),
    "own_data_account": (PERSON, [""]),
    "account": (PERSON, [""]),
    "account_calendar": (PERSON, [""]),
    "account_name": (PERSON, [""]),
    "my_groups": (PERSON, [""]),
    "account_login": (VISITOR, [""]),
    "account_logout": (PERSON, [""]),
    "account_inactive": (VISITOR, [""]),
    "account_signup": (VISITOR, [""]),
    "account_email": (PERSON, [""]),
    "account_email_verification_sent": (VISITOR, [""]),
    "account_change_password": (PERSON, [""]),
    "account_reset_password": (VISITOR, [""]),
    "account_reset_password_done": (VISITOR, [""]),
    "account_reset_password_from_key_done": (VISITOR, [""]),
    "mfa_index": (PERSON, [""]),
    "usersessions_list": (PERSON, [""]),
}

# Routes whose pages need an object in their address, with the reason why these will do.
PATHS: dict[str, list[Page]] = {
    "projects:detail": [
        Page("/projekte/ulm/"),
        Page("/projekte/verband-region-rhein-neckar/"),
        Page("/projekte/darmstadt/"),  # has no summary and no measure
        Page("/projekte/gibt-es-nicht/", status=404),
    ],
    "projects:solution": [
        Page("/loesungen/bamberg-digitaler-zwilling/"),
        Page("/loesungen/bad-belzig-wiesenburg-bad-belzig-app-smart-village-app/"),
        Page("/loesungen/gibt-es-nicht/", status=404),
    ],
    "projects:state_reuse": [
        Page("/loesungen/bamberg-digitaler-zwilling/nachnutzung/"),
        Page("/loesungen/bamberg-digitaler-zwilling/nachnutzung/?art=plant"),
        Page("/loesungen/gibt-es-nicht/nachnutzung/", status=404),
    ],
    "asking:solution": [
        Page("/fragen/loesung/bamberg-digitaler-zwilling/"),
        Page("/fragen/loesung/gibt-es-nicht/", status=404),
    ],
    "asking:project": [
        Page("/fragen/projekt/ulm/"),
        Page("/fragen/projekt/gibt-es-nicht/", status=404),
    ],
    "asking:confirm": [Page("/fragen/bestaetigen/falsch/", status=404)],
    "asking:see": [Page("/fragen/stand/falsch/", status=404)],
    "asking:withdraw": [Page("/fragen/zurueckziehen/falsch/", status=404)],
    "asking:rate": [Page("/fragen/geholfen/falsch/", status=404)],
    "asking:reply": [Page("/fragen/antworten/falsch/", status=404)],
    "projects:reuse_stated": [
        Page("/loesungen/bamberg-digitaler-zwilling/nachnutzung/abgesendet/")
    ],
    "projects:confirm_reuse": [Page("/nachnutzung/bestaetigen/falsch/", status=404)],
    "projects:change_reuse": [Page("/nachnutzung/aendern/falsch/", status=404)],
    "projects:withdraw_reuse": [Page("/nachnutzung/zurueckziehen/falsch/", status=404)],
    "projects:reuse_still_true": [Page("/nachnutzung/stimmt-noch/falsch/", status=404)],
    "subscribing:subscribe": [
        Page("/abonnements/liste/loesungen/?art=app&q=Sensoren"),
        Page("/abonnements/liste/veranstaltungen/"),
        Page("/abonnements/liste/gibt-es-nicht/", status=404),
    ],
    "subscribing:subscribed": [Page("/abonnements/liste/nachnutzungen/abgesendet/?land=NI")],
    "subscribing:await_opening": [Page("/abonnements/anmeldung/gibt-es-nicht/", status=404)],
    "subscribing:awaiting_opening": [
        Page("/abonnements/anmeldung/gibt-es-nicht/abgesendet/", status=404)
    ],
    "subscribing:confirm": [Page("/abonnements/bestaetigen/falsch/", status=404)],
    "subscribing:see": [Page("/abonnements/ansehen/falsch/", status=404)],
    "subscribing:end": [Page("/abonnements/beenden/falsch/", status=404)],
    "projects:sheets_still_true": [Page("/eintraege/stimmt-noch/falsch/", status=404)],
    "projects:theme": [
        Page("/themen/app/"),
        Page("/themen/gibt-es-nicht/", status=404),
    ],
    "projects:product": [
        Page("/produkte/civitas-core/"),
        Page("/produkte/gibt-es-nicht/", status=404),
    ],
    "handbook_role": [
        *(Page(f"/hilfe/{role.value}/") for role in Role),
        Page("/hilfe/gibt-es-nicht/", status=404),
    ],
    "own_data_link": [Page("/meine-daten/falsch/", status=404)],
    "communities:detail": [
        Page("/gemeinschaften/urbane-digitale-zwillinge/"),
        Page("/gemeinschaften/gibt-es-nicht/", status=404),
    ],
    "communities:topic_group": [Page("/gemeinschaften/urbane-digitale-zwillinge/mobilitaet/")],
    "communities:result": [Page("/gemeinschaften/ergebnisse/gibt-es-nicht/", status=404)],
    "communities:result_further_file": [
        Page("/gemeinschaften/ergebnisse/gibt-es-nicht/dateien/1/", status=404)
    ],
    "communities:message_file": [
        Page("/gemeinschaften/rundmails/dateien/999999999/", PERSON, status=404)
    ],
    "communities:experience": [Page("/gemeinschaften/erfahrungen/999999999/", status=404)],
    "communities:write_experience": [
        Page("/gemeinschaften/erfahrungen/schreiben/", PERSON, status=404)
    ],
    "communities:edit_experience": [
        Page("/gemeinschaften/erfahrungen/999999999/aendern/", PERSON, status=404)
    ],
    "communities:delete_experience": [
        Page("/gemeinschaften/erfahrungen/999999999/loeschen/", PERSON, status=404)
    ],
    "communities:members_area": [
        Page("/gemeinschaften/urbane-digitale-zwillinge/intern/", PERSON, status=404)
    ],
    "communities:members_area_of_topic_group": [
        Page("/gemeinschaften/urbane-digitale-zwillinge/mobilitaet/intern/", PERSON, status=404)
    ],
    "communities:unsubscribe": [Page("/gemeinschaften/abbestellen/falsch/", status=404)],
    "events:detail": [
        Page("/veranstaltungen/digitale-loesungen-fuer-die-resiliente-region-2023/"),
        Page("/veranstaltungen/roadshow-der-modellprojekte-smart-cities-station-aalen-2023/"),
        Page("/veranstaltungen/virtuelle-regionalkonferenz-gastgeber-ulm/"),  # known roughly
        Page("/veranstaltungen/gibt-es-nicht/", status=404),
    ],
    "events:document": [Page("/veranstaltungen/gibt-es-nicht/unterlagen/1/", status=404)],
    "events:unsubscribe": [Page("/veranstaltungen/abbestellen/falsch/", status=404)],
    "consulting:part": [Page("/start-smart/anfrage/kommune/")],
    "consulting:confirm": [Page("/start-smart/bestaetigen/falsch/", status=404)],
    "consulting:see": [Page("/start-smart/ansehen/falsch/", status=404)],
    "consulting:reschedule": [Page("/start-smart/verschieben/falsch/", status=404)],
    "consulting:cancel": [Page("/start-smart/absagen/falsch/", status=404)],
    "consulting:answer": [Page("/start-smart/vorschlag/falsch/", status=404)],
    "consulting:rate": [Page("/start-smart/rueckmeldung/falsch/", status=404)],
    "consulting:write": [Page("/start-smart/antworten/falsch/", status=404)],
    "consulting:resume": [Page("/start-smart/fortsetzen/falsch/", status=404)],
    "communities:confirm": [Page("/gemeinschaften/bestaetigen/falsch/", status=404)],
    "communities:invitation": [Page("/gemeinschaften/einladung/falsch/", status=404)],
    "communities:withdraw": [Page("/gemeinschaften/zurueckziehen/falsch/", status=404)],
    "communities:take_up": [Page("/gemeinschaften/wieder-aufnehmen/falsch/", status=404)],
    "communities:leave": [Page("/gemeinschaften/austreten/falsch/", status=404)],
    "communities:join": [
        Page("/gemeinschaften/urbane-digitale-zwillinge/mitmachen/"),
        Page("/gemeinschaften/open-source/mitmachen/", status=410),
        Page("/gemeinschaften/gibt-es-nicht/mitmachen/", status=404),
    ],
    "communities:join_topic_group": [
        Page("/gemeinschaften/urbane-digitale-zwillinge/mobilitaet/mitmachen/"),
    ],
    "communities:joined": [Page("/gemeinschaften/urbane-digitale-zwillinge/mitmachen/abgesendet/")],
    "communities:joined_topic_group": [
        Page("/gemeinschaften/urbane-digitale-zwillinge/mobilitaet/mitmachen/abgesendet/")
    ],
    "events:confirm": [Page("/veranstaltungen/anmeldung/bestaetigen/falsch/", status=404)],
    "events:see": [Page("/veranstaltungen/anmeldung/ansehen/falsch/", status=404)],
    "events:ticket": [Page("/veranstaltungen/anmeldung/ansehen/falsch/eintritt/", status=404)],
    "events:minutes": [Page("/veranstaltungen/gibt-es-nicht/protokoll/", status=404)],
    "events:minutes_file": [
        Page("/veranstaltungen/gibt-es-nicht/protokoll/dateien/1/", status=404)
    ],
    "events:task_done_by_link": [Page("/veranstaltungen/aufgabe/erledigt/falsch/", status=404)],
    "events:change": [Page("/veranstaltungen/anmeldung/aendern/falsch/", status=404)],
    "events:cancel": [Page("/veranstaltungen/anmeldung/abmelden/falsch/", status=404)],
    "events:accept": [Page("/veranstaltungen/anmeldung/annehmen/falsch/", status=404)],
    "account_confirm_email": [Page("/konto/confirm-email/falsch/")],
    "account_reset_password_from_key": [Page("/konto/password/reset/key/1-falsch/")],
}

# Routes with a page only for who has a link, is a member or has gone a step before: `lived_in.move_in`
# goes there. Some stand above, too, as they answer everybody else.
USED = {
    "asking:confirm",
    "asking:rate",
    "asking:reply",
    "asking:see",
    "asking:withdraw",
    "account_calendar",
    "communities:confirm",
    "communities:delete_experience",
    "communities:edit_experience",
    "communities:experience",
    "communities:invitation",
    "communities:leave",
    "communities:members_area",
    "communities:take_up",
    "communities:members_area_of_topic_group",
    "communities:own_experiences",
    "communities:result",
    "communities:unsubscribe",
    "communities:withdraw",
    "communities:write_experience",
    "consulting:answer",
    "consulting:cancel",
    "consulting:confirm",
    "consulting:later",
    "consulting:rate",
    "consulting:reschedule",
    "consulting:review",
    "consulting:see",
    "consulting:sent",
    "consulting:part",
    "consulting:write",
    "events:accept",
    "events:cancel",
    "events:change",
    "events:confirm",
    "events:detail",
    "events:minutes",
    "events:register",
    "events:registered",
    "events:see",
    "events:task_done_by_link",
    "events:ticket",
    "events:unsubscribe",
    "my_group_leave",
    "my_groups",
    "projects:change_reuse",
    "projects:detail",
    "projects:reuses",
    "projects:solution",
    "projects:confirm_reuse",
    "projects:reuse_still_true",
    "projects:sheets_still_true",
    "projects:withdraw_reuse",
    "subscribing:await_opening",
    "subscribing:awaiting_opening",
    "subscribing:confirm",
    "subscribing:end",
    "subscribing:see",
    "own_data_account",
    "own_data_link",
}

LEFT_OUT = {
    "search_suggestions": "JSON for the list under a search field",
    "communities:result_file": "a file",
    "my_group_preferences": "takes a form only; tests/communities sends it",
    "events:task_done": "takes a form only; tests/events sends it",
    "healthz": "plain text for machines",
    "opendata:catalogue": "RDF for machines",
    "opendata:catalogue_file": "RDF for machines",
    "opendata:publishers": "YAML for machines",
    "opendata:publiccode": "YAML for machines",
    "opendata:export": "a file",
    "opendata:everything": "a file",
    "opendata:everything_digest": "plain text for machines",
    "opendata:api": "JSON for machines",
    "opendata:api-schema": "JSON for machines",
    "opendata:api-nothing": "says that nothing is there, for machines",
    "opendata:api-projekte-list": "JSON for machines",
    "opendata:api-projekte-detail": "JSON for machines",
    "opendata:api-loesungen-list": "JSON for machines",
    "opendata:api-loesungen-detail": "JSON for machines",
    "opendata:api-kommunen-list": "JSON for machines",
    "opendata:api-kommunen-detail": "JSON for machines",
    "opendata:api-themen-list": "JSON for machines",
    "opendata:api-themen-detail": "JSON for machines",
    "opendata:api-veranstaltungen-list": "JSON for machines",
    "opendata:api-veranstaltungen-detail": "JSON for machines",
    "opendata:api-gemeinschaften-list": "JSON for machines",
    "opendata:api-gemeinschaften-detail": "JSON for machines",
    "opendata:api-ergebnisse-list": "JSON for machines",
    "opendata:api-ergebnisse-detail": "JSON for machines",
    "opendata:api-nachnutzungen-list": "JSON for machines",
    "opendata:api-nachnutzungen-detail": "JSON for machines",
    "readyz": "JSON for machines",
    "robots": "plain text for machines",
    "sitemap": "XML for machines",
    "security_txt": "plain text for machines",
    "favicon.ico": "a redirect to the picture",
    "events:calendar": "a calendar file",
    "events:personal_calendar": "a calendar file",
    "events:ics": "a calendar file",
    "account_calendar_make": "takes what a form sends; tests/events/test_feeds.py",
    "account_calendar_revoke": "takes what a form sends; tests/events/test_feeds.py",
    "consulting:request": "leads to the first step",
    "consulting:advisor_calendar": "a calendar file",
    "consulting:ics": "a calendar file",
    "own_data_export": "a file",
    "own_data_erase": "asks for the password first; tests/smartcities walks through it",
    "events:certificate": "a PDF file",
    "events:registration_ics": "a calendar file",
    "account_go_on": "takes what a form sends; tests/accounts/test_held.py",
    "account_reauthenticate": "leads on unless something asked for it; tests/accounts walks through it",
    "account_set_password": "leads on to changing the password for who has one",
    "account_confirm_login_code": "leads to signing in: the portal sends no codes",
    "mfa_authenticate": "needs a sign-in half done; tests/accounts walks through it",
    "mfa_reauthenticate": "needs a second factor; tests/accounts walks through it",
    "mfa_reauthenticate_webauthn": "needs a passkey; tests/accounts walks through it",
    "mfa_activate_totp": "asks for the password first; tests/accounts walks through it",
    "mfa_deactivate_totp": "needs a second factor; tests/accounts walks through it",
    "mfa_view_recovery_codes": "needs a second factor; tests/accounts walks through it",
    "mfa_generate_recovery_codes": "needs a second factor; tests/accounts walks through it",
    "mfa_download_recovery_codes": "a text file",
    "mfa_list_webauthn": "asks for the password first; tests/accounts walks through it",
    "mfa_add_webauthn": "asks for the password first; tests/accounts walks through it",
    "mfa_remove_webauthn": "needs a passkey; tests/accounts walks through it",
    "mfa_edit_webauthn": "needs a passkey; tests/accounts walks through it",
    "mfa_login_webauthn": "JSON for the browser's own dialogue",
}


def route_names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """The names of all routes, with their namespaces; the admin has a list of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from route_names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"


def portal_pages() -> Iterator[Page]:
    """Every page that is not the admin's, with the data that `load_network` brings."""
    for name, (who, queries) in OPENED.items():
        for query in queries:
            yield Page(reverse(name) + query, who)
    for pages in PATHS.values():
        yield from pages
    funded = Municipality.objects.get(name="Bamberg", level="gemeinde")
    yield Page(funded.get_absolute_url())
    yield Page("/gibt/es/nicht/", status=404)


def admin_pages() -> Iterator[Page]:
    """Of every model in the admin: list, empty form, and form, history and deletion of a row."""
    yield Page(reverse("admin:index"), STAFF)
    for model in admin.site._registry:
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield Page(reverse(f"{prefix}_changelist"), STAFF)
        yield Page(reverse(f"{prefix}_add"), STAFF)
        row = model._default_manager.first()
        if row is not None:
            for action in ("change", "history", "delete"):
                yield Page(reverse(f"{prefix}_{action}", args=[row.pk]), STAFF)


# Pages of the administration beside Django's five per model.
OF_DJANGO = ("changelist", "add", "change", "history", "delete")
# No page stands there.
NOT_LINKED = [
    "projects_solution_table_check",  # needs a chosen file; tests/projects/test_admin_table.py
    "projects_solution_table_download",  # a file
    "projects_solution_publiccode_check",  # needs a chosen file; tests/projects/test_admin_publiccode.py
    "consulting_consultationrequest_note",  # takes what a form sends
    "events_event_check_in",  # takes what a form sends; tests/events/test_check_in.py
    "events_event_walk_in",  # on the day of an event only; tests/events/test_admin_browser.py
    "events_registration_certificate",  # a PDF file
]


def admin_route_names() -> Iterator[str]:
    for model, model_admin in admin.site._registry.items():
        names = (pattern.name for pattern in model_admin.get_urls() if pattern.name)
        standard = {f"{model._meta.app_label}_{model._meta.model_name}_{one}" for one in OF_DJANGO}
        yield from (name for name in names if name not in standard)


def linked_admin_pages(get: OpenedOnce, others: list[str], rows: int = 6) -> dict[str, list[Page]]:
    """What the newest rows of every model lead to in the administration, one page per step, by route.

    `others` are addresses to which no link but a form leads.
    """
    queue = [page.path for page in admin_pages() if not page.path.endswith("/history/")] + others
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        newest = model._default_manager.order_by("-pk")[:rows]
        queue += [reverse(name, args=[row.pk]) for row in newest]
    found: dict[str, dict[str, Page]] = {name: {} for name in admin_route_names()}
    for path in queue:
        answer = get(Page(path, STAFF))
        is_page = answer.headers["Content-Type"].startswith("text/html")
        linked = re.findall(r'href="(/verwaltung/[^"#]*)', answer.text) if is_page else []
        for address in [path, *(one for one in linked if not one.endswith((".pdf", ".xlsx")))]:
            route = resolve(address.partition("?")[0])
            step = route.kwargs.get("slug", "")
            of_one_event = "?veranstaltung=" in address
            if (pages := found.get(route.url_name)) is not None and step not in pages:
                pages[step] = Page(address, STAFF)
                queue.append(address)
            elif of_one_event and address not in queue:
                queue.append(address)
    return {name: list(pages.values()) for name, pages in found.items() if pages}
