import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

SUBJECT_LENGTH = 200

_blank_line = re.compile(r"\n\s*\n")
# Stops before the punctuation that closes a sentence or a bracket.
_address = re.compile(r"(https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}])")
# Controls, and the characters that turn writing around and so disguise it (joiners of emoji stay).
_unprintable = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Texts:
    subject: str
    text: str
    html: str


def render(template: str, context: dict[str, Any], *, body: str = "body") -> Texts:
    """Write the e-mail `template` ("app/email/name") for `context`, with the operator's footer.

    `…_subject.txt` and `…_body.txt` are plain text: nothing in them is escaped. Without a
    `…_body.html` (extending "mailing/base.html") the HTML says the same as the text.
    """
    footer_text, footer_html = _footers(tuple(settings.OPERATOR.items()), settings.SITE_URL)
    context = {"operator": settings.OPERATOR, "site_url": settings.SITE_URL, **context}
    context["subject"] = one_line(_plain(f"{template}_subject.txt", context))
    text = _plain(f"{template}_{body}.txt", context).strip()
    try:
        html_template = get_template(f"{template}_{body}.html")
    except TemplateDoesNotExist:
        html_template = get_template("mailing/base.html")
        context["paragraphs"] = as_html(text)
    html = html_template.render(context | {"operator_footer": footer_html})
    context |= {"text": text, "operator_footer": footer_text}
    return Texts(context["subject"], _plain("mailing/base.txt", context), html)


@lru_cache(maxsize=4)
def _footers(operator: tuple[tuple[str, str], ...], site_url: str) -> tuple[str, SafeString]:
    # The same under each of ten thousand e-mails, so it is written once per process.
    context = {"operator": dict(operator), "site_url": site_url}
    html = get_template("mailing/footer.html").render(context)
    return _plain("mailing/footer.txt", context).strip(), html


def one_line(subject: str) -> str:
    """Make a subject of anything: no name can smuggle a header in, none is longer than 200."""
    line = " ".join(_unprintable.sub(" ", subject).split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def as_html(text: str) -> SafeString:
    """The same words as HTML: paragraphs, line breaks, and a link where an address stands."""
    blocks = (block.strip() for block in _blank_line.split(text))
    return mark_safe("\n".join(f"<p>{_linked(block)}</p>" for block in blocks if block))


def _linked(text: str) -> str:
    # Splitting by a pattern with one group yields words and addresses in turn.
    words_and_addresses = (escape(part) for part in _address.split(text))
    return "".join(
        f'<a href="{part}">{part}</a>' if position % 2 else part.replace("\n", "<br>\n")
        for position, part in enumerate(words_and_addresses)
    )


def _plain(name: str, context: dict[str, Any]) -> str:
    # The backend's own render() would escape, whatever the file is called.
    return get_template(name).template.render(Context(context, autoescape=False))
