"""Where everything stands on the site; addresses are relative to its root and begin with a slash."""

from __future__ import annotations

HOME = "/"
REGIONS = "/regions/"
CAMPAIGNS = "/campaigns/"
YEARS = "/years/"
PAPERS = "/papers/"
DAYS = "/days/"
DAYS_INDEX = "/days/index.json"
DATA = "/data/"
SEARCH = "/search/"
SEARCH_INDEX = "/search-index/"
SHELF = "/shelf/"
ADMIN = "/admin/"
DRAFTS = "/drafts/"  # of `serve` alone
OFFLINE = "/offline/"
WORKER = "/sw.js"  # where its scope is the whole site
APP_MANIFEST = "/manifest.webmanifest"
ALL_FEED = "/feeds/all.atom.xml"
JSON_FEED = "/feeds/all.json"


def article_address(year: int, slug: str) -> str:
    """/articles/2020/ansai-pinpai/"""
    return f"/articles/{year}/{slug}/"


def sitepage_address(slug: str) -> str:
    """/about/"""
    return f"/{slug}/"


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


def calendar_address(paper_id: str, year: int) -> str:
    """/papers/gongren-ribao/calendar/2020/; /papers/…/2020/ would be an issue of which only the year is known."""
    return f"{paper_address(paper_id)}calendar/{year}/"


def page_anchor(page: int | None) -> str:
    """Where a page (版) begins on its issue's page: page-3, or page-unknown."""
    return f"page-{page or 'unknown'}"


def day_address(month: int, day: int) -> str:
    """/days/01-15/, whatever the year"""
    return f"{DAYS}{month:02d}-{day:02d}/"


def picture_address(file: str) -> str:
    """/images/2020/zhao-pian.jpg: a picture's lasting address, by its name in content/images/"""
    return f"/images/{file}"


def rendition_address(checksum: str, width: int) -> str:
    """/pictures/0123456789abcdef-960.webp: another size of a picture; another content has another address."""
    return f"/pictures/{checksum}-{width}.webp"


def search_address(**filters: object) -> str:
    """The search page with filters set: /search/?region=610000&campaign=song-wennuan

    Codes, ids and years need no encoding.
    """
    names = (f"{name.removesuffix('_')}={value}" for name, value in filters.items())  # from_: `from` is a keyword
    return f"{SEARCH}?{'&'.join(names)}"


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
