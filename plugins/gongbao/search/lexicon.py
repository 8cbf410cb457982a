"""What the dictionaries say of words, kept from build to build.

Loading jieba's dictionary takes over a second and the pinyin of an archive's words takes two, which is most of the
time of a build that changes one article.
"""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gongbao.cache import Cache, hash_parts
from gongbao.origin import PROJECT, code_hash, library_versions
from gongbao.pinyin import to_syllables
from gongbao.search.segment import Dictionary, Segmenter

MANY = 2000  # words; for so many a process is worth its beginning


# Beside the project's code, as it hangs on no archive but on the names of places and campaigns.
KEPT = PROJECT / ".cache" / "dictionaries"
MOST_KEPT = 3  # of 9 MB each
CODE = ("search/**/*",)
_SEGMENTERS: dict[frozenset[str], Segmenter] = {}


def make_segmenter(words: frozenset[str]) -> Segmenter:
    """The segmenter with an archive's own words; a process makes it once, what it needs of the dictionary is kept."""
    if words not in _SEGMENTERS:
        cache = Cache(KEPT)
        name = hash_parts((*sorted(words), library_versions(), code_hash(CODE)))
        data = cache.read(name)
        made = Segmenter(words, dictionary=pickle.loads(data) if data else None)
        if data is None:
            _keep(cache, name, made.dictionary)
        _SEGMENTERS[words] = made
    return _SEGMENTERS[words]


def _keep(cache: Cache, name: str, own: Dictionary) -> None:
    """Keep a dictionary, and forget the oldest; a folder that can't be written to keeps nothing."""
    with contextlib.suppress(OSError):
        cache.write(name, pickle.dumps(own, pickle.HIGHEST_PROTOCOL))
        newest = sorted(cache.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)[-MOST_KEPT:]
        cache.keep_only({path.name for path in newest})


@dataclass
class Lexicon:
    """Costs and pinyin of words, from a dictionary with the archive's own `words`; the pinyin is kept."""

    words: frozenset[str]
    syllables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own_words: frozenset[str] = frozenset()
    rare_cost: int = 0
    changed: bool = False

    @classmethod
    def load(cls, cache: Cache | None, name: str, words: frozenset[str]) -> Lexicon:
        """What was kept under a name; a new one if nothing was."""
        data = cache.read(name) if cache else None
        if data is not None:
            return cls(words, *pickle.loads(data))
        segmenter = make_segmenter(words)
        return cls(words, own_words=segmenter.own_words, rare_cost=segmenter.rare_cost, changed=True)

    def save(self, cache: Cache | None, name: str) -> None:
        """Keep it, if it has learnt something."""
        if cache and self.changed:
            values = (self.syllables, self.own_words, self.rare_cost)
            cache.write(name, pickle.dumps(values, pickle.HIGHEST_PROTOCOL))

    def costs_of(self, words: Sequence[str]) -> list[int]:
        """How improbable each word is; see Segmenter.costs."""
        return make_segmenter(self.words).costs(words)

    def learn_syllables(
        self, words: Sequence[str], map_parts: Callable[[Sequence[Sequence[str]]], Sequence[list[tuple[str, ...]]]]
    ) -> None:
        """Ask for the pinyin of words that isn't known yet; `map_parts` does so for many, part by part."""
        new = [word for word in words if word not in self.syllables]
        parts = [new[start : start + MANY] for start in range(0, len(new), MANY)]
        for part, found in zip(parts, map_parts(parts), strict=True):
            self.changed = True
            self.syllables.update(zip(part, found, strict=True))


def find_syllables(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The pinyin of each word."""
    return [to_syllables(word) for word in words]
