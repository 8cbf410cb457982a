"""Publishing to other machines: a real repository, and a real sshd on loopback."""

from __future__ import annotations

import base64
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from gongbao.publish.git import GitStore
from gongbao.publish.git import _environment as git_environment
from gongbao.publish.manifest import load_manifest, make_manifest
from gongbao.publish.plan import make_plan
from gongbao.publish.problem import PublishError
from gongbao.publish.readback import check_sums
from gongbao.publish.rsync import RsyncStore
from gongbao.publish.run import open_store
from gongbao.publish.store import Store
from gongbao.publish.target import GitTarget, RsyncTarget, parse_target

from tests.commands import run_forked
from tests.conftest import REQUIRED
from tests.publishing import check_two_publications, publish_to_be_killed
from tests.test_publish import publish, simple_site

ROOT = Path(__file__).parents[1]
SECRET = "wJalrXUtnFEMI-not-a-real-key"


SOME_POINTS = 4  # at which a publication is killed; each takes seconds


# --- git:


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "site.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    return path


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("history", [False, True])
def test_git_branch_gets_one_commit_or_a_history(repository: Path, tmp_path: Path, *, history: bool) -> None:
    store = GitStore(GitTarget(str(repository), "pages"), history=history)
    check_two_publications(store, tmp_path)
    assert len(git(repository, "log", "--format=%h", "pages").splitlines()) == (3 if history else 1)
    assert ".nojekyll" in git(repository, "ls-tree", "--name-only", "pages").splitlines()


def test_domain_that_the_host_wrote_into_the_branch_stays(repository: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "--quiet", str(repository), str(work)], check=True, capture_output=True)
    (work / "CNAME").write_text("archive.example\n", encoding="utf-8")
    for command in (["add", "CNAME"], ["-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x"]):
        git(work, *command)
    git(work, "push", "-q", "origin", "HEAD:pages")
    store = GitStore(GitTarget(str(repository), "pages"), history=False)
    publish(store, simple_site(tmp_path / "site"), verify="target")
    assert store.read("CNAME") == b"archive.example\n"


def test_somebody_elses_publication_is_not_overwritten(repository: Path, tmp_path: Path) -> None:
    late = GitStore(GitTarget(str(repository), "pages"), history=False)
    early = GitStore(GitTarget(str(repository), "pages"), history=False)
    publish(early, simple_site(tmp_path / "site"))
    with pytest.raises(PublishError, match="git 没有做成"):
        publish(late, simple_site(tmp_path / "other", text="别"))
    assert early.read("index.html") == (tmp_path / "site" / "index.html").read_bytes()


def test_repository_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="git 没有做成"):
        GitStore(GitTarget(str(tmp_path / "none.git"), "pages"), history=False)


class Listener(BaseHTTPRequestHandler):
    """Writes down who asks with which authorisation, and sends everybody to where its server says."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.heard.append(self.headers.get("Authorization"))
        self.send_response(302 if server.elsewhere else 404)
        if server.elsewhere:
            self.send_header("Location", server.elsewhere + self.path)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def two_hosts() -> Iterator[list[Any]]:
    """Two hosts on loopback, the first of which sends on to the second."""
    servers: list[Any] = [ThreadingHTTPServer(("127.0.0.1", 0), Listener) for _ in range(2)]
    for server, elsewhere in zip(servers, (f"http://127.0.0.1:{servers[1].server_port}", ""), strict=True):
        server.heard, server.elsewhere = [], elsewhere
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


def test_token_goes_to_the_host_of_the_repository_alone_and_into_no_message(
    two_hosts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGBAO_GIT_TOKEN", SECRET)
    own, other = two_hosts
    with pytest.raises(PublishError, match="git 没有做成") as raised:
        GitStore(GitTarget(f"http://127.0.0.1:{own.server_port}/archive.git", "pages"), history=False)
    sent = base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()
    assert own.heard == [f"Basic {sent}"]
    assert other.heard
    assert set(other.heard) == {None}
    assert SECRET not in str(raised.value)
    assert sent not in str(raised.value)


def test_token_never_goes_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_GIT_TOKEN", SECRET)
    sent = base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()
    assert sent in "".join(git_environment("https://a.example/x.git").values())
    for remote in ("http://a.example/x.git", "ssh://git@a.example/x.git", "git@a.example:x.git", "/srv/x.git"):
        assert sent not in "".join(git_environment(remote).values())


# --- rsync:


@pytest.fixture(scope="module")
def remote_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """How rsync reaches an sshd of our own on loopback."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None or not shutil.which("rsync") or not shutil.which("ssh-keygen"):
        message = "install openssh-server and rsync (Debian: apt install openssh-server rsync) to test rsync:"
        pytest.fail(message) if REQUIRED else pytest.skip(message)
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "authorized_keys").write_text((folder / "user.pub").read_text(), encoding="utf-8")
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"AuthorizedKeysFile {folder}/authorized_keys\nPasswordAuthentication no\nPermitRootLogin yes\n"
        f"SetEnv HOME={folder}\n",  # without what the user's own shell begins with
        encoding="utf-8",
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where Debian's sshd, run by root, shuts itself in
    server = subprocess.Popen([sshd, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: not socket.create_connection(("127.0.0.1", port), 1).close())
        yield (
            f"ssh -p {port} -i {folder}/user -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=ERROR "
            f"-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -F none "
            f"-o ControlMaster=auto -o ControlPath={folder}/c -o ControlPersist=3"
        )
    finally:
        server.terminate()
        server.wait()


def wait_for(ready: Callable[[], object]) -> None:
    for _ in range(100):
        try:
            ready()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError


@pytest.fixture
def rsync_store(remote_shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RsyncStore:
    monkeypatch.setenv("RSYNC_RSH", remote_shell)
    (tmp_path / "far away").mkdir()
    return RsyncStore(RsyncTarget(f"{getpass.getuser()}@127.0.0.1", str(tmp_path / "far away" / "www")))


def test_rsync_publishes_and_keeps_the_last_search_index(rsync_store: RsyncStore, tmp_path: Path) -> None:
    check_two_publications(rsync_store, tmp_path)


def test_rsync_keeps_five_releases_and_rolls_back(rsync_store: RsyncStore, tmp_path: Path) -> None:
    publish(rsync_store, simple_site(tmp_path / "site", text="第0次"))
    first = Path(rsync_store.path, "theme/site.css").stat().st_ino
    for number in range(1, 6):
        publish(rsync_store, simple_site(tmp_path / "site", text=f"第{number}次"))
    assert len(os.listdir(rsync_store.releases)) == 5
    assert Path(rsync_store.path, "theme/site.css").stat().st_ino == first  # linked from release to release
    assert rsync_store.rollback().startswith("0005-")
    assert "第4次" in (rsync_store.read("index.html") or b"").decode()
    assert not (tmp_path / "site" / "published.json").exists()


def test_rsync_that_breaks_off_leaves_the_old_site(
    rsync_store: RsyncStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(rsync_store, simple_site(tmp_path / "site"))
    old = rsync_store.sums()
    # An rsync that is killed as soon as the transfer has begun, found before the real one.
    broken = tmp_path / "bin" / "rsync"
    broken.parent.mkdir()
    broken.write_text(f'#!/bin/sh\n{shutil.which("rsync")} "$@" & kill -9 $!\nwait $!\n', encoding="utf-8")
    broken.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{broken.parent}:{os.environ['PATH']}")
        with pytest.raises(PublishError, match="rsync 没有做成"):
            publish(rsync_store, simple_site(tmp_path / "site", text="新"))
    assert rsync_store.sums() == old
    publish(rsync_store, simple_site(tmp_path / "site", text="新"), verify="target")
    assert not [name for name in os.listdir(rsync_store.releases) if name.endswith(".partial")]


def test_rsync_refuses_a_folder_with_other_things(rsync_store: RsyncStore, tmp_path: Path) -> None:
    Path(rsync_store.path).mkdir()
    Path(rsync_store.path, "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(PublishError, match="已有别的内容"):
        publish(rsync_store, simple_site(tmp_path / "site"))


def test_host_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("ssh"):
        pytest.skip("install openssh-client to test rsync:")
    monkeypatch.setenv("RSYNC_RSH", "ssh -p 1 -o BatchMode=yes -o ConnectTimeout=2")
    with pytest.raises(PublishError, match="ssh 没有做成"):
        publish(RsyncStore(RsyncTarget("x@127.0.0.1", "/nowhere/www")), simple_site(tmp_path / "site"))


# --- both, killed

# Stands for ssh: hands over so many bytes of what a publication sends, in all its connections together, then kills it.
# The other side does what it still can with what has arrived.
SHORT_SSH = """\
#!{python}
import os, select, shlex, signal, subprocess, sys
from pathlib import Path
process = subprocess.Popen([*shlex.split(os.environ["REAL_SSH"]), *sys.argv[1:]], stdin=subprocess.PIPE)
counter = Path(os.environ["SENT"])
left = int(os.environ["MOST"]) - int(counter.read_text())
while process.poll() is None:
    if not select.select([0], [], [], 0.05)[0]:
        continue
    if not (data := os.read(0, 256)):
        break
    process.stdin.write(data[:left])
    process.stdin.flush()
    if len(data) > left:
        os.kill(int(os.environ["PUBLICATION"]), signal.SIGKILL)
        break
    left -= len(data)
process.stdin.close()
counter.write_text(str(int(os.environ["MOST"]) - left))
sys.exit(process.wait())
"""


@pytest.mark.parametrize("kind", ["rsync", "git"])
def test_progress_goes_on_file_by_file(broken: dict[str, Broken], tmp_path: Path, kind: str) -> None:
    store = open_store(
        parse_target(broken[kind].target.replace(f"git:{getpass.getuser()}@127.0.0.1:", "git:")), history=False
    )
    stage = simple_site(tmp_path / "stage")
    plan = make_plan({}, make_manifest(stage))
    steps: list[int] = []
    store.publish(stage, plan, steps.append)
    assert sum(steps) == len(plan.manifest) == steps.count(1)


@dataclass(frozen=True)
class Broken:
    """Publishes over a connection that breaks off after so many bytes."""

    folder: Path
    target: str

    def publish(self, site: Path, most: int) -> int:
        """How the publication ended; `sent` tells how much it sent."""
        (self.folder / "sent").write_text("0", encoding="utf-8")
        environment = {"MOST": str(most), "SENT": str(self.folder / "sent")}
        environment |= {
            "RSYNC_RSH": str(self.folder / "ssh"),
            "GIT_SSH": str(self.folder / "ssh"),
            "GIT_SSH_VARIANT": "ssh",
        }
        publication = partial(publish_to_be_killed, site, self.target)
        return run_forked(publication, before=partial(os.environ.update, environment)).returncode

    @property
    def sent(self) -> int:
        return int((self.folder / "sent").read_text(encoding="utf-8"))


@pytest.fixture
def broken(remote_shell: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Broken]:
    monkeypatch.setenv("RSYNC_RSH", remote_shell)
    monkeypatch.setenv("REAL_SSH", remote_shell)
    (tmp_path / "ssh").write_text(SHORT_SSH.format(python=sys.executable), encoding="utf-8")
    (tmp_path / "ssh").chmod(0o755)
    host = f"{getpass.getuser()}@127.0.0.1"
    return {
        "rsync": Broken(tmp_path, f"rsync:{host}:{tmp_path}/www"),
        "git": Broken(tmp_path, f"git:{host}:{repository}#pages"),
    }


@pytest.mark.parametrize("kind", ["rsync", "git"])
def test_killed_at_any_point_of_the_transfer_the_site_is_whole(
    broken: dict[str, Broken], repository: Path, tmp_path: Path, kind: str
) -> None:
    def store() -> Store:
        place = f"git:{repository}#pages" if kind == "git" else broken[kind].target
        return open_store(parse_target(place), history=False)

    publish(store(), simple_site(tmp_path / "site", version="a" * 12))
    assert broken[kind].publish(simple_site(tmp_path / "site", text="又" * 600, version="b" * 12), 1 << 30) == 0
    total, old = broken[kind].sent, store().sums()
    is_old = []
    for number in range(SOME_POINTS):
        site = simple_site(tmp_path / "site", text="新" * (600 + number), version=f"{number:012d}")
        assert broken[kind].publish(site, total * number // SOME_POINTS) == -signal.SIGKILL
        sums = store().sums()
        is_old.append(sums == old)
        check_sums(load_manifest(store().read("published.json"), ""), sums)
        old = sums
    assert is_old[:3] == [True] * 3  # what is killed at the very end may have been done
    publish(store(), site, verify="target")
    assert (tmp_path / "site" / "index.html").read_bytes() == store().read("index.html")


def test_target_of_the_command_line_opens_its_store(repository: Path) -> None:
    target = parse_target(f"git:{repository}#pages")
    assert target == GitTarget(str(repository), "pages")
