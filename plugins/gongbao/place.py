"""Where a story happened, and the reading of it from front matter."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from gongbao.frontmatter import FrontMatter, list_items, parse_text
from gongbao.regions import FIRST_YEAR, LAST_YEAR, Region, RegionTable
from gongbao.vocabulary import nearest

OFFERED = 3  # places that a message names


@dataclass(frozen=True)
class Place:
    """Where a story happened: the entity, and the names from the province down as the article's year had them."""

    region: Region
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def full_name(self) -> str:
        return "".join(self.path)


def parse_places(node: yaml.Node, year: int, regions: RegionTable, matter: FrontMatter) -> tuple[Place, ...]:
    """The places that a field names as an article's year had them; what is wrong is reported to `matter`."""
    places = []
    for item in list_items(node):
        path = parse_text(item)
        division = regions.find(path, year)
        if division is None:
            matter.report(item, *_explain_unknown(path, year, regions))
            continue
        if not division.exact and FIRST_YEAR <= year <= LAST_YEAR:
            then = regions.path_in(division.region.code, year)
            hint = f"当时称“{then}”" if then else f"它在 {_years_of(division.region, division.path[-1])} 年"
            matter.report(item, f"{year} 年没有“{path}”，{hint}", "region-of-another-year", warning=True)
        places.append(Place(division.region, division.path))
    return tuple(places)


def _explain_unknown(path: str, year: int, regions: RegionTable) -> tuple[str, str]:
    """A message and its rule."""
    if meant := regions.at_right_level(path, year)[:OFFERED]:
        return f"“{path}”的层级不对，应写到省、市、县（区）为止的全称：{'、'.join(meant)}", "wrong-region-level"
    near = nearest(path, regions.paths_in(year))
    hint = f"；最接近的是“{near}”" if near else ""
    return f"没有“{path}”这个地区，应写 {year} 年区划的全称，如 陕西省/延安市/安塞区{hint}", "unknown-region"


def _years_of(region: Region, name: str) -> str:
    periods = [period for period in region.names if period.name == name]
    return "、".join(f"{period.first_year}—{period.last_year}" for period in periods)
