"""After publishing: what is there, is it what was sent?"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from gongbao.publish.manifest import Manifest, dump_manifest
from gongbao.publish.plan import COMPRESSED
from gongbao.publish.problem import PublishError, list_some
from gongbao.published import MANIFEST

TIMEOUT = 30
AT_ONCE = 8
UNSERVED = frozenset(("_headers", "_redirects"))  # hosts read these themselves


def check_manifest(manifest: Manifest, read: Callable[[str], bytes | None]) -> None:
    """Compare the published manifest with what it should be. Raises PublishError."""
    if read(MANIFEST) != dump_manifest(manifest):
        raise PublishError(f"取回的 {MANIFEST} 和发布的不一样：发布没有到位，或者另有人同时在发布")


def check_sums(manifest: Manifest, sums: dict[str, str]) -> None:
    """Compare every published file. Raises PublishError naming those that are missing or different."""
    wrong = [
        f"/{path}：{'不一样' if path in sums else '没有'}"
        for path, entry in sorted(manifest.items())
        if sums.get(path) != entry.sha256
    ]
    if wrong:
        raise PublishError(f"发布了的文件有 {len(wrong)} 个不对：" + list_some(wrong))


def check_served(manifest: Manifest, siteurl: str, moved: Mapping[str, str], step: Callable[[int], None]) -> None:
    """The same over HTTP, as a reader gets it. Raises PublishError.

    `moved` are the files that lead to another address: a host may redirect there instead of sending them.
    """
    paths = sorted(path for path in manifest if path not in UNSERVED and not path.endswith(COMPRESSED))

    def fetch_sum(path: str) -> tuple[str, str]:
        address, data = fetch(siteurl, path)
        step(1)
        if path in moved and address == f"{siteurl}{moved[path]}":
            return path, manifest[path].sha256
        return path, "" if data is None else hashlib.sha256(data).hexdigest()

    check_manifest(manifest, lambda path: fetch(siteurl, path)[1])
    with ThreadPoolExecutor(AT_ONCE) as threads:
        sums = {path: value for path, value in threads.map(fetch_sum, paths) if value}
    check_sums({path: manifest[path] for path in paths}, sums)


def fetch(siteurl: str, path: str) -> tuple[str, bytes | None]:
    """Where an address of the site leads, and the body there, None if there is none.

    Raises PublishError if the host doesn't answer.
    """
    address = f"{siteurl}/{quote(path.removesuffix('index.html'))}"
    request = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.url, bytes(answer.read())
    except urllib.error.HTTPError as error:
        if error.code in {403, 404, 410}:
            return address, None
        raise PublishError(f"{address}：{error}") from None
    except OSError as error:
        raise PublishError(f"{address} 取不到：{error}") from None
