"""Plans reminders over and over, like a worker whose clock rings all the time.

python -m tests.events.planner [people per transaction]
"""

import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402 - needs the settings

from events.mail import reminders  # noqa: E402 - the same

if len(sys.argv) > 1:
    reminders.CHUNK = int(sys.argv[1])
while True:
    reminders.plan(now=timezone.now())
    time.sleep(0.05)
