"""The catalogue after a load against the shipped files, and these against what was researched."""

import json
import re
from collections import Counter

import pytest
from django.db.models import Q

from events.network import EVENTS
from projects.models import (
    BuildingBlock,
    Cost,
    Document,
    Lesson,
    NetworkFact,
    Product,
    Project,
    ReachedPhase,
    Reuse,
    Solution,
    Sourced,
    Technology,
    Theme,
)
from projects.network import CATALOGUE, load
from projects.network.loading import DATA
from tests.factories import MunicipalityFactory
from tests.shared import SHARED, needs_shared
from tests.shipped import load_once

pytestmark = pytest.mark.django_db
FACTS = SHARED / "facts"
SOURCED = [model for model in Sourced.__subclasses__() if not model._meta.abstract]


def shipped(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def researched(name):
    return json.loads((FACTS / name).read_text(encoding="utf-8"))


def with_any(rows, name):
    return sum(bool(row.get(name)) for row in rows)


def test_the_database_holds_what_the_files_say():
    load_once()
    rows = shipped("solutions.json")
    solutions = Solution.objects.all()

    for name in ("problem", "description", "licence", "repository", "url", "note", "maturity"):
        assert solutions.exclude(**{name: ""}).count() == with_any(rows, name), name
    for name in ("costs", "lessons", "reuses", "blocks", "documents", "sources"):
        held = solutions.filter(**{f"{name}__isnull": False}).distinct().count()
        assert held == with_any(rows, name), name
        related = Solution._meta.get_field(name).related_model
        number = related.objects.exclude(solution=None).count()
        assert number == sum(len(row.get(name, [])) for row in rows), name
    assert solutions.exclude(unsure=[]).count() == with_any(rows, "unsure")
    of_files = Counter(slug for row in rows for slug in row.get("technologies", []))
    assert of_files == Counter(
        solutions.exclude(technologies=None).values_list("technologies__slug", flat=True)
    )
    assert Technology.objects.count() == len(shipped("technologies.json"))

    projects = shipped("projects.json")
    for name in ("status_text", "funding_to", "ended_on", "contact_name", "contact_url"):
        assert Project.objects.exclude(**{name: ""}).count() == with_any(projects, name), name
    assert Project.objects.exclude(budget=None).count() == with_any(projects, "budget")
    of_projects = Lesson.objects.exclude(project=None).count()
    assert of_projects == sum(len(row["lessons"]) for row in projects)
    of_themes = Theme.objects.filter(lessons__isnull=False).distinct().count()
    assert of_themes == with_any(shipped("themes.json"), "lessons")
    assert NetworkFact.objects.count() == len(shipped("network.json"))
    products = shipped("products.json")
    assert Product.objects.count() == len(products)
    of_products = Reuse.objects.exclude(product=None).count()
    assert of_products == sum(len(row["reuses"]) for row in products)


def test_every_public_fact_has_a_source_and_every_doubt_says_what():
    load_once()

    assert {model.__name__ for model in SOURCED} == {
        model.__name__
        for model in (
            BuildingBlock, Cost, Document, Lesson, NetworkFact, Product, ReachedPhase, Reuse
        )
    }  # fmt: skip
    for model in SOURCED:
        assert not model.objects.filter(source="").exists(), model
        assert not model.objects.filter(is_certain=False, note="").exists(), model
    assert not Project.objects.filter(status_source="").exists()
    assert not Project.objects.filter(contact_source="").exclude(contact_name="").exists()
    # A solution without sources of its own rests on those of its project.
    bare = Solution.objects.filter(sources=None)
    assert list(bare.values_list("slug", flat=True)) == ["bad-belzig-wiesenburg-mitmachmobil"]
    assert not bare.filter(project__sources=None).exists()


def test_no_address_of_a_person_is_in_the_files():
    """Mailboxes are named after a task or an office, never after somebody."""
    boxes = {
        found
        for path in DATA.glob("*.json")
        for found in re.findall(r"[\w.+-]+@[\w.-]+\.\w+", path.read_text(encoding="utf-8"))
    }

    assert boxes == {
        "AG-Smart-City@rathaus.potsdam.de",
        "Lotse@kaiserslautern.de",
        "StartSmart@iqib.de",
        "info@klmitwirkung.de",
        "info@museum-moedlareuth.de",
        "info@smarte-grenzregion.de",
        "projektor@stadtdo.de",
        "smart-space-hardenbergplatz@charlottenburg-wilmersdorf.de",
        "smartcity@einbeck.de",
        "smartcity@guben.de",
        "smartcity@heidenheim.de",
        "smartregionauf@vgem-fuchstal.de",
        "vernetzte.stadt@gelsenkirchen.de",
    }


def test_a_product_used_by_many_is_one_page():
    load_once()

    app = Product.objects.get(slug="smart-village-app")

    assert app.solution.slug == "bad-belzig-wiesenburg-bad-belzig-app-smart-village-app"
    claimed = app.solution.reuses.filter(stated_by="anbietende")
    assert {one.is_confirmed for one in claimed} == {False}
    assert {block.solution.project.slug for block in app.used_in.all()} == {"detmold", "hagenow"}
    portal = Product.objects.get(slug="masterportal")
    assert portal in Product.objects.with_own_page()
    assert portal.used_in.count() == 2


def test_who_reuses_is_linked_as_soon_as_the_official_list_is_there():
    load_once()
    reuse = Reuse.objects.get(name="Wiesbaden")
    assert reuse.municipality is None
    town = MunicipalityFactory(ars="064140000000", ags="06414000", name="Wiesbaden")

    report = load()

    reuse.refresh_from_db()
    assert reuse.municipality == town
    assert report["solution"].updated == 1
    Reuse.objects.filter(pk=reuse.pk).update(municipality=None)
    assert load()["solution"].kept == ["stadtlabor.mg (moenchengladbach): Nachnutzungen"]
    assert Reuse.objects.get(pk=reuse.pk).municipality is None


def test_an_editors_change_to_one_fact_stays_and_the_others_follow():
    load_once()
    solution = Solution.objects.get(slug="dresden-cleema-app")
    solution.costs.update(amount=1, note="Von Hand")
    solution.lessons.first().delete()
    solution.lessons.create(kind="stolperfalle", text="Eigene Erkenntnis", source="Vermerk 7")
    lessons = set(solution.lessons.values_list("text", flat=True))

    report = load()

    assert solution.costs.get().amount == 1
    assert set(solution.lessons.values_list("text", flat=True)) == lessons
    [kept] = report["solution"].kept
    assert kept.endswith(": Kosten, Erkenntnisse")


def test_a_solution_stays_when_its_product_was_deleted():
    load_once()
    Solution.objects.update(product=None)
    BuildingBlock.objects.filter(product__slug="smart-village-app").update(product=None)
    Product.objects.get(slug="smart-village-app").delete()

    report = load()

    assert report["product"].deleted_by_editors == ["Smart Village App"]
    assert report["solution"].deleted_by_editors == []
    assert Solution.objects.count() == 419


# Against what was researched


@needs_shared(FACTS / "solutions.json")
def test_as_many_facts_are_shipped_as_were_researched():
    sheets = researched("solutions.json")
    found = [solution for sheet in sheets for solution in sheet["solutions"]]
    rows = shipped("solutions.json")

    assert len(rows) == len(found) == 419
    for name in ("problem", "description", "url", "partners", "costs", "lessons", "sources"):
        assert with_any(rows, name) == with_any(found, name), name
    for name in ("costs", "lessons"):
        numbers = [sum(len(row.get(name, [])) for row in side) for side in (rows, found)]
        assert numbers[0] == numbers[1], name
    # Two more from the repositories, one from the partnership that Solingen leads.
    for name in ("licence", "repository"):
        assert with_any(rows, name) == with_any(found, name) + 3, name
    # The notes of those that are not certain, and three about a licence or repository.
    uncertain = sum(not solution["certain"] for solution in found)
    assert with_any(rows, "unsure") == uncertain + 3

    projects = shipped("projects.json")
    assert [row["status_text"] for row in projects] == [
        next(sheet["status"]["text"] for sheet in sheets if sheet["project"] == row["slug"])
        for row in projects
    ]
    assert with_any(projects, "contact_name") == len(sheets) == 73
    funding_to = sum(bool(sheet["status"].get("funding_to")) for sheet in sheets)
    assert with_any(projects, "funding_to") > funding_to == 40
    lessons = sum(len(sheet.get("lessons", [])) for sheet in sheets)
    own = [
        one for one in researched("lessons.json") if one["subject"] and ";" not in one["subject"]
    ]
    assert sum(len(row["lessons"]) for row in projects) == lessons + len(own) == 165
    general = len(researched("lessons.json")) - len(own)
    assert sum(len(row.get("lessons", [])) for row in shipped("themes.json")) == general


@needs_shared(FACTS / "reuse.json")
def test_every_researched_reuse_is_shipped():
    shown = {
        (row["slug"], reuse["municipality"] or reuse["name"], reuse["name"])
        for name in ("solutions.json", "products.json")
        for row in shipped(name)
        for reuse in row.get("reuses", [])
    }
    names = {name for _slug, _key, name in shown}
    sheets = researched("solutions.json")
    solutions = [solution for sheet in sheets for solution in sheet["solutions"]]
    said = {
        reuse["municipality"].replace(" (keine Kommune)", "").replace(" (Saarland)", "")
        for solution in solutions
        for reuse in solution.get("reused_by", [])
        if "publiccode.yml" not in reuse["source"]
    }
    assert said <= names
    app = "bad-belzig-wiesenburg-bad-belzig-app-smart-village-app"
    claimed = [one for one in researched("reuse.json") if one.get("solution") == app]
    assert len(claimed) == 34
    # Each body once, whichever of two sources tells more about it.
    assert sum(slug == app for slug, _key, _name in shown) == 34
    blocks = sum(len(solution.get("reuses", [])) for solution in solutions)
    of_rows = sum(len(row.get("blocks", [])) for row in shipped("solutions.json"))
    assert of_rows >= blocks


@needs_shared(FACTS / "repos.json")
def test_what_was_unsure_of_the_repositories_is_not_taken_from_there():
    text = (DATA / "solutions.json").read_text(encoding="utf-8")
    unsure = {one["repo"] for one in researched("repos.json") if one["certainty"] == "unsicher"}
    taken = {address for address in unsure if f'"{address}"' in text}

    # The dashboard of the KielRegion names it itself; there it is marked „zu prüfen“.
    assert taken == {"https://github.com/triveme/smartcity-dashboard"}
    [row] = [row for row in shipped("solutions.json") if row.get("repository") in taken]
    assert {"licence", "repository"} <= set(row["unsure"])
    every = {one["repo"] for one in researched("repos.json")} - unsure
    everywhere = text + (DATA / "products.json").read_text(encoding="utf-8")
    assert {address for address in every if f'"{address}"' not in everywhere} == set()


@needs_shared(FACTS / "events_new.json")
def test_new_events_are_shipped_and_corrections_applied():
    load(tables=(*CATALOGUE, *EVENTS))
    events = {row["slug"]: row for row in shipped("events.json")}
    sources = {source["text"] for row in events.values() for source in row["sources"]}
    everywhere = sources | {row["source"] for row in shipped("network.json")}

    assert {one["source"] for one in researched("events_new.json")} <= everywhere
    corrections = {one["event"]: one for one in researched("events_corrections.json")}
    congress = "4-kongress-der-modellprojekte-smart-cities-2024"
    assert corrections[congress]["right"].startswith(events[congress]["ends_on"])
    assert events["20-regionalkonferenz-moenchengladbach-2025"]["venue"] == "Redbox am Nordpark"
    assert events["8-kongress-der-modellprojekte-smart-cities-2026"]["venue"] == (
        "Smart Village Berlin"
    )


@needs_shared(FACTS / "funding_status.json")
def test_facts_about_the_network_and_the_projects_keep_their_sources():
    load_once()
    known = set(NetworkFact.objects.values_list("source", flat=True))
    for name in ("funding_status.json", "scaling.json", "start_smart.json"):
        for one in researched(name):
            if one["subject"] and name == "funding_status.json":
                sources = Project.objects.get(slug=one["subject"]).sources
                is_known = sources.filter(text=one["source"]).exists()
                assert is_known == (one["certainty"] != "unsicher"), one
            elif "abgeschnitten" not in one["fact"]:
                assert one["source"] in known, one
    assert not Solution.objects.filter(Q(note__contains="read_file")).exists()
    assert not NetworkFact.objects.filter(source__contains="read_file").exists()


# What a file of facts is called in the database. The rest of what was found came from other files.
FROM_OTHER_FILES = {
    # Of the products' repositories, and of the partnership that Solingen leads.
    "licence": 3,
    "repository": 3,
    # As the list of solutions that was there before says: Solingen's weather sensors.
    "maturity": 1,
}


@needs_shared(FACTS / "solutions.json")
def test_after_a_load_the_database_counts_what_the_facts_files_hold():
    load_once()
    sheets = researched("solutions.json")
    found = [solution for sheet in sheets for solution in sheet["solutions"]]
    solutions = Solution.objects.all()

    assert solutions.count() == len(found) == 419
    for name, fact in (
        ("problem", "problem"),
        ("description", "description"),
        ("maturity", "maturity"),
        ("url", "url"),
        ("licence", "licence"),
        ("repository", "repository"),
    ):
        held = solutions.exclude(**{name: ""}).count()
        assert held == with_any(found, fact) + FROM_OTHER_FILES.get(name, 0), name
    assert solutions.exclude(partners=[]).count() == with_any(found, "partners")
    for name in ("costs", "lessons"):
        owners = solutions.filter(**{f"{name}__isnull": False}).distinct().count()
        assert owners == with_any(found, name), name
        rows = Solution._meta.get_field(name).related_model.objects.exclude(solution=None).count()
        assert rows == sum(len(one.get(name, [])) for one in found), name

    # Every body that a sheet names as a reuser reuses that very thing.
    slugs = {(one["project"], one["name"]): one["slug"] for one in shipped("solutions.json")}
    missing = [
        (slug, reuse["municipality"])
        for sheet in sheets
        for one in sheet["solutions"]
        for slug in [one.get("slug") or slugs[sheet["project"], one["name"]]]
        for reuse in one.get("reused_by", [])
        if "publiccode.yml" not in reuse["source"]
        and not _reuses(slug).filter(
            name=reuse["municipality"].replace(" (keine Kommune)", "").replace(" (Saarland)", "")
        )
    ]
    assert missing == []
    app = "bad-belzig-wiesenburg-bad-belzig-app-smart-village-app"
    claimed = [one for one in researched("reuse.json") if one.get("solution") == app]
    assert Reuse.objects.filter(solution__slug=app).count() == len(claimed) == 34

    projects = Project.objects.all()
    assert projects.count() == len(sheets) == 73
    statuses = [sheet["status"] for sheet in sheets]
    assert projects.exclude(status_text="").count() == with_any(statuses, "text")
    contacts = [sheet["contact"] for sheet in sheets]
    for name, fact in (("contact_name", "name"), ("contact_url", "url")):
        assert projects.exclude(**{name: ""}).count() == with_any(contacts, fact), name
    # Periods, sums and mailboxes stand in two more files, which may say them of projects as well.
    assert projects.exclude(funding_to="").count() >= with_any(statuses, "funding_to") == 40
    assert projects.exclude(budget=None).count() >= with_any(statuses, "budget_eur")
    assert projects.exclude(contact_email="").count() >= with_any(contacts, "email")
    for sheet in sheets:
        row = projects.get(slug=sheet["project"])
        if sheet["status"].get("funding_to"):
            # Another source may know the day, too.
            assert row.funding_to.startswith(sheet["status"]["funding_to"]), row
        if sheet["status"].get("budget_eur"):
            assert row.budget == sheet["status"]["budget_eur"], row


def _reuses(slug):
    return Reuse.objects.filter(
        Q(solution__slug=slug)
        | Q(product__solution__slug=slug)
        | Q(product__used_in__solution__slug=slug)
    )
