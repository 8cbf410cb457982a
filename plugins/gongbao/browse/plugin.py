"""Every page of the site but the articles: home, places, campaigns, years, papers, days, feeds, open data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.archive import OWN_VOCABULARIES, VOCABULARIES, load_lists
from gongbao.article import Article
from gongbao.browse import views
from gongbao.browse.catalogue import COLUMNS, catalogue_csv, catalogue_json, catalogue_schema
from gongbao.browse.days import day_json, days_index, gather_days, usual_lines, year_grid
from gongbao.browse.download import source_files, zip_archive
from gongbao.browse.feeds import Feed, Item, atom_feed, json_feed
from gongbao.browse.issues import date_in_words, neighbours, paper_calendar
from gongbao.browse.listings import CampaignNode, PaperNode, RegionNode, gather, paginate
from gongbao.browse.sitemap import Entry, last_day, sitemap_files
from gongbao.settings import base_path, read_settings

PLAIN_FILES = ("robots.txt", "opensearch.xml")


class BrowseGenerator(Generator):
    """Writes the lists that `listings` gathers from the records of Pelican's articles."""

    def generate_context(self) -> None:
        """Gather once all articles are read, and offer the result to every template."""
        self.gongbao = read_settings(self.settings.get("GONGBAO", {}))
        self.site: str = self.settings["SITEURL"]
        contents = sorted(self.context["articles"], key=lambda content: content.record.sort_key, reverse=True)
        lists = load_lists(self._content_path())
        self.contents = {content.record: content for content in contents}
        self.listings = gather(list(self.contents), lists.vocabulary.campaigns, lists.regions)
        self.days = gather_days(self.listings.articles)
        self.context["listings"] = self.listings
        self.context["gongbao"] = self.gongbao
        self.context["addresses"] = addresses
        self.context["base"] = base_path(self.site)
        self.context["summaries"] = {article: content.summary for article, content in self.contents.items()}
        self.context["site_pages"] = sorted(self.context["pages"], key=lambda page: (page.order, page.slug))

    def generate_output(self, writer: Writer) -> None:
        """Write all pages, feeds and data files."""
        self.written: dict[str, Entry] = {}
        newest = last_day(self.listings.articles)
        for template, values in self._single_pages().items():
            section = views.SECTIONS.get(template)
            address = section.address if section else addresses.HOME
            self._write_page(writer, template, address, newest, trail=(section,) if section else (), **values)
        self._write(writer, "404.html", "404.html", "/404.html", trail=())
        self._write_lists(writer)
        self._write_feeds()
        self._write_data()
        self._write_days()
        for page in self.context["pages"]:
            self.written[f"/{page.url}"] = Entry(f"/{page.url}")
        for article in self.listings.articles:
            self.written[article.address] = Entry(article.address, last_day([article]))
        for name, text in sitemap_files(self.written.values(), self.site).items():
            self._write_text(f"/{name}", text)
        for name in PLAIN_FILES:
            self._write(writer, name, name, f"/{name}")

    def _single_pages(self) -> dict[str, dict[str, Any]]:
        """Template -> what it shows beside the listings that all templates have."""
        return {
            "home": {**views.home_view(self.listings), "today_lines": usual_lines(self.days)},
            "regions": views.regions_view(self.listings),
            "campaigns": views.campaigns_view(self.listings),
            "years": views.years_view(self.listings),
            "papers": {},
            "days": {"months": year_grid(self.days)},
            "data": {"columns": COLUMNS},
            "search": {},
        }

    def _write_lists(self, writer: Writer) -> None:
        for region in self.listings.all_regions:
            self._write_list(writer, "region", region, **views.region_view(region, self.listings))
        for campaign in self.listings.campaigns:
            self._write_list(writer, "campaign", campaign, **views.campaign_view(campaign, self.listings))
        for year in self.listings.years:
            values = views.year_view(year, self.listings, self.gongbao.page_size)
            self._write_list(writer, "year", year, months_of=views.months_of, **values)
        for day in self.days:
            self._write_list(writer, "day", day)
        for paper in self.listings.papers:
            self._write_paper(writer, paper)

    def _write_paper(self, writer: Writer, paper: PaperNode) -> None:
        self._write_list(writer, "paper", paper, **views.paper_view(paper))
        for issue, before, after in neighbours(paper.issues):
            values = {"before": before, "after": after, "date_in_words": date_in_words(issue.date)}
            newest = last_day(article for _, articles in issue.pages for article in articles)
            self._write_page(writer, "issue", issue.address, newest, node=issue, **values)
        years = paper_calendar(paper)
        for index, year in enumerate(years):
            near = {
                "before": years[index + 1] if index + 1 < len(years) else None,
                "after": years[index - 1] if index else None,
            }
            self._write_page(writer, "calendar", year.address, last_day(paper.articles), node=year, **near)

    def _write_list(self, writer: Writer, template: str, node: Any, **values: Any) -> None:
        """All pages of a list; charts, sums and the like stand on the first."""
        pages = paginate(node.articles, self.gongbao.page_size)
        for number, articles in enumerate(pages, 1):
            address = addresses.page_address(node.address, number)
            paging = {"page_articles": articles, "page_number": number, "page_count": len(pages)}
            self._write_page(writer, template, address, last_day(articles), node=node, **paging, **values)

    def _write_page(self, writer: Writer, template: str, address: str, lastmod: str, **values: Any) -> None:
        values.setdefault("trail", views.trail_of(values.get("node")))
        self._write(writer, f"{template}.html", addresses.file_of(address), address, **values)
        self.written[address] = Entry(address, lastmod)

    def _write(self, writer: Writer, template: str, file: str, address: str, **values: Any) -> None:
        if trail := values.get("trail"):
            values["breadcrumbs"] = views.breadcrumb_json(trail, self.gongbao.name, self.site)
        page = self.env.get_template(template)
        writer.write_file(file, page, self.context, url=address, address=address, **values)

    def _write_feeds(self) -> None:
        everything = self._feed(self.gongbao.name, addresses.HOME, addresses.ALL_FEED)
        items = self._items(self.listings.articles)
        self._write_text(addresses.ALL_FEED, atom_feed(everything, items, self.site))
        self._write_text(
            addresses.JSON_FEED,
            json_feed(self._feed(self.gongbao.name, addresses.HOME, addresses.JSON_FEED), items, self.site),
        )
        nodes: list[RegionNode | CampaignNode] = [*self.listings.all_regions, *self.listings.campaigns]
        for node in nodes:
            if node.articles:
                address = addresses.feed_address(node.address)
                feed = self._feed(f"{self.gongbao.name}：{node.name}", node.address, address)
                self._write_text(address, atom_feed(feed, self._items(node.articles), self.site))

    def _feed(self, title: str, page: str, address: str) -> Feed:
        own = self.gongbao
        author = self.settings.get("AUTHOR") or own.name
        return Feed(title, own.description, own.language, author, f"{self.site}{page}", f"{self.site}{address}")

    def _items(self, articles: tuple[Article, ...]) -> list[Item]:
        newest = [(article, self.contents[article]) for article in articles[: self.gongbao.feed_size]]
        return [Item(article, content.summary, content.get_content(self.site)) for article, content in newest]

    def _write_data(self) -> None:
        articles, own = self.listings.articles, self.gongbao
        licence = " ".join(filter(None, (own.licence, own.licence_url)))
        self._write_text("/data/articles.json", catalogue_json(articles, self.site))
        self._write_text("/data/articles.csv", catalogue_csv(articles, self.site))
        schema = "/data/articles.schema.json"
        self._write_text(schema, catalogue_schema(own.name, f"{self.site}{schema}", licence))
        content = self._content_path()
        lists = content / VOCABULARIES
        files = source_files(
            content, [article.path for article in articles], lists if lists.is_dir() else OWN_VOCABULARIES
        )
        (self._output_path() / "data" / "archive.zip").write_bytes(zip_archive(files, licence))

    def _write_days(self) -> None:
        self._write_text(addresses.DAYS_INDEX, days_index(self.days))
        for day in self.days:
            self._write_text(f"{addresses.DAYS}{day.key}.json", day_json(day))

    def _write_text(self, address: str, text: str) -> None:
        path = self._output_path() / addresses.file_of(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def _content_path(self) -> Path:
        return Path(self.path)

    def _output_path(self) -> Path:
        return Path(self.output_path)


def add_generator(_pelican: object) -> type[Generator]:
    return BrowseGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
