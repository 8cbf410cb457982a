"""The workflow files are valid, and call what the README names."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GITHUB, GITLAB = ".github/workflows/publish.yml", ".gitlab-ci.yml"
# What no command of ours does: comments, and the copy that GitLab Pages serves.
OTHERS = ("gh pr comment ", "curl ", "git clone ")


def load(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / name).read_text("utf-8")))


def commands(name: str) -> list[str]:
    """Every command that the steps of a workflow run, in their order."""
    values = load(name)
    if name == GITHUB:
        return [step["run"] for step in values["jobs"]["publish"]["steps"] if "run" in step]
    return [line for job in values.values() if isinstance(job, dict) for line in job.get("script", [])]


@pytest.mark.parametrize(
    ("name", "schema"), [(GITHUB, "vendor.github-workflows"), (GITLAB, "vendor.gitlab-ci")], ids=["github", "gitlab"]
)
def test_workflow_is_valid(name: str, schema: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    flags = ["--data-transform", "gitlab-ci"] if name == GITLAB else []
    result = subprocess.run([*command, *flags, str(ROOT / name)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    broken = tmp_path / "broken.yml"
    broken.write_text((ROOT / name).read_text("utf-8").replace("stage", "stadium").replace("steps:", "step:"), "utf-8")
    assert subprocess.run([*command, *flags, str(broken)], capture_output=True).returncode == 1


@pytest.mark.parametrize("name", [GITHUB, GITLAB])
def test_workflow_checks_builds_tests_and_publishes_in_this_order(name: str) -> None:
    steps = [command for command in commands(name) if "--sarif" not in command]
    called = [re.match(r"python3 tasks\.py (\w+)", command) for command in steps]
    assert [match[1] for match in called if match] == ["check", "build", "test", "publish", "publish"]
    assert "--dry-run" in steps[3]
    assert "--dry-run" not in [command for command in steps if " publish " in command][1]


def test_problems_are_marked_in_a_pull_request_and_a_failure_to_do_so_stops_nothing() -> None:
    steps = load(GITHUB)["jobs"]["publish"]["steps"]
    listing, marking = (step for step in steps if "sarif" in str(step))
    assert listing["run"].endswith(f"> {marking['with']['sarif_file']}")
    assert load(GITHUB)["permissions"]["security-events"] == "write"
    for step in (listing, marking):  # also after a check that found errors: that is when there is something to mark
        assert step["continue-on-error"] is True
        assert step["if"].startswith("always()")


@pytest.mark.parametrize("name", [GITHUB, GITLAB])
def test_workflow_calls_only_commands_and_options_of_the_readme(name: str) -> None:
    for command in commands(name):
        if command.startswith(OTHERS):
            continue
        assert command.startswith("python3 tasks.py ")
        _, _, task, *arguments = shlex.split(command)
        row = re.search(rf"^\| `{task}\b.*$", README, re.MULTILINE)
        assert row, task
        for option in filter(lambda word: word.startswith("--"), arguments):
            assert option in row[0], (task, option)


@pytest.mark.parametrize("name", [GITHUB, GITLAB])
def test_workflow_keeps_caches_and_names_no_secret_in_a_command(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert all(folder in text for folder in (".public-cache", ".public-staged", ".public-verified"))
    assert not any("secrets." in command for command in commands(name))
