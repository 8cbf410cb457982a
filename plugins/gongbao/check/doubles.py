"""Characters that a careless hand or a recogniser doubles, and where two of them side by side are right.

Most doubled characters of Chinese are right: names (红红), verbs (看看), measures (个个), or the end of one word before
the beginning of another (工会会员). Only those are looked at that are seldom doubled, and for each stand the words that
bring two of it together: what may come before the pair, and what may come after it.
"""

from __future__ import annotations

import re

from gongbao.text import HAN

# Character: (characters before the pair that end a word with its first, characters after it that begin one with its
# second). 目 before 的的 is 目的|的; 解 after 了了 is 了|了解.
DOUBLES: dict[str, tuple[str, str]] = {
    "的": ("目有标打", "确士"),
    "了": ("为除罢终", "解然结却断若不"),
    "是": ("于但可就还都只要若总凡老硬真更也不或算便正才", "非否因"),
    "在": ("存现所实内潜自好旨", "职校岗场线建册编乎任京沪外地家座位逃押"),
    "和": ("共缓温平总谐饱柔调暖祥附人", "谐平睦解美气蔼缓善田县龙政静林硕顺布"),
    "与": ("参赠给付赋授", "会其日时众"),
    "及": ("普涉波提触危顾企", "时格其早至"),
    "也": ("", "门"),
    "都": ("首成京古国故帝", "江匀市城会督昌安兰柳"),
    "就": ("成造铸", "业地餐医读近任职诊学绪此"),
    "被": ("棉毛", "子褥套困动告征面害选捕征"),
    "把": ("火一拖", "握关手柄脉式"),
    "让": ("转出谦礼", "利座步位渡出路"),
    "们": ("", ""),
    "着": ("接沿随本穿执", "力重手眼装火急陆实落想"),
    "而": ("然从反进因时故", "且今后立言已"),
    "或": ("抑甚", "许者是"),
    "还": ("归偿退返", "款原贷是有要乡"),
    "又": ("", ""),
    "很": ("", ""),
    "但": ("不非", "是愿凡"),
    "这": ("", "样些里"),
    "那": ("", "样些里"),
    "将": ("即必大上麻名健干老虎", "军来近要会"),
    "从": ("服自听随无遵", "事业严容而来此"),
    "并": ("合兼吞归", "且不非购轨"),
    "已": ("而不", "经"),
    "其": ("与尤", "他它实中次余间"),
}
DOUBLED = "".join(DOUBLES)
DOUBLE_RE = re.compile(rf"([{DOUBLED}])\1(?!\1)|([{HAN}])\2{{2,}}")
# Sounds and counting, which may go on: 哈哈哈, 叮叮叮, 一一一 of a score.
SOUNDS = frozenset(
    "哈呵嘿嘻哒嗵噔吭嘎咕噜嘟喔嗷哇叭唧啾啊呀哎唉嗯呜哗叮咚当咣嗡滴嘀嗒砰轰隆唰沙呼啦啪咯吱汪喵咩零〇一二三四五六七八九十天年月日中大小看走快加干顶冲好"
)
# 是是非非, 的的确确, 个个: pairs of pairs.
PAIR_OF_PAIRS_RE = re.compile(rf"([{HAN}])\1([{HAN}])\2")


def is_legitimate_double(text: str, start: int, end: int) -> bool:
    """Whether the doubled character at a place of a text may well be right."""
    char = text[start]
    if end - start > 2:
        return char in SOUNDS
    before, after = DOUBLES[char]
    if text[start - 1 : start] in set(before) or text[end : end + 1] in set(after):
        return True
    return bool(PAIR_OF_PAIRS_RE.match(text, start) or PAIR_OF_PAIRS_RE.match(text, max(start - 2, 0), end))
