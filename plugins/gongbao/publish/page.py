"""One page of the built site looked at: is it valid, what does it link to, what does it load."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinyhtml5.parser import HTMLParser

SVG = "{http://www.w3.org/2000/svg}"  # how the parser spells what is no HTML
# Attributes whose addresses the browser loads by itself, and those that a reader follows.
LOADED = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "track": "src",
    "input": "src",
    "object": "data",
    f"{SVG}use": "href",
    f"{SVG}image": "href",
}
FOLLOWED = {"a": "href", "area": "href", "form": "action"}
LOADING_RELATIONS = frozenset(
    ("stylesheet", "icon", "modulepreload", "preload", "prefetch", "manifest", "preconnect", "dns-prefetch")
)
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form")
INLINE_DATA = frozenset(("application/ld+json", "application/json"))  # no browser runs it


@dataclass(frozen=True)
class Link:
    """An address on a page; `loaded` if the browser fetches it unasked."""

    address: str
    loaded: bool


@dataclass(frozen=True)
class PageFacts:
    """What a page has; `problems` are sentences about its HTML."""

    file: str
    ids: frozenset[str]
    links: tuple[Link, ...]
    problems: tuple[str, ...]
    packed: int  # bytes, gzipped
    canonical: str


@dataclass(frozen=True)
class Element:
    """An element's name and attributes."""

    name: str
    attributes: dict[str, str]

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


def inspect_page(folder: Path, file: str) -> PageFacts:
    """Parse a page as browsers do, by the WHATWG's algorithm, and gather each of its parse errors."""
    data = (folder / file).read_bytes()
    parser = HTMLParser(namespace_html_elements=False)
    elements = [Element(str(one.tag), dict(one.attrib)) for one in parser.parse(data.decode("utf-8")).iter()]
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    problems = [f"第 {place[0]} 行：HTML 有错（{code}）" for place, code, _ in parser.errors]
    problems += [f"id“{name}”有 {count} 个" for name, count in ids.items() if count > 1]
    problems += _find_problems(elements, frozenset(ids))
    canonical = next((one.get("href") for one in elements if one.name == "link" and one.get("rel") == "canonical"), "")
    packed = len(gzip.compress(data, 6, mtime=0))
    return PageFacts(file, frozenset(ids), tuple(_links(elements)), tuple(problems), packed, canonical)


def _links(elements: list[Element]) -> Iterator[Link]:
    for element in elements:
        if element.name in LOADED and LOADED[element.name] in element.attributes:
            yield Link(element.get(LOADED[element.name]), True)
        elif element.name in FOLLOWED and FOLLOWED[element.name] in element.attributes:
            yield Link(element.get(FOLLOWED[element.name]), False)
        elif element.name == "link" and element.get("href") and element.get("rel") != "canonical":
            yield Link(element.get("href"), bool(LOADING_RELATIONS & set(element.get("rel").split())))
        elif element.name == "meta" and element.get("http-equiv").lower() == "refresh":
            yield Link(element.get("content").partition("url=")[2], False)
        if element.get("poster"):
            yield Link(element.get("poster"), True)
        for candidate in element.get("srcset").split(","):
            if candidate.strip():
                yield Link(candidate.split()[0], True)


def _find_problems(elements: list[Element], ids: frozenset[str]) -> Iterator[str]:
    names = Counter(element.name for element in elements)
    yield from (f"应有一个 {name}，却有 {names[name]} 个" for name in ("title", "h1") if names[name] != 1)
    if not any(element.name == "html" and element.get("lang") for element in elements):
        yield "html 没有 lang"
    for element in elements:
        yield from _find_element_problems(element, ids)


def _find_element_problems(element: Element, ids: frozenset[str]) -> Iterator[str]:
    if element.name == "img" and "alt" not in element.attributes:
        yield f"图片 {element.get('src')} 没有 alt"
    if element.name == "style" or "style" in element.attributes:
        yield f"{element.name} 带有内联样式，安全策略不许"
    if element.name == "script" and "src" not in element.attributes and element.get("type") not in INLINE_DATA:
        yield "有内联脚本，安全策略不许"
    yield from (f"{name} 是内联脚本，安全策略不许" for name in element.attributes if name.startswith("on"))
    for attribute in REFERENCES:
        for name in element.get(attribute).split():
            if name not in ids:
                yield f"{attribute}“{name}”指向的元素不在页上"
