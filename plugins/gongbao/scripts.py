"""ES modules joined: into one classic script, where browsers take no modules (workers, and pages of a disk), or into
one module for each that pages name, where every request counts.

Only what our own modules use is understood: named imports and exports of functions, classes and constants. Anything
else is refused, so that nothing is joined wrongly. A module runs when it is first needed, as the browser does it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

IMPORT_RE = re.compile(r'^import (?:\{([^{}]*)\} from )?"(\.[^"]+)";$', re.MULTILINE)
EXPORT_RE = re.compile(r"^export (?=(?:(?:async )?function|class|const) (\w+))", re.MULTILINE)
NAMED_RE = re.compile(r"{{ assets }}/js/([\w/-]+\.js)")
FOR_ANYBODY = "search/engine.js"  # the browser's engine, which other pages than ours may use
LAZY_RE = re.compile(r'(?<![\w{|<.])import\("(\.[^"]+)"\)')
DOC_RE = re.compile(r"^ */\*\*(?:[^*]|\*(?!/))*\*/\n", re.MULTILINE)
UNKNOWN_RE = re.compile(r"^(?:import|export)\b.*|^.*\bimport\.meta\b.*|^await\b.*", re.MULTILINE)


class ScriptError(Exception):
    """A module can't be joined; the message names it and what stands there."""


@dataclass(frozen=True)
class Module:
    """A module without its comments, its imports and exports as what `$load` gives; those when needed still stand."""

    text: str
    imports: frozenset[str]  # names of modules
    later: tuple[str, ...]  # those that are imported when needed
    exports: tuple[str, ...]

    def convert(self, lazily: Callable[[re.Match[str]], str]) -> str:
        """The body of a function that runs the module; `lazily` says what stands for an import when needed."""
        return f"{LAZY_RE.sub(lazily, self.text).strip()}\nreturn {{{', '.join(self.exports)}}};\n"


@lru_cache(maxsize=256)
def parse_module(name: str, source: str) -> Module:
    """Take a module apart; once in a process, as each stands in several scripts. Raises ScriptError."""

    def bind(match: re.Match[str]) -> str:
        call = f'$load("{_resolve(name, match[2])}");'
        return f"const {{{match[1].replace(' as ', ': ')}}} = {call}" if match[1] is not None else call

    own = DOC_RE.sub("", source)
    text = IMPORT_RE.sub(bind, EXPORT_RE.sub("", own))
    if unknown := UNKNOWN_RE.search(LAZY_RE.sub("", text)):
        raise ScriptError(f"{name}: “{unknown[0]}” can't be joined")
    return Module(
        text,
        frozenset(_resolve(name, target) for _, target in IMPORT_RE.findall(own)),
        tuple(_resolve(name, target) for target in LAZY_RE.findall(own)),
        tuple(EXPORT_RE.findall(own)),
    )


def read_modules(folder: Path) -> dict[str, str]:
    """The modules below a folder, by their names with slashes."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.js"))}


def join_modules(modules: Mapping[str, str], entries: Iterable[str], last: str) -> str:
    """One classic script of the entries and all that they import; `last` is its last line, which has `$load(name)`.

    Raises ScriptError for a module that isn't there, that imports itself through others, or that has what isn't
    understood.
    """
    wanted: dict[str, Module] = {}
    for entry in entries:
        _gather(entry, modules, wanted, ())

    def load(match: re.Match[str], module: str) -> str:
        return f'Promise.resolve("{_resolve(module, match[1])}").then($load)'

    parts = "".join(
        f'"{name}"() {{\n{wanted[name].convert(partial(load, module=name))}}},\n' for name in sorted(wanted)
    )
    return (
        f'(() => {{\n"use strict";\nconst $modules = {{\n{parts}}};\nconst $loaded = {{}};\n'
        f"const $load = (name) => ($loaded[name] ??= $modules[name]());\n{last}\n}})();\n"
    )


def public_scripts(theme: Path) -> dict[str, str]:
    """The scripts that a theme's pages name, by their names below static/js. Raises ScriptError."""
    templates = (path.read_text("utf-8") for path in sorted((theme / "templates").rglob("*.html")))
    named = {name for text in templates for name in NAMED_RE.findall(text)}
    return join_public(read_modules(theme / "static" / "js"), named | {FOR_ANYBODY})


def lasting_scripts(theme: Path) -> dict[str, str]:
    """The scripts that stay where they are: those for other pages than ours. Raises ScriptError."""
    return join_public(read_modules(theme / "static" / "js"), [FOR_ANYBODY])


def join_public(modules: Mapping[str, str], public: Iterable[str]) -> dict[str, str]:
    """The public modules, and those that are imported only when needed, each with all that it imports in one file.

    What another public module that it imports has already is taken from there. Two that don't import each other have
    their own copies of what both need, so a module with a state must be public. Raises ScriptError as `join_modules`.
    """
    wanted: dict[str, Module] = {}
    for name in public:
        _gather(name, modules, wanted, ())
    names = {*public, *(target for module in wanted.values() for target in module.later)}
    return {name: _join_one(name, wanted, names) for name in sorted(names)}


def _join_one(name: str, modules: Mapping[str, Module], public: Collection[str]) -> str:
    def address(target: str) -> str:
        relative = posixpath.relpath(target, posixpath.dirname(name) or ".")
        return relative if relative.startswith(".") else f"./{relative}"

    def import_lazily(match: re.Match[str], module: str) -> str:
        return f'import("{address(_resolve(module, match[1]))}")'

    own = _closure(name, modules, public)
    imported = sorted({target for module in own for target in modules[module].imports} & {*public} - {name})
    there = {module: number for number, outer in enumerate(imported) for module in _closure(outer, modules, public)}
    lines = [f'import {{$load as ${number}}} from "{address(outer)}";\n' for number, outer in enumerate(imported)]
    lines.append("const $modules = {\n")
    for module in sorted({*own, *imported}):
        if module in there:
            lines.append(f'"{module}": () => ${there[module]}("{module}"),\n')
        else:
            text = modules[module].convert(partial(import_lazily, module=module))
            lines.append(f'"{module}"() {{\n{text}}},\n')
    exported = ", ".join(modules[name].exports)
    call = f'$load("{name}");\n'
    lines.append("};\nconst $loaded = {};\n")
    lines.append("export const $load = (name) => ($loaded[name] ??= $modules[name]());\n")
    lines.append(f"export const {{{exported}}} = {call}" if exported else call)
    return "".join(lines)


def _closure(name: str, modules: Mapping[str, Module], public: Collection[str]) -> set[str]:
    """A public module and what it imports, up to other public modules."""
    found, waiting = {name}, [name]
    while waiting:
        new = {target for target in modules[waiting.pop()].imports if target not in public} - found
        found |= new
        waiting += new
    return found


def _gather(name: str, modules: Mapping[str, str], wanted: dict[str, Module], above: tuple[str, ...]) -> None:
    if name in above:
        raise ScriptError(f"{above[-1]} imports {name}, which imports it")
    if name in wanted:
        return
    if name not in modules:
        raise ScriptError(f"there is no module {name}{f', which {above[-1]} imports' if above else ''}")
    module = wanted[name] = parse_module(name, modules[name])
    for target in sorted(module.imports):
        _gather(target, modules, wanted, (*above, name))
    for target in module.later:
        _gather(target, modules, wanted, ())


def _resolve(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
