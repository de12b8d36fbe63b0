"""Every form of the portal, for tests that walk them."""

import importlib
import pkgutil

from django import forms

APPS = (
    "smartcities", "asking", "consulting", "events", "communities", "projects", "finding", "accounts",
    "mailing", "office", "ground", "subscribing", "opendata",
)  # fmt: skip


def forms_of_the_portal() -> set[type[forms.BaseForm]]:
    for name in APPS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not any(
                part in module.name for part in (".migrations", ".settings", ".tryout", "wsgi")
            ):
                importlib.import_module(module.name)
    found, open_ones = set(), [forms.BaseForm]
    while open_ones:
        for form in open_ones.pop().__subclasses__():
            if form not in found:
                found.add(form)
                open_ones.append(form)
    return {form for form in found if form.__module__.split(".")[0] in APPS}
