"""Every rule finds what its bad fixtures say, where they say it, and nothing in the good ones.

A fixture is a file, or a folder with `content/` in it, in `data/check/RULE-ID/`; its name begins with bad or good. What
is expected stands in it: `expect: LINE:COLUMN RULE-ID`, in any file; `expect.txt` speaks of a path that can't.
A single file is put where `path:` says, else into its date's year.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from gongbao.check.command import table_of_rules
from gongbao.check.rules import MODULES, RULES
from gongbao.check.run import check_content

FIXTURES = Path(__file__).parent / "data" / "check"
CASES = sorted(path for folder in FIXTURES.iterdir() for path in folder.iterdir())
EXPECT_RE = re.compile(r"expect: (\d+):(\d+) ([a-z0-9-]+)(?: ([\w./-]+))?")
PATH_RE = re.compile(r"^# path: (\S+)$", re.MULTILINE)
DATE_RE = re.compile(r"^date: (\d{4})", re.MULTILINE)
ROOT = Path(__file__).parents[1]

Expected = Counter[tuple[str, int, int, str]]


def lay_out(case: Path, root: Path) -> None:
    """Put a fixture into a folder that has its content in `content`."""
    if case.is_dir():
        shutil.copytree(case, root, dirs_exist_ok=True)
        return
    text = case.read_bytes().decode("utf-8", "replace")
    date = DATE_RE.search(text)
    own = found[1] if (found := PATH_RE.search(text)) else f"articles/{date[1] if date else 2020}/{case.name}"
    target = root / "content" / own
    target.parent.mkdir(parents=True)
    shutil.copyfile(case, target)


def read_expected(root: Path) -> Expected:
    expected: Expected = Counter()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            for line, column, rule, other in EXPECT_RE.findall(path.read_bytes().decode("utf-8", "replace")):
                own = path.relative_to(root).as_posix()
                name = (other or "content") if own == "expect.txt" else own
                expected[name, int(line), int(column), rule] += 1
    return expected


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all fixtures: it keeps the table of divisions."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_fixture_has_the_problems_that_it_tells(case: Path, tmp_path: Path, cache: Path) -> None:
    lay_out(case, tmp_path)
    expected = read_expected(tmp_path)
    assert bool(expected) == case.name.startswith("bad")
    assert {rule for _, _, _, rule in expected} <= {case.parent.name}
    found = check_content(tmp_path / "content", cache=cache)
    places = Counter((one.path.relative_to(tmp_path).as_posix(), one.line, one.column, one.rule) for one in found)
    assert places == expected, "\n".join(map(str, found))


@pytest.mark.parametrize("rule", RULES)
def test_rule_has_fixtures(rule: str) -> None:
    kinds = {case.name[:3] for case in CASES if case.parent.name == rule}
    assert kinds == {"bad", "goo"}, "tests/data/check/RULE-ID/ needs a bad and a good fixture"


def test_fixtures_are_of_rules_that_there_are() -> None:
    assert {case.parent.name for case in CASES} == set(RULES)


def test_every_rule_of_the_reading_is_known() -> None:
    """Ids written where files are read have a function, an example and a place in the tables too."""
    package = ROOT / "plugins" / "gongbao"
    used = set()
    for name in ("article", "frontmatter", "archive", "sitepage", "vocabulary"):
        text = (package / f"{name}.py").read_text("utf-8")
        used |= set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', text))
    own = {f"missing-{name}" for name in ("title", "date")}
    assert (used | own) - {"utf-8", "utf-8-sig"} <= set(RULES)


def test_rules_say_what_they_are() -> None:
    for rule in RULES.values():
        assert rule.meaning.endswith("."), rule.id
        assert rule.summary, rule.id
        assert rule.bad != rule.good
    assert len(RULES) == sum(
        len(re.findall(r"^def check_", Path(one.__file__).read_text("utf-8"), re.M)) for one in MODULES
    )


@pytest.mark.parametrize(("name", "chinese"), [("README.md", False), ("README.zh-CN.md", True)])
def test_documents_list_the_rules(name: str, chinese: bool) -> None:
    """The tables are `table_of_rules`, to be put there again when a rule changes."""
    assert table_of_rules(chinese=chinese) in (ROOT / name).read_text("utf-8")
