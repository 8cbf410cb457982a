"""How an article is cited: GB/T 7714—2015, BibTeX and RIS, as texts made at build.

No date of access is written: the build's clock isn't the reader's. Where the standard wants one, 引用日期 stands in the
brackets meant for it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from gongbao.article import Article, Credit, Source
from gongbao.dates import PartialDate
from gongbao.words import N_, _

AUTHOR_ROLES = frozenset(("记者", "通讯员", "特约记者", "作者"))  # who took the picture or edited is no author
MOST_AUTHORS = 3  # GB/T 7714—2015, 8.1: of more than three the first three, then 等
ACCESSED = N_("引用日期")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
INFERRED = N_("报纸名据署名推定")
TEX = {
    "\\": r"\textbackslash{}",
    # Not \{ and \}: BibTeX counts braces without looking at the backslash before them.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "$&#%_"},
}
TEX_RE = re.compile("|".join(map(re.escape, TEX)))
# A url field is taken as it stands, so that what would end it is encoded as addresses encode it (RFC 3986).
URL_CODES = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", " ": "%20"}


@dataclass(frozen=True)
class Citation:
    """An article's citations, none ending in a line break. `printed` is empty where the paper isn't known."""

    printed: str
    online: str
    bibtex: str
    ris: str


def cite(article: Article, address: str, archive: str, language: str) -> Citation:
    """All forms; `address` is the permanent one with its host, `archive` the site's name, `language` the article's."""
    return Citation(
        printed=_printed(article),
        online=_online(article, address),
        bibtex=_bibtex(article, address, archive),
        ris=_ris(article, address, archive, language),
    )


def issued(article: Article) -> PartialDate:
    """When the story was published, and no closer than is known.

    An article's own date may be that of the event; where its paper is known but not the issue, the year is all that can
    be said.
    """
    if article.source is None:
        return article.date
    return article.source.date or PartialDate(article.year)


def author_names(article: Article) -> tuple[str, ...]:
    """Those who wrote the story, in the order of the byline, each once."""
    return tuple(dict.fromkeys(credit.name for credit in article.byline if credit.role in AUTHOR_ROLES))


def group_byline(byline: tuple[Credit, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names that share a role stand behind it together: 本报记者 甲 乙."""
    groups = groupby(byline, key=lambda credit: credit.title)
    return tuple((title, tuple(credit.name for credit in own)) for title, own in groups)


def one_line(text: str) -> str:
    """The text without line breaks of any kind and without control characters, which RIS and BibTeX can't carry."""
    spaced = " ".join(text.split())
    if spaced.isprintable():
        return spaced
    return "".join(character for character in spaced if unicodedata.category(character) not in {"Cc", "Cs"})


def _title(article: Article) -> str:
    """The title with its other title information (其他题名信息) behind a colon: GB/T 7714—2015, 8.2."""
    return one_line(":".join(filter(None, (article.title, article.subtitle))))


def _printed(article: Article) -> str:
    """A newspaper's article: 作者. 题名[N]. 报纸名, 出版日期(版次). GB/T 7714—2015, 4.4 and 8.4.3."""
    if article.source is None:
        return ""
    return f"{_lead(article, 'N')} {_issue(article.source, issued(article))}."


def _online(article: Article, address: str) -> str:
    """The same read here, with carrier OL, date of access and address: GB/T 7714—2015, 4.6, 8.4 and 8.6."""
    if article.source is None:
        return f"{_lead(article, 'EB/OL')} ({article.date})[{_(ACCESSED)}]. {address}."
    return f"{_lead(article, 'N/OL')} {_issue(article.source, issued(article))}[{_(ACCESSED)}]. {address}."


def _lead(article: Article, mark: str) -> str:
    """Authors and title. Without an author the title begins: 8.1 allows it where references are numbered."""
    names = author_names(article)
    authors = ", ".join(names[:MOST_AUTHORS]) + (", 等" if len(names) > MOST_AUTHORS else "")
    return f"{one_line(authors)}{'. ' if names else ''}{_title(article)}[{mark}]."


def _issue(source: Source, date: PartialDate) -> str:
    """What wasn't read in print but concluded stands in square brackets: GB/T 7714—2015, 7.2."""
    paper = f"[{source.paper.name}]" if source.inferred else source.paper.name
    day = str(date) if source.date else f"[{date}]"
    return f"{paper}, {day}{f'({source.page})' if source.page else ''}"


def _bibtex(article: Article, address: str, archive: str) -> str:
    """An @article, which every style knows, with `entrysubtype` for biblatex; without a paper @misc.

    Names and title stand in a second pair of braces: names aren't taken apart, letters keep their case. Source: the
    BibTeX and biblatex manuals; `month` is one of BibTeX's own abbreviations.
    """
    date = issued(article)
    source = article.source
    fields = {
        "author": " and ".join(f"{{{escape_tex(name)}}}" for name in author_names(article)),
        "title": f"{{{escape_tex(_title(article))}}}",
        "journal" if source else "howpublished": escape_tex(source.paper.name if source else archive),
        "date": str(date),
        "year": str(date.year),
        "month": MONTHS[date.month - 1] if date.month else "",
        "pages": str(source.page) if source and source.page else "",
        "note": _(INFERRED) if source and source.inferred else "",
        "url": escape_url(address),
        "entrysubtype": "newspaper" if source else "",
        "langid": "chinese",
    }
    rows = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join((f"@{'article' if source else 'misc'}{{{article.slug}-{article.year},", *rows, "}"))


def escape_tex(text: str) -> str:
    """Text for a braced BibTeX field: braces balance, nothing is a command or comment."""
    return TEX_RE.sub(lambda match: TEX[match[0]], one_line(text))


def escape_url(address: str) -> str:
    """An address for a `url` field."""
    return "".join(URL_CODES.get(character, character) for character in one_line(address))


def _ris(article: Article, address: str, archive: str, language: str) -> str:
    """TY to ER, a field a line: two letters, two spaces, hyphen, space.

    Source: Research Information Systems' RIS format specification; NEWS is a newspaper's article, ELEC a web page. DA
    is YYYY/MM/DD/ with what isn't known left empty. Asterisks may not stand in names and keywords.
    """
    date = issued(article)
    source = article.source
    rows = [
        ("TY", "NEWS" if source else "ELEC"),
        *(("AU", name) for name in author_names(article)),
        ("TI", _title(article)),
        ("T2", source.paper.name if source else archive),
        ("PY", str(date.year)),
        ("DA", f"{date.year}/{_two(date.month)}/{_two(date.day)}/"),
        ("SP", str(source.page) if source and source.page else ""),
        *(("KW", campaign.name) for campaign in article.campaigns),
        ("N1", _(INFERRED) if source and source.inferred else ""),
        ("LA", language),
        ("UR", address),
    ]
    lines = [f"{tag}  - {_ris_value(tag, value)}" for tag, value in rows if value]
    return "\n".join((*lines, "ER  - "))


def _two(number: int | None) -> str:
    return f"{number:02d}" if number else ""


def _ris_value(tag: str, value: str) -> str:
    line = one_line(value)
    return line.replace("*", "＊") if tag in {"AU", "KW", "T2"} else line
