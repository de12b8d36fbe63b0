"""What a view of the catalogue promises: the same for everybody, and asked for again only if it changed."""

from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from finding.conditional import not_modified
from finding.same_for_all import View, same_for_all


def public_page(view: View) -> View:
    return same_for_all()(require_safe(cache_control(no_cache=True)(not_modified(view))))


def public_list(view: View) -> View:
    """The same for a page of which htmx asks for a part."""
    answer = vary_on_headers("HX-Request")(cache_control(no_cache=True)(not_modified(view)))
    return same_for_all()(require_safe(answer))
