# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where links in texts may lead: every address of the site, known before a page is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from plugins.trainings.frontmatter import Document
from schedule.addresses import FUNCTION, Addresses
from schedule.model import LANGUAGES, Format, Language, Localized
from schedule.signup import fields

# What the templates give an id, by the kind of page; `main` is on each. tests/site/ looks whether it is so.
SESSION_IDS = r"sign-up|s-.+"
SCHEDULE_IDS = r"filter|subscribe|\d{4}-\d\d|s-.+"
TRAINING_IDS = r"subscribe"
PARENTS_IDS = r"more"
_FIELDS = "|".join(field.name for field in fields(for_parents=False))
OWN_IDS = re.compile(
    rf"main|others|calendar|s|({_FIELDS})(-hint|-error|-en|-es)?|{SESSION_IDS}|{SCHEDULE_IDS}|{PARENTS_IDS}"
)
"""What no text may call a part of its own, since the page around it has, or may have, one of that name."""


@dataclass(frozen=True, slots=True)
class PageTarget:
    """A page that a link may lead to: its text, if writers write it, and a pattern of the template's own ids."""

    text: str = ""
    ids: str = ""


class Targets:
    """All addresses of a site at the root of its host, in every language."""

    def __init__(
        self,
        documents: Mapping[str, Mapping[str, Document]],
        translations: Mapping[str, Mapping[str, Document]],
        notes: Mapping[str, Localized[str]],
        *,
        sign_up: bool,
    ) -> None:
        """`notes` holds the text of each session's page by the session's id; `sign_up` whether people sign up here."""
        self._sign_up = sign_up
        self.pages: dict[str, PageTarget] = {}
        self.files: set[str] = set()
        self._sources: dict[tuple[str, Language], str] = {}
        self._sessions = notes
        for language in LANGUAGES:
            addresses = Addresses("", language)
            self._fixed(addresses)
            choices = product((None, *documents["trainings"]), (None, *LANGUAGES), (None, *Format))
            self.files |= {addresses.filtered_calendar(*choice) for choice in choices}
            for name, note in notes.items():
                self.pages[addresses.session(name)] = PageTarget(note.text(language), SESSION_IDS)
                self.files.add(addresses.session_calendar(name))
            for section, found in documents.items():
                for stem, document in found.items():
                    own = translations[section].get(stem) if language is Language.SPANISH else None
                    self._add(section, stem, (own.body if own else "") or document.body, addresses)

    def _fixed(self, addresses: Addresses) -> None:
        for page in (addresses.trainings, addresses.contacts, addresses.parents, addresses.home):
            self.pages[page] = PageTarget()
        self.pages[addresses.schedule] = PageTarget("", SCHEDULE_IDS)
        self.files |= {addresses.calendar, addresses.sitemap, addresses.robots, addresses.not_found}
        self.files |= {addresses.language_calendar(language) for language in LANGUAGES}

    def _add(self, section: str, stem: str, text: str, addresses: Addresses) -> None:
        if section == "trainings":
            address, ids = addresses.training(stem), TRAINING_IDS
            self.files.add(addresses.training_calendar(stem))
        elif section == "trainers":
            address, ids = addresses.contacts, ""
            text = f"{self.pages[address].text}\n\n{text}"
            self.files |= {addresses.contact_card(stem), addresses.trainer_calendar(stem)}
        elif section == "sessions":
            dates = (name for name in self._sessions if name.startswith(f"{stem}-"))
            # The text of a series stands on the pages of its dates.
            address = addresses.session(stem if stem in self._sessions else next(dates, stem))
            self._sources[f"{section}/{stem}", addresses.language] = address
            return
        else:
            address, ids = addresses.text(section, stem), PARENTS_IDS if section == "parents" else ""
        self.pages[address] = PageTarget(text, ids)
        self._sources[f"{section}/{stem}", addresses.language] = address

    def address(self, section: str, stem: str, language: Language) -> str:
        """Return the address at which the text of a content file is shown."""
        return self._sources.get((f"{section}/{stem}", language)) or Addresses("", language).session(stem)

    def source(self, path: str, language: Language) -> str | None:
        """Return the address of a content file that a link names as the code host would have it."""
        found = re.search(r"([a-z]+/[a-z0-9-]+)(?:\.es)?\.md$", path)
        near = [
            address
            for (name, one), address in self._sources.items()
            if one is language
            and (name == (found and found[1]) or name.endswith(f"/{path.removesuffix('.md')}"))
        ]
        return near[0] if near else None

    def leads_somewhere(self, path: str) -> bool:
        """Whether there is a page or a file at an address."""
        return self.has(path) or (self._sign_up and path.startswith(FUNCTION))

    def has(self, path: str) -> bool:
        """Whether a page or a file of the site, not the function, stands at an address."""
        return path in self.pages or path in self.files

    def nearby(self, path: str) -> str | None:
        """Return the address that differs in its slash or its case alone."""
        tidy = f"/{path.strip('/').lower()}/".replace("//", "/")
        return tidy if tidy in self.pages else None
