"""What of an article goes into the index: lunr fields of words, facets, and the record that a result shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gongbao.article import Article
from gongbao.regions import RegionTable
from gongbao.text import shorten
from gongbao.vocabulary import Vocabulary

# lunr's fields with their boosts: a word in the headline weighs more than one in the text.
FIELD_BOOSTS = {"title": 8, "deck": 3, "tags": 2, "body": 1}
SUMMARY_LENGTH = 60
FACET_PREFIXES = {"region": "\x01r", "campaign": "\x01c", "paper": "\x01p"}


class Text(Protocol):
    """What is indexed: a story. `digest` tells it from any other."""

    @property
    def article(self) -> Article: ...

    @property
    def paragraphs(self) -> Sequence[str]: ...

    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class Document:
    """One article as the index takes it. `texts` are its lunr fields, `facets` are terms."""

    ref: str
    texts: dict[str, str]
    facets: tuple[str, ...]
    record: tuple[object, ...]


def make_document(article: Article, paragraphs: Iterable[str], regions: RegionTable) -> Document:
    """The document of an article whose rendered text is `paragraphs`."""
    paragraphs = list(paragraphs)
    source = article.source
    texts = {
        "title": [article.title],
        "deck": [article.kicker, article.subtitle],
        "tags": [
            *("".join(place.path) for place in article.places),
            *(name for campaign in article.campaigns for name in (campaign.name, *campaign.aliases)),
            *(f"{credit.org} {credit.name}" for credit in article.byline),
            source.paper.name if source else "",
        ],
        "body": paragraphs,
    }
    return Document(
        ref=article.address,
        texts={field: " ".join(texts[field]) for field in FIELD_BOOSTS},
        facets=tuple(sorted(_facets(article, regions))),
        record=(
            article.address,
            article.title,
            str(article.date),
            [[place.region.code, place.name] for place in article.places],
            [[campaign.id, campaign.name] for campaign in article.campaigns],
            source.paper.name if source else "",
            shorten("".join(paragraphs), SUMMARY_LENGTH),
        ),
    )


def own_words(vocabulary: Vocabulary, regions: RegionTable) -> set[str]:
    """The archive's own words for the dictionary: places, campaigns, papers and synonyms."""
    names = {name for campaign in vocabulary.campaigns for name in (campaign.name, *campaign.aliases)}
    names |= {name for paper in vocabulary.papers for name in (paper.name, *paper.aliases)}
    return names | regions.names | regions.short_names | {word for group in vocabulary.synonyms for word in group}


def _facets(article: Article, regions: RegionTable) -> set[str]:
    codes = {region.code for place in article.places for region in regions.lineage(place.region.code)}
    facets = {FACET_PREFIXES["region"] + code for code in codes}
    facets |= {FACET_PREFIXES["campaign"] + campaign.id for campaign in article.campaigns}
    if article.source:
        facets.add(FACET_PREFIXES["paper"] + article.source.paper.id)
    return facets
