"""A portal with reports of errors of which a page and a task fail; prints what would be sent.

A process of its own, because the library changes Django for good.
"""

import sys

import django

django.setup()

from celery import shared_task  # noqa: E402 - needs the settings
from django.test import Client  # noqa: E402 - needs the settings
from sentry_sdk.transport import Transport  # noqa: E402 - needs the settings

from smartcities import views  # noqa: E402 - needs the settings
from smartcities.operations import error_reports  # noqa: E402 - needs the settings

NAME, ADDRESS = "Planta-Musterfrau", "planta@example.org"


class Printed(Transport):
    def capture_envelope(self, envelope) -> None:
        sys.stdout.write(envelope.serialize().decode() + "\n")


def fail(*_anything):
    address = ADDRESS
    raise ValueError(f"Key (email)=({address}) already exists")


@shared_task
def planted_task(address: str) -> None:
    fail()


error_reports.report_to("https://key@sentry.example.org/1", transport=Printed)
views.render = fail
Client(raise_request_exception=False).get(
    f"/impressum/?q={NAME}",
    headers={"Cookie": f"sessionid={NAME}", "X-Forwarded-For": "192.0.2.77", "User-Agent": NAME},
)
planted_task.apply(args=[ADDRESS])
