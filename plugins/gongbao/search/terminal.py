"""`inv search`: the site's search as lines of text or JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from gongbao.search.engine import Answer, Hit, open_index
from gongbao.search.reader import BrokenIndexError

YEAR_RE = re.compile(r"(\d{4})(?:-(\d{4}))?")


class UsageError(ValueError):
    """The search can't be made as asked."""


def search_site(
    output: Path, query: str, *, region: str, campaign: str, paper: str, year: str, limit: int, as_json: bool
) -> str:
    """The answer to a query, over the slices of a built site. Raises UsageError for a bad year or a missing site."""
    year_from, year_to = _parse_years(year)
    try:
        answer = open_index(output).search(
            query,
            region=region or None,
            campaign=campaign or None,
            paper=paper or None,
            year_from=year_from,
            year_to=year_to,
            limit=limit,
        )
    except BrokenIndexError as error:
        raise UsageError(str(error)) from None
    if as_json:
        return json.dumps(asdict(answer), ensure_ascii=False, indent=1)
    return "\n".join([_summary(answer), *map(_line, answer.results)])


def _parse_years(text: str) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    match = YEAR_RE.fullmatch(text)
    if match is None:
        raise UsageError(f"年份“{text}”应形如 2020 或 2019-2021")
    return int(match[1]), int(match[2] or match[1])


def _summary(answer: Answer) -> str:
    left_out = f"；没有一篇含有全部词语，略去了：{'、'.join(answer.missing)}" if answer.missing else ""
    return f"找到 {answer.total} 篇{left_out}"


def _line(hit: Hit) -> str:
    places = "、".join(region["name"] for region in hit.regions)
    return f"{hit.date}  {hit.title}  {places}\n            {hit.url}"
