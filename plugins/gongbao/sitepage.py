"""Pages such as “about”, content/pages/NAME.md: their fields, and the reading of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongbao.addresses import sitepage_address
from gongbao.frontmatter import FrontMatter, parse_text, report_unknown
from gongbao.problem import ContentError, Problem, has_errors

PAGE_FIELDS = ("title", "summary", "order", "check")
LAST = 99


@dataclass(frozen=True)
class SitePage:
    """A page of the archive's own words; the links to pages stand in their `order`."""

    slug: str
    title: str
    summary: str
    order: int
    body: str = field(repr=False)

    @property
    def address(self) -> str:
        return sitepage_address(self.slug)


def parse_page(matter: FrontMatter) -> tuple[SitePage, list[Problem]]:
    """The page of a parted file, and its warnings. Raises ContentError with every problem if one is an error."""
    report_unknown(matter, PAGE_FIELDS)
    title = matter.read("title", parse_text, "")
    if not title:
        matter.report(None, "缺少标题：请填写 title", "missing-title")
    order = matter.read("order", parse_text, str(LAST))
    page = SitePage(
        slug=matter.path.stem,
        title=title,
        summary=matter.read("summary", parse_text, ""),
        order=int(order) if order.isdecimal() else LAST,
        body=matter.body,
    )
    if has_errors(matter.problems):
        raise ContentError(matter.problems)
    return page, matter.problems
