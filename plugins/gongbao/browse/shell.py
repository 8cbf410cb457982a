"""What stands around the content of every page, rendered once for each form it takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from gongbao import addresses

# The entries of the masthead's navigation; a page below one of them belongs to it.
SECTIONS = (addresses.REGIONS, addresses.CAMPAIGNS, addresses.YEARS, addresses.PAPERS, addresses.SEARCH)


class Shell:
    """Renders the templates of `theme/templates/shell/`.

    To render masthead and colophon with each article would take as long as the article itself.
    """

    def __init__(self, environment: Any, context: Mapping[str, Any]) -> None:
        self._environment, self._context = environment, context
        self._render = cache(self._render_once)

    def links(self) -> Any:
        """What the head of every page links to."""
        return self._render("links")

    def masthead(self, address: str, search: bool = True) -> Any:
        """The masthead of the page at an address, with or without a search box."""
        section = next((own for own in SECTIONS if address.startswith(own)), "")
        if address == addresses.HOME:
            section = address
        return self._render("masthead", section=section, exact=address == section, search=search)

    def colophon(self) -> Any:
        """The foot of every page, and the script that every page has."""
        return self._render("colophon")

    def _render_once(self, name: str, **values: object) -> Any:
        template = self._environment.get_template(f"shell/{name}.html")
        return self._environment.filters["safe"](template.render({**self._context, **values}).strip())
