"""What each kind of page shows beside its list: charts, sums, calendars, and the trail that leads to it.

Each function looks once at the articles of its own page. A region's articles are those of its province, city and
county, so that all pages together look at every article a fixed number of times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from gongbao import addresses
from gongbao.addresses import search_address
from gongbao.article import Article
from gongbao.browse.charts import Bar, month_bars, ranked_bars, scale_bars, season, year_bars
from gongbao.browse.days import DayNode, usual_lines, year_grid
from gongbao.browse.issues import CalendarYear, paper_calendar
from gongbao.browse.listings import CampaignNode, Issue, Listings, PaperNode, RegionNode, YearNode
from gongbao.browse.sums import sum_figures
from gongbao.browse.tiles import map_tiles
from gongbao.vocabulary import Paper
from gongbao.words import NP_, pgettext, year_name

Values = dict[str, Any]
MOST_PLACES = 2500  # on the page of all places, at 18 bytes gzipped each: more would weigh over 60 KB with the rest


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page to a page."""

    name: str
    address: str


SECTIONS = {  # names are translated in section_of
    "regions": Crumb(NP_("栏目", "地区"), addresses.REGIONS),
    "campaigns": Crumb(NP_("栏目", "活动"), addresses.CAMPAIGNS),
    "years": Crumb(NP_("栏目", "年份"), addresses.YEARS),
    "papers": Crumb(NP_("栏目", "报纸"), addresses.PAPERS),
    "days": Crumb(NP_("栏目", "历史上的今天"), addresses.DAYS),
    "data": Crumb(NP_("栏目", "开放数据"), addresses.DATA),
    "search": Crumb(NP_("栏目", "检索"), addresses.SEARCH),
}


def section_of(name: str) -> Crumb:
    """A section by the name of its template. Raises KeyError if it is none."""
    crumb = SECTIONS[name]
    return Crumb(pgettext("栏目", crumb.name), crumb.address)


@dataclass(frozen=True)
class Step:
    """A page that stands beside another, with how many articles or issues it has."""

    name: str
    address: str
    count: int

    @property
    def digest(self) -> str:
        """All that it says, for the digests of the pages that it stands on."""
        return f"{self.name} {self.address} {self.count}"


def parent_of(node: RegionNode, listings: Listings) -> Step | None:
    """The place that holds a place. Only what is shown of it: its other articles are no matter of this page."""
    if node.region.parent is None:
        return None
    parent = listings.by_code[node.region.parent]
    return Step(parent.name, parent.address, len(parent.articles))


def step_to(issue: Issue | None) -> Step | None:
    """The issue before or after."""
    return Step(issue.date.in_words, issue.address, issue.count) if issue else None


def step_to_year(paper: Paper, year: int, count: int) -> Step:
    """The year before or after, of so many issues."""
    return Step(year_name(year), addresses.calendar_address(paper.id, year), count)


def home_view(listings: Listings, days: Sequence[DayNode]) -> Values:
    """The map, the timeline and the campaigns with their seasons, in order of how much there is of each."""
    busy = sorted((node for node in listings.campaigns if node.articles), key=lambda node: -len(node.articles))
    return {
        "tiles": _tiles(listings),
        "years": _timeline(listings),
        "busy_campaigns": [(node, season(node.campaign.months)) for node in busy],
        "today_lines": usual_lines(days),
    }


def days_view(days: Sequence[DayNode]) -> Values:
    """The days of the year, month by month."""
    return {"months": year_grid(days)}


def regions_view(listings: Listings) -> Values:
    return {"tiles": _tiles(listings), "show_counties": len(listings.all_regions) <= MOST_PLACES}


def campaigns_view(listings: Listings) -> Values:
    return {
        "seasons": {
            node.campaign.id: (
                season(node.campaign.months),
                month_bars(_months(node.articles), None, node.campaign.months),
            )
            for node in listings.campaigns
        }
    }


def years_view(listings: Listings) -> Values:
    return {"years": _timeline(listings)}


def region_view(node: RegionNode, listings: Listings) -> Values:
    """What the place holds, its years and campaigns, its sums."""
    code = node.region.code
    return {
        "children": child_bars(node),
        "years": year_bars(
            Counter(article.year for article in node.articles),
            lambda year: search_address(region=code, from_=year, to=year),
        ),
        "campaigns": _campaign_bars(node.articles, listings, region=code),
        "sums": sum_figures(node.articles),
    }


def campaign_view(node: CampaignNode, listings: Listings) -> Values:
    """The campaign's season, in words and as it really was; its years, its provinces, its sums."""
    campaign = node.campaign.id
    return {
        "season": season(node.campaign.months),
        "months": month_bars(_months(node.articles), None, node.campaign.months),
        "years": year_bars(
            Counter(article.year for article in node.articles),
            lambda year: search_address(campaign=campaign, from_=year, to=year),
        ),
        "regions": _province_bars(node.articles, listings, campaign=campaign),
        "sums": sum_figures(node.articles),
    }


def year_view(node: YearNode, listings: Listings, page_size: int) -> Values:
    """The year's months, which lead to where they begin in its list, and its campaigns and provinces."""
    starts: dict[int, str] = {}
    for number, article in enumerate(node.articles):
        month = article.date.month or 0
        starts.setdefault(month, f"{addresses.page_address(node.address, number // page_size + 1)}#m{month}")
    return {
        "months": month_bars(_months(node.articles), lambda month: starts.get(month, "")),
        "undated": (sum(1 for article in node.articles if not article.date.month), starts.get(0, "")),
        "campaigns": _campaign_bars(node.articles, listings, from_=node.year, to=node.year),
        "regions": _province_bars(node.articles, listings, from_=node.year, to=node.year),
        "sums": sum_figures(node.articles),
    }


def paper_view(node: PaperNode) -> Values:
    """The years of the paper's calendar, and the issues whose day isn't known."""
    return {"years": paper_calendar(node), "partial": tuple(issue for issue in node.issues if not issue.date.day)}


def months_of(articles: Sequence[Article]) -> list[tuple[int, list[Article]]]:
    """A page of a year's list, parted where the month changes; month 0 is unknown."""
    return [(month, list(own)) for month, own in groupby(articles, key=lambda article: article.date.month or 0)]


def trail_of(node: object) -> tuple[Crumb, ...]:
    """The steps from the section down to a page, the page itself last; empty for what is no list."""
    if isinstance(node, RegionNode):
        lineage = (Crumb(region.name, addresses.region_address(region.code)) for region in node.lineage)
        return (section_of("regions"), *lineage)
    if isinstance(node, Issue | CalendarYear):
        paper = Crumb(node.paper.name, addresses.paper_address(node.paper.id))
        name = node.date.in_words if isinstance(node, Issue) else node.name
        return (section_of("papers"), paper, Crumb(name, node.address))
    for kind, section in KINDS:
        if isinstance(node, kind):
            return (section_of(section), Crumb(node.name, node.address))
    return ()


KINDS = ((CampaignNode, "campaigns"), (YearNode, "years"), (PaperNode, "papers"), (DayNode, "days"))


def breadcrumb_json(trail: Iterable[Crumb], home: str, site: str) -> dict[str, Any]:
    """schema.org's BreadcrumbList, from the home page on."""
    return _list_json("BreadcrumbList", "item", (Crumb(home, addresses.HOME), *trail), site)


def newest_json(articles: Iterable[Article], site: str) -> dict[str, Any]:
    """schema.org's ItemList of the front page: search engines read there what is new."""
    return _list_json("ItemList", "url", (Crumb(article.title, article.address) for article in articles), site)


def _list_json(kind: str, key: str, crumbs: Iterable[Crumb], site: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": crumb.name, key: f"{site}{crumb.address}"}
            for position, crumb in enumerate(crumbs, 1)
        ],
    }


def _tiles(listings: Listings) -> Any:
    return map_tiles({node.region.code: len(node.articles) for node in listings.regions})


def _timeline(listings: Listings) -> tuple[Bar, ...]:
    return year_bars({node.year: len(node.articles) for node in listings.years}, addresses.year_address)


def _months(articles: Iterable[Article]) -> Counter[int]:
    return Counter(article.date.month for article in articles if article.date.month)


def _campaign_bars(articles: Iterable[Article], listings: Listings, **filters: object) -> tuple[Bar, ...]:
    names = {node.campaign.id: node.name for node in listings.campaigns}
    counts = Counter(campaign.id for article in articles for campaign in article.campaigns)
    return ranked_bars(counts, names, lambda campaign: search_address(**filters, campaign=campaign))


def _province_bars(articles: Iterable[Article], listings: Listings, **filters: object) -> tuple[Bar, ...]:
    names = {node.region.code: node.name for node in listings.regions}
    counts: Counter[str] = Counter()
    for article in articles:
        counts.update({listings.lineage(place)[0].code for place in article.places})
    return ranked_bars(counts, names, lambda region: search_address(region=region, **filters))


def child_bars(node: RegionNode) -> tuple[Bar, ...]:
    """The places inside a place, the most reported first."""
    children = sorted(node.children, key=lambda child: (-len(child.articles), child.region.code))
    return scale_bars(Bar(child.name, len(child.articles), child.address, child.name) for child in children)
