"""Imported by a process before it forks: the portal with all its addresses, connected to nothing yet."""

import gc

import django
from django.urls import get_resolver

django.setup()
_ = get_resolver().url_patterns
# Whoever is forked would look through all of this, and so copy it page by page.
gc.collect()
gc.freeze()
