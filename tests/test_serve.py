"""The editor's server: pages with the reload script, the site's own 404, a rebuild that open pages hear of."""

from __future__ import annotations

import functools
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from gongbao.build.serve import HOST, RELOAD_ADDRESS, Handler, Rebuilds, Server


@pytest.fixture
def served(site: Path) -> Iterator[tuple[str, Rebuilds]]:
    rebuilds = Rebuilds()
    server = Server((HOST, 0), functools.partial(Handler, directory=str(site), rebuilds=rebuilds))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}", rebuilds
    server.shutdown()
    server.server_close()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as response:
        return str(response.read().decode())


def test_pages_carry_the_reload_script_and_other_files_do_not(served: tuple[str, Rebuilds]) -> None:
    address, _ = served
    assert f'src="{RELOAD_ADDRESS}.js"' in get(f"{address}/regions/")
    assert RELOAD_ADDRESS not in get(f"{address}/theme/js/search/engine.js")
    assert "EventSource" in get(f"{address}{RELOAD_ADDRESS}.js")


def test_unknown_address_shows_the_sites_own_page(served: tuple[str, Rebuilds]) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{served[0]}/nowhere/")
    assert caught.value.code == 404
    assert "没有这一页" in caught.value.read().decode()


def test_nothing_outside_the_site_is_served(served: tuple[str, Rebuilds]) -> None:
    for path in ("/../pelicanconf.py", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"):
        with pytest.raises(urllib.error.HTTPError):
            get(served[0] + path)


def test_open_page_hears_of_a_rebuild(served: tuple[str, Rebuilds]) -> None:
    address, rebuilds = served
    with urllib.request.urlopen(f"{address}{RELOAD_ADDRESS}", timeout=10) as events:
        timer = threading.Timer(0.2, rebuilds.announce)
        timer.start()
        assert events.readline() == b"data: reload\n"
        timer.join()
