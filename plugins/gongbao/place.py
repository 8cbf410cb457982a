"""Where a story happened, and the reading of it from front matter."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from gongbao.frontmatter import FrontMatter, hint_of_list, list_items, parse_text
from gongbao.regions import FIRST_YEAR, LAST_YEAR, Region, RegionTable
from gongbao.vocabulary import nearest

OFFERED = 3  # places that a message names
SHORTEST = 2  # characters of a name that can tell a place


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
    if several := hint_of_list(path):
        return f"没有“{path}”这个地区{several}", "unknown-region"
    near = _begin_so(path, year, regions) or [nearest(path, regions.paths_in(year))]
    hint = f"；最接近的是{'、'.join(f'“{one}”' for one in near[:OFFERED])}" if near[0] else ""
    return f"没有“{path}”这个地区，应写 {year} 年区划的全称，如 陕西省/延安市/安塞区{hint}", "unknown-region"


def _begin_so(name: str, year: int, regions: RegionTable) -> list[str | None]:
    """The places of a year that a short name such as 安塞 may mean."""
    if len(name) < SHORTEST or "/" in name:
        return []
    return [path for path in regions.paths_in(year) if path.rpartition("/")[2].startswith(name)]


def _years_of(region: Region, name: str) -> str:
    periods = [period for period in region.names if period.name == name]
    return "、".join(f"{period.first_year}—{period.last_year}" for period in periods)
