"""The counts as tables on the terminal, and as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao.stats.count import Row, Stats

WIDTH = 100  # where nobody's terminal has one
MOST_FILES = 3
BAR = 24


def to_json(stats: Stats) -> str:
    """One JSON object."""
    return json.dumps(stats.to_json(), ensure_ascii=False, indent=1)


def print_stats(stats: Stats, *, with_files: bool = False) -> None:
    """Print everything; `with_files` names every file to look at, not the first few."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(_headline(stats), markup=False)
    for title, rows in (
        ("地区", stats.regions),
        ("活动", stats.campaigns),
        ("年份", stats.years),
        ("报纸", stats.papers),
    ):
        if rows:
            console.print(_count_table(title, rows))
    if stats.doubts:
        console.print(_doubt_table(stats, MOST_FILES if not with_files else stats.files))
    else:
        console.print("没有要看的。")


def _headline(stats: Stats) -> str:
    drafts = f"，其中草稿 {stats.drafts:,} 份" if stats.drafts else ""
    unread = f"；另有 {stats.unread:,} 个文件有错误" if stats.unread else ""
    return f"{stats.articles:,} 篇文章{drafts}{unread}。"


def _count_table(title: str, rows: Sequence[Row]) -> Table:
    table = Table(box=SIMPLE, title=f"按{title}", title_justify="left", show_header=False, pad_edge=False)
    table.add_column(title, no_wrap=True)
    table.add_column("篇", justify="right")
    table.add_column("", no_wrap=True)
    table.add_column("标识", style="dim")
    most = max(row.articles for row in rows)
    for row in rows:
        table.add_row(row.name, f"{row.articles:,}", "█" * max(1, round(BAR * row.articles / most)), row.id)
    return table


def _doubt_table(stats: Stats, most: int) -> Table:
    table = Table(box=SIMPLE, title="要看的", title_justify="left", show_header=False, pad_edge=False)
    table.add_column("为什么", no_wrap=True)
    table.add_column("篇", justify="right")
    table.add_column("文件", overflow="fold")
    for doubt in stats.doubts:
        more = "\n……" if len(doubt.files) > most else ""
        table.add_row(doubt.name, f"{len(doubt.files):,}", "\n".join(doubt.files[:most]) + more)
    return table
