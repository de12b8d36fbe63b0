"""An upload onto a disk that is full, on a real one where that can be had."""

import errno
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.models import Result
from tests.communities.answers import NO_FILES
from tests.factories.communities import CoordinationFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"0" * 300_000 + b"\n%%EOF\n"


@pytest.fixture
def small_disk(tmp_path, settings, monkeypatch) -> Iterator[Path]:
    """64 kB for uploads; where nothing can be mounted, a storage that says what such a disk says."""
    media = tmp_path / "media"
    media.mkdir()
    settings.MEDIA_ROOT = media
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(media)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:

        def full(*_arguments: object) -> str:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(FileSystemStorage, "_save", full)
    yield media
    if not mounted.returncode:
        subprocess.run(["umount", str(media)], check=True)


@pytest.mark.parametrize("mistake", [{}, {"title": ""}], ids=["stored", "kept for the next try"])
def test_the_operator_gets_an_alarm_and_nothing_is_stored_not_even_half(
    client, small_disk, caplog, mistake
):
    client.raise_request_exception = False
    coordinator = CoordinationFactory()
    client.force_login(coordinator.user)
    typed = {
        "community": coordinator.community_id,
        "kind": "leitfaden",
        "title": "Leitfaden",
        "slug": "leitfaden",
        "summary": "Wie es geht",
        "state": "entwurf",
        "file": SimpleUploadedFile("leitfaden.pdf", PDF),
    } | NO_FILES

    with caplog.at_level(logging.ERROR):
        answer = client.post(reverse("admin:communities_result_add"), typed | mistake)

    assert answer.status_code == 500
    assert "Der Fehler liegt bei uns und ist gemeldet." in answer.text
    assert "No room left on the disk for uploads." in caplog.messages
    assert not Result.objects.exists()
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    # Without the file it can be stored at once.
    del typed["file"]
    answer = client.post(
        reverse("admin:communities_result_add"), typed | {"link": "https://beispiel.example/"}
    )
    assert answer.status_code == 302
    assert Result.objects.get().title == "Leitfaden"
