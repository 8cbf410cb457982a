"""What `clip` flags a draft with, in words for editors."""

FLAG_NAMES = {
    "starts-mid-sentence": "开头缺",
    "ends-mid-sentence": "结尾断在句中",
    "gap": "中间断开",
    "joined-pieces": "由几段拼成",
    "moved-beginning": "开头从后面移来",
    "doubtful-passage": "有一段归属存疑",
    "no-title": "没有标题",
    "no-date": "没有日期",
    "no-region": "没有地区",
    "no-byline": "没有署名",
}
