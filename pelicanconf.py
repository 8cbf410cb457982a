"""Settings for building on an editor's machine; publishconf.py adds what a published site needs."""

from pathlib import Path

SITENAME = "工报"
SITEURL = "http://127.0.0.1:8000"
AUTHOR = "工报编辑部"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-CN"

# Reader-visible settings of our plugins; see gongbao/settings.py for all keys.
GONGBAO = {
    "name": "工报",
    "tagline": "工会新闻档案",
    "page_size": 30,
    # Without a net too: only published, or an editor's browser would go on showing a site that nobody serves.
    "offline": False,
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/deed.zh-hans",
    # The demonstration archive's own, which reaches nobody: example.org is reserved. Put yours here.
    "report": "mailto:bianji@example.org?subject={title}&body={body}",
}

PATH = "content"
OUTPUT_PATH = "output"
THEME = str(Path(__file__).parent / "theme")
PLUGINS = [
    f"gongbao.{feature}.plugin"
    for feature in ("build", "browse", "pictures", "read", "search", "edit", "offline", "preview")
]

ARTICLE_PATHS: list[str] = []  # content/articles is read by gongbao.build
PAGE_PATHS = ["pages"]
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
PAGE_TRANSLATION_ID = None
STATIC_PATHS: list[str] = []  # gongbao.pictures writes pictures, without their metadata
USE_FOLDER_AS_CATEGORY = False
DEFAULT_CATEGORY = "新闻"
JINJA_ENVIRONMENT = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "autoescape": True,
    "auto_reload": False,  # a build reads its templates once
    "extensions": ["gongbao.translate.Translate"],
}

SLUGIFY_SOURCE = "basename"
FILENAME_METADATA = r"(?P<slug>.*)"

# Pelican's own lists and feeds are off: places, campaigns, years and papers take their place (gongbao.browse).
DIRECT_TEMPLATES: list[str] = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_DOMAIN = SITEURL

CACHE_CONTENT = False
LOAD_CONTENT_CACHE = False
DELETE_OUTPUT_DIRECTORY = False
