"""Every page of the site but the articles: home, places, campaigns, years, papers, days, feeds, open data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.archive import vocabulary_folder
from gongbao.article import Article, Lists
from gongbao.browse import views
from gongbao.browse.catalogue import COLUMNS, KeptLines, catalogue_csv, catalogue_json, catalogue_schema
from gongbao.browse.days import day_json, days_index, gather_days
from gongbao.browse.download import zip_sources
from gongbao.browse.entries import Entries
from gongbao.browse.feeds import Feed, atom_feed, json_feed
from gongbao.browse.issues import calendar_year, date_in_words, neighbours
from gongbao.browse.listings import CampaignNode, Issue, PaperNode, RegionNode, gather, paginate
from gongbao.browse.shell import Shell
from gongbao.browse.sitemap import Entry, SiteMap, last_day, sitemap_files
from gongbao.pages import PageQueue
from gongbao.settings import base_path, read_settings
from gongbao.story import Story
from gongbao.words import _, use_language

PLAIN_FILES = ("robots.txt", "opensearch.xml")


class BrowseGenerator(Generator):
    """Queues the lists that `listings` gathers from the stories, and what is made of the archive as a whole."""

    def generate_context(self) -> None:
        """Gather once all stories are read, and offer to every template what every page shows."""
        self.gongbao = read_settings(self.settings.get("GONGBAO", {}))
        use_language(self.gongbao.language)
        self.site: str = self.settings["SITEURL"]
        self.stories: dict[str, Story] = {story.article.address: story for story in self.context["stories"]}
        lists: Lists = self.context["lists"]
        articles = [story.article for story in self.stories.values()]
        self.listings = gather(articles, lists.vocabulary.campaigns, lists.regions)
        self.days = gather_days(self.listings.articles)
        self.context["gongbao"] = self.gongbao
        self.context["base"] = base_path(self.site)
        self.context["breadcrumbs_of"] = partial(views.breadcrumb_json, home=self.gongbao.name, site=self.site)
        self.context["newest_json"] = partial(views.newest_json, site=self.site)
        self.context["entry"] = self.entries = Entries(self.env, self.context, self.stories)
        self.context["shell"] = Shell(self.env, self.context)
        self.context["site_pages"] = sorted(self.context["pages"], key=lambda page: (page.order, page.slug))

    def generate_output(self, writer: Writer) -> None:
        """Queue all pages, feeds and data files."""
        self.queue: PageQueue = self.context["queue"]
        self.written: list[Entry] = []
        self._write_single_pages(writer)
        self._write_lists(writer)
        self._write_feeds()
        self._write_data()  # neither first, when the index takes its most memory, nor last, as these files take long
        self._write_days()
        for page in self.context["pages"]:
            self.written.append(Entry(f"/{page.url}"))
        for article in self.listings.articles:
            self.written.append(Entry(article.address, str(article.date) if article.date.day else ""))
        for name, own in sitemap_files(self.written, self.site).items():
            self._add_file(f"/{name}", SiteMap.to_xml, own)
        for name in PLAIN_FILES:
            self._write(writer, name, name, f"/{name}", inputs=())
        self.queue.prepare_many = partial(self.entries.prepare, self.listings.articles)

    def _write_single_pages(self, writer: Writer) -> None:
        """The pages that there is one of: they show something of the whole archive."""
        newest = last_day(self.listings.articles)
        for template, view in self._single_pages().items():
            section = views.section_of(template) if template in views.SECTIONS else None
            address = section.address if section else addresses.HOME
            values = {"listings": self.listings, "trail": (section,) if section else ()}
            inputs = self.listings.articles
            self.written.append(self._write_page(writer, template, address, newest, inputs=inputs, view=view, **values))
        self._write(writer, "404.html", "404.html", "/404.html", inputs=(), trail=())

    def _single_pages(self) -> dict[str, partial[dict[str, Any]]]:
        """Template -> what it shows beside the listings."""
        return {
            "home": partial(views.home_view, self.listings, self.days),
            "regions": partial(views.regions_view, self.listings),
            "campaigns": partial(views.campaigns_view, self.listings),
            "years": partial(views.years_view, self.listings),
            "papers": partial(dict),
            "days": partial(views.days_view, self.days),
            "data": partial(dict, columns=COLUMNS),
            "search": partial(dict),
        }

    def _write_lists(self, writer: Writer) -> None:
        for region in self.listings.all_regions:
            parent = views.parent_of(region, self.listings)
            view = partial(views.region_view, region, self.listings)
            own = partial(self._write_list_and_feed, writer, "region", region, view, parent=parent)
            self._gather(region.address, region.articles, own, parent)
        for campaign in self.listings.campaigns:
            view = partial(views.campaign_view, campaign, self.listings)
            own = partial(self._write_list_and_feed, writer, "campaign", campaign, view)
            self._gather(campaign.address, campaign.articles, own)
        for year in self.listings.years:
            view = partial(views.year_view, year, self.listings, self.gongbao.page_size)
            own = partial(self._write_list, writer, "year", year, view, months_of=views.months_of)
            self._gather(year.address, year.articles, own)
        for day in self.days:
            self._gather(day.address, day.articles, partial(self._write_list, writer, "day", day))
        for paper in self.listings.papers:
            self._write_paper(writer, paper)

    def _gather(
        self, name: str, articles: Iterable[Article], write: Callable[[], list[Entry]], *inputs: object
    ) -> None:
        """Write pages that show some articles, and of all else that can change no more than `inputs`."""
        texts = "".join([article.digest for article in articles])
        self.written += self.queue.add_group(name, (texts, inputs), write)

    def _write_paper(self, writer: Writer, paper: PaperNode) -> None:
        own = partial(self._write_list, writer, "paper", paper, partial(views.paper_view, paper))
        self._gather(paper.address, paper.articles, own)
        years: dict[int, list[tuple[Issue, Issue | None, Issue | None]]] = {}  # newest first, as the issues are
        for around in neighbours(paper.issues):
            years.setdefault(around[0].date.year, []).append(around)
        newest = last_day(paper.articles)
        steps = [None, *(views.step_to_year(paper.paper, year, len(own)) for year, own in years.items()), None]
        for (year, issues), after, before in zip(years.items(), steps, steps[2:], strict=False):
            near = {"before": before, "after": after}
            beyond = (views.step_to(issues[-1][1]), views.step_to(issues[0][2]))
            articles = (article for issue, *_ in issues for _, own in issue.pages for article in own)
            write = partial(self._write_year, writer, paper, year, issues, near, newest)
            self._gather(f"{paper.address}{year}", articles, write, beyond, near, newest)

    def _write_year(
        self,
        writer: Writer,
        paper: PaperNode,
        year: int,
        issues: Sequence[tuple[Issue, Issue | None, Issue | None]],
        near: Mapping[str, views.Step | None],
        newest: str,
    ) -> list[Entry]:
        """A year of a paper: its issues, each with those before and after it, and its calendar."""
        written = []
        for issue, before, after in issues:
            beside = {"before": views.step_to(before), "after": views.step_to(after)}
            last = last_day(article for _, articles in issue.pages for article in articles)
            values = {"node": issue, "date_in_words": date_in_words, **beside}
            written.append(self._write_page(writer, "issue", issue.address, last, inputs=(issue, beside), **values))
        node = calendar_year(paper.paper, year, [issue for issue, *_ in issues])
        own = self._write_page(writer, "calendar", node.address, newest, inputs=(node, near), node=node, **near)
        return [*written, own]

    def _write_list_and_feed(
        self, writer: Writer, template: str, node: RegionNode | CampaignNode, view: partial[Any], **values: Any
    ) -> list[Entry]:
        if node.articles:
            address = addresses.feed_address(node.address)
            title = _("%(archive)s：%(name)s", archive=self.gongbao.name, name=node.name)
            feed = self._feed(title, node.address, address)
            self._add_file(address, atom_feed, feed, self._newest(node.articles), self.site)
        return self._write_list(writer, template, node, view, **values)

    def _write_list(
        self, writer: Writer, template: str, node: Any, view: partial[dict[str, Any]] | None = None, **values: Any
    ) -> list[Entry]:
        """All pages of a list; charts, sums and the like stand on the first, of which alone they are inputs."""
        written = []
        pages = paginate(node.articles, self.gongbao.page_size)
        for number, articles in enumerate(pages, 1):
            address = addresses.page_address(node.address, number)
            paging = {"page_articles": articles, "page_number": number, "page_count": len(pages)}
            own: tuple[object, ...] = (node, values) if number == 1 else (views.trail_of(node), len(node.articles))
            entry = self._write_page(
                writer,
                template,
                address,
                last_day(articles),
                inputs=(own, paging),
                view=view if number == 1 else None,
                node=node,
                **paging,
                **values,
            )
            written.append(entry)
        return written

    def _write_page(
        self, writer: Writer, template: str, address: str, lastmod: str, *, inputs: object, **values: Any
    ) -> Entry:
        """A page; returns what the site map says of it."""
        values.setdefault("trail", views.trail_of(values.get("node")))
        self._write(writer, f"{template}.html", addresses.file_of(address), address, inputs=inputs, **values)
        return Entry(address, lastmod)

    def _write(self, writer: Writer, template: str, file: str, address: str, **values: Any) -> None:
        page = self.env.get_template(template)
        writer.write_file(file, page, self.context, url=address, address=address, **values)

    def _write_feeds(self) -> None:
        everything = self._feed(self.gongbao.name, addresses.HOME, addresses.ALL_FEED)
        newest = self._newest(self.listings.articles)
        self._add_file(addresses.ALL_FEED, atom_feed, everything, newest, self.site)
        own = self._feed(self.gongbao.name, addresses.HOME, addresses.JSON_FEED)
        self._add_file(addresses.JSON_FEED, json_feed, own, newest, self.site)

    def _feed(self, title: str, page: str, address: str) -> Feed:
        own = self.gongbao
        author = self.settings.get("AUTHOR") or own.name
        return Feed(title, own.description, own.language, author, f"{self.site}{page}", f"{self.site}{address}")

    def _newest(self, articles: tuple[Article, ...]) -> tuple[Story, ...]:
        return tuple(self.stories[article.address] for article in articles[: self.gongbao.feed_size])

    def _write_data(self) -> None:
        articles, own = self.listings.articles, self.gongbao
        licence = " ".join(filter(None, (own.licence, own.licence_url)))
        session = self.context["session"]
        files = {"json": "data/articles.json", "csv": "data/articles.csv", "zip": "data/archive.zip"}
        for name, write in (("json", catalogue_json), ("csv", catalogue_csv)):
            lines = KeptLines(session.cache, f"lines/{name}-{session.inputs.site}")
            session.kept.add(lines.name)
            self.queue.add(files[name], partial(write, articles, self.site, lines), (articles, self.site))
        schema = "/data/articles.schema.json"
        self._add_file(schema, catalogue_schema, own.name, f"{self.site}{schema}", licence)
        content: Path = session.content
        # The lists and the pages of a site are inputs of each of its files.
        make = partial(zip_sources, content, articles, vocabulary_folder(content), licence, session.load_sources)
        self.queue.add(files["zip"], make, (articles, licence))
        session.make_ahead(files.values())

    def _write_days(self) -> None:
        self._add_file(addresses.DAYS_INDEX, days_index, self.days)
        for day in self.days:
            self._add_file(f"{addresses.DAYS}{day.key}.json", day_json, day)

    def _add_file(self, address: str, function: Callable[..., str], *arguments: Any) -> None:
        self.queue.add_file(addresses.file_of(address), function, *arguments)


def add_generator(_pelican: object) -> type[Generator]:
    return BrowseGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
