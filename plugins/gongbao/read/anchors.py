"""Paragraphs that can be pointed to: #p3 is the third of an article."""

from __future__ import annotations

import re

from gongbao.words import _

# A rendered body is nh3's output: tags are closed, names lower case, and a < in text is written &lt;.
TAG_RE = re.compile(r"<(?P<end>/?)(?P<name>p|li|dd|td|th)(?P<attributes>(?:\s[^>]*)?)>")
ID_RE = re.compile(r'\sid="([^"]*)"')
SITE_LINK_RE = re.compile(r'(?P<start><[a-z][^>]*\s(?:href|src)=")/(?!/)')


def number_paragraphs(html: str) -> str:
    """The body with an id on each paragraph, and a link to it at its beginning that has no text of its own.

    Paragraphs of lists, tables and footnotes aren't counted: they are parts of something else. A paragraph that an
    editor gave an id keeps it, and a number that an editor used as an id elsewhere is left to that. The link is empty
    so that what is searched, copied and excerpted stays the text.
    """
    taken = set(ID_RE.findall(html))
    depth = number = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal depth, number
        if match["name"] != "p":
            depth += -1 if match["end"] else 1
            return match[0]
        if match["end"] or depth:
            return match[0]
        number += 1
        own = ID_RE.search(match["attributes"])
        if own is None and f"p{number}" in taken:
            return match[0]
        tag, target = (match[0], own[1]) if own else (f'<p id="p{number}"{match["attributes"]}>', f"p{number}")
        label = _("第 %(number)s 段的链接", number=number)
        return f'{tag}<a class="anchor" href="#{target}" aria-label="{label}"></a>'

    return TAG_RE.sub(replace, html)


def link_below(html: str, base: str) -> str:
    """The body with addresses of the site put below the path that it is served under."""
    return SITE_LINK_RE.sub(rf"\g<start>{base}/", html) if base else html
