"""A page of the site as one that works where it lies on a disk."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from gongbao.assets import plain_name

# A tag whose attributes are quoted as our templates and the sanitiser write them; `>` within quotes doesn't end it.
TAG_RE = re.compile(r'<[a-zA-Z][a-zA-Z0-9-]*(?:\s+[^\s=<>"/]+(?:="[^"]*")?)+\s*/?>')
ADDRESS_RE = re.compile(r'(?<=\s)(href|src|action|srcset)="([^"]*)"')
MODULE_RE = re.compile(r'<script type="module" src="([^"]*theme/js/)([^"]+)">')
SERVED_RE = re.compile(r'<link rel="(?:search|modulepreload)"[^>]*>\n?')  # browsers take these from a host alone
MODULES = "modules.js"
STORY_RE = re.compile(r'<article class="story-body".*?</article>', re.DOTALL)


def carry_page(html: str, file: str, base: str) -> str:
    """A page with addresses relative to its own file, and its modules as classic scripts.

    `base` is the path below which the published site stands. Addresses of other hosts stay as they are.
    """

    def change_tag(tag: re.Match[str]) -> str:
        return ADDRESS_RE.sub(change_address, tag[0])

    def change_address(attribute: re.Match[str]) -> str:
        name, value = attribute.groups()
        change = _carry_candidates if name == "srcset" else carry_address
        return f'{name}="{change(value, file, base)}"'

    text = TAG_RE.sub(change_tag, SERVED_RE.sub("", html))
    first = MODULE_RE.search(text)
    if first:
        modules = f'<script defer src="{first[1]}{MODULES}"></script>\n'
        text = f"{text[: first.start()]}{modules}{text[first.start() :]}"
    return MODULE_RE.sub(r'<script defer src="\1\2">', text)


@lru_cache(maxsize=65536)
def carry_address(address: str, file: str, base: str) -> str:
    """An address on a page as one relative to the page's file; a folder's is that of its index.html."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return address
    path = urljoin(f"{base}/{file}", parts.path)
    if path != base and not path.startswith(f"{base}/"):
        return address
    name = path.removeprefix(base).removeprefix("/")
    if not name or name.endswith("/"):
        name += "index.html"
    return parts._replace(path=posixpath.relpath(plain_name(name), posixpath.dirname(file) or ".")).geturl()


def _carry_candidates(value: str, file: str, base: str) -> str:
    candidates = (candidate.split(maxsplit=1) for candidate in value.split(","))
    return ", ".join(" ".join([carry_address(first, file, base), *rest]) for first, *rest in candidates)


def story_of(html: str) -> str | None:
    """What the search reads of an article's page; None for a page that isn't an article's."""
    found = STORY_RE.search(html)
    return found[0] if found else None
