"""What the tests of `clip` share: cutting a text, reading back what was written, measuring a page."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from gongbao.article import Lists
from gongbao.clip.cut import cut_page
from gongbao.clip.drafts import unescape_markdown
from gongbao.clip.reading import Dump
from gongbao.clip.records import Clipping, Cut, Known
from gongbao.frontmatter import FRONT_MATTER_RE

PAGES = Path(__file__).parent / "data" / "pages"
BY_HAND = ("title", "kicker", "subtitle")


def cut_text(text: str, lists: Lists, **known: Any) -> Cut:
    return cut_page(Dump(Path("page.txt"), text, "0" * 64), lists, Known(**known))


def visible(text: str) -> Counter[str]:
    return Counter(char for char in text if not char.isspace())


def printed_text(draft: str) -> str:
    """The text of the page that a draft holds, in its front matter and in its body, without markup."""
    match = FRONT_MATTER_RE.match(draft)
    assert match
    values = yaml.safe_load(match["yaml"])
    parts = [values.get(name) or "" for name in BY_HAND] + values["clip"].get("printed", [])
    for paragraph in draft[match.end() :].strip("\n").split("\n\n"):
        bold = re.fullmatch(r"\*\*(.*)\*\*", paragraph, re.DOTALL)
        parts.append(unescape_markdown(bold[1] if bold else paragraph.removeprefix("## ")))
    return "".join(parts)


@dataclass(frozen=True)
class Score:
    """How well a page was cut, against what its file says should come out: each from 0 to 1."""

    bodies: float
    titles: float
    names: float
    places: float
    campaigns: float


def _norm(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def _likeness(one: str, other: str) -> float:
    first, second = _pairs(_norm(one)), _pairs(_norm(other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def _item_text(item: dict[str, Any], lines: list[str]) -> str:
    spans = [lines[number - 1][start:end] for number, start, end in item.get("spans", [])]
    return "".join(spans + ["".join(lines[first - 1 : last]) for first, last in item.get("lines", [])])


def _clip_text(clipping: Clipping) -> str:
    return "".join(unit.text for unit in clipping.units)


def score_page(name: str, lists: Lists) -> Score:
    """Match every expected item with the article most like it, and compare."""
    expected = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    text = (PAGES / f"{name}.txt").read_text("utf-8")
    lines = text.split("\n")
    cut = cut_text(text, lists)
    bodies, titles, names, places = [], [], [], []
    right = wrong = missing = 0
    for item in expected["items"]:
        if item["kind"] == "toc":
            continue
        whole = _item_text(item, lines)
        best = max(cut.clippings, key=lambda one: _likeness(_clip_text(one), whole))
        bodies.append(_likeness(_clip_text(best), whole))
        if item["title"]:
            accepted = [item["title"], *item.get("title_alts", [])]
            titles.append(any(_norm(best.title) == _norm(title.replace("**", "")) for title in accepted))
        credited = {credit.name for credit in best.credits}
        names += [byline["name"] in credited for byline in item["byline"] if not byline.get("doubtful")]
        if item["regions"] and not item.get("regions_inferred"):
            places.append(bool(best.places) and "/".join(best.places[0].path) == item["regions"][0])
        found = {one.campaign.id for one in best.campaigns}
        wanted, also = set(item["campaigns"]), set(item.get("campaigns_also", []))
        right += len(found & wanted)
        wrong += len(found - wanted - also)
        missing += len(wanted - found)
    campaigns = 2 * right / (2 * right + wrong + missing) if right + wrong + missing else 1.0
    return Score(*(_mean(values) for values in (bodies, titles, names, places)), campaigns)


def _mean(values: list[Any]) -> float:
    return sum(values) / len(values) if values else 1.0
