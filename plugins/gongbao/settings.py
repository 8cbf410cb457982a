"""The setting GONGBAO of pelicanconf.py: its keys, their defaults, and the refusal of unknown ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from gongbao.words import CHINESE, N_, load_words

SPOKEN = frozenset(("name", "tagline", "description"))  # their defaults are in the interface's language


@dataclass(frozen=True)
class Settings:
    """What an archive can set; the defaults serve a small one."""

    name: str = N_("工报")
    tagline: str = N_("工会新闻档案")
    description: str = N_("一份可以按地方、按活动、按年份翻阅，也可以全文检索的工会新闻档案。")
    language: str = CHINESE  # of the interface; Pelican writes its own DEFAULT_LANG in lower case
    page_size: int = 30
    feed_size: int = 30
    lunr_json: bool = False
    licence: str = ""  # of the articles' texts, as readers of the data see it; empty: none is stated
    licence_url: str = ""
    scheduler: str = ""  # tcp://… of a Dask cluster for large archives; empty: this machine's processors
    editing: str = ""  # github:… or gitlab:… whose repository /admin/ edits (gongbao/edit/host.py); empty: no such page
    offline: bool = True  # browsers keep what was read; off: they drop what they kept
    report: str = ""  # where readers report errors; see gongbao/read/report.py for its fields


def read_settings(values: Mapping[str, Any]) -> Settings:
    """Check the GONGBAO mapping. Raises ValueError naming an unknown key or language and the allowed ones, or a
    wrong type.
    """
    types = {field.name: type(getattr(Settings(), field.name)) for field in fields(Settings)}
    for key, value in values.items():
        if key not in types:
            raise ValueError(f"GONGBAO 没有“{key}”这项设置，可用：{'、'.join(types)}")
        if not isinstance(value, types[key]):
            raise ValueError(f"GONGBAO[{key!r}] 应是 {types[key].__name__}，而不是 {value!r}")
    texts = load_words(values.get("language", CHINESE)).texts
    own: dict[str, Any] = {name: texts.gettext(getattr(Settings(), name)) for name in SPOKEN}
    return Settings(**own | dict(values))


def base_path(siteurl: str) -> str:
    """The path under which a site is served, without the slash at its end: '' for a whole host, '/archive' below one.

    Links on pages are paths, so that a built site works on any host.
    """
    return urlsplit(siteurl).path.rstrip("/")
