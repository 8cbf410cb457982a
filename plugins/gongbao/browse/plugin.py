"""Every page of the site but the articles: home, places, campaigns, years, papers, feeds, open data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.archive import load_lists
from gongbao.article import Article
from gongbao.browse.catalogue import catalogue_csv, catalogue_json
from gongbao.browse.listings import Listings, gather, paginate
from gongbao.settings import base_path, read_settings

SINGLE_PAGES = {  # template -> address
    "home": addresses.HOME,
    "regions": addresses.REGIONS,
    "campaigns": addresses.CAMPAIGNS,
    "years": addresses.YEARS,
    "papers": addresses.PAPERS,
    "search": addresses.SEARCH,
    "404": "/404.html",
}
PLAIN_FILES = ("robots.txt", "opensearch.xml", "sitemap.xml")


class BrowseGenerator(Generator):
    """Writes the lists that `listings` gathers from the records of Pelican's articles."""

    def generate_context(self) -> None:
        """Gather once all articles are read, and offer the result to every template."""
        self.gongbao = read_settings(self.settings.get("GONGBAO", {}))
        contents = sorted(self.context["articles"], key=lambda content: content.record.sort_key, reverse=True)
        lists = load_lists(self._content_path())
        self.contents = {content.record: content for content in contents}
        self.listings = gather(list(self.contents), lists.vocabulary.campaigns, lists.regions)
        self.context["listings"] = self.listings
        self.context["gongbao"] = self.gongbao
        self.context["addresses"] = addresses
        self.context["base"] = base_path(self.settings["SITEURL"])
        self.context["summaries"] = {article: content.summary for article, content in self.contents.items()}
        self.context["site_pages"] = sorted(self.context["pages"], key=lambda page: (page.order, page.slug))

    def generate_output(self, writer: Writer) -> None:
        """Write all pages, feeds and data files."""
        self.written: list[str] = []
        for template, address in SINGLE_PAGES.items():
            self._write_page(writer, template, address)
        self._write_lists(writer, self.listings)
        self._write_feed(writer, addresses.ALL_FEED, self.listings.articles, self.gongbao.name)
        self._write_data()
        pages = [f"/{page.url}" for page in self.context["pages"]]
        articles = [article.address for article in self.listings.articles]
        self.context["sitemap"] = sorted([*articles, *self.written, *pages])
        for name in PLAIN_FILES:
            self._write(writer, name, name, f"/{name}")

    def _write_lists(self, writer: Writer, listings: Listings) -> None:
        for region in listings.all_regions:
            self._write_list(writer, "region", region, feed=True)
        for campaign in listings.campaigns:
            self._write_list(writer, "campaign", campaign, feed=True)
        for year in listings.years:
            self._write_list(writer, "year", year)
        for paper in listings.papers:
            self._write_list(writer, "paper", paper)
            for issue in paper.issues:
                self._write_page(writer, "issue", issue.address, node=issue)

    def _write_list(self, writer: Writer, template: str, node: Any, *, feed: bool = False) -> None:
        pages = paginate(node.articles, self.gongbao.page_size)
        for number, articles in enumerate(pages, 1):
            address = addresses.page_address(node.address, number)
            self._write_page(
                writer, template, address, node=node, page_articles=articles, page_number=number, page_count=len(pages)
            )
        if feed and node.articles:
            title = f"{self.gongbao.name}：{node.name}"
            self._write_feed(writer, addresses.feed_address(node.address), node.articles, title)

    def _write_page(self, writer: Writer, template: str, address: str, **values: Any) -> None:
        self._write(writer, f"{template}.html", addresses.file_of(address), address, **values)
        if template != "404":
            self.written.append(address)

    def _write(self, writer: Writer, template: str, file: str, address: str, **values: Any) -> None:
        page = self.env.get_template(template)
        writer.write_file(file, page, self.context, url=address, address=address, **values)

    def _write_feed(self, writer: Writer, address: str, articles: tuple[Article, ...], title: str) -> None:
        newest = [self.contents[article] for article in articles[: self.gongbao.feed_size]]
        writer.write_feed(newest, self.context, address.removeprefix("/"), address, feed_title=title)

    def _write_data(self) -> None:
        folder = self._output_path() / "data"
        folder.mkdir(parents=True, exist_ok=True)
        site = self.settings["SITEURL"]
        (folder / "articles.json").write_text(catalogue_json(self.listings.articles, site), encoding="utf-8")
        (folder / "articles.csv").write_text(catalogue_csv(self.listings.articles, site), encoding="utf-8", newline="")

    def _content_path(self) -> Path:
        return Path(self.path)

    def _output_path(self) -> Path:
        return Path(self.output_path)


def add_generator(_pelican: object) -> type[Generator]:
    return BrowseGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
