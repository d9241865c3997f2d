# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Pelican generator: content in, pages out; what has not changed since the last run is left alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from pelican.generators import Generator

from plugins.trainings import signals
from plugins.trainings.assets import Asset, assets
from plugins.trainings.cards import cards_of
from plugins.trainings.catalogues import Catalogue
from plugins.trainings.markup import Renderer
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.output import Output
from plugins.trainings.pages import PageMaker, address
from plugins.trainings.problems import SiteError
from plugins.trainings.reader import Content, read_content
from plugins.trainings.revisions import revisions
from plugins.trainings.schedule_pages import SchedulePages
from plugins.trainings.settings import read_settings
from plugins.trainings.staff_pages import StaffPages
from plugins.trainings.state import SETTING, BuildState
from plugins.trainings.vcard import vcard
from plugins.trainings.views import Page, Site, View
from schedule import signup, wording
from schedule.model import LANGUAGES, ContactKind, Language, Localized

_WORDS = (
    wording.day,
    wording.day_in_year,
    wording.short_day,
    wording.days,
    wording.month,
    wording.clock,
    wording.time_range,
    wording.when,
    wording.instant,
    wording.duration,
    wording.phone,
    wording.language_name,
    wording.all_of,
)


class ScheduleGenerator(Generator):
    """Reads `content/`, then writes every page in every language; plugins add the rest (see signals)."""

    content: Content
    site: Site
    pages: list[Page]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = read_settings(self.settings)
        self.state: BuildState = self.settings.get(SETTING) or BuildState()
        self.files = Output(self.options.output, self.state.memo)
        self.private_files = Output(self.options.build, self.state.memo, mode=0o600)
        self.catalogues: dict[Language, Catalogue] = {}
        self.structured_data: Callable[[View, Site], Markup] = _no_data
        signals.generator_ready.send(self)

    def generate_context(self) -> None:
        """Read the content. Raises ContentError with all that is wrong in it, before anything is written."""
        options = self.options
        history, self.state.history = revisions(
            options.content, self.state.history, complete=options.complete_history
        )
        values = {"retention_days": str(options.retention_days)}
        self.markdown = Renderer(self.state.memo, values)
        notes = NoteRenderer(self.markdown, options.site_url)
        self.content = read_content(options.content, options.zone, history, self.state.memo, notes)
        self.state.warnings = self.content.warnings
        self.assets: tuple[Asset, ...] = assets(options.theme / "static")
        self.site = self._site()

    def generate_output(self, writer: object) -> None:  # noqa: ARG002 - Pelican's own signature
        """Write the pages of each language, the theme's files and the contacts' cards."""
        self.pages = []
        for language in LANGUAGES:
            catalogue = self.catalogues[language]
            environment = self.state.memo.get(
                ("templates", language),
                (self.site, catalogue),
                lambda: self._environment(language, catalogue),  # noqa: B023 - called at once
            )
            make = PageMaker(
                self.site, language, self.options.now, catalogue.gettext, self.markdown, self.state.memo
            )
            cards = cards_of(self.content.schedule, make)
            staff = StaffPages(self.content.articles, make, cards)
            for view in chain(staff, SchedulePages(make, cards, self.content.notes), make.not_found()):
                self.pages.append(view.page)
                path = view.page.url.lstrip("/")
                path = f"{path}index.html" if not path.endswith(".html") else path
                self.files.add(path, (view, self.site, catalogue), partial(self._render, view, environment))
            for trainer in self.content.schedule.trainers:
                path = address(f"/contacts/{trainer.slug}.vcf", language).lstrip("/")
                self.files.add(path, (trainer, self.site), partial(vcard, trainer, language, self.site.url))
        for asset in self.assets:
            self.files.add(asset.path, asset, partial(bytes, asset.data))
        signals.pages_written.send(self)
        signals.site_written.send(self)
        self.state.outputs = (self.files, self.private_files)
        self.state.memo.sweep()

    def _site(self) -> Site:
        if not self.content.schedule.trainers:
            raise SiteError("content/trainers/ is empty; add whom people can call, as ca-msix-support.md")
        support = next(
            (one for one in self.content.schedule.trainers if one.kind is ContactKind.SUPPORT),
            self.content.schedule.trainers[0],
        )
        return Site(
            url=self.options.site_url,
            sample=self.options.sample,
            assets={asset.name: f"/{asset.path}" for asset in self.assets},
            support_name={language.value: support.name.text(language) for language in LANGUAGES},
            support_phone=support.phone.display,
            support_extension=support.phone.extension,
            support_uri=support.phone.uri,
            retention_days=self.options.retention_days,
            time_zone=self.options.zone.key,
        )

    def _environment(self, language: Language, catalogue: Catalogue) -> Environment:
        """Return the templates of one language; what all of them share is global, so that macros see it too."""
        environment: Environment = self.env.overlay()
        environment.globals = {
            **self.env.globals,
            "site": self.site,
            "_": catalogue.gettext,
            "gettext": catalogue.gettext,
            "ngettext": catalogue.ngettext,
            "words": SimpleNamespace(
                weekdays=partial(wording.weekdays, language),
                **{function.__name__: partial(function, language=language) for function in _WORDS},
            ),
            "text": partial(_text, language=language),
            "lang_of": partial(_language_of, language=language),
            "lang_attr": partial(_lang_attr, language=language),
            "url": partial(address, language=language),
            "roles": signup.ROLES,
        }
        return environment

    def _render(self, view: View, environment: Environment) -> bytes:
        template = environment.get_template(view.page.template)
        data = self.structured_data(view, self.site)
        html = template.render(view.content, page=view.page, structured_data=data)
        return f"{html}\n".encode()


def _no_data(view: View, site: Site) -> Markup:  # noqa: ARG001 - what stands here without a plugin
    return Markup()


def _text(localized: Localized[Any], language: Language) -> Any:
    return localized.text(language)


def _language_of(localized: Localized[Any], language: Language) -> Language:
    return localized.language(language)


def _lang_attr(of: Localized[Any] | Language | None, language: Language) -> Markup:
    """Return ` lang="…"` for a text in another language than its page's, else nothing."""
    own = of.language(language) if isinstance(of, Localized) else of
    return Markup() if own is None or own is language else Markup(' lang="{}"').format(own.value)
