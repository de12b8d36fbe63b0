"""Who sends a form at once, with what the browser has filled in, is a person and gets through."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.factories import MunicipalityFactory, SolutionFactory
from tests.factories.communities import CommunityFactory
from tests.factories.events import SeatsFactory

pytestmark = pytest.mark.django_db

_hidden = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')


def forms() -> dict[str, dict[str, str]]:
    solution, town = SolutionFactory(), MunicipalityFactory(name="Musterdorf")
    event, group = SeatsFactory().event, CommunityFactory(open_to_non_funded=True)
    person = {"name": "Eva Beispiel", "email": "eva@musterdorf.example"}
    place = {"q": town.name, "picked": str(town.pk)}
    asked = {"situation": "Wir planen.", "text": "Was kostet es?"}
    return {
        f"/fragen/loesung/{solution.slug}/": {**person, **place, **asked},
        "/fragen/": {**person, **place, "text": "Was kostet es?"},
        "/fragen/fehler/?seite=/": {"text": "Der Name ist falsch."},
        "/abonnements/liste/loesungen/": {"email": person["email"]},
        f"{solution.get_absolute_url()}nachnutzung/": {
            **place, "email": person["email"], "kind": "nutzt", "how": "In zwei Ortsteilen",
        },
        f"{group.get_absolute_url()}mitmachen/": {**person, **place, "represents": "kommune"},
        f"{event.get_absolute_url()}anmelden/": {**person, **place},
    }  # fmt: skip


def test_a_form_sent_at_once_is_shown_again_with_everything_and_then_taken(client, monkeypatch):
    # Longer than any machine takes.
    monkeypatch.setattr("accounts.guard.FASTEST", timedelta(hours=1))
    for address, typed in forms().items():
        shown = client.get(address)
        again = client.post(address, hidden_in(shown) | typed)

        assert (address, again.status_code) == (address, 200)
        assert "Ihre Angaben sind noch da" in again.text
        text = unescape(again.text)
        assert [word for word in typed.values() if word not in text] == []
        assert (address, client.post(address, hidden_in(again) | typed).status_code) == (
            address,
            302,
        )


def hidden_in(page) -> dict[str, str]:
    form = page.text.split("<main")[1]
    return {name: unescape(value) for name, value in _hidden.findall(form) if value}
