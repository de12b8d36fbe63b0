"""Celery, whose portal takes the time of day from a clock that a file sets wrong by some seconds.

CHAOS_CLOCK=/path/to/file python -m bench.wrong_clock --app smartcities worker
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from celery.__main__ import main
from django.utils import timezone

_right = timezone.now
_file = Path(os.environ["CHAOS_CLOCK"])


def _wrong() -> datetime:
    return _right() + timedelta(seconds=float(_file.read_text() or 0))


timezone.now = _wrong

if __name__ == "__main__":
    sys.exit(main())
