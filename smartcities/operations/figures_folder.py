"""Where the processes of one web server add up their figures. See `smartcities.operations.metrics`."""

import os
import stat
import tempfile
from pathlib import Path


def prepare() -> None:
    """Must run before anything imports `prometheus_client`, which reads the variable then."""
    # Granian's processes have one parent. Two servers on one machine have two.
    folder = Path(tempfile.gettempdir()) / f"portal-metrics-{os.getuid()}-{os.getppid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()  # not through a link that somebody may have put there
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{folder} belongs to somebody else.")
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))
