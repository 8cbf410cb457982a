"""What was reported before and after an article: from the same place, and of the same campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from gongbao.addresses import campaign_address, region_address
from gongbao.article import Article
from gongbao.cache import hash_parts
from gongbao.regions import Region, RegionTable
from gongbao.story import Mention

Kind = Literal["place", "campaign"]


class Neighbours(NamedTuple):
    """The articles before and after one in a series, of which at least one is there. `name` names the series."""

    kind: Kind
    name: str
    address: str
    before: Mention | None
    after: Mention | None

    @property
    def texts(self) -> tuple[str, ...]:
        """The same as texts; an article that isn't there is an empty one."""
        return (self.kind, self.name, self.address, *_texts(self.before), *_texts(self.after))


def _texts(mention: Mention | None) -> tuple[str, ...]:
    return mention.texts if mention else ("",)


class Series:
    """Articles of each place, with those of the places inside it, and of each campaign, in the order of time.

    `digest` tells all that is said of any article on another one's page, and which of them are neighbours.
    """

    def __init__(self, articles: Iterable[Article], table: RegionTable) -> None:
        self._table = table
        self._lineage = cache(self._look_up)  # asked for with each article
        self._shared_place = cache(self._find_shared_place)
        self._articles: defaultdict[str, list[Article]] = defaultdict(list)  # of a series, by its address
        self._places: defaultdict[str, dict[str, int]] = defaultdict(dict)  # of its articles, by their own
        whole: list[str] = []
        for article in sorted(articles, key=lambda one: one.sort_key):
            addresses = [address for place in article.places for address in self._lineage(place.region.code)]
            addresses += [campaign_address(campaign.id) for campaign in article.campaigns]
            own = article.address
            for address in dict.fromkeys(addresses):
                series = self._articles[address]
                self._places[address][own] = len(series)
                series.append(article)
            whole.append("\0".join((*Mention.of(article).texts, *addresses)))
        self.digest = hash_parts(whole)

    def around(self, article: Article) -> tuple[Neighbours, ...]:
        """The neighbours in the main place and in the first campaign that has others; none where all stand alone.

        A county with one article has no neighbours to offer: then its city's serve, then its province's.
        """
        found = []
        if article.places and (shared := self._shared_place(article.places[0].region.code, article.year)):
            found.append(self._beside(article, "place", *shared))
        for campaign in article.campaigns:
            if self._is_shared(address := campaign_address(campaign.id)):
                found.append(self._beside(article, "campaign", campaign.name, address))
                break
        return tuple(found)

    def _find_shared_place(self, code: str, year: int) -> tuple[str, str] | None:
        """The name, in that year, and the address of the first place that others stand in too."""
        for address, place in self._lineage(code).items():
            if self._is_shared(address):
                return place.name_in(year), address
        return None

    def _look_up(self, code: str) -> dict[str, Region]:
        """A place and those that it stands in, up to the province, by their addresses."""
        return {region_address(region.code): region for region in reversed(self._table.lineage(code))}

    def _is_shared(self, address: str) -> bool:
        return len(self._articles[address]) > 1

    def _beside(self, article: Article, kind: Kind, name: str, address: str) -> Neighbours:
        series, place = self._articles[address], self._places[address][article.address]
        before = Mention.of(series[place - 1]) if place else None
        after = Mention.of(series[place + 1]) if place + 1 < len(series) else None
        return Neighbours(kind, name, address, before, after)
