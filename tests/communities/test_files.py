"""Only harmless kinds of files come in, whatever they are called; downloads never do anything."""

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import modelform_factory
from django.http import Http404

from communities import file_types
from communities.files import (
    KeepsFile,
    _upload_fields,
    clean_name,
    remove_unreferenced,
    serve,
    validate_upload,
)
from communities.models import MessageFile, Result, ResultFile
from events.models import Document, MinutesFile
from tests.factories.communities import CommunityFactory, ResultFactory

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def zipped(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def odf(kind: str) -> bytes:
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode()})


def ooxml(part: str, **more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more})


def recognised(content: bytes, name: str = "datei") -> str:
    return file_types.recognise(io.BytesIO(content), name).extension


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (PDF, "bericht.exe", "pdf"),
        (PNG, "bild.html", "png"),
        (JPEG, "bild.pdf", "jpg"),
        (odf("text"), "a", "odt"),
        (odf("spreadsheet"), "a", "ods"),
        (odf("presentation"), "a", "odp"),
        (ooxml("word/document.xml"), "a.zip", "docx"),
        (ooxml("xl/workbook.xml"), "a", "xlsx"),
        (ooxml("ppt/presentation.xml"), "a", "pptx"),
        (zipped({"daten/a.csv": b"1;2"}), "a.docx", "zip"),
        ("Name;Größe\nÜlm;3\n".encode(), "liste.CSV", "csv"),
        ("Name;Größe\n".encode("cp1252"), "liste.csv", "csv"),
        ("Größe: 3 < 4\n".encode(), "notiz", "txt"),
        (b"\xef\xbb\xbfmit Kennung am Anfang", "notiz.txt", "txt"),
    ],
)
def test_the_content_decides_what_a_file_is(content, name, extension):
    assert recognised(content, name) == extension


# Begins like one thing and goes on as another: it is what it begins as, and is only ever downloaded.
@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (PDF + b"<script>alert(1)</script>" + zipped({"a": b"b"}), "pdf"),
        (PNG + b"<script>alert(1)</script>", "png"),
        (JPEG + zipped({"META-INF/MANIFEST.MF": b"x"}), "jpg"),
    ],
)
def test_of_two_natures_the_first_counts(content, extension):
    assert recognised(content, "seite.html") == extension


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"  \n\t ", id="blank"),
        pytest.param(b"<!DOCTYPE html><p>x", id="html"),
        pytest.param(b"\xef\xbb\xbf \n<html>", id="html behind a byte order mark"),
        pytest.param(b" " * 70_000 + b"<script>", id="html behind much white space"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", id="svg"),
        pytest.param(b"<?xml version='1.0'?><svg/>", id="xml"),
        pytest.param(b"MZ\x90\x00\x03", id="program"),
        pytest.param(b"\x7fELF\x02\x01", id="program of another kind"),
        pytest.param(b"GIF89a\x01\x00;alert(1)", id="gif"),
        pytest.param("text".encode("utf-16"), id="utf-16"),
        pytest.param(b"x" * 100_000 + b"\x00", id="text with something else at its end"),
        pytest.param(b"<html>" + zipped({"a": b"b"}), id="html before a zip file"),
        pytest.param(b"PK\x03\x04" + bytes(200), id="broken zip file"),
        pytest.param(zipped({"mimetype": b"application/epub+zip"}), id="another kind of zip file"),
        pytest.param(odf("text-template"), id="template"),
        pytest.param(zipped({"[Content_Types].xml": b"x", "a.xml": b"y"}), id="no office file"),
        pytest.param(ooxml("word/document.xml", **{"word/vbaProject.bin": b"x"}), id="macros"),
    ],
)
def test_what_is_none_of_the_allowed_kinds_is_refused_with_a_sentence(content):
    with pytest.raises(ValidationError) as refused:
        validate_upload(SimpleUploadedFile("harmlos.pdf", content))

    assert refused.value.code in ("refused", "macros")
    assert len(refused.value.messages) == 1


def test_macros_are_called_by_their_name():
    content = ooxml("xl/workbook.xml", **{"xl/vbaProject.bin": b"x"})

    with pytest.raises(ValidationError, match=r"enthält Makros"):
        validate_upload(SimpleUploadedFile("liste.xlsx", content))


def test_a_zip_file_with_endless_contents_is_not_opened(monkeypatch):
    """Its list alone would fill the memory; that it is long stands in its last bytes."""
    content = bytearray(zipped({"a": b"b"}))
    content[-10:-6] = (2_000_000).to_bytes(4, "little")
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("was opened"))

    with pytest.raises(file_types.RefusedFileError):
        recognised(bytes(content))


def test_what_a_bomb_would_unpack_to_is_never_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"0" * 200_000_000)

    with pytest.raises(file_types.RefusedFileError):
        recognised(bomb.getvalue())


def test_too_large_a_file_is_refused_before_it_is_read(settings):
    settings.UPLOAD_MOST_BYTES = 2_000_000
    upload = SimpleUploadedFile("gross.pdf", PDF)
    upload.size = 2_000_001
    upload.file = None

    with pytest.raises(ValidationError, match=r"höchstens 2 MB"):
        validate_upload(upload)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Leitfaden.pdf", "Leitfaden.pdf"),
        ("Leitfaden.pdf.exe", "Leitfaden.pdf.pdf"),
        ("Bericht v1.2", "Bericht v1.2.pdf"),
        ("Stand 3. Mai", "Stand 3. Mai.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\x\Plan.pdf", "Plan.pdf"),
        ("a/b\\..\\.htaccess", "htaccess.pdf"),
        ("...", "datei.pdf"),
        ("", "datei.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("nu\0ll.pdf", "null.pdf"),
        ('"><img src=x>.pdf', "img src=x.pdf"),
        ("🚲 Rad\u200dverkehr 🌳.pdf", "🚲 Radverkehr 🌳.pdf"),
        ("Gro\u0308ße.pdf", "Größe.pdf"),
        ("ä" * 200 + ".pdf", "ä" * 96 + ".pdf"),
    ],
)
def test_names_keep_nothing_but_what_people_can_read(name, cleaned):
    assert clean_name(name, file_types.PDF) == cleaned


def result_with(content: bytes, name: str) -> Result:
    result = ResultFactory()
    result.file = SimpleUploadedFile(name, content)
    result.save()
    return Result.objects.get(pk=result.pk)


@pytest.mark.django_db
def test_a_file_is_stored_under_a_random_name_that_only_the_portal_may_read(tmp_path):
    result = result_with(PDF, "../Geheim.html")

    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in stored] == [result.file.name]
    assert result.file.name.startswith("communities/results/")
    assert len(Path(result.file.name).name) == 32
    assert result.file_name == "Geheim.pdf"
    assert stored[0].stat().st_mode & 0o777 == 0o600
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert stored[0].read_bytes() == PDF


@pytest.mark.django_db
def test_a_form_takes_a_file_checks_it_and_keeps_it_when_nothing_new_comes():
    form_of = modelform_factory(Result, fields=["title", "file"])
    result = ResultFactory(community=CommunityFactory())
    wrong = form_of({"title": "A"}, {"file": SimpleUploadedFile("a.pdf", b"<p>")}, instance=result)
    assert list(wrong.errors) == ["file"]

    long_name = "x" * 230 + ".pdf"
    right = form_of({"title": "A"}, {"file": SimpleUploadedFile(long_name, PDF)}, instance=result)
    assert right.is_valid(), right.errors
    stored = right.save().file.name
    os.remove(result.file.path)  # unchanged, it is not read again
    again = form_of({"title": "B"}, instance=Result.objects.get(pk=result.pk))
    assert again.is_valid(), again.errors
    again.save()

    result.refresh_from_db()
    assert (result.title, result.file.name) == ("B", stored)
    assert result.file_name == "x" * 96 + ".pdf"
    cleared = form_of({"title": "C", "file-clear": "on"}, instance=result)
    assert cleared.is_valid(), cleared.errors
    assert cleared.save().file_name == ""


@pytest.mark.django_db
def test_a_new_file_brings_its_name_to_every_row_that_keeps_one():
    with_files = {field.model for field in _upload_fields()}
    assert with_files == {Result, ResultFile, MessageFile, Document, MinutesFile}
    assert all(issubclass(model, KeepsFile) for model in with_files)

    row = ResultFile.objects.create(
        result=ResultFactory(), title="Daten", file=SimpleUploadedFile("alt.pdf", PDF)
    )
    row.file = SimpleUploadedFile("neu.txt", b"Text")
    row.save(update_fields=["file"])

    row.refresh_from_db()
    assert (row.file_name, row.file.read()) == ("neu.txt", b"Text")
    row.file.close()


@pytest.mark.django_db
def test_a_download_says_that_it_is_one_and_may_do_nothing():
    result = result_with(PDF + b"<script>alert(1)</script>", "Größe 🚲.html")

    response = serve(result.file)
    content = b"".join(response.streaming_content)
    response.close()

    assert content.startswith(b"%PDF")
    assert {name: response[name] for name in response.headers if name != "Content-Length"} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%20%F0%9F%9A%B2.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store, private",
        "X-Robots-Tag": "noindex",
    }


@pytest.mark.django_db
def test_a_file_that_is_gone_is_not_found():
    result = result_with(PDF, "a.pdf")
    os.remove(result.file.path)

    with pytest.raises(Http404):
        serve(result.file)
    with pytest.raises(Http404):
        serve(ResultFactory().file)


@pytest.mark.django_db
def test_files_that_no_row_refers_to_go_after_a_day():
    kept = result_with(PDF, "bleibt.pdf")
    replaced = result_with(PDF, "alt.pdf").file.path
    of_deleted = result_with(PDF, "weg.pdf")
    changed = Result.objects.exclude(pk__in=[kept.pk, of_deleted.pk]).get()
    changed.file = SimpleUploadedFile("neu.pdf", PDF)
    changed.save()
    of_deleted.delete()

    # By the clock that wrote them: that of the disk.
    written = datetime.fromtimestamp(os.path.getmtime(replaced), UTC)
    assert remove_unreferenced(now=written + timedelta(hours=23)) == 0
    assert remove_unreferenced(now=written + timedelta(days=1, minutes=1)) == 2

    assert not os.path.exists(replaced)
    assert not os.path.exists(of_deleted.file.path)
    assert os.path.exists(kept.file.path)
    assert os.path.exists(changed.file.path)
