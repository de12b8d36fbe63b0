"""The official list of municipalities („Gemeindeverzeichnis“ of Destatis), read and brought into the table.

    file ──formats──▶ records ──directory──▶ Directory of entries ──importing──▶ Municipality rows

Reading writes nothing: a file is understood completely, or refused with the place of its first
mistake, before the table is touched.
"""

from projects.gemeindeverzeichnis.directory import Directory, Entry, read_directory
from projects.gemeindeverzeichnis.importing import ImportRefused, Report, import_directory
from projects.gemeindeverzeichnis.records import FileError
from projects.gemeindeverzeichnis.shipped import NothingToWriteError, load_shipped, write_shipped

__all__ = [
    "Directory",
    "Entry",
    "FileError",
    "ImportRefused",
    "NothingToWriteError",
    "Report",
    "import_directory",
    "load_shipped",
    "read_directory",
    "write_shipped",
]
