"""A map of the provincial divisions without boundaries: one equal tile each, where a reader looks for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongbao.addresses import region_address

# The first two digits of the administrative codes (GB/T 2260), laid out by the divisions' neighbours, not by area.
LAYOUT = """
.. .. .. .. .. .. 23
.. .. .. .. 15 21 22
65 62 64 14 11 12 ..
.. 63 61 41 13 37 ..
54 51 50 42 34 32 31
.. 53 52 43 36 33 ..
.. .. 45 44 35 .. 71
.. .. 46 82 81 .. ..
"""
SHORT_NAMES = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
    "71": "台湾",
    "81": "香港",
    "82": "澳门",
}
SHADES = 5


@dataclass(frozen=True)
class Tile:
    """A provincial division on the map; `row` and `column` count from 1, `shade` from 0 (nothing) to SHADES."""

    code: str
    name: str
    row: int
    column: int
    count: int
    shade: int

    @property
    def address(self) -> str:
        return region_address(self.code) if self.count else ""


def map_tiles(counts: Mapping[str, int]) -> tuple[Tile, ...]:
    """All 34 tiles, row by row; `counts` by six-digit code."""
    most = max(counts.values(), default=0)
    return tuple(
        Tile(code, SHORT_NAMES[code[:2]], row, column, counts.get(code, 0), _shade(counts.get(code, 0), most))
        for row, column, code in _cells()
    )


def _cells() -> Iterator[tuple[int, int, str]]:
    for row, line in enumerate(LAYOUT.split("\n")[1:-1], 1):
        for column, cell in enumerate(line.split(), 1):
            if cell != "..":
                yield row, column, f"{cell}0000"


def _shade(count: int, most: int) -> int:
    """By the square root: the home province of a paper has most of its stories, and the others should still differ."""
    return math.ceil(SHADES * math.sqrt(count / most)) if count else 0
