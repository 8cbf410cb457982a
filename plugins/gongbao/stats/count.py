"""What an archive holds, and what in it wants an editor's look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from gongbao.archive import article_files
from gongbao.article import Article, Lists
from gongbao.flags import FLAG_NAMES
from gongbao.inventory import Entry, read_entries

SURE = 0.7  # drafts that `clip` was less sure of
WITHOUT = "（没有）"


@dataclass(frozen=True)
class Row:
    """One line of a table: a name with its id or code, and how many articles have it."""

    name: str
    id: str
    articles: int


@dataclass(frozen=True)
class Doubt:
    """Something to look at, and in which files."""

    kind: str
    name: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Stats:
    """Published articles and drafts are counted together in the tables; `drafts` tells how many are drafts.

    An article with two campaigns or places of two provinces counts in both rows.
    """

    files: int
    articles: int
    drafts: int
    unread: int
    regions: tuple[Row, ...]
    campaigns: tuple[Row, ...]
    years: tuple[Row, ...]
    papers: tuple[Row, ...]
    doubts: tuple[Doubt, ...]

    def to_json(self) -> dict[str, object]:
        """The same as a JSON object."""
        return asdict(self)


# Why an article wants a look: a word for programs, words for people, and the test.
TESTS: tuple[tuple[str, str, Callable[[Article], bool]], ...] = (
    ("no-region", "没有标地区", lambda own: not own.places),
    ("no-campaign", "没有标活动", lambda own: not own.campaigns),
    ("no-source", "没有写出处", lambda own: own.source is None),
    ("inferred-paper", "报纸是据署名推定的", lambda own: own.source is not None and own.source.inferred),
    ("imprecise-date", "日期不到日", lambda own: own.date.day is None),
    ("no-byline", "没有署名", lambda own: not own.byline),
    ("unsure-clip", f"剪报把握低于 {SURE}", lambda own: own.clip is not None and (own.clip.confidence or 1) < SURE),
)


def count_archive(content: Path, lists: Lists) -> Stats:
    """Read and count every article of a content folder."""
    return count(read_entries(article_files(content), lists, content), lists, content)


def count(entries: Iterable[Entry], lists: Lists, content: Path) -> Stats:
    """Count what was read; names of files are told from the content folder."""
    read = list(entries)
    articles = [entry.article for entry in read if entry.article]
    names = _names(lists)
    return Stats(
        files=len(read),
        articles=len(articles),
        drafts=sum(entry.is_draft for entry in read),
        unread=len(read) - len(articles),
        regions=_rows(articles, lambda own: _provinces(own, lists), names),
        campaigns=_rows(articles, lambda own: [campaign.id for campaign in own.campaigns], names),
        years=_rows(articles, lambda own: [str(own.year)], {}, by_id=True),
        papers=_rows(articles, lambda own: [own.source.paper.id] if own.source else [], names),
        doubts=tuple(_doubts(read, content)),
    )


def _names(lists: Lists) -> dict[str, str]:
    own = lists.vocabulary
    regions = {code: region.name for code, region in lists.regions.regions.items()}
    campaigns = {campaign.id: campaign.name for campaign in own.campaigns}
    return regions | campaigns | {paper.id: paper.name for paper in own.papers}


def _provinces(article: Article, lists: Lists) -> list[str]:
    return [lists.regions.lineage(place.region.code)[0].code for place in article.places]


def _rows(
    articles: Iterable[Article],
    ids_of: Callable[[Article], Iterable[str]],
    names: Mapping[str, str],
    *,
    by_id: bool = False,
) -> tuple[Row, ...]:
    """Most articles first; what has none of the ids comes last."""
    counts: Counter[str] = Counter()
    without = 0
    for article in articles:
        own = set(ids_of(article))
        counts.update(own)
        without += not own
    ordered = sorted(counts.items(), key=lambda one: one[0] if by_id else (-one[1], one[0]))
    rows = [Row(names.get(own, own), own, number) for own, number in ordered]
    return (*rows, *([Row(WITHOUT, "", without)] if without else []))


def _doubts(entries: list[Entry], content: Path) -> Iterable[Doubt]:
    """Files with errors, then each test's articles, then each flag's; what nothing is in is left out."""
    found = [("unread", "有错误，读不成", [entry for entry in entries if entry.article is None])]
    for kind, name, test in TESTS:
        found.append((kind, name, [entry for entry in entries if entry.article and test(entry.article)]))
    for flag, name in FLAG_NAMES.items():
        flagged = [entry for entry in entries if entry.clip and flag in entry.clip.flags]
        found.append((f"flag-{flag}", f"剪报标记：{name}", flagged))
    for kind, name, own in found:
        if own:
            yield Doubt(kind, name, tuple(entry.path.relative_to(content).as_posix() for entry in own))
