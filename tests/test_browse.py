from pathlib import Path

from gongbao.archive import load_archive
from gongbao.article import Article, Lists, parse_article
from gongbao.browse.catalogue import catalogue_csv, catalogue_json
from gongbao.browse.listings import Listings, RegionNode, gather, paginate


def article(lists: Lists, slug: str, date: str, region: str, source: str = "") -> Article:
    text = f"---\ntitle: {slug}\ndate: {date}\nregion: [{region}]\ncampaign: [送温暖]\n{source}\n---\n正文"
    return parse_article(Path(f"{slug}.md"), text, lists)[0]


def gather_all(lists: Lists, *articles: Article) -> Listings:
    newest_first = sorted(articles, key=lambda one: one.sort_key, reverse=True)
    return gather(newest_first, lists.vocabulary.campaigns, lists.regions)


def node(listings: Listings, code: str) -> RegionNode:
    return next(region for region in listings.all_regions if region.region.code == code)


def test_province_holds_its_cities_and_they_their_counties(lists: Lists) -> None:
    old = article(lists, "old", "2001-03", "陕西省/延安市/安塞县")
    new = article(lists, "new", "2019", "陕西省/延安市/安塞区")
    city = article(lists, "city", "2019-05-01", "陕西省/延安市")
    listings = gather_all(lists, old, new, city)
    assert [one.slug for one in node(listings, "610603").articles] == ["new", "old"]
    assert [one.slug for one in node(listings, "610600").articles] == ["city", "new", "old"]
    assert [one.slug for one in node(listings, "610000").articles] == ["city", "new", "old"]
    assert [period.name for period in node(listings, "610603").former_names] == ["安塞县"]


def test_article_of_two_places_of_a_province_stands_there_once(lists: Lists) -> None:
    one = article(lists, "both", "2019", "陕西省/延安市/安塞区, 陕西省/西安市")
    assert node(gather_all(lists, one), "610000").articles == (one,)


def test_issue_has_its_pages_in_order(lists: Lists) -> None:
    def source(page: str) -> str:
        return f"source: {{paper: 工人日报, date: 2020-01-16{page}}}"

    articles = [
        article(lists, "third", "2020-01-15", "陕西省", source(", page: 3")),
        article(lists, "first", "2020-01-15", "陕西省", source(", page: 1")),
        article(lists, "unknown", "2020-01-15", "陕西省", source("")),
    ]
    (paper,) = gather_all(lists, *articles).papers
    (issue,) = paper.issues
    assert issue.address == "/papers/gongren-ribao/2020-01-16/"
    assert [(page, [one.slug for one in own]) for page, own in issue.pages] == [
        (1, ["first"]),
        (3, ["third"]),
        (None, ["unknown"]),
    ]


def test_articles_of_a_page_stand_as_they_were_printed(lists: Lists) -> None:
    def source(lines: str) -> str:
        clip = f"clip: {{file: page.txt, sha256: '{'0' * 64}', lines: [{lines}]}}"
        return f"source: {{paper: 工人日报, date: 2020-01-16, page: 1}}\n{clip}"

    articles = [
        article(lists, "a-last", "2020-01-15", "陕西省", source("90-99")),
        article(lists, "b-second", "2020-01-14", "陕西省", source("12-30, 7")),
        article(lists, "c-first", "2020-01-13", "陕西省", source("3")),
    ]
    (issue,) = gather_all(lists, *articles).papers[0].issues
    assert [one.slug for one in issue.pages[0][1]] == ["c-first", "b-second", "a-last"]


def test_pages_of_a_list() -> None:
    assert [len(page) for page in paginate(list(range(61)), 30)] == [30, 30, 1]  # type: ignore[arg-type]
    assert paginate([], 30) == [()]


def test_catalogue_has_a_row_for_every_article() -> None:
    articles = load_archive(Path(__file__).parents[1] / "content").articles
    assert catalogue_csv(articles, "https://a.example").count("https://a.example/articles/") == len(articles)
    assert catalogue_json(articles, "").count('"url"') == len(articles)
