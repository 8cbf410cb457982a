"""Templates compiled by our own code generator say what Jinja's makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongbao.build.compiled import keep_compiled, render
from gongbao.words import languages, use_language
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

MACROS = """\
{% macro tag(name, level=2, more="") %}<h{{ level }}{{ more }}>{{ name }}{{ other }}</h{{ level }}>{% endmacro %}
{% macro around() %}<b>{{ caller() }}</b>{% endmacro %}
{% macro any() %}{{ varargs|join(",") }}{{ kwargs.x }}{% endmacro %}
"""
SOURCES = (
    "{{ text }} {{ html }} {{ number }} {{ missing }} {{ nothing }} {{ record.title }} {{ record.gone }}",
    '{{ _("%(year)s年", year=number) }} {{ _("%(year)s年", year=text) }} {{ _("%(year)s年", year=html) }}',
    '{{ _n("%(n)s 篇", number) }} {{ _n("%(n)s 篇", 1) }} {{ _n("%(name)s：%(n)s 篇", 1234, name=text) }}',
    '{{ pgettext("日期之后", "第 %(page)s 版", page=number) }} {{ pgettext("栏目", "首页") }}',
    "{% trans name=text %}原报的{{ name }}{% endtrans %}",
    '{% import "macros" as m %}{{ m.tag(text) }}{{ m.tag(html, 3) }}{{ m.tag(number, more=html, level=4) }}',
    '{% import "macros" as m %}{% call m.around() %}{{ text }}{% endcall %}{{ m.any(1, 2, x=text) }}',
    '{% include "part" %}{% for one in (text, html) %}{{ loop.index }}{{ one }}{% endfor %}{{ text|string|upper }}',
    "{% autoescape false %}{{ text }}{% endautoescape %}{{ text if number > 3 }}{{ [text, html] }}",
)


class Record:
    title = '<"题目">'


VALUES = {"text": "a<b&'c'", "html": Markup("<i>&amp;</i>"), "number": 5, "nothing": None, "record": Record()}


def make_environment(*, ours: bool, source: str, autoescape: bool = True) -> Environment:
    loader = DictLoader({"page": source, "macros": MACROS, "part": "{{ text }}{{ number }}"})
    environment = Environment(extensions=["gongbao.translate.Translate"], autoescape=autoescape, loader=loader)
    if ours:
        keep_compiled(environment, Path("a/theme/of/somebody"), {})
    return environment


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", languages())
def test_page_is_what_jinja_makes(source: str, language: str) -> None:
    use_language(language)
    try:
        ours, plain = (make_environment(ours=ours, source=source).get_template("page") for ours in (True, False))
        assert render(ours, VALUES) == plain.render(VALUES)
    finally:
        use_language("zh-CN")


def test_template_that_escapes_nothing_is_left_to_do_so() -> None:
    source = '{% macro plain(name) %}<b>{{ name }}</b>{% endmacro %}{{ plain(text) + "<" }}{{ text }}'
    ours, plain = (
        make_environment(ours=ours, source=source, autoescape=False).get_template("page") for ours in (True, False)
    )
    assert render(ours, VALUES) == plain.render(VALUES)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ('{% import "macros" as m %}{{ m.tag(text, colour=1) }}', TypeError),
        ('{% import "macros" as m %}{{ m.tag(text, 1, 2, 3) }}', TypeError),
        ('{{ _("%(year)s年", month=3) }}', KeyError),
        ("{{ missing.title }}", UndefinedError),
    ],
)
def test_mistake_in_a_template_is_an_error_when_a_page_is_made(source: str, error: type[Exception]) -> None:
    template = make_environment(ours=True, source=source).get_template("page")
    with pytest.raises(error):
        render(template, VALUES)
