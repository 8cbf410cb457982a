"""What stops a publication."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 30


class PublishError(Exception):
    """Nothing was published, or not to the end; the message says why, in Chinese."""


class UsageError(PublishError):
    """The command line can't be meant."""


def list_some(lines: Sequence[str]) -> str:
    """Lines below each other, indented; of very many the first and how many more there are."""
    rest = [f"… 另有 {len(lines) - SHOWN} 条"] if len(lines) > SHOWN else []
    return "".join(f"\n  {line}" for line in [*lines[:SHOWN], *rest])
