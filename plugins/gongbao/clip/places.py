"""The place that a story is about, and not every place that it names."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from gongbao.clip.gazetteer import Gazetteer, Mention

Path = tuple[str, ...]

# What a mention counts for, by where it stands.
WEIGHTS = {"title": 5.0, "kicker": 4.0, "subtitle": 4.0, "lead": 3.0, "body": 1.0, "caption": 1.0}
UNION = 1.5  # 延安市总工会 acts: more than a place in passing
OPENING = 2.0  # the first place of the text's first sentence
OPENING_LENGTH = 60
DESCENT = 0.4  # of a place's weight that one inside it must have
PROVINCE_DESCENT = 0.2  # stories of a province's union are about where it went
FEWEST = 2.0
FEWEST_OTHERS = 3.0
MOST = 3


@dataclass(frozen=True)
class Text:
    """A folded line of a story with its place in it."""

    folded: str
    line: int
    position: str


@dataclass(frozen=True)
class Found:
    """A place with its weight and the words that speak for it."""

    path: Path
    weight: float
    line: int
    words: str


def find_places(texts: list[Text], gazetteer: Gazetteer, home: Path = ()) -> list[Found]:
    """The places of a story, the one it is about first. `home` is where the paper appears: 市总 is its union."""
    mentions = [(text, mention) for text in texts for mention in gazetteer.find(text.folded)]
    chosen = _choose(mentions, home)
    weights: defaultdict[Path, float] = defaultdict(float)
    evidence: dict[Path, tuple[int, str]] = {}
    opened = False
    joined = _joined(mentions, chosen)
    for (text, mention), path in zip(mentions, chosen, strict=True):
        if path is None:
            continue
        if (text.line, mention.end) in joined and text.position not in ("title", "kicker"):
            continue
        weight = WEIGHTS[text.position] * (UNION if mention.union else 1.0) * (1.0 if mention.full else 0.8)
        if text.position == "lead" and not opened and mention.start < OPENING_LENGTH:
            weight *= OPENING
        opened |= text.position == "lead" and mention.start >= OPENING_LENGTH
        weights[path] += weight
        evidence.setdefault(path, (text.line, _words(text.folded, mention)))
    if not weights and home and any(_speaks_of_home(text.folded) for text in texts):
        line = next(text for text in texts if _speaks_of_home(text.folded))
        return [Found(home, 1.0, line.line, line.folded[:12])]
    return _rank(weights, evidence)


def _joined(mentions: list[tuple[Text, Mention]], chosen: list[Path | None]) -> set[tuple[int, int]]:
    """The ends of names that only begin a longer one: 陕西省 and 延安市 in 陕西省延安市安塞区."""
    joined = set()
    pairs = zip(mentions, mentions[1:], chosen, chosen[1:], strict=False)
    for (text, one), (after, other), path, inner in pairs:
        touches = text is after and other.start - one.end <= 1
        if touches and path is not None and inner is not None and inner[: len(path)] == path:
            joined.add((text.line, one.end))
    return joined


def _speaks_of_home(folded: str) -> bool:
    return any(word in folded for word in ("省总", "市总", "我省", "我市", "全省", "全市"))


def _words(folded: str, mention: Mention) -> str:
    return folded[max(mention.start - 4, 0) : mention.end + 6]


def _choose(mentions: list[tuple[Text, Mention]], home: Path) -> list[Path | None]:
    """For each mention the division it means: the one whose province, city or neighbours are named as well."""
    named: Counter[Path] = Counter()
    for _, mention in mentions:
        for path in mention.paths:
            if len(mention.paths) == 1 or mention.full:
                named[path] += 1
    uppers: set[Path] = {
        path for _, mention in mentions if mention.full or len(mention.paths[0]) < 3 for path in mention.paths
    }
    certain = {path for _, mention in mentions if mention.full and len(mention.paths) == 1 for path in mention.paths}
    chosen: list[Path | None] = []
    last: Path = ()
    for text, mention in mentions:
        best = max(mention.paths, key=lambda path: _likely(path, last, uppers, certain, home))
        score = _likely(best, last, uppers, certain, home)
        doubtful = not mention.full and len(best) > 2 and not mention.union
        if (doubtful and score < 1 and text.position not in ("title", "kicker", "subtitle")) or (
            len(mention.paths) > 1 and score <= 0 and len(best) > 1
        ):
            chosen.append(None)
            continue
        chosen.append(best)
        last = best
    return chosen


def _likely(path: Path, last: Path, uppers: set[Path], certain: set[Path], home: Path) -> float:
    score = 3.0 if last and path[: len(last)] == last else 0.0
    score += sum(2.0 for size in range(1, len(path)) if path[:size] in uppers)
    score += 1.0 if path in certain else 0.0
    score += 0.5 if any(other[0] == path[0] for other in certain) else 0.0
    return score + (0.5 if home and path[0] == home[0] else 0.0) + (0.1 if len(path) < 3 else 0.0)


def _rank(weights: dict[Path, float], evidence: dict[Path, tuple[int, str]]) -> list[Found]:
    total: defaultdict[Path, float] = defaultdict(float)
    for path, weight in weights.items():
        for size in range(1, len(path) + 1):
            total[path[:size]] += weight
    if not total:
        return []
    main = _descend(max((path for path in total if len(path) == 1), key=lambda path: total[path]), total, weights)
    others = [
        path
        for path, weight in sorted(weights.items(), key=lambda item: -item[1])
        if path != main and weight >= FEWEST_OTHERS and path != main[: len(path)] and weight >= 0.5 * total[main]
    ]
    found = []
    for path in [main, *others][:MOST]:
        line, words = evidence.get(path) or next(value for key, value in evidence.items() if key[: len(path)] == path)
        found.append(Found(path, total[path], line, words))
    return found


def _descend(path: Path, total: dict[Path, float], own: dict[Path, float]) -> Path:
    """From a province to its city to its county, as long as one of them has a fair part of the weight."""
    while True:
        inside = [other for other in total if len(other) == len(path) + 1 and other[: len(path)] == path]
        if not inside:
            return path
        best = max(inside, key=lambda other: total[other])
        share = PROVINCE_DESCENT if len(path) == 1 else DESCENT
        if total[best] < max(share * total[path], FEWEST):
            return path
        if len(path) > 1 and own.get(path, 0.0) > total[best]:
            return path
        path = best
