from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from finding import search, searched
from finding.conditional import version_of
from finding.embedding import embedded, may_be_framed, within, without_frame
from finding.listing import Listing, Words
from finding.public_pages import has_empty_fields, is_fragment, public_list, public_page
from finding.searched import as_meant
from finding.sections import Entry
from finding.selection import BY_LIKENESS, Selection, read_selection
from projects import near_home
from projects.beginning import beginning
from projects.catalogue import Catalogue, catalogue
from projects.entries import ProjectEntry
from projects.lists import PROJECTS, SOLUTIONS
from projects.models import Product, Project
from projects.naming_home import TYPED, NamedHome, PlaceInWords, named_home, near_in_words
from projects.portrait import of_project
from projects.sheet import of_product, of_solution, with_facts

MATCHES_SHOWN = 3


@may_be_framed
@public_list
def project_list(request: HttpRequest) -> HttpResponse:
    return _list(request, PROJECTS, kind="project")


@may_be_framed
@public_list
def solution_list(request: HttpRequest) -> HttpResponse:
    return _list(request, SOLUTIONS, kind="solution")


@public_page
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    shown = catalogue(version_of(request))
    if slug not in shown.projects.by_slug:
        return _not_found(request, slug, PROJECTS)
    return portrait_page(
        request,
        shown,
        lambda today: of_project(
            shown, get_object_or_404(Project.objects.public(), slug=slug), today
        ),
    )


@public_page
def solution_detail(request: HttpRequest, slug: str) -> HttpResponse:
    shown = catalogue(version_of(request))
    if slug not in shown.solutions.by_slug:
        return _not_found(request, slug, SOLUTIONS)
    return portrait_page(
        request,
        shown,
        lambda today: of_solution(shown, get_object_or_404(with_facts(), slug=slug), today),
    )


@public_page
def product_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a product from outside the network; one that is a solution has the page of the solution."""
    shown = catalogue(version_of(request))
    product = get_object_or_404(Product.objects.select_related("solution__project"), slug=slug)
    solution = getattr(product, "solution", None)
    if solution and solution.project.is_public:
        return HttpResponsePermanentRedirect(solution.get_absolute_url())
    return portrait_page(request, shown, lambda _today: of_product(shown, product))


def _list(request: HttpRequest, words: Words, *, kind: str) -> HttpResponse:
    shown = catalogue(version_of(request))
    section = shown.projects if kind == "project" else shown.solutions
    named = named_home(request.GET, shown)
    selection = read_selection(
        request.GET, section.index.facets, tuple(words.sortings), here=named.home
    )
    asked, selection = selection, as_meant(selection, section, words)
    if place := near_in_words(selection.q):
        near = f"{request.path}{_near(selection, place)}"
        return HttpResponseRedirect(within(request, near))
    is_part = is_fragment(request)
    is_named = named.is_typed and named.home is not None
    if is_named or has_empty_fields(request) or (asked != selection and not is_part):
        return HttpResponseRedirect(within(request, f"{request.path}{selection.query()}"))
    hits, found = searched.find_for_page(request, selection, section, words, kind=kind)
    listing = Listing(
        section, words, selection, found, by_likeness=_by_likeness(shown, kind, named.home)
    )
    context = {
        "listing": listing,
        "words": words,
        "selection": selection,
        # Where a reader is from is theirs: search engines and those it is shared with get the list.
        "canonical": listing.url(selection.without_here()),
        "cards": [_card(shown, entry, hits, named.home) for entry in listing.entries],
        "page_obj": listing.page,
    }
    if embedded(request):
        return without_frame(request, context)
    response = render(
        request,
        "finding/list_fragment.html" if is_part else f"projects/{kind}_list.html",
        {
            **context,
            "named": named,
            "candidates": _candidates(named, listing),
            "likeness_url": named.home
            and selection.sorting != BY_LIKENESS
            and listing.url(selection.sorted_by(BY_LIKENESS)),
            "pick_template": "projects/pick.html",
            "breadcrumb": [(words.many, None)],
            **(beginning(shown, selection.q) if listing.is_beginning else {}),
        },
    )
    if is_part:
        response["HX-Push-Url"] = listing.url(selection)
    return response


def _by_likeness(
    shown: Catalogue, kind: str, home: near_home.Home | None
) -> Callable[[], Sequence[int]] | None:
    if home is None:
        return None
    in_order = near_home.projects_in_order if kind == "project" else near_home.solutions_in_order
    return lambda: in_order(shown, home)


def _candidates(named: NamedHome, listing: Listing) -> list[tuple[near_home.Home, str]]:
    """Where several Kommunen may be meant: each with the address of this list seen from there."""
    return [(home, listing.url(listing.selection.seen_from(home))) for home in named.candidates]


def _near(selection: Selection, place: PlaceInWords) -> str:
    """The query of the same list, sorted by what is like that place; the page asks which is meant."""
    rest = selection.without_here().searching(place.rest)
    parameters = {TYPED: place.name, **({"sortierung": BY_LIKENESS} if rest.q else {})}
    return f"{rest.query() or '?'}{'&' if rest.query() else ''}{urlencode(parameters)}"


def _card(
    shown: Catalogue, entry: Entry, hits: search.Hits | None, home: near_home.Home | None
) -> SafeString:
    """The entry's card: made once per version of the catalogue, or with what was searched marked."""
    is_project = isinstance(entry, ProjectEntry)
    template = f"projects/{'project' if is_project else 'solution'}_card.html"
    if hits or home:
        words = hits.words if hits else ()
        return shown.found_cards.get(
            (template, entry.pk, words, home.key if home else ""),
            lambda: render_to_string(
                template,
                {
                    "entry": entry,
                    "words_found": words,
                    "matching_solutions": is_project
                    and words
                    and _matching_solutions(shown, entry, words),
                    "why": home and near_home.why(home, entry.place),
                },
            ),
        )
    cards = shown.projects.cards if is_project else shown.solutions.cards
    card = cards.get(entry.pk)
    if card is None:
        card = cards[entry.pk] = render_to_string(template, {"entry": entry})
    return card


def _matching_solutions(
    shown: Catalogue, project: ProjectEntry, words: Collection[str]
) -> list[SafeString]:
    """The names of those of its solutions that a search for these words is about."""
    names = (search.highlight(s.name, words) for s in shown.solutions_of.get(project.pk, ()))
    return [name for name in names if "<mark>" in name][:MATCHES_SHOWN]


def portrait_page(
    request: HttpRequest, shown: Catalogue, make: Callable[[date], dict[str, Any]]
) -> HttpResponse:
    # A new day alone makes a sheet one that nobody has looked over for long.
    today = timezone.localdate()
    page = shown.pages.get((request.path, today), lambda: make(today))
    return render(request, "projects/portrait.html", page)


def _not_found(request: HttpRequest, slug: str, words: Words) -> HttpResponse:
    """Somebody followed an old address or mistyped one: the words in it may still say what they want."""
    wanted = " ".join(slug.split("-"))
    context = {
        "words": words,
        "list_url": reverse(words.url_name),
        "wanted": wanted,
        "breadcrumb": [(words.many, reverse(words.url_name)), ("Nicht gefunden", None)],
    }
    return render(request, "projects/not_found.html", context, status=404)
