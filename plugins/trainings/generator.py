# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Pelican generator: content in, pages out; what has not changed since the last run is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from pelican.generators import Generator

from plugins.trainings import signals
from plugins.trainings.assets import Asset, assets
from plugins.trainings.cards import cards_of
from plugins.trainings.contexts import SiteNames, Wording
from plugins.trainings.kept_parts import kept_parts
from plugins.trainings.notes import renderer_of
from plugins.trainings.output import Output
from plugins.trainings.pages import Draft, PageMaker, drafted
from plugins.trainings.problems import ContentProblem, SiteError
from plugins.trainings.reader import Content, read_content
from plugins.trainings.revisions import UncommittedContent, revisions
from plugins.trainings.schedule_pages import SchedulePages
from plugins.trainings.settings import read_settings
from plugins.trainings.staff_pages import StaffPages
from plugins.trainings.state import SETTING, BuildState
from plugins.trainings.vcard import vcard
from schedule.addresses import Addresses
from schedule.model import LANGUAGES, ContactKind, Language
from schedule.site import Catalogue, Site
from schedule.templates import NO_DATA, PageContext, environment, page_names, render, with_names

WITHOUT_HISTORY = ContentProblem(
    "content",
    1,
    None,
    "is in no git repository, so the SEQUENCE of every event is 0, and calendars that know another one take no "
    "changes",
    "publish from a clone of the repository, not from an export of it",
    warning=True,
)


SEATS = ("parts/status.js", "parts/rows.js", "parts/seats.js")
"""Ask the sign-up function how full the sessions are, and say it."""


class ScheduleGenerator(Generator):
    """Reads `content/`, then writes every page in every language; plugins add the rest (see signals)."""

    content: Content
    site: Site
    indexed: dict[str, Language]
    """The addresses of the pages that search engines may list, with their languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = read_settings(self.settings)
        self.state: BuildState = self.settings.get(SETTING) or BuildState()
        site, private = self.state.standing or (None, None)
        self.files = Output(self.options.output, self.state.memo, standing=site)
        self.private_files = Output(self.options.build, self.state.memo, mode=0o600, standing=private)
        self.catalogues: dict[Language, Catalogue] = {}
        self.structured_data: Callable[[PageContext, Site], Markup] = _no_data
        signals.generator_ready.send(self)

    def generate_context(self) -> None:
        """Read the content. Raises ContentError with all that is wrong in it, before anything is written."""
        options = self.options
        history, self.state.history = revisions(
            options.content,
            self.state.history,
            here=self.state.repository,
            complete=options.complete_history,
        )
        uncommitted = history.uncommitted if options.complete_history else ()
        if uncommitted and not options.allow_uncommitted:
            raise UncommittedContent(uncommitted)
        notes = renderer_of(options, self.state.memo)
        self.markdown = notes.markdown
        self.content = read_content(
            options.content, options.zone, history, self.state.memo, notes, options.now, self.state.files
        )
        unsafe = (
            ContentProblem(path, 1, None, "is published as it is, not committed", warning=True)
            for path in uncommitted
        )
        untold = (WITHOUT_HISTORY,) if options.complete_history and self.state.history is None else ()
        self.state.warnings, self.state.news = (*untold, *unsafe, *self.content.warnings), ()
        self.assets: tuple[Asset, ...] = assets(
            options.theme / "static", options.site_url, without=() if options.sign_up else SEATS
        )
        self.site = self.state.memo.the_same("site", self._site())

    def generate_output(self, writer: object) -> None:  # noqa: ARG002 - Pelican's own signature
        """Write the pages of each language, the theme's files and the contacts' cards."""
        plain = self.state.process_memo.get(
            "templates", None, lambda: environment(self.options.theme, self.state.compiled)
        )
        self.indexed = {}
        for language in LANGUAGES:
            addresses = Addresses(self.site.url, language)
            # What all templates share is global, so that macros see it too.
            templates = self.state.process_memo.get(
                ("templates", language),
                self.site,
                lambda: with_names(plain, self._names(language)),  # noqa: B023 - called at once
            )
            make = PageMaker(self.site, language, self.options.now, self.markdown, self.state.memo)
            cards = cards_of(self.content.schedule, make)
            staff = StaffPages(self.content.articles, make, cards)
            schedule = SchedulePages(make, cards, self.content.notes)
            for draft in chain(map(drafted, staff), schedule, map(drafted, make.not_found())):
                if draft.indexed:
                    self.indexed[draft.url] = language
                path = addresses.file(draft.url)
                self.files.add(path, (draft.inputs, self.site), partial(self._render, draft, templates))
            for trainer in self.content.schedule.trainers:
                path = addresses.file(addresses.contact_card(trainer.slug))
                self.files.add(path, (trainer, self.site.url), partial(vcard, trainer, addresses))
        for rendition in (one for picture in self.content.pictures for one in picture.renditions):
            self.files.add(rendition.path, rendition, rendition.file.read_bytes)
        for asset in self.assets:
            self.files.add(asset.path, asset, partial(bytes, asset.data))
        signals.pages_written.send(self)
        signals.site_written.send(self)
        self.state.outputs = (self.files, self.private_files)
        self.state.memo.sweep()
        self.state.process_memo.sweep()

    def _site(self) -> Site:
        if not self.content.schedule.trainers:
            raise SiteError("content/trainers/ is empty; add somebody to call, as ca-msix-support.md")
        support = next(
            (trainer for trainer in self.content.schedule.trainers if trainer.kind is ContactKind.SUPPORT),
            self.content.schedule.trainers[0],
        )
        addresses = Addresses(self.options.site_url)
        return Site(
            url=self.options.site_url,
            sample=self.options.sample,
            sign_up=self.options.sign_up,
            assets={asset.name: addresses.asset(asset.path) for asset in self.assets},
            support_name={language: support.name.text(language) for language in LANGUAGES},
            support_phone=support.phone.display,
            support_extension=support.phone.extension,
            support_uri=support.phone.uri,
            retention_days=self.options.retention_days,
            organizations=self.content.organizations,
            catalogues=self.catalogues,
            editor=self.options.editor is not None,
        )

    def _names(self, language: Language) -> SiteNames:
        once = kept_parts(self.state.memo, self.site, language)
        return SiteNames(words=Wording(language), **page_names(self.site, language) | {"once": once})

    def _render(self, draft: Draft, templates: Environment) -> bytes:
        context = draft.context()
        data = self.structured_data(context, self.site)
        return render(templates, replace(context, structured_data=data)).encode()


def _no_data(context: PageContext, site: Site) -> Markup:  # noqa: ARG001 - what stands here without a plugin
    return NO_DATA
