"""What people type is text in a spreadsheet, also where it looks like something to work out."""

import csv
from io import StringIO

import pytest

from ground.spreadsheet import as_typed, cell, csv_response

FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://evil.example";"Klick")',
    "+49 30 1234",
    "-2+3",
    "@SUM(A1)",
    "  =1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
]


@pytest.mark.parametrize("typed", FORMULAS)
def test_no_text_is_a_formula_and_it_is_read_again_as_it_was_typed(typed):
    assert cell(typed) == f"'{typed}"
    assert as_typed(cell(typed)) == typed


@pytest.mark.parametrize("value", [-5, 3.5, 0, "Müller; Meier", "a=b", "5-10", "'Zitat'"])
def test_numbers_and_other_texts_stay_as_they_are(value):
    assert cell(value) == value


def test_none_of_them_leaves_its_cell_whatever_stands_in_it():
    typed = 'a";"b\r\n=1+1;@x'
    content = csv_response("x.csv", ["Name", "=Kopf"], [[typed, "-1"]]).content

    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))

    assert rows == [["Name", "'=Kopf"], [typed, "'-1"]]
