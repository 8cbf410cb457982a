"""ES modules joined into one classic script, for where browsers take no modules: workers, and pages of a disk.

Only what our own modules use is understood: named imports and exports of functions, classes and constants. Anything
else is refused, so that nothing is joined wrongly. A module runs when it is first needed, as the browser does it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

IMPORT_RE = re.compile(r'^import (?:\{([^{}]*)\} from )?"(\.[^"]+)";$', re.MULTILINE)
EXPORT_RE = re.compile(r"^export (?=(?:(?:async )?function|class|const) (\w+))", re.MULTILINE)
LAZY_RE = re.compile(r'(?<![\w{|<.])import\("(\.[^"]+)"\)')
DOC_RE = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
UNKNOWN_RE = re.compile(r"^(?:import|export)\b.*|^.*\bimport\.meta\b.*|^await\b.*", re.MULTILINE)


class ScriptError(Exception):
    """A module can't be joined; the message names it and what stands there."""


def read_modules(folder: Path) -> dict[str, str]:
    """The modules below a folder, by their names with slashes."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.js"))}


def join_modules(modules: Mapping[str, str], entries: Iterable[str], last: str) -> str:
    """One classic script of the entries and all that they import; `last` is its last line, which has `$load(name)`.

    Raises ScriptError for a module that isn't there, that imports itself through others, or that has what isn't
    understood.
    """
    wanted: dict[str, str] = {}
    for entry in entries:
        _gather(entry, modules, wanted, ())
    parts = "".join(f'"{name}"() {{\n{wanted[name]}}},\n' for name in sorted(wanted))
    return (
        f'(() => {{\n"use strict";\nconst $modules = {{\n{parts}}};\nconst $loaded = {{}};\n'
        f"const $load = (name) => ($loaded[name] ??= $modules[name]());\n{last}\n}})();\n"
    )


def _gather(name: str, modules: Mapping[str, str], wanted: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ScriptError(f"{above[-1]} imports {name}, which imports it")
    if name in wanted:
        return
    if name not in modules:
        raise ScriptError(f"there is no module {name}{f', which {above[-1]} imports' if above else ''}")
    source = DOC_RE.sub("", modules[name])
    wanted[name] = _convert(name, source)
    for _, target in IMPORT_RE.findall(source):
        _gather(_resolve(name, target), modules, wanted, (*above, name))
    for target in LAZY_RE.findall(source):
        _gather(_resolve(name, target), modules, wanted, ())


def _convert(name: str, source: str) -> str:
    def bind(match: re.Match[str]) -> str:
        call = f'$load("{_resolve(name, match[2])}");'
        return f"const {{{match[1].replace(' as ', ': ')}}} = {call}" if match[1] is not None else call

    exported = EXPORT_RE.findall(source)
    text = IMPORT_RE.sub(bind, EXPORT_RE.sub("", source))
    text = LAZY_RE.sub(lambda match: f'Promise.resolve("{_resolve(name, match[1])}").then($load)', text)
    if unknown := UNKNOWN_RE.search(text):
        raise ScriptError(f"{name}: “{unknown[0]}” can't be joined")
    return f"{text.strip()}\nreturn {{{', '.join(exported)}}};\n"


def _resolve(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
