import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, select_template
from django.utils.safestring import SafeString, mark_safe

from ground.prose import linked

SUBJECT_LENGTH = 200

# Where the frame of an e-mail takes words in.
_PLACES = ("subject", "text", "paragraphs", "why", "unsubscribe_url")
_place = re.compile(f"([\ue000-{chr(0xE000 + len(_PLACES) - 1)}])")

# Where a `Pattern` takes words in. The number is drawn anew by every process, so that nothing that
# people have typed can be taken for a place.
_OPENS, _CLOSES, _SECRET = "\ue100", "\ue101", f":{token_hex(8)}"
_PLACE = re.compile(f"{_OPENS}([a-z_]+){_SECRET}{_CLOSES}")
# The same place inside of an attribute, where no link may be made of the word.
_IN_ATTRIBUTE = "in_attribute__"
# Begins a paragraph that is the one thing to do, as `button` writes it.
_BUTTON = f"\ue102{_SECRET}"

_blank_line = re.compile(r"\n\s*\n")
# Controls, and the characters that turn writing around and so disguise it (joiners of emoji stay).
_unprintable = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Texts:
    subject: str
    text: str
    html: str


def place(name: str) -> str:
    """What stands in the context of a `Pattern` for a word that differs between its e-mails."""
    return f"{_OPENS}{name}{_SECRET}{_CLOSES}"


def button(label: str, address: str) -> str:
    """The one thing to do in an e-mail, a paragraph by itself: a button in HTML, with its address below."""
    return f"{_BUTTON}{label}:\n{address}"


class Pattern:
    """The e-mail `template` ("app/email/name") written for `context`, as often as one likes.

    `…_subject.txt` and `…_body.txt` are plain text: nothing in them is escaped. Without a
    `…_body.html` (extending "mailing/base.html") the HTML says the same as the text. The operator's
    footer stands below both, after what `_why.txt` in the folder of the template, or in one above it,
    says of why people get this e-mail.

    What differs between many e-mails stands as a `place` in the context: the templates may show it,
    but not ask about it. So ten thousand e-mails take one rendering.
    """

    def __init__(self, template: str, context: dict[str, Any], *, body: str = "body") -> None:
        self._operator, self._site_url = tuple(settings.OPERATOR.items()), settings.SITE_URL
        context = {"operator": settings.OPERATOR, "site_url": self._site_url, **context}
        subject = _plain(f"{template}_subject.txt", context)
        context["subject"] = one_line(subject)
        text = _plain(f"{template}_{body}.txt", context).strip()
        self._subject, self._text = _Cut(subject), _Cut(text.replace(_BUTTON, ""))
        why = " ".join(_plain(_why(template), context).split())
        self._why = _Cut(why)
        try:
            html_template = get_template(f"{template}_{body}.html")
        except TemplateDoesNotExist:
            self._html, self._has_own_html = _Cut(as_html(text)), False
        else:
            _footer, footer = _footers(self._operator, self._site_url)
            html = html_template.render(context | {"operator_footer": footer, "why": why})
            self._html, self._has_own_html = _Cut(html), True

    def filled(self, words: Mapping[str, str] | None = None, *, unsubscribe_url: str = "") -> Texts:
        """One e-mail, with these words in the places."""
        words = words or {}
        subject = one_line(self._subject.filled(words))
        frames = _frames(self._operator, self._site_url, can_unsubscribe=bool(unsubscribe_url))
        why = self._why.filled(words)
        text = frames.text.filled(
            text=self._text.filled(words), why=why, unsubscribe_url=unsubscribe_url
        )
        if self._has_own_html:
            return Texts(subject, text, self._html.filled(words, escape))
        html = frames.html.filled(
            subject=escape(subject),
            paragraphs=self._html.filled(words, linked),
            why=escape(why),
            unsubscribe_url=escape(unsubscribe_url),
        )
        return Texts(subject, text, html)


class _Cut:
    """A text, cut where words come in."""

    def __init__(self, text: str) -> None:
        self._parts = _PLACE.split(text)

    def filled(self, words: Mapping[str, str], written: Callable[[str], str] = str) -> str:
        # Splitting by a pattern with one group yields texts and names in turn.
        return "".join(
            _word(words, part, written) if position % 2 else part
            for position, part in enumerate(self._parts)
        )


def _word(words: Mapping[str, str], name: str, written: Callable[[str], str]) -> str:
    if name.startswith(_IN_ATTRIBUTE):
        return escape(words[name.removeprefix(_IN_ATTRIBUTE)])
    return written(words[name])


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
    return mark_safe(
        "\n".join(_as_button(block) or f"<p>{linked(block)}</p>" for block in blocks if block)
    )


def _as_button(block: str) -> str:
    if not block.startswith(_BUTTON):
        return ""
    label, _colon, address = block.removeprefix(_BUTTON).partition(":\n")
    address = address.strip()
    target = _PLACE.sub(lambda found: place(f"{_IN_ATTRIBUTE}{found[1]}"), address)
    return (
        f'<p><a class="button" href="{escape(target)}">{escape(label)}</a></p>\n'
        f'<p class="address">Falls der Knopf nicht geht, kopieren Sie diese Adresse in Ihren Browser:'
        f"<br>\n{linked(address)}</p>"
    )


@lru_cache(maxsize=256)
def _why(template: str) -> str:
    """The nearest template that says why people get this e-mail."""
    folders = template.split("/")[:-1]
    names = ["/".join([*folders[:depth], "_why.txt"]) for depth in range(len(folders), 0, -1)]
    return select_template([*names, "mailing/_why.txt"]).template.name


def _html(name: str, context: dict[str, Any]) -> str:
    return get_template(name).render(context)


def _plain(name: str, context: dict[str, Any]) -> str:
    # The backend's own render() would escape, whatever the file is called.
    return get_template(name).template.render(Context(context, autoescape=False))
