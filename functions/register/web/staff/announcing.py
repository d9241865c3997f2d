# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message to all people of a session: written, looked at as its readers will see it, and sent once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Response, request

from register.domain.announcements import AnnouncedTo, Announcement
from register.domain.errors import SessionOver
from register.domain.model import Registration
from register.stores.errors import StoreError
from register.web.error_pages import UNAVAILABLE_DETAILS
from register.web.messages import FormError
from register.web.responses import RETRY_AFTER, log_failure
from register.web.staff.announcement_form import FIELDS, Written, read_message, readers
from register.web.staff.desk import Desk, DeskSession
from schedule.model import LANGUAGES, Language
from schedule.plain_text import linked, paragraphs
from schedule.signup import _
from schedule.site import Link, Page

if TYPE_CHECKING:
    from register.web.staff.roster_contexts import AnnouncementPart

MESSAGE = _("Message to all")
PREVIEW = _("Look at your message")

OCCASION = "occasion"
"""The name of the button that sends: its value is random, so that a message that is sent twice goes out once."""

CHANGE = "change"
"""The name of the button that leads from the preview back to the form."""

_LABELS = {
    AnnouncedTo.CONFIRMED: _("People with a seat"),
    AnnouncedTo.WAITING: _("People who wait"),
    AnnouncedTo.ALL: _("All of them"),
}
_OVER = FormError(
    _("This session is over"),
    _("Nothing was sent."),
    _("Write to people from your own email program: the roster has their addresses."),
)
_UNAVAILABLE = FormError(
    UNAVAILABLE_DETAILS.title,
    UNAVAILABLE_DETAILS.happened,
    _("Please wait a minute and send it again. Nobody gets it twice."),
)


class Announcing:
    """`/register/staff/sessions/<session>/message`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, session_id: str) -> Response:
        """Show the empty form."""
        return self._form(self._desk.session(session_id), Written(AnnouncedTo.CONFIRMED, {}))

    def send(self, session_id: str) -> Response:
        """Show the preview of what was written, or send what was looked at."""
        desk, form = self._desk, request.form
        found, roster = desk.session(session_id), desk.web.store.roster(session_id)
        written = read_message(form, roster)
        if CHANGE in form:
            return self._form(found, replace(written, problems={}))
        if written.problems:
            return self._form(found, written, status=422)
        occasion = form.get(OCCASION, "")
        if not _is_occasion(occasion):
            return self._preview(found, written, roster, desk.web.new_registration_id())
        announcement = Announcement(occasion, desk.now, written.to, **written.texts)
        try:
            is_new = desk.web.store.announce(session_id, announcement, now=desk.now, staff=desk.member.email)
        except SessionOver:
            return self._form(found, written, status=409, trouble=_OVER)
        except StoreError as error:
            # It may have been kept all the same: the same occasion once more does not send it twice.
            log_failure(error)
            return self._preview(found, written, roster, occasion, trouble=_UNAVAILABLE)
        self._write_out(session_id)
        desk.web.wake()
        return desk.to(desk.at.staff_session(session_id), "announced" if is_new else "announced-before")

    def _write_out(self, session_id: str) -> None:
        """Record the emails, as far as the store does its work; what is left is written out by the next sweep."""
        try:
            self._desk.web.store.write_out_announcement(session_id)
        except StoreError as error:
            log_failure(error)

    def _form(
        self,
        found: DeskSession,
        written: Written,
        *,
        status: int = 200,
        trouble: FormError | None = None,
    ) -> Response:
        from register.web.staff.roster_contexts import AnnouncementContext, Audience

        desk = self._desk
        roster = desk.web.store.roster(found.session.id)
        counted = {to: readers(roster, to) for to in AnnouncedTo}
        context = AnnouncementContext(
            page=self._page(found, MESSAGE),
            member=desk.member,
            about=desk.web.pages.about(found.snapshot, desk.language),
            audiences=tuple(
                Audience(to, label, counted[to][Language.ENGLISH], counted[to][Language.SPANISH])
                for to, label in _LABELS.items()
            ),
            to=written.to,
            fields=FIELDS,
            values=written.texts,
            errors={name: problem.text(desk.gettext) for name, problem in written.problems.items()},
            trouble=trouble,
        )
        return desk.show(context, status=status)

    def _preview(
        self,
        found: DeskSession,
        written: Written,
        roster: Sequence[Registration],
        occasion: str,
        *,
        trouble: FormError | None = None,
    ) -> Response:
        from register.web.staff.roster_contexts import PreviewContext

        desk, counted = self._desk, readers(roster, written.to)
        context = PreviewContext(
            page=self._page(found, PREVIEW),
            member=desk.member,
            about=desk.web.pages.about(found.snapshot, desk.language),
            to=written.to,
            values=written.texts,
            occasion=occasion,
            number=counted.total(),
            parts=tuple(
                _part(written, language, counted[language]) for language in LANGUAGES if counted[language]
            ),
            trouble=trouble,
        )
        status, retry_after = (503, RETRY_AFTER) if trouble else (200, None)
        return desk.show(context, status=status, retry_after=retry_after)

    def _page(self, found: DeskSession, title: str) -> Page:
        desk, session_id = self._desk, found.session.id
        roster = Link(found.words(desk.language).short_day, desk.at.staff_session(session_id))
        return desk.page(title, desk.at.staff_message(session_id), crumbs=[roster])


def _part(written: Written, language: Language, number: int) -> AnnouncementPart:
    from register.web.staff.roster_contexts import AnnouncementPart

    text = written.texts[f"text_{language}"]
    return AnnouncementPart(
        language=language,
        readers=number,
        subject=written.texts[f"subject_{language}"],
        paragraphs=tuple(linked(each) for each in paragraphs(text)),
    )


def _is_occasion(text: str) -> bool:
    """Whether a text may be one of ours; the store keeps it in a key."""
    return 0 < len(text) <= 64 and text.replace("-", "").replace("_", "").isalnum() and text.isascii()
