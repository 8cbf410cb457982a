"""Charts, the map, seasons, calendars: data that templates only draw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gongbao.article import Article, Lists, parse_article
from gongbao.browse.charts import month_bars, ranked_bars, season, year_bars
from gongbao.browse.days import day_json, days_index, gather_days, usual_lines, year_grid
from gongbao.browse.issues import date_in_words, neighbours, paper_calendar
from gongbao.browse.listings import Listings, gather
from gongbao.browse.tiles import SHORT_NAMES, map_tiles
from gongbao.browse.views import (
    breadcrumb_json,
    campaign_view,
    months_of,
    parent_of,
    region_view,
    trail_of,
    year_view,
)
from gongbao.dates import parse_date


def article(lists: Lists, slug: str, date: str, region: str = "陕西省", source: str = "") -> Article:
    text = f"---\ntitle: {slug}\ndate: {date}\nregion: [{region}]\ncampaign: [送温暖]\n{source}\n---\n正文"
    return parse_article(Path(f"{slug}.md"), text, lists)[0]


def gather_all(lists: Lists, *articles: Article) -> Listings:
    newest_first = sorted(articles, key=lambda one: one.sort_key, reverse=True)
    return gather(newest_first, lists.vocabulary.campaigns, lists.regions)


def issue(lists: Lists, slug: str, date: str, page: int) -> Article:
    source = f"source: {{paper: 工人日报, date: {date}, page: {page}}}"
    return article(lists, slug, "2020-01-15", source=source)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ([12, 1, 2], "12月至次年2月"),
        ([6, 7, 8, 9], "6月至9月"),
        ([3], "3月"),
        ([4, 9, 10], "4月、9月至10月"),
        ([], ""),
        (range(1, 13), "全年"),
    ],
)
def test_season_in_words(months: list[int], words: str) -> None:
    assert season(months) == words


def test_years_without_articles_are_empty_not_left_out() -> None:
    bars = year_bars({2019: 4, 2021: 1}, lambda year: f"/{year}/")
    assert [(bar.name, bar.count, bar.share, bar.address) for bar in bars] == [
        ("2019年", 4, 100, "/2019/"),
        ("2020年", 0, 0, ""),
        ("2021年", 1, 25, "/2021/"),
    ]
    assert year_bars({}, str) == ()


def test_long_timelines_have_a_label_now_and_then() -> None:
    labels = [bar.label for bar in year_bars({1949: 1, 2024: 1}, str) if bar.label]
    assert labels == ["1950", "1960", "1970", "1980", "1990", "2000", "2010", "2020"]


def test_one_article_among_thousands_is_still_seen() -> None:
    assert year_bars({2019: 9000, 2020: 1}, str)[1].share == 2


def test_usual_months_are_marked() -> None:
    assert [bar.name for bar in month_bars({1: 2}, usual=(12, 1)) if bar.marked] == ["1月", "12月"]


def test_most_reported_come_first_and_equal_ones_in_order() -> None:
    bars = ranked_bars({"b": 1, "a": 1, "c": 5, "d": 0}, {"a": "甲", "b": "乙", "c": "丙", "d": "丁"}, str)
    assert [bar.name for bar in bars] == ["丙", "甲", "乙"]


def test_map_has_all_34_divisions_each_in_a_cell_of_its_own(lists: Lists) -> None:
    tiles = map_tiles({"610000": 12, "110000": 3})
    assert len(tiles) == len({(tile.row, tile.column) for tile in tiles}) == len(SHORT_NAMES) == 34
    for tile in tiles:
        assert lists.regions.regions[tile.code].name.startswith(tile.name)
    by_name = {tile.name: tile for tile in tiles}
    assert (by_name["陕西"].shade, by_name["北京"].shade, by_name["西藏"].shade) == (5, 3, 0)
    assert by_name["陕西"].address == "/regions/610000/"
    assert by_name["西藏"].address == ""


def test_map_keeps_the_directions() -> None:
    at = {tile.name: (tile.row, tile.column) for tile in map_tiles({})}
    for north, south in [("黑龙江", "吉林"), ("北京", "河北"), ("陕西", "重庆"), ("浙江", "福建"), ("广西", "海南")]:
        assert at[north][0] < at[south][0]
    for west, east in [("新疆", "甘肃"), ("西藏", "四川"), ("陕西", "山东"), ("云南", "江西"), ("江苏", "上海")]:
        assert at[west][1] < at[east][1]


def test_days_gather_all_years_and_leave_out_what_has_no_day(lists: Lists) -> None:
    articles = [article(lists, "a", "2021-02-28"), article(lists, "b", "2020-02-29"), article(lists, "c", "2020-02")]
    days = gather_days(articles)
    assert json.loads(days_index(days)) == {"02-28": 1, "02-29": 1}
    assert json.loads(day_json(days[1])) == [["/articles/2020/b/", "b", 2020, "陕西省"]]
    assert usual_lines(days) == 1
    assert usual_lines([]) == 0
    grid = year_grid(days)
    assert [len(own) for _, own in grid] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert dict(grid[1][1])[29] is days[1]


def test_calendar_of_a_paper(lists: Lists) -> None:
    articles = [issue(lists, "a", "2020-01-16", 1), issue(lists, "b", "2020-02", 1), issue(lists, "c", "2019-12-31", 2)]
    (paper,) = gather_all(lists, *articles).papers
    newest, oldest = paper_calendar(paper)
    assert (newest.year, oldest.year) == (2020, 2019)
    january = newest.months[0]
    assert january.offset == 3  # 1 January 2020 was a Wednesday
    assert [day for day, own in january.days if own] == [16]
    assert [str(own.date) for own in newest.partial] == ["2020-02"]
    assert newest.count == 2
    assert newest.address == "/papers/gongren-ribao/calendar/2020/"


def test_issues_know_what_came_before_and_after(lists: Lists) -> None:
    dates = ["2020-01-16", "2020-01-17", "2020-01"]
    (paper,) = gather_all(lists, *(issue(lists, f"a{i}", date, 1) for i, date in enumerate(dates))).papers
    near = {
        str(one.date): [str(other.date) if other else "" for other in (before, after)]
        for one, before, after in neighbours(paper.issues)
    }
    assert near["2020-01-16"] == ["2020-01", "2020-01-17"]
    assert near["2020-01"] == ["", "2020-01-16"]


def test_weekday_only_where_the_day_is_known() -> None:
    assert date_in_words(parse_date("2020-01-16")) == "2020年1月16日 星期四"
    assert date_in_words(parse_date("2020-01")) == "2020年1月"


def test_trail_leads_down_to_the_page(lists: Lists) -> None:
    listings = gather_all(lists, article(lists, "a", "2001-03", "陕西省/延安市/安塞县"))
    trail = trail_of(listings.by_code["610603"])
    assert [crumb.name for crumb in trail] == ["地区", "陕西省", "延安市", "安塞区"]
    last = breadcrumb_json(trail, "工报", "https://a.example")["itemListElement"][-1]
    assert last["item"] == "https://a.example/regions/610603/"
    assert trail_of(None) == ()


def test_bars_of_a_place_lead_to_the_search_within_it(lists: Lists) -> None:
    listings = gather_all(lists, article(lists, "a", "2020", "陕西省/延安市"), article(lists, "b", "2020", "陕西省"))
    view = region_view(listings.by_code["610000"], listings)
    assert view["campaigns"][0].address == "/search/?region=610000&campaign=song-wennuan"
    assert view["years"][0].address == "/search/?region=610000&from=2020&to=2020"
    assert [(bar.name, bar.count) for bar in view["children"]] == [("延安市", 1)]
    assert parent_of(listings.by_code["610600"], listings).name == "陕西省"


def test_provinces_of_a_campaign_lead_to_the_search_within_it(lists: Lists) -> None:
    listings = gather_all(lists, article(lists, "a", "2020", "陕西省/延安市"), article(lists, "b", "2020", "北京市"))
    (campaign,) = (node for node in listings.campaigns if node.articles)
    view = campaign_view(campaign, listings)
    assert [bar.address for bar in view["regions"]] == [
        "/search/?region=110000&campaign=song-wennuan",
        "/search/?region=610000&campaign=song-wennuan",
    ]
    assert view["years"][0].address == "/search/?campaign=song-wennuan&from=2020&to=2020"


def test_months_of_a_year_lead_to_where_they_begin(lists: Lists) -> None:
    dates = ["2020-03-01", "2020-02", "2020-01-05", "2020"]
    listings = gather_all(lists, *(article(lists, f"a{i}", date) for i, date in enumerate(dates)))
    (year,) = listings.years
    view = year_view(year, listings, page_size=2)
    assert [bar.address for bar in view["months"][:4]] == [
        "/years/2020/page/2/#m1",
        "/years/2020/#m2",
        "/years/2020/#m3",
        "",
    ]
    assert view["undated"] == (1, "/years/2020/page/2/#m0")
    assert [month for month, _ in months_of(year.articles)] == [3, 2, 1, 0]
