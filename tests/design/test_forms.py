"""Each test holds the whole HTML of a field against what a person with a screen reader needs."""

from types import SimpleNamespace

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test.html import Element, parse_html

from tests.design.sample_forms import Entries, EveryLayout, EveryWidget

ICON = '<span class="kern-icon kern-icon--danger" aria-hidden="true"></span>'


def field(name: str, data: dict | None = None, **kwargs) -> str:
    form = EveryWidget(data, **kwargs)
    return Template("{% load crispy_forms_filters %}{{ field|as_crispy_field }}").render(
        Context({"field": form[name]})
    )


def error(name: str, text: str) -> str:
    return (
        f'<div class="kern-error" id="id_{name}_error">{ICON}<div><p class="kern-body">'
        f'<span class="kern-sr-only">Fehler: </span>{text}</p></div></div>'
    )


def assert_same(actual: str, expected: str) -> None:
    assert parse_html(actual) == parse_html(expected), actual


def elements(html: str, name: str) -> list[Element]:
    found = []

    def walk(node):
        for child in getattr(node, "children", []):
            if isinstance(child, Element):
                if child.name == name:
                    found.append(child)
                walk(child)

    root = parse_html(f"<main>{html}</main>")
    walk(root)
    return found


def attributes(element: Element) -> dict[str, str]:
    return dict(element.attributes)


class TestOneInput:
    def test_help_is_text_also_where_it_tells_what_others_have_typed(self):
        """Every place of a form at once, with markup in each."""
        typed = "<script>alert(1)</script><img src=x>"
        form = EveryWidget({"name": typed})
        for one in form.fields.values():
            one.help_text = one.label = typed
        html = render_crispy_form(form, helper=FormHelper(), context={})

        assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x&gt;") > 20
        assert "<script" not in html
        assert "<img" not in html

    def test_label_help_and_input_in_reading_order(self):
        assert_same(
            field("name"),
            '<div class="kern-form-input">'
            '<label class="kern-label" for="id_name">Name</label>'
            '<div class="kern-hint" id="id_name_helptext">Wie Sie angesprochen werden möchten.</div>'
            '<input class="kern-form-input__input" type="text" name="name" id="id_name" required'
            ' aria-describedby="id_name_helptext"></div>',
        )

    def test_an_error_is_named_marked_and_tied_to_the_input(self):
        assert_same(
            field("name", {"name": ""}),
            '<div class="kern-form-input kern-form-input--error">'
            '<label class="kern-label" for="id_name">Name</label>'
            '<div class="kern-hint" id="id_name_helptext">Wie Sie angesprochen werden möchten.</div>'
            '<input class="kern-form-input__input kern-form-input__input--error" type="text"'
            ' name="name" id="id_name" required aria-invalid="true"'
            ' aria-describedby="id_name_helptext id_name_error">'
            f"{error('name', 'Bitte füllen Sie dieses Feld aus.')}</div>",
        )

    def test_what_was_typed_stays_and_is_escaped(self):
        html = field("email", {"email": '"><script>alert(1)</script>'})
        (box,) = elements(html, "input")
        assert attributes(box)["value"] == '"><script>alert(1)</script>'
        assert "<script>" not in html

    def test_optional_is_said_in_words(self):
        assert_same(
            field("phone"),
            '<div class="kern-form-input"><label class="kern-label" for="id_phone">Telefon '
            '<span class="kern-label__optional">(freiwillig)</span></label>'
            '<input class="kern-form-input__input" type="text" name="phone" id="id_phone"></div>',
        )

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("email", "email"),
            ("number", "number"),
            ("url", "url"),
            ("date", "date"),
            ("time", "time"),
            ("moment", "text"),
            ("password", "password"),
            ("file", "file"),
        ],
    )
    def test_each_kind_of_input_keeps_its_type(self, name, kind):
        label = EveryWidget.base_fields[name].label
        assert_same(
            field(name),
            f'<div class="kern-form-input"><label class="kern-label" for="id_{name}">{label}</label>'
            f'<input class="kern-form-input__input" type="{kind}" name="{name}" id="id_{name}"'
            " required></div>",
        )

    def test_textarea(self):
        assert_same(
            field("text"),
            '<div class="kern-form-input"><label class="kern-label" for="id_text">Nachricht</label>'
            '<textarea class="kern-form-input__input" name="text" id="id_text" cols="40" rows="10"'
            " required></textarea></div>",
        )

    def test_a_hidden_field_is_only_its_input(self):
        assert_same(field("token"), '<input type="hidden" name="token" id="id_token">')


class TestChoices:
    def test_select(self):
        assert_same(
            field("land", {"land": "XX"}),
            '<div class="kern-form-input kern-form-input--error">'
            '<label class="kern-label" for="id_land">Land</label>'
            '<div class="kern-form-input__select-wrapper">'
            '<select class="kern-form-input__select kern-form-input__select--error" name="land"'
            ' id="id_land" required aria-invalid="true" aria-describedby="id_land_error">'
            '<option value="">Bitte wählen</option><option value="BE">Berlin</option></select></div>'
            + error("land", "Bitte eine gültige Auswahl treffen. XX ist keine gültige Auswahl.")
            + "</div>",
        )

    def test_select_multiple_shows_what_was_chosen(self):
        assert_same(
            field("themes", {"themes": ["blau"]}),
            '<div class="kern-form-input"><label class="kern-label" for="id_themes">Themen</label>'
            '<select class="kern-form-input__input" name="themes" id="id_themes" multiple required>'
            '<option value="rot">Rot</option><option value="blau" selected>Blau</option>'
            "</select></div>",
        )

    def test_radio_buttons_form_one_group_with_a_name(self):
        assert_same(
            field("colour", {"colour": "blau"}),
            '<fieldset class="kern-fieldset" id="id_colour"><legend class="kern-label">Farbe</legend>'
            '<div class="kern-fieldset__body">'
            '<div class="kern-form-check"><input class="kern-form-check__radio" type="radio"'
            ' name="colour" value="rot" id="id_colour_0" required>'
            '<label class="kern-label" for="id_colour_0">Rot</label></div>'
            '<div class="kern-form-check"><input class="kern-form-check__radio" type="radio"'
            ' name="colour" value="blau" id="id_colour_1" required checked>'
            '<label class="kern-label" for="id_colour_1">Blau</label></div></div></fieldset>',
        )

    def test_groups_of_choices_are_groups_for_a_screen_reader_too(self):
        html = field("slot")
        legends = [legend.children for legend in elements(html, "legend")]
        assert legends == [
            ["Termin"],
            ["Dienstag, 14. Januar 2025"],
            ["Mittwoch, 15. Januar 2025"],
        ]
        outer, tuesday, wednesday = elements(html, "fieldset")
        assert [outer.count(tuesday), outer.count(wednesday)] == [1, 1]
        values = [attributes(box)["value"] for box in elements(html, "input")]
        assert values == ["1", "2", "3"]
        ids = [attributes(box)["id"] for box in elements(html, "input")]
        assert len(set(ids)) == 3
        assert [attributes(label)["for"] for label in elements(html, "label")] == ids

    def test_checkboxes_are_described_by_help_and_error_of_their_group(self):
        option = (
            '<div class="kern-form-check"><input class="kern-form-check__checkbox'
            ' kern-form-check__checkbox--error" type="checkbox" name="topics" value="{}"'
            ' id="id_topics_{}"><label class="kern-label" for="id_topics_{}">{}</label></div>'
        )
        assert_same(
            field("topics", {}),
            '<fieldset class="kern-fieldset kern-fieldset--error" id="id_topics"'
            ' aria-describedby="id_topics_helptext id_topics_error">'
            '<legend class="kern-label">Schwerpunkte</legend>'
            '<div class="kern-hint" id="id_topics_helptext">Mehrere sind möglich.</div>'
            '<div class="kern-fieldset__body">'
            f"{option.format('rot', 0, 0, 'Rot')}{option.format('blau', 1, 1, 'Blau')}</div>"
            f"{error('topics', 'Bitte wählen Sie etwas aus.')}</fieldset>",
        )

    def test_one_checkbox_stands_before_its_label(self):
        assert_same(
            field("consent", {}),
            '<div class="kern-form-check kern-form-check--error">'
            '<input class="kern-form-check__checkbox kern-form-check__checkbox--error"'
            ' type="checkbox" name="consent" id="id_consent" required aria-invalid="true"'
            ' aria-describedby="id_consent_error">'
            '<label class="kern-label" for="id_consent">Ich bin einverstanden.</label>'
            f"{error('consent', 'Bitte kreuzen Sie dieses Feld an.')}</div>",
        )


class TestSeveralInputs:
    def test_date_and_time_each_have_a_label(self):
        html = field("begin", {"begin_0": "morgen", "begin_1": ""})
        assert [
            (attributes(label)["for"], label.children) for label in elements(html, "label")
        ] == [("id_begin_0", ["Datum"]), ("id_begin_1", ["Uhrzeit"])]
        (group,) = elements(html, "fieldset")
        assert attributes(group)["aria-describedby"] == "id_begin_error"
        assert [attributes(box).get("value") for box in elements(html, "input")] == ["morgen", ""]

    def test_day_month_and_year_each_have_a_label(self):
        html = field("birthday", initial={"birthday": "2024-05-17"})
        assert [label.children for label in elements(html, "label")] == [
            ["Tag"],
            ["Monat"],
            ["Jahr"],
        ]
        chosen = [
            attributes(option)["value"]
            for option in elements(html, "option")
            if "selected" in attributes(option)
        ]
        assert chosen == ["17", "5", "2024"]


class TestFiles:
    def test_a_file_that_is_there_can_be_seen_and_removed(self):
        class Stored(SimpleNamespace):
            def __str__(self):
                return "rathaus.png"

        form = EveryWidget(initial={"picture": Stored(url="/media/rathaus.png")})
        html = Template("{% load crispy_forms_filters %}{{ f|as_crispy_field }}").render(
            Context({"f": form["picture"]})
        )
        (link,) = elements(html, "a")
        assert attributes(link)["href"] == "/media/rathaus.png"
        boxes = [
            (attributes(box)["type"], attributes(box)["name"]) for box in elements(html, "input")
        ]
        assert boxes == [("checkbox", "picture-clear"), ("file", "picture")]

    def test_a_form_with_a_file_is_sent_as_multipart(self):
        html = render_crispy_form(EveryWidget(), helper=FormHelper(), context={})
        (form,) = elements(html, "form")
        assert attributes(form) == {
            "method": "post",
            "novalidate": None,
            "enctype": "multipart/form-data",
        }
        sent = EveryWidget({}, files={"file": SimpleUploadedFile("a.txt", b"x")})
        assert "file" not in sent.errors


class TestErrorSummary:
    def test_it_takes_the_focus_and_leads_to_every_field(self):
        html = render_crispy_form(EveryWidget({}), helper=FormHelper(), context={})
        ids = {
            attributes(node)["id"]
            for name in ("input", "select", "textarea")
            for node in elements(html, name)
            if "id" in attributes(node)
        }
        summary = next(
            div for div in elements(html, "div") if "error-summary" in attributes(div)["class"]
        )
        assert attributes(summary) == {
            "class": "error-summary kern-alert kern-alert--danger",
            "role": "alert",
            "tabindex": "-1",
            "autofocus": None,
        }
        targets = [
            attributes(link)["href"].removeprefix("#") for link in elements(str(summary), "a")
        ]
        required = [f for f in EveryWidget.base_fields.values() if f.required]
        assert len(targets) == len(required) - 1  # the hidden field is named without a link
        assert set(targets) <= ids
        assert {"id_colour_0", "id_begin_0", "id_name", "id_consent"} <= set(targets)

    def test_without_errors_there_is_none(self):
        assert "error-summary" not in render_crispy_form(EveryWidget(), helper=FormHelper())

    def test_a_widget_that_wants_the_focus_gives_way(self):
        form = EveryWidget({})
        form.fields["name"].widget.attrs["autofocus"] = True
        html = render_crispy_form(form, helper=FormHelper())
        assert html.count("autofocus") == 1


class TestLayout:
    def test_the_whole_form(self):
        form = EveryLayout()
        html = render_crispy_form(form, context={})
        buttons = [
            (attributes(button)["type"], attributes(button)["class"])
            for button in elements(html, "button")
        ]
        assert buttons == [
            ("submit", "btn kern-btn"),  # the first word is crispy's
            ("submit", "kern-btn kern-btn--primary"),
            ("button", "kern-btn kern-btn--secondary"),
            ("reset", "kern-btn kern-btn--secondary"),
        ]
        (section, _colours) = elements(html, "fieldset")
        assert attributes(section)["id"] == "wer"
        names = [attributes(box)["name"] for box in elements(html, "input")]
        before = ["first", "last", "website", "budget", "query", "search", "colour", "colour"]
        assert names == [*before, "remark", "step"]
        assert "05315000" in str(elements(html, "dd")[0])
        labelled = {attributes(label)["for"] for label in elements(html, "label")}
        assert {attributes(box)["id"] for box in elements(html, "input")[:-1]} <= labelled

    def test_a_search_form_by_get_has_no_token_and_no_remarks(self):
        helper = FormHelper()
        helper.form_method = "get"
        helper.mark_optional = False
        html = render_crispy_form(EveryWidget(), helper=helper, context={"csrf_token": "geheim"})
        assert "geheim" not in html
        assert "freiwillig" not in html
        assert "novalidate" not in html

    def test_a_form_by_post_carries_the_token(self):
        html = render_crispy_form(EveryWidget(), helper=FormHelper(), context={"csrf_token": "abc"})
        (token,) = [
            b for b in elements(html, "input") if attributes(b)["name"] == "csrfmiddlewaretoken"
        ]
        assert attributes(token)["value"] == "abc"


class TestFormset:
    def test_rows_carry_numbers_and_can_be_removed(self):
        html = render_crispy_form(Entries(), helper=FormHelper(), context={})
        assert [legend.children for legend in elements(html, "legend")] == [
            ["Eintrag 1"],
            ["Eintrag 2"],
        ]
        names = [attributes(box)["name"] for box in elements(html, "input")]
        assert names == [
            "form-TOTAL_FORMS",
            "form-INITIAL_FORMS",
            "form-MIN_NUM_FORMS",
            "form-MAX_NUM_FORMS",
            "form-0-name",
            "form-0-DELETE",
            "form-1-name",
            "form-1-DELETE",
        ]

    def test_errors_say_in_which_row(self):
        data = {
            "form-TOTAL_FORMS": 2,
            "form-INITIAL_FORMS": 2,
            "form-0-name": "A",
            "form-1-name": "",
        }
        html = render_crispy_form(Entries(data), helper=FormHelper(), context={})
        (link,) = elements(html, "a")
        assert attributes(link)["href"] == "#id_form-1-name"
        assert link.children == ["Eintrag 2, Name: Bitte füllen Sie dieses Feld aus."]
