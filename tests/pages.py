"""What a page says, as a person reads it."""

import re
from html import unescape


def words(answer) -> str:
    """The text of the page's main part."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())
