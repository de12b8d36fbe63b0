"""Reports of errors to a Sentry that the operator runs, if `SENTRY_DSN` is set. Nothing about a person."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration

# Everything else of a report goes: request, breadcrumbs, user, texts, what variables held.
_KEPT = {"event_id", "timestamp", "platform", "level", "logger", "release", "environment"}
_PLACE = {"filename", "module", "function", "lineno", "in_app"}


def report_to(dsn: str, **options: Any) -> None:
    sentry_sdk.init(
        dsn,
        before_send=without_people,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(), CeleryIntegration()],
        **options,
    )


def without_people(event: Any, _hint: Any) -> Any:
    """The kind of the error and where it happened."""
    errors = event.get("exception", {}).get("values", [])
    return {key: value for key, value in event.items() if key in _KEPT} | {
        "exception": {"values": [{"type": e.get("type"), "stacktrace": _places(e)} for e in errors]}
    }


def _places(error: Any) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    return {"frames": [{k: v for k, v in frame.items() if k in _PLACE} for frame in frames]}
