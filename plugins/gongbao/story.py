"""A published article with what became of its text: what pages, feeds and the index are made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gongbao.article import Article
from gongbao.dates import PartialDate
from gongbao.markup import html_paragraphs, render_markdown
from gongbao.text import shorten

SUMMARY_LENGTH = 90


@dataclass(frozen=True)
class Story:
    """An article, its body as safe HTML, and the beginning of its text; the article's own `body` is left out."""

    article: Article
    html: str = field(repr=False)
    summary: str

    @property
    def digest(self) -> str:
        """Tells this text from any other."""
        return self.article.digest

    @property
    def paragraphs(self) -> list[str]:
        """The text that a reader sees, block by block."""
        return html_paragraphs(self.html)


class Mention(NamedTuple):
    """All that the page of another article says of one."""

    address: str
    title: str
    date: PartialDate

    @classmethod
    def of(cls, article: Article) -> Mention:
        """What is said of an article."""
        return cls(article.address, article.title, article.date)

    @property
    def texts(self) -> tuple[str, str, str]:
        """The same as texts, which are digested in one step."""
        return (self.address, self.title, str(self.date))


class Related(NamedTuple):
    """Another article that much of the same is said in, and the words that both have which say most."""

    mention: Mention
    words: tuple[str, ...]


def make_story(article: Article) -> Story:
    """Render an article's body."""
    html = render_markdown(article.body)
    return Story(replace(article, body=""), html, shorten("".join(html_paragraphs(html)), SUMMARY_LENGTH))
