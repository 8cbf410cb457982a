"""Publishing: what is verified, what is refused, what readers get while it happens."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gongbao.publish.folder import FolderStore
from gongbao.publish.hosting import POLICY, SECURITY, cache_control, headers_file
from gongbao.publish.manifest import Entry, dump_manifest, load_manifest, make_manifest
from gongbao.publish.permanence import find_redirects
from gongbao.publish.plan import describe_plan, find_kept_folders, make_plan, plan_as_markdown
from gongbao.publish.problem import PublishError, UsageError
from gongbao.publish.readback import check_sums
from gongbao.publish.run import Options, open_site, publish_site, roll_back
from gongbao.publish.secrets import hide_secrets
from gongbao.publish.store import Store
from gongbao.publish.target import FolderTarget, GitTarget, RsyncTarget, S3Target, parse_target
from gongbao.publish.verify import Site, verify_site

from tests.commands import run_forked

ROOT = Path(__file__).parents[1]
PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>题</title><link rel="canonical" href="https://a.example/b{address}">
<link rel="stylesheet" href="/b/theme/site.css"></head>
<body><h1 id="top">题</h1><p>{text}</p><p><a href="/b/">首页</a></p></body>
</html>
"""
PLACES = ("/", "/404.html", "/articles/2020/jia/", "/articles/2020/yi/", "/regions/110000/")


def write_site(folder: Path, pages: dict[str, str], version: str = "0123456789ab") -> Path:
    """A small site under /b that has all that verification asks for; `pages` are addresses with their paragraphs."""
    shutil.rmtree(folder, ignore_errors=True)
    files = {
        f"{address.removeprefix('/')}{'index.html' if address.endswith('/') else ''}": PAGE.format(
            address=address, text=text
        )
        for address, text in pages.items()
    }
    locations = "".join(f"<url><loc>https://a.example/b{address}</loc></url>" for address in pages)
    files |= {
        "theme/site.css": "body { color: black }\n",
        "robots.txt": "User-agent: *\n",
        "sitemap.xml": f"<urlset>{locations}</urlset>",
        "data/articles.json": json.dumps([{"title": "题"}]),
        "search-index/manifest.json": json.dumps({"format": 2, "version": version}),
        f"search-index/{version}/root.bin": f"root of {version}",
        f"search-index/{version}/s/aa.bin": f"slice of {version}",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def simple_site(folder: Path, text: str = "字" * 600, version: str = "0123456789ab", **more: str) -> Path:
    return write_site(folder, dict.fromkeys(PLACES, text) | more, version)


def options_for(site: Path, **values: object) -> Options:
    return Options(**{"site": site, "record": site.parent / "published.json", "aliases": {}} | values)  # type: ignore[arg-type]


def publish(store: Store, site: Path, **values: object) -> str:
    said: list[str] = []
    publish_site(store, options_for(site, **values), lambda title: [title], said.append)
    return "\n".join(said)


@pytest.fixture
def folder_store(tmp_path: Path) -> FolderStore:
    return FolderStore(FolderTarget(tmp_path / "www"))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("dir:/srv/www", FolderTarget(Path("/srv/www"))),
        ("rsync:web@a.example:/srv/www/", RsyncTarget("web@a.example", "/srv/www")),
        ("git:https://a.example/x.git#gh-pages", GitTarget("https://a.example/x.git", "gh-pages")),
        ("s3:my-bucket", S3Target("my-bucket", "")),
        ("s3:my-bucket/below/here", S3Target("my-bucket", "below/here/")),
    ],
)
def test_targets(text: str, target: object) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text",
    [
        *("", "ftp:x", "/srv/www", "dir:", "dir:..", "rsync:a.example", "rsync:-oProxyCommand=x:/a", "rsync:a:b"),
        *("git:x", "git:#main", "git:--upload-pack=x#main", "git:x#-f", "git:x#a..b", "s3:", "s3:A", "s3:/x"),
    ],
)
def test_targets_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="dir:文件夹"):
        parse_target(text)


def test_manifest_is_read_as_it_was_written() -> None:
    manifest = {"b/字.html": Entry("0" * 64, 3), "a.html": Entry("1" * 64, 0)}
    data = dump_manifest(manifest)
    assert load_manifest(data, "x") == manifest
    assert list(json.loads(data)["files"]) == ["a.html", "b/字.html"]
    assert load_manifest(None, "x") == {}


@pytest.mark.parametrize("data", [b"", b"[]", b'{"format": 2, "files": {}}', b'{"format": 1, "files": {"a": 1}}'])
def test_damaged_manifest_is_not_taken_for_an_empty_one(data: bytes) -> None:
    with pytest.raises(PublishError, match=r"published\.json"):
        load_manifest(data, "published.json")


def test_site_without_faults_passes(tmp_path: Path) -> None:
    folder = simple_site(tmp_path / "site")
    site = Site(folder, frozenset(make_manifest(folder)), "https://a.example/b")
    assert verify_site(site) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('<a href="/b/nowhere/">x</a>', "链接断了"),
        ('<a href="/regions/110000/">x</a>', "链接断了"),  # outside of the site's own path
        ('<a href="/b/regions/110000/#p9">x</a>', "那一页没有 #p9"),
        ('<img src="https://b.example/x.png" alt="">', "页面会向别处请求"),
        ('<link rel="dns-prefetch" href="//b.example">', "页面会向别处请求"),
        ('<object data="https://b.example/x.svg"></object>', "页面会向别处请求"),
        ('<video poster="https://b.example/x.png"></video>', "页面会向别处请求"),
        ('<svg><use href="https://b.example/x.svg#a"></use></svg>', "页面会向别处请求"),
        ('<img src="/b/x.png" alt="">', "链接断了"),
        ('<a href="javascript:x">x</a>', "这种地址不可用"),
        ("<b>x", "第 5 行：HTML 有错（unexpected-end-tag）"),
        ('<a id="x" id="y">x</a>', "duplicate-attribute"),
        ('<span id="top"></span>', "id“top”有 2 个"),
        ('<label for="q">x</label>', "for“q”指向的元素不在页上"),
        ('<span style="color: red">x</span>', "内联样式"),
        ("<script>x</script>", "内联脚本"),
        ('<span onclick="x">x</span>', "内联脚本"),
        ("".join(chr(0x4E00 + at * 7 % 20000) for at in range(20000)), "超过 25 KB"),
    ],
)
def test_fault_of_a_page_is_named(text: str, complaint: str, tmp_path: Path) -> None:
    pages = dict.fromkeys(PLACES, "字") | {"/articles/2020/jia/": text}
    folder = write_site(tmp_path / "site", pages)
    problems = verify_site(Site(folder, frozenset(make_manifest(folder)), "https://a.example/b"))
    assert problems
    assert all(problem.startswith("articles/2020/jia/index.html：") for problem in problems)
    assert complaint in problems[0]


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("theme/site.css", "body { background: url(x.png) }", "theme/site.css：x.png：没有这个文件"),
        ("theme/site.css", '@import "//b.example/x.css";', "会向别处请求"),
        ("theme/site.js", 'import {x} from "./x.js";', "theme/site.js：./x.js：没有这个文件"),
        ("theme/site.js", 'await import("https://b.example/x.js");', "会向别处请求"),
        ("sitemap.xml", "<loc>https://a.example/b/nowhere/</loc>", "没有这个页面"),
    ],
)
def test_fault_of_another_file_is_named(file: str, text: str, complaint: str, tmp_path: Path) -> None:
    folder = simple_site(tmp_path / "site")
    (folder / file).write_text(text, encoding="utf-8")
    (problem,) = verify_site(Site(folder, frozenset(make_manifest(folder)), "https://a.example/b"))
    assert complaint in problem


def test_demo_archive_passes_verification(site: Path) -> None:
    assert verify_site(Site(site, frozenset(make_manifest(site)), "http://127.0.0.1:8000")) == []


def test_english_archive_passes_verification(english_site: Path) -> None:
    assert verify_site(Site(english_site, frozenset(make_manifest(english_site)), "http://127.0.0.1:8000")) == []


def test_page_seen_before_is_looked_at_again_once_it_has_changed(tmp_path: Path) -> None:
    folder = simple_site(tmp_path / "site")
    site = Site(folder, frozenset(make_manifest(folder)), "https://a.example/b")
    assert verify_site(site) == verify_site(site) == []
    page = folder / "articles/2020/jia/index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", "</bady>"), encoding="utf-8")
    assert any("HTML 有错" in problem for problem in verify_site(site))


def test_fault_stops_the_publication(tmp_path: Path, folder_store: FolderStore) -> None:
    publish(folder_store, simple_site(tmp_path / "site"))
    before = folder_store.sums()
    with pytest.raises(PublishError, match="链接断了"):
        publish(folder_store, simple_site(tmp_path / "site", text='<a href="/b/nowhere/">x</a>'))
    for found, complaint in (([], "检索“题”没有结果"), (["别的题"], "检索“题”，前几篇里没有它")):
        with pytest.raises(PublishError, match=complaint):
            publish_site(folder_store, options_for(simple_site(tmp_path / "site")), lambda _, found=found: found, print)  # type: ignore[misc]
    assert folder_store.sums() == before


# --- permanent addresses


def test_vanished_address_stops_the_publication_until_it_has_an_alias(
    tmp_path: Path, folder_store: FolderStore
) -> None:
    publish(folder_store, simple_site(tmp_path / "site"))
    moved = {place: "字" for place in PLACES if place != "/articles/2020/jia/"} | {"/articles/2020/bing/": "字"}
    site = write_site(tmp_path / "site", moved)
    with pytest.raises(PublishError, match=r"/articles/2020/jia/(.|\n)*aliases"):
        publish(folder_store, site)
    publish(folder_store, site, aliases={"/articles/2020/jia/": "/articles/2020/bing/"})
    page = (folder_store.read("articles/2020/jia/index.html") or b"").decode()
    assert 'content="0; url=/b/articles/2020/bing/"' in page
    assert '<link rel="canonical" href="https://a.example/b/articles/2020/bing/">' in page
    assert "noindex" in page
    assert folder_store.read("_redirects") == b"/b/articles/2020/jia/ /b/articles/2020/bing/ 301\n"
    assert '"/b/articles/2020/jia/" "/b/articles/2020/bing/";' in (
        tmp_path / "site-hosting" / "nginx-http.conf"
    ).read_text(encoding="utf-8")
    with pytest.raises(PublishError, match="/articles/2020/jia/"):  # an alias is a promise too
        publish(folder_store, site)


def test_record_of_the_project_counts_where_the_target_has_none(tmp_path: Path, folder_store: FolderStore) -> None:
    publish(folder_store, simple_site(tmp_path / "site"))
    other = FolderStore(FolderTarget(tmp_path / "elsewhere"))
    site = write_site(tmp_path / "site", {place: "字" for place in PLACES if "yi" not in place})
    with pytest.raises(PublishError, match="/articles/2020/yi/"):
        publish(other, site)
    publish(other, site, gone=frozenset(["/articles/2020/yi/"]))
    assert other.read("articles/2020/yi/index.html") is None


def test_lists_that_vanish_lead_to_the_list_above() -> None:
    old = dict.fromkeys(["index.html", "days/01-15/index.html", "regions/110000/page/3/index.html"], Entry("", 0))
    files = ["index.html", "days/index.html", "regions/110000/index.html"]
    assert find_redirects(old, files, {}) == {"/days/01-15/": "/days/", "/regions/110000/page/3/": "/regions/110000/"}


@pytest.mark.parametrize(("aliases", "message"), [({"/": "/a/"}, "现有页面"), ({"/old/": "/nowhere/"}, "那里没有页面")])
def test_alias_that_cannot_be_is_refused(aliases: dict[str, str], message: str) -> None:
    with pytest.raises(PublishError, match=message):
        find_redirects({}, ["index.html", "a/index.html"], aliases)


# --- plan


def test_dry_run_tells_everything_and_publishes_nothing(tmp_path: Path, folder_store: FolderStore) -> None:
    publish(folder_store, simple_site(tmp_path / "site"))
    before = folder_store.sums()
    pages = dict.fromkeys(PLACES, "字" * 600) | {"/": "新" * 600, "/articles/2021/ding/": "字"}
    site = write_site(tmp_path / "site", pages, "ba9876543210")
    plan_file = tmp_path / "plan.md"
    said = publish(folder_store, site, dry_run=True, plan_file=plan_file)
    assert "  + /articles/2021/ding/  " in said
    assert "  ~ /  " in said
    assert "  + search-index/ba9876543210/*" in said
    assert "404" not in said
    assert "<details><summary>新增" in plan_file.read_text(encoding="utf-8")
    assert folder_store.sums() == before


def test_plan_of_no_change() -> None:
    manifest = {"index.html": Entry("0", 1)}
    plan = make_plan(manifest, manifest)
    assert not plan
    assert describe_plan(plan, manifest) == "没有变化。"
    assert "没有变化" in plan_as_markdown(plan, manifest)


def test_last_two_search_indexes_stay(tmp_path: Path, folder_store: FolderStore) -> None:
    versions = ["a" * 12, "b" * 12, "b" * 12, "c" * 12]
    for version in versions:
        publish(folder_store, simple_site(tmp_path / "site", version=version))
    kept = {path.split("/")[1] for path in folder_store.sums() if path.startswith("search-index/") and "bin" in path}
    assert kept == {"b" * 12, "c" * 12}
    publish(folder_store, simple_site(tmp_path / "site", text="别" * 600, version="c" * 12))
    assert folder_store.read(f"search-index/{'b' * 12}/root.bin") == f"root of {'b' * 12}".encode()
    check_sums(load_manifest(folder_store.read("published.json"), ""), folder_store.sums())


def test_kept_version_is_the_last_one_even_if_its_name_sorts_otherwise() -> None:
    old = dict.fromkeys([f"search-index/{letter * 12}/root.bin" for letter in "ab"], Entry("0", 0))
    new = {f"search-index/{'c' * 12}/root.bin": Entry("", 0)}
    manifest = json.dumps({"version": "b" * 12}).encode()
    assert find_kept_folders(old, new, lambda _: manifest) == [f"search-index/{'b' * 12}/"]


def test_styles_of_the_last_site_stay_for_pages_that_are_open() -> None:
    old = dict.fromkeys([f"theme/v/{letter * 12}/css/site.css" for letter in "ab"], Entry("0", 0))
    new = {f"theme/v/{'c' * 12}/css/site.css": Entry("1", 0)}
    home = f'<link href="/b/theme/v/{"b" * 12}/css/site.css">'.encode()
    assert find_kept_folders(old, new, lambda _: home) == [f"theme/v/{'b' * 12}/"]
    assert find_kept_folders(new, new, lambda _: home) == []
    plan = make_plan(old, new, find_kept_folders(old, new, lambda _: home))
    assert plan.kept == (f"theme/v/{'b' * 12}/css/site.css",)
    assert plan.removed == (f"theme/v/{'a' * 12}/css/site.css",)
    assert plan.kept_folders == [f"theme/v/{'b' * 12}"]


# --- dir:


def test_folder_gets_the_whole_site_with_compressed_copies(tmp_path: Path, folder_store: FolderStore) -> None:
    site = simple_site(tmp_path / "site")
    publish(folder_store, site, verify="target")
    assert folder_store.read("index.html") == (site / "index.html").read_bytes()
    assert {"index.html.gz", "index.html.br", "_headers"} <= set(folder_store.sums())
    assert "theme/site.css.gz" not in folder_store.sums()  # too small
    assert (tmp_path / "published.json").read_bytes() == folder_store.read("published.json")
    assert not any(name.endswith((".gz", ".br")) for name in make_manifest(site))  # the built site isn't touched


def test_unchanged_files_are_the_same_files(tmp_path: Path, folder_store: FolderStore) -> None:
    publish(folder_store, simple_site(tmp_path / "site"))
    first = (folder_store.path / "theme/site.css").stat().st_ino
    pages = dict.fromkeys(PLACES, "字" * 600) | {"/": "新"}
    publish(folder_store, write_site(tmp_path / "site", pages))
    assert (folder_store.path / "theme/site.css").stat().st_ino == first
    (tmp_path / "site" / "theme" / "site.css").write_text("x", encoding="utf-8")  # a later build
    assert folder_store.read("theme/site.css") != b"x"


def test_five_releases_stay_and_rollback_goes_back(tmp_path: Path, folder_store: FolderStore) -> None:
    for number in range(7):
        publish(folder_store, simple_site(tmp_path / "site", text=f"第{number}次"))
    assert len(os.listdir(folder_store.releases)) == 5
    roll_back(folder_store, tmp_path / "published.json", print)
    roll_back(folder_store, tmp_path / "published.json", print)
    assert "第4次" in (folder_store.read("index.html") or b"").decode()
    assert (tmp_path / "published.json").read_bytes() == folder_store.read("published.json")
    publish(folder_store, simple_site(tmp_path / "site", text="再来"))
    assert "再来" in (folder_store.read("index.html") or b"").decode()


def test_record_is_replaced_in_one_step(tmp_path: Path, folder_store: FolderStore) -> None:
    """Half a record, which a kill could leave of one that is written over, would stop every later publication."""
    publish(folder_store, simple_site(tmp_path / "site"))
    record, kept = tmp_path / "published.json", tmp_path / "kept.json"
    kept.hardlink_to(record)
    old = kept.read_bytes()
    publish(folder_store, simple_site(tmp_path / "site", text="新" * 600))
    assert (kept.read_bytes(), record.read_bytes()) == (old, folder_store.read("published.json"))
    assert not list(tmp_path.glob(".published*"))


@pytest.mark.parametrize(
    ("address", "is_told"), [("example.org", True), ("example.org.cn", False), ("127.0.0.1:8000", True)]
)
def test_address_that_nobody_has_filled_in_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, *, is_told: bool
) -> None:
    folder = simple_site(tmp_path / "site")
    home = folder / "index.html"
    home.write_text(
        home.read_text(encoding="utf-8").replace("https://a.example", f"https://{address}"), encoding="utf-8"
    )
    open_site(folder)
    assert ("GONGBAO_SITEURL" in capsys.readouterr().err) == is_told


def test_rollback_without_a_release_says_so(folder_store: FolderStore) -> None:
    with pytest.raises(PublishError, match="没有更早的发布"):
        folder_store.rollback()


def test_folder_with_other_things_is_refused(tmp_path: Path, folder_store: FolderStore) -> None:
    folder_store.path.mkdir()
    (folder_store.path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(PublishError, match="已有别的内容"):
        publish(folder_store, simple_site(tmp_path / "site"))
    assert os.listdir(folder_store.path) == ["letter.txt"]


def test_damage_after_publishing_is_found(tmp_path: Path, folder_store: FolderStore) -> None:
    site = simple_site(tmp_path / "site")
    publish(folder_store, site)
    (folder_store.path / "index.html").write_text("x", encoding="utf-8")
    with pytest.raises(PublishError, match=r"/index\.html：不一样"):
        publish(folder_store, site, verify="target")


def test_served_site_is_fetched_back(
    tmp_path: Path, folder_store: FolderStore, serve_folder: Callable[[Path], str]
) -> None:
    site = simple_site(tmp_path / "site")
    publish(folder_store, site)
    address = serve_folder(folder_store.path)
    publish(folder_store, site, verify=address)
    (folder_store.path / "404.html").unlink()
    with pytest.raises(PublishError, match=r"/404\.html：没有"):
        publish(folder_store, site, verify=address)


CHANGES = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile"}


def kill_at(site: Path, www: Path, point: int, how: int) -> subprocess.CompletedProcess[str]:
    """A publication that kills its own process before the nth change of the disk: no hook in the program itself."""
    count = 0

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in CHANGES or (event == "open" and "w" in str(arguments[1])):
            count += 1
            if count == point:
                os.kill(os.getpid(), how)

    def publish_and_count() -> None:
        store = FolderStore(FolderTarget(www))
        sys.addaudithook(hear)  # in the forked process, which ends with it
        publish_site(store, options_for(site), lambda title: [title], lambda _: None)
        print(count)

    return run_forked(publish_and_count)


@pytest.mark.parametrize(("how", "points"), [(signal.SIGKILL, 10), (signal.SIGINT, 4)], ids=["kill", "ctrl-c"])
def test_killed_at_any_point_the_old_site_is_served(tmp_path: Path, how: signal.Signals, points: int) -> None:
    first = FolderStore(FolderTarget(tmp_path / "www"))
    publish(first, simple_site(tmp_path / "site", text="旧" * 600, version="a" * 12))
    shutil.copytree(tmp_path / "www", tmp_path / "again" / "www")  # how many changes a whole one makes
    site = simple_site(tmp_path / "site", text="新" * 600, version="b" * 12)
    old = first.sums()
    whole = kill_at(site, tmp_path / "whole", 0, how)
    assert whole.returncode == 0, whole.stderr
    total = int(whole.stdout)
    outcomes = set()
    for number in range(points):
        killed = kill_at(site, tmp_path / "www", 1 + number * (total - 1) // (points - 1), how)
        assert killed.returncode in {-how, 0}
        sums = first.sums()
        is_old = sums == old
        if not is_old:  # killed after the switch, while clearing up: then all of the new site is there
            check_sums(load_manifest(first.read("published.json"), ""), sums)
        outcomes.add(is_old)
    assert True in outcomes
    publish(first, site, verify="target")
    assert "新" in (first.read("index.html") or b"").decode()
    assert not [name for name in os.listdir(first.releases) if name.endswith(".partial")]


# --- hosts that read _headers


def read_headers(rules: str, address: str) -> dict[str, str]:
    """The headers of an address by the rules of Cloudflare Pages: all that fit apply, in their order; two values of one
    name are joined, and `! name` takes back what it had.
    """
    headers: dict[str, str] = {}
    fits = False
    for line in rules.splitlines():
        if line.startswith("/"):
            pattern = re.escape(line).replace(r"\*", ".*")
            fits = re.fullmatch(re.sub(":[a-z]+", "[^/]+", pattern), address) is not None
        elif fits and line.startswith("  ! "):
            headers.pop(line[4:])
        elif fits and line:
            name, value = line.strip().split(": ", 1)
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


@pytest.mark.parametrize("base", ["", "/b"])
@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "articles/2020/jia/index.html", "search-index/manifest.json", "sw.js", "published.json"),
        *(f"search-index/{'a' * 12}/s/aa.bin", f"theme/v/{'a' * 12}/css/site.css", "theme/js/search/engine.js"),
        "admin/index.html",
    ],
)
def test_headers_file_says_of_every_file_what_other_hosts_are_told(base: str, path: str) -> None:
    editing = "default-src 'self' 'unsafe-eval'"
    headers = read_headers(headers_file(base, editing).decode(), f"{base}/{path.removesuffix('index.html')}")
    assert headers.pop("Cache-Control") == cache_control(path)
    assert headers == SECURITY | ({POLICY: editing} if path.startswith("admin/") else {})


# --- secrets


def test_secrets_are_in_no_message() -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": "abc/secret+1", "GONGBAO_GIT_TOKEN": "tok-12345", "HOME": "/home/editor"}
    text = "push https://u:tok-12345@a.example/x.git with abc/secret+1 from /home/editor"
    hidden = hide_secrets(text, environment)
    assert "tok-12345" not in hidden
    assert "abc/secret+1" not in hidden
    assert "/home/editor" in hidden
