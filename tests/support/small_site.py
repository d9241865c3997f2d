# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site of a few pages with templates of one line, which builds in no time."""

from __future__ import annotations

from pathlib import Path

from blinker import ANY

from plugins.build import Builder
from plugins.trainings import signals
from tests.support.content import ContentFolder

SETTINGS = """\
SITEURL = "https://trainings.example.org"
TIMEZONE = "America/Los_Angeles"
PATH = "content"
OUTPUT_PATH = "output"
BUILD_PATH = "build"
THEME = "theme"
PLUGINS = ["plugins.trainings", "plugins.bilingual", "plugins.schedule_export"]
BUILD_DATE = "2026-11-30"
SAMPLE_CONTENT = True
RETENTION_DAYS = 180
PRODUCTION = False
ARTICLE_PATHS = PAGE_PATHS = STATIC_PATHS = THEME_STATIC_PATHS = DIRECT_TEMPLATES = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Trainings"\nmsgstr "Capacitaciones"\n'
TEMPLATES = {
    "home.html": "{{ page.title }}: {{ article.html }}{% for one in sessions %} {{ one.words.when }}{% endfor %}",
    "trainings.html": "{{ page.title }}{% for one in trainings %} {{ one.url }}{% endfor %}",
    "training.html": "{{ page.title }}{% for one in sessions %} {{ one.url }}{% endfor %}",
    "schedule.html": "{% for month in months %}{% for one in month.sessions %} {{ one.url }}{% endfor %}{% endfor %}",
    "session.html": "{{ page.title }}: {{ card.session.capacity }}",
    "contacts.html": "{% for one in contacts %} {{ one.trainer.name.en }}{% endfor %}",
    "404.html": "{{ page.title }}",
    "page.html": "{{ article.html }}",
}
LINK = "https://meet.example.org/private"


class SmallSite:
    """A site with two sessions and a theme of one line a page, and the Builder that makes it."""

    def __init__(self, root: Path) -> None:
        # Other tests have built the whole site in this process; its plugins are none of this one's.
        for signal in (signals.generator_ready, signals.pages_written, signals.site_written):
            for receiver in signal.receivers_for(ANY):
                signal.disconnect(receiver)
        self.root = root
        self.content = ContentFolder(root)
        self.content.session("a", Join_Url=LINK)
        self.content.session("b", Start="2027-01-07 10:00")
        self.write("pelicanconf.py", SETTINGS)
        self.write("theme/static/site.css", "a { color: red }")
        self.write("theme/translations/es/LC_MESSAGES/theme.po", PO)
        for name, text in TEMPLATES.items():
            self.write(f"theme/templates/{name}", text)
        self.builder = Builder(root / "pelicanconf.py")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def built(self) -> dict[str, bytes]:
        """Return what all builds so far have left: both folders, and what may lie beside them."""
        sources = ("content/", "theme/", "pelicanconf.py", "cold/")
        paths = {
            file.relative_to(self.root).as_posix(): file for file in self.root.rglob("*") if file.is_file()
        }
        return {path: file.read_bytes() for path, file in paths.items() if not path.startswith(sources)}

    def pages(self) -> dict[str, int]:
        """Return the pages with their inodes: a page that is made again has another."""
        found = self.builder.output.rglob("*.html")
        return {file.relative_to(self.builder.output).as_posix(): file.stat().st_ino for file in found}

    def cold(self) -> dict[str, bytes]:
        """Return what a build from nothing makes."""
        paths = {"OUTPUT_PATH": str(self.root / "cold/output"), "BUILD_PATH": str(self.root / "cold/build")}
        Builder(self.root / "pelicanconf.py", paths).build()
        files = (file for file in (self.root / "cold").rglob("*") if file.is_file())
        return {file.relative_to(self.root / "cold").as_posix(): file.read_bytes() for file in files}
