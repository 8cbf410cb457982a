"""What a place of publication can do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gongbao.publish.plan import Plan

SOME_FOLDER = "/srv/www/archive"  # where a place has no folder of its own, for the examples of hosting
Step = Callable[[int], None]


class Store(Protocol):
    """A place that a site is published to.

    All raise PublishError if the place can't be reached or refuses, with what it said.
    """

    served: str  # the folder that a web server there serves
    precompresses: bool  # whether the host there sends compressed copies that lie beside the files

    def read(self, path: str) -> bytes | None:
        """The published file at a path, None if there is none."""

    def publish(self, stage: Path, plan: Plan, step: Step) -> None:
        """Make what the plan says true, the manifest last. Until then readers get the old site."""

    def sums(self) -> dict[str, str]:
        """The SHA-256 sum of every published file, taken from the bytes that are there."""

    def rollback(self) -> str:
        """Put back what was there before the last publication; returns the release's name."""
