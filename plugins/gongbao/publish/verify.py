"""The built site verified as a whole before anything of it leaves."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from gongbao.cache import Cache, hash_parts
from gongbao.chunks import cut_chunks
from gongbao.publish.manifest import hash_file
from gongbao.publish.page import Link, PageFacts, inspect_page
from gongbao.settings import base_path
from gongbao.workers import make_executor, map_ordered

# Part of the names in the cache: raised when `inspect_page` looks at more than it did.
VERSION = "3"
FEW = 40
KB = 1024
# Bytes gzipped. Articles are read on phones; lists hold thirty entries.
ARTICLE_BUDGET, LIST_BUDGET = 25 * KB, 60 * KB
ARTICLE_PREFIX = "articles/"
NEEDED = ("index.html", "404.html", "sitemap.xml", "robots.txt", "search-index/manifest.json")
CSS_ADDRESS_RE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
JS_ADDRESS_RE = re.compile(
    r"""^\s*(?:import|export)\b[^"'`;=(]*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""", re.MULTILINE
)
SCHEMES_FOLLOWED = frozenset(("http", "https", "mailto", "tel"))
Step = Callable[[int], None]
Search = Callable[[str], Collection[str]]  # gives the titles of the first articles that a query finds


@dataclass(frozen=True)
class Site:
    """A built site: its folder, its files, and the address that its pages give as their own."""

    folder: Path
    files: frozenset[str]
    siteurl: str

    @property
    def base(self) -> str:
        return base_path(self.siteurl)


def verify_site(site: Site, step: Step = lambda _: None) -> list[str]:
    """Every problem of a site as a sentence beginning with its file; none if it may be published."""
    problems = [f"{name}：没有这个文件" for name in NEEDED if name not in site.files]
    pages = {facts.file: facts for facts in inspect_site(site, step)}
    for facts in pages.values():
        problems += [f"{facts.file}：{problem}" for problem in facts.problems]
        problems += [f"{facts.file}：{problem}" for problem in _check_size(facts)]
        problems += [f"{facts.file}：{problem}" for problem in _check_links(facts, pages, site)]
    problems += _check_texts(site)
    return problems


def inspect_site(site: Site, step: Step = lambda _: None) -> Iterator[PageFacts]:
    """The facts of all pages, in order, gathered side by side; those of pages seen before are remembered."""
    files = sorted(file for file in site.files if file.endswith(".html"))
    chunks = list(cut_chunks(files, str))
    cache = Cache(verified_folder(site.folder))
    inspect = partial(inspect_chunk, site.folder, cache)
    if len(files) < FEW:  # done before a process has begun
        yield from _count_off(map(inspect, chunks), step)
    else:
        with make_executor() as executor:
            yield from _count_off((facts for _, facts in map_ordered(executor, inspect, chunks)), step)
    cache.keep_only([hash_parts([VERSION, chunk[0]]) for chunk in chunks])


def inspect_chunk(folder: Path, cache: Cache, files: list[str]) -> list[PageFacts]:
    """The facts of some pages; only those are parsed whose bytes aren't those of the last time."""
    name = hash_parts([VERSION, files[0]])
    kept = cache.read(name)
    known: dict[str, tuple[str, PageFacts]] = pickle.loads(kept) if kept else {}
    facts: dict[str, tuple[str, PageFacts]] = {}
    for file in files:
        digest = hash_file(folder / file).sha256
        before = known.get(file)
        facts[file] = before if before and before[0] == digest else (digest, inspect_page(folder, file))
    if facts != known:
        cache.write(name, pickle.dumps(facts))
    return [fact for _, fact in facts.values()]


def verified_folder(site: Path) -> Path:
    """Where it is kept what was found on the pages of a site."""
    return site.with_name(f".{site.name}-verified")


def _count_off(results: Iterable[list[PageFacts]], step: Step) -> Iterator[PageFacts]:
    for facts in results:
        step(len(facts))
        yield from facts


def _check_size(facts: PageFacts) -> Iterator[str]:
    budget = ARTICLE_BUDGET if facts.file.startswith(ARTICLE_PREFIX) else LIST_BUDGET
    if facts.packed > budget:
        yield f"压缩后 {facts.packed / KB:.0f} KB，超过 {budget // KB} KB"


def _check_links(facts: PageFacts, pages: Mapping[str, PageFacts], site: Site) -> Iterator[str]:
    page = f"{site.base}/{facts.file.removesuffix('index.html')}"
    for link in dict.fromkeys(facts.links):
        if problem := _check_link(link, page, pages, site):
            yield f"{link.address}：{problem}"


def _check_link(link: Link, page: str, pages: Mapping[str, PageFacts], site: Site) -> str:
    parts = urlsplit(link.address)
    if _is_own(link.address, site.siteurl):
        parts = parts._replace(scheme="", netloc="")
    if parts.scheme or parts.netloc:
        if link.loaded:
            return "页面会向别处请求"
        return "" if parts.scheme in SCHEMES_FOLLOWED else "这种地址不可用"
    path = unquote(urljoin(page, parts.path))
    file = file_at(path, site)
    if file is None:
        return "链接断了"
    fragment = unquote(parts.fragment)
    if fragment and file in pages and fragment not in pages[file].ids:
        return f"那一页没有 #{fragment}"
    return ""


def _is_own(address: str, siteurl: str) -> bool:
    return bool(siteurl) and (address == siteurl or address.startswith(f"{siteurl}/"))


def file_at(path: str, site: Site) -> str | None:
    """The file that a static host gives for a path, or None: outside of the site, or nothing there."""
    if path != site.base and not path.startswith(f"{site.base}/"):
        return None
    name = path.removeprefix(site.base).removeprefix("/")
    if not name or name.endswith("/"):
        name += "index.html"
    return name if name in site.files else None


def _check_texts(site: Site) -> Iterator[str]:
    """What styles and scripts load, and what the site map lists."""
    for file in sorted(site.files):
        if file.endswith(".css"):
            yield from _check_references(file, CSS_ADDRESS_RE, site)
        elif file.endswith((".js", ".mjs")):
            yield from _check_references(file, JS_ADDRESS_RE, site)
        elif re.fullmatch(r"sitemap(-\d+)?\.xml", file):
            yield from _check_sitemap(file, site)


def _check_references(file: str, pattern: re.Pattern[str], site: Site) -> Iterator[str]:
    text = (site.folder / file).read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
    for groups in pattern.finditer(code):
        address = next(filter(None, groups.groups()))
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            yield f"{file}：{address}：会向别处请求"
        elif file_at(unquote(urljoin(f"{site.base}/{file}", parts.path)), site) is None:
            yield f"{file}：{address}：没有这个文件"


def _check_sitemap(file: str, site: Site) -> Iterator[str]:
    for address in re.findall(r"<loc>([^<]*)</loc>", (site.folder / file).read_text(encoding="utf-8")):
        if not _is_own(address, site.siteurl) or file_at(unquote(urlsplit(address).path), site) is None:
            yield f"{file}：{address}：没有这个页面"


def verify_search(titles: Iterable[str], search: Search) -> list[str]:
    """The search answers: each title, asked for, is among the first that it finds."""
    found = {title: search(title) for title in titles}
    problems = [f"检索“{title}”没有结果" for title, first in found.items() if not first]
    return problems + [
        f"检索“{title}”，前几篇里没有它" for title, first in found.items() if first and title not in first
    ]
