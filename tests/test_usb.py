"""The edition that is carried along: addresses, files as scripts, and what a second making leaves as it was."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import pytest
from gongbao.scripts import ScriptError, join_modules
from gongbao.usb.edition import make_edition
from gongbao.usb.files import file_script
from gongbao.usb.pages import carry_address, carry_page

ROOT = Path(__file__).parents[1]
PAGE = "articles/2020/song-nuan/index.html"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/archive/", "../../../index.html"),
        ("/archive/regions/610000/", "../../../regions/610000/index.html"),
        ("/archive/search/?q=a&amp;from=2", "../../../search/index.html?q=a&amp;from=2"),
        ("/archive/theme/css/site.css", "../../../theme/css/site.css"),
        ("/archive/theme/v/0123456789ab/css/site.css", "../../../theme/css/site.css"),
        ("../bian-min/#p2", "../bian-min/index.html#p2"),
        ("#p3", "#p3"),
        ("?q=1", "?q=1"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("https://b.example/x/", "https://b.example/x/"),
        ("/elsewhere/", "/elsewhere/"),
        ("/archives/", "/archives/"),
    ],
)
def test_addresses_become_relative_to_the_page(address: str, wanted: str) -> None:
    assert carry_address(address, PAGE, "/archive") == wanted


def test_only_attributes_of_tags_are_addresses() -> None:
    html = '<p title="a > b" lang="zh"><a class="x" href="/regions/">甲</a> 写作 href="/regions/" 的文字</p>'
    wanted = '<p title="a > b" lang="zh"><a class="x" href="regions/index.html">甲</a> 写作 href="/regions/" 的文字</p>'
    assert carry_page(html, "index.html", "") == wanted


def test_candidates_of_an_image_become_relative() -> None:
    html = '<img alt="" srcset="/images/a.webp 480w, /images/b.webp 960w" src="/images/b.jpg">'
    wanted = '<img alt="" srcset="../images/a.webp 480w, ../images/b.webp 960w" src="../images/b.jpg">'
    assert carry_page(html, "about/index.html", "") == wanted


def test_modules_become_classic_scripts_after_one_that_has_them_all() -> None:
    tags = (f'<script type="module" src="/theme/js/{name}.js"></script>' for name in ("site", "a/b"))
    html = "\n".join(tags)
    assert carry_page(html, "index.html", "") == (
        '<script defer src="theme/js/modules.js"></script>\n'
        '<script defer src="theme/js/site.js"></script>\n<script defer src="theme/js/a/b.js"></script>'
    )


def test_a_file_is_handed_over_whatever_it_holds() -> None:
    data = bytes(range(256))
    call = file_script("a/b.bin", data).decode().strip()
    name, text = json.loads(f"[{call.removeprefix('gongbaoFile(').removesuffix(');')}]")
    assert (name, base64.b64decode(text)) == ("a/b.bin", data)


MODULES = {
    "a.js": 'import {twice as double} from "./b/c.js";\nimport "./b/d.js";\n\nconst load = double;\n'
    "export const four = load(2);\n"
    'export async function later() {\n  return (await import("./b/e.js")).name;\n}\n',
    "b/c.js": "/** @returns {import('../none.js').None} */\nexport function twice(n) {\n  return n * 2;\n}\n",
    "b/d.js": 'globalThis.said = (globalThis.said ?? "") + "d";\n',
    "b/e.js": 'import {twice} from "./c.js";\nimport "./d.js";\nexport class Five {}\n'
    "export const name = `e${twice(3)}`;\n",
}


def test_joined_modules_run_as_modules_do(tmp_path: Path, node: str) -> None:
    import subprocess

    script = join_modules(
        MODULES,
        ["a.js"],
        'const {four, later} = $load("a.js"); later().then((name) => console.log(four, name, said));',
    )
    (tmp_path / "joined.cjs").write_text(script, encoding="utf-8")
    done = subprocess.run([node, str(tmp_path / "joined.cjs")], capture_output=True, text=True, check=True)
    assert done.stdout == "4 e6 d\n"
    assert script == join_modules(dict(reversed(MODULES.items())), ["a.js"], script.splitlines()[-2])


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"a.js": 'import * as b from "./b.js";\n', "b.js": ""}, r"a\.js: “import \* as b"),
        ({"a.js": "export let n = 1;\n"}, "export let n"),
        ({"a.js": "export default 1;\n"}, "export default"),
        ({"a.js": "const here = import.meta.url;\n"}, r"import\.meta"),
        ({"a.js": 'await fetch("x");\n'}, "await fetch"),
        ({"a.js": 'import "./b.js";\n'}, r"no module b\.js, which a\.js imports"),
        ({"a.js": 'import "./b.js";\n', "b.js": 'import "./a.js";\n'}, r"b\.js imports a\.js, which imports it"),
    ],
)
def test_modules_that_are_not_understood_are_refused(modules: dict[str, str], message: str) -> None:
    with pytest.raises(ScriptError, match=message):
        join_modules(modules, ["a.js"], "")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_second_making_makes_only_what_changed_and_the_same_bytes(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    first = make_edition(copy, ROOT / "theme", tmp_path / "usb")
    same = contents(tmp_path / "usb")
    page = copy / "about" / "index.html"
    page.write_text(page.read_text("utf-8").replace("工报", "工報"), encoding="utf-8")
    second = make_edition(copy, ROOT / "theme", tmp_path / "usb")
    assert second.files == first.files
    assert second.made < first.made / 10
    assert "工報" in (tmp_path / "usb/site/about/index.html").read_text("utf-8")
    again = make_edition(copy, ROOT / "theme", tmp_path / "other")
    assert contents(again.folder) == contents(second.folder)
    changed = {name for name, data in contents(second.folder).items() if same.get(name) != data}
    assert changed == {"site/about/index.html"}


def test_what_only_a_host_needs_is_left_out(site: Path, tmp_path: Path) -> None:
    names = set(contents(make_edition(site, ROOT / "theme", tmp_path / "usb").folder))
    assert not {"site/sw.js", "site/sitemap.xml", "site/robots.txt", "site/404.html"} & names
    assert not [name for name in names if name.endswith(".bin")]
    readme = (tmp_path / "usb" / "README.txt").read_bytes()
    assert readme.startswith("\ufeff工报".encode())
    assert readme.count(b"\n") == readme.count(b"\r\n")
