"""A publication from end to end: verify, stage, compare, send, read back, remember."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gongbao.addresses import file_of
from gongbao.progress import show_progress
from gongbao.publish.hosting import hosting_files
from gongbao.publish.manifest import Manifest, dump_manifest, load_manifest, site_files
from gongbao.publish.page import inspect_page
from gongbao.publish.permanence import find_redirects
from gongbao.publish.plan import Plan, describe_plan, find_kept_folders, format_bytes, make_plan, plan_as_markdown
from gongbao.publish.problem import PublishError, UsageError, list_some
from gongbao.publish.readback import check_manifest, check_served, check_sums
from gongbao.publish.stage import Stage, count_compressible, editing_policy, make_stage
from gongbao.publish.store import Store
from gongbao.publish.target import FolderTarget, GitTarget, RsyncTarget, S3Target, Target
from gongbao.publish.verify import Search, Site, verify_search, verify_site
from gongbao.published import MANIFEST

CATALOGUE = "data/articles.json"
TITLES_SEARCHED = 5
NOBODYS_HOSTS = frozenset(("127.0.0.1", "localhost", "example.org"))  # of settings that nobody has filled in
TARGET_ITSELF = "target"


@dataclass(frozen=True)
class Options:
    """A publication as the command line asks for it.

    `record` is where the project keeps the last published manifest; `verify` is empty, TARGET_ITSELF, or an address.
    """

    site: Path
    record: Path
    aliases: Mapping[str, str]
    gone: frozenset[str] = frozenset()
    dry_run: bool = False
    plan_file: Path | None = None
    verify: str = ""


def open_store(target: Target, *, history: bool) -> Store:
    """The place that a target means; what a kind of place needs is loaded only for it."""
    match target:
        case FolderTarget():
            from gongbao.publish.folder import FolderStore

            return FolderStore(target)
        case RsyncTarget():
            from gongbao.publish.rsync import RsyncStore

            return RsyncStore(target)
        case GitTarget():
            from gongbao.publish.git import GitStore

            return GitStore(target, history=history)
        case S3Target():
            from gongbao.publish.s3 import S3Store

            return S3Store(target)


def publish_site(store: Store, options: Options, search: Search, say: Callable[[str], None]) -> None:
    """Publish a built site, or say what would change. `search` gives the titles that a query finds in it first.

    Raises PublishError; before the last step of the store's own publication readers get the old site.
    """
    site = open_site(options.site)
    verify_before(site, search)
    old = load_manifest(store.read(MANIFEST), f"已发布的 {MANIFEST}")
    remembered = load_manifest(_read(options.record), str(options.record))
    redirects = find_redirects({**remembered, **old}, site.files, options.aliases, options.gone)
    stage = _stage(site, redirects, precompress=store.precompresses)
    plan = make_plan(old, stage.manifest, find_kept_folders(old, stage.manifest, store.read))
    if options.plan_file:
        options.plan_file.write_text(plan_as_markdown(plan, old), encoding="utf-8")
    if options.dry_run:
        say(describe_plan(plan, old))
        return
    say(_publish(store, stage, plan))
    _write_hosting(site, store.served, redirects)
    _read_back(store, plan.manifest, redirects, options.verify)
    _remember(options.record, dump_manifest(plan.manifest))


def roll_back(store: Store, record: Path, say: Callable[[str], None]) -> None:
    """Put the release before the last one back."""
    release = store.rollback()
    manifest = store.read(MANIFEST)
    if manifest is not None:
        _remember(record, manifest)
    say(f"已退回 {release}")


def open_site(folder: Path) -> Site:
    """A built site, with the address that its home page gives as its own. Raises UsageError if there is none."""
    if not (folder / "index.html").is_file():
        raise UsageError(f"{folder} 里没有建成的网站，请先运行 inv build")
    siteurl = inspect_page(folder, "index.html").canonical.rstrip("/")
    if urlsplit(siteurl).hostname in NOBODYS_HOSTS:
        print(f"注意：网站写着的地址是 {siteurl}，正式发布请设环境变量 GONGBAO_SITEURL 再构建。", file=sys.stderr)
    return Site(folder, frozenset(site_files(folder)), siteurl)


def verify_before(site: Site, search: Search) -> None:
    """Everything that a built site must be to leave. Raises PublishError with every problem."""
    pages = sum(file.endswith(".html") for file in site.files)
    with show_progress("核验页面", pages) as step:
        problems = verify_site(site, step)
    problems += verify_search(sample_titles(site), search)
    if problems:
        raise PublishError(f"网站有 {len(problems)} 处问题，没有发布：" + list_some(problems))


def sample_titles(site: Site) -> list[str]:
    """A few titles of articles, from all over the catalogue."""
    if CATALOGUE not in site.files:
        return []
    articles = json.loads((site.folder / CATALOGUE).read_text(encoding="utf-8"))
    return [article["title"] for article in articles[:: max(1, len(articles) // TITLES_SEARCHED)]][:TITLES_SEARCHED]


def _stage(site: Site, redirects: Mapping[str, str], *, precompress: bool) -> Stage:
    with show_progress("压缩文件", count_compressible(site) if precompress else 0) as step:
        return make_stage(site, redirects, precompress=precompress, step=step)


def _publish(store: Store, stage: Stage, plan: Plan) -> str:
    if not plan:
        return "没有变化，不必发布。"
    with show_progress("发布", len(plan.manifest)) as step:
        store.publish(stage.folder, plan, step)
    counts = f"新增 {len(plan.added)}，改动 {len(plan.changed)}，删除 {len(plan.removed)} 个文件"
    return f"已发布：{counts}，共 {format_bytes(plan.bytes_sent)}"


def _read_back(store: Store, manifest: Manifest, redirects: Mapping[str, str], verify: str) -> None:
    check_manifest(manifest, store.read)
    if verify == TARGET_ITSELF:
        check_sums(manifest, store.sums())
    elif verify:
        with show_progress("取回核对", len(manifest)) as step:
            moved = {file_of(old): target for old, target in redirects.items()}
            check_served(manifest, verify.rstrip("/"), moved, step)


def _write_hosting(site: Site, root: str, redirects: Mapping[str, str]) -> None:
    folder = site.folder.with_name(f"{site.folder.name}-hosting")
    folder.mkdir(exist_ok=True)
    for name, text in hosting_files(site.base, root, redirects, editing_policy(site)).items():
        (folder / name).write_text(text, encoding="utf-8")


def _remember(record: Path, manifest: bytes) -> None:
    """In one step: half a record would stop every check and publication after it."""
    beside = record.with_name(f".{record.name}.new")
    beside.write_bytes(manifest)
    beside.replace(record)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
