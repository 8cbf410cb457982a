"""The language of the interface: the catalogue is complete, and an English site has no Chinese of its own left."""

from __future__ import annotations

import json
import multiprocessing
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from gongbao.archive import load_archive
from gongbao.browse.charts import season
from gongbao.browse.issues import date_in_words
from gongbao.browse.sums import sum_figures
from gongbao.dates import parse_date
from gongbao.settings import read_settings
from gongbao.words import TRANSLATIONS, _n, languages, load_words, month_label, month_name, use_language
from jinja2 import Environment

ROOT = Path(__file__).parents[1]
HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff，。；：！？、（）《》]+")
FIELD_RE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
SPOKEN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "label")
# Every kind of page; the rest are more of the same.
KINDS = ("", "regions", "regions/*", "campaigns", "campaigns/*", "years", "years/*", "papers", "papers/*", "papers/*/*")
KINDS += ("papers/*/calendar/*", "days", "days/*", "data", "search", "shelf", "articles/*/*", "about")


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh-CN")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What readers see, as the command of CONTRIBUTING.md gathers it from the sources."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    command = re.search(r"^ +\S*(pybabel extract .*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M)
    assert command
    arguments = shlex.split(command[1].replace("messages.pot", str(file)))
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments[1:]], cwd=ROOT, check=True)
    with file.open("rb") as opened:
        return read_po(opened)


def key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id[0] if message.pluralizable else str(message.id)


def make_environment() -> Environment:
    return Environment(extensions=["gongbao.translate.Translate"], autoescape=True)


@pytest.mark.usefixtures("english")
def test_texts_of_all_pages_are_put_in_when_a_template_is_compiled() -> None:
    template = make_environment().from_string('<p{{ own() }}>{{ _("检索") }} {{ _("%(year)s年", year=2020) }}</p>')
    use_language("zh-CN")  # what depends on values is asked when a page is made
    assert template.render() == "<p>Search 2020年</p>"


@pytest.mark.parametrize("source", ['{{ _("检索") }}', "<p{{ own() }}>", '{{ _("、") }}{%- if True %}丙{% endif %}'])
@pytest.mark.parametrize("language", languages())
def test_text_that_is_put_in_is_the_one_that_is_asked_for(source: str, language: str) -> None:
    use_language(language)
    try:
        asked = make_environment().from_string(source.replace("{{ ", "{{").replace(" }}", "}}")).render()
        assert make_environment().from_string(source).render() == asked
    finally:
        use_language("zh-CN")


@pytest.mark.parametrize("language", [one for one in languages() if one != "zh-CN"])
def test_catalogue_has_every_text_and_no_other(language: str, texts: Catalog) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    assert not catalogue.obsolete
    found = {key(message): message for message in catalogue if message.id}
    wanted = {key(message): message for message in texts if message.id}
    assert set(found) == set(wanted)
    for where, message in found.items():
        assert not message.fuzzy, where
        assert message.pluralizable == wanted[where].pluralizable, where
        strings = message.string if message.pluralizable else (message.string,)
        for string in strings:
            assert string, where
            assert set(FIELD_RE.findall(string)) == set(FIELD_RE.findall(where[1])), where
            assert not HAN.search(re.sub(r'<span lang="zh-CN">.*?</span>', "", string)), string
            assert sorted(re.findall(r"</?[a-z]+", string)) == sorted(re.findall(r"</?[a-z]+", where[1])) or (
                "span" in string + where[1]
            ), where


def test_scripts_get_the_texts_that_scripts_use_and_the_months() -> None:
    words = load_words("en").scripts
    assert words["找到 {n} 篇"] == {"one": "{n} article found", "other": "{n} articles found"}
    assert words["1月"] == "January"
    assert "文中数字合计" not in words
    assert load_words("zh-CN").scripts == {}


def test_the_search_engine_needs_no_words() -> None:
    seen, waiting = set(), ["engine.js"]
    while waiting:
        name = waiting.pop()
        seen.add(name)
        source = (ROOT / "theme/static/js/search" / name).read_text("utf-8")
        imported = re.findall(r'^import .* from "(.+)";$', source, re.M)
        assert all(target.startswith("./") for target in imported), name
        waiting += [target[2:] for target in imported if target[2:] not in seen]
    assert "query.js" in seen


def test_a_language_without_catalogue_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match=r"fr.*zh-CN、en"):
        read_settings({"language": "fr"})
    assert read_settings({"language": "en"}).name == "Gongbao"
    assert read_settings({"language": "en", "name": "工人档案"}).name == "工人档案"
    assert read_settings({}).name == "工报"


@pytest.mark.parametrize(
    ("date", "words"), [("2020", "2020"), ("2020-01", "January 2020"), ("2020-01-12", "12 January 2020")]
)
@pytest.mark.usefixtures("english")
def test_dates_in_english(date: str, words: str) -> None:
    assert parse_date(date).in_words == words


@pytest.mark.usefixtures("english")
def test_english_reads_like_english() -> None:
    assert date_in_words(parse_date("2020-01-16")) == "Thursday 16 January 2020"
    assert [month_label(month) for month in (1, 12)] == ["Jan", "Dec"]
    assert season((12, 1, 2)) == "December to February"
    assert season((4, 9, 10)) == "April, September to October"
    assert season(range(1, 13)) == "all year"
    assert [_n("%(n)s 篇", n) for n in (0, 1, 2, 12345)] == ["0 articles", "1 article", "2 articles", "12,345 articles"]


def test_sums_in_english_are_the_same_sums(english: None) -> None:  # noqa: ARG001
    (money, *_) = sum_figures(load_archive(ROOT / "content").articles)
    assert re.fullmatch(r"about [\d,.]+( million| billion)? yuan", money.text)
    assert re.fullmatch(r"1[0,]*( million| billion)? yuan|1 .*", money.precision)


def test_a_forked_process_speaks_the_language_set_before(english: None) -> None:  # noqa: ARG001
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.map(month_name, [1, 12]) == ["January", "December"]


def pages_of(site: Path) -> list[Path]:
    pages = [site / "404.html"]
    for kind in KINDS:
        found = sorted(site.glob(f"{kind}/index.html" if kind else "index.html"))
        assert found, kind
        pages += found[:6]
    return pages


def own_names(site: Path) -> list[str]:
    """What the archive itself says: every text that an English page marks as Chinese; longest first."""
    names = set()
    for page in pages_of(site):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for element in soup.find_all(lang="zh-CN"):
            names.add(element.get_text())
            names.update(text.strip() for text in element.find_all(string=True))
    return sorted(filter(None, names), key=len, reverse=True)


def language_of(node: NavigableString | Tag) -> str:
    return str(next(parent["lang"] for parent in node.parents if isinstance(parent, Tag) and parent.has_attr("lang")))


def test_an_english_site_marks_all_chinese_as_the_archives_own(english_site: Path, texts: Catalog) -> None:
    spoken = {text for _, text in map(key, texts) if len(text) > 4}  # shorter ones may be the archive's words too
    left: list[tuple[Path, str]] = []
    for page in pages_of(english_site):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        assert soup.html is not None
        assert soup.html["lang"] == "en"
        for script in soup.find_all("script"):
            script.decompose()
        found = (text for text in soup.find_all(string=HAN.search) if not isinstance(text, PreformattedString))
        left += [(page, text) for text in found if language_of(text) != "zh-CN" or text.strip() in spoken]
    assert left == []


def test_english_labels_hold_no_chinese_but_names(english_site: Path) -> None:
    names = own_names(english_site)
    left = set()
    for page in pages_of(english_site):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for attribute in SPOKEN_ATTRIBUTES:
            for element in soup.find_all(attrs={attribute: HAN}):
                value = str(element[attribute])
                for name in names:
                    value = value.replace(name, "") if len(name) > 1 else value
                if HAN.search(value):
                    left.add(value)
    assert left == set()


def test_english_feeds_and_metadata_say_which_part_is_chinese(english_site: Path) -> None:
    root = ElementTree.fromstring((english_site / "feeds/all.atom.xml").read_text("utf-8"))
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    assert root.attrib[xml] == "en"
    assert {entry.attrib[xml] for entry in root.findall("{http://www.w3.org/2005/Atom}entry")} == {"zh-CN"}
    feed = json.loads((english_site / "feeds/all.json").read_text("utf-8"))
    assert feed["language"] == "en"
    assert {item["language"] for item in feed["items"]} == {"zh-CN"}
    page = (english_site / "articles/2020/ansai-gonghui-pinpai/index.html").read_text("utf-8")
    assert '<meta property="og:locale" content="en_GB">' in page
    assert '<meta name="citation_language" content="zh-CN">' in page
    assert "LA  - zh-CN" in page
    assert '"inLanguage": "zh-CN"' in page


def test_a_chinese_page_carries_no_catalogue(site: Path, english_site: Path) -> None:
    assert 'id="words"' not in (site / "index.html").read_text("utf-8")
    assert 'id="words"' in (english_site / "index.html").read_text("utf-8")


def test_scripts_look_up_only_texts_that_the_catalogue_gives_them(texts: Catalog) -> None:
    words = load_words("en").scripts
    for message in texts:
        if any(str(path).startswith("theme/static/js/") for path, _ in message.locations):
            assert key(message)[1] in words
            assert message.context is None
