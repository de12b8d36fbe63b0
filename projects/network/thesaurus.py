"""The thesaurus of the search, from `projects/data/thesaurus.json` into its table."""

from pathlib import Path

from finding.models import Synonyms
from projects.network.tables import File, Table, Thing, plain, read_json

SYNONYMS = "synonyms"


def _groups(folder: Path) -> list[Thing]:
    rows = read_json(folder / "thesaurus.json")
    return [Thing(row["words"].partition(",")[0], row["words"], row, {}) for row in rows]


THESAURUS = (
    Table(
        SYNONYMS,
        "Gruppen gleichbedeutender Wörter",
        Synonyms,
        _groups,
        signs=(("words",),),
        file=File(
            "thesaurus.json",
            plain(),
            key=lambda row: row.words.partition(",")[0],
            tell_apart="words",
        ),
    ),
)
