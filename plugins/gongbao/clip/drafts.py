"""Drafts as text: front matter, and a body that Markdown shows as it was printed."""

from __future__ import annotations

import re
from typing import Any

import yaml

from gongbao.article import Credit, Figure
from gongbao.clip.records import Clipping, Cut, print_unit, print_units
from gongbao.clip.stories import Passage, Story

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
WIDTH = 1 << 30  # a value stays on its line
# Characters that Markdown takes as markup wherever they stand, and those it takes so at a paragraph's beginning.
ANYWHERE_RE = re.compile(r"[\\`*_\[\]{}]")
START_RE = re.compile(r"[#>+-]|\d+(?=\.)")
ESCAPED_RE = re.compile(r"\\([\\`*_\[\]{}#>+.-])")


def escape_markdown(text: str) -> str:
    """The text so that Markdown shows it unchanged; `unescape_markdown` gives it back."""
    escaped = ANYWHERE_RE.sub(lambda match: "\\" + match[0], text)
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;")
    match = START_RE.match(escaped)
    if match is None:
        return escaped
    end = match.end()
    return f"{escaped[:end]}\\{escaped[end:]}" if match[0][0].isdigit() else "\\" + escaped


def unescape_markdown(text: str) -> str:
    """The text that was escaped."""
    return ESCAPED_RE.sub(r"\1", text).replace("&lt;", "<").replace("&amp;", "&")


def yaml_line(key: str, value: Any) -> str:
    """A field on one line, whatever its value holds; nothing after the colon for what is empty."""
    if value in (None, "", [], {}):
        return f"{key}:\n"
    text = yaml.dump(value, Dumper=DUMPER, allow_unicode=True, default_flow_style=True, sort_keys=False, width=WIDTH)
    return f"{key}: {text.removesuffix('...' + chr(10)).strip()}\n"


def yaml_list(key: str, values: list[Any], indent: str) -> str:
    """A list with an item on each line."""
    if not values:
        return ""
    return f"{indent}{key}:\n" + "".join(f"{indent}  -{yaml_line('', value)[1:]}" for value in values)


def render_draft(clipping: Clipping, cut: Cut) -> str:
    """The whole file of a draft, without the mark of what was written."""
    return f"---\n{_front_matter(clipping, cut)}---\n\n{render_body(clipping.story)}"


def _front_matter(clipping: Clipping, cut: Cut) -> str:
    head = clipping.story.headline
    fields: dict[str, Any] = {
        "title": clipping.title,
        "kicker": print_units(head.kicker),
        "subtitle": print_units(head.subtitle),
        "date": str(clipping.date.date) if clipping.date else "",
        "region": ["/".join(place.path) for place in clipping.places],
        "campaign": [found.campaign.name for found in clipping.campaigns],
        "source": _source(cut),
        "byline": [_credit(credit) for credit in clipping.credits],
    }
    kept = {key: value for key, value in fields.items() if value or key in ("title", "date", "region", "campaign")}
    text = "".join(_undated(key, value) for key, value in kept.items())
    text += yaml_list("figures", [_figure(found.figure) for found in clipping.figures], "")
    return text + "status: draft\n" + _provenance(clipping, cut)


def _undated(key: str, value: Any) -> str:
    """A date is written without quotation marks, as editors write it."""
    return f"{key}: {value}\n" if key == "date" and value else yaml_line(key, value)


def _source(cut: Cut) -> dict[str, Any]:
    if cut.paper is None:
        return {}
    source: dict[str, Any] = {"paper": cut.paper.name}
    if cut.date and (cut.date.date.month or cut.known.date):
        source["date"] = str(cut.date.date)
    if cut.known.page:
        source["page"] = cut.known.page
    return source


def _credit(credit: Credit) -> dict[str, str]:
    values = {"role": credit.role, "name": credit.name, "org": credit.org}
    return {key: value for key, value in values.items() if value}


def _figure(figure: Figure) -> dict[str, Any]:
    values = {"what": figure.what, "value": figure.value, "unit": figure.unit, "qualifier": figure.qualifier}
    return {key: value for key, value in values.items() if value != ""}


def _provenance(clipping: Clipping, cut: Cut) -> str:
    """Where the draft comes from, how sure it is, and the printed lines that stand nowhere else in it."""
    head = clipping.story.headline
    ranges = [f"{first}-{last}" if last > first else first for first, last in cut.lines_of(clipping)]
    values: dict[str, Any] = {
        "file": cut.dump.path.name,
        "sha256": cut.dump.sha256,
        "lines": ranges,
        "confidence": clipping.confidence,
        "flags": list(clipping.flags),
        "printed": [print_unit(line.unit) for line in (*head.labels, *head.bylines)],
    }
    text = "clip:\n" + "".join(f"  {yaml_line(key, value)}" for key, value in values.items() if value != [])
    evidence = [{"field": one.field, "line": one.line, "words": one.words} for one in clipping.evidence]
    return text + yaml_list("evidence", evidence, "  ")


def render_body(story: Story) -> str:
    """Boxes that are read first, the text with its subheads, what follows it, captions."""
    parts: list[str] = []
    text: list[str] = []  # the passages of the paragraph that is being written
    captions = [Passage(unit, "caption") for unit in story.headline.captions]
    for passage in (*story.boxes, *story.passages, *story.trailing, *story.captions, *captions):
        if not passage.joins:
            _close(text, parts)
        if passage.role in ("subhead", "label"):
            parts.append(_set_off(passage))
        else:
            text.append(print_unit(passage.unit))
    _close(text, parts)
    return "\n\n".join(parts) + "\n"


def _close(text: list[str], parts: list[str]) -> None:
    if text:
        parts.append(escape_markdown("".join(text)))
        text.clear()


def _set_off(passage: Passage) -> str:
    text = escape_markdown(print_unit(passage.unit))
    return f"## {text}" if passage.role == "subhead" else f"**{text}**"
