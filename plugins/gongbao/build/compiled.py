"""Templates as Python: code that does less, kept from build to build, as compiling takes a third of a small build."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, Template, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, MacroRef
from jinja2.environment import create_cache
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup

from gongbao.build.inputs import stable_text
from gongbao.cache import Cache, hash_parts
from gongbao.origin import PROJECT, code_hash, library_versions
from gongbao.translate import escape_value, find_text, part_text
from gongbao.words import current_language

CODE = ("build/compiled.py",)  # and the modules beside the features
KEPT = PROJECT / ".cache" / "templates"
# What stands around a value that is put into a page: most are strings or markup, and to call a function of ours takes
# longer than to see that.
BEFORE_VALUE = "(escape_text(value) if (kind := type(value := "
AFTER_VALUE = ")) is str else value if kind is Markup else escape_value(value))"


class DirectMacro(Macro):
    """A macro of arguments by position and by name, and of nothing else, in a template that escapes."""

    def __call__(self, *args: Any, **named: Any) -> Markup:
        """What it renders; Jinja's own asks for a context and a caller."""
        if len(args) < self._argument_count:
            args += tuple([named.pop(name, missing) for name in self.arguments[len(args) :]])
        if named:
            raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(named))!r}")
        return Markup(self._func(*args))


class DirectCode(CodeGenerator):
    """Writes calls and escapes that take a quarter of the time of Jinja's own, of which a page has hundreds.

    No function of ours wants a context, so none is asked whether it does. What has nothing to escape isn't wrapped.
    Texts are looked up when a template is compiled.
    """

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802  Jinja's name
        """Begin the module with what the others use."""
        self.writeline("from operator import call")
        self.writeline(f"from {escape_value.__module__} import escape_text, escape_value")
        self.writeline(f"from {DirectMacro.__module__} import DirectMacro")
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Any) -> None:
        """A direct macro, if it takes no more than one can."""
        takes_more = macro_ref.accesses_kwargs or macro_ref.accesses_varargs or macro_ref.accesses_caller
        if takes_more or not _escapes(frame):
            super().macro_def(macro_ref, frame)
            return
        own: Any = macro_ref.node
        names = tuple(argument.name for argument in own.args)
        self.write(f"DirectMacro(environment, macro, {getattr(own, 'name', None)!r}, {names!r}, False, False, False)")

    def visit_Call(self, node: nodes.Call, frame: Any, forward_caller: bool = False) -> None:  # noqa: N802
        """Call the function itself; Jinja's way is `context.call`. A text is put together with its values."""
        if parts := _parts_of(node):
            self.write('Markup("".join((')
            for part in parts:
                if isinstance(part, str):
                    self.write(f"{part!r}, ")
                else:
                    self._write_escaped(part, frame)
                    self.write(", ")
            self.write(")))")
            return
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        """The same for each value that is put into a page, as `NativeCodeGenerator` does."""
        if _is_usual(frame, finalize):
            self.write(BEFORE_VALUE)
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if _is_usual(frame, finalize):
            self.write(AFTER_VALUE)
        else:
            super()._output_child_post(node, frame, finalize)

    def _write_escaped(self, node: nodes.Node, frame: Any) -> None:
        self.write(BEFORE_VALUE)
        self.visit(node, frame)
        self.write(AFTER_VALUE)


def _is_usual(frame: Any, finalize: Any) -> bool:
    return _escapes(frame) and finalize.src is None


def _escapes(frame: Any) -> bool:
    """Whether it is known now that values are escaped here."""
    return not frame.eval_ctx.volatile and frame.eval_ctx.autoescape


def _parts_of(node: nodes.Call) -> list[str | nodes.Expr]:
    """What a call that asks for a text with values comes to: pieces of the text, and values; empty for other calls."""
    asked, args, values = getattr(node.node, "name", ""), node.args, {own.key: own.value for own in node.kwargs}
    if asked == "_n" and len(args) == 2:
        args, values = args[:1], {"n": args[1], **values}
    said = [own.value for own in args if isinstance(own, nodes.Const)]
    found = find_text(asked, said) if len(said) == len(args) else None
    texts, names = part_text(found or "")
    if not names or not values.keys() >= set(names) or node.dyn_args or node.dyn_kwargs:
        return []
    parts: list[str | nodes.Expr] = [texts[0]]
    for name, text in zip(names, texts[1:], strict=True):
        parts += (values[name], text)
    return parts


class PlainContext(Context):
    """A context that doesn't ask which globals a template was loaded with.

    All of ours are loaded with the environment's alone; Jinja would compare them at each include and import.
    """

    def __init__(
        self, environment: Environment, parent: dict[str, Any], name: str | None, blocks: dict[str, Any], **_: object
    ) -> None:
        super().__init__(environment, parent, name, blocks)


def render(template: Template, values: Mapping[str, Any]) -> str:
    """A page of a template as `Template.render` makes it, which would copy values and globals three times."""
    environment = template.environment
    context = template.new_context({**environment.globals, **values}, shared=True)
    try:
        return environment.concat(template.root_render_func(context))
    except Exception:
        environment.handle_exception()  # raises it again, as if it came from the template's own line


class CompiledTemplates(BytecodeCache):
    """What Jinja made of templates with these options in the language of the interface.

    It looks itself whether a template has changed since.
    """

    def __init__(self, cache: Cache, options: object) -> None:
        self.cache = cache
        self.prefix = _prefix(stable_text(options), current_language())

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept of its template."""
        if data := self.cache.read(self._name(bucket)):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, and forget those of other options; a folder that can't be written to keeps nothing."""
        with contextlib.suppress(OSError):
            self.cache.write(self._name(bucket), bucket.bytecode_to_string())
            self.cache.keep_only({path.name for path in self.cache.folder.glob(f"{self.prefix}-*")})

    def _name(self, bucket: Bucket) -> str:
        return f"{self.prefix}-{bucket.key}"


@lru_cache
def _prefix(options: str, language: str) -> str:
    return hash_parts((options, language, library_versions(), code_hash(CODE)))


def keep_compiled(environment: Environment, theme: Path, options: object) -> None:
    """Let an environment compile templates so, and keep those of the project's own themes, so that they stay few.

    A build ends before they change, so it doesn't look whether they have.
    """
    environment.code_generator_class = DirectCode
    environment.context_class = PlainContext
    environment.auto_reload = False
    environment.cache = create_cache(-1)  # of all templates, without a lock
    if theme.absolute().is_relative_to(PROJECT):
        environment.bytecode_cache = CompiledTemplates(Cache(KEPT), options)
