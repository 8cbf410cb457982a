"""git: — a branch that GitHub or GitLab Pages serves; a push changes it in one step."""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from gongbao.publish.manifest import dump_manifest
from gongbao.publish.plan import Plan
from gongbao.publish.problem import PublishError
from gongbao.publish.process import follow_program, run_program
from gongbao.publish.store import SOME_FOLDER, Step
from gongbao.publish.target import GitTarget, hide_password
from gongbao.published import MANIFEST

TOKEN = "GONGBAO_GIT_TOKEN"
LOOPBACK = frozenset(("127.0.0.1", "localhost"))
NO_BRANCH = 2  # how ls-remote ends then
NO_FILE = 128
# GitHub would run Jekyll over the site and leave out files that begin with an underscore.
NO_JEKYLL = ".nojekyll"
# Files that the host's own pages of settings write there.
HOSTS_OWN = ("CNAME",)
AUTHOR = {"NAME": "gongbao", "EMAIL": "gongbao@localhost"}
FILE_MODE = "100644"


class GitStore:
    """One commit that is the site, or, with `history`, one more on top of those there are."""

    served = SOME_FOLDER
    precompresses = False

    def __init__(self, target: GitTarget, *, history: bool) -> None:
        self.target = target
        self.history = history
        self._folder = tempfile.TemporaryDirectory(prefix="gongbao-git-")
        self._environment = _environment(target.remote)
        self._head: str | None = None
        self._run("init", "--quiet", "--bare", ".")
        self._fetch()

    def read(self, path: str) -> bytes | None:
        if self._head is None:
            return None
        result = run_program(
            ["git", "cat-file", "blob", f"{self._head}:{path}"],
            environment=self._environment,
            folder=Path(self._folder.name),
            allowed=(0, NO_FILE),
        )
        return None if result.returncode else result.stdout

    def publish(self, stage: Path, plan: Plan, step: Step) -> None:
        tree = self._write_tree(stage, plan, step)
        step(len(plan.kept))
        parents = ["-p", self._head] if self.history and self._head else []
        title = f"发布：新增 {len(plan.added)}，改动 {len(plan.changed)}，删除 {len(plan.removed)} 个文件"
        commit = self._run("commit-tree", tree, *parents, "-m", title).decode().strip()
        reference = f"refs/heads/{self.target.branch}"
        # The lease refuses if somebody else has published since we looked.
        lease = f"--force-with-lease={reference}:{self._head or ''}"
        self._run("push", "--quiet", lease, self.target.remote, f"{commit}:{reference}")
        self._fetch()

    def sums(self) -> dict[str, str]:
        self._fetch()
        if self._head is None:
            return {}
        rows = self._run("ls-tree", "-r", "-z", self._head).split(b"\0")[:-1]
        blobs = {row.split(b"\t", 1)[1].decode(): row.split()[2].decode() for row in rows}
        return {
            path: hashlib.sha256(self._run("cat-file", "blob", blob)).hexdigest()
            for path, blob in blobs.items()
            if path not in {MANIFEST, NO_JEKYLL, *HOSTS_OWN}
        }

    def rollback(self) -> str:
        raise PublishError("git 目标不能用 --rollback：用 --history 发布过的，请在仓库里 git revert")

    def _fetch(self) -> None:
        """Learn the branch as it is now; without its history, unless that is to be added to."""
        reference = f"refs/heads/{self.target.branch}"
        command = ["git", "ls-remote", "--exit-code", self.target.remote, reference]
        listed = run_program(command, environment=self._environment, allowed=(0, NO_BRANCH))
        if listed.returncode == NO_BRANCH:
            self._head = None
            return
        depth = [] if self.history else ["--depth=1"]
        self._run("fetch", "--quiet", "--no-tags", *depth, self.target.remote, f"+{reference}:refs/published")
        self._head = self._run("rev-parse", "refs/published").decode().strip()

    def _write_tree(self, stage: Path, plan: Plan, step: Step) -> str:
        """The tree of the stage with what stays of the old one; the stage itself holds no trace of git."""
        (stage / MANIFEST).write_bytes(dump_manifest(plan.manifest))
        self._run("read-tree", "--empty")
        command = ["git", f"--git-dir={self._folder.name}", f"--work-tree={stage}"]
        command += ["add", "--all", "--force", "--verbose", "."]  # a line a file
        follow_program(
            command,
            lambda line: step(int(line != f"add '{MANIFEST}'")),
            environment=self._environment,
            folder=stage,
        )
        self._add_blob(NO_JEKYLL, b"")
        for name in HOSTS_OWN:
            if (data := self.read(name)) is not None and name not in plan.manifest:
                self._add_blob(name, data)
        for folder in plan.kept_folders:
            self._run(f"--work-tree={stage}", "read-tree", f"--prefix={folder}/", f"{self._head}:{folder}")
        return self._run("write-tree").decode().strip()

    def _add_blob(self, path: str, data: bytes) -> None:
        blob = self._run("hash-object", "-w", "--stdin", data=data).decode().strip()
        self._run("update-index", "--add", "--cacheinfo", f"{FILE_MODE},{blob},{path}")

    def _run(self, *arguments: str, data: bytes | None = None, folder: Path | None = None) -> bytes:
        command = ["git", f"--git-dir={self._folder.name}", *arguments]
        place = folder or Path(self._folder.name)
        try:
            return run_program(command, data=data, environment=self._environment, folder=place).stdout
        except PublishError as error:
            raise PublishError(hide_password(str(error))) from None


def _token_place(remote: str) -> str:
    """The part of git's settings that goes with a remote's host alone; '' if a token would go there in the clear."""
    parts = urlsplit(remote)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/" if safe else ""


def _environment(remote: str) -> dict[str, str]:
    """No question at the terminal, no settings of the machine that change files, the token out of the command line."""
    settings = {"core.autocrlf": "false", "core.quotePath": "false", "core.excludesFile": os.devnull, "gc.auto": "0"}
    if (token := os.environ.get(TOKEN)) and (place := _token_place(remote)):
        credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings[f"http.{place}.extraHeader"] = f"Authorization: Basic {credentials}"
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        environment.pop(name, None)
    environment["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    for role in ("AUTHOR", "COMMITTER"):
        for part, value in AUTHOR.items():
            environment.setdefault(f"GIT_{role}_{part}", value)
        if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
            environment[f"GIT_{role}_DATE"] = f"{epoch} +0000"
    return environment
