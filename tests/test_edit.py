"""The editing page without a browser: its form, its program, and what its backend writes and refuses."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gongbao.article import FIELDS, QUALIFIERS, ROLES, STATUSES, Lists
from gongbao.build.run import build_site
from gongbao.cache import Cache
from gongbao.edit.backend import Desk, RefusalError
from gongbao.edit.configuration import DATE_PATTERN, UNTOUCHED, make_configuration, make_fields, region_choices
from gongbao.edit.host import LOCAL, Host, parse_host, project_address
from gongbao.edit.local import comes_from_own_page
from gongbao.edit.package import Package, PackageError, load_program
from gongbao.publish.hosting import stated_policy
from gongbao.publish.run import open_site
from gongbao.publish.verify import verify_site

from tests.conftest import ARTICLE, ROOT

OWN = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000", "Content-Type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    ("setting", "host"),
    [
        ("", None),
        ("github:union/archive", Host("github", "union/archive", "main", "api.github.com")),
        ("github:union/archive@drafts/new", Host("github", "union/archive", "drafts/new", "api.github.com")),
        ("gitlab:union/papers/archive", Host("gitlab", "union/papers/archive", "main", "gitlab.com")),
        ("gitlab:git.example.org:8443/a/b@x", Host("gitlab", "a/b", "x", "git.example.org:8443")),
    ],
)
def test_setting_names_a_repository(setting: str, host: Host | None) -> None:
    assert parse_host(setting) == host


@pytest.mark.parametrize("setting", ["local", "github:archive", "github:a/b/c", "bitbucket:a/b", "github:a/b;x", "a/b"])
def test_other_settings_are_refused_with_the_allowed_forms(setting: str) -> None:
    with pytest.raises(ValueError, match="github:用户/仓库"):
        parse_host(setting)


def test_page_may_ask_the_site_and_the_git_host_alone() -> None:
    hosts = re.findall(r"https?://[^\s;]+", Host("gitlab", "a/b", "main", "git.example.org").policy)
    assert set(hosts) == {"https://git.example.org"}
    assert "http" not in LOCAL.policy
    assert project_address(Host("gitlab", "a/b", "main", "gitlab.com")) == "https://gitlab.com/api/v4/projects/a%2Fb"


def test_form_has_every_field_of_an_article_but_those_it_leaves_alone(lists: Lists) -> None:
    names = {field["name"] for field in make_fields(lists)}
    assert names - {"body", "slug", "folder"} == set(FIELDS) - UNTOUCHED


def test_choices_are_those_of_the_archive(lists: Lists) -> None:
    fields: dict[str, Any] = {field["name"]: field for field in make_fields(lists)}
    assert fields["campaign"]["options"] == [campaign.name for campaign in lists.vocabulary.campaigns]
    assert fields["source"]["fields"][0]["options"] == [paper.name for paper in lists.vocabulary.papers]
    assert fields["byline"]["fields"][0]["options"] == list(ROLES)
    assert fields["figures"]["fields"][3]["options"] == list(QUALIFIERS)
    assert {option["value"] for option in fields["status"]["options"]} == set(STATUSES)


def test_places_are_offered_by_year(lists: Lists) -> None:
    choices = region_choices(lists.regions)
    assert choices["陕西省/延安市/安塞县"][-1] == 2015
    assert choices["陕西省/延安市/安塞区"] == [2016, 2024]
    for path, runs in choices.items():
        assert lists.regions.find(path, runs[0]).exact, path  # type: ignore[union-attr]
        assert lists.regions.find(path, runs[-1]).exact, path  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("date", "fits"), [("2021", True), ("2021-07", True), ("2021-07-20", True), ("2021-7", False), ("21-07", False)]
)
def test_form_takes_dates_as_precise_as_they_are_known(date: str, fits: bool) -> None:
    assert bool(re.search(DATE_PATTERN, date)) == fits


@pytest.mark.parametrize("setting", ["github:a/b", "gitlab:a/b"])
def test_published_page_saves_below_content(setting: str, lists: Lists) -> None:
    host = parse_host(setting)
    assert host
    configuration = make_configuration(host, lists, "https://archive.example.org")
    assert configuration["collections"][0]["folder"] == "content/articles"
    assert configuration["media_folder"] == "content/images"
    assert configuration["backend"]["repo"] == "a/b"


def save(desk: Desk, path: str, text: str) -> object:
    files = [{"slug": "2021/x", "path": path, "raw": text}]
    return desk.answer({"action": "persistEntry", "params": {"dataFiles": files, "assets": [], "options": {}}})


def article(**values: str) -> str:
    defaults = {"title": "工会送来凉茶", "date": "2021-07-20", "region": "陕西省", "campaign": "夏送清凉"}
    return ARTICLE.format(**defaults | {"body": "街边有了凉茶。"} | values)


def test_article_is_saved_and_read_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    save(desk, "articles/2021/liang-cha.md", article().replace("\n", "\r\n"))
    assert (tmp_path / "articles/2021/liang-cha.md").read_text("utf-8") == article()
    listed = desk.answer({"action": "entriesByFolder", "params": {"folder": "articles", "extension": "md", "depth": 2}})
    assert [(one["file"]["path"], one["data"]) for one in listed] == [("articles/2021/liang-cha.md", article())]  # type: ignore[attr-defined]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["2021", "articles", "liang-cha.md"]


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("articles/2021/x.md", article(region="陕西省/延安市/安塞镇"), "陕西省/延安市/安塞"),
        ("articles/2021/x.md", article(date="2021-02-30"), "日历上不存在"),
        ("articles/2020/x.md", article(), "articles/2021/"),
        (
            "articles/2021/x.md",
            article(body="正文。").replace("source:", "images: [{file: a.png, alt: 凉茶}]\nsource:"),
            "a.png",
        ),
        ("articles/2021/凉茶.md", article(), "articles/年份/文件名.md"),
        ("articles/2021/../../pelicanconf.md", article(), "articles/年份/文件名.md"),
        ("../tasks.py", article(), "articles/年份/文件名.md"),
        ("/etc/passwd", article(), "articles/年份/文件名.md"),
        ("articles/2021/x.md", "没有元数据", "两行 ---"),
    ],
)
def test_wrong_article_is_refused_with_the_reason(path: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    with pytest.raises(RefusalError, match=re.escape(reason)):
        save(Desk(tmp_path / "content"), path, text)
    assert list(tmp_path.rglob("*.*")) == []


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("deleteFiles", {"paths": ["articles/2021/x.md"]}),
        ("persistMedia", {"asset": {"path": "images/a.svg", "content": "", "encoding": "base64"}}),
        ("persistMedia", {"asset": {"path": "images/../a.png", "content": "", "encoding": "base64"}}),
        ("getMediaFile", {"path": "../secret.png"}),
        ("getEntry", {"path": "../secret.png"}),
        ("entriesByFolder", {"folder": "..", "extension": "png", "depth": 1}),
        ("persistEntry", {}),
        ("publishUnpublishedEntry", {}),
    ],
)
def test_nothing_else_can_be_read_written_or_deleted(action: str, params: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    content = tmp_path / "content"
    content.mkdir()
    with pytest.raises(RefusalError):
        Desk(content).answer({"action": action, "params": params})
    assert list(content.iterdir()) == []


def test_picture_is_saved(tmp_path: Path) -> None:
    asset = {"path": "images/liang-cha.png", "content": base64.b64encode(b"\x89PNG").decode(), "encoding": "base64"}
    desk = Desk(tmp_path)
    desk.answer({"action": "persistMedia", "params": {"asset": asset}})
    assert (tmp_path / "images/liang-cha.png").read_bytes() == b"\x89PNG"
    assert len(desk.answer({"action": "getMedia", "params": {"mediaFolder": "images"}})) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://example.org"},
        {"Origin": ""},
        {"Host": "example.org", "Origin": "http://example.org"},  # a name that its owner points to this machine
        {"Host": "127.0.0.1.example.org:8000", "Origin": "http://127.0.0.1.example.org:8000"},
        {"Content-Type": "text/plain"},  # what a form or a script elsewhere can send without asking
    ],
)
def test_only_its_own_page_can_ask_the_backend(change: dict[str, str]) -> None:
    assert comes_from_own_page(OWN)
    assert comes_from_own_page({name.lower(): value for name, value in OWN.items()})
    assert not comes_from_own_page(OWN | change)


def pack(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return archive.getvalue()


def integrity(data: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}"


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program called npm, of these shell commands, in the place of the real one."""

    def put(commands: str) -> None:
        path = tmp_path / "bin" / "npm"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{commands}\n", "utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")

    return put


ARCHIVE = pack(
    {
        "package/dist/decap-cms.js": b"let a;\n//# sourceMappingURL=decap-cms.js.map",
        "package/dist/21.decap-cms.js": b"let b;",
        "package/dist/decap-cms.js.map": b"{}",
        "package/dist/cms.js": b"let a;",
        "package/../../outside.js": b"let c;",
    }
)


def test_program_is_fetched_once_and_only_what_the_page_needs(tmp_path: Path, npm: Callable[[str], None]) -> None:
    (tmp_path / "archive.tgz").write_bytes(ARCHIVE)
    npm(f'echo "$@" >> {tmp_path}/asked; cp {tmp_path}/archive.tgz "$4/decap-cms-1.0.0.tgz"')
    package = Package("decap-cms", "1.0.0", integrity(ARCHIVE))
    for _ in range(2):
        program = load_program(Cache(tmp_path / "cache"), package)
        assert program == {"21.decap-cms.js": b"let b;", "decap-cms.js": b"let a;\n"}
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 1
    assert asked[0].startswith("pack decap-cms@1.0.0 ")
    assert "--ignore-scripts" in asked[0]


def test_program_with_another_hash_is_refused(tmp_path: Path, npm: Callable[[str], None]) -> None:
    (tmp_path / "archive.tgz").write_bytes(ARCHIVE + b"more")
    npm(f'cp {tmp_path}/archive.tgz "$4/decap-cms-1.0.0.tgz"')
    with pytest.raises(PackageError, match="校验值不符"):
        load_program(Cache(tmp_path / "cache"), Package("decap-cms", "1.0.0", integrity(ARCHIVE)))
    assert not (tmp_path / "cache").exists()


def test_failing_or_missing_npm_is_told(
    tmp_path: Path, npm: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    npm("echo no network >&2; exit 1")
    with pytest.raises(PackageError, match="no network"):
        load_program(Cache(tmp_path / "cache"))
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(PackageError, match="npm 取来"):
        load_program(Cache(tmp_path / "cache"))


def test_site_has_the_page_only_if_it_is_wanted(
    write_article: Callable[..., Path], tmp_path: Path, npm: Callable[[str], None]
) -> None:
    npm("exit 1")
    write_article()
    build_site(tmp_path / "content", tmp_path / "site", ROOT / "pelicanconf.py")
    assert not (tmp_path / "site" / "admin").exists()


def test_published_page_passes_the_verification(
    write_article: Callable[..., Path], tmp_path: Path, editing_program: dict[str, bytes]
) -> None:
    write_article()
    cache = tmp_path / ".cache" / "editing"
    cache.mkdir(parents=True)
    for kept in (ROOT / ".cache" / "editing").iterdir():
        (cache / kept.name).symlink_to(kept)
    settings = tmp_path / "settings.py"
    own = (ROOT / "pelicanconf.py").read_text("utf-8").replace("Path(__file__).parent", f"Path({str(ROOT)!r})")
    settings.write_text(f'{own}\nGONGBAO["editing"] = "github:union/archive"\n', "utf-8")
    build_site(tmp_path / "content", tmp_path / "site", settings)
    folder = tmp_path / "site" / "admin"
    assert set(editing_program) < {path.name for path in folder.iterdir()}
    assert json.loads((folder / "config.json").read_text("utf-8"))["backend"]["repo"] == "union/archive"
    assert "api.github.com" in stated_policy((folder / "index.html").read_text("utf-8"))
    assert [problem for problem in verify_site(open_site(tmp_path / "site")) if "admin/" in problem] == []
    assert "/admin/" not in (tmp_path / "site" / "sitemap.xml").read_text("utf-8")
