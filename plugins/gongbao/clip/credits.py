"""Who wrote and who photographed: names with their roles, in every place where newspapers put them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongbao.article import Credit
from gongbao.clip.names import looks_like_name, split_names

# Printed role ▶ role of the archive; the longest first.
ROLES = {
    "特约通讯员": "通讯员",
    "特约记者": "特约记者",
    "实习记者": "记者",
    "见习记者": "记者",
    "摄影记者": "摄影",
    "首席记者": "记者",
    "特派记者": "记者",
    "资深记者": "记者",
    "驻站记者": "记者",
    "记者站": "记者",
    "全媒体记者": "记者",
    "通讯员": "通讯员",
    "实习生": "记者",
    "记者": "记者",
    "作者": "作者",
    "撰文": "作者",
    "撰稿": "作者",
    "整理": "作者",
    "供稿": "作者",
    "拍摄": "摄影",
    "摄影": "摄影",
    "摄": "摄影",
    "编辑": "编辑",
    "文/图": "作者",
    "图/文": "作者",
    "文": "作者",
    "图": "摄影",
}
ORGS = ("本报", "本刊", "本网", "新华社", "中新社", "工人日报", "中工网", "人民日报", "新华网")
ROLE_RE = re.compile(
    rf"(?P<org>{'|'.join(ORGS)}|[一-鿿]{{1,6}}报(?=\S{{0,6}}(?:记者|通讯员)))?\s*(?:驻[一-鿿]{{1,4}}(?=记者))?"
    rf"(?P<role>{'|'.join(role for role in ROLES if len(role) > 1)}|文(?=[/:\s])|图(?=[/:\s]))\s*[:/]?"
)
TAIL_RE = re.compile(
    r"(?P<tail>摄影报道|图文报道|文/图|图/文|摄影|图文|拍摄|[/\s]摄|摄|供稿|投稿|来稿|撰稿|撰文|整理|[/\s][文图]|报道|发自?)\s*[:。]?\s*$"
)
EDGE = " \t□■●◆▲△★▌※|()[]【】〔〕〈〉<>。:-—"
MARKS = "□■●◆◇▲△▼▽▶★☆○※"
ASIDE_RE = re.compile(r"\((?:特约|本报|实习|资料)\)\s*$")
# Where and when a story was written, after its author's name.
WRITTEN_RE = re.compile(
    r"\s+(?:发自\S+|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日\S*)\s*$"
)
NAME_FIRST_RE = re.compile(r"^(?P<names>[一-鿿·\s、]{2,30})\((?P<role>(?:本报)?(?:特约)?(?:记者|通讯员))\)$")
DATELINE_RE = re.compile(
    rf"[{MARKS}\s]*[【\[(]?据?(?P<org>本报|本刊|本网|新华社|中新社|新华网|中工网|[一-鿿]{{1,6}}报)"
    r"(?P<where>[^。,“”()\[\]【】]{0,16}?)(?:[专快特]?讯|专?电话?|专递|消息)[】\])]?\s*"
    r"(?:[(\[【](?P<names>[^()\[\]【】]{2,60})[)\]】])?[】\])]?"
    r"|[(\[【](?P<bare>(?:本报)?(?:特约)?(?:记者|通讯员)[^()\[\]【】]{2,50})[)\]】]"
)
REPORT_RE = re.compile(r"\s*(?P<names>(?:特约)?(?:记者|通讯员)[^。,“”()]{2,40}?)(?:摄影)?报道\s*[:：,，]?")
# 本报盘锦专递 驻辽记者 佟语  辽宁省…: no brackets, but a wide space after the last name.
LOOSE_RE = re.compile(
    r"(?P<names>(?:驻[一-鿿]{1,4}|特约|首席|见习|实习|特派)?(?:记者|通讯员)\s*[一-鿿·]{2,4}(?:[\s、][一-鿿·]{2,4}){0,3}?)\s{2,}"
)
END_RE = re.compile(
    r"(?:[□■●◆]\s*(?P<square>[^。!?□■]{2,50}(?:[□■][^。!?]{2,30})?)"
    r"|[(\[【〔〈<](?P<round>[^()\[\]【】〔〕〈〉<>。]{2,50})[)\]】〕〉>]"
    r"|(?:(?<=[。!?”)])|\s{2,})\s*(?P<open>[^。!?“”]{2,40}))\s*$"
)
PHOTO_CREDIT_RE = re.compile(
    r"(?:摄|摄影|摄影报道|文/图|图/文|图文|图)\s*[)\]】]?\s*$|^\W*(?:图[/:]|摄影[/:\s])|图/|文/图|图/文"
)


@dataclass(frozen=True)
class Byline:
    """Credits with where they stand in a text, from `start` to `end`."""

    credits: tuple[Credit, ...]
    start: int
    end: int


def parse_credits(text: str, org: str = "", *, strict: bool = False) -> tuple[Credit, ...] | None:
    """The credits that a folded text consists of, or None if it is anything else.

    `org` is taken for 记者 without one. Where no role is printed, `strict` asks for names that begin with a surname,
    and the role is 作者.
    """
    text = WRITTEN_RE.sub("", text.strip(MARKS + " \t"))
    text = NAME_FIRST_RE.sub(r"\g<role> \g<names>", text).strip(EDGE)
    tail = TAIL_RE.search(text)
    if tail:
        text = text[: tail.start()].strip(EDGE)
    heads = list(ROLE_RE.finditer(text))
    if not heads and not tail:
        return _plain(text, strict)
    found: list[Credit] = []
    before = text[: heads[0].start()] if heads else text
    if before.strip(EDGE):
        role = _tail_role(tail["tail"]) if tail else ""
        names = _names(before)
        if not role or names is None:
            return None
        found += [Credit(role, name) for name in names]
    pictures = tail is not None and tail["tail"].strip(" /") in ("摄影报道", "摄影", "摄")
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        between = text[head.end() : end]
        if head["role"] in ("图", "图/文", "文/图") and not between.strip() and number + 1 < len(heads):
            pictures |= head["role"] == "图"  # 图/本报记者 柳岸青
            continue
        names = _names(between)
        if names is None:
            return None
        found += _credits(head, names, org, pictures=pictures and number + 1 == len(heads))
    return tuple(dict.fromkeys(found)) or None


def _names(text: str) -> list[str] | None:
    return split_names(text.strip(EDGE + "□■"))


def _plain(text: str, strict: bool) -> tuple[Credit, ...] | None:
    names = split_names(text)
    if names is None or len(names) > 4 or (strict and not all(map(looks_like_name, names))):
        return None
    return tuple(Credit("作者", name) for name in names)


def _tail_role(tail: str) -> str:
    word = tail.strip(" /")
    return "摄影" if word in ("摄影报道", "摄影", "摄", "图文报道") else "作者"


def _credits(head: re.Match[str], names: list[str], org: str, *, pictures: bool) -> list[Credit]:
    where = head["org"] or (org if "记者" in head["role"] else "")
    return [Credit("摄影" if pictures else ROLES[head["role"]], name, where) for name in names]


def find_dateline(folded: str) -> Byline | None:
    """本报讯(记者王伟 通讯员迮晓鸣), 新华社北京1月1日电(…), (本报记者 …) at a text's beginning.

    Credits may be empty; names that can't be read are left out.
    """
    match = DATELINE_RE.match(folded)
    if match is None:
        return None
    names, end = match["names"] or match["bare"] or "", match.end()
    org = match["org"] or "本报"
    if not names and (report := REPORT_RE.match(folded, end) or LOOSE_RE.match(folded, end)):
        names, end = report["names"], report.end()
    found = parse_credits(names, org) if names else ()
    if match["bare"] and found is None:
        return None
    return Byline(found or (), 0, end)


def find_end_credit(folded: str) -> Byline | None:
    """□本报记者 刘强 摄, (孙虎虎), … at a text's end."""
    tail = folded[-70:]
    match = END_RE.search(tail)
    if match is None:
        return None
    text = match["square"] or match["round"] or match["open"]
    found = parse_credits(text, strict=not match["square"]) or _note(text)
    if not found or (match["open"] and len(found) == 1 and found[0].role == "作者" and len(tail) == len(match[0])):
        return None
    offset = len(folded) - len(tail)
    return Byline(found, offset + match.start(), offset + match.end())


def _note(text: str) -> tuple[Credit, ...]:
    """(本报记者 虎维山 2018年10月16日夜记于西吉), (作者单位:某厂 某某), 新华社发(栗 耕 摄)."""
    if match := re.match(r"\s*(本报)?\s*(特约记者|记者|通讯员)\s*([一-鿿·]{2,4})\s+\d{4}年", text):
        return (Credit(match[2], match[3], match[1] or ""),)
    if match := re.match(r"\s*作者(?:单位|系|为)\S*\s+(\S+)\s*$", text):
        names = split_names(match[1])
        return tuple(Credit("作者", name) for name in names or ())
    return ()


def parse_byline_line(folded: str) -> tuple[Credit, ...] | None:
    """The credits of a line that holds nothing else, or None. A line of names alone needs a mark before them."""
    text = ASIDE_RE.sub("", folded.strip())
    if len(text) > 60 or not text:
        return None
    if match := re.fullmatch(r"(新华社|中新社)发\s*[(\[](.+摄)[)\]]", text):
        found = parse_credits(match[2])
        return tuple(Credit(one.role, one.name, match[1]) for one in found) if found else None
    if text[0] in "(【[" and (note := _note(text.strip("()【】[]"))):
        return note
    marked = text[0] in "□■●◆▌(" or bool(ROLE_RE.search(text)) or bool(TAIL_RE.search(text)) or "/" in text
    if not marked:
        return None
    if text[0] not in "□■●◆▌(" and not re.search(r"记者|通讯员|实习生|作者|摄|文|图|供稿|撰文|编辑", text):
        return None
    return parse_credits(text, strict=not re.search(r"记者|通讯员|摄影|实习生", text))
