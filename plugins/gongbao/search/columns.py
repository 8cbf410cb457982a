"""Which facet values each document has: one file that a reader fetches to count values among what was found.

The postings of facet terms would do too, but there are as many of them as places; here all values of a document
stand together. DESIGN.md describes the file; theme/static/js/search/facets.js counts with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gongbao.article import Lists
from gongbao.regions import Region
from gongbao.search.coding import encode_json
from gongbao.search.documents import FACET_PREFIXES

COLUMNS_FILE = "columns.bin"

PREFIX_LENGTH = len(FACET_PREFIXES["region"])  # of each

Cell = int | list[int]


def encode_columns(facets: Sequence[Sequence[str]], lists: Lists) -> bytes:
    """The columns of documents, given each one's facet terms, as UTF-8 JSON.

    Of places the innermost are written: the others are their parents in the table of values.
    """
    ids = _column_ids(facets)
    columns = {
        "region": _region_column(ids["region"], lists.regions.regions),
        "campaign": _plain_column(
            ids["campaign"], {campaign.id: campaign.name for campaign in lists.vocabulary.campaigns}
        ),
        "paper": _plain_column(ids["paper"], {paper.id: paper.name for paper in lists.vocabulary.papers}),
    }
    return encode_json(columns)


def _column_ids(facets: Sequence[Sequence[str]]) -> dict[str, list[list[str]]]:
    """By the name of a facet its values in each document."""
    rows: dict[str, list[list[str]]] = {prefix: [[] for _ in facets] for prefix in FACET_PREFIXES.values()}
    for number, own in enumerate(facets):
        for facet in own:
            rows[facet[:PREFIX_LENGTH]][number].append(facet[PREFIX_LENGTH:])
    return {name: rows[prefix] for name, prefix in FACET_PREFIXES.items()}


def _region_column(rows: Sequence[Sequence[str]], regions: dict[str, Region]) -> dict[str, object]:
    """Values as [code, name, number of the parent or -1], parents before children."""
    codes = sorted({code for row in rows for code in row}, key=lambda code: (regions[code].level, code))
    numbers = {code: number for number, code in enumerate(codes)}

    def parent_of(code: str) -> int:
        parent = regions[code].parent
        return -1 if parent is None else numbers[parent]

    def innermost(row: Sequence[str]) -> Sequence[str]:
        if len(row) < 2:
            return row
        parents = {regions[code].parent for code in row}
        return [code for code in row if code not in parents]

    return {
        "values": [[code, regions[code].name, parent_of(code)] for code in codes],
        "documents": _cells([innermost(row) for row in rows], numbers.__getitem__),
    }


def _plain_column(rows: Sequence[Sequence[str]], names: dict[str, str]) -> dict[str, object]:
    """Values as [id, name]."""
    ids = sorted({identity for row in rows for identity in row})
    numbers = {identity: number for number, identity in enumerate(ids)}
    return {
        "values": [[identity, names[identity]] for identity in ids],
        "documents": _cells(rows, numbers.__getitem__),
    }


def _cells(rows: Sequence[Sequence[str]], number_of: Callable[[str], int]) -> list[Cell]:
    """Each document's values: a number if there is just one, as most documents have it, else a list."""
    lists_of_numbers = [sorted(map(number_of, row)) if len(row) > 1 else list(map(number_of, row)) for row in rows]
    return [numbers[0] if len(numbers) == 1 else numbers for numbers in lists_of_numbers]
