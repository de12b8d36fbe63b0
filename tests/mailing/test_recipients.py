"""Lists of people are read as they are pasted, names and all."""

import time

import pytest

from mailing.recipients import Entry, Unreadable, read

HANS = ("Hans Müller", "h.mueller@ulm.example")
ERIKA = ("Erika Muster", "erika@gera.example")
KIEL = ("", "rathaus@kiel.example")


def people(text: str) -> list[tuple[str, str]]:
    entries = list(read(text))
    assert all(entry.is_valid for entry in entries), entries
    return [(entry.name, entry.email) for entry in entries]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "text",
    [
        # Outlook, Thunderbird, each separated in every way
        '"Müller, Hans" <h.mueller@ulm.example>; Erika Muster <erika@gera.example>',
        '"Müller, Hans" <h.mueller@ulm.example>, Erika Muster <erika@gera.example>',
        '"Müller, Hans" <h.mueller@ulm.example>\nErika Muster <erika@gera.example>',
        '"Müller, Hans" <h.mueller@ulm.example>\r\nErika Muster <erika@gera.example>\r\n',
        '"Müller, Hans" <h.mueller@ulm.example>\tErika Muster <erika@gera.example>',
        '"Müller, Hans" <h.mueller@ulm.example> Erika Muster <erika@gera.example>;',
        # without quotes, as Outlook copies it, folded, with words for the program
        "Müller, Hans <h.mueller@ulm.example>; Erika Muster <erika@gera.example>",
        "Müller, Hans <h.mueller@ulm.example>,Erika Muster <erika@gera.example>,",
        "'Müller, Hans' <h.mueller@ulm.example>;\n 'Erika Muster'\n <erika@gera.example>",
        "Müller, Hans <mailto:h.mueller@ulm.example>; Erika Muster <mailto:erika@gera.example>",
        # two columns of a spreadsheet, without and with a heading
        "Müller, Hans\th.mueller@ulm.example\nErika Muster\terika@gera.example",
        "Müller, Hans\th.mueller@ulm.example\nErika\tMuster\terika@gera.example",
        'Name;E-Mail\n"Müller, Hans";h.mueller@ulm.example\nErika Muster;erika@gera.example',
        'sep=;\nE-Mail;Name\nh.mueller@ulm.example;"Müller, Hans"\nerika@gera.example;Erika Muster',
        'sep=,\r\nName,E-Mail\r\n"Müller, Hans",h.mueller@ulm.example\r\nErika Muster,erika@gera.example',
        'E-Mail\n"Müller, Hans" <h.mueller@ulm.example>\nErika Muster <erika@gera.example>',
        "\n\nNAME\tE-MAIL-ADRESSE\nMüller, Hans\th.mueller@ulm.example\nErika Muster\terika@gera.example",
    ],
)
def test_names_and_addresses_are_found_however_they_come(mark, text):
    assert people(mark + text) == [HANS, ERIKA]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Vorname;Nachname;E-Mail", "Erika;Muster;erika@gera.example"),
        ("Nachname;Vorname;E-Mail", "Muster;Erika;erika@gera.example"),
        ("Name;Vorname;E-Mail", "Muster;Erika;erika@gera.example"),
        ("Vorname;Nachname;Anzeigename;E-Mail", "E.;M.;Erika Muster;erika@gera.example"),
        ("Vorname;Nachname;E-Mail", "Erika Muster;;erika@gera.example"),
    ],
)
@pytest.mark.parametrize("first", ["", "sep=;\n", "\ufeffsep=;\r\n"])
def test_first_and_last_name_become_one(first, heading, row):
    assert people(f"{first}{heading}\n{row}\n") == [ERIKA]


@pytest.mark.parametrize(
    ("sorted_name", "spoken"),
    [
        ("Müller, Hans", "Hans Müller"),
        ("von der Heide, Dr. Anna-Lena", "Dr. Anna-Lena von der Heide"),
        ("Stadt Ulm, Bauamt", "Stadt Ulm, Bauamt"),
        ("Landratsamt Ulm, Digitalisierung", "Landratsamt Ulm, Digitalisierung"),
        ("Stadtverwaltung Gera, Erika Muster", "Stadtverwaltung Gera, Erika Muster"),
        ("Müller, Hans, Dr.", "Müller, Hans, Dr."),
        ("Müller, Hans (Ulm)", "Müller, Hans (Ulm)"),
        ("Referat 3, Smart City", "Referat 3, Smart City"),
    ],
)
def test_a_name_as_address_books_sort_it_becomes_one_that_can_be_greeted(sorted_name, spoken):
    assert people(f'"{sorted_name}" <a@b.example>') == [(spoken, "a@b.example")]


def test_addresses_with_and_without_names_may_be_mixed():
    text = "rathaus@kiel.example, Müller, Hans <h.mueller@ulm.example>; rathaus@kiel.example\n"
    text += "<erika@gera.example> rathaus@kiel.example"

    assert people(text) == [KIEL, HANS, KIEL, ("", ERIKA[1]), KIEL]


def test_an_address_for_a_name_is_none():
    assert people("rathaus@kiel.example <rathaus@kiel.example>") == [KIEL]
    assert people('"Rathaus@kiel.example" <rathaus@kiel.example>') == [KIEL]


def test_what_belongs_to_no_address_is_told_as_what_it_is_with_its_line():
    text = "Guten Tag\n\nErika Muster <erika@gera.example>; Hans\nrathaus@kiel.example tel <x"

    assert list(read(text)) == [
        Entry(1, "Guten"),
        Entry(1, "Tag"),
        Entry(3, ERIKA[1], ERIKA[0]),
        Entry(3, "Hans"),
        Entry(4, KIEL[1]),
        Entry(4, "tel"),
        Entry(4, "<x"),
    ]


def test_a_table_counts_its_lines_as_a_spreadsheet_does():
    text = 'sep=;\nName;E-Mail\n"Zwei\nZeilen";a@b.example\n\nX;y;z\n'

    assert list(read(text)) == [
        Entry(3, "a@b.example", "Zwei Zeilen"),
        Entry(6, "y", "X", has_too_many_cells=True),
    ]


def test_a_column_twice_is_told():
    with pytest.raises(Unreadable) as reason:
        list(read("Vorname;Vorname;E-Mail\nA;B;a@b.example"))

    assert (reason.value.line, reason.value.text) == (
        1,
        "Eine Spalte kommt mehrmals vor: Vorname.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "a@b.example " * 50_000,
        '"\\' * 300_000,
        "<" * 300_000,
        '"<' * 300_000,
        "x" * 600_000,
        "Erika, " * 80_000 + "<a@b.example>",
    ],
)
def test_however_odd_the_text_it_is_read_in_a_moment(text):
    started = time.process_time()
    list(read(text))
    assert time.process_time() - started < 10
