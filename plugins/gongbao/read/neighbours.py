"""What was reported before and after an article: from the same place, and of the same campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from gongbao.addresses import campaign_address, region_address
from gongbao.article import Article
from gongbao.regions import Region, RegionTable

Kind = Literal["place", "campaign"]


@dataclass(frozen=True)
class Neighbours:
    """The articles before and after one in a series, of which at least one is there. `name` names the series."""

    kind: Kind
    name: str
    address: str
    before: Article | None = field(repr=False)
    after: Article | None = field(repr=False)


class Series:
    """Articles of each place, with those of the places inside it, and of each campaign, in the order of time."""

    def __init__(self, articles: Iterable[Article], table: RegionTable) -> None:
        self._table = table
        self._series_of = cache(self._inside)
        self._regions: dict[str, Region] = {}  # by their addresses
        self._by_address: defaultdict[str, list[Article]] = defaultdict(list)
        self._places: dict[tuple[str, str], int] = {}  # of an article, by its own address, in the series of an address
        for article in sorted(articles, key=lambda one: one.sort_key):
            addresses = [address for place in article.places for address in self._series_of(place.region.code)]
            addresses += [campaign_address(campaign.id) for campaign in article.campaigns]
            own = article.address
            for address in dict.fromkeys(addresses):
                self._places[address, own] = len(self._by_address[address])
                self._by_address[address].append(article)

    def around(self, article: Article) -> tuple[Neighbours, ...]:
        """The neighbours in the main place and in the first campaign that has others; none where all stand alone.

        A county with one article has no neighbours to offer: then its city's serve, then its province's.
        """
        found = []
        code = article.places[0].region.code if article.places else ""
        if shared := self._first_shared(article, self._series_of(code)):
            address, before, after = shared
            found.append(Neighbours("place", self._regions[address].name_in(article.year), address, before, after))
        campaigns = {campaign_address(campaign.id): campaign.name for campaign in article.campaigns}
        if shared := self._first_shared(article, campaigns):
            address, before, after = shared
            found.append(Neighbours("campaign", campaigns[address], address, before, after))
        return tuple(found)

    def _inside(self, code: str) -> tuple[str, ...]:
        """The addresses of the places that a place stands in, from itself up to the province; none of no place."""
        regions = {region_address(region.code): region for region in self._table.lineage(code)} if code else {}
        self._regions |= regions
        return tuple(regions)[::-1]

    def _first_shared(
        self, article: Article, addresses: Iterable[str]
    ) -> tuple[str, Article | None, Article | None] | None:
        """The first address whose series has others too, with the articles before and after this one in it."""
        for address in addresses:
            series = self._by_address[address]
            if len(series) > 1:
                place = self._places[address, article.address]
                before = series[place - 1] if place else None
                after = series[place + 1] if place + 1 < len(series) else None
                return address, before, after
        return None
