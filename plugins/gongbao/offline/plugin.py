"""Queues what makes the archive readable without a net: the worker, the app's manifest and the page of what is kept."""

from __future__ import annotations

from pathlib import Path

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.offline.worker import app_manifest, worker_script
from gongbao.settings import read_settings


class OfflineGenerator(Generator):
    """Where the setting `offline` is off it still writes a worker: the one that removes an earlier one."""

    def generate_output(self, writer: Writer) -> None:
        """Queue /sw.js, and where it keeps something the manifest and /offline/."""
        gongbao = read_settings(self.settings.get("GONGBAO", {}))
        queue, session = self.context["queue"], self.context["session"]
        static = Path(self.settings["THEME"]) / "static"
        script = worker_script(static, self.context["asset_files"], session.inputs.site, offline=gongbao.offline)
        queue.add_file(addresses.file_of(addresses.WORKER), str, script)
        if not gongbao.offline:
            return
        queue.add_file(addresses.file_of(addresses.APP_MANIFEST), app_manifest, gongbao)
        template, address = self.env.get_template("offline.html"), addresses.OFFLINE
        writer.write_file(addresses.file_of(address), template, self.context, url=address, address=address)


def add_generator(_pelican: object) -> type[Generator]:
    return OfflineGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
