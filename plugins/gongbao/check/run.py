"""Every problem of a content folder: files side by side, then all of them together; only what changed is looked at."""

from __future__ import annotations

import datetime
import pickle
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from gongbao.archive import IMAGES, article_files, load_lists, page_files, stray_files, vocabulary_folder
from gongbao.cache import Cache, hash_files, hash_parts
from gongbao.check.chunk import Checked, Chunk, check_chunk, check_file, make_chunk, read_bytes
from gongbao.check.rules import CONTENT_CHECKS, RULES, WHOLE_CHECKS, Remark
from gongbao.check.whole import Whole
from gongbao.chunks import cut_chunks
from gongbao.origin import code_hash, library_versions
from gongbao.problem import Problem
from gongbao.progress import tell_nobody
from gongbao.published import load_record, record_of
from gongbao.workers import make_executor, map_ordered

Report = Callable[[str, int, int], None]
CODE = ("check/**/*",)
UNUSED = "unused-ignore"
FEW = 300  # files that are checked sooner than other processes begin


def check_content(
    content: Path, *, gone: Collection[str] = (), cache: Path | None = None, report: Report = tell_nobody
) -> list[Problem]:
    """The problems of all articles, pages and vocabularies, by file and line.

    `gone` are published addresses that an editor lets go: nobody misses them. `cache` is where results are kept:
    `.cache/` beside the content unless given. `report` is told how far it has got.
    """
    if problems := [problem for own in CONTENT_CHECKS for problem in _check_first(own, content)]:
        return sorted(problems, key=lambda problem: problem.sort_key)
    with _open_cache(cache or content.absolute().parent / ".cache" / f"check-{content.absolute().name}") as kept:
        return _check_all(content, frozenset(gone), kept, report)


def check_alone(path: Path, content: Path) -> list[Problem]:
    """The problems of a file outside any content folder, such as a draft, by the lists of `content`."""
    return settle([check_file(path, read_bytes(path), content, load_lists(content))], (), alone=True)


def _check_first(own: str, content: Path) -> Iterator[Problem]:
    return (_to_problem(own, remark) for remark in CONTENT_CHECKS[own](content))


def _to_problem(own: str, remark: Remark) -> Problem:
    severity = remark.severity or RULES[own].severity
    return Problem(remark.path, remark.line, remark.message, own, severity, remark.column)


@contextmanager
def _open_cache(folder: Path) -> Iterator[Cache]:
    """A cache in a folder, or for this run only where none can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield Cache(folder)
    except OSError:
        with tempfile.TemporaryDirectory() as passing:
            yield Cache(Path(passing))


def _check_all(content: Path, gone: frozenset[str], cache: Cache, report: Report) -> list[Problem]:
    environment = _hash_environment(content)
    files = [*article_files(content), *page_files(content)]
    named = partial(_relative_name, content)
    chunks = [make_chunk(content, own, environment) for own in cut_chunks(files, named)]
    images = {path.relative_to(content / IMAGES).as_posix(): path.stat() for path in _images(content)}
    seen = (f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in images.items())
    record, strays, tomorrow = record_of(content), tuple(stray_files(content)), _tomorrow()
    whole = hash_parts(
        (
            *(environment, tomorrow, record.read_bytes() if record.exists() else b"", repr(sorted(gone))),
            *(*map(str, strays), "", *seen, "", *(one.key for one in chunks)),
        )
    )
    name = f"whole/{whole}"
    if data := cache.read(name):
        problems: list[Problem] = pickle.loads(data)
        return problems
    lists = load_lists(content)  # before other processes begin: forked ones have them then
    checked = list(chain.from_iterable(_check_chunks(chunks, cache, report)))
    facts = tuple(one.facts for one in checked)
    once = {address: line for address, line in load_record(record).items() if address not in gone}
    whole_archive = Whole(content, facts, lists, frozenset(images), record, once, strays, tomorrow)
    problems = settle(checked, _check_whole(whole_archive, report))
    cache.write(name, pickle.dumps(problems, pickle.HIGHEST_PROTOCOL))
    cache.keep_only({name, *(chunk.name for chunk in chunks)})
    return problems


def _tomorrow() -> str:
    """The day after today: where the archive is edited it may have begun before it does here."""
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)).isoformat()


def _relative_name(content: Path, path: Path) -> str:
    return path.relative_to(content).as_posix()


def _hash_environment(content: Path) -> str:
    lists = vocabulary_folder(content)
    vocabularies = hash_files(lists, sorted(lists.glob("*.toml")))
    return hash_parts((code_hash(CODE), library_versions(), vocabularies, str(content)))


def _images(content: Path) -> list[Path]:
    return sorted(path for path in (content / IMAGES).rglob("*") if path.is_file())


def _check_chunks(chunks: Sequence[Chunk], cache: Cache, report: Report) -> Iterator[list[Checked]]:
    kept = {chunk.key: cache.read(chunk.name) for chunk in chunks}
    missing = [chunk for chunk in chunks if kept[chunk.key] is None]
    done, total = 0, sum(len(chunk.files) for chunk in missing)
    for chunk, data in _run(missing, partial(check_chunk, folder=cache.folder), total):
        kept[chunk.key] = data
        done += len(chunk.files)
        if total > FEW:
            report("检查", done, total)
    for chunk in chunks:
        whole = kept[chunk.key]
        assert whole is not None
        yield pickle.loads(whole)


def _run(chunks: Sequence[Chunk], function: Callable[[Chunk], bytes], total: int) -> Iterator[tuple[Chunk, bytes]]:
    if total <= FEW:
        yield from ((chunk, function(chunk)) for chunk in chunks)
        return
    with make_executor() as executor:
        yield from map_ordered(executor, function, chunks)


def _check_whole(whole: Whole, report: Report) -> Iterator[Problem]:
    for number, (own, check) in enumerate(WHOLE_CHECKS.items(), 1):
        yield from (_to_problem(own, remark) for remark in check(whole))
        if len(whole.files) > FEW:
            report("合起来看", number, len(WHOLE_CHECKS))


def settle(checked: Iterable[Checked], others: Iterable[Problem], *, alone: bool = False) -> list[Problem]:
    """All problems but those that their files set aside; and what files set aside in vain.

    `alone` tells that rules on the whole haven't run: nothing is known of what they would find.
    """
    files = list(checked)
    problems = [*others, *(problem for one in files for problem in one.problems)]
    wanted = {(one.facts.path, ignore.rule): ignore for one in files for ignore in one.ignores}
    used = {key for one in problems if (key := (one.path, one.rule)) in wanted}
    left = [one for one in problems if (one.path, one.rule) not in wanted or one.severity == "error"]
    unused = {key: ignore for key, ignore in wanted.items() if key not in used and not alone}
    left += [
        Problem(
            path,
            ignore.line,
            f"{own} 在这里并没有触发，请删去这一条忽略",
            UNUSED,
            RULES[UNUSED].severity,
            ignore.column,
        )
        for (path, own), ignore in unused.items()
    ]
    return sorted(left, key=lambda problem: problem.sort_key)
