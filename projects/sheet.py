"""The fact sheet of a solution: what one needs to know to decide whether to take it up."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from projects import schema_org
from projects.catalogue import Catalogue
from projects.completeness import in_words, with_missing
from projects.entries import SolutionEntry
from projects.freshness import stale
from projects.likeness import alike
from projects.models import BuildingBlock, Product, Reuse, Solution
from projects.told import told_of


def with_facts(solutions: QuerySet[Solution] | None = None) -> Any:
    """Solutions, the public ones unless others are named, with everything a sheet shows.

    In as many queries however much that is.
    """
    return (
        with_missing(Solution.objects.public() if solutions is None else solutions)
        .select_related("project", "product")
        .prefetch_related(
            "themes",
            "technologies",
            "costs",
            "lessons",
            "documents",
            "phases",
            "sources",
            Prefetch("reuses", Reuse.objects.told().select_related("municipality", "project")),
            Prefetch("blocks", BuildingBlock.objects.select_related("product__solution__project")),
            Prefetch(
                "product__used_in",
                BuildingBlock.objects.filter(solution__project__is_public=True).select_related(
                    "solution__project"
                ),
            ),
            Prefetch(
                "product__reuses",
                Reuse.objects.public().select_related("municipality", "project"),
            ),
        )
    )


def of_solution(shown: Catalogue, solution: Solution, today: date) -> dict[str, Any]:
    """The context of `projects/portrait.html`; `solution` comes from `with_facts`."""
    entry = shown.solutions.by_slug[solution.slug]
    project = entry.project
    own = list(solution.sources.all())
    themes = list(solution.themes.all())
    told = told_of(solution)
    reuses = reuses_of(solution)
    text = render_to_string(
        "projects/solution_portrait.html",
        {
            "version": shown.version,
            "solution": solution,
            "stale": stale(solution, today),
            "entry": entry,
            "project": project,
            "themes": themes,
            "reuses": reuses,
            "reuse_groups": grouped(reuses),
            "planned": grouped(one for one in solution.reuses.all() if one.is_planned),
            "built_on_it": built_on(solution),
            **told,
            "missing": in_words(solution.missing_facts),
            "sources": own
            or [one for one in solution.project.sources.all() if not one.solution_id],
            "has_own_sources": bool(own),
            "alike": alike(shown.solutions.entries, entry),
            "same_kind_count": _count_same_kind(shown, entry),
            "same_kind_url": f"{reverse('projects:solutions')}?art={entry.kind}",
            "page_path": entry.url,
        },
    )
    return {
        "title": f"{solution.name} ({project.name})",
        "description": solution.problem
        or solution.description
        or f"{entry.kind_label} des Modellprojekts {project.name}",
        "path": entry.url,
        "json_ld": schema_org.script(schema_org.solution(solution, themes)),
        "breadcrumb": [("Lösungen", reverse("projects:solutions")), (solution.name, None)],
        "text": text,
    }


def of_product(shown: Catalogue, product: Product) -> dict[str, Any]:
    """The page of a product that comes from outside the network. Two queries."""
    blocks = product.used_in.filter(solution__project__is_public=True)
    used_in = [
        shown.solutions.by_slug[slug]
        for slug in dict.fromkeys(
            blocks.order_by("solution__sort_name", "pk").values_list("solution__slug", flat=True)
        )
        if slug in shown.solutions.by_slug
    ]
    text = render_to_string(
        "projects/product_portrait.html",
        {
            "product": product,
            "used_in": used_in,
            "reuse_groups": grouped(
                product.reuses.public().select_related("municipality", "project")
            ),
            "page_path": product.get_absolute_url(),
        },
    )
    return {
        "title": product.name,
        "description": product.description or f"{product.name}: wer damit arbeitet.",
        "path": product.get_absolute_url(),
        "json_ld": schema_org.script(schema_org.product(product)),
        "breadcrumb": [("Lösungen", reverse("projects:solutions")), (product.name, None)],
        "text": text,
    }


def reuses_of(solution: Solution) -> list[Reuse]:
    """Who reuses it, or the product that it is: each once."""
    found = [one for one in solution.reuses.all() if not one.is_planned]
    if solution.product:
        names = {reuse.name for reuse in found}
        found += [reuse for reuse in solution.product.reuses.all() if reuse.name not in names]
    return found


class ReuseGroup(NamedTuple):
    """Those of which the same is known from the same source, which is then said once."""

    reuses: Sequence[Reuse]

    @property
    def fact(self) -> Reuse:
        return self.reuses[0]


def grouped(reuses: Iterable[Reuse]) -> list[ReuseGroup]:
    groups: dict[tuple, list[Reuse]] = {}
    for one in reuses:
        said = (one.how, one.since, one.stated_by, one.confirmed_on, one.source, one.note)
        own = (one.cost_text, one.learned, one.contract_until, one.project_note)
        groups.setdefault((*said, *own, one.is_certain, one.checked_on), []).append(one)
    return [ReuseGroup(group) for group in groups.values()]


def built_on(solution: Solution) -> list[Solution]:
    """Other solutions of the network that are made of it."""
    if not solution.product:
        return []
    found = {block.solution_id: block.solution for block in solution.product.used_in.all()}
    found.pop(solution.pk, None)
    return list(found.values())


def _count_same_kind(shown: Catalogue, here: SolutionEntry) -> int:
    index = shown.solutions.index
    return index.hits({"art": [here.kind]}, index.everything).bit_count()
