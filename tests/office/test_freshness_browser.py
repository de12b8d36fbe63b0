"""Two people in two browsers with the same page of the administration."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import Project
from tests.browser import AXE_COLOURS, DESKTOP, PHONE, axe, scrolls_sideways
from tests.factories import ProjectFactory, SourceFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SAVED = "erfolgreich geändert"
LONG = ("Sensoren melden den Wasserstand, die Leitstelle sieht ihn auf einer Karte. " * 6).strip()


def editor(name):
    return UserFactory(is_staff=True, is_superuser=True, name=name)


def write(page, field, text):
    page.locator(f"#id_{field}").fill(text)


def save(page):
    page.get_by_role("button", name="Speichern", exact=True).last.click()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_browsers_lose_nothing_of_each_other(open_context, sign_in, live_server, scripts):
    row = ProjectFactory(name="Zwilling Regen", summary="Alt")
    SourceFactory(project=row, text="Quelle", note="Alt")
    address = live_server.url + reverse("admin:projects_project_change", args=[row.pk])
    anna, bert = (open_context(java_script_enabled=scripts).new_page() for _ in range(2))
    sign_in(anna, editor("Anna Abel"))
    sign_in(bert, editor("Bert Busch"))
    anna.goto(address)
    bert.goto(address)

    write(anna, "summary", "Von Anna")
    save(anna)
    write(bert, "title", "Titel von Bert")
    write(bert, "summary", "Von Bert")
    save(bert)

    expect(bert.get_by_role("heading", name="Das hat inzwischen auch jemand")).to_be_visible()
    expect(bert.get_by_role("group", name="Zusammenfassung")).to_contain_text("Von Anna")
    expect(bert.locator("#id_summary")).to_have_value("Von Bert")
    assert Project.objects.get(pk=row.pk).summary == "Von Anna"
    bert.get_by_role("button", name="Meine Eingabe speichern").click()
    expect(bert.get_by_text(SAVED)).to_be_visible()

    stored = Project.objects.get(pk=row.pk)
    assert (stored.title, stored.summary) == ("Titel von Bert", "Von Bert")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_the_page_that_asks_can_be_read_by_everybody(
    open_context, sign_in, live_server, complaints, size, scheme
):
    complaints.allow("inline style")  # axe tries, and our policy refuses
    row = ProjectFactory(name="Zwilling Regen", summary="Alt", website="https://alt.example/")
    source = SourceFactory(project=row, text="Quelle", note="Alt")
    page = open_context(viewport=size, color_scheme=scheme).new_page()
    sign_in(page, editor("Bert Busch"))
    page.goto(live_server.url + reverse("admin:projects_project_change", args=[row.pk]))
    Project.objects.filter(pk=row.pk).update(
        summary=LONG, website="https://neu.example/" + "x" * 60
    )
    source.delete()
    write(page, "summary", LONG.upper())
    write(page, "website", "https://bert.example/")
    write(page, "sources-0-note", "Von Bert")
    save(page)

    expect(page.get_by_role("button", name="Überall meine Eingabe nehmen")).to_be_visible()
    if folder := os.environ.get("SHOTS"):
        name = f"differences-{scheme}-{size['width']}.png"
        page.screenshot(path=Path(folder) / name, full_page=True)
    assert not scrolls_sideways(page)
    assert axe(page) == []
    assert axe(page, rules=AXE_COLOURS) == []
    page.get_by_role("link", name="Zusammenfassung").click()
    page.get_by_label("So, wie es jetzt gespeichert ist").first.check()
    page.get_by_label("So, wie Sie es eingegeben haben").nth(1).check()
    page.get_by_label("So, wie Sie es eingegeben haben").nth(2).check()
    page.get_by_role("button", name="Wie oben gewählt speichern").click()
    expect(page.get_by_text(SAVED)).to_be_visible()

    stored = Project.objects.get(pk=row.pk)
    assert (stored.summary, stored.website) == (LONG, "https://bert.example/")
    assert [*stored.sources.values_list("note", flat=True)] == ["Von Bert"]
