"""The network as researched, from `projects/data/` into the catalogue, again and again.

    data files ──tables──▶ Things with facts ──merging──▶ what to write, what to leave ──loading──▶ rows

Three versions of every fact meet: the one loaded last time, the one in the table now, and the one in
the files. Only where nobody changed the table since does the file's version go in. `writing` goes the
other way: what editors know flows back into the files.
"""

from projects.network.catalogue import CATALOGUE
from projects.network.loading import KindReport, load
from projects.network.tables import Members, Table, Thing
from projects.network.writing import write_files

__all__ = ["CATALOGUE", "KindReport", "Members", "Table", "Thing", "load", "write_files"]
