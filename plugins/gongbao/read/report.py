"""“Report an error”: the address that opens an issue or a mail with the article already named in it."""

from __future__ import annotations

from string import Formatter
from urllib.parse import quote, urlsplit

from gongbao.article import Article

FIELDS = ("title", "address", "body")
SCHEMES = ("https", "http", "mailto")


def check_report(template: str) -> None:
    """Raises ValueError if a template isn't a web or mail address, or has a field that doesn't exist."""
    if not template:
        return
    if urlsplit(template).scheme not in SCHEMES:
        raise ValueError(f"GONGBAO['report'] 应以 {'、'.join(f'{scheme}:' for scheme in SCHEMES)} 开头：{template}")
    try:
        names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"GONGBAO['report'] 的花括号不成对：{template}") from error
    if unknown := sorted(names - set(FIELDS)):
        raise ValueError(f"GONGBAO['report'] 没有“{unknown[0]}”这一项，可用：{'、'.join(FIELDS)}")


def report_address(template: str, article: Article, address: str) -> str:
    """The template with its fields filled in, percent-encoded (RFC 3986, RFC 6068); empty where no template is set."""
    title = f"指错：{article.title}"
    body = f"文章：{article.title}\r\n地址：{address}\r\n\r\n有误的文字：\r\n\r\n应为：\r\n\r\n依据："
    values = {"title": title, "address": address, "body": body}
    return template.format(**{name: quote(value, safe="") for name, value in values.items()})
