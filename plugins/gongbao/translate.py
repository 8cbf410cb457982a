"""The texts of the interface in templates, whose values are escaped, and marks on what is the archive's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import markupsafe
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup, escape

from gongbao.words import (
    CHINESE,
    current_words,
    format_number,
    join_list,
    month_label,
    month_name,
    open_graph_locale,
    quote_list,
    script_words,
)

# What `escape` does to a string, without making Markup of it: a quarter of the time that a search for what has to be
# escaped takes. The name isn't public; the versions of libraries are locked.
escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", lambda text: str(escape(text)))
VALUE_RE = re.compile(r"%\((\w+)\)s")
# What the language alone decides: a text without values, and the attribute of the archive's own text.
FIXED_RE = re.compile(r'\{\{ (?:_\("(?P<text>[^"\\]*)"\)|own\(\)) \}\}')


def own_language() -> Markup:
    """An attribute for elements that hold the archive's own text; nothing where the page is Chinese anyhow."""
    return Markup("") if current_words().is_chinese else Markup(f' lang="{CHINESE}"')


def own_text(text: str) -> Markup:
    """The archive's own text amid the interface's: in an element that says so, or as it is."""
    if current_words().is_chinese:
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(CHINESE, text)


class Translate(InternationalizationExtension):
    """Gives templates `_`, `_n`, `pgettext` and `{% trans %}`, and the few functions of words.py that they need.

    Which language they speak is asked when a page is rendered, for texts without values when a template is compiled; a
    build compiles templates so that it is asked for nearly all of them then (`build/compiled.py`). Messages are
    ours and may hold markup; values are escaped.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        environment.globals.update(TEMPLATE_FUNCTIONS)
        environment.filters["own"] = own_text

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """A template with the texts that all its pages share: an article's page would ask for sixty, one by one."""
        return FIXED_RE.sub(_fix, source)


def _fix(match: re.Match[str]) -> str:
    """What stands in the place of an expression; the expression itself where white space would touch a tag."""
    text = match["text"]
    found = own_language() if text is None else current_words().texts.gettext(text) % {}
    return match[0] if found != found.strip() else str(found)


def _in_markup(text: str, **values: object) -> Markup:
    return _fill(current_words().texts.gettext(text), values)


def _meant_in_markup(context: str, text: str, **values: object) -> Markup:
    return _fill(current_words().texts.pgettext(context, text), values)


def _plural_in_markup(one: str, many: str, n: int, **values: object) -> Markup:
    return _fill(current_words().texts.ngettext(one, many, n), {"num": n, **values})


def _count_in_markup(text: str, n: int, **values: object) -> Markup:
    return _fill(current_words().texts.ngettext(text, text, n), {"n": format_number(n), **values})


def _fill(text: str, values: Mapping[str, object]) -> Markup:
    """A text, which may hold markup, with its values, which are escaped; Markup's own % takes five times as long."""
    texts, names = part_text(text)
    filled = [texts[0]]
    for name, rest in zip(names, texts[1:], strict=True):
        filled += (escape_value(values[name]), rest)
    return Markup("".join(filled))


def escape_value(value: object) -> str:
    """The text that `markupsafe.escape` gives, which need not be Markup."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    return escape_text(value) if kind is str else escape(value)  # type: ignore[arg-type]


@cache
def part_text(text: str) -> tuple[list[str], list[str]]:
    """What stands before, between and after the values of a text, and their names."""
    parts = VALUE_RE.split(text)
    return [part.replace("%%", "%") for part in parts[::2]], parts[1::2]


def find_text(asked: str, said: Sequence[str]) -> str | None:
    """The text that a template's call means, in the language of this moment; None of a call that asks for none.

    In Chinese a text that counts is the same for all numbers, and these are bare digits.
    """
    texts = current_words().texts
    if len(said) == 1 and (asked in {"_", "gettext"} or (asked == "_n" and current_words().is_chinese)):
        return texts.gettext(said[0])
    if asked == "pgettext" and len(said) == 2:
        return texts.pgettext(said[0], said[1])
    return None


TEMPLATE_FUNCTIONS: dict[str, Any] = {
    "_": _in_markup,
    "gettext": _in_markup,
    "ngettext": _plural_in_markup,
    "pgettext": _meant_in_markup,
    "_n": _count_in_markup,
    "own": own_language,
    "script_words": script_words,
    "open_graph_locale": open_graph_locale,
    "format_number": format_number,
    "month_name": month_name,
    "month_label": month_label,
    "join_list": join_list,
    "quote_list": quote_list,
}
