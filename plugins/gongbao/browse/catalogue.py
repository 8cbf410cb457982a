"""The whole catalogue as open data: one row an article, as JSON and as CSV with the same columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from gongbao.article import Article

LIST_SEPARATOR = "; "


def catalogue_json(articles: Iterable[Article], site: str) -> str:
    """A JSON array of objects, one an article; `site` makes the addresses absolute."""
    return json.dumps([_row(article, site) for article in articles], ensure_ascii=False, indent=1) + "\n"


def catalogue_csv(articles: Iterable[Article], site: str) -> str:
    """The same rows as CSV (RFC 4180) with a byte order mark, which spreadsheets need to see UTF-8."""
    rows = [_row(article, site) for article in articles]
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(rows[0] if rows else ["url"])
    for row in rows:
        writer.writerow(
            [LIST_SEPARATOR.join(map(str, cell)) if isinstance(cell, list) else cell for cell in row.values()]
        )
    return out.getvalue()


def _row(article: Article, site: str) -> dict[str, object]:
    source = article.source
    return {
        "url": f"{site}{article.address}",
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "date": str(article.date),
        "year": article.year,
        "regions": ["/".join(place.path) for place in article.places],
        "region_codes": [place.region.code for place in article.places],
        "campaigns": [campaign.name for campaign in article.campaigns],
        "campaign_ids": [campaign.id for campaign in article.campaigns],
        "paper": source.paper.name if source else "",
        "issue": str(source.date) if source and source.date else "",
        "page": source.page if source and source.page else "",
        "byline": [f"{credit.title} {credit.name}" for credit in article.byline],
        "figures": [f"{figure.what} {figure.text}" for figure in article.figures],
    }
