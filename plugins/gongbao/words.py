"""What readers see, in the language of the interface: Chinese as the code has it, other languages from a catalogue.

Texts are looked up by their Chinese wording, with gettext's `%(name)s` for what varies. A catalogue is
theme/translations/LANGUAGE/LC_MESSAGES/messages.po, read as text, so that no binary has to be kept beside it. Articles,
names of places, campaigns and papers are the archive's own and stay as they are; where the interface has another
language, pages mark them as Chinese.

What templates need is in translate.py: each command loads this module, and Jinja and Babel take up to a third of a
second to load, which a build that has nothing to do can do without.

A build has one language. It is kept by the module and not in a context variable: processes that are forked once it is
set have it, and so have threads, which would begin with an empty context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING

from gongbao.origin import PROJECT

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

CHINESE = "zh-CN"
TRANSLATIONS = PROJECT / "theme" / "translations"
CATALOGUE = "LC_MESSAGES/messages.po"
SCRIPTS = "theme/static/js/"  # where a catalogue says that a text comes from
REGIONS = {"zh-CN": "zh_CN", "en": "en_GB"}  # Open Graph wants a region; dates are written as in Britain
SAMPLE = range(200)  # numbers that show every plural form


def N_(text: str) -> str:  # noqa: N802  gettext's name for a text that is translated where it is used
    return text


def NP_(context: str, text: str) -> str:  # noqa: ARG001, N802  the same with a context, for pgettext
    return text


MONTHS = (
    *(N_("1月"), N_("2月"), N_("3月"), N_("4月"), N_("5月"), N_("6月")),
    *(N_("7月"), N_("8月"), N_("9月"), N_("10月"), N_("11月"), N_("12月")),
)


@dataclass(frozen=True)
class Words:
    """A language of the interface. `scripts` are the texts that scripts use; empty in Chinese."""

    language: str
    texts: NullTranslations
    scripts: dict[str, str | dict[str, str]]

    @property
    def is_chinese(self) -> bool:
        return self.language == CHINESE


@dataclass
class _Current:
    words: Words


_current = _Current(Words(CHINESE, NullTranslations(), {}))


def languages() -> tuple[str, ...]:
    """The languages that an interface can have, Chinese first."""
    return (CHINESE, *sorted(path.parents[1].name for path in TRANSLATIONS.glob(f"*/{CATALOGUE}")))


def check_language(language: str) -> None:
    """Raises ValueError naming the allowed languages if there is no catalogue of this one."""
    if language not in languages():
        raise ValueError(f"GONGBAO['language'] 是“{language}”，没有这种语言的词条，可用：{'、'.join(languages())}")


def use_language(language: str) -> None:
    """Set the language of this process, and of those that it forks from now on. Raises ValueError as above."""
    _current.words = load_words(language)


@cache
def load_words(language: str) -> Words:
    """The words of a language. Raises ValueError if it has no catalogue."""
    check_language(language)
    if language == CHINESE:
        return Words(CHINESE, NullTranslations(), {})
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (TRANSLATIONS / language / CATALOGUE).open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    texts = GNUTranslations(binary)
    return Words(language, texts, _script_texts(catalogue, texts, language))


def current_words() -> Words:
    """The words of this process."""
    return _current.words


def current_language() -> str:
    return _current.words.language


def open_graph_locale() -> str:
    """en_GB; a language without an entry in the table as it is."""
    language = _current.words.language
    return REGIONS.get(language, language.replace("-", "_"))


def _(text: str, **values: object) -> str:
    """A text with its values filled in; `values` may be left out where there are none."""
    found = _current.words.texts.gettext(text)
    return found % values if values else found


def _n(text: str, n: int, **values: object) -> str:
    """A text that counts: `%(n)s` in it is the number, and the wording agrees with it where that matters."""
    return _current.words.texts.ngettext(text, text, n) % {"n": format_number(n), **values}


def pgettext(context: str, text: str) -> str:
    """A text that means several things: `context` says which."""
    return _current.words.texts.pgettext(context, text)


def format_number(number: int) -> str:
    """1,234 in English; Chinese pages have bare digits."""
    words = _current.words
    if words.is_chinese:
        return str(number)
    from babel.numbers import format_decimal

    return format_decimal(number, locale=words.language)


def thousands_mark() -> str:
    """What a format specification says for 1,234; empty for bare digits."""
    return "" if _current.words.is_chinese else ","


def month_name(month: int) -> str:
    """1月, January."""
    return _(MONTHS[month - 1])


def month_label(month: int) -> str:
    """What fits below the bar of a month: 1, Jan."""
    labels = pgettext("柱下的十二个月", "1 2 3 4 5 6 7 8 9 10 11 12")
    return labels.split()[month - 1]


def year_name(year: int) -> str:
    return _("%(year)s年", year=year)


def day_name(month: int, day: int) -> str:
    """A day of the year: 1月15日, 15 January."""
    return _("%(month)s%(day)s日", month=month_name(month), day=day)


def date_name(year: int, month: int | None, day: int | None) -> str:
    """2020年1月15日, 15 January 2020; no more of it than is known."""
    return _date_name(year, month, day, current_language())


@lru_cache(maxsize=1 << 15)  # each day stands on many pages
def _date_name(year: int, month: int | None, day: int | None, language: str) -> str:  # noqa: ARG001  `_` speaks it
    if not month:
        return year_name(year)
    if not day:
        return _("%(year)s年%(month)s", year=year, month=month_name(month))
    return _("%(year)s年%(month)s%(day)s日", year=year, month=month_name(month), day=day)


def join_list(parts: list[str]) -> str:
    """甲、乙、丙; A, B, C."""
    return _("、").join(parts)


def quote_list(words: Sequence[str]) -> str:
    """“甲”“乙”: words that are quoted side by side take no 、 between them (GB/T 15834—2011, 4.5)."""
    return "".join(f"“{word}”" for word in words)


def script_words() -> dict[str, str | dict[str, str]]:
    """What scripts say, by the Chinese wording; a text that counts by the categories of Intl.PluralRules."""
    return _current.words.scripts


def _script_texts(catalogue: Catalog, texts: NullTranslations, language: str) -> dict[str, str | dict[str, str]]:
    from babel import Locale

    category = Locale.parse(language, sep="-").plural_form
    found: dict[str, str | dict[str, str]] = {month: texts.gettext(month) for month in MONTHS}
    for message in catalogue:
        if not any(path.startswith(SCRIPTS) for path, _line in message.locations):
            continue
        if message.pluralizable:
            one = message.id[0]
            found[one] = {category(n): texts.ngettext(one, one, n) for n in SAMPLE}
        else:
            found[str(message.id)] = texts.gettext(str(message.id))
    return dict(sorted(found.items()))
