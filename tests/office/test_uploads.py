"""Chosen files survive a page that comes back, and nobody else gets at them."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import retention
from communities.models import Result, ResultState
from events.models import EventState
from office import uploads
from tests.communities.answers import sent_back
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory, ResultFactory
from tests.factories.events import EventFactory
from tests.office.test_freshness import differences, page, saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(UserFactory(name=name, is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def anna() -> Client:
    return signed_in("Anna Abel")


@pytest.fixture
def bert() -> Client:
    return signed_in("Bert Buche")


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
KEPT = "„Plan.pdf“ ist ausgewählt, aber noch nicht gespeichert."


def plan() -> SimpleUploadedFile:
    return SimpleUploadedFile("Plan.pdf", PDF, "application/pdf")


def carried(answer: Any) -> dict[str, str]:
    """The hidden notes about chosen files, as a browser sends them back."""
    assert KEPT in answer.text
    return dict(re.findall(r'name="(_kept-[^"]+)" value="([^"]+)"', answer.text))


def stored_file(result: Result) -> tuple[str, bytes]:
    result.refresh_from_db()
    with result.file.open() as file:
        return result.file_name, file.read()


def kept_paths() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT, uploads.FOLDER)
    return [path for path in folder.rglob("*") if path.is_file()]


def kept_files() -> list[str]:
    return sorted(path.name for path in kept_paths())


def test_a_chosen_file_survives_a_difference_and_a_mistake(anna, bert):
    row = ResultFactory()
    sent = sent_back(bert, page(row))
    saved(anna.post(page(row), sent_back(anna, page(row), title="Von Anna")))

    differs = bert.post(page(row), sent | {"title": "Von Bert", "file": plan()})
    assert differences(differs) == [("Titel", "Von Bert", "Von Anna")]
    again = (
        sent
        | {"_seen": differs.context["seen"]}
        | {"title": "", "_take-title": "mine"}
        | carried(differs)
    )
    wrong = bert.post(page(row), again)
    # The same file still, kept once.
    assert carried(wrong) == carried(differs)
    assert len(kept_files()) == 1
    saved(bert.post(page(row), again | {"title": "Von Bert"}))

    assert stored_file(row) == ("Plan.pdf", PDF)


def test_also_with_a_new_row_with_one_that_was_deleted_and_in_rows_beneath(anna, bert):
    add = reverse("admin:communities_result_add")
    fresh = sent_back(bert, add) | {"community": CommunityFactory().pk, "kind": "leitfaden"}
    wrong = bert.post(add, fresh | {"title": "", "file": plan()})
    assert bert.post(add, fresh | {"title": "Neu"} | carried(wrong)).status_code == 302
    assert stored_file(Result.objects.get(title="Neu")) == ("Plan.pdf", PDF)

    row = ResultFactory(state=ResultState.DRAFT)
    sent = sent_back(bert, page(row)) | {"title": "Doch noch", "file": plan()}
    address = page(row)
    row.delete()
    gone = bert.post(address, sent)
    notes = [value for value in gone.context["fields"] if value[0] == "_kept-file"]
    data = dict(gone.context["fields"])
    assert len(notes) == 1
    assert "Plan.pdf" in [one.text for one in gone.context["typed"]]
    assert bert.post(gone.context["add_url"], data | {"slug": "doch-noch"}).status_code == 302
    assert stored_file(Result.objects.get(title="Doch noch")) == ("Plan.pdf", PDF)

    event = EventFactory(state=EventState.DRAFT)
    beneath = sent_back(bert, page(event)) | {"documents-TOTAL_FORMS": 1}
    beneath |= {"documents-0-title": "Plan", "documents-0-phase": "vorher"}
    beneath |= {"documents-0-visibility": "oeffentlich", "documents-0-position": 0}
    wrong = bert.post(page(event), beneath | {"title": "", "documents-0-file": plan()})
    saved(bert.post(page(event), beneath | carried(wrong)))
    assert event.documents.get().file_name == "Plan.pdf"


def test_another_file_or_none_counts_before_the_kept_one_and_no_one_elses_note_does(anna, bert):
    row = ResultFactory()
    sent = sent_back(bert, page(row))
    note = carried(bert.post(page(row), sent | {"title": "", "file": plan()}))

    # Of another person, made up, or not there any more: refused, and not saved without it.
    for client, wrong in ((anna, note), (bert, {"_kept-file": "erfunden"})):
        answer = client.post(page(row), sent_back(client, page(row)) | wrong)
        assert answer.status_code == 200
        assert "leer" in str(answer.context["adminform"].form.errors["file"])
    assert stored_file_name(row) == ""

    other = SimpleUploadedFile("Anders.pdf", PDF)
    saved(bert.post(page(row), sent | note | {"file": other}))
    assert stored_file(row) == ("Anders.pdf", PDF)
    sent = sent_back(bert, page(row), file="")
    saved(bert.post(page(row), sent | note | {"_not-kept-file": "on"}))
    assert stored_file(row) == ("Anders.pdf", PDF)


def stored_file_name(row: Result) -> str:
    return Result.objects.values_list("file_name", flat=True).get(pk=row.pk)


@pytest.mark.skipif("FAKE_NOW" in os.environ, reason="The disk keeps the true time.")
def test_kept_files_go_after_half_a_day_and_one_person_keeps_ten(anna):
    sent = sent_back(anna, reverse("admin:communities_result_add"))
    for _time in range(uploads.MOST + 2):
        anna.post(reverse("admin:communities_result_add"), sent | {"title": "", "file": plan()})
    assert len(kept_files()) == uploads.MOST
    # By the clock that wrote them: that of the disk.
    now = datetime.fromtimestamp(max(path.stat().st_mtime for path in kept_paths()), UTC)

    assert uploads.forget(now=now + uploads.KEPT_FOR - timedelta(minutes=5)) == 0
    assert retention.carry_out(now=now + uploads.KEPT_FOR)["files"] == uploads.MOST
    assert kept_files() == []


def test_a_file_that_is_refused_is_not_kept(anna):
    add = reverse("admin:communities_result_add")
    answer = anna.post(
        add,
        sent_back(anna, add)
        | {"title": "", "file": SimpleUploadedFile("x.exe", b"MZ\x90\x00\x03")},
    )

    assert KEPT.partition("“")[2] not in answer.text
    assert kept_files() == []
