"""The questions of `inv new` at a terminal: one for each thing not known yet, with what may be meant to choose from.

An empty answer leaves a thing out, or takes what stands in brackets; a wrong one is explained and asked again.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from gongbao.article import Lists
from gongbao.dates import PartialDate
from gongbao.draft import DraftError
from gongbao.write import new

MOST_OFFERED = 9
Answer = TypeVar("Answer")
Ask = Callable[[str], str]
Say = Callable[[str], None]


class Interview:
    """Completes what was given; `ask` shows a question and returns the line that is typed."""

    def __init__(self, lists: Lists, content: Path, ask: Ask = input, say: Say = print) -> None:
        self._lists, self._content, self._ask, self._say = lists, content, ask, say

    def complete(self, given: new.Given) -> new.Plan:
        """Ask for all that isn't given. Raises DraftError if something given can't be meant."""
        known = new.make_plan(replace(given, title=given.title or "?"), self._lists)
        title = known.title if given.title else self._until("标题：", new.read_title)
        date = (
            known.date
            if given.date
            else self._until(f"日期，知道多少写多少［{known.date}］：", new.read_date, known.date)
        )
        plan = replace(known, title=title, date=date)
        if not given.region:
            plan = replace(plan, regions=self._regions(date.year))
        if not given.campaign:
            plan = replace(plan, campaigns=self._campaigns(date))
        plan = self._source(plan, given)
        if not given.byline:
            plan = replace(
                plan, byline=self._until("署名，如 本报记者 张三；通讯员 李四［没有］：", new.read_byline, ())
            )
        if not given.slug:
            proposed = new.propose_slug(self._content, title, date)
            plan = replace(plan, slug=self._until(f"文件名，也是永久地址［{proposed}］：", new.read_slug, proposed))
        return plan

    def _until(self, question: str, read: Callable[[str], Answer], empty: Answer | None = None) -> Answer:
        """Ask until the answer can be read; an empty one is `empty` if there is that."""
        while True:
            text = self._ask(question).strip()
            if not text and empty is not None:
                return empty
            try:
                return read(text)
            except DraftError as error:
                self._say(str(error))

    def _regions(self, year: int) -> tuple[str, ...]:
        while True:
            words = new.split_words(self._ask("地区，如 安塞；几处用空格隔开，主要的在前［没有］："))
            found = [self._region(word, year) for word in words]
            if all(found):
                return tuple(dict.fromkeys(filter(None, found)))

    def _region(self, word: str, year: int) -> str | None:
        """The place that a word means; None, with the reason said, if that can't be told."""
        places = new.find_places(word, year, self._lists)
        if places[:1] == [word]:
            return word
        if not places:
            self._say(f"{year} 年的区划里没有“{word}”，也没有相近的。")
            return None
        return self._choose(f"“{word}”是哪一处？", places[:MOST_OFFERED])

    def _choose(self, question: str, offered: Sequence[str]) -> str | None:
        self._offer(offered)
        answer = self._ask(f"{question}写序号［1］，都不是写 0：").strip() or "1"
        if answer in offered:
            return answer
        number = int(answer) if answer.isdecimal() else 0
        return offered[number - 1] if 1 <= number <= len(offered) else None

    def _offer(self, names: Sequence[str], note: str = "") -> None:
        self._say("  ".join(f"{number} {name}" for number, name in enumerate(names, 1)) + note)

    def _campaigns(self, date: PartialDate) -> tuple[str, ...]:
        in_season, others = new.season_of(date, self._lists)
        names = [*in_season, *others]
        if in_season:
            self._say(f"{date.month} 月常有的活动：{'、'.join(in_season)}")
        self._offer(names)

        def read(text: str) -> tuple[str, ...]:
            words = [_numbered(word, names) for word in new.split_words(text)]
            return tuple(dict.fromkeys(new.read_campaign(word, self._lists) for word in words))

        return self._until("活动，写序号或名称，可以写几项［没有］：", read, ())

    def _source(self, plan: new.Plan, given: new.Given) -> new.Plan:
        names = [one.name for one in self._lists.vocabulary.papers]
        if not given.paper and names:
            self._offer(names)
            paper = self._until(
                "刊于哪份报纸，写序号或名称［不知道］：",
                lambda text: new.read_paper(_numbered(text, names), self._lists),
                "",
            )
            plan = replace(plan, paper=paper)
        if not plan.paper:
            return plan
        if not given.printed:
            plan = replace(plan, printed=self._until(f"见报日期［{plan.date}］：", new.read_date, plan.date))
        if not given.page:
            page = self._until("第几版［不知道］：", new.read_page, 0)
            plan = replace(plan, page=page or None)
        return plan


def _numbered(word: str, names: Sequence[str]) -> str:
    """The name that a number stands for; any other word as it is."""
    return names[int(word) - 1] if word.isdecimal() and 1 <= int(word) <= len(names) else word


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """What $VISUAL or $EDITOR says, cut into words as a shell would; empty if neither is set."""
    value = environment.get("VISUAL") or environment.get("EDITOR") or ""
    return shlex.split(value, posix=os.name != "nt")


def open_editor(path: Path, environment: Mapping[str, str]) -> str:
    """Open a file in the editor's own program and wait for its end; gives what went wrong, if anything."""
    command = editor_command(environment)
    if not command:
        return "没有设置 EDITOR，请自己打开这个文件。"
    try:
        code = subprocess.run([*command, str(path)]).returncode
    except OSError as error:
        return f"打不开编辑器 {command[0]}：{error.strerror}"
    return f"编辑器 {command[0]} 以 {code} 退出。" if code else ""
