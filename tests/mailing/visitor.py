"""A portal in a process of its own, and somebody who has forgotten the password.

python -m tests.mailing.visitor ADDRESS FILE STAYS

Writes the seconds of each page into FILE and stays for some more, like a web process does.
"""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from django.test import Client  # noqa: E402 - needs the settings
from django.urls import reverse  # noqa: E402 - needs the settings

address, report, stays = sys.argv[1:]
client = Client()
client.get(reverse("account_reset_password"))
seconds = []
for _ in range(2):
    started = time.perf_counter()
    response = client.post(reverse("account_reset_password"), {"email": address})
    seconds.append(time.perf_counter() - started)
    assert response.status_code == 302, response.status_code
time.sleep(float(stays))
Path(report).write_text(json.dumps(seconds))
