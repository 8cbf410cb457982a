"""Addresses that last: what was published once answers for ever, at its place or by leading to another."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping

from gongbao.addresses import file_of
from gongbao.publish.manifest import Manifest
from gongbao.publish.problem import PublishError, list_some
from gongbao.published import page_addresses

# Lists that content makes and unmakes: nobody can give them an alias, so they lead to the nearest list above them.
LIST_RE = re.compile(r"/(?:regions|campaigns|years|papers|days)/.+|/.+/page/\d+/")
REDIRECT_PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>地址已改</title>
  <meta name="robots" content="noindex">
  <meta http-equiv="refresh" content="0; url={path}">
  <link rel="canonical" href="{address}">
</head>
<body>
  <h1>地址已改</h1>
  <p>本页已移到<a href="{path}">{path}</a>。</p>
</body>
</html>
"""


def find_redirects(
    old: Manifest, files: Collection[str], aliases: Mapping[str, str], gone: Collection[str] = ()
) -> dict[str, str]:
    """Which addresses lead where, so that all pages of the last publication still answer.

    `aliases` are the articles' old addresses; `gone` those that an editor lets go. Raises PublishError with every
    address that vanished, and for an alias that can't be.
    """
    present = page_addresses(files)
    redirects = {old_address: target for old_address, target in aliases.items() if old_address != target}
    _check_aliases(redirects, present)
    vanished = page_addresses(old) - present - set(redirects) - set(gone)
    for address in sorted(vanished):
        if LIST_RE.fullmatch(address):
            redirects[address] = _nearest(address, present)
    if lost := sorted(vanished - set(redirects)):
        raise PublishError(
            "这些地址发布过，现在没有了：" + list_some(lost) + "\n请在新文章里写 aliases: [旧地址]，使它转到新地址；"
            "确实要撤下的，发布时加 --gone 地址。"
        )
    return dict(sorted(redirects.items()))


def _check_aliases(redirects: Mapping[str, str], present: Collection[str]) -> None:
    wrong = [f"{alias} 是一个现有页面的地址" for alias in redirects if alias in present]
    wrong += [f"{alias} 转到 {target}，而那里没有页面" for alias, target in redirects.items() if target not in present]
    if wrong:
        raise PublishError("旧地址（aliases）不成立：" + list_some(sorted(wrong)))


def _nearest(address: str, present: Collection[str]) -> str:
    while address not in present and address != "/":
        address = address.rstrip("/").rpartition("/")[0] + "/"
    return address


def redirect_files(redirects: Mapping[str, str], siteurl: str, base: str) -> dict[str, bytes]:
    """A page at each old address, and `_redirects` for hosts that read it (Netlify, Cloudflare, GitLab)."""
    files = {file_of(old): _redirect_page(siteurl, base, target) for old, target in redirects.items()}
    lines = [f"{base}{old} {base}{target} 301\n" for old, target in redirects.items()]
    return files | ({"_redirects": "".join(lines).encode()} if lines else {})


def _redirect_page(siteurl: str, base: str, target: str) -> bytes:
    path, address = html.escape(base + target), html.escape(siteurl + target)
    return REDIRECT_PAGE.format(path=path, address=address).encode()
