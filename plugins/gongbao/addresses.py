"""Where everything stands on the site; addresses are relative to its root and begin with a slash."""

from __future__ import annotations

HOME = "/"
REGIONS = "/regions/"
CAMPAIGNS = "/campaigns/"
YEARS = "/years/"
PAPERS = "/papers/"
SEARCH = "/search/"
SEARCH_INDEX = "/search-index/"
ALL_FEED = "/feeds/all.atom.xml"


def article_address(year: int, slug: str) -> str:
    """/articles/2020/ansai-pinpai/"""
    return f"/articles/{year}/{slug}/"


def region_address(code: str) -> str:
    """/regions/610603/"""
    return f"{REGIONS}{code}/"


def campaign_address(campaign_id: str) -> str:
    """/campaigns/song-wennuan/"""
    return f"{CAMPAIGNS}{campaign_id}/"


def year_address(year: int) -> str:
    """/years/2020/"""
    return f"{YEARS}{year}/"


def paper_address(paper_id: str) -> str:
    """/papers/gongren-ribao/"""
    return f"{PAPERS}{paper_id}/"


def issue_address(paper_id: str, date: object) -> str:
    """/papers/gongren-ribao/2020-01-16/; `date` as its ISO form, as precise as it is known."""
    return f"{PAPERS}{paper_id}/{date}/"


def feed_address(address: str) -> str:
    """The feed of a region's or campaign's page: /regions/610603/feed.atom.xml"""
    return f"{address}feed.atom.xml"


def page_address(address: str, number: int) -> str:
    """Page `number` (from 1) of a list: the list's own address, then …/page/2/."""
    return address if number == 1 else f"{address}page/{number}/"


def file_of(address: str) -> str:
    """The file that a static host serves for an address: /a/ is a/index.html."""
    path = address.removeprefix("/")
    return f"{path}index.html" if address.endswith("/") else path
