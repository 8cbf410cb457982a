"""Templates compiled to Python, kept from build to build: compiling them takes a third of a small build."""

from __future__ import annotations

import contextlib
from pathlib import Path

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from gongbao.build.inputs import stable_text
from gongbao.cache import Cache, hash_parts
from gongbao.origin import PROJECT, code_hash, library_versions
from gongbao.words import current_language

KEPT = PROJECT / ".cache" / "templates"


class CompiledTemplates(BytecodeCache):
    """What Jinja made of templates with these options in the language of the interface.

    It looks itself whether a template has changed since.
    """

    def __init__(self, cache: Cache, options: object) -> None:
        self.cache = cache
        self.prefix = hash_parts((stable_text(options), current_language(), library_versions(), code_hash(())))

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


def keep_compiled(environment: Environment, theme: Path, options: object) -> None:
    """Let an environment keep its templates; only those of the project's own themes, so that they stay few."""
    if theme.absolute().is_relative_to(PROJECT):
        environment.bytecode_cache = CompiledTemplates(Cache(KEPT), options)
