"""The shell blocks of the documentation, in the order in which they stand."""

import re
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).parents[2]

_BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SHELL = {"sh", "bash", "shell", "console"}


class Block(NamedTuple):
    file: str
    heading: str
    text: str
    # Why it is not run; the documentation says so itself, where only those who write it look.
    reason: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.heading}"


def documents() -> list[Path]:
    return [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *CHECKOUT.glob("docs/**/*.md")]


def shell_blocks() -> list[Block]:
    found = []
    for path in sorted(documents()):
        text = path.read_text()
        for match in _BLOCK.finditer(text):
            if match["kind"] in SHELL:
                headings = re.findall(r"^#+ (.+)$", text[: match.start()], re.MULTILINE)
                name = str(path.relative_to(CHECKOUT))
                found.append(Block(name, headings[-1], match["text"], match["reason"] or ""))
    return found
