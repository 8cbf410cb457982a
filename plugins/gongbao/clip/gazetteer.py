"""Names of divisions in running text, in the forms that newspapers use, as they were in one year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gongbao.regions import RegionTable, load_regions

ETHNIC = sorted(
    "蒙古族 蒙古 回族 藏族 维吾尔族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 "
    "哈萨克族 哈萨克 傣族 黎族 傈僳族 "
    "佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 柯尔克孜 土族 达斡尔族 仫佬族 羌族 布朗族 "
    "撒拉族 毛南族 仡佬族 锡伯族 锡伯 "
    "普米族 塔吉克族 塔吉克 怒族 鄂温克族 德昂族 保安族 裕固族 独龙族 鄂伦春 门巴族 珞巴族 基诺族 各族".split(),
    key=len,
    reverse=True,
)
AUTONOMOUS = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗", "特别行政区": ""}
SUFFIXES = ("地区", "林区", "省", "市", "县", "区", "盟", "旗", "州")
# Short names that are ordinary words, surnames or streets as well: they count with their suffix only.
ORDINARY = frozenset(
    "来宾 安康 白银 大同 中山 长治 东方 兴安 东山 和平 朝阳 建设 解放 新城 城关 安定 前进 向阳 红旗 平安 "
    "友好 金山 开放 光明 青年 新建 "
    "南山 文昌 东港 中原 新华 胜利 东风 团结 太平 永安 永定 长安 江北 江南 河南 海南 山东 山西 城区 郊区 "
    "矿区 大理 通州 象山 "
    "鼓楼 海港 新民 高明 大方 大足 兴国 宁静 平和 太和 仁和 天峻 五一 双桥 清河 台前 开发 中心 桥东 桥西 文化 文山 "
    "路南 路北 长江 黄山 黄河 昌平 三江 江口 河口 湖口 凤凰 明光 忠 理 岳 献 磁 成 蔚 莘 温 费 单 曹 巨野 "
    "文 吉安 公安 同心 合作 "
    "天河 珠海 白云 中卫 上海 通道 共和 祥云 宁安 武功 资源 武平 玉树 高要 大关 会同 务川 西城 东城 宣传 "
    "安全 兴业 互助 集美 开平 高平 "
    "万年 定远 灵山 乐业 丰都 武宣 德兴 新兴 建平 建宁 建德 平定 平原 普安 清新 曲江 新安 永和 永年 长乐 "
    "长春 宜春 延长 富裕 泰来 "
    "山阳 高阳 阳光 顺义 大兴 房山 海城 海安 临城 安新 安平 安国 定兴 南京路 宝山 长宁 青山 江岸 江夏 "
    "江阴 金水 二七 中牟".split()
) - frozenset("河南 海南 山东 山西 上海 长春 宜春 珠海 吉安 玉树 黄山 中卫 江阴".split())
# What makes a place's name part of another name: 兰州大学, 武威肿瘤医院, 南京路.
INSTITUTION_RE = re.compile(
    r"^(?:[一-鿿]{0,4}(?:大学|学院|医院|银行|学校|中学|小学|日报|晚报|电视台|有限|股份|公司|集团|煤电|油田|铁路局)|路|街|道|桥|籍|人(?!民|大|社)|话|菜|口音|牌)"
)
UNION_RE = re.compile(r"^(?:市|县|区|省|州|旗)?总工?会?|^[^。,;]{0,6}?总工会|^工会|^各级工会")


@dataclass(frozen=True)
class Entry:
    """One way to write a division: `full` with its suffix, so that it can be nothing else."""

    path: tuple[str, ...]
    full: bool


@dataclass(frozen=True)
class Mention:
    """A place named in a text, from `start` to `end`; several divisions may have the name."""

    name: str
    start: int
    end: int
    paths: tuple[tuple[str, ...], ...]
    full: bool
    union: bool  # 延安市总工会: the union of the place acts


def short_forms(name: str) -> Iterator[tuple[str, bool]]:
    """The forms of a division's name, each with whether it is complete: 酉阳县 and 酉阳 for 酉阳土家族苗族自治县."""
    yield name, True
    for ending, short in AUTONOMOUS.items():
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            while found := next((one for one in ETHNIC if stem.endswith(one) and len(stem) - len(one) >= 2), ""):
                stem = stem.removesuffix(found)
            yield stem, False
            if short:
                yield stem + short, True
            return
    suffix = next((one for one in SUFFIXES if name.endswith(one)), "")
    if suffix and len(name) - len(suffix) >= 2:
        yield name.removesuffix(suffix), False


class Gazetteer:
    """Finds the divisions of one year in a text."""

    def __init__(self, table: RegionTable, year: int) -> None:
        self.entries: defaultdict[str, list[Entry]] = defaultdict(list)
        self._add(table, year)
        # Papers of a year also use names that came or went about then, and a page's year may be a guess.
        for other in (year + 1, year - 1, year + 3, year - 3):
            self._add(table, other)
        self.lengths: dict[str, tuple[int, ...]] = {}
        for form in self.entries:
            sizes = {len(form), *self.lengths.get(form[:2], ())}
            self.lengths[form[:2]] = tuple(sorted(sizes, reverse=True))

    def _add(self, table: RegionTable, year: int) -> None:
        """Enter the names of a year that are not yet known."""
        known = frozenset(self.entries)
        for joined in table.paths_in(year):
            path = tuple(joined.split("/"))
            for form, full in short_forms(path[-1]):
                if form not in known and (full or form not in ORDINARY):
                    self.entries[form].append(Entry(path, full))

    def find(self, folded: str) -> list[Mention]:
        """The mentions in a text, in order; the longest name at each place."""
        mentions: list[Mention] = []
        at = 0
        while at < len(folded) - 1:
            sizes = self.lengths.get(folded[at : at + 2], ())
            form = next((folded[at : at + size] for size in sizes if folded[at : at + size] in self.entries), "")
            if form and (mention := self._mention(folded, at, form)):
                mentions.append(mention)
                at = mention.end
            else:
                at += 1
        return mentions

    def _mention(self, folded: str, at: int, form: str) -> Mention | None:
        entries = self.entries[form]
        full = any(entry.full for entry in entries)
        rest = folded[at + len(form) : at + len(form) + 14]
        union = bool(UNION_RE.match(rest))
        if not union and INSTITUTION_RE.match(rest) and not (full and not re.match(r"[路街道桥籍话菜]", rest)):
            return None
        paths = tuple(entry.path for entry in entries if entry.full == full)
        if not full:
            counties = all(len(path) > 2 for path in paths)
            if counties and not union and len(form) < 3 and not re.match(r"[:：]", rest):
                return Mention(form, at, at + len(form), paths, False, False)
        return Mention(form, at, at + len(form), paths, full, union)


@cache
def gazetteer(year: int) -> Gazetteer:
    """The gazetteer of a year, made once a process."""
    return Gazetteer(load_regions(), year)
