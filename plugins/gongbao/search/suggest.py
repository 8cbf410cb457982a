"""What a reader may be about to type: the archive's words by their pinyin, and the sounds of its characters.

    y/keys.bin   the names of the files beside it, with spaces between them
    y/go.bin     words whose pinyin or whose initials begin with these two letters, the archive's most frequent first
    pinyin.bin   syllables with the characters that sound so

All are JSON; theme/static/js/search/suggest.js reads them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from gongbao.text import HAN

WORDS_RE = re.compile(f"^[{HAN}]{{2,}}$", re.MULTILINE)
CHARACTER_RE = re.compile(f"[{HAN}]")
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
        **{f"y/{key}.bin": _json_bytes(group) for key, group in groups.items()},
        "y/keys.bin": _json_bytes(" ".join(sorted(groups))),
        "pinyin.bin": _json_bytes(group_characters(characters, syllables)),
    }


def choose_words(frequencies: Mapping[str, int], own_words: Collection[str]) -> list[str]:
    """The words worth suggesting, the most frequent first: own words that occur at all, then others."""
    own = {word for word in own_words if word in frequencies}
    usual = [word for word, frequency in frequencies.items() if frequency >= LEAST_DOCUMENTS]
    others = [word for word in WORDS_RE.findall("\n".join(usual)) if word not in own]  # one search in all of them
    chosen = [*_most_frequent(own, frequencies), *_most_frequent(others, frequencies)][:MOST_WORDS]
    return _most_frequent(chosen, frequencies)


def choose_characters(frequencies: Mapping[str, int], costs: Callable[[Sequence[str]], Sequence[int]]) -> list[str]:
    """The characters whose sound is told: the archive's most frequent, then the dictionary's, which may be slips.

    `costs` tells how improbable each of some characters is.
    """
    characters = [term for term in frequencies if len(term) == 1 and CHARACTER_RE.fullmatch(term)]
    own = _most_frequent(characters, frequencies)
    if len(own) < MOST_CHARACTERS:
        known, others = set(own), list(map(chr, range(FIRST, LAST + 1)))
        order = np.argsort(np.array(costs(others)), kind="stable").tolist()  # among equals in the characters' order
        own += [character for character in map(others.__getitem__, order) if character not in known]
    return own[:MOST_CHARACTERS]


def _most_frequent(words: Collection[str], frequencies: Mapping[str, int]) -> list[str]:
    """The most frequent first; in order of the words where they are equal."""
    return sorted(sorted(words), key=frequencies.__getitem__, reverse=True)


def group_words(words: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Words with their syllables by the first two letters of their pinyin, and of their initials; order is kept."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for word, syllables in words.items():
        initials = "".join(syllable[0] for syllable in syllables)
        for key in {"".join(syllables)[:KEY_LETTERS], initials[:KEY_LETTERS]}:
            if len(groups[key]) < MOST_IN_FILE:
                groups[key][word] = " ".join(syllables)
    return dict(groups)


def group_characters(characters: Sequence[str], syllables: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Syllables, sorted, with the characters that are read so first of all."""
    groups: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters):
        for syllable in syllables[character]:
            groups[syllable].append(character)
    return {syllable: "".join(groups[syllable]) for syllable in sorted(groups)}


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
