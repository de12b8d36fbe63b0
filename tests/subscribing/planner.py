"""Plans the weekly e-mails over and over, like a worker whose clock rings all the time.

python -m tests.subscribing.planner MOMENT [mailboxes per transaction]
"""

import sys
import time
from datetime import datetime

import django

django.setup()

from subscribing.mail import weekly  # noqa: E402 - needs the settings

now = datetime.fromisoformat(sys.argv[1])
if len(sys.argv) > 2:
    weekly.CHUNK = int(sys.argv[2])
while True:
    weekly.plan(now=now)
    time.sleep(0.05)
