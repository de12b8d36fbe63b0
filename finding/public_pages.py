"""What a view of the catalogue promises: the same for everybody, and asked for again only if it changed."""

from django.http import HttpRequest, HttpResponseRedirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from finding.conditional import not_modified
from finding.same_for_all import View, same_for_all
from finding.selection import Selection


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page, which has no address of its own."""
    return "HX-Request" in request.headers


def has_empty_fields(request: HttpRequest) -> bool:
    """A form sends its empty fields, too. What people copy from the address bar should be short."""
    return not is_fragment(request) and any("" in values for _name, values in request.GET.lists())


def without_empty_fields(request: HttpRequest, selection: Selection) -> HttpResponseRedirect | None:
    """To the short address of the same list, where this one is not."""
    if not has_empty_fields(request):
        return None
    return HttpResponseRedirect(f"{request.path}{selection.query()}")


def public_page(view: View) -> View:
    return same_for_all()(require_safe(cache_control(no_cache=True)(not_modified(view))))


def public_list(view: View) -> View:
    """The same for a page of which htmx asks for a part."""
    answer = vary_on_headers("HX-Request")(cache_control(no_cache=True)(not_modified(view)))
    return same_for_all()(require_safe(answer))
