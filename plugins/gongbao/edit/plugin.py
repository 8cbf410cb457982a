"""Puts /admin/ into the site if the setting `editing` names a Git host."""

from __future__ import annotations

from pathlib import Path

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao.article import Lists
from gongbao.cache import Cache
from gongbao.edit.host import parse_host
from gongbao.edit.package import load_program
from gongbao.edit.pages import FOLDER, admin_files
from gongbao.settings import read_settings

CACHE = Path(".cache") / "editing"


class EditGenerator(Generator):
    """Queues the page's files; without the setting none, and npm isn't asked."""

    def generate_output(self, _writer: Writer) -> None:
        """Take the program from npm or from what was kept of it. Raises PackageError, which ends the build."""
        settings = read_settings(self.settings.get("GONGBAO", {}))
        host = parse_host(settings.editing)
        if host is None:
            return
        lists: Lists = self.context["lists"]
        program = load_program(Cache(Path(self.path).absolute().parent / CACHE))
        files = admin_files(host, lists, program, name=settings.name, site=self.settings["SITEURL"])
        for name, data in files.items():
            self.context["queue"].add_file(f"{FOLDER}/{name}", bytes, data)


def add_generator(_pelican: object) -> type[Generator]:
    return EditGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
