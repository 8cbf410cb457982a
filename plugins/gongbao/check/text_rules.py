"""Rules on the text itself: punctuation, doubled characters, and what a recogniser leaves behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from gongbao.check.document import Document, Passage
from gongbao.check.doubles import DOUBLE_RE, is_legitimate_double
from gongbao.check.marks import BRACKET_OF, CLOSING, OPENING, unbalanced_marks
from gongbao.check.registry import Finding, Fix, rule
from gongbao.folding import simplify_character, traditional_forms
from gongbao.text import HAN

FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
LEFT, RIGHT = f"{HAN}{CLOSING}", f"{HAN}{OPENING}"
HALF_RE = re.compile('[,;:?!.("]')  # without one of these there is nothing to look for, as in most paragraphs
HALF_MARK_RE = re.compile(rf"(?<=[{LEFT}])[,;:?!](?=[{RIGHT}])")
HALF_STOP_RE = re.compile(rf"(?<=[{HAN}]{{2}})\.(?=[{HAN}{OPENING}]{{2}})")
HALF_BRACKETS_RE = re.compile(rf"(?<=[{LEFT}])\(([^()\n]*[{HAN}][^()\n]*)\)(?![!-~])")
HALF_QUOTES_RE = re.compile(rf"(?<=[{HAN}，：、])\"[^\"\n]*[{HAN}][^\"\n]*\"|\"[{HAN}][^\"\n]*\"(?=[{HAN}，。、])")
DOUBLED_MARK_RE = re.compile(r"(?<![，、；：])([，、；：])\1(?![，、；：])")
MIXED_MARKS_RE = re.compile(r"[，、；：][，。、；：！？]|[。！？][，、；：]|。。(?!。)")
FEWEST = 5
MOST = 30
PHRASE_RE = re.compile(rf"([{HAN}，、]{{{FEWEST},{MOST}}}?)[，、。]?\1")
INVISIBLE_RE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# At the beginning of a line, or after a space, □ and ■ are ornaments before a name or a heading.
SIGNS_RE = re.compile(r"[▇█\ufffd\ue000-\uf8ff]|(?<=\S)[□■]")
LETTER_RE = re.compile(rf"(?<=[{HAN}，、。])[A-Za-z](?=[{HAN}，、。])")
LEFT_RE = re.compile("[A-Za-z ‐‑▇█□■\ufffd\ue000-\uf8ff-]")  # what each of the four patterns here has
# A級, B超, 维生素C: letters that words have. What follows a letter, and what stands before one.
AFTER_LETTER = (
    *"级座区栋股超光恤盘轮型类组馆厅段线口楼号档照证位字卡站面班队市县厂公罩歌咖网家形套款幢户栏点角项镜病族",
    *("地块", "方案", "计划"),
)
BEFORE_LETTER = (
    "维生素",
    "维他命",
    "附件",
    "选项",
    "方案",
    "甲",
    "乙",
    "丙",
    "图",
    "表",
    "抗",
    "阿",
    "卡拉",
    "中国",
    "第",
)
HYPHEN_RE = re.compile(rf"(?<=[{HAN}])[-‐‑]\n(?=[{HAN}])|(?<=[a-z]{{2}})[-‐‑](?:\n| (?!and\b|or\b))(?=[a-z]{{2}})")
SPACED_RE = re.compile(rf"[{HAN}](?: [{HAN}]){{4,}}")
MOJIBAKE_RE = re.compile("锟斤拷|烫烫烫|屯屯屯|(?:[ÃÂäåæçèéêë][\u0080-\u00bf]){2,}|[äåæçè][\u0080-\u00ff€-™]{2}|ï»¿|ï¼")
WIDE_RUN_RE = re.compile(r"[^\x00-\x7f]{4,}")
HAN_RE = re.compile("[\u4e00-\u9fff]+")
SOME_HAN_RE = re.compile("[\u4e00-\u9fff]{2}")
MOSTLY = 0.8
LAST_COMMON = "\u9fff"
CLOSE = 3  # characters between two traditional ones that are told together


@rule("warning", "中文之间用了半角标点", fixable=True)
def check_half_width_punctuation(document: Document) -> Iterator[Finding]:
    """Half-width punctuation between Chinese characters; `--fix` widens all but full stops and quotation marks.

    Bad:  劳模,工匠(含退休)
    Good: 劳模，工匠（含退休）
    """
    for passage in document.passages:
        if not HALF_RE.search(passage.text):
            continue
        if fixes := _widen(passage):
            more = f"等 {len(fixes)} 处" if len(fixes) > 1 else f"，应为“{fixes[0].text}”"
            mark = passage.text[fixes[0].start - passage.start]
            yield Finding(fixes[0].start, f"中文之间用了半角“{mark}”{more}", fixes)
        for match in HALF_STOP_RE.finditer(passage.text):
            yield Finding(passage.start + match.start(), "中文之间用了半角“.”，应为“。”或“·”")
        for match in HALF_QUOTES_RE.finditer(passage.text):
            yield Finding(passage.start + match.start(), "中文用了直引号，应为“”")


def _widen(passage: Passage) -> tuple[Fix, ...]:
    marks = [(match.start(), FULL_WIDTH[match[0]]) for match in HALF_MARK_RE.finditer(passage.text)]
    for match in HALF_BRACKETS_RE.finditer(passage.text):
        marks += [(match.start(), "（"), (match.end() - 1, "）")]
    return tuple(Fix(passage.start + at, passage.start + at + 1, full) for at, full in sorted(marks))


@rule("warning", "标点重复或连用", fixable=True)
def check_repeated_punctuation(document: Document) -> Iterator[Finding]:
    """Two marks where one is meant; `--fix` takes one of two that are the same.

    Bad:  送去棉衣，，
    Good: 送去棉衣，
    """
    for passage in document.passages:
        doubled = {match.start(): match for match in DOUBLED_MARK_RE.finditer(passage.text)}
        for match in MIXED_MARKS_RE.finditer(passage.text):
            at = passage.start + match.start()
            fixes = (Fix(at + 1, at + 2, ""),) if match.start() in doubled else ()
            yield Finding(at, f"标点“{match[0]}”连用，应只留一个", fixes)


@rule("warning", "引号、书名号或括号不成对")
def check_unbalanced_marks(document: Document) -> Iterator[Finding]:
    """Quotation marks, title marks or brackets without their other half, in one paragraph.

    Bad:  他说：“工会来了。
    Good: 他说：“工会来了。”
    """
    texts = [passage.text for passage in document.passages]
    for number, passage in enumerate(document.passages):
        following = texts[number + 1] if number + 1 < len(texts) else ""
        for at, mark in unbalanced_marks(passage.text, following):
            if mark in BRACKET_OF:
                message = f"“{mark}”前面没有与它成对的“{BRACKET_OF[mark]}”"
            else:
                other = next(close for close, open_ in BRACKET_OF.items() if open_ == mark)
                message = f"“{mark}”后面没有与它成对的“{other}”"
            yield Finding(passage.start + at, message)


@rule("warning", "字重复（的的、了了）")
def check_repeated_characters(document: Document) -> Iterator[Finding]:
    """A character twice where Chinese has it once, or any character three times; 目的的 and 为了了解 are right.

    Bad:  职工的的意见
    Good: 职工的意见
    """
    for passage in document.passages:
        for match in DOUBLE_RE.finditer(passage.text):
            if not is_legitimate_double(passage.text, match.start(), match.end()):
                yield Finding(passage.start + match.start(), f"“{match[0]}”疑有重复，应为“{match[0][0]}”")


@rule("warning", "同一句话接连出现")
def check_repeated_phrase(document: Document) -> Iterator[Finding]:
    """Five or more characters that follow on themselves, as recognisers loop.

    Bad:  工会干部上门工会干部上门慰问
    Good: 工会干部上门慰问
    """
    for passage in document.passages:
        if not _may_repeat(passage.text):
            continue
        for match in PHRASE_RE.finditer(passage.text):
            if len(set(match[1])) > 2:
                yield Finding(passage.start + match.start(), f"“{match[1]}”接连出现两次")


def _may_repeat(text: str) -> bool:
    """Whether a part of a phrase comes again where the phrase would: told sooner than by the pattern.

    A phrase of five characters or more holds a run of four that begins at an even place.
    """
    part = FEWEST - 1
    return any(
        text.find(text[at : at + part], at + FEWEST, at + MOST + 1 + part) >= 0 for at in range(0, len(text) - part, 2)
    )


@rule("warning", "简体文章里的繁体字")
def check_traditional_characters(document: Document) -> Iterator[Finding]:
    """Traditional characters in a text of simplified ones; a text that is traditional as a whole is told once.

    Bad:  市總工会
    Good: 市总工会
    """
    find = _traditional_re().finditer
    found = [(passage, match.start()) for passage in document.passages for match in find(passage.text)]
    found = [(passage, at) for passage, at in found if not _misread(passage.text)]
    letters = sum(len(passage.text) for passage in document.passages)
    if len(found) * 10 > letters:
        passage, at = found[0]
        yield Finding(passage.start + at, "全文是繁体字，应为简体")
        return
    for passage, start, end in _group(found):
        word = passage.text[start:end]
        simple = "".join(map(simplify_character, word))
        yield Finding(passage.start + start, f"繁体字“{word}”，应为“{simple}”")


def _group(found: list[tuple[Passage, int]]) -> Iterator[tuple[Passage, int, int]]:
    """Characters close to each other as one stretch."""
    groups: list[list[tuple[Passage, int]]] = []
    for passage, at in found:
        last = groups[-1][-1] if groups else None
        if last and last[0] is passage and at - last[1] <= CLOSE and "\n" not in passage.text[last[1] : at]:
            groups[-1].append((passage, at))
        else:
            groups.append([(passage, at)])
    return ((group[0][0], group[0][1], group[-1][1] + 1) for group in groups)


@cache
def _traditional_re() -> re.Pattern[str]:
    """Characters that have a simplified form and aren't themselves in GB 2312, the set of simplified Chinese.

    乾 (乾县) and 著 (著名) are in it: each is one character simplified and another traditional. Where fonts have no
    simplified form, as of 鮀 (鮀江), simplified texts keep the other.
    """
    forms = traditional_forms()
    chars = (char for char, simple in forms.items() if simple <= LAST_COMMON and not _in_gb2312(char))
    return re.compile(f"[{''.join(chars)}]")


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@rule("warning", "看不见的控制字符", fixable=True)
def check_invisible_characters(document: Document) -> Iterator[Finding]:
    """Control characters and characters without width, which searches trip over; `--fix` removes them.

    Bad:  送\\u200b温暖
    Good: 送温暖
    """
    if any(one.rule == "not-utf-8" for one in document.found):
        return  # of UTF-16 half of all characters would be
    for match in INVISIBLE_RE.finditer(document.text):
        at, char = match.start(), match[0]
        name = unicodedata.name(char, "控制字符")
        fixes = (Fix(at, at + 1, ""),) if document.matter else ()
        yield Finding(at, f"有看不见的字符 U+{ord(char):04X}（{name}），应删去", fixes)


@rule("warning", "识别残留：□、孤立的字母、行末连字符、拉开的字")
def check_recogniser_leftovers(document: Document) -> Iterator[Finding]:
    """What a recogniser leaves: □ ■ �, a lone Latin letter among Chinese, hyphens at line ends, letters spaced out.

    Bad:  县总l工会慰问□困难职工
    Good: 县总工会慰问困难职工
    """
    for passage in document.passages:
        text, start = passage.text, passage.start
        if not LEFT_RE.search(text):
            continue
        for match in SIGNS_RE.finditer(text):
            yield Finding(start + match.start(), f"疑为识别残留：“{match[0]}”")
        for match in LETTER_RE.finditer(text):
            if not _is_word_with_letter(text, match.start()):
                yield Finding(start + match.start(), f"汉字之间有孤立的字母“{match[0]}”，疑为识别残留")
        for match in HYPHEN_RE.finditer(text):
            yield Finding(start + match.start(), "词在连字符处断开，疑为原报换行的残留")
        for match in SPACED_RE.finditer(text):
            if not passage.name:
                yield Finding(start + match.start(), f"“{match[0]}”字字之间有空格，疑为识别残留")


def _is_word_with_letter(text: str, at: int) -> bool:
    return text.startswith(AFTER_LETTER, at + 1) or text[:at].endswith(BEFORE_LETTER)


@rule("warning", "乱码：文字曾按错误的编码打开")
def check_mojibake(document: Document) -> Iterator[Finding]:
    """Text that was once read in a wrong encoding and saved so.

    Bad:  宸ヤ細涓婇棬
    Good: 工会上门
    """
    for passage in document.passages:
        for match in MOJIBAKE_RE.finditer(passage.text):
            yield Finding(passage.start + match.start(), f"“{match[0]}”是乱码：这段文字曾按错误的编码打开")
        if not SOME_HAN_RE.search(_reread(passage.text)):
            continue
        for match in WIDE_RUN_RE.finditer(passage.text):
            if meant := _misread(match[0]):
                yield Finding(passage.start + match.start(), f"“{match[0][:6]}”是乱码，原文疑为“{meant[:4]}”")


def _misread(run: str) -> str:
    """What a run was before its UTF-8 was read as GB18030; nothing for Chinese.

    学习系统 and 联通, say, are valid UTF-8 as well, but of other letters: hence most of it has to be ideographs.
    """
    meant = _reread(run)
    ideographs = sum(map(len, HAN_RE.findall(meant)))
    return meant if ideographs * 3 > MOSTLY * len(run) * 2 else ""


def _reread(text: str) -> str:
    return text.encode("gb18030", "ignore").decode("utf-8", "ignore")
