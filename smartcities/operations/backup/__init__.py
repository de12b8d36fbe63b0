"""One file with everything that cannot be made again, and the proof that it is complete.

The file is a tar archive, encrypted if a recipient is given: `database.dump` (pg_dump, custom format),
`media/…`, and last `manifest.json` with the rows and a checksum of every table and upload. The checksums
are taken from the very snapshot that is dumped, so they hold however much is going on meanwhile.
"""

DATABASE, MANIFEST, MEDIA = "database.dump", "manifest.json", "media"


class BackupError(Exception):
    """It did not work; the text says why, in German, for whoever runs the portal."""
