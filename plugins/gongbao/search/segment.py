"""Every dictionary word that occurs in a text: jieba's whole lattice, not one way through it.

An article is indexed under all of them and under every character, so however a query is cut into dictionary words,
each of those words leads to every article that holds the query's text.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import jieba

from gongbao.search.variants import simplify
from gongbao.text import HAN, normalise, runs

# Runs of letters and digits have no dictionary: every stretch of at most this many characters counts as a word, so
# that 2020 is found by 20 as well, which the edge of a copied passage may have left of it.
LONGEST_PIECE = 4
# Costs are -ln(probability) in thousandths: integers, so that Python and JavaScript agree to the last tie.
COST_UNIT = 1000
PIECE_COST = 20 * COST_UNIT
# Characters outside the index's core are cut as if the dictionary had counted them so often.
RARE_COUNT = 10
# What rjieba looks words up in; rarer planes have no words of two characters in the dictionary.
DICTIONARY_HAN_RE = re.compile("[\u4e00-\u9fa5]{2,}")
NO_DICTIONARY_HAN_RE = re.compile("[^\u4e00-\u9fa5]+")
NO_HAN_RE = re.compile(f"[^{HAN}]+")
NO_WORD_RE = re.compile(f"[{HAN}]+")
TEXT_BREAK = "\n"


class Segmenter:
    """The lattice over jieba's dictionary and the archive's own words (places, campaigns, papers)."""

    def __init__(self, own_words: Iterable[str] = (), *, use_rjieba: bool | None = None) -> None:
        """Cut with rjieba, the same dictionary in Rust and 15 times faster, where it is installed."""
        jieba.setLogLevel("WARNING")
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        words = sorted({simplify(normalise(word)) for word in own_words})
        self.own_words = frozenset(word for word in words if DICTIONARY_HAN_RE.fullmatch(word))
        for word in sorted(self.own_words):
            if not self._jieba.FREQ.get(word):
                self._jieba.add_word(word)
        self._cost_of_one = round(COST_UNIT * math.log(self._jieba.total))
        if use_rjieba is None:
            use_rjieba = importlib.util.find_spec("rjieba") is not None
        self._lattice = _rjieba_lattice(self._jieba.FREQ, self.own_words) if use_rjieba else self._jieba_lattice

    def count(self, texts: Iterable[str]) -> Counter[str]:
        """How often each word occurs in texts, normalised and simplified; characters count as words."""
        text = simplify(normalise(TEXT_BREAK.join(texts)))
        # All runs in one call, what stands between them as breaks: calls and lists a run cost more than the cutting.
        words = Counter(self._lattice(NO_DICTIONARY_HAN_RE.sub(TEXT_BREAK, text)))
        counts = Counter({word: count for word, count in words.items() if len(word) > 1})
        counts.update(NO_HAN_RE.sub("", text))
        for run, is_han in runs(NO_WORD_RE.sub(" ", text)):
            if not is_han:
                counts.update(pieces(run))
        return counts

    def cost(self, word: str) -> int:
        """How improbable a word is: -ln of its share of the dictionary's counts, in thousandths."""
        count = self._jieba.FREQ.get(word) or 1
        return self._cost_of_one - round(COST_UNIT * math.log(count))

    @property
    def rare_cost(self) -> int:
        """The cost of a character that the dictionary counted RARE_COUNT times."""
        return self._cost_of_one - round(COST_UNIT * math.log(RARE_COUNT))

    def _jieba_lattice(self, text: str) -> list[str]:
        return [
            run[start : end + 1]
            for run in DICTIONARY_HAN_RE.findall(text)
            for start, ends in self._jieba.get_DAG(run).items()
            for end in ends
            if end > start
        ]


def _rjieba_lattice(counts: Mapping[str, int], own_words: frozenset[str]) -> Callable[[str], list[str]]:
    import rjieba

    cutter = rjieba.Jieba()
    for word in sorted(own_words):
        cutter.add_word(word, counts[word], "n")
    cut_all: Callable[[str], list[str]] = cutter.cut_all
    return cut_all


def pieces(run: str) -> list[str]:
    """Every stretch of one to LONGEST_PIECE characters of a run of letters and digits."""
    return [
        run[start : start + size]
        for start in range(len(run))
        for size in range(1, min(LONGEST_PIECE, len(run) - start) + 1)
    ]


def cut_run(run: str, cost: Callable[[str], int | None], *, longest: int, single_cost: int) -> list[str]:
    """Cut a run into known words by the path of least cost: jieba's own algorithm, with integers.

    `cost` gives a word's cost or None if the lexicon doesn't have it; a single character is always possible, at
    `single_cost` if unknown. Among paths of equal cost the longer first word wins, as in jieba's `calc`.
    """
    best = [0] * (len(run) + 1)
    ends = [0] * len(run)
    for start in range(len(run) - 1, -1, -1):
        least: int | None = None
        for end in range(start + 1, min(len(run), start + longest) + 1):
            own = cost(run[start:end])
            if own is None:
                if end > start + 1:
                    continue
                own = single_cost
            total = own + best[end]
            if least is None or total <= least:
                least, ends[start] = total, end
        best[start] = least or 0
    words, start = [], 0
    while start < len(run):
        words.append(run[start : ends[start]])
        start = ends[start]
    return words
