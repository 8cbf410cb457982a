"""The documents name what there is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from gongbao.article import FIELDS
from gongbao.search import slices
from gongbao.settings import Settings, base_path, read_settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DESIGN = (ROOT / "DESIGN.md").read_text("utf-8")
COMMANDS = {"build", "serve", "clip", "check", "new", "search", "publish", "schema", "stats", "bench", "test"}


def listed_commands() -> dict[str, str]:
    command = [sys.executable, "-m", "invoke", "--search-root", str(ROOT), "--list", "--list-format", "json"]
    listing = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {task["name"]: task["help"] for task in listing["tasks"]}


def test_all_commands_are_listed_and_explained() -> None:
    commands = listed_commands()
    assert set(commands) == COMMANDS
    assert all(commands.values())


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_readme_names_every_command(command: str) -> None:
    assert re.search(rf"`{command}\b", README)


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_readme_names_every_setting(field: str) -> None:
    assert f"`{field}`" in README


@pytest.mark.parametrize("field", FIELDS)
def test_documents_name_every_field(field: str) -> None:
    assert field in README + DESIGN


def test_design_gives_the_formats_numbers() -> None:
    for number in (slices.CHUNK, slices.SLICE_BYTES, slices.INLINE_BYTES, slices.CORE_TERMS, slices.NORM_LEVELS):
        assert re.search(rf"\b{number:,}\b|\b{number}\b", DESIGN), number
    assert f"Format {slices.FORMAT}," in DESIGN


def test_unknown_setting_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match=r"pagesize.*page_size"):
        read_settings({"pagesize": 3})
    with pytest.raises(ValueError, match="int"):
        read_settings({"page_size": "3"})


@pytest.mark.parametrize(("siteurl", "base"), [("http://127.0.0.1:8000", ""), ("https://a.example/b/", "/b"), ("", "")])
def test_base_path(siteurl: str, base: str) -> None:
    assert base_path(siteurl) == base


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_documents_work(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / name).read_text("utf-8")):
        assert (ROOT / target).exists(), target
