"""What an editor's tools are told: the schema, the panel, snippets, the hook before a commit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from gongbao.archive import article_files, load_archive
from gongbao.article import FIELDS, Lists, parse_article
from gongbao.frontmatter import FRONT_MATTER_RE
from gongbao.write.files import own_files, write_files
from gongbao.write.new import Given, make_plan, write_article
from gongbao.write.schema import article_schema

ROOT = Path(__file__).parents[1]
ARTICLES = article_files(ROOT / "content")
INVALID = sorted((Path(__file__).parent / "data" / "invalid").glob("*.md"))
RULE_RE = re.compile(r"# expect: .*\((?P<rule>[a-z-]+)\)")
# The faults that a schema can see, each wherever it is; the others need the calendar, the body or the divisions.
SEEN = {
    *("bad-picture", "missing-alt", "bad-alias", "bad-number", "bad-page", "bad-value"),
    *("missing-title", "missing-date", "missing-value", "unknown-field", "unknown-campaign", "unknown-paper"),
}


class Loader(yaml.SafeLoader):
    """Reads dates as text, as YAML 1.2 does, which editors follow."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front_matter(text: str) -> Any:
    match = FRONT_MATTER_RE.match(text.replace("\r\n", "\n"))
    assert match
    return yaml.load(match["yaml"], Loader=Loader)


def load(name: str) -> Any:
    return json.loads((ROOT / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def validator(lists: Lists) -> jsonschema.Draft7Validator:
    schema = article_schema(lists)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_files_are_those_that_inv_schema_writes(lists: Lists, tmp_path: Path) -> None:
    for name, text in own_files(lists).items():
        assert (ROOT / name).read_text("utf-8") == text, "run: python3 tasks.py schema"
    assert [path.name for path in write_files(own_files(lists), tmp_path)] == [
        "article.schema.json",
        "frontmatter.json",
    ]
    assert write_files(own_files(lists), tmp_path) == []


def test_schema_has_every_field_and_no_other(lists: Lists) -> None:
    assert tuple(article_schema(lists)["properties"]) == FIELDS


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_every_article_of_the_archive_is_valid(path: Path, validator: jsonschema.Draft7Validator) -> None:
    errors = [error.message for error in validator.iter_errors(front_matter(path.read_text("utf-8")))]
    assert errors == []


def test_schema_sees_the_faults_that_a_schema_can_see(validator: jsonschema.Draft7Validator) -> None:
    seen = set()
    for path in INVALID:
        text = path.read_text("utf-8")
        expected = RULE_RE.search(text)
        if expected and expected["rule"] in SEEN:
            assert not validator.is_valid(front_matter(text)), path.name
            seen.add(expected["rule"])
    assert seen >= {"bad-alias", "bad-number", "bad-value", "missing-title", "unknown-field", "unknown-campaign"}


@pytest.mark.parametrize(
    ("line", "valid"),
    [
        ("date: 2020", True),
        ("date: 2020-01", True),
        ("date: '2020'", True),
        ("date: 2020-13", False),
        ("date: 1.5.2020", False),
        ("date:", False),
        ("region: 陕西省/延安市", True),
        ("region: [北京市/朝阳区, 陕西省]", True),
        ("region: [陕西/延安]", False),
        ("campaign: [冬送温暖, song-wennuan, 送温暖]", True),
        ("campaign: 送温室", False),
        ("kicker:", True),
        ("kicker: 2020", True),
        ("kicker: [甲]", False),
        ("source: {paper: 工人日报, date: 2020-01-16, page: 3, inferred: true}", True),
        ("source:", True),
        ("source: {date: 2020}", False),
        ("source: {paper: 工人日报, page: 0}", False),
        ("figures: [{what: 慰问金, value: 73.6, unit: 万元}]", True),
        ("figures: {what: 慰问金, value: 三, unit: 万元}", False),
        ("clip: {file: a.txt, sha256: 00ff, lines: [9-13, 20], confidence: 0.8, flags: [gap]}", True),
        ("clip: {file: a.txt}", False),
        ("images: {file: 2020/a-b.JPG, alt: 工会干部在送棉衣}", True),
        ("images: [{file: ../a.jpg, alt: 画面}]", False),
        ("status: Draft", False),
    ],
)
def test_schema_and_check_agree(line: str, valid: bool, validator: jsonschema.Draft7Validator) -> None:
    values = {"title": "题", "date": "2020"} | yaml.load(line, Loader=Loader)
    assert validator.is_valid(values) is valid


def test_a_new_article_is_valid(tmp_path: Path, lists: Lists, validator: jsonschema.Draft7Validator) -> None:
    path, _ = write_article(tmp_path, make_plan(Given("题", date="2020"), lists), lists)
    assert list(validator.iter_errors(front_matter(path.read_text("utf-8")))) == []


# --- VS Code


PLACE_RE = re.compile(r"\$\{\d+(?::(?P<default>[^}]*))?(?:\|(?P<first>[^,|]*)[^}]*\|)?\}")
DAY = {"$CURRENT_YEAR": "2020", "$CURRENT_MONTH": "01", "$CURRENT_DATE": "15"}
# What stands around a snippet that isn't a whole article.
AROUND = {
    "再一个署名": "byline: [{{role: 记者, name: 甲}}{}]",
    "一个数字": "figures:\n  - {{what: 人数, value: 3, unit: 人}}\n{}",
}


def fill_in(body: list[str]) -> str:
    text = "\n".join(body)
    for name, value in DAY.items():
        text = text.replace(name, value)
    return PLACE_RE.sub(lambda match: match["default"] or match["first"] or "", text)


@pytest.mark.parametrize("name", list(load(".vscode/gongbao.code-snippets")))
def test_snippet_gives_what_check_accepts(name: str, lists: Lists, validator: jsonschema.Draft7Validator) -> None:
    text = fill_in(load(".vscode/gongbao.code-snippets")[name]["body"])
    if not text.startswith("---"):
        text = f"---\ntitle: 题\ndate: 2020\n{AROUND.get(name, '{}').format(text)}\n---\n\n正文\n"
    _, warnings = parse_article(Path("content/articles/2020/ti.md"), text, lists)
    assert warnings == []
    assert list(validator.iter_errors(front_matter(text))) == []


def test_snippets_offer_the_roles_and_qualifiers_there_are(lists: Lists) -> None:
    schema = article_schema(lists)["properties"]
    (role,) = {tuple(enum) for enum in find_enums(schema["byline"], "role")}
    (qualifier,) = {tuple(enum) for enum in find_enums(schema["figures"], "qualifier")}
    text = (ROOT / ".vscode/gongbao.code-snippets").read_text("utf-8")
    choices = set(re.findall(r"\|([^|]+)\|", text))
    assert choices == {",".join(role), ",".join(qualifier)}


def find_enums(schema: Any, name: str) -> list[list[str]]:
    """Every list of allowed values of a property of this name, however deep."""
    if isinstance(schema, list):
        return [enum for one in schema for enum in find_enums(one, name)]
    if not isinstance(schema, dict):
        return []
    own = schema.get("properties", {}).get(name, {})
    found = [own, *own.get("anyOf", [])]
    deeper = [enum for one in schema.values() for enum in find_enums(one, name)]
    return [one["enum"] for one in found if "enum" in one] + deeper


def test_settings_name_files_that_are_there() -> None:
    (schema,) = load(".vscode/settings.json")["yaml.schemas"]
    assert (ROOT / schema).is_file()
    assert load(".vscode/extensions.json")["recommendations"]
    content = load("frontmatter.json")["frontMatter.content.pageFolders"][0]["path"]
    assert (ROOT / content.removeprefix("[[workspace]]/")).is_dir()


def test_vs_code_finds_file_line_and_message_of_a_problem(write_article: Callable[..., Path], tmp_path: Path) -> None:
    write_article("bad", region="没有省")
    problems = load_archive(tmp_path / "content").problems
    assert re.match(r".*bad\.md:4:(\d+:)? ", str(problems[0]))
    patterns = [
        task["problemMatcher"]["pattern"]
        for task in load(".vscode/tasks.json")["tasks"]
        if isinstance(task["problemMatcher"], dict)
    ]
    assert len(patterns) == 2
    for pattern in patterns:
        match = re.fullmatch(pattern["regexp"], str(problems[0]))
        assert match
        assert match[pattern["file"]] == str(problems[0].path)
        assert (match[pattern["line"]], match[pattern["column"]]) == ("4", "10")
        assert match[pattern["message"]].startswith("没有“没有省”这个地区")
        assert match[pattern["code"]] == "unknown-region"


def test_tasks_of_vs_code_call_commands_there_are() -> None:
    for task in load(".vscode/tasks.json")["tasks"]:
        assert task["args"][0] == "tasks.py"
        assert re.search(rf"^\| `{task['args'][1]}\b", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


# --- before a commit


HELP = subprocess.run(
    [sys.executable, "-m", "invoke", "--search-root", str(ROOT), "--help", "check"], capture_output=True, text=True
).stdout.upper()


def git(*arguments: str, folder: Path) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_hooks_are_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.skipif("FILE" not in HELP, reason="this `check` takes no files yet")
def test_commit_of_a_bad_article_is_refused(write_article: Callable[..., Path], tmp_path: Path) -> None:
    """The real hooks, in a repository that has nothing but content; only where the project is, is put in."""
    home = tmp_path / "home"
    home.mkdir()
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    invoke = f"{sys.executable} -m invoke --search-root {ROOT} check"
    (tmp_path / ".pre-commit-config.yaml").write_text(text.replace("python3 tasks.py check", invoke), "utf-8")
    git("init", "-q", folder=tmp_path)
    good, bad = write_article("good"), write_article("bad", region="没有省")
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(home), "PRE_COMMIT_HOME": str(home / "cache")}

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        git("add", ".pre-commit-config.yaml", str(path), folder=tmp_path)
        command = [sys.executable, "-m", "pre_commit", "run", "--files", str(path.relative_to(tmp_path))]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=env)

    refused = run(bad)
    assert refused.returncode == 1
    assert "bad.md:4:" in refused.stdout
    assert "(unknown-region)" in refused.stdout
    passed = run(good)
    assert passed.returncode == 0, passed.stdout
    page = tmp_path / "content/pages/about.md"
    page.parent.mkdir()
    page.write_text("---\ntitel: 关于本站\n---\n\n这里是报道。\n", "utf-8")
    refused = run(page)
    assert refused.returncode == 1
    assert "about.md:2:" in refused.stdout
