"""Passages that the recogniser wrote more than once, unchanged or slightly changed; the first copy is kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from gongbao.clip.page import Unit
from gongbao.likeness import match_key, measure_containment, measure_likeness, sketch

SENTENCE_RE = re.compile(r"[^。!?]*(?:[。!?…]+[”’)」』]*|$)")
SKETCH = 12  # checksums kept of a line or sentence
CANDIDATES = 4
SHORTEST = 14  # characters; shorter sentences are like each other by chance
LIKE = 88.0  # per cent; loops of recognisers change a word or a number, different news share far less
MOSTLY = 0.8
LONGEST = 2000  # characters of a sentence that are compared: enough to know it by, and bounds the time


@dataclass(frozen=True)
class Repeat:
    """A passage that says again what an earlier one said: where that stands, and how alike they are in per cent."""

    unit: Unit
    of: tuple[int, ...]
    likeness: float


class _Earlier:
    """What has been read so far, to be asked whether a sentence is in it."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, Unit]] = []
        self.index: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, key: str, unit: Unit) -> None:
        """Index a sentence with a key."""
        key = key[:LONGEST]
        for checksum in sketch(key, SKETCH):
            self.index[checksum].append(len(self.keys))
        self.keys.append((key, unit))

    def find(self, key: str) -> tuple[Unit, float] | None:
        """The earlier unit that has the sentence, and how alike they are."""
        key = key[:LONGEST]
        votes = Counter(
            number for checksum in sketch(key, SKETCH) for number in self.index.get(checksum, ())[:CANDIDATES]
        )
        best: tuple[Unit, float] | None = None
        for number, _ in votes.most_common(CANDIDATES):
            other, unit = self.keys[number]
            if len(other) < len(key) * 0.85:
                continue
            score = (
                measure_containment(key, other, LIKE)
                if len(other) > len(key) * 1.15
                else measure_likeness(key, other, LIKE - 4)
            )
            if score and (best is None or score > best[1]):
                best = unit, score
        return best


def find_repeats(units: list[Unit], kept_short: list[bool]) -> tuple[list[Unit], list[Repeat]]:
    """Part the units into what is said for the first time and what is repeated.

    `kept_short` marks lines, such as bylines and labels, that many stories of a page have in common. They and
    other short lines count as repeated only amid a repeated passage.
    """
    keys = [match_key(unit.folded) for unit in units]
    looped = _repeated_runs(keys, kept_short)
    earlier = _Earlier()
    fresh: list[Unit] = []
    repeats: list[Repeat] = []
    for number, unit in enumerate(units):
        if number in looped:
            repeats.append(Repeat(unit, units[looped[number]].lines, 100.0))
            continue
        news, again = _part(unit, earlier) if len(keys[number]) >= SHORTEST and not kept_short[number] else ([unit], [])
        fresh += news
        repeats += again
    return fresh, repeats


def _part(unit: Unit, earlier: _Earlier) -> tuple[list[Unit], list[Repeat]]:
    """The sentences of a unit that are new, joined where they touch, and those that are not."""
    spans = [match.span() for match in SENTENCE_RE.finditer(unit.folded) if match[0].strip()]
    found: list[tuple[Unit, float] | None] = []
    for start, end in spans:
        key = match_key(unit.folded[start:end])
        found.append(earlier.find(key) if len(key) >= SHORTEST else None)
        if found[-1] is None and len(key) >= SHORTEST:
            earlier.add(key, unit)
    _even_out(spans, found)
    news: list[Unit] = []
    again: list[Repeat] = []
    start = 0
    for number, (low, high) in enumerate(spans):
        match = found[number]
        if match is not None:
            if unit.folded[start:low].strip():
                news.append(unit.cut(start, low))
            again.append(Repeat(unit.cut(low, high), match[0].lines, match[1]))
            start = high
    if start == 0:
        return [unit], []
    if unit.folded[start:].strip():
        news.append(unit.cut(start, len(unit.text)))
    joined: list[Unit] = news[:1]
    for part in news[1:]:
        joined[-1] = joined[-1].join(part)
    return joined, again


def _even_out(spans: list[tuple[int, int]], found: list[tuple[Unit, float] | None]) -> None:
    """Let short sentences amid a unit that is repeated nearly whole count as repeated too."""
    total = sum(end - start for start, end in spans)
    repeated = sum(end - start for (start, end), match in zip(spans, found, strict=True) if match)
    if repeated >= MOSTLY * total:
        match = next(match for match in found if match)
        for number, (start, end) in enumerate(spans):
            if found[number] is None and end - start < SHORTEST * 2:
                found[number] = match


def _repeated_runs(keys: list[str], kept_short: list[bool]) -> dict[int, int]:
    """Lines that stand in a run of lines which stood in the same order before, with the earlier line of each."""
    first: dict[str, int] = {}
    pairs: dict[int, int] = {}
    for number, key in enumerate(keys):
        if not key:
            continue
        before = pairs.get(number - 1)
        follows = before is not None and before + 1 < number and keys[before + 1] == key
        if follows and before is not None:
            pairs[number] = before + 1
        elif key in first:
            pairs[number] = first[key]
        first.setdefault(key, number)
    runs: list[list[int]] = []
    for number in sorted(pairs):
        if runs and runs[-1][-1] == number - 1 and pairs[number] == pairs[number - 1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    long = [run for run in runs if sum(len(keys[number]) for number in run if not kept_short[number]) >= SHORTEST - 2]
    origins: dict[int, int] = {}  # a copy of a copy repeats the first
    for number in (number for run in long for number in run):
        origins[number] = origins.get(pairs[number], pairs[number])
    return origins
