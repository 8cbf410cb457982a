"""Articles that say the same: put in twice, or clipped from two dumps of a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from gongbao.check.registry import Remark, whole_rule
from gongbao.check.whole import Facts, Whole
from gongbao.frontmatter import FRONT_MATTER_RE
from gongbao.likeness import match_key, measure_likeness
from gongbao.problem import Severity

LIKE = 80.0  # per cent of letters and digits; follow-ups and yearly reports of one form stay below
SHARED = 5  # of the 32 checksums of a sketch; texts alike by 80 per cent share more than twice as many
# A checksum that so many articles have is a phrase of such news, and tells of nothing.
COMMON = 40
CANDIDATES = 3
LONGEST = 6000  # characters that are compared


@whole_rule("warning", "与另一篇几乎相同")
def check_near_duplicate(whole: Whole) -> Iterator[Remark]:
    """An article whose text is, by four fifths or more, that of another; of two papers only a notice.

    Bad:  song-nuan.md 和 song-nuan-2.md，剪自同一版的两份录文
    Good: 只留 song-nuan.md
    """
    for one, other, likeness in find_twins(whole.files):
        printed_twice = one.paper and other.paper and one.paper != other.paper
        severity: Severity | None = "notice" if printed_twice else None
        message = f"正文与 {other.path} 有 {likeness:.0f}% 相同" + (
            "（两报各登一次？）" if printed_twice else "，请留一篇"
        )
        yield Remark(one.path, one.body.line, one.body.column, message, severity)


def find_twins(files: tuple[Facts, ...]) -> Iterator[tuple[Facts, Facts, float]]:
    """Each article that is like an earlier one, with the earliest it is most like, and how much in per cent."""
    first: dict[str, Facts] = {}
    index: defaultdict[int, list[int]] = defaultdict(list)  # which files have a checksum, by number
    for number, facts in enumerate(files):
        if not facts.sketch:
            continue
        same = first.setdefault(facts.exact, facts)
        if same is not facts:
            yield facts, same, 100.0
            continue
        having = [index[checksum] for checksum in facts.sketch]
        votes = Counter(chain.from_iterable(numbers for numbers in having if len(numbers) < COMMON))
        candidates = [files[other] for other, count in votes.most_common(CANDIDATES) if count >= SHARED]
        if candidates and (best := _most_like(facts, candidates)):
            yield facts, *best
        for numbers in having:
            numbers.append(number)


def _most_like(facts: Facts, candidates: list[Facts]) -> tuple[Facts, float] | None:
    key = _key(facts.path)
    best: tuple[Facts, float] | None = None
    for other in candidates:
        score = measure_likeness(key, _key(other.path), LIKE)
        if score and (best is None or score > best[1]):
            best = other, score
    return best


def _key(path: Path) -> str:
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    match = FRONT_MATTER_RE.match(text)
    return match_key(text[match.end() :] if match else text)[:LONGEST]
