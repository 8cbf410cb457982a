"""What was reported before and after an article: from the same place, and of the same campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
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
        self._by_address: defaultdict[str, list[Article]] = defaultdict(list)
        self._places: dict[tuple[str, str], int] = {}  # of an article, by its own address, in the series of an address
        for article in sorted(articles, key=lambda one: one.sort_key):
            regions = [region for place in article.places for region in table.lineage(place.region.code)]
            addresses = [region_address(region.code) for region in regions]
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
            lineage = self._table.lineage(article.places[0].region.code)
            named = ((region.name_in(article.year), region_address(region.code)) for region in reversed(lineage))
            scopes.append(("place", named))
        scopes.append(("campaign", ((campaign.name, campaign_address(campaign.id)) for campaign in article.campaigns)))
        found = (self._first_shared(article, kind, scope) for kind, scope in scopes)
        return tuple(neighbours for neighbours in found if neighbours)

    def _first_shared(self, article: Article, kind: Kind, scope: Scope) -> Neighbours | None:
        for name, address in scope:
            series = self._by_address[address]
            if len(series) > 1:
                place = self._places[address, article.address]
                before = series[place - 1] if place else None
                after = series[place + 1] if place + 1 < len(series) else None
                return Neighbours(kind, name, address, before, after)
        return None
