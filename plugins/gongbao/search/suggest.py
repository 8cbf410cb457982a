"""What a reader may be about to type: the archive's words by their pinyin, and the sounds of its characters.

    y/keys.bin   the names of the files beside it, with spaces between them
    y/go.bin     words whose pinyin or whose initials begin with these two letters, the archive's most frequent first
    pinyin.bin   syllables with the characters that sound so

All are JSON; theme/static/js/search/suggest.js reads them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gongbao.search.coding import encode_json
from gongbao.search.spelling import Spelling

Ints = npt.NDArray[np.int64]
LEAST_DOCUMENTS = 2  # a word of one article alone is seldom looked for, unless it is a place's or a campaign's name
MOST_WORDS = 20_000
# Measured on 10,000 articles: 7.7 bytes a word and 2.7 a character after gzip, so that a file stays near 8 KB.
MOST_IN_FILE = 1_000
MOST_CHARACTERS = 3_000
KEY_LETTERS = 2
# Where the dictionary's characters are, which fill up the table of a small archive.
FIRST, LAST = 0x4E00, 0x9FFF


def suggestion_files(
    words: Sequence[str], characters: Sequence[str], syllables: Mapping[str, tuple[str, ...]]
) -> dict[str, bytes]:
    """The files of suggestions, by name, given what `choose_words` and `choose_characters` chose, and its pinyin."""
    groups = group_words({word: syllables[word] for word in words if syllables[word]})
    return {
        **{f"y/{key}.bin": encode_json(group) for key, group in groups.items()},
        "y/keys.bin": encode_json(" ".join(sorted(groups))),
        "pinyin.bin": encode_json(group_characters(characters, syllables)),
    }


@dataclass(frozen=True)
class Frequencies:
    """An archive's words, sorted, their characters, and how many documents have each."""

    words: Sequence[str]
    spelling: Spelling
    documents: Ints

    @classmethod
    def of(cls, words: Sequence[str], documents: Ints) -> Frequencies:
        """Those of sorted words."""
        return cls(words, Spelling.of(words), documents)


def choose_words(frequencies: Frequencies, own_words: Iterable[str]) -> list[str]:
    """The words worth suggesting, the most frequent first: own words that occur at all, then others."""
    words, spelling, documents = frequencies.words, frequencies.spelling, frequencies.documents
    is_own = np.zeros(len(words), dtype=np.bool_)
    for own in own_words:
        at = bisect_left(words, own)
        is_own[at : at + 1] |= words[at : at + 1] == [own]
    usual = spelling.are_han & (spelling.lengths > 1) & (documents >= LEAST_DOCUMENTS)
    places = (_most_frequent(np.flatnonzero(some), documents) for some in (is_own, usual & ~is_own))
    chosen = np.sort(np.concatenate(list(places))[:MOST_WORDS])
    return [words[place] for place in _most_frequent(chosen, documents).tolist()]


def choose_characters(frequencies: Frequencies, costs: Callable[[Sequence[str]], Sequence[int]]) -> list[str]:
    """The characters whose sound is told: the archive's most frequent, then the dictionary's, which may be slips.

    `costs` tells how improbable each of some characters is.
    """
    spelling, words = frequencies.spelling, frequencies.words
    places = np.flatnonzero((spelling.lengths == 1) & spelling.are_han)
    own = [words[place] for place in _most_frequent(places, frequencies.documents).tolist()]
    if len(own) < MOST_CHARACTERS:
        known, others = set(own), list(map(chr, range(FIRST, LAST + 1)))
        order = np.argsort(np.array(costs(others)), kind="stable").tolist()  # among equals in the characters' order
        own += [character for character in map(others.__getitem__, order) if character not in known]
    return own[:MOST_CHARACTERS]


def _most_frequent(places: Ints, documents: Ints) -> Ints:
    """Rising places of words, those of the most frequent first; in order of the words where they are equal."""
    ordered: Ints = places[np.argsort(-documents[places], kind="stable")]
    return ordered


def group_words(words: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Words with their syllables by the first two letters of their pinyin, and of their initials; order is kept."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for word, syllables in words.items():
        first, *others = syllables[:KEY_LETTERS]
        key = (first + "".join(others))[:KEY_LETTERS]
        initials = first[0] + "".join([syllable[0] for syllable in others])
        for own in (key,) if key == initials else (key, initials):
            group = groups[own]
            if len(group) < MOST_IN_FILE:
                group[word] = " ".join(syllables)
    return dict(groups)


def group_characters(characters: Sequence[str], syllables: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Syllables, sorted, with the characters that are read so first of all."""
    groups: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters):
        for syllable in syllables[character]:
            groups[syllable].append(character)
    return {syllable: "".join(groups[syllable]) for syllable in sorted(groups)}
