"""A synthetic archive of union news, of any size and the same on every machine.

Words come from jieba's dictionary, each as often as the dictionary counted it; they fill the frames below. Places,
campaigns and papers are those of the project's own lists, in the year's names. The articles mean nothing: they have
the lengths, the repetition and the long tail of words that make a search index large.

    python -m benchmarks.corpus DIR --articles 1000
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import jieba
from gongbao.archive import OWN_VOCABULARIES
from gongbao.regions import load_regions
from gongbao.vocabulary import load_vocabulary

QUERIES = "queries.json"
SAMPLES = 60  # articles that queries.json asks for
PHRASE_LENGTH = 12  # characters, punctuation included
YEARS = range(1995, 2025)
# Characters of a body: the logarithm is normal, half of the articles are shorter than exp(6.5) = 665.
LENGTH_MU, LENGTH_SIGMA = 6.5, 0.6
SHORTEST, LONGEST = 160, 4000

HAN_WORD_RE = re.compile("[\u4e00-\u9fa5]{2,}")
SLOT_RE = re.compile(r"\{(\w+)\}")
# Slots that a word of the dictionary fills, with jieba's tags for such words. Names of people are left out.
WORD_TAGS = {"n": {"n", "vn", "an"}, "v": {"v"}, "a": {"a", "b"}, "d": {"d", "ad"}}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜"
GIVEN_NAMES = "明华建国秀英丽娟志强晓东海燕春梅永福桂兰文斌雪松立新玉珍"

TITLES = [
    "{place}总工会{campaign}{v}{n}{n}",
    "{n}{v}{n} {place}{campaign}{d}{v}",
    "{campaign}：{place}{num}名职工{v}{n}",
    "{place}工会“{n}+{n}”{v}{a}{n}",
    "{a}{n}{v}到{n}——{place}{campaign}见闻",
]
OPENINGS = [
    "本报讯（记者{name}）{month}月{day}日，{place}总工会在{n}{v}{campaign}{n}，{num}名职工{v}。",
    "{month}月的{place}，{a}的{n}里{v}着{n}。{campaign}{d}{v}，{n}们{v}了{n}。",
    "“{n}{d}{v}{n}，工会{v}了我们！”{month}月{day}日，{place}职工{name}{v}着{n}说。",
]
SENTENCES = [
    "工会干部{v}{n}，{d}{v}{n}和{n}，把{a}的{n}{v}到职工{n}。",
    "今年以来，{place}各级工会{v}{n}{num}场，{v}职工{num}人次，{v}{n}{num}万元。",
    "在{n}{n}，{name}{v}着{n}：“{n}{a}，{n}{d}{v}，我{v}{n}也{v}了{n}。”",
    "为{v}{n}，工会与{n}{n}{v}{n}{n}，{d}{v}{n}{v}{n}的{n}。",
    "{n}是{n}的{n}，{n}{v}{n}，{n}{v}{n}，{n}{d}{a}。",
    "{place}总工会{n}部负责人{name}介绍，{n}{v}以来，{n}{d}{v}，{num}家企业{v}了{n}。",
    "不少职工{v}，{n}{v}{n}{a}，{v}{n}的{n}也{d}{a}了。",
    "从{n}到{n}，从{v}{n}到{v}{n}，{n}工会{d}{v}{a}{n}。",
    "据统计，{num}个{n}{v}{n}，{n}{v}率比上年{v}{num}个百分点。",
    "谈到{n}，{name}{d}{v}：{n}{v}了，{n}{a}了，{n}的{n}{v}{n}。",
    "针对{n}{v}{n}的{n}，工会{v}《{n}{n}{n}》，{v}{n}、{n}、{n}{n}{v}{n}。",
    "接下来，{place}总工会还将{v}{n}{n}，{v}{n}{v}{n}，让{a}{n}{d}{v}{n}。",
    "{n}{v}{n}；{n}{v}{n}；{n}{d}{v}，{n}{v}{a}{n}。",
    "走进{n}，{a}的{n}、{a}的{n}{d}{v}，{num}平方米的{n}{v}着{n}。",
]


@dataclass(frozen=True)
class Query:
    """What is asked for one known article: by a stretch of its body, by its title, by two of its words."""

    slug: str
    phrase: str
    title: str
    words: tuple[str, str]


class Writer:
    """Draws words and fills frames from one stream of random numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words = read_words()

    def draw(self, slot: str) -> str:
        """One word for a slot, as likely as the dictionary's count says."""
        words, counts = self._words[slot]
        return self.random.choices(words, cum_weights=counts)[0]

    def fill(self, frame: str, **values: str) -> str:
        """A frame with its slots filled, each on its own; the given values fill theirs alike everywhere."""
        makers: dict[str, Callable[[], str]] = {
            "num": lambda: str(self.random.randint(2, 9800)),
            "name": lambda: self.random.choice(SURNAMES) + "".join(self.random.choices(GIVEN_NAMES, k=2)),
        }

        def replace(match: re.Match[str]) -> str:
            slot = match[1]
            if slot in values:
                return values[slot]
            return makers[slot]() if slot in makers else self.draw(slot)

        return SLOT_RE.sub(replace, frame)


def read_words() -> dict[str, tuple[list[str], list[int]]]:
    """For each slot of WORD_TAGS its words, in the dictionary's order, and their running total of counts."""
    words: dict[str, list[str]] = {slot: [] for slot in WORD_TAGS}
    counts: dict[str, list[int]] = {slot: [] for slot in WORD_TAGS}
    with jieba.get_dict_file() as file:
        for line in file:
            word, count, tag = line.decode("utf-8").split()
            for slot, tags in WORD_TAGS.items():
                if tag in tags and HAN_WORD_RE.fullmatch(word):
                    words[slot].append(word)
                    counts[slot].append(int(count))
    return {slot: (words[slot], list(accumulate(counts[slot]))) for slot in WORD_TAGS}


def write_corpus(folder: Path, articles: int, seed: int = 1) -> list[Query]:
    """Write articles to FOLDER/articles/YYYY/ and what to ask for to FOLDER/queries.json; returns the queries.

    The same number and seed give the same bytes. Raises FileExistsError if the folder has articles already.
    """
    (folder / "articles").mkdir(parents=True)
    writer = Writer(seed)
    cities = {year: sorted(path for path in load_regions().paths_in(year) if path.count("/") == 1) for year in YEARS}
    vocabulary = load_vocabulary(OWN_VOCABULARIES)
    titles: dict[str, str] = {}
    bodies: dict[str, list[str]] = {}
    for number in range(articles):
        slug = f"story-{number:06}"
        year, month, day = writer.random.choice(YEARS), writer.random.randint(1, 12), writer.random.randint(1, 28)
        region = writer.random.choice(cities[year])
        campaign = writer.random.choice(vocabulary.campaigns).name
        paper = writer.random.choice(vocabulary.papers).name
        values = {
            "place": region.rsplit("/", maxsplit=1)[-1],
            "campaign": campaign,
            "month": str(month),
            "day": str(day),
        }
        titles[slug] = writer.fill(writer.random.choice(TITLES), **values)
        bodies[slug] = _write_body(writer, values)
        date = f"{year}-{month:02}-{day:02}"
        head = [
            f"title: {json.dumps(titles[slug], ensure_ascii=False)}",
            f"date: {date}",
            f"region: [{region}]",
            f"campaign: [{campaign}]",
            f"source: {{paper: {paper}, date: {date}, page: {writer.random.randint(1, 8)}}}",
        ]
        path = folder / "articles" / str(year) / f"{slug}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(["---", *head, "---", "", "\n\n".join(bodies[slug]), ""]), encoding="utf-8")
    queries = _sample_queries(writer, titles, bodies)
    text = json.dumps([asdict(query) for query in queries], ensure_ascii=False, indent=1)
    (folder / QUERIES).write_text(text + "\n", encoding="utf-8")
    return queries


def _write_body(writer: Writer, values: dict[str, str]) -> list[str]:
    wanted = min(max(int(writer.random.lognormvariate(LENGTH_MU, LENGTH_SIGMA)), SHORTEST), LONGEST)
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < wanted:
        frames = writer.random.choices(SENTENCES, k=writer.random.randint(2, 5))
        if not paragraphs:
            frames.insert(0, writer.random.choice(OPENINGS))
        paragraphs.append("".join(writer.fill(frame, **values) for frame in frames))
    return paragraphs


def _sample_queries(writer: Writer, titles: dict[str, str], bodies: dict[str, list[str]]) -> list[Query]:
    """Ask only for what one article alone has: with two right answers, the first ten might miss the known one."""
    texts = {slug: "\n".join(paragraphs) for slug, paragraphs in bodies.items()}
    counts = Counter(titles.values())
    queries = []
    for slug in writer.random.sample(sorted(titles), k=min(SAMPLES, len(titles))):
        phrase = ""
        while not phrase or sum(phrase in text for text in texts.values()) > 1:
            paragraph = writer.random.choice(bodies[slug])
            start = writer.random.randrange(len(paragraph) - PHRASE_LENGTH + 1)
            phrase = paragraph[start : start + PHRASE_LENGTH]
        words = sorted({word for word in jieba.cut(texts[slug], HMM=False) if HAN_WORD_RE.fullmatch(word)})
        first, second = writer.random.sample(words, k=2)
        if counts[titles[slug]] == 1:
            queries.append(Query(slug, phrase, titles[slug], (first, second)))
    return queries


def main() -> int:
    parser = argparse.ArgumentParser(description="Write a synthetic archive.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_corpus(options.folder, options.articles, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
