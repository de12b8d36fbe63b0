"""A pytest plugin: PostgreSQL and Valkey for the run, unless the environment names some.

It is named in `addopts`, because Django's settings are read before any conftest.py is.
"""

import os
from contextlib import ExitStack

import pytest

# Importing the package makes Celery's app, which would otherwise choose the settings of the try-out.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcities.settings.test")

from smartcities.tryout import services


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Start before Django's settings are read. Workers of a parallel run inherit the addresses."""
    with ExitStack() as stack:
        # Most tests take back what they stored. Whoever counts the rows of a table meanwhile takes it for empty
        # though it is long, and then a query of a second takes a minute.
        stack.enter_context(services.throw_away(autovacuum="off"))
        early_config.add_cleanup(stack.pop_all().close)
    return (yield)
