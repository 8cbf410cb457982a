"""What programs read of an article: schema.org as JSON-LD, citation_* for reference managers, Open Graph.

Dates are no closer than the archive knows them. There is no picture: the archive has texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gongbao.article import Article, Credit, Picture
from gongbao.read.citation import AUTHOR_ROLES, author_names, issued
from gongbao.settings import Settings
from gongbao.words import CHINESE, open_graph_locale

SCHEMA = "https://schema.org"


@dataclass(frozen=True)
class Subject:
    """An article with what its page adds: the permanent address with its host, and the summary."""

    article: Article
    address: str
    summary: str
    settings: Settings

    @property
    def site(self) -> str:
        return self.address.removesuffix(self.article.address)


def news_article(subject: Subject) -> dict[str, Any]:
    """schema.org's NewsArticle. https://schema.org/NewsArticle

    `datePublished` is the issue's, `temporalCoverage` the article's own date, which may be that of the event.
    """
    article, own = subject.article, subject.settings
    document = {
        "@context": SCHEMA,
        "@type": "NewsArticle",
        "@id": subject.address,
        "url": subject.address,
        "mainEntityOfPage": subject.address,
        "headline": article.title,
        "alternativeHeadline": article.subtitle,
        "description": subject.summary,
        "image": [f"{subject.site}{picture.address}" for picture in article.pictures],
        "inLanguage": CHINESE,
        "isAccessibleForFree": True,
        "datePublished": str(issued(article)),
        "temporalCoverage": str(article.date),
        "author": [_person(credit) for credit in article.byline if credit.role in AUTHOR_ROLES],
        "contributor": [_person(credit) for credit in article.byline if credit.role not in AUTHOR_ROLES],
        "contentLocation": [{"@type": "Place", "name": place.full_name} for place in article.places],
        "keywords": [campaign.name for campaign in article.campaigns],
        "publisher": {"@type": "Organization", "name": own.name},
        "license": own.licence_url,
        **_print(article),
    }
    return {name: value for name, value in document.items() if value not in ("", [])}


def _person(credit: Credit) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": credit.name, "jobTitle": credit.role}
    # 本报 names no organisation to a program: it means whatever paper the story stood in.
    return person | (
        {"affiliation": {"@type": "Organization", "name": credit.org}} if credit.org not in ("", "本报") else {}
    )


def _print(article: Article) -> dict[str, Any]:
    """Where the story stood: `printEdition` is the issue's date, `printPage` the number of the page (版)."""
    source = article.source
    if source is None:
        return {}
    edition = str(source.date or "")
    paper = {"@type": "Newspaper", "name": source.paper.name}
    issue = {"@type": "PublicationIssue", "datePublished": edition, "isPartOf": paper} if edition else paper
    return {"isPartOf": issue, "printEdition": edition, "printPage": str(source.page or "")}


def breadcrumb_list(crumbs: Iterable[tuple[str, str]], site: str) -> dict[str, Any]:
    """schema.org's BreadcrumbList of (name, address) from the home page down. https://schema.org/BreadcrumbList"""
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{site}{address}"}
            for position, (name, address) in enumerate(crumbs, 1)
        ],
    }


def citation_tags(subject: Subject) -> tuple[tuple[str, str], ...]:
    """Names and contents of `meta` elements, as Google Scholar's inclusion guidelines and Zotero read them.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing. Zotero takes anything with a journal's title for
    a journal's article unless `z:itemType` says otherwise (its translators “Embedded Metadata” and “RDF”).
    """
    article, source = subject.article, subject.article.source
    rows = [
        ("z:itemType", "newspaperArticle" if source else "webpage"),
        ("citation_title", article.title),
        *(("citation_author", name) for name in author_names(article)),
        ("citation_publication_date", str(issued(article)).replace("-", "/")),
        ("citation_journal_title", source.paper.name if source else ""),
        ("citation_firstpage", str(source.page) if source and source.page else ""),
        ("citation_keywords", ";".join(campaign.name for campaign in article.campaigns)),
        ("citation_language", CHINESE),
        ("citation_public_url", subject.address),
    ]
    return tuple((name, content) for name, content in rows if content)


def open_graph(subject: Subject) -> tuple[tuple[str, str], ...]:
    """Properties and contents of `meta` elements: https://ogp.me/#type_article. The image is the first picture."""
    article, own = subject.article, subject.settings
    day = issued(article)
    rows = [
        ("og:type", "article"),
        ("og:site_name", own.name),
        ("og:title", article.title),
        ("og:description", subject.summary),
        ("og:url", subject.address),
        ("og:locale", open_graph_locale()),
        *((name, value) for picture in article.pictures[:1] for name, value in _og_image(picture, subject.site)),
        ("article:published_time", str(day) if day.day else ""),
        *(("article:tag", campaign.name) for campaign in article.campaigns),
    ]
    return tuple((name, content) for name, content in rows if content)


def _og_image(picture: Picture, site: str) -> tuple[tuple[str, str], ...]:
    return (("og:image", f"{site}{picture.address}"), ("og:image:alt", picture.alt))
