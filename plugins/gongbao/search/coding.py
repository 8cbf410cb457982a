"""How values become bytes: JSON; LEB128 for a number alone, planes for columns, Golomb-Rice codes for postings.

A posting costs little more than its entropy: the gap to the document before it, and how often the word occurs there.
Bytes and gzip alone took half as much again (DESIGN.md, "Why bits"). theme/static/js/search/postings.js reads them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

HEADER_BITS = 3
# In the header's place of a Rice parameter: every posting's count is 1 and isn't written; or a posting only says
# whether the title has the word, and the level of the title's factor is said once.
NO_COUNTS, FLAGS = 3, 4
COUNT_PARAMETERS = (0, 1, 2)
LEVEL_BITS = 6
LEVELS = 1 << LEVEL_BITS
WORD_SHIFT = 5
WORD_BITS = 1 << WORD_SHIFT  # written at once
WORD_MASK = (1 << WORD_BITS) - 1
ESCAPE = 1  # in a count's place: factors follow instead
BATCH = 1 << 16  # postings encoded at once: some 12 MB of working space


@dataclass(frozen=True)
class Payload:
    """What postings say besides their documents, one entry a posting.

    `codes` is 0 for a word that occurs once, ESCAPE for one with factors of its own, else the count. `levels` are
    the factors' levels, `titles` the title's ones, -1 for none; both only matter for ESCAPE. Longer lists than
    `lean_from` are encoded with FLAGS.
    """

    codes: Ints
    levels: Ints
    titles: Ints
    lean_from: int = sys.maxsize


def encode_varint(value: int) -> bytes:
    """LEB128 of one number of any size: seven bits a byte, the lowest first, the high bit if more follow."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode_json(value: object) -> bytes:
    """A value as JSON, in UTF-8 and without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def encode_planes(rows: Ints) -> tuple[list[int], bytes]:
    """Each column of numbers below 2^31 as planes of bytes, the lowest bytes first; says how many planes each has.

    A column of zeros has none. A reader finds a number without reading those before it, and gzip likes planes.
    """
    widths = [(int(most).bit_length() + 7) // 8 for most in rows.max(axis=0, initial=0)]
    planes = [rows[:, column] >> 8 * plane & 0xFF for column, width in enumerate(widths) for plane in range(width)]
    return widths, b"".join(plane.astype(np.uint8).tobytes() for plane in planes)


def gap_parameters(documents: int, frequencies: Ints) -> Ints:
    """The Rice parameter for the gaps of terms that so many of the documents have.

    The integer part of log2(0.69 * mean gap), close to the best for gaps of a geometric distribution (Witten, Moffat,
    Bell: Managing Gigabytes, 1999, 3.3). A reader computes the same from the lexicon.
    """
    scaled = documents * 69 // (np.maximum(frequencies, 1) * 100)
    exponents: Ints = np.frexp(np.maximum(scaled, 1).astype(np.float64))[1].astype(np.int64)
    return exponents - 1


def log_levels(values: Floats, count: int) -> list[int]:
    """`count` integers, in thousandths, from the least positive value to the greatest, in even steps of the log."""
    positive = values[values > 0]
    if not len(positive):
        return [0] * count
    least, greatest = float(positive.min()), float(positive.max())
    steps = np.exp(np.linspace(np.log(least), np.log(greatest), count))
    return [round(float(step) * 1000) for step in steps]


def nearest_levels(values: Floats, table: list[int]) -> Ints:
    """The index in a rising table, in thousandths, of what is nearest to each value."""
    levels = np.asarray(table) / 1000
    upper = np.clip(np.searchsorted(levels, values), 1, len(levels) - 1)
    below = values - levels[upper - 1] < levels[upper] - values
    return (upper - below).astype(np.int64)


def encode_lists(starts: Ints, documents: Ints, count: int, payload: Payload | None = None) -> list[bytes]:
    """Each list of documents with what is said of them; list i is documents[starts[i]:starts[i + 1]], rising.

    `count` is the number of all documents. Without a payload lists hold documents alone.
    """
    encoded: list[bytes] = []
    first = 0
    while first < len(starts) - 1:
        end = max(int(np.searchsorted(starts, starts[first] + BATCH, side="right")) - 1, first + 1)
        span = slice(int(starts[first]), int(starts[end]))
        part = payload and replace(
            payload, codes=payload.codes[span], levels=payload.levels[span], titles=payload.titles[span]
        )
        encoded += _encode_batch(starts[first : end + 1] - starts[first], documents[span], count, part)
        first = end
    return encoded


def _encode_batch(starts: Ints, documents: Ints, count: int, payload: Payload | None) -> list[bytes]:
    sizes = np.diff(starts)
    gaps = np.diff(documents, prepend=-1) - 1
    gaps[starts[:-1][sizes > 0]] = documents[starts[:-1][sizes > 0]]
    pieces = [_rice(gaps, np.repeat(gap_parameters(count, sizes), sizes))]
    headers = np.full(len(sizes), NO_COUNTS)
    shared = np.zeros(len(sizes), dtype=np.int64)  # what a list says once: the level of its titles' factors
    if payload is not None:
        headers = np.where(sizes > payload.lean_from, FLAGS, _choose_parameters(payload.codes, starts))
        shared = _middle_titles(payload.titles, starts, headers == FLAGS)
        of_posting = np.repeat(headers, sizes)
        counted, lean = of_posting < NO_COUNTS, of_posting == FLAGS
        values, widths = _rice(payload.codes, np.where(counted, of_posting, 0))
        pieces.append((np.where(counted, values, 0), np.where(counted, widths, 0)))
        values, widths = _factors(payload)
        flags = (payload.titles >= 0).astype(np.int64)
        pieces.append((np.where(lean, flags, values), np.where(lean, 1, widths)))
    ends = np.cumsum(sum((widths for _, widths in pieces), np.zeros(len(documents), dtype=np.int64)))
    offsets = np.concatenate(([0], ends))[starts]
    # Every list begins at a whole byte, after its header.
    head_bits = HEADER_BITS + LEVEL_BITS * (headers == FLAGS)
    bytes_of_list = (np.diff(offsets) + head_bits + 7) // 8
    list_starts = np.concatenate(([0], np.cumsum(bytes_of_list)))
    words = np.zeros(int(list_starts[-1]) // (WORD_BITS // 8) + 2, dtype=np.int64)
    head_ends = list_starts[:-1] * 8 + head_bits
    _write(words, head_ends, np.where(headers == FLAGS, headers << LEVEL_BITS | shared, headers))
    ends += np.repeat(head_ends - offsets[:-1], sizes)
    for values, widths in reversed(pieces):
        _write(words, ends, values)
        ends = ends - widths
    data = words[1:].astype(">u4").tobytes()
    return [data[start:end] for start, end in pairwise(list_starts.tolist())]


def _middle_titles(titles: Ints, starts: Ints, wanted: npt.NDArray[np.bool_]) -> Ints:
    """The median level among the titles of each wanted list, 0 for others and for lists that no title has."""
    middles = np.zeros(len(wanted), dtype=np.int64)
    for row in np.flatnonzero(wanted):
        own = titles[starts[row] : starts[row + 1]]
        middles[row] = int(np.median(own[own >= 0])) if (own >= 0).any() else 0
    return middles


def _rice(values: Ints, parameters: Ints) -> tuple[Ints, Ints]:
    """As (values, widths): the quotient in unary, which is a number 1 after so many zeros, and the remainder."""
    quotients, ones = values >> parameters, np.int64(1) << parameters
    return values - (quotients << parameters) + ones, quotients + 1 + parameters


def _choose_parameters(codes: Ints, starts: Ints) -> Ints:
    """For each list the parameter that makes its counts shortest."""
    if not len(codes):
        return np.full(len(starts) - 1, NO_COUNTS)
    sums = np.add.reduceat(codes, starts[:-1])
    costs = [np.add.reduceat((codes >> k) + 1 + k, starts[:-1]) for k in COUNT_PARAMETERS]
    return np.where(sums == 0, NO_COUNTS, np.argmin(costs, axis=0))


def _factors(payload: Payload) -> tuple[Ints, Ints]:
    """As (values, widths): level, whether the title has the word, and if so the title's level."""
    escaped, titled = payload.codes == ESCAPE, payload.titles >= 0
    alone = payload.levels << 1
    both = (alone | 1) << LEVEL_BITS | payload.titles
    widths = np.where(titled, 2 * LEVEL_BITS + 1, LEVEL_BITS + 1)
    return np.where(escaped, np.where(titled, both, alone), 0), np.where(escaped, widths, 0)


def _write(words: Ints, ends: Ints, values: Ints) -> None:
    """Set the bits of values, below 2^31, before their ends, which rise; the first word stands before bit 0.

    What a field has before its value's highest bit is 0 already, so its width doesn't matter.
    """
    here = np.flatnonzero(values)
    if not len(here):
        return
    last = ends[here] - 1
    places = last >> WORD_SHIFT
    shifted = values[here] << (~last & (WORD_BITS - 1))
    first = np.flatnonzero(np.diff(places, prepend=-1))
    places = places[first]
    words[places + 1] += np.add.reduceat(shifted & WORD_MASK, first)
    words[places] += np.add.reduceat(shifted >> WORD_BITS, first)
