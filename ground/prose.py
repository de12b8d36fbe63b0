"""What people write into a text field, as HTML: paragraphs, lists, and links, and nothing else.

Everything is escaped first; only what this module writes itself is markup. A link leads to a page
(http, https) or opens an e-mail, whatever else somebody wrote in its place.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

_blank_line = re.compile(r"\n\s*\n")
# Stops before the punctuation that closes a sentence or a bracket.
_ADDRESS = r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}]"
_address = re.compile(f"({_ADDRESS})")
_link = re.compile(
    rf"\[(?P<words>[^\[\]\n]+)\]\((?P<target>{_ADDRESS})\)"
    rf"|(?P<address>{_ADDRESS})"
    r"|(?P<mailbox>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)
_item = re.compile(r"\s*(?:(?P<bullet>[-*•–])|(?P<number>\d{1,2})[.)])\s+(?P<text>\S.*)")


def as_html(text: str) -> SafeString:
    """Blank lines divide paragraphs; lines that begin with „-“, „*“, „•“ or „1.“ are lists.

    „[Words](https://…)“ is a link, and so is an address that stands by itself.
    """
    blocks = (block.strip("\n") for block in _blank_line.split(text.replace("\r\n", "\n")))
    return mark_safe("\n".join(part for block in blocks for part in _parts(block) if part))


def linked(text: str) -> str:
    """Escaped, with a link where an address stands, and its line breaks."""
    # Splitting by a pattern with one group yields words and addresses in turn.
    words_and_addresses = (escape(part) for part in _address.split(text))
    return "".join(
        f'<a href="{part}">{part}</a>' if position % 2 else part.replace("\n", "<br>\n")
        for position, part in enumerate(words_and_addresses)
    )


def _parts(block: str) -> Iterator[str]:
    for kind, lines in groupby(block.split("\n"), key=_kind):
        if kind:
            items = "".join(f"<li>{_inline(_item.match(line)['text'])}</li>" for line in lines)
            yield f"<{kind}>{items}</{kind}>"
        elif words := "\n".join(lines).strip():
            yield f"<p>{_inline(words)}</p>"


def _kind(line: str) -> str:
    found = _item.match(line)
    return "" if found is None else "ul" if found["bullet"] else "ol"


def _inline(text: str) -> str:
    html, last = "", 0
    for found in _link.finditer(text):
        html += _escaped(text[last : found.start()])
        target = found["target"] or found["address"] or f"mailto:{found['mailbox']}"
        words = found["words"] or found["address"] or found["mailbox"]
        html += f'<a class="kern-link" href="{escape(target)}" rel="noopener">{escape(words)}</a>'
        last = found.end()
    return html + _escaped(text[last:])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")
