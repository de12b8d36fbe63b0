"""Imported by a process before it forks: the portal with all its addresses, connected to nothing yet."""

import django
from django.urls import get_resolver

django.setup()
_ = get_resolver().url_patterns
