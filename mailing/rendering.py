import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

SUBJECT_LENGTH = 200

# Where the frame of an e-mail takes words in.
_PLACES = ("subject", "text", "paragraphs", "unsubscribe_url")
_place = re.compile(f"([\ue000-{chr(0xE000 + len(_PLACES) - 1)}])")

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
    operator = tuple(settings.OPERATOR.items())
    context = {"operator": settings.OPERATOR, "site_url": settings.SITE_URL, **context}
    context["subject"] = one_line(_plain(f"{template}_subject.txt", context))
    text = _plain(f"{template}_{body}.txt", context).strip()
    unsubscribe_url = context.get("unsubscribe_url") or ""
    frames = _frames(operator, settings.SITE_URL, can_unsubscribe=bool(unsubscribe_url))
    written = frames.text.filled(text=text, unsubscribe_url=unsubscribe_url)
    try:
        html_template = get_template(f"{template}_{body}.html")
    except TemplateDoesNotExist:
        html = frames.html.filled(
            subject=escape(context["subject"]),
            paragraphs=as_html(text),
            unsubscribe_url=escape(unsubscribe_url),
        )
    else:
        _footer, footer = _footers(operator, settings.SITE_URL)
        html = html_template.render(context | {"operator_footer": footer})
    return Texts(context["subject"], written, html)


class Frame:
    """What surrounds the words of every e-mail, cut where they come in."""

    def __init__(self, template: str, fill: Callable[[str, dict[str, Any]], str], **fixed: Any):
        # Private characters stand for the words, so that no word can be taken for a place.
        places = {name: chr(0xE000 + number) for number, name in enumerate(_PLACES)}
        if not fixed.pop("can_unsubscribe"):
            places["unsubscribe_url"] = ""
        whole = fill(template, {name: mark_safe(place) for name, place in places.items()} | fixed)
        names = {place: name for name, place in places.items() if place}
        self._parts = [(names.get(part), part) for part in _place.split(whole)]

    def filled(self, **words: str) -> str:
        return "".join(words[name] if name else part for name, part in self._parts)


@dataclass(frozen=True, slots=True)
class Frames:
    text: Frame
    html: Frame


@lru_cache(maxsize=8)
def _frames(
    operator: tuple[tuple[str, str], ...], site_url: str, *, can_unsubscribe: bool
) -> Frames:
    # The same around each of ten thousand e-mails, so it is rendered once per process.
    text, html = _footers(operator, site_url)
    fixed = {
        "operator": dict(operator),
        "site_url": site_url,
        "can_unsubscribe": can_unsubscribe,
    }
    return Frames(
        text=Frame("mailing/base.txt", _plain, operator_footer=text, **fixed),
        html=Frame("mailing/base.html", _html, operator_footer=html, **fixed),
    )


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


def _html(name: str, context: dict[str, Any]) -> str:
    return get_template(name).render(context)


def _plain(name: str, context: dict[str, Any]) -> str:
    # The backend's own render() would escape, whatever the file is called.
    return get_template(name).template.render(Context(context, autoescape=False))
