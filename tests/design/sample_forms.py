"""Forms that hold every widget of Django and every layout object of the pack, for tests only."""

from crispy_forms.bootstrap import (
    Accordion,
    AccordionGroup,
    AppendedText,
    FieldWithButtons,
    FormActions,
    InlineField,
    InlineRadios,
    PrependedText,
    StrictButton,
    UneditableField,
)
from crispy_forms.helper import FormHelper
from crispy_forms.layout import (
    HTML,
    Button,
    ButtonHolder,
    Column,
    Div,
    Fieldset,
    Hidden,
    Layout,
    Reset,
    Row,
    Submit,
)
from django import forms

from ground.mailbox import AddressFormField

COLOURS = [("rot", "Rot"), ("blau", "Blau")]
DAYS = [
    ("Dienstag, 14. Januar 2025", [("1", "10:00 bis 10:45 Uhr"), ("2", "11:00 bis 11:45 Uhr")]),
    ("Mittwoch, 15. Januar 2025", [("3", "9:00 bis 9:45 Uhr")]),
]


class EveryWidget(forms.Form):
    name = forms.CharField(label="Name", help_text="Wie Sie angesprochen werden möchten.")
    email = AddressFormField(label="E-Mail")
    number = forms.IntegerField(label="Einwohner")
    url = forms.URLField(label="Website", assume_scheme="https")
    date = forms.DateField(label="Datum", widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label="Uhrzeit", widget=forms.TimeInput(attrs={"type": "time"}))
    moment = forms.DateTimeField(label="Zeitpunkt")
    password = forms.CharField(label="Passwort", widget=forms.PasswordInput)
    text = forms.CharField(label="Nachricht", widget=forms.Textarea)
    land = forms.ChoiceField(label="Land", choices=[("", "Bitte wählen"), ("BE", "Berlin")])
    themes = forms.MultipleChoiceField(label="Themen", choices=COLOURS)
    colour = forms.ChoiceField(label="Farbe", choices=COLOURS, widget=forms.RadioSelect)
    slot = forms.ChoiceField(label="Termin", choices=DAYS, widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="Schwerpunkte",
        choices=COLOURS,
        widget=forms.CheckboxSelectMultiple,
        help_text="Mehrere sind möglich.",
    )
    consent = forms.BooleanField(label="Ich bin einverstanden.")
    file = forms.FileField(label="Datei", widget=forms.FileInput)
    picture = forms.FileField(label="Bild", required=False)
    begin = forms.SplitDateTimeField(label="Beginn", widget=forms.SplitDateTimeWidget)
    birthday = forms.DateField(
        label="Tag der Gründung", widget=forms.SelectDateWidget(years=[2024])
    )
    phone = forms.CharField(label="Telefon", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


class EveryLayout(forms.Form):
    first = forms.CharField(label="Vorname")
    last = forms.CharField(label="Nachname")
    website = forms.CharField(label="Adresse im Netz")
    budget = forms.IntegerField(label="Budget")
    query = forms.CharField(label="Suchbegriff")
    remark = forms.CharField(label="Anmerkung", required=False)
    key = forms.CharField(label="Schlüssel", initial="05315000", required=False)
    search = forms.CharField(label="Suche")
    colour = forms.ChoiceField(label="Farbe", choices=COLOURS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset("Wer sind Sie?", Row(Column("first"), Column("last")), css_id="wer"),
            Div(PrependedText("website", "https://"), AppendedText("budget", "Euro")),
            InlineField("query"),
            FieldWithButtons("search", StrictButton("Los", css_class="kern-btn", type="submit")),
            InlineRadios("colour"),
            Accordion(AccordionGroup("Weitere Angaben", "remark")),
            UneditableField("key"),
            HTML("<p>Fast fertig.</p>"),
            Hidden("step", "2"),
            ButtonHolder(Submit("save", "Speichern"), Button("back", "Zurück")),
            FormActions(Reset("reset", "Leeren"), css_class="actions"),
        )
        self.fields["colour"].widget = forms.RadioSelect(choices=COLOURS)


class Entry(forms.Form):
    name = forms.CharField(label="Name")


Entries = forms.formset_factory(Entry, extra=2, can_delete=True)
