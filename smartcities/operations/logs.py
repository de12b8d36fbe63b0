"""What goes into the logs: one JSON line for everything that happens, and nothing about a person.

Addresses hold tokens of safe links and what somebody searched for; texts of errors hold what somebody
typed ("Key (email)=(…) already exists"). So of an address the route is written, of an error its kind
and where it happened.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from django.http import HttpRequest

# What all lines written meanwhile carry: of which request, or of which task.
context: ContextVar[dict[str, str]] = ContextVar("log_context", default={})  # noqa: B039 - replaced, never changed

_CODE = str(Path(__file__).parents[2]) + "/"
# A net under the rest: what looks like an e-mail address, or like the query of an address.
_LOOKS_PERSONAL = re.compile(r"[^\s@<>\"'(=:/]+@[^\s@<>\"')]+\.\w+|\?[^\s\"'<>]*=[^\s\"'<>]*")
# Of what Celery says about a task, the parts that come from its arguments or its error.
_SAID_BY_TASKS = ("args", "kwargs", "exc", "traceback", "return_value")


def route_of(request: HttpRequest) -> str:
    """Which page was asked for, without what its address holds: `/suche/`, `/projekte/<slug:slug>/`.

    `-` if no page has that address.
    """
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "-"


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _LOOKS_PERSONAL.sub("[…]", _message(record)),
        }
        line |= context.get()
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["error"] = _kinds(record.exc_info[1])
            line["trace"] = _trace(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if isinstance(record.args, dict):
        return str(record.msg) % (record.args | dict.fromkeys(_SAID_BY_TASKS, ""))
    if isinstance(request, HttpRequest):
        if not record.args:
            # Django passes on the text of the error.
            return "Refused"
        args = (route_of(request) if arg == request.path else arg for arg in record.args)
        return str(record.msg) % tuple(args)
    return record.getMessage()


def _kinds(error: BaseException | None) -> str:
    """The kind of an error, and of those that led to it."""
    kinds = []
    while error and len(kinds) < 5:
        kinds.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " < ".join(kinds)


def _trace(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename.removeprefix(_CODE)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
