# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of emails to staff are given: the names that they use and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from register.domain.model import Kind
from schedule.addresses import Addresses
from schedule.model import Language
from schedule.site import Site


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in a list."""

    words: str
    """Who it is, on one line."""
    needs: str
    """What they need to take part; often empty."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """People under a heading."""

    label: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A session, and who is to be told of there."""

    title: str
    title_language: str
    """If it is another than the email's; else nothing."""
    when: str
    seats: str
    """How many are taken, and how many people wait."""
    lists: tuple[PeopleList, ...]
    sheet_url: str | None
    roster_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffOpeningContext:
    """What the template of a kind of email to staff is given: its subject, heading and first paragraphs."""

    _: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    title: str
    """Of the one session that it is about, as of the day; else nothing."""
    short_day: str
    day: str
    """In words, of what it tells."""
    people: int
    """How many people an email did not reach, or come."""
    staff: str
    """The addresses of staff whom emails did not reach."""
    stuck: int
    too_many: int
    left_out: bool
    """Whether a sync left sessions as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLayoutContext:
    """What the whole email is given, as text and as HTML alike."""

    _: Callable[[str], str]
    language: Language
    site: Site
    addresses: Addresses
    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    sessions: tuple[StaffSession, ...]
    sign_in_url: str | None


OPENINGS = {kind: f"mail/{kind}.txt" for kind in Kind if kind.for_staff}
TEXT, HTML = "mail/_staff.txt", "mail/_staff.html"

CONTEXTS: dict[str, type] = {
    **dict.fromkeys(OPENINGS.values(), StaffOpeningContext),
    **dict.fromkeys((TEXT, HTML), StaffLayoutContext),
}
