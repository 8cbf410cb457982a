"""What was reported before and after an article: from the same place, and of the same campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from gongbao.addresses import campaign_address, region_address
from gongbao.article import Article
from gongbao.regions import RegionTable

Kind = Literal["place", "campaign"]
Scope = Iterable[tuple[str, str]]


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
        self._series_of, self._named = cache(self._inside), cache(self._name_places)
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
        scopes: list[tuple[Kind, Scope]] = []
        if article.places:
            scopes.append(("place", self._named(article.places[0].region.code, article.year)))
        scopes.append(("campaign", ((campaign.name, campaign_address(campaign.id)) for campaign in article.campaigns)))
        found = (self._first_shared(article, kind, scope) for kind, scope in scopes)
        return tuple(neighbours for neighbours in found if neighbours)

    def _inside(self, code: str) -> tuple[str, ...]:
        """The addresses of the places that a place stands in, from the province down to itself."""
        return tuple(region_address(region.code) for region in self._table.lineage(code))

    def _name_places(self, code: str, year: int) -> tuple[tuple[str, str], ...]:
        """Their names in a year, and their addresses, from itself up to the province."""
        names = (region.name_in(year) for region in self._table.lineage(code))
        return tuple(zip(names, self._series_of(code), strict=True))[::-1]

    def _first_shared(self, article: Article, kind: Kind, scope: Scope) -> Neighbours | None:
        for name, address in scope:
            series = self._by_address[address]
            if len(series) > 1:
                place = self._places[address, article.address]
                before = series[place - 1] if place else None
                after = series[place + 1] if place + 1 < len(series) else None
                return Neighbours(kind, name, address, before, after)
        return None
