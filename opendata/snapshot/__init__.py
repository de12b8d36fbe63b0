"""Everything public in one file, and the way back into an empty database.

    rows ──tables──▶ lines of JSON ──writing──▶ a ZIP with checksums ──reading──▶ rows

The same facts give the same bytes: no moment of writing, no order that chance decides.
"""

from opendata.snapshot.reading import NotUsableError, fill
from opendata.snapshot.writing import NoRoomError, content_digest, path, write

__all__ = ["NoRoomError", "NotUsableError", "content_digest", "fill", "path", "write"]
