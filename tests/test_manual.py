"""The editors' manual names what there is, and its examples are right."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from gongbao.article import FIELDS, Lists, parse_article
from gongbao.edit.configuration import UNTOUCHED, make_configuration
from gongbao.edit.host import LOCAL
from gongbao.problem import ContentError
from invoke.tasks import Task

from tests.conftest import ROOT

DOCS = ROOT / "docs"
MANUAL = (DOCS / "bianji-shouce.md", *sorted((DOCS / "shouce").glob("*.md")))
WHOLE = "\n".join(path.read_text("utf-8") for path in MANUAL)
FORM = (DOCS / "shouce" / "5-biaodan.md").read_text("utf-8")
MOST_BYTES = 1024 * 1024


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{path.stem}_of_the_manual", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """Every command -> its options, as `--dry-run`."""
    tasks = {name: value for name, value in vars(load(ROOT / "tasks.py")).items() if isinstance(value, Task)}
    return {
        name: {f"--{word}" for one in task.get_arguments() for word in (str(one.name).replace("_", "-"), *one.names)}
        for name, task in tasks.items()
    }


def commands() -> Iterator[list[str]]:
    """Each command of the manual in words, without the program: as lines of their own, and within sentences."""
    for line in re.findall(r"python3 tasks\.py ?([^`\n]*)", WHOLE):
        yield shlex.split(line)
    for code in re.findall(r"`([a-z]+ [^`]*--[^`]*)`", WHOLE):
        yield shlex.split(code.removeprefix("python3 tasks.py "))


def test_every_command_and_its_options_exist(options: dict[str, set[str]]) -> None:
    found = [words for words in commands() if words]
    assert {words[0] for words in found} >= {"clip", "check", "new", "serve", "publish"}
    for command, *words in found:
        assert command in options
        assert {word for word in words if word.startswith("--")} <= options[command], command


def test_every_option_named_in_a_sentence_exists(options: dict[str, set[str]]) -> None:
    named = set(re.findall(r"`(--[a-z][a-z-]+)[^`]*`", WHOLE))
    assert len(named) > 5
    assert named <= set().union(*options.values())


def test_every_field_is_explained_and_no_other() -> None:
    chapter = (DOCS / "shouce" / "3-kaitou.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE)) == set(FIELDS) - UNTOUCHED


def test_every_rule_exists() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "plugins" / "gongbao").rglob("*.py"))
    chapter = (DOCS / "shouce" / "4-jiancha.md").read_text("utf-8")
    rules = re.findall(r"`([a-z-]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", chapter, re.MULTILINE)))
    assert len(rules) > 8
    for rule in rules:
        whole, by_field = f'"{rule}"', f'"{rule.rpartition("-")[0]}-{{name}}"'
        function = f"def check_{rule.replace('-', '_')}("
        assert any(spelling in sources for spelling in (whole, by_field, function)), rule


@pytest.mark.parametrize("text", re.findall(r"```markdown\n(.*?)```", WHOLE, re.DOTALL))
def test_examples_of_articles_are_right(text: str, lists: Lists) -> None:
    _, problems = parse_article(Path("articles/2021/ansai-xie-jiao.md"), text, lists)
    assert problems == []


def test_example_of_a_message_is_what_check_says(lists: Lists) -> None:
    example = re.search(r"^    content/articles/2021/ansai-xie-jiao\.md:(\d+).*?: (.*) \((.*)\)$", WHOLE, re.MULTILINE)
    assert example
    text = "---\ntitle: 标题\ndate: 2021-07-20\nregion: [陕西省/延安市/安塞]\n---\n\n正文。\n"
    with pytest.raises(ContentError) as raised:
        parse_article(Path("a-b.md"), text, lists)
    (problem,) = raised.value.problems
    assert (str(problem.line), problem.message, problem.rule) == example.groups()


def test_every_button_and_label_is_on_the_form(lists: Lists) -> None:
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "plugins/gongbao/edit/static").glob("*.js"))
    own = json.dumps(make_configuration(LOCAL, lists, "/"), ensure_ascii=False)
    made = {"新建报道", "加一条署名", "加一条数字"}  # of a word and a field's label
    for label in re.findall(r"\*\*(.*?)\*\*", FORM):
        assert label in made or f'"{label}"' in own + scripts, label
    assert '"新建%{collectionLabel}"' in scripts
    assert '"加一条%{item}"' in scripts


def test_pictures_are_used_made_by_the_script_and_small() -> None:
    used = set(re.findall(r"\]\(\.\./images/([\w-]+)\.webp\)", WHOLE))
    there = {path.stem for path in (DOCS / "images").iterdir()}
    assert used == there == set(load(DOCS / "screenshots.py").SHOTS)
    assert sum(path.stat().st_size for path in (DOCS / "images").iterdir()) <= MOST_BYTES


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: path.name)
def test_links_work(path: Path) -> None:
    for target, fragment in re.findall(r"\]\((?!https?:|/)([^)#]*)#?([^)]*)\)", path.read_text("utf-8")):
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), target
        headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE) if file.suffix == ".md" else []
        assert not fragment or fragment in headings, fragment


def test_both_readmes_lead_to_the_manual() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert "(docs/bianji-shouce.md)" in (ROOT / name).read_text("utf-8")
