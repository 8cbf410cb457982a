"""s3: — an object store, file by file in an order in which every page that is served finds what it needs."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from gongbao.publish.hosting import cache_control, content_type
from gongbao.publish.manifest import Entry, dump_manifest, load_manifest
from gongbao.publish.plan import SEARCH_MANIFEST, Plan
from gongbao.publish.problem import PublishError
from gongbao.publish.store import SOME_FOLDER, Step
from gongbao.publish.target import S3Target
from gongbao.published import MANIFEST

# What a publication is about to make true; as long as it is there, one has begun and not ended.
PENDING = "publishing.json"
AT_ONCE = 8
HOME = "index.html"
UNKNOWN = Entry("", 0)
MOST_DELETED = 500  # in one request; the protocol allows a thousand
# Not every compatible store knows the newer checksums.
CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 5},
    max_pool_connections=AT_ONCE,
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
MISSING = frozenset(("NoSuchKey", "404", "NotFound"))


class S3Store:
    """Address, region and keys of the store are in the variables that boto3 reads: AWS_ENDPOINT_URL_S3 and so on."""

    served = SOME_FOLDER
    precompresses = False

    def __init__(self, target: S3Target) -> None:
        self.target = target
        with self._explained():
            self.client: Any = boto3.client("s3", config=CONFIG)

    def read(self, path: str) -> bytes | None:
        data = self._get(path)
        pending = self._get(PENDING) if path == MANIFEST else None
        if pending is None:
            return data
        # Of what a broken publication was about to change nobody knows how it stands: it has to be sent or removed.
        old = load_manifest(data, MANIFEST)
        begun = load_manifest(pending, PENDING)
        unknown = {name for name in {*old, *begun} if old.get(name) != begun.get(name)}
        return dump_manifest({**old, **dict.fromkeys(unknown, UNKNOWN)})

    def publish(self, stage: Path, plan: Plan, step: Step) -> None:
        def send(path: str) -> None:
            self._put(path, (stage / path).read_bytes())
            step(1)

        step(len(plan.manifest) - len(plan.sent))
        manifest = dump_manifest(plan.manifest)
        with self._explained(), ThreadPoolExecutor(AT_ONCE) as threads:
            # With what will be removed, so that it is known of until it is gone.
            self._put(PENDING, dump_manifest({**dict.fromkeys(plan.removed, UNKNOWN), **plan.manifest}))
            for paths in sending_order(plan):
                _run_all(threads, send, paths)
            self._put(MANIFEST, manifest)
            self._delete(plan.removed)
            self._delete([PENDING])

    def sums(self) -> dict[str, str]:
        with self._explained(), ThreadPoolExecutor(AT_ONCE) as threads:
            paths = [path for path in self._list() if path not in {MANIFEST, PENDING}]
            return dict(zip(paths, threads.map(self._sum, paths), strict=True))

    def rollback(self) -> str:
        raise PublishError("s3 目标不能用 --rollback：请用上一版内容重新发布")

    def _get(self, path: str) -> bytes | None:
        with self._explained():
            try:
                answer = self.client.get_object(Bucket=self.target.bucket, Key=self.target.prefix + path)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in MISSING:
                    return None
                raise
            return bytes(answer["Body"].read())

    def _put(self, path: str, data: bytes) -> None:
        self.client.put_object(
            Bucket=self.target.bucket,
            Key=self.target.prefix + path,
            Body=data,
            ContentType=content_type(path),
            CacheControl=cache_control(path),
        )

    def _delete(self, paths: Iterable[str]) -> None:
        keys = [{"Key": self.target.prefix + path} for path in paths]
        for at in range(0, len(keys), MOST_DELETED):
            self.client.delete_objects(
                Bucket=self.target.bucket, Delete={"Objects": keys[at : at + MOST_DELETED], "Quiet": True}
            )

    def _list(self) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.target.bucket, Prefix=self.target.prefix
        )
        for page in pages:
            yield from (item["Key"].removeprefix(self.target.prefix) for item in page.get("Contents", []))

    def _sum(self, path: str) -> str:
        return hashlib.sha256(self._get(path) or b"").hexdigest()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise PublishError(f"s3:{self.target.bucket}：{error}") from None


def sending_order(plan: Plan) -> list[list[str]]:
    """What may be sent at once, and what only after it: nothing is named before it is there.

    New files that aren't pages, then changed ones, then pages that are new, then pages that link to them, then the
    manifest of the search index, and the home page at the end.
    """
    last = [path for path in (SEARCH_MANIFEST, HOME) if path in plan.sent]
    added = [path for path in plan.added if path not in last]
    changed = [path for path in plan.changed if path not in last]
    groups = [
        [path for path in added if not path.endswith(".html")],
        [path for path in changed if not path.endswith(".html")],
        [path for path in added if path.endswith(".html")],
        [path for path in changed if path.endswith(".html")],
        *([path] for path in last),
    ]
    return [group for group in groups if group]


def _run_all(threads: ThreadPoolExecutor, function: Callable[[str], None], paths: Iterable[str]) -> None:
    """Do all of them; the first that fails stops those that haven't begun."""
    futures = [threads.submit(function, path) for path in paths]
    try:
        for future in futures:
            future.result()
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        raise
