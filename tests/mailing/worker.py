"""A worker without a broker: delivers whenever there is something, like one that is rung for all the time.

python -m tests.mailing.worker [seconds a claim lasts] [seconds between tries of a server that takes nothing]
"""

import sys
import time
from datetime import timedelta

import django

django.setup()

from mailing import claims, delivery, trouble  # noqa: E402 - needs the settings

if len(sys.argv) > 1:
    claims.LEASE = timedelta(seconds=float(sys.argv[1]))
    claims.RENEWAL = claims.LEASE / 3
if len(sys.argv) > 2:
    trouble.PAUSE = timedelta(seconds=float(sys.argv[2]))
while True:
    delivery.deliver()
    time.sleep(0.05)
