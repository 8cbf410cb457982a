"""The scripts that a site serves: few requests, each module run once, nothing loaded before it is needed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from gongbao.assets import Assets
from gongbao.scripts import ScriptError, join_public, public_scripts

ROOT = Path(__file__).parents[1]
MODULES = {
    "page.js": 'import {open} from "./own/engine.js";\nimport {word} from "./own/word.js";\n'
    'import {tell} from "./tell.js";\n'
    "tell(open(), word);\n"
    'import("./later.js").then(({late}) => tell(late));\n',
    "tell.js": "export const tell = (...words) => console.log(...words);\n",
    "later.js": 'import {word} from "./own/word.js";\nexport const late = `late ${word}`;\n',
    "own/engine.js": 'import {word} from "./word.js";\nexport function open() { return `open ${word}`; }\n',
    "own/word.js": 'console.log("once");\nexport const word = "字";\n',
    "unused.js": "export const no = 1;\n",
}


def write(folder: Path, scripts: dict[str, str]) -> Path:
    for name, text in scripts.items() | {("package.json", '{"type": "module"}')}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_joined_scripts_do_what_the_modules_do(node: str, tmp_path: Path) -> None:
    joined = join_public(MODULES, {"page.js", "own/engine.js"})
    assert sorted(joined) == ["later.js", "own/engine.js", "page.js"]
    said = [
        subprocess.run(
            [node, "page.js"], cwd=write(tmp_path / name, own), capture_output=True, text=True, check=True
        ).stdout
        for name, own in (("apart", MODULES), ("joined", joined))
    ]
    assert said[0] == "once\nopen 字 字\nlate 字\n"
    # What is imported later brings its own copy of a module that no public one on the page is known to have.
    assert said[1].replace("once\n", "") == said[0].replace("once\n", "")
    assert "import(" in joined["page.js"]
    assert "late" not in joined["page.js"].replace("./later.js", "").replace("{late}", "").replace("tell(late)", "")


def test_public_script_keeps_its_exports(node: str, tmp_path: Path) -> None:
    folder = write(tmp_path, join_public(MODULES, {"page.js", "own/engine.js"}))
    (folder / "ask.js").write_text('import {open} from "./own/engine.js";\nconsole.log(open());\n', "utf-8")
    said = subprocess.run([node, "ask.js"], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert said == "once\nopen 字\n"


def test_module_that_is_not_there_is_named() -> None:
    with pytest.raises(ScriptError, match=r"no module gone\.js, which page\.js imports"):
        join_public({"page.js": 'import {x} from "./gone.js";\n'}, ["page.js"])


def test_search_page_asks_for_three_scripts(site: Path) -> None:
    scripts = public_scripts(ROOT / "theme")
    (folder,) = (site / "theme/v").iterdir()
    served = {path.relative_to(folder / "js").as_posix(): path for path in folder.rglob("*.js")}
    assert {name: path.read_text("utf-8") for name, path in served.items()} == scripts
    assert re.findall(r'^import .*"(.*)";$', scripts["search/page.js"], re.MULTILINE) == ["./engine.js", "../site.js"]
    assert not re.search(r"^import ", scripts["search/engine.js"], re.MULTILINE)
    assert "function normalise" in scripts["search/engine.js"]
    assert "function normalise" not in scripts["search/page.js"]


def test_address_of_styles_and_scripts_says_their_content(site: Path, tmp_path: Path) -> None:
    (folder,) = (site / "theme/v").iterdir()
    assets = Assets.of(ROOT / "theme")
    assert assets.folder == f"theme/v/{folder.name}/"
    assert {f"{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.*")} == set(assets.files)
    named = set(re.findall(r'"/theme/([^"]+\.(?:css|js))"', (site / "search/index.html").read_text("utf-8")))
    assert {name.partition("/")[0] for name in named} == {"v"}
    assert all((site / "theme" / name).is_file() for name in named)
    theme = shutil.copytree(ROOT / "theme", tmp_path / "theme")
    (theme / "static/css/shelf.css").write_text("", encoding="utf-8")
    assert Assets.of(theme).folder != assets.folder


def test_search_for_other_pages_stays_where_it_is(site: Path) -> None:
    lasting = {path.relative_to(site / "theme").as_posix() for path in (site / "theme").rglob("*.[jc]s*")}
    assert {name for name in lasting if not name.startswith("v/")} == {"js/search/engine.js"}
