# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our emails say, as text and as HTML, in a person's language; the sentences stand in `theme/templates/mail/`.

Each kind of email has a template of its name with its subject, its heading and its first paragraphs, one
below the other with an empty line between. `_layout.txt` and `_layout.html` put them above what all emails
have in common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import Environment

from register.domain.messages import Mailbox, Message, Method
from register.domain.model import Kind, State
from register.domain.rules import LINE_CLOSES_BEFORE
from register.domain.snapshot import Snapshot
from register.domain.staff_news import StaffNews
from register.mail.contexts import (
    HTML,
    OPENINGS,
    TEXT,
    ChangedFact,
    LayoutContext,
    OpeningContext,
    OtherDate,
)
from register.mail.kinds import Purpose
from schedule.addresses import Addresses
from schedule.model import Format, Language, Localized, Session
from schedule.plain_text import linked
from schedule.plain_text import paragraphs as typed
from schedule.site import Site
from schedule.templates import names_of

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What all emails of one site have in common, and what gives the personal links of each."""

    sender: Mailbox
    reply_to: Mailbox | None
    site_url: str
    """Without a slash at its end."""
    site: Site
    templates: Environment
    manage_url: Callable[[Message], str]
    """Gives the page of the registration."""
    mine_url: Callable[[Message], str]
    """Gives the page of all registrations of the email address."""
    feed_url: Callable[[Message], str]
    """Gives the private feed of them."""
    other_dates: Callable[[Message, Session], Sequence[Snapshot]]
    """Gives the other dates of a session's training that have seats now: the one thing that no message holds."""
    staff_sign_in_url: Callable[[Message], str]
    """Gives the link by which a member of staff signs in."""
    staff_news: Callable[[Message], StaffNews]
    """Gives what there is to tell staff now; raises NothingToSay, and RegisterError where it cannot be known yet."""

    def gettext(self, language: Language) -> Gettext:
        """Return what translates the messages of templates and invitations."""
        return self.site.catalogues[language].gettext


@dataclass(frozen=True, slots=True)
class EmailText:
    """An email's words."""

    subject: str
    text: str
    html: str


def one_line(text: str) -> str:
    """Return a text without line breaks and other controls, and with single spaces."""
    controls = {"Cc", "Cs", "Zl", "Zp"}
    return " ".join(
        "".join("\n" if unicodedata.category(each) in controls else each for each in text).split()
    )


def email_text(purpose: Purpose, mail_settings: MailSettings) -> EmailText:
    """Put an email in words. Raises jinja2.TemplateError, and LookupError for a language that is missing."""
    opening, layout = _contexts(purpose, mail_settings)
    subject, heading, *paragraphs = rendered(mail_settings, OPENINGS[purpose.kind], opening).split("\n\n")
    layout = replace(layout, subject=subject, heading=heading, paragraphs=tuple(paragraphs))
    as_html = layout
    if purpose.kind is Kind.ANNOUNCEMENT:
        as_html = replace(layout, paragraphs=tuple(map(linked, paragraphs)))
    return EmailText(
        subject=one_line(subject),
        text=rendered(mail_settings, TEXT, layout) + "\n",
        html=rendered(mail_settings, HTML, as_html) + "\n",
    )


def rendered(mail_settings: MailSettings, template: str, context: Any) -> str:
    """Render a template; a part that is left out leaves no gap."""
    text = mail_settings.templates.get_template(template).render(names_of(context))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _contexts(purpose: Purpose, mail_settings: MailSettings) -> tuple[OpeningContext, LayoutContext]:
    """Return what the templates show; what the opening says is yet to come into the layout."""
    # Babel stays out of the form's way: only emails need it.
    from schedule import wording

    message, session, snapshot = purpose.message, purpose.session, purpose.snapshot
    language, before = message.language, purpose.before
    gettext, addresses = mail_settings.gettext(language), Addresses(mail_settings.site_url, language)

    def lang_attr(text: Localized[str] | None) -> str:
        """Return the language of a text that is not in the email's own."""
        written = text.language(language) if text else language
        return "" if written is language else written

    both: dict[str, Any] = {
        "_": gettext,
        "words": snapshot.words[language],
        "changes": _changes(before, snapshot, language, gettext) if before else (),
        "confirmed": message.state is State.CONFIRMED,
        # `register.domain.names` takes apart a name that would be a link.
        "name": one_line(message.name),
        "join_url": purpose.join_url,
        "link_follows": purpose.has_seat and session.format is Format.ONLINE and purpose.join_url is None,
    }
    opening = OpeningContext(
        **both,
        day=snapshot.words[language].short_day,
        changed_by=message.changed_by,
        again=before is not None and before.session.cancelled,
        place=message.place,
        email=message.email,
        other_when=purpose.other.words[language].when if purpose.other else None,
        besides=message.besides,
        announced_subject=one_line(message.subject or ""),
        announced_text="\n\n".join(typed(message.body or "")),
        line_open=message.recorded < session.period.start - LINE_CLOSES_BEFORE,
        all_day=session.period.all_day,
    )
    layout = LayoutContext(
        **both,
        language=language,
        site=mail_settings.site,
        addresses=addresses,
        text=lambda text: text.text(language),
        lang=lang_attr,
        phone=lambda number: wording.phone(number, language),
        session=session,
        where=_where(session, language, gettext),
        trainer_label=_trainer_label(session, gettext),
        note=session.note.text(language) if session.note else None,
        invites=purpose.method is Method.REQUEST,
        ended=purpose.ends,
        elsewhere=purpose.elsewhere,
        session_cancelled=purpose.tells_of_cancellation,
        manage_url=None if purpose.ends else mail_settings.manage_url(message),
        mine_url=mail_settings.mine_url(message),
        feed_url=mail_settings.feed_url(message),
        session_url=addresses.whole(addresses.session(session.id)),
        training_url=addresses.whole(addresses.training(session.training.slug)),
        other_dates=_other_dates(purpose, mail_settings, addresses) if purpose.waits else (),
        can_reply=mail_settings.reply_to is not None,
    )
    return opening, layout


def _where(session: Session, language: Language, gettext: Gettext) -> str:
    """Return the place, as on the session's page."""
    if session.format is Format.ONLINE:
        return gettext("Online")
    return session.location.text(language) if session.location else gettext("In person")


def _trainer_label(session: Session, gettext: Gettext) -> str:
    return gettext("Trainer") if len(session.trainers) == 1 else gettext("Trainers")


def _other_dates(
    purpose: Purpose, mail_settings: MailSettings, addresses: Addresses
) -> tuple[OtherDate, ...]:
    message, session = purpose.message, purpose.session
    language = message.language
    return tuple(
        OtherDate(
            when=each.words[language].when,
            language=each.words[language].language if each.session.language is not session.language else "",
            url=addresses.whole(addresses.session(each.session.id)),
        )
        for each in mail_settings.other_dates(message, session)
    )


def _changes(
    before: Snapshot, now: Snapshot, language: Language, gettext: Gettext
) -> tuple[ChangedFact, ...]:
    """Return the facts that have changed."""
    old, new = before.words[language], now.words[language]
    places = [_where(snapshot.session, language, gettext) for snapshot in (before, now)]
    facts = (
        ChangedFact(gettext("When"), old.when, new.when),
        ChangedFact(gettext("Where"), *places),
        ChangedFact(gettext("Language"), old.language, new.language),
        ChangedFact(_trainer_label(now.session, gettext), old.trainers, new.trainers),
    )
    return tuple(fact for fact in facts if fact.before != fact.now)
