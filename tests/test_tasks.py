"""The commands as an editor calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import run_command

ROOT = Path(__file__).parents[1]


def inv(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command as it begins at a terminal; what more there is to ask of it, a process forked from here answers."""
    command = [sys.executable, "-m", "invoke", "--search-root", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("target", ["x", "ftp:x", "dir:", "s3:A"])
def test_target_that_cannot_be_meant_is_wrong_usage(target: str) -> None:
    result = run_command("publish", "--to", target)
    assert result.returncode == 2
    assert "dir:文件夹" in result.stderr


def test_publish_refuses_content_with_errors(write_article: Callable[..., Path], tmp_path: Path) -> None:
    bad = write_article("bad", region="没有省")
    result = run_command("publish", "--to", f"dir:{tmp_path / 'www'}", "--content", str(tmp_path / "content"))
    assert result.returncode == 1
    assert f"{bad}:4:10: 没有“没有省”这个地区" in result.stderr
    assert not (tmp_path / "www").exists()


def test_publish_verifies_and_publishes_the_demo_archive(site: Path, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.symlink_to(ROOT / "content")
    options = ["--to", f"dir:{tmp_path / 'www'}", "--site", str(site), "--content", str(content)]
    planned = run_command("publish", *options, "--dry-run")
    assert planned.returncode == 0
    assert "  + /articles/2020/ansai-gonghui-pinpai/  " in planned.stdout
    assert not (tmp_path / "www").exists()
    result = inv("publish", *options, "--verify")
    assert result.returncode == 0, result.stderr
    assert "GONGBAO_SITEURL" in result.stderr  # this site says that it stands at 127.0.0.1
    assert (tmp_path / "www" / "index.html").read_bytes() == (site / "index.html").read_bytes()
    assert (tmp_path / "published.json").read_bytes() == (tmp_path / "www" / "published.json").read_bytes()


def test_check_prints_problems_and_fails(write_article: Callable[..., Path], tmp_path: Path) -> None:
    bad = write_article("bad", region="没有省")
    result = inv("check", "--content", str(tmp_path / "content"))
    assert result.returncode == 1
    assert result.stdout.startswith(f"{bad}:4:10: 没有“没有省”这个地区")
    assert result.stdout.rstrip().endswith("(unknown-region)")
    (problem,) = json.loads(run_command("check", "--content", str(tmp_path / "content"), "--json").stdout)
    assert (problem["line"], problem["rule"], problem["severity"]) == (4, "unknown-region", "error")


def test_check_of_the_demo_archive_is_clean() -> None:
    result = run_command("check", "--content", str(ROOT / "content"))
    assert (result.returncode, result.stdout) == (0, "")


def test_build_says_what_is_wrong_and_fails(write_article: Callable[..., Path], tmp_path: Path) -> None:
    bad = write_article("bad", date="2020-13-01")
    result = inv("build", "--content", str(tmp_path / "content"), "--output", str(tmp_path / "output"))
    assert result.returncode == 1
    assert f"{bad}:3:7: 日期“2020-13-01”" in result.stderr
    assert not (tmp_path / "output").exists()


def test_search_at_the_terminal(site: Path) -> None:
    lines = inv("search", "张莲莲", "--output", str(site)).stdout.splitlines()
    assert lines[0] == "找到 1 篇"
    assert "安塞" in lines[1]
    answer = json.loads(run_command("search", "送温暖", "--year", "2020", "--output", str(site), "--json").stdout)
    assert answer["total"] == len({hit["url"] for hit in answer["results"]}) > 3
    assert {hit["date"][:4] for hit in answer["results"]} == {"2020"}


@pytest.mark.parametrize("arguments", [["--year", "去年"], ["--output", "nowhere"]])
def test_wrong_usage_of_search_exits_2(arguments: list[str], site: Path) -> None:
    output = [] if "--output" in arguments else ["--output", str(site)]
    assert run_command("search", "工会", *arguments, *output).returncode == 2


def test_commands_keep_what_python_compiles_wherever_they_run() -> None:
    """A machine that is set to keep nothing would compile 400 modules for each command."""
    ask = "import sys, tasks; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == f"False {ROOT / '.venv' / 'pycache'}\n"
