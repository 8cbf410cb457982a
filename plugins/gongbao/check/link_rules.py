"""Rules on addresses: links that lead nowhere, addresses that two claim, addresses that are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from gongbao import addresses
from gongbao.check.registry import Remark, whole_rule
from gongbao.check.whole import Facts, Spot, Whole

# The site makes what is below these itself, and `publish` follows each link there.
OWN_PREFIXES = ("/feeds/", "/theme/", "/data/", "/days/", addresses.SEARCH_INDEX)
OWN_PAGES = frozenset(
    (
        *(addresses.HOME, addresses.REGIONS, addresses.CAMPAIGNS, addresses.YEARS, addresses.PAPERS, addresses.SEARCH),
        *(addresses.ADMIN, addresses.SHELF, addresses.OFFLINE),
        *("/sitemap.xml", "/robots.txt", "/opensearch.xml", "/404.html"),
    )
)
IMAGES = "/images/"
CONTENT_PAGE_RE = re.compile(r"/articles/\d+/[^/]+/|/[^/]+/")


@whole_rule("error", "站内链接没有去处")
def check_broken_link(whole: Whole) -> Iterator[Remark]:
    """A link within the archive that leads nowhere.

    Bad:  [上一篇](/articles/2020/mei-zhe-pian/)
    Good: [上一篇](/articles/2020/song-nuan/)
    """
    for facts in whole.files:
        for link in facts.links:
            address = resolve(facts, link)
            if address is not None and (why := _why_broken(whole, facts, address)):
                yield Remark(
                    facts.path, link.line, link.column, f"链接 {link.text} {why}" if link.text else "链接没有写网址"
                )


@whole_rule("error", "两篇文章同一个地址")
def check_repeated_address(whole: Whole) -> Iterator[Remark]:
    """Two articles with one address.

    Bad:  articles/2020/song-nuan.md 之外，另有 2020 年的 articles/2019/song-nuan.md
    Good: 另一篇叫 articles/2020/song-nuan-2.md
    """
    for facts in whole.files:
        owner = whole.owners[facts.address].path if facts.address else facts.path
        if owner != facts.path:
            yield Remark(facts.path, 1, 1, f"地址 {facts.address} 已属于 {owner}，请改文件名")


@whole_rule("error", "旧地址是现有的地址，或别的文章也写了")
def check_claimed_alias(whole: Whole) -> Iterator[Remark]:
    """An old address where a page stands, or that two articles claim.

    Bad:  aliases: [/articles/2020/song-nuan/]，而这是另一篇的地址
    Good: aliases: [/articles/2020/jiu-diming/]
    """
    for alias, claims in whole.aliases.items():
        owner = whole.owners.get(alias)
        for number, (facts, spot) in enumerate(claims):
            if owner and owner.path != facts.path:
                yield Remark(facts.path, spot.line, spot.column, f"旧地址 {alias} 是 {owner.path} 现在的地址")
            elif number:
                yield Remark(facts.path, spot.line, spot.column, f"旧地址 {alias} 已写在 {claims[0][0].path} 里")


@whole_rule("error", "发布过的地址没有了")
def check_lost_address(whole: Whole) -> Iterator[Remark]:
    """An address of published.json that no article or page has, and that no `aliases` name.

    Bad:  song-nuan.md 改名为 song-wennuan.md
    Good: song-wennuan.md 里写 aliases: [/articles/2020/song-nuan/]
    """
    present = {address for address, facts in whole.owners.items() if facts.published} | set(whole.aliases)
    for address, line in sorted(whole.once.items()):
        if CONTENT_PAGE_RE.fullmatch(address) and address not in present and not _is_own(address):
            message = f"{address} 发布过，现在没有了；请在接替它的文章里写 aliases: [{address}]"
            yield Remark(whole.record, line, 1, message)


def resolve(facts: Facts, link: Spot) -> str | None:
    """The address on the site that a link leads to; None for other sites and for places on the same page."""
    target = link.text
    try:
        parts = urlsplit(target)
    except ValueError:  # as of http://[x, which is no address anywhere
        return target
    if parts.scheme or parts.netloc or target.startswith(("#", "?")):
        return None
    if not target:
        return ""
    return unquote(urlsplit(urljoin(f"http://site{facts.address or '/'}", target)).path)


def _why_broken(whole: Whole, facts: Facts, address: str) -> str:
    owner = whole.owners.get(address)
    if address.endswith(".md"):
        return "指向文件，应写网址，如 /articles/2020/song-nuan/"
    if owner and not owner.published and facts.published:
        return "指向草稿，发布后打不开"
    if owner or address in whole.aliases or _is_own(address) or _is_list(whole, address) or _is_image(whole, address):
        return ""
    if f"{address}/" in whole.owners:
        return "末尾缺斜杠"
    return "没有去处"


def _is_own(address: str) -> bool:
    return address in OWN_PAGES or address.startswith(OWN_PREFIXES)


def _is_list(whole: Whole, address: str) -> bool:
    _, kind, own, *_ = [*address.split("/"), "", ""]
    vocabulary = whole.lists.vocabulary
    known = {
        "regions": lambda: own in whole.lists.regions.regions,
        "campaigns": lambda: any(own == campaign.id for campaign in vocabulary.campaigns),
        "papers": lambda: any(own == paper.id for paper in vocabulary.papers),
        "years": own.isdecimal,
    }
    return kind in known and known[kind]()


def _is_image(whole: Whole, address: str) -> bool:
    return address.startswith(IMAGES) and address.removeprefix(IMAGES) in whole.images
