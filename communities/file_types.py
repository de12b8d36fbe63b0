"""What an uploaded file is, decided by its content. Its name and what the sender calls it say nothing."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

_CHUNK = 64 * 1024
# The list of contents at the end of a zip file: each entry takes memory when it is read.
_MOST_BYTES_OF_CONTENTS = 1024 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP64 = b"PK\x06\x07"
_CONTROL = frozenset(range(32)) - set(b"\t\n\r\f")


class FileType(NamedTuple):
    extension: str
    media_type: str


_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
PDF = FileType("pdf", "application/pdf")
PNG = FileType("png", "image/png")
JPEG = FileType("jpg", "image/jpeg")
ODT = FileType("odt", f"{_ODF}text")
ODS = FileType("ods", f"{_ODF}spreadsheet")
ODP = FileType("odp", f"{_ODF}presentation")
DOCX = FileType("docx", f"{_OOXML}wordprocessingml.document")
XLSX = FileType("xlsx", f"{_OOXML}spreadsheetml.sheet")
PPTX = FileType("pptx", f"{_OOXML}presentationml.presentation")
ZIP = FileType("zip", "application/zip")
CSV = FileType("csv", "text/csv")
TXT = FileType("txt", "text/plain")

BY_EXTENSION = {
    one.extension: one for one in (PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, PNG, JPEG, CSV, TXT, ZIP)
}
_BY_FIRST_BYTES = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
# What damaged or made-up archives raise.
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
)
_BY_MAIN_PART = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
}


class RefusedFileError(Exception):
    """The file is none of the allowed kinds."""


class MacrosError(RefusedFileError):
    """An office file that contains a program."""


def recognise(file: IO[bytes], name: str) -> FileType:
    """The kind of the file, or RefusedFileError. The name only tells a table from other plain text.

    Reads from the start and leaves the file there. Never unpacks more than a few bytes.
    """
    file.seek(0)
    try:
        start = file.read(16)
        for first_bytes, kind in _BY_FIRST_BYTES.items():
            if start.startswith(first_bytes):
                return kind
        if start.startswith(b"PK\x03\x04"):
            return _in_zip(file)
        if start and _is_plain_text(file):
            return CSV if name.lower().endswith(".csv") else TXT
        raise RefusedFileError
    finally:
        file.seek(0)


def _in_zip(file: IO[bytes]) -> FileType:
    """Office files are zip files: what kind they are stands inside."""
    if not _has_short_contents(file):
        raise RefusedFileError
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    return _by_media_type(member.read(100))
    except _BROKEN as error:
        raise RefusedFileError from error
    if "[Content_Types].xml" not in names:
        return ZIP
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise MacrosError
    for part, kind in _BY_MAIN_PART.items():
        if part in names:
            return kind
    raise RefusedFileError


def _by_media_type(said: bytes) -> FileType:
    for kind in (ODT, ODS, ODP):
        if said.strip() == kind.media_type.encode():
            return kind
    raise RefusedFileError


def _has_short_contents(file: IO[bytes]) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    end = file.read()
    at = end.rfind(_END_OF_ZIP)
    if at < 0 or at + 22 > len(end) or end[max(0, at - 20) : at].startswith(_END_OF_ZIP64):
        return False
    return int.from_bytes(end[at + 12 : at + 16], "little") <= _MOST_BYTES_OF_CONTENTS


def _is_plain_text(file: IO[bytes]) -> bool:
    """No control characters, and nothing that begins like HTML, XML or SVG."""
    has_begun = False
    for chunk in _chunks(file):
        if not has_begun:
            beginning = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
            if beginning.startswith(b"<"):
                return False
            has_begun = bool(beginning)
        if not _CONTROL.isdisjoint(chunk):
            return False
    return has_begun


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk
