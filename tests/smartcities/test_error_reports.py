"""What a Sentry would be told: which error, and where. Never of whom."""

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_a_report_names_the_kind_of_error_and_its_place_and_nobody():
    done = subprocess.run(
        [sys.executable, "-m", "tests.smartcities.reporting_portal"],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "smartcities.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )

    sent = done.stdout
    assert sent.count('"type":"ValueError"') >= 2  # of the page and of the task
    assert '"filename":"smartcities/views.py"' in sent
    for planted in ("Planta", "planta@", "192.0.2.77", "already exists", "sessionid", "/?q="):
        assert planted not in sent


def test_without_an_address_for_reports_the_library_is_not_even_loaded():
    code = "import django, sys; django.setup(); sys.exit('sentry_sdk' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "smartcities.settings.test"}

    assert (
        subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=environment).returncode == 0
    )
