"""The set words of newspaper pages: labels of boxes, names of columns, what a page prints besides its stories."""

from __future__ import annotations

import re

# Box labels; those of LEADING are read before the story's text, the others after it.
LEADING = frozenset("阅读提示 核心提示 内容提要 提要 导读 编者按 编者的话 新闻提示 提示 开栏的话".split())
TRAILING = frozenset(
    "编后 编后语 编余 短评 微评 点评 快评 今日快评 评论 记者手记 采访手记 手记 链接 相关链接 新闻链接 新闻背景 背景 "
    "背景链接 知识链接 延伸阅读 小资料 资料 名词解释 小贴士 数读 数说 说法 专家点评 声音".split()
)
# Kinds of stories, printed with the headline.
KINDS = frozenset("新闻特写 特写 新闻速写 速写 通讯 人物特写 侧记 特稿 现场新闻 人物 现场 消息 深度 观察 调查".split())
# Columns that hold several stories.
ROUNDUPS = frozenset(
    "简讯 短讯 快讯 要闻 本报快讯 图片新闻 综合 民生速递 一周图片 各地工会 一句话新闻 集纳 短波".split()
)
FURNITURE_RE = re.compile(
    r"责任?编辑?[:/\s]|责编|本版编辑|版式|校对|美编|组版|投稿|邮箱|E-?mail|热线(?=[:\d])|@\w"
    r"|国内统一|刊号|邮发代号|总第\d+期|农历|日\s*星期[一二三四五六日天]|^星期[一二三四五六日天]$|今日\S{1,3}版"
    r"|^第?\s*[\d一二三四五六七八]{1,3}\s*版\b|^\d{1,2}\s*(?:综合|要闻|新闻|专题|专版|副刊)|^\d{1,2}$"
    r"|www\.|^\d{4}年\d{1,2}月\d{1,2}日$|下转第?|上接第?|扫码|^广告",
    re.IGNORECASE,
)
CONTENTS_RE = re.compile(r"(?:要目|目录|目次|导读|索引|看点|内容导航)[:】\])]?$")
LEADER_RE = re.compile(r"…|\.{3,}|·{3,}|⋯")
PAGE_REF_RE = re.compile(r"(?:[\dA-Z]\d?|[一二三四五六七八]{1,2})\s*版\s*[)\]]?\s*$")
