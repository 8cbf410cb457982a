"""Templates as Python: code that does less, kept from build to build, as compiling takes a third of a small build."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, Template, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context

from gongbao.build.inputs import stable_text
from gongbao.cache import Cache, hash_parts
from gongbao.origin import PROJECT, code_hash, library_versions
from gongbao.words import current_language, escape_value

CODE = ("build/compiled.py",)  # and the modules beside the features
KEPT = PROJECT / ".cache" / "templates"


class DirectCode(CodeGenerator):
    """Writes calls and escapes that take a quarter of the time of Jinja's own, of which a page has hundreds.

    No function of ours wants a context, so none is asked whether it does. What has nothing to escape isn't wrapped.
    """

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802  Jinja's name
        """Begin the module with what the others use."""
        self.writeline("from operator import call")
        self.writeline(f"from {escape_value.__module__} import escape_value")
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Any, forward_caller: bool = False) -> None:  # noqa: N802
        """Call the function itself; Jinja's way is `context.call`."""
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        """The same for each value that is put into a page, as `NativeCodeGenerator` does."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("escape_value(")


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
    if theme.absolute().is_relative_to(PROJECT):
        environment.bytecode_cache = CompiledTemplates(Cache(KEPT), options)
