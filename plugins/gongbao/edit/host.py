"""The setting `editing`: which Git host keeps the archive that /admin/ edits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Kind = Literal["github", "gitlab", "local"]
SETTING_RE = re.compile(
    r"(?P<kind>github|gitlab):(?:(?P<server>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?)/)?"
    r"(?P<repository>[\w-][\w.-]*(?:/[\w-][\w.-]*)+)(?:@(?P<branch>[\w.-]+(?:/[\w.-]+)*))?"
)
SERVERS = {"github": "api.github.com", "gitlab": "gitlab.com"}
# The faces of those who are signed in; GitHub keeps them on a host of its own.
FACES = {"github": "https://avatars.githubusercontent.com", "gitlab": ""}


@dataclass(frozen=True)
class Host:
    """Where the page reads and saves: a repository's branch on a server, or this machine."""

    kind: Kind
    repository: str = ""
    branch: str = "main"
    server: str = ""

    @property
    def origin(self) -> str:
        """The one address beside the site's own that the page may ask; empty on this machine."""
        return f"https://{self.server}" if self.server else ""

    @property
    def api(self) -> str:
        return {"github": self.origin, "gitlab": f"{self.origin}/api/v4", "local": "/admin/api"}[self.kind]

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of /admin/, as the page itself states it.

        Decap compiles the check of its configuration to a function ('unsafe-eval') and sets styles as it draws.
        """
        asked = f" {self.origin}" if self.origin else ""
        faces = f" {FACES[self.kind] or self.origin}" if self.origin else ""
        return (
            "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:{faces}; connect-src 'self' data: blob:{asked}; object-src 'none'; "
            "base-uri 'none'; form-action 'self'"
        )


LOCAL = Host("local")


def parse_host(setting: str) -> Host | None:
    """The host that the setting names, None if it is empty. Raises ValueError saying what is allowed."""
    if not setting:
        return None
    match = SETTING_RE.fullmatch(setting)
    if match is None or (match["kind"] == "github" and (match["server"] or match["repository"].count("/") != 1)):
        raise ValueError(
            f"GONGBAO['editing'] 是“{setting}”，应写 github:用户/仓库 或 gitlab:组/项目，"
            "自己的 GitLab 写 gitlab:主机/组/项目，分支不是 main 的在后面加 @分支"
        )
    kind: Kind = "github" if match["kind"] == "github" else "gitlab"
    return Host(kind, match["repository"], match["branch"] or "main", match["server"] or SERVERS[kind])


def project_address(host: Host) -> str:
    """Where the host's programming interface tells of the repository."""
    if host.kind == "github":
        return f"{host.api}/repos/{host.repository}"
    return f"{host.api}/projects/{quote(host.repository, safe='')}"
