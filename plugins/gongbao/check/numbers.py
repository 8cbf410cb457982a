"""The numbers of a text, in whatever way it writes them: 20000, 20,000, 2万, ２万, 两万, 二百三十, 百分之三十."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
BETWEEN = "余多几来"
CHINESE = "".join(DIGITS) + "".join(SCALES)
ARABIC_RE = re.compile(rf"(\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(\.\d+)?[{BETWEEN}]?([十百千万亿]*)")
CHINESE_RE = re.compile(rf"[{CHINESE}]+(?:点[{CHINESE}]+)?[{BETWEEN}]?[万亿]*")
UNIT_SCALE_RE = re.compile(r"[十百千万亿]*")


def scaled(value: float, unit: str) -> Decimal:
    """A number with its unit's 万 or 亿 multiplied out."""
    scale = UNIT_SCALE_RE.match(unit)
    return (Decimal(str(value)) * _multiply(scale[0] if scale else "")).normalize()


def numbers_of(text: str) -> frozenset[Decimal]:
    """All numbers of a text, with 万 and 亿 multiplied out."""
    text = unicodedata.normalize("NFKC", text)
    found = set()
    for match in ARABIC_RE.finditer(text):
        number = Decimal(match[1].replace(",", "") + (match[2] or ""))
        found |= {number.normalize(), (number * _multiply(match[3])).normalize()}
    for match in CHINESE_RE.finditer(text):
        if (value := read_chinese(match[0])) is not None:
            found.add(value.normalize())
    return frozenset(found)


def read_chinese(text: str) -> Decimal | None:
    """The value of a Chinese numeral: 二百三十, 两万三千, 十二, 二〇二〇, 三点五万, 百余; None if it is none."""
    text = re.sub(f"[{BETWEEN}]", "", text)
    whole, _, part = text.partition("点")
    if part:
        digits = re.match(f"[{''.join(DIGITS)}]+", part)
        if digits is None or (value := _read_whole(whole)) is None:
            return None
        tail = "".join(str(DIGITS[char]) for char in digits[0])
        return (value + Decimal(f"0.{tail}")) * _multiply(part[digits.end() :])
    return _read_whole(whole)


def _read_whole(text: str) -> Decimal | None:
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    for scale in ("亿", "万"):
        if scale in text:
            head, _, tail = text.rpartition(scale)
            high, low = _read_whole(head) if head else Decimal(1), _read_whole(tail) if tail else Decimal(0)
            return None if high is None or low is None else high * SCALES[scale] + low
    return _read_thousands(text)


def _read_thousands(text: str) -> Decimal:
    total, digit = 0, 0
    for char in text:
        if char in SCALES:
            total, digit = total + (digit or 1) * SCALES[char], 0
        else:
            digit = DIGITS[char]
    return Decimal(total + digit)


def _multiply(scales: str) -> int:
    product = 1
    for scale in scales:
        product *= SCALES[scale]
    return product
