"""`publish` as people run it, with the content beside the record of the last publication."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from gongbao.build.run import build_site
from gongbao.publish.run import open_site
from gongbao.publish.verify import verify_site

from tests.commands import run_command
from tests.conftest import ARTICLE

ROOT = Path(__file__).parents[1]
SITEURL = "https://a.example/b"


def write_article(folder: Path, slug: str, body: str, aliases: str = "") -> Path:
    path = folder / "content" / "articles" / "2020" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "title": f"{slug}号服务站开门",
        "date": "2020-01-15",
        "region": "陕西省/延安市/安塞区",
        "campaign": "送温暖",
    }
    text = ARTICLE.format(body=body, **values)
    path.write_text(text.replace("source:", f"{aliases}source:", 1), encoding="utf-8")
    return path


def build(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_SITEURL", SITEURL)
        build_site(folder / "content", folder / "site", ROOT / "publishconf.py")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles and the site made of them, as it is published; what verifying finds on its pages is kept beside."""
    folder = tmp_path_factory.mktemp("built")
    write_article(folder, "jia", "县里的工会干部给环卫工送去棉衣。")
    write_article(folder, "yi", "车站旁的小屋里，司机师傅们喝上了热茶，墙上贴着求助电话。")
    build(folder)
    assert verify_site(open_site(folder / "site")) == []
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "project")


def publish(folder: Path, *options: str, to: str = "") -> subprocess.CompletedProcess[str]:
    target = to or f"dir:{folder / 'www'}"
    places = ["--site", str(folder / "site"), "--content", str(folder / "content")]
    return run_command("publish", "--to", target, *places, *options)


def test_archive_is_published_again_and_again(folder: Path) -> None:
    """The record that the first publication leaves must not stop the next."""
    first = publish(folder, "--verify")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("已发布：新增 ")
    assert (folder / "published.json").read_bytes() == (folder / "www" / "published.json").read_bytes()
    second = publish(folder)
    assert (second.returncode, second.stdout) == (0, "没有变化，不必发布。\n"), second.stderr


def test_article_that_is_gone_stops_until_it_is_let_go(folder: Path) -> None:
    assert publish(folder).returncode == 0
    (folder / "content" / "articles" / "2020" / "yi.md").unlink()
    build(folder)
    stopped = publish(folder)
    assert stopped.returncode == 1
    assert "/articles/2020/yi/ 发布过，现在没有了" in stopped.stderr
    assert (folder / "www" / "articles" / "2020" / "yi" / "index.html").exists()
    gone = publish(folder, "--gone", "/articles/2020/yi/")
    assert gone.returncode == 0, gone.stderr
    assert not (folder / "www" / "articles" / "2020" / "yi").exists()
    assert publish(folder).stdout == "没有变化，不必发布。\n"


def test_article_that_moved_is_redirected_to(folder: Path) -> None:
    assert publish(folder).returncode == 0
    (folder / "content" / "articles" / "2020" / "yi.md").unlink()
    write_article(folder, "bing", "车站旁的小屋里，司机师傅们喝上了热茶。", "aliases: [/articles/2020/yi/]\n")
    build(folder)
    moved = publish(folder)
    assert moved.returncode == 0, moved.stderr
    page = (folder / "www" / "articles" / "2020" / "yi" / "index.html").read_text("utf-8")
    assert 'content="0; url=/b/articles/2020/bing/"' in page


def test_plan_is_told_and_nothing_published(folder: Path) -> None:
    told = publish(folder, "--dry-run", "--plan", str(folder / "plan.md"))
    assert told.returncode == 0, told.stderr
    assert "  + /articles/2020/jia/  " in told.stdout
    assert (folder / "plan.md").read_text("utf-8").startswith("**这次发布：新增 ")
    assert not (folder / "www").exists()
    assert not (folder / "published.json").exists()


def test_rollback_puts_the_last_release_back(folder: Path) -> None:
    assert publish(folder).returncode == 0
    before = (folder / "www" / "published.json").read_bytes()
    write_article(folder, "ding", "又一处服务站在工地门口开了张，工友们下了班来这里读报。")
    build(folder)
    assert publish(folder).returncode == 0
    assert (folder / "www" / "articles" / "2020" / "ding").is_dir()
    back = publish(folder, "--rollback")
    assert (back.returncode, back.stdout[:6]) == (0, "已退回 00")
    assert (folder / "www" / "published.json").read_bytes() == (folder / "published.json").read_bytes() == before
    assert not (folder / "www" / "articles" / "2020" / "ding").exists()


@pytest.mark.parametrize("to", ["ftp:x", "dir:", "git:x"])
def test_target_that_cannot_be_meant_is_wrong_usage(folder: Path, to: str) -> None:
    result = publish(folder, to=to)
    assert (result.returncode, result.stdout) == (2, "")
    assert "dir:文件夹" in result.stderr


def interrupt(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Press Ctrl-C until the process ends: Python loses one that comes while it cleans up an object."""
    for _ in range(3):
        os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=20)
    raise AssertionError("still there after three Ctrl-C")


def test_interrupted_at_the_terminal_it_says_how_things_stand(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches every process of the terminal; a store that never answers holds the publication until then."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "not-a-real-id")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-real-key")
        command = [sys.executable, str(ROOT / "tasks.py"), "publish", "--to", "s3:archive"]
        places = ["--site", str(folder / "site"), "--content", str(folder / "content")]
        process = subprocess.Popen(
            [*command, *places], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        silent.settimeout(60)
        connection, _ = silent.accept()
        said, complained = interrupt(process)
        connection.close()
    assert process.returncode == 130
    assert said == ""
    assert complained == "已中断。网站照常可看；再发布一次，就把没做完的做完。\n"
