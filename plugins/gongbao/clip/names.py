"""Whether a word can be a person's name, and the names in a list of them."""

from __future__ import annotations

import re

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计"
    "伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经"
    "房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程嵇邢裴陆荣翁荀惠甄曲封储靳焦巴弓牧车侯全班仰仲伊宫宁仇栾甘厉戎祖武符"
    "刘景詹束龙叶幸司韶黎薄印宿白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳姬申扶堵冉宰郦雍桑桂濮牛寿通边扈"
    "燕冀尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越师巩聂晁勾敖融冷辛"
    "阚那简饶空曾沙养鞠须丰巢关相查后荆红游竺权盖益桓公仝佟闫肖付迮邸岳苑党逯蔄仉区才代冼初原双回多字幺宝尧展山帅库延"
    "强徽必思戢揭操敬斯普朴树楚楼次殳泥湾滑漆潭火牟玉瑞生由畅盘直睢矫知祖种突竹粟线练续缑老职肇腾臧自苟药莎虎蚁衣要覃谌"
    "谯豆买资赛赫路车达运还逄邝部郗郜郏鄢酆野钮银镇门闪问阿降隆雒霞韩项顿风首香骈鬼鹿麦麻"
)
COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "尉迟",
    "申屠",
    "夏侯",
    "司徒",
    "皇甫",
    "公孙",
    "慕容",
    "令狐",
    "宇文",
    "端木",
    "东方",
)
# Words that stand where names stand and are none.
NO_NAMES = frozenset(
    "本报 本刊 新华社 综合 整理 供稿 文图 图文 摄影 报道 左一 左二 右一 右二 中 左 右 资料 图片 网络 来源 "
    "单位 下同 上接 下转 "
    "简称 试行 如图 见图 右图 左图 上图 下图 上 下 完 待续 代表 主任 主席 职工 工会 记者 通讯员 作者 编辑".split()
)
NAME_RE = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,6}(?:[·•・][\u3400-\u9fff]{1,8}){1,3}")
PARTS_RE = re.compile(r"[\s、,/;和]+")


def looks_like_name(word: str) -> bool:
    """Whether a word may be a name even where nothing says that names follow: it begins with a surname."""
    if word in NO_NAMES or not NAME_RE.fullmatch(word):
        return False
    return "·" in word or (len(word) <= 4 and (word[0] in SURNAMES or word.startswith(COMPOUND)))


def split_names(text: str) -> list[str] | None:
    """The names of a list such as 王 伟、李四; None if anything else is in it."""
    words = [word for word in PARTS_RE.split(text.strip()) if word]
    names: list[str] = []
    half = ""  # printers set two-character names wide: 杨 帆
    for word in words:
        if len(word) == 1 and "\u3400" <= word <= "\u9fff":
            half += word
        elif half:
            return None
        else:
            names.append(word)
        if len(half) == 2:
            names.append(half)
            half = ""
    valid = all(NAME_RE.fullmatch(name) and name not in NO_NAMES for name in names)
    return names if names and valid and not half else None
