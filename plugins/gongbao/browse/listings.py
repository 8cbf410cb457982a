"""Articles gathered by place, campaign, year and paper. Pure: articles in, lists out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gongbao.addresses import campaign_address, issue_address, paper_address, region_address, year_address
from gongbao.article import Article
from gongbao.dates import PartialDate
from gongbao.place import Place
from gongbao.regions import NamePeriod, Region, RegionTable
from gongbao.vocabulary import Campaign, Paper
from gongbao.words import year_name


@dataclass(frozen=True)
class RegionNode:
    """A place with every article of it and of the places inside it, newest first."""

    region: Region
    lineage: tuple[Region, ...]
    articles: tuple[Article, ...] = field(repr=False)
    children: tuple[RegionNode, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.region.name

    @property
    def full_name(self) -> str:
        return "".join(region.name for region in self.lineage)

    @property
    def address(self) -> str:
        return region_address(self.region.code)

    @property
    def former_names(self) -> tuple[NamePeriod, ...]:
        """The names before the present one; a page that gathers articles under them says so."""
        return tuple(period for period in self.region.names if period.name != self.region.name)


@dataclass(frozen=True)
class CampaignNode:
    """A campaign with its articles, newest first."""

    campaign: Campaign
    articles: tuple[Article, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.campaign.name

    @property
    def address(self) -> str:
        return campaign_address(self.campaign.id)


@dataclass(frozen=True)
class YearNode:
    """A year with its articles, newest first."""

    year: int
    articles: tuple[Article, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return year_name(self.year)

    @property
    def address(self) -> str:
        return year_address(self.year)


@dataclass(frozen=True)
class Issue:
    """One issue (期) of a paper: its pages (版) in order, each with its articles; page None is unknown."""

    paper: Paper
    date: PartialDate
    pages: tuple[tuple[int | None, tuple[Article, ...]], ...] = field(repr=False)

    @property
    def address(self) -> str:
        return issue_address(self.paper.id, self.date)

    @property
    def count(self) -> int:
        return sum(len(articles) for _, articles in self.pages)

    @property
    def digest(self) -> str:
        """All that it holds, for the digest of its page: there are nearly as many issues as articles."""
        own = [f"{page} {article.digest}" for page, articles in self.pages for article in articles]
        return "\n".join([self.address, *own])


@dataclass(frozen=True)
class PaperNode:
    """A paper with its issues and articles, newest first."""

    paper: Paper
    issues: tuple[Issue, ...]
    articles: tuple[Article, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.paper.name

    @property
    def address(self) -> str:
        return paper_address(self.paper.id)


@dataclass(frozen=True)
class Listings:
    """Every list of the site. `regions` are the provinces; `all_regions` every place down to the counties."""

    articles: tuple[Article, ...] = field(repr=False)
    regions: tuple[RegionNode, ...]
    campaigns: tuple[CampaignNode, ...]
    years: tuple[YearNode, ...]
    papers: tuple[PaperNode, ...]
    table: RegionTable = field(repr=False)

    def lineage(self, place: Place) -> tuple[Region, ...]:
        """The entities that a place stands in, from the province down to itself."""
        return self.table.lineage(place.region.code)

    @cached_property
    def all_regions(self) -> tuple[RegionNode, ...]:
        return tuple(_walk(self.regions))

    @cached_property
    def by_code(self) -> dict[str, RegionNode]:
        return {node.region.code: node for node in self.all_regions}


def gather(articles: Sequence[Article], campaigns: Sequence[Campaign], table: RegionTable) -> Listings:
    """Gather articles, given newest first, into every list; an article stands once in each list it belongs to."""
    by_region: defaultdict[str, list[Article]] = defaultdict(list)
    by_campaign: defaultdict[str, list[Article]] = defaultdict(list)
    by_year: defaultdict[int, list[Article]] = defaultdict(list)
    by_paper: defaultdict[Paper, list[Article]] = defaultdict(list)
    for article in articles:
        lineages = (table.lineage(place.region.code) for place in article.places)
        for code in dict.fromkeys(region.code for lineage in lineages for region in lineage):
            by_region[code].append(article)
        for campaign in article.campaigns:
            by_campaign[campaign.id].append(article)
        by_year[article.year].append(article)
        if article.source:
            by_paper[article.source.paper].append(article)
    return Listings(
        articles=tuple(articles),
        regions=_region_nodes(by_region, table),
        campaigns=tuple(CampaignNode(campaign, tuple(by_campaign[campaign.id])) for campaign in campaigns),
        years=tuple(YearNode(year, tuple(by_year[year])) for year in sorted(by_year, reverse=True)),
        papers=tuple(
            PaperNode(paper, _issues(paper, by_paper[paper]), tuple(by_paper[paper]))
            for paper in sorted(by_paper, key=lambda paper: paper.id)
        ),
        table=table,
    )


def paginate(articles: Sequence[Article], size: int) -> list[tuple[Article, ...]]:
    """Cut a list into pages of at most `size`; an empty list has one empty page."""
    return [tuple(articles[start : start + size]) for start in range(0, len(articles), size)] or [()]


def _region_nodes(by_region: dict[str, list[Article]], table: RegionTable) -> tuple[RegionNode, ...]:
    children: defaultdict[str | None, list[str]] = defaultdict(list)
    for code in sorted(by_region):
        children[table.regions[code].parent].append(code)

    def nodes(parent: str | None) -> tuple[RegionNode, ...]:
        return tuple(
            RegionNode(table.regions[code], table.lineage(code), tuple(by_region[code]), nodes(code))
            for code in children[parent]
        )

    return nodes(None)


def _issues(paper: Paper, articles: Iterable[Article]) -> tuple[Issue, ...]:
    by_date: defaultdict[PartialDate, defaultdict[int | None, list[Article]]] = defaultdict(lambda: defaultdict(list))
    for article in articles:
        if article.source and article.source.date:
            by_date[article.source.date][article.source.page].append(article)
    return tuple(
        Issue(
            paper,
            date,
            tuple(
                (page, tuple(sorted(pages[page], key=_print_order)))
                for page in sorted(pages, key=lambda page: (page is None, page or 0))
            ),
        )
        for date, pages in sorted(by_date.items(), key=lambda item: item[0].sort_key, reverse=True)
    )


def _print_order(article: Article) -> tuple[str, int, str]:
    """As they stood on the page, so far as `clip` has noted it: by the lines of the page's dump; else by slug."""
    if article.clip is None:
        return ("", 0, article.slug)
    return (article.clip.file, int(article.clip.lines[0].partition("-")[0]), article.slug)


def _walk(nodes: Iterable[RegionNode]) -> Iterable[RegionNode]:
    for node in nodes:
        yield node
        yield from _walk(node.children)
