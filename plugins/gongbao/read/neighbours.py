"""What was reported before and after an article: from the same place, and of the same campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Literal

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
        self._lineage = cache(self._look_up)  # asked for with each article
        self._by_address: defaultdict[str, list[Article]] = defaultdict(list)
        self._places: dict[tuple[str, str], int] = {}  # of an article, by its own address, in the series of an address
        for article in sorted(articles, key=lambda one: one.sort_key):
            addresses = [address for place in article.places for address in self._lineage(place.region.code)]
            addresses += [campaign_address(campaign.id) for campaign in article.campaigns]
            own = article.address
            for address in dict.fromkeys(addresses):
                self._places[address, own] = len(self._by_address[address])
                self._by_address[address].append(article)

    def around(self, article: Article) -> tuple[Neighbours, ...]:
        """The neighbours in the main place and in the first campaign that has others; none where all stand alone.

        A county with one article has no neighbours to offer: then its city's serve, then its province's.
        """
        year, campaigns = article.year, {campaign_address(campaign.id): campaign for campaign in article.campaigns}
        places = self._lineage(article.places[0].region.code) if article.places else {}
        found = (
            self._first_shared(article, "place", places, lambda place: place.name_in(year)),
            self._first_shared(article, "campaign", campaigns, attrgetter("name")),
        )
        return tuple(neighbours for neighbours in found if neighbours)

    def _look_up(self, code: str) -> dict[str, Region]:
        """A place and those that it stands in, up to the province, by their addresses."""
        return {region_address(region.code): region for region in reversed(self._table.lineage(code))}

    def _first_shared(
        self, article: Article, kind: Kind, scope: Mapping[str, Any], name_of: Callable[[Any], str]
    ) -> Neighbours | None:
        """Those in the first series that has others too, of a scope: what series are of, by their addresses."""
        for address, own in scope.items():
            series = self._by_address[address]
            if len(series) > 1:
                place = self._places[address, article.address]
                before = series[place - 1] if place else None
                after = series[place + 1] if place + 1 < len(series) else None
                return Neighbours(kind, name_of(own), address, before, after)
        return None
