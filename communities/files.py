"""Files that people upload and others download.

They lie under random names in MEDIA_ROOT, which no web server hands out. A row `KeepsFile`; views give
it out with `serve` after they have asked whether the person may have it.
"""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import models
from django.db.models.fields.files import FieldFile
from django.forms import Field
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities.file_types import BY_EXTENSION, FileType, MacrosError, RefusedFileError, recognise
from ground.private import keep_nowhere

LONGEST_NAME = 100
# Of a file no one refers to yet the row may still be on its way.
_SPARED = timedelta(days=1)
_RESERVED = re.compile(r'[<>:"|?*%]')
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}\Z")


def validate_upload(upload: File) -> None:
    """Refuse what is too large, empty, or none of the allowed kinds; a sentence says which.

    What is stored already has been looked at and is not read again.
    """
    if getattr(upload, "_committed", False):
        return
    if upload.size > settings.UPLOAD_MOST_BYTES:
        most = settings.UPLOAD_MOST_BYTES // 1_000_000
        raise ValidationError(
            _t("Die Datei ist zu groß. Erlaubt sind höchstens %(most)s MB.") % {"most": most},
            code="too_large",
        )
    _type_of(upload)


def serve(file: "Upload") -> FileResponse:
    """The file as a download that no browser shows, runs or keeps. 404 where it is not there.

    Whether the person may have it is for the caller to ask, with every download.
    """
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError) as missing:
        raise Http404 from missing
    name = file.given_name
    kind = BY_EXTENSION.get(Path(name).suffix.removeprefix("."))
    response = FileResponse(
        content,
        as_attachment=True,
        filename=name,
        content_type=kind.media_type if kind else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    keep_nowhere(response)
    response["X-Robots-Tag"] = "noindex"
    return response


def clean_name(name: str, kind: FileType) -> str:
    """What people see and get: no folders, nothing invisible, an extension that tells the truth."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    # Control characters, and those that reverse the direction of reading: „fdp.exe“ for „exe.pdf“.
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    stem = _EXTENSION.sub("", _RESERVED.sub("", name)).strip(" .-")
    stem = " ".join(stem.split())[: LONGEST_NAME - len(kind.extension) - 1].rstrip(" .-")
    return f"{stem or 'datei'}.{kind.extension}"


class Upload(FieldFile):
    @property
    def url(self) -> str:
        """Where it can be downloaded; its model says so."""
        return self.instance.get_file_url()

    @property
    def given_name(self) -> str:
        """What people called it, not what it is stored under."""
        return self.instance.file_name

    @property
    def facts(self) -> str:
        """„PDF, 1,2 MB“: what people want to know before they download it."""
        kind = Path(self.given_name).suffix.removeprefix(".").upper()
        try:
            return f"{kind}, {filesizeformat(self.size)}"
        except FileNotFoundError:
            return kind


class UploadField(models.FileField):
    """A file that a person uploads, kept as `<upload_to>/<32 random digits>`.

    Checked by `validate_upload` in every form. Its model is one that `KeepsFile`.
    """

    attr_class = Upload
    default_validators = [validate_upload]

    def formfield(self, **kwargs: Any) -> Field | None:
        # How long the name is does not matter: it is cut, and the file is stored under another.
        return super().formfield(**{"max_length": None, **kwargs})

    def generate_filename(self, instance: models.Model, filename: str) -> str:
        # Noted, so that half a file can be found again if there is no room for the whole.
        instance._uploads_to = f"{self.upload_to}/{secrets.token_hex(16)}"
        return instance._uploads_to

    def pre_save(self, model_instance: models.Model, add: bool) -> FieldFile:
        try:
            return super().pre_save(model_instance, add)
        except OSError:
            if name := getattr(model_instance, "_uploads_to", ""):
                self.storage.delete(name)
            raise


class KeepsFile(models.Model):
    """A row with an uploaded `file`, its own or the most important one.

    Says with `get_file_url` where it is downloaded: at a view that uses `serve`.
    """

    # What people see and get when they download; `file` itself is stored under a name of its own.
    file_name = models.CharField(_("Dateiname"), max_length=150, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new file brings its own name, whatever else of the row is stored."""
        if not self.file:
            self.file_name = ""
        elif not self.file._committed:
            self.file_name = clean_name(self.file.name, _type_of(self.file))
        if "file" in (names := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*names, "file_name"}
        super().save(*args, **kwargs)


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Lets no one fill the disk: what is beyond the largest size is read and thrown away.

    The file still says how large it would have been, so `validate_upload` refuses it with a sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.UPLOAD_MOST_BYTES:
            super().receive_data_chunk(raw_data, start)


def remove_unreferenced(*, now: datetime) -> int:
    """Delete the files of rows that are gone, were given another file or were never stored.

    Returns how many. Spares the last day's: their transactions may not have ended.
    """
    return sum(_remove_unreferenced(field, now - _SPARED) for field in _upload_fields())


def _upload_fields() -> list[UploadField]:
    fields: list[Any] = [field for model in apps.get_models() for field in model._meta.fields]
    return [field for field in fields if isinstance(field, UploadField)]


def _remove_unreferenced(field: UploadField, before: datetime) -> int:
    storage = field.storage
    if not storage.exists(field.upload_to):
        return 0
    # Listed first: a file that is stored meanwhile is not among those looked at.
    names = {f"{field.upload_to}/{name}" for name in storage.listdir(field.upload_to)[1]}
    rows = field.model._base_manager.exclude(**{field.name: ""})
    lost = names.difference(rows.values_list(field.name, flat=True))
    old = [name for name in lost if storage.get_modified_time(name) < before]
    for name in old:
        storage.delete(name)
    return len(old)


def _type_of(upload: File) -> FileType:
    try:
        return recognise(upload.file, upload.name)
    except MacrosError as error:
        raise ValidationError(
            _t(
                "Die Datei enthält Makros, also ein Programm. Bitte speichern Sie sie ohne Makros, "
                "zum Beispiel als .docx, .xlsx oder .pdf."
            ),
            code="macros",
        ) from error
    except RefusedFileError as error:
        raise ValidationError(
            _t(
                "Diese Art von Datei kann hier nicht abgelegt werden. Erlaubt sind: PDF, ODT, ODS, "
                "ODP, DOCX, XLSX, PPTX, PNG, JPEG, CSV, TXT und ZIP. Entscheidend ist der Inhalt, "
                "nicht die Endung des Namens."
            ),
            code="refused",
        ) from error
