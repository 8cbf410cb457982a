"""What every large build needs, loaded before it is asked for."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gongbao.archive import load_lists
from gongbao.assets import Assets
from gongbao.build.inputs import read_values, theme_of
from gongbao.build.session import Session
from gongbao.scripts import ScriptError


def load_plugins(settings: Path) -> Iterator[str]:
    """Load Pelican and the plugins that settings name, one after another; gives the name of each before it is loaded.

    Raises whatever the file of settings or a module raises.
    """
    for name in ("pelican", *read_values(settings).get("PLUGINS", ())):
        yield name
        importlib.import_module(name)


def prepare(content: Path, settings: Path) -> None:
    """Load what every build loads, for builds that this process will begin: each goes on from here.

    A plugin may have a `prepare` of its own, which is given the lists.
    """
    lists, values = load_lists(content), read_values(settings)
    for own in _hooks(values, "prepare"):
        own(lists)
    with contextlib.suppress(ScriptError, OSError):  # told by the build
        Assets.of(theme_of(values, settings))


def begin(session: Session, settings: Path) -> None:
    """Let plugins begin what takes long, with what was read, before Pelican has set itself up.

    A plugin may have a `begin` of its own, which is given the session and the values of the settings. What is wrong
    with either Pelican tells, when it comes to it.
    """
    with contextlib.suppress(ImportError, ValueError):
        values = read_values(settings)
        for own in _hooks(values, "begin"):
            own(session, values)


def _hooks(values: Mapping[str, Any], name: str) -> Iterator[Callable[..., object]]:
    """The functions of a name that the plugins of some settings have."""
    for plugin in map(importlib.import_module, values.get("PLUGINS", ())):
        if hasattr(plugin, name):
            yield getattr(plugin, name)
