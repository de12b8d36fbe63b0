"""Places that apps above fill."""

from django.template import Context, Template

from ground import slots

PAGE = Template('{% load slots %}<main>{% slot "test.somewhere" %}</main>')


def test_what_fills_a_place_sees_what_the_page_sees(monkeypatch, settings, tmp_path):
    (tmp_path / "one.html").write_text("<p>{{ name }}</p>")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    monkeypatch.setattr(slots, "_templates", {})
    slots.fill("test.somewhere", "one.html")
    slots.fill("test.somewhere", "one.html")

    assert PAGE.render(Context({"name": "<Ulm>"})) == "<main><p>&lt;Ulm&gt;</p></main>"


def test_a_place_that_nothing_fills_is_empty(monkeypatch):
    monkeypatch.setattr(slots, "_templates", {})

    assert PAGE.render(Context({})) == "<main></main>"
