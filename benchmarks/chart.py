"""A chart of how times grow, as SVG: both axes logarithmic, a line for each side, named at its end."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 66, 190, 20, 44
COLOURS = ("#9d2018", "#1d5f8a", "#4a7c2b", "#6b4a8a")
DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True)
class Line:
    """A side's points: articles and seconds."""

    name: str
    points: Sequence[tuple[int, float]]


def draw_growth(lines: Sequence[Line]) -> str:
    """The chart. Raises ValueError if there is no point to draw."""
    sizes = [articles for line in lines for articles, _ in line.points]
    seconds = [value for line in lines for _, value in line.points]
    if not sizes:
        raise ValueError("no points to draw")
    across, up = _axis(sizes, LEFT, WIDTH - RIGHT), _axis(seconds, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        "<title>Seconds of a clean build by number of articles</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for value in _powers(sizes):
        x = across(value)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,}</text>')
    for value in _powers(seconds):
        y = up(value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,} s</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">articles</text>')
    names = []  # above all lines
    for number, line in enumerate(lines):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        points = " ".join(f"{across(size):.1f},{up(seconds_of):.1f}" for size, seconds_of in line.points)
        style = f'stroke="{colour}" stroke-width="2" fill="none"' + (f' stroke-dasharray="{dash}"' if dash else "")
        parts.append(f'<polyline points="{points}" {style}/>')
        size, last = line.points[-1]
        label = f"{escape(line.name)}: {last:.0f} s"
        place = f'x="{across(size) + 8:.1f}" y="{up(last) + 4:.1f}"'
        halo = 'stroke="#fff" stroke-width="5" paint-order="stroke"'  # another side's line may pass behind the name
        names.append(f'<text {place} fill="{colour}" {halo}>{label}</text>')
    return "\n".join([*parts, *names, "</svg>", ""])


def _powers(values: Sequence[float]) -> list[int]:
    """The powers of ten that the values lie between."""
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10**power for power in range(max(first, 0), last + 1)]


def _axis(values: Sequence[float], start: float, end: float) -> Callable[[float], float]:
    """Where a value stands on a logarithmic axis from `start` to `end`."""
    marks = _powers(values)
    low, high = math.log10(min(marks[0], *values)), math.log10(max(marks[-1], *values))
    return lambda value: start + (math.log10(value) - low) / max(high - low, 1e-9) * (end - start)
