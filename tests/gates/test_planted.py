"""What the pages make of what people type, and what every form and every answer must carry.

One opening of every page answers all of it.
"""

from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from finding.search import refresh
from ground.mailbox import AddressField
from projects.models import PartialDateField
from tests.gates.routes import VISITOR, admin_pages, portal_pages
from tests.gates.test_every_page import clients
from tests.template_names import MET
from tests.test_constraints import OURS

pytestmark = pytest.mark.django_db

__all__ = ["clients"]

MARKUP = "<u>gepflanzt"
# Made by the portal or chosen from a list, never typed; and texts that are built anew from the others.
NOT_TYPED = (models.SlugField, models.URLField, models.FileField, AddressField, PartialDateField)
NOT_TYPED_APPS = {"mailing", "finding"}
NOT_TYPED_FIELDS = {
    "key", "token", "reference", "password", "email_key", "network", "form", "address_hash",
    "file_name", "ars", "ags", "failure", "contact_url", "kind", "text_hash",
}  # fmt: skip


def typed_fields() -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in apps.get_models()
        if model._meta.app_label in set(OURS) - NOT_TYPED_APPS
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not isinstance(field, NOT_TYPED)
        and not field.choices
        # Too short for any markup.
        and (field.max_length or 10_000) > 2 * len(MARKUP)
        and not field.generated
        and field.name not in NOT_TYPED_FIELDS
    ]


def plant() -> set[str]:
    """Put markup behind every typed text there is; return the fields that took it somewhere."""
    planted = set()
    for model, field in typed_fields():
        rows = model._default_manager.exclude(**{field.name: ""})
        longest = (field.max_length or 10_000) - len(MARKUP)
        value = models.functions.Concat(
            models.functions.Left(field.name, longest), models.Value(MARKUP)
        )
        try:
            with transaction.atomic():
                if rows.update(**{field.name: value}):
                    planted.add(f"{model._meta.label}.{field.name}")
        except DatabaseError:
            # Unique and shortened: one row is enough to see what becomes of it.
            row = rows.first()
            setattr(row, field.name, getattr(row, field.name)[:longest] + MARKUP)
            row.save(update_fields=[field.name])
            planted.add(f"{model._meta.label}.{field.name}")
    refresh()
    return planted


# Names behind an `{% if %}`, or with a default, that no page opened here gives anything; by template.
# Whoever misspells one finds it missing on every page, and not on this list.
ONLY_ELSEWHERE = {
    # After somebody else has changed the same row: tests/office/test_freshness.py
    ("admin/change_form.html", "differences"),
    ("communities/write_experience.html", "differences"),
    ("communities/write_experience.html", "is_gone"),
    ("office/parts.html", "differences"),
    ("office/seen.html", "differences"),
    # With a second factor set up, or on the way there: tests/accounts
    ("components/account_breadcrumb.html", "under_mfa"),
    ("components/form.html", "button_id"),
    ("components/form.html", "button_type"),
    ("components/form.html", "form_id"),
    ("mfa/index.html", "authenticators.recovery_codes"),
    ("mfa/index.html", "authenticators.totp"),
    ("mfa/index.html", "authenticators.webauthn"),
    # Back from signing in with a way on: tests/accounts
    ("components/form.html", "redirect_field"),
    # After a time was chosen: tests/consulting/test_pages.py
    ("consulting/sent.html", "said.appointment"),
    # For who waits, or has not confirmed: tests/events
    ("events/registration/link_see.html", "accept_url"),
    ("events/registration/link_see.html", "confirm_url"),
    # For an event with workshops: tests/events/test_registration_pages.py
    ("events/registration/fields_details.html", "form.sessions"),
    # What crispy forms hand on where a form asks for it: tests/design/test_forms.py
    ("kern/errors.html", "form_error_title"),
    ("kern/field.html", "wrapper_class"),
    ("kern/layout/optional.html", "mark_optional"),
    ("kern/layout/options.html", "inline_class"),
    ("kern/layout/options.html", "wrapper_class"),
    ("kern/uni_form.html", "include_media"),
    # Found by a search with these words: tests/smartcities/test_search.py
    ("search/hit_line.html", "entry.about"),
    ("search/hit_line.html", "entry.group"),
}
# Lists of which htmx wants a part.
IN_PARTS = ("/projekte/?land=NW", "/projekte/?q=Hochwasser", "/loesungen/?q=Sensoren")


class PostForms(HTMLParser):
    """How many forms of a page are posted to this portal, and how many of these lack their token."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.number = 0
        self.without_token: list[str] = []
        self._open: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag == "form" and (known.get("method") or "get").lower() == "post":
            self.number += 1
            self._open = known.get("action") or "."
        elif known.get("name") == "csrfmiddlewaretoken" and known.get("value"):
            self._open = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.without_token.append(self._open)
            self._open = None


@pytest.fixture
def answers(home, clients):
    """The answer of every page, refusals too, with markup in every text."""
    pages = [*portal_pages(), *home.pages, *admin_pages()]
    assert len(plant()) > 80
    MET.clear()
    for path in IN_PARTS:
        clients[VISITOR].get(path, headers={"HX-Request": "true"})
    return {f"{page.path} ({page.who})": clients[page.who].get(page.path) for page in pages}


def is_page(answer) -> bool:
    return answer.headers["Content-Type"].startswith("text/html")


def test_markup_stays_text_forms_carry_their_token_and_every_answer_its_policy(answers):
    htmls = {path: answer.text for path, answer in answers.items() if is_page(answer)}
    assert len(htmls) > 150

    assert {
        path: answer.status_code for path, answer in answers.items() if answer.status_code >= 500
    } == {}
    assert [path for path, html in htmls.items() if MARKUP in html] == []
    assert sum("&lt;u&gt;gepflanzt" in html for html in htmls.values()) > 100

    missing = {name for name, stood_for_something in MET.items() if not stood_for_something}
    assert sorted(missing - ONLY_ELSEWHERE) == []

    forms = {path: PostForms(html) for path, html in htmls.items()}
    assert sum(form.number for form in forms.values()) > 100
    assert {path: form.without_token for path, form in forms.items() if form.without_token} == {}

    policies = {
        path: answer.headers.get("Content-Security-Policy", "") for path, answer in answers.items()
    }
    assert [path for path, policy in policies.items() if "default-src" not in policy] == []
