"""Paragraphs, lists and links of what people write; nothing else becomes markup, whatever is planted."""

import re

import pytest

from ground.prose import as_html

PLANTED = [
    "<script>alert(1)</script>",
    "[Mehr](javascript:alert(1))",
    "[Mehr](data:text/html;base64,PHNjcmlwdD4=)",
    "[<b onclick=x>](https://stadt.example/)",
    'https://stadt.example/"onmouseover="alert(1)',
    "[Mehr](https://stadt.example/'onmouseover='x)",
    "- <img src=x onerror=alert(1)>",
    '1. [x](https://stadt.example/"><script>)',
    'a@b.example"><svg/onload=x>',
    "&lt;script&gt;",
    "[a](https://stadt.example/)[b](vbscript:x)",
    "https://stadt.example/<script>",
]
OURS = re.compile(
    r"</?(?:p|ul|ol|li)>|<br>|</a>"
    r'|<a class="kern-link" href="(?:https?://|mailto:)[^"<>\s]*" rel="noopener">'
)


def test_paragraphs_lists_and_links():
    text = (
        "Das ist geplant:\n- Führung\n- Essen & Trinken\n\n1. Ankommen\n2) Abfahrt\n\n"
        "Mehr bei [der Stadt](https://stadt.example/a?b=1&c=2), https://stadt.example/plan. Fragen an "
        "eva@stadt.example.\nBis bald"
    )

    assert as_html(text) == (
        "<p>Das ist geplant:</p>\n<ul><li>Führung</li><li>Essen &amp; Trinken</li></ul>\n"
        "<ol><li>Ankommen</li><li>Abfahrt</li></ol>\n"
        '<p>Mehr bei <a class="kern-link" href="https://stadt.example/a?b=1&amp;c=2" rel="noopener">der '
        'Stadt</a>, <a class="kern-link" href="https://stadt.example/plan" rel="noopener">'
        "https://stadt.example/plan</a>. Fragen an "
        '<a class="kern-link" href="mailto:eva@stadt.example" rel="noopener">eva@stadt.example</a>.<br>'
        "Bis bald</p>"
    )


@pytest.mark.parametrize("planted", [*PLANTED, "\n\n".join(PLANTED), "\n".join(PLANTED)])
def test_nothing_planted_becomes_markup(planted):
    rest = OURS.sub("", as_html(planted))

    assert "<" not in rest
    assert ">" not in rest
    assert '"' not in rest


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "3 - 4 Uhr", "2026. Ein Jahr", "-ohne Leerzeichen", "a * b"]
)
def test_what_is_no_list_stays_as_it_is(text):
    assert "<li>" not in as_html(text)


def test_a_text_that_is_made_to_be_slow_is_not():
    assert as_html("[" * 4000 + "a@" * 4000 + "https://" * 4000)
