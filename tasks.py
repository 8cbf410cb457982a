"""Every command of Gongbao: `inv --list` shows them.

An ordinary Invoke file. Run as a script by a Python that has nothing installed, it first makes .venv, installs the
locked requirements there and hands over to Invoke inside it: `python3 tasks.py` builds and serves the archive,
`python3 tasks.py test` sets up what tests need and runs them.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongbao.edit.local import EditingPage

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PYTHON = (3, 11)
# Each group is installed once and again when its lock file changes: requirements/GROUP.txt, but for our own package.
LOCKS = {"gongbao": "pyproject.toml"}
# Groups that are installed together, one step after the other, with what pip is told of each step.
STEPS = (
    (("build",), ["--require-hashes"]),
    (("site", "publish", "cluster", "test", "bench"), ["--require-hashes", "--no-deps", "--no-build-isolation"]),
    (("gongbao",), ["--no-deps", "--no-build-isolation", "--editable", "."]),
)
# What a command needs beyond what a build does.
FOR_COMMANDS = {"test": ["publish", "cluster", "test"], "publish": ["publish"], "bench": ["bench"]}


def keep_bytecode() -> None:
    """Have this process, and those that it starts, keep in .venv what Python compiles.

    Machines that are set to keep nothing beside the sources would compile 400 modules for each command: seconds.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "pycache"))
    if __name__ != "__main__":
        sys.dont_write_bytecode, sys.pycache_prefix = False, folder


def set_up(groups: list[str]) -> None:
    """Make .venv and install the groups that are missing or out of date; exits with one sentence if that fails."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"工报需要 Python 3.11 或更新的版本，这里是 {sys.version.split()[0]}。")
    if not PYTHON.exists():
        try:
            import ensurepip  # noqa: F401  Debian ships venv without it
            import venv
        except ImportError:
            sys.exit("这台机器的 Python 没有 venv，请先安装（Debian、Ubuntu：sudo apt install python3-venv）。")
        print("正在建立 .venv …", flush=True)
        venv.create(VENV, with_pip=True)
    for together, options in STEPS:
        _install([group for group in together if group in groups], options)


def _install(groups: list[str], options: list[str]) -> None:
    locks = {group: ROOT / LOCKS.get(group, f"requirements/{group}.txt") for group in groups}
    stamps = {VENV / f"{group}.installed": hashlib.sha256(locks[group].read_bytes()).hexdigest() for group in groups}
    new = {path: own for path, own in stamps.items() if not path.exists() or path.read_text() != own}
    if not new:
        return
    names = [path.stem for path in new]
    print(f"正在安装 {'、'.join(names)} …", flush=True)
    # Python compiles what is imported; all of every package at once costs a new machine a quarter of a minute.
    quiet = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    listed = [part for group in names if group not in LOCKS for part in ("-r", str(locks[group]))]
    if subprocess.run([str(PYTHON), "-m", "pip", "install", *quiet, *options, *listed], cwd=ROOT).returncode:
        files = "、".join(locks[group].name for group in names)
        sys.exit(f"没有装成 {files} 里的依赖：请检查网络（或 pip 的镜像设置），然后再运行一次。")
    for path, own in new.items():
        path.write_text(own)


def main(arguments: list[str]) -> int:
    """Set up, then run Invoke in .venv with the same arguments."""
    keep_bytecode()
    groups = ["build", "site", "gongbao"]
    groups += FOR_COMMANDS.get(arguments[0] if arguments else "", [])
    set_up(groups)
    process = subprocess.Popen([str(PYTHON), "-m", "invoke", "--search-root", str(ROOT), *arguments])
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # Ctrl-C has reached it too; it has something to put in order, or to say
            continue


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

keep_bytecode()
# No threads of NumPy's for products of matrices: we have none of these, and they would spin in each process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from invoke.context import Context  # noqa: E402  not there yet when run as a script
from invoke.parser.argument import Argument  # noqa: E402
from invoke.tasks import Task, task  # noqa: E402

# Where each edition goes and what it is built with; the one without a name is what a host serves.
EDITIONS = {"": ("output", "pelicanconf.py"), "usb": ("usb", "usbconf.py")}


@task(
    help={
        "content": "内容文件夹（默认 content）",
        "output": "输出文件夹（默认 output，另做的一份是 usb）",
        "settings": "设置文件（默认 pelicanconf.py，另做的一份是 usbconf.py）",
        "edition": "另做一份：usb，不用网络和服务器就能读、能检索，放在 usb 文件夹",
        "fresh": "不用任何缓存",
        "profile": "把构建进程的时间花在哪里写进这个文件",
    }
)
def build(
    _: Context,
    content: str = "content",
    output: str = "",
    settings: str = "",
    edition: str = "",
    fresh: bool = False,
    profile: str = "",
) -> None:
    """Build the site; a failed build leaves the old output as it was."""
    from gongbao.build.apart import BuildError
    from gongbao.build.run import build_site

    if edition not in EDITIONS:
        print(f"没有“{edition}”这种版本，可用：{'、'.join(filter(None, EDITIONS))}", file=sys.stderr)
        sys.exit(2)
    usual_output, usual_settings = EDITIONS[edition]
    folder = Path(output or usual_output).absolute()
    try:
        report = build_site(
            Path(content),
            folder.with_name(f".{folder.name}-site") if edition else folder,
            Path(settings) if settings else ROOT / usual_settings,
            fresh=fresh,
            profile=Path(profile) if profile else None,
        )
    except BuildError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(report)
    if edition:
        from gongbao.usb.edition import make_edition

        print(make_edition(report.output, ROOT / "theme", folder))


@task(
    default=True,
    help={
        "port": "端口（默认 8000）",
        "edit": "在 /admin/ 打开编辑页，存在这台机器上",
        "drafts": "剪报的草稿在哪里（默认 drafts），预览在 /drafts/",
    },
)
def serve(_: Context, port: int = 8000, edit: bool = False, drafts: str = "drafts") -> None:
    """Build, serve at http://127.0.0.1:8000, rebuild on change, reload the page; drafts at /drafts/, --edit: a form."""
    from gongbao.build.serve import serve_site
    from gongbao.check.run import check_alone
    from gongbao.inventory import Preview

    os.chdir(ROOT)
    page = _open_editing_page(Path("content"), port) if edit else None
    preview = Preview(ROOT / ".output-drafts", Path(drafts), check_alone)
    settings = ROOT / "pelicanconf.py"
    sys.exit(serve_site(Path("content"), Path("output"), settings, port, extra=page, preview=preview))


def _open_editing_page(content: Path, port: int) -> EditingPage:
    from gongbao.build.inputs import read_values
    from gongbao.edit.local import EditingPage
    from gongbao.edit.package import PackageError
    from gongbao.problem import ContentError
    from gongbao.settings import read_settings

    try:
        name = read_settings(read_values(ROOT / "pelicanconf.py").get("GONGBAO", {})).name
        page = EditingPage(content, ROOT / ".cache" / "editing", name=name)
    except (PackageError, ContentError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(f"编辑页在网站建好以后打开：http://127.0.0.1:{port}/admin/", flush=True)
    return page


class Files(Argument):
    """A positional argument that takes all file names of the command line; Invoke's own take one."""

    def __init__(self, command: str, text: str, flags: set[str]) -> None:
        super().__init__(name="file", kind=list, positional=True, help=text)
        arguments = sys.argv[sys.argv.index(command) + 1 :] if command in sys.argv else []
        options = {at for at, word in enumerate(arguments) if word.startswith("-")}
        values = {at + 1 for at in options if "=" not in arguments[at] and arguments[at].lstrip("-") not in flags}
        self.files: list[str] = []
        self.expected = len(set(range(len(arguments))) - options - values)

    @property
    def value(self) -> list[str] | None:
        """The files; None, which asks the parser for more, as long as some are still to come."""
        return self.files if len(self.files) >= self.expected else None

    @value.setter
    def value(self, arg: str) -> None:
        self.files.append(arg)


class FilesTask(Task[Callable[..., None]]):
    """A task whose `file` takes any number of names."""

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        """Its arguments, the one for files in the place of Invoke's."""
        arguments = super().get_arguments(ignore_unknown_help)
        others = [one for one in arguments if one.name != "file"]
        flags = {name for one in others if not one.takes_value for name in one.names}
        text = next(one.help for one in arguments if one.name == "file") or ""
        return [Files(self.name, text, flags), *others]


class OptionalTask(Task[Callable[..., None]]):
    """A task whose positional argument may be left out; Invoke fills in only those that have no default."""

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        """Its arguments; the default of a positional one is taken away if a word follows the command."""
        arguments = super().get_arguments(ignore_unknown_help)
        following = sys.argv[sys.argv.index(self.name) + 1 :] if self.name in sys.argv else []
        if following and not following[0].startswith("-"):
            for argument in arguments:
                argument.default = None if argument.positional else argument.default
        return arguments


@task(
    klass=FilesTask,
    positional=["file"],
    help={
        "file": "版面录文：文件或文件夹，可以有多个",
        "out": "草稿放在哪里；有多个版面时，每版一个文件夹",
        "date": "版面日期，如 2020-01-16",
        "paper": "报纸：papers.toml 里的名称或标识",
        "page": "版次",
        "min-confidence": "把握低于这个数（0—1）的草稿另放 doubtful 文件夹",
        "accept": "收下一份审阅过的草稿，移到 content/articles/",
        "content": "内容文件夹（默认 content）",
    },
)
def clip(
    _: Context,
    file: list[str],
    out: str = "",
    date: str = "",
    paper: str = "",
    page: str = "",
    min_confidence: str = "",
    accept: str = "",
    content: str = "content",
) -> None:
    """Cut page dumps into article drafts, or accept a reviewed draft."""
    from gongbao.clip.accept import accept_draft
    from gongbao.clip.batch import find_jobs, read_options, report, run_batch
    from gongbao.clip.problem import ClipError, UsageError
    from gongbao.problem import ContentError

    try:
        if accept:
            if file or out:
                raise UsageError("--accept 只收一份草稿，不和录文、--out 一起用")
            print(accept_draft(Path(accept), Path(content)))
            return
        if not file or not out:
            raise UsageError("用法：inv clip 录文… --out 文件夹，或 inv clip --accept 草稿")
        options = read_options(Path(content), date=date, paper=paper, page=page, least=min_confidence)
        outcomes = run_batch(find_jobs(map(Path, file), Path(out)), options)
    except UsageError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except (ClipError, ContentError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    report(outcomes, Path(out))
    sys.exit(1 if any(outcome.error for outcome in outcomes) else 0)


@task(
    klass=FilesTask,
    positional=["file"],
    help={
        "file": "只看这些文件或文件夹；不写就看全部内容",
        "content": "内容文件夹（默认 content）",
        "json": "输出 JSON",
        "sarif": "输出 SARIF，代码托管平台用它在合并请求里注明",
        "fix": "改正只有一种改法的问题，再列出其余的",
        "rules": "列出全部规则",
    },
)
def check(
    _: Context,
    file: list[str],
    content: str = "content",
    json: bool = False,
    sarif: bool = False,
    fix: bool = False,
    rules: bool = False,
) -> None:
    """List every problem of the content as path:line:column: message (rule-id)."""
    from gongbao.check.command import UsageError, check_files, list_rules
    from gongbao.check.report import report_problems, report_sarif, summarise
    from gongbao.problem import has_errors

    if rules:
        print(list_rules())
        return
    try:
        problems = check_files(list(map(Path, file)), Path(content), fix=fix)
    except UsageError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(report_sarif(problems, ROOT) if sarif else report_problems(problems, as_json=json), end="")
    print(summarise(problems), file=sys.stderr)
    sys.exit(1 if has_errors(problems) else 0)


@task(
    klass=OptionalTask,
    positional=["title"],
    help={
        "title": "标题；在终端里不写，就逐项询问",
        "slug": "文件名，也是永久地址：小写字母、数字、连字符（默认是标题的拼音）",
        "date": "日期（默认今天）",
        "region": "地区，如 安塞 或 陕西省/延安市/安塞区；几处用空格隔开",
        "campaign": "活动；几项用空格隔开",
        "paper": "刊于哪份报纸",
        "printed": "见报日期",
        "page": "第几版",
        "byline": "署名，如 “本报记者 张三；通讯员 李四”",
        "content": "内容文件夹（默认 content）",
        "no-edit": "写好后不打开编辑器（$VISUAL 或 $EDITOR）",
    },
)
def new(
    _: Context,
    title: str = "",
    slug: str = "",
    date: str = "",
    region: str = "",
    campaign: str = "",
    paper: str = "",
    printed: str = "",
    page: str = "",
    byline: str = "",
    content: str = "content",
    no_edit: bool = False,
) -> None:
    """Begin an article's file: asks at a terminal for what isn't given, and opens $EDITOR."""
    from gongbao.archive import load_lists
    from gongbao.draft import DraftError
    from gongbao.problem import ContentError
    from gongbao.write.ask import Interview, open_editor
    from gongbao.write.new import Given, make_plan, write_article

    given = Given(title, date, region, campaign, paper, printed, page, byline, slug)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    try:
        lists = load_lists(Path(content))
        plan = Interview(lists, Path(content)).complete(given) if at_terminal else make_plan(given, lists)
        path, warnings = write_article(Path(content), plan, lists)
    except DraftError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except ContentError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except (EOFError, KeyboardInterrupt):
        print("\n没有写任何文件。", file=sys.stderr)
        sys.exit(130)
    for warning in warnings:
        print(warning, file=sys.stderr)
    print(path, flush=True)
    if at_terminal and not no_edit and (wrong := open_editor(path, os.environ)):
        print(wrong, file=sys.stderr)


@task(help={"content": "内容文件夹（默认 content）", "show": "只输出 JSON Schema，不写文件"})
def schema(_: Context, content: str = "content", show: bool = False) -> None:
    """Write what the editors' tools know of front matter: docs/article.schema.json and frontmatter.json."""
    from gongbao.archive import load_lists
    from gongbao.problem import ContentError
    from gongbao.write.files import own_files, write_files
    from gongbao.write.schema import schema_text

    try:
        lists = load_lists(Path(content))
    except ContentError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    if show:
        print(schema_text(lists), end="")
        return
    for path in write_files(own_files(lists), ROOT):
        print(path)


@task(help={"content": "内容文件夹（默认 content）", "files": "列出每一个要看的文件", "json": "输出 JSON"})
def stats(_: Context, content: str = "content", files: bool = False, json: bool = False) -> None:
    """Tell what the archive holds, and what in it is untagged, doubtful or unread."""
    from gongbao.archive import load_lists
    from gongbao.problem import ContentError
    from gongbao.stats.count import count_archive
    from gongbao.stats.tables import print_stats, to_json

    if not Path(content).is_dir():
        print(f"没有内容文件夹 {content}", file=sys.stderr)
        sys.exit(2)
    try:
        counted = count_archive(Path(content), load_lists(Path(content)))
    except ContentError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    if json:
        print(to_json(counted))
    else:
        print_stats(counted, with_files=files)


@task(
    positional=["query"],
    help={
        "query": "检索词",
        "region": "地区代码，如 610600",
        "campaign": "活动标识，如 song-wennuan",
        "paper": "报纸标识，如 gongren-ribao",
        "year": "年份，如 2020 或 2019-2021",
        "output": "已建成的网站（默认 output）",
        "limit": "最多列出多少篇（默认 10）",
        "json": "输出 JSON",
    },
)
def search(
    _: Context,
    query: str,
    region: str = "",
    campaign: str = "",
    paper: str = "",
    year: str = "",
    output: str = "output",
    limit: int = 10,
    json: bool = False,
) -> None:
    """Search the built site at the terminal."""
    from gongbao.search.terminal import UsageError, search_site

    try:
        print(
            search_site(
                Path(output), query, region=region, campaign=campaign, paper=paper, year=year, limit=limit, as_json=json
            )
        )
    except UsageError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


@task(
    optional=["verify"],
    iterable=["gone"],
    help={
        "to": "目标：dir:文件夹、rsync:用户@主机:路径、git:仓库#分支、s3:桶",
        "site": "已建成的网站；不给就先用 publishconf.py 把内容建到 public",
        "content": "内容文件夹（默认 content）",
        "dry-run": "只列出会有什么变化，什么也不发布",
        "plan": "把变化另写成 Markdown 文件",
        "verify": "发布后取回每个文件核对；后面写网址就从那里取，不写就从目标取",
        "rollback": "退回上一次发布（dir、rsync）",
        "history": "git：在原有提交之后添一次提交；不给就只留一次提交",
        "gone": "确实要撤下的地址，可以写几次",
    },
)
def publish(
    _: Context,
    to: str,
    gone: list[str],
    site: str = "",
    content: str = "content",
    dry_run: bool = False,
    plan: str = "",
    verify: str = "",
    rollback: bool = False,
    history: bool = False,
) -> None:
    """Verify the site and publish it."""
    set_up(["publish"])
    from gongbao.publish.problem import PublishError, UsageError
    from gongbao.publish.run import TARGET_ITSELF, Options, open_store, publish_site, roll_back
    from gongbao.publish.secrets import hide_secrets
    from gongbao.publish.target import parse_target

    verify = str(verify or "")  # Invoke gives True for the option without a value

    def say(text: object) -> None:
        print(hide_secrets(str(text), os.environ), flush=True)

    record = Path(content).absolute().parent / "published.json"
    try:
        store = open_store(parse_target(to), history=history)
        if rollback:
            roll_back(store, record, say)
            return
        aliases = _check_for_publishing(Path(content), frozenset(gone))
        folder = Path(site).absolute() if site else _build_for_publishing(Path(content))
        options = Options(
            site=folder,
            record=record,
            aliases=aliases,
            gone=frozenset(gone),
            dry_run=dry_run,
            plan_file=Path(plan) if plan else None,
            verify=TARGET_ITSELF if verify == "True" else verify,
        )
        publish_site(store, options, _searcher(folder), say)
    except PublishError as error:
        print(hide_secrets(str(error), os.environ), file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        print("已中断。网站照常可看；再发布一次，就把没做完的做完。", file=sys.stderr)
        sys.exit(130)


def _check_for_publishing(content: Path, gone: frozenset[str]) -> dict[str, str]:
    """Refuse content with errors; give where the articles' old addresses lead."""
    from gongbao.archive import load_archive
    from gongbao.check.report import report_problems
    from gongbao.check.run import check_content

    problems = check_content(content, gone=gone)
    print(report_problems(problems, as_json=False), end="", file=sys.stderr)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)
    return {alias: article.address for article in load_archive(content).articles for alias in article.aliases}


def _build_for_publishing(content: Path) -> Path:
    from gongbao.build.apart import BuildError
    from gongbao.build.run import build_site

    try:
        report = build_site(content, ROOT / "public", ROOT / "publishconf.py")
    except BuildError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(report, flush=True)
    return report.output


def _searcher(site: Path) -> Callable[[str], list[str]]:
    def find_titles(query: str) -> list[str]:
        from gongbao.search.engine import open_index

        return [hit.title for hit in open_index(site).search(query).results]

    return find_titles


# What `bench` runs, and which of its options each takes.
BENCHMARKS = {
    "search": ("articles", "no_peers"),
    "build": ("articles", "no_peers"),
    "check": ("articles",),
    "clip": (),
    "lighthouse": (),
}


@task(
    klass=OptionalTask,
    positional=["name"],
    help={
        "name": f"测什么：{'、'.join(BENCHMARKS)}（默认 search）",
        "articles": "测检索用多少篇文章（默认 1000）",
        "no-peers": "测检索只测工报自己",
    },
)
def bench(_: Context, name: str = "search", articles: int = 1000, no_peers: bool = False) -> None:
    """Run one of the benchmarks of benchmarks/, peers included."""
    if name not in BENCHMARKS:
        print(f"没有“{name}”这项测速，可用：{'、'.join(BENCHMARKS)}", file=sys.stderr)
        sys.exit(2)
    options = {"articles": ["--articles", str(articles)], "no_peers": ["--no-peers"] if no_peers else []}
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    for option in BENCHMARKS[name]:
        command += options[option]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)


# Files stay whole, as their tests share servers and sites, and in the order that tests/conftest.py gives them: the
# slowest first, which may be of few tests.
IN_FILES = ("--dist=loadfile", "--no-loadscope-reorder")


@task(help={"select": "只运行名字里有这个词的测试"})
def test(_: Context, select: str = "") -> None:
    """Run all tests: Python, JavaScript, browser, linters, types."""
    # One more than there are processors: browsers and servers are waited for half of the time.
    options = ["-k", select] if select else [f"--numprocesses={(os.cpu_count() or 1) + 1}", *IN_FILES]
    command = [sys.executable, "-m", "pytest", *options]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)
