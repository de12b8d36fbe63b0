"""Whatever somebody sends, nobody gets a server error, and nothing happens without a token of ours.

The forms and the parameters are read from the pages themselves, so a new one cannot be forgotten. The
input is made by hypothesis: the same in every run, and a few dozen of each, because a page costs more
than a function.
"""

from html.parser import HTMLParser
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ground.text import clean_line
from tests.factories import UserFactory
from tests.gates.routes import PERSON, STAFF, VISITOR, Page, admin_pages, portal_pages

# What breaks programs more often than random letters do.
NASTY = [
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "1e9",
    "NaN",
    "None",
    "%",
    "'\"; DROP TABLE",
    "<script>alert(1)</script>",
    "\x00",
    "\ud7ff￾",
    "🏙️" * 50,
    "Weißenthurm",
    "Wiesenburg/Mark",
    "a" * 5000,
    "../../etc/passwd",
    "2026-02-30",
    "{{ 7*7 }}",
    "on",
]
VALUES = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
)
BOUNDED = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SOME = st.lists(VALUES, min_size=1, max_size=3)
# So often every parameter is sent to every page, each time with something else, and so many of them at once.
ROUNDS, TOGETHER = 3, 16

pytestmark = pytest.mark.django_db


class Forms(HTMLParser):
    """The forms of a page with the names of their fields, and the parameters of its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self.parameters: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag == "form":
            method = (known.get("method") or "get").lower()
            self.forms.append({"method": method, "action": known.get("action"), "fields": set()})
        elif tag in ("input", "select", "textarea", "button") and self.forms and known.get("name"):
            self.forms[-1]["fields"].add(known["name"])
        elif tag == "a":
            query = urlsplit(known.get("href") or "").query
            self.parameters |= {name for name, _value in parse_qsl(query, keep_blank_values=True)}


@pytest.fixture
def clients(home) -> dict[str, Client]:
    people = {PERSON: UserFactory(), STAFF: UserFactory(is_staff=True, is_superuser=True)}
    clients = {VISITOR: Client()} | home.clients
    for who, user in people.items():
        clients[who] = Client()
        clients[who].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return clients


def read(clients: dict[str, Client], pages: list[Page]) -> list[tuple[Page, Forms]]:
    answers = [(page, clients[page.who].get(page.path)) for page in pages]
    return [
        (page, Forms(answer.text))
        for page, answer in answers
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    ]


@pytest.fixture
def public(home, clients) -> list[tuple[Page, Forms]]:
    return read(clients, [*portal_pages(), *home.pages])


def test_no_parameter_of_an_address_breaks_a_page(clients, public):
    names = sorted(set().union(*(forms.parameters for _page, forms in public)))
    for _page, forms in public:
        for form in forms.forms:
            if form["method"] == "get":
                names = sorted({*names, *form["fields"]})
    paths = sorted({(urlsplit(page.path).path, page.who) for page, _forms in public})
    assert len(names) > 10

    # Each page is asked for each name as often as there are rounds, always beside others.
    # Trying which of so many breaks it would open thousands of pages; the traceback says so, too.
    @settings(BOUNDED, max_examples=ROUNDS, phases=[Phase.generate])
    @given(st.lists(SOME, min_size=60, max_size=60), st.integers())
    def send(values: list[list[str]], seed: int) -> None:
        chance = Random(seed)
        for path, who in paths:
            typed = [(name, chance.choice(values)) for name in chance.sample(names, len(names))]
            for begin in range(0, len(typed), TOGETHER):
                query = dict(typed[begin : begin + TOGETHER])
                if begin:  # lists lead on at once where one is empty, whatever the others are
                    query = {name: [*filter(clean_line, some)] for name, some in query.items()}
                answer = clients[who].get(path, query)
                assert answer.status_code < 500, (path, query)

    send()


def test_nothing_typed_into_a_form_breaks_it(clients, public):
    posts = {
        (form["action"] or urlsplit(page.path).path, page.who, tuple(sorted(form["fields"])))
        for page, forms in public
        for form in forms.forms
        if form["method"] == "post" and form["fields"]
    }
    # Signing out would make strangers of everybody who comes after.
    posts = sorted(post for post in posts if "logout" not in post[0])
    assert len(posts) > 8

    @BOUNDED
    @given(st.data())
    def send(data) -> None:
        for path, who, fields in posts:
            typed = {name: data.draw(VALUES, label=f"{path} {name}") for name in fields}
            answer = clients[who].post(path, typed)
            assert answer.status_code < 500, (path, typed)

    send()


def test_no_parameter_of_a_list_in_the_administration_breaks_it(clients):
    lists = [page for page in admin_pages() if page.path.endswith("/") and "/add/" not in page.path]
    pages = read(clients, lists)
    names = sorted(set().union(*(forms.parameters for _page, forms in pages)) | {"q", "p", "o"})

    @settings(BOUNDED, max_examples=4)
    @given(st.dictionaries(st.sampled_from(names), VALUES, max_size=4))
    def send(query: dict[str, str]) -> None:
        for page, _forms in pages:
            answer = clients[STAFF].get(page.path, query)
            assert answer.status_code < 500, (page.path, query)

    send()


# What a mail program posts without a cookie (RFC 8058): its token is the proof. And what changes nothing:
# it shows a browser what this very browser has sent before; tests/accounts/test_held.py.
WITHOUT_A_TOKEN = {
    "account_go_on",
    "communities:unsubscribe",
    "events:unsubscribe",
    "subscribing:end",
}


def test_nothing_is_done_without_the_token_that_our_own_forms_carry(home, clients):
    exempt = dict(_exempt(get_resolver(), ""))
    stranger = Client(enforce_csrf_checks=True)

    # What is only read knows no forms: it takes nothing at all.
    read_only = sorted(name for name in exempt if name.startswith("opendata:"))
    assert len(read_only) > 15
    assert exempt.keys() - read_only <= WITHOUT_A_TOKEN
    for name in read_only:
        path = reverse(name, args=["x"] * exempt[name])
        for send in (stranger.post, stranger.put, stranger.patch, stranger.delete):
            assert (name, send.__name__, send(path).status_code) == (name, send.__name__, 405)
    for page in [*portal_pages(), *home.pages]:
        one_click = "abbestellen" in page.path or page.path.startswith("/abonnements/beenden/")
        if not one_click and page.path != "/gibt/es/nicht/":
            assert (page.path, stranger.post(page.path).status_code) == (page.path, 403)


def _exempt(resolver, namespace: str):
    """The routes that ask for no token, and how many things stand in the address of each."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _exempt(pattern, inner)
        elif getattr(pattern.callback, "csrf_exempt", False):
            yield f"{namespace}{pattern.name}", len(pattern.pattern.converters)
