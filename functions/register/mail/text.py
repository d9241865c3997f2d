# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our emails say, as text and as HTML, in a person's language; the sentences stand in `theme/templates/mail/`.

Each kind of email has a template of its name with its subject, its heading and its first paragraphs, one
below the other with an empty line between. `_layout.txt` and `_layout.html` put them above what all emails
have in common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from register.domain.model import Kind, Mailbox, Message, Method, State
from register.domain.snapshot import Snapshot
from register.mail.kinds import Purpose
from schedule.model import Format, Language, Localized, Session

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What all emails of one site have in common; `site` is build/site.json, `manage_url` gives the personal link."""

    sender: Mailbox
    reply_to: Mailbox | None
    site_url: str
    """Without a slash at its end."""
    site: Mapping[str, Any]
    templates: Environment
    manage_url: Callable[[Message], str]

    def gettext(self, language: Language) -> Gettext:
        """Return what translates the messages of templates and invitations."""
        catalogue: Mapping[str, Sequence[str]] = self.site["catalogues"].get(language, {})
        return lambda text: catalogue.get(text, (text,))[0]

    def url(self, path: str, language: Language) -> str:
        """Return the full URL of a page in a language."""
        return f"{self.site_url}{'' if language is Language.ENGLISH else f'/{language}'}{path}"


@dataclass(frozen=True, slots=True)
class EmailText:
    """An email's words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Change:
    label: str
    before: str
    now: str


def environment(theme: Path) -> Environment:
    """Return the templates of a theme, with the site's own options; only .html is escaped."""
    return Environment(
        loader=FileSystemLoader(theme / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def one_line(text: str) -> str:
    """Return a text without line breaks and other controls, and with single spaces."""
    controls = {"Cc", "Cs", "Zl", "Zp"}
    return " ".join(
        "".join("\n" if unicodedata.category(each) in controls else each for each in text).split()
    )


def email_text(purpose: Purpose, mail_settings: MailSettings) -> EmailText:
    """Put an email in words. Raises jinja2.TemplateError, and LookupError for a language that is missing."""
    context = _context(purpose, mail_settings)
    opening = _render(mail_settings, f"{purpose.kind}.txt", context)
    subject, heading, *paragraphs = opening.split("\n\n")
    context |= {"subject": subject, "heading": heading, "paragraphs": paragraphs}
    return EmailText(
        subject=one_line(subject),
        text=_render(mail_settings, "_layout.txt", context) + "\n",
        html=_render(mail_settings, "_layout.html", context) + "\n",
    )


def _render(mail_settings: MailSettings, name: str, context: dict[str, Any]) -> str:
    """Render a template; a part that is left out leaves no gap."""
    text = mail_settings.templates.get_template(f"mail/{name}").render(context)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _context(purpose: Purpose, mail_settings: MailSettings) -> dict[str, Any]:
    """Return what the templates show."""
    # Babel stays out of the form's way: only emails need it.
    from schedule import wording

    message, session, snapshot = purpose.message, purpose.session, purpose.snapshot
    language, before = message.language, purpose.before
    gettext = mail_settings.gettext(language)

    def lang_attr(text: Localized[str] | None) -> str:
        """Return the language of a text that is not in the email's own."""
        written = text.language(language) if text else language
        return "" if written is language else written

    return {
        "_": gettext,
        "gettext": gettext,
        "language": language,
        "site": mail_settings.site,
        "url": lambda path: mail_settings.url(path, language),
        "text": lambda text: text.text(language),
        "lang": lang_attr,
        "phone": lambda number: wording.phone(number, language),
        # `register.web.forms` refuses a name that is a link.
        "name": one_line(message.name),
        "session": session,
        "words": snapshot.words[language],
        "day": wording.short_day(session.period.first_day, language),
        "where": _where(session, language, gettext),
        "trainer_label": _trainer_label(session, gettext),
        "note": session.note.text(language) if session.note else None,
        "changes": _changes(before, snapshot, language, gettext) if before else [],
        "again": before is not None and before.session.cancelled,
        "confirmed": message.state is State.CONFIRMED,
        "invites": purpose.method is Method.REQUEST,
        "join_url": purpose.join_url,
        "link_follows": purpose.has_seat and session.format is Format.ONLINE and purpose.join_url is None,
        "ended": purpose.ends,
        "session_cancelled": purpose.kind is Kind.SESSION_CANCELLATION,
        "manage_url": None if purpose.ends else mail_settings.manage_url(message),
        "session_url": f"{mail_settings.site_url}{snapshot.paths[language]}",
        "training_url": mail_settings.url(f"/trainings/{session.training.slug}/", language),
        "can_reply": mail_settings.reply_to is not None,
    }


def _where(session: Session, language: Language, gettext: Gettext) -> str:
    """Return the place, as on the session's page."""
    if session.format is Format.ONLINE:
        return gettext("Online")
    return session.location.text(language) if session.location else gettext("In person")


def _trainer_label(session: Session, gettext: Gettext) -> str:
    return gettext("Trainer") if len(session.trainers) == 1 else gettext("Trainers")


def _changes(before: Snapshot, now: Snapshot, language: Language, gettext: Gettext) -> list[_Change]:
    """Return the facts that have changed."""
    old, new = before.words[language], now.words[language]
    places = [_where(snapshot.session, language, gettext) for snapshot in (before, now)]
    facts = (
        _Change(gettext("When"), old.when, new.when),
        _Change(gettext("Where"), *places),
        _Change(gettext("Language"), old.language, new.language),
        _Change(_trainer_label(now.session, gettext), old.trainers, new.trainers),
    )
    return [fact for fact in facts if fact.before != fact.now]
