"""All that an article's page shows beside the article itself, as one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongbao.addresses import HOME, REGIONS, region_address
from gongbao.article import Article
from gongbao.read.citation import Citation, cite, group_byline
from gongbao.read.metadata import Subject, breadcrumb_list, citation_tags, news_article, open_graph
from gongbao.read.neighbours import Neighbours
from gongbao.read.report import report_address
from gongbao.regions import RegionTable
from gongbao.settings import Settings
from gongbao.story import Story
from gongbao.words import CHINESE, pgettext

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """What stands around an article. `crumbs` are (name, address) from the regions' page down to its main place."""

    address: str
    crumbs: Pairs
    byline: tuple[tuple[str, tuple[str, ...]], ...]
    neighbours: tuple[Neighbours, ...]
    citation: Citation
    report: str
    meta_names: Pairs
    meta_properties: Pairs
    news_article: dict[str, Any]
    breadcrumbs: dict[str, Any]


class ReadingRoom:
    """Makes the record of each page; `site` is the archive's address without a slash at the end."""

    def __init__(self, table: RegionTable, settings: Settings, site: str) -> None:
        self._table, self._settings, self._site = table, settings, site

    def read(self, story: Story, around: tuple[Neighbours, ...]) -> Reading:
        """The record of one page, which depends on the story and its neighbours alone."""
        own, article = self._settings, story.article
        address = f"{self._site}{article.address}"
        subject = Subject(article, address, story.summary, own)
        crumbs = self._crumbs(article)
        return Reading(
            address=address,
            crumbs=crumbs,
            byline=group_byline(article.byline),
            neighbours=around,
            citation=cite(article, address, own.name, CHINESE),
            report=report_address(own.report, article, address),
            meta_names=citation_tags(subject),
            meta_properties=open_graph(subject),
            news_article=news_article(subject),
            breadcrumbs=breadcrumb_list(((own.name, HOME), *crumbs, (article.title, article.address)), self._site),
        )

    def _crumbs(self, article: Article) -> Pairs:
        if not article.places:
            return ()
        lineage = self._table.lineage(article.places[0].region.code)
        return (
            (pgettext("栏目", "地区"), REGIONS),
            *((region.name_in(article.year), region_address(region.code)) for region in lineage),
        )
