# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our mails say, as text and as HTML, in a person's language; the sentences stand in `theme/templates/mail/`.

Each kind of mail has a template of its name with its subject, its heading and its first paragraphs, one
below the other with an empty line between. `_letter.txt` and `_letter.html` put them above what all mails
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

from register.domain import snapshot
from register.domain.model import Kind, Mailbox, Message, State
from register.domain.snapshot import Snapshot
from schedule.model import Format, Language, Localized

_WITH_SEAT = frozenset({Kind.CONFIRMATION, Kind.PROMOTION, Kind.CHANGE, Kind.REMINDER})
_ENDINGS = frozenset({Kind.CANCELLATION, Kind.SESSION_CANCELLATION})


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What all mails of one site have in common; `site` is build/site.json, `manage_url` gives the personal link."""

    sender: Mailbox
    reply_to: Mailbox | None
    site_url: str
    """Without a slash at its end."""
    site: Mapping[str, Any]
    templates: Environment
    manage_url: Callable[[Message], str]

    def gettext(self, language: Language) -> Callable[[str], str]:
        """Return what translates the messages of templates and invitations."""
        catalogue: Mapping[str, Sequence[str]] = self.site["catalogues"].get(language, {})
        return lambda text: catalogue.get(text, (text,))[0]

    def url(self, path: str, language: Language) -> str:
        """Return the whole address of a page in a language."""
        return f"{self.site_url}{'' if language is Language.ENGLISH else f'/{language}'}{path}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words."""

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


def kind_to_say(message: Message) -> Kind:
    """Return what is to be said: who asks again for the mail of a session that was cancelled learns that it was."""
    if message.kind not in _ENDINGS and snapshot.read(message.snapshot_json).session.cancelled:
        return Kind.SESSION_CANCELLATION
    return message.kind


def join_url(message: Message) -> str | None:
    """Return the private link, for who has a seat in a session that takes place, and for nobody else."""
    return message.join_url if _has_seat(message) else None


def _has_seat(message: Message) -> bool:
    return message.state is State.CONFIRMED and kind_to_say(message) in _WITH_SEAT


def has_personal_link(message: Message) -> bool:
    """Whether there is a seat or a place in the line to look at and to give back."""
    return kind_to_say(message) not in _ENDINGS


def one_line(text: str) -> str:
    """Return a text without line breaks and other controls, and with single spaces."""
    fit = ("\n" if unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} else one for one in text)
    return " ".join("".join(fit).split())


def letter(message: Message, mail_settings: MailSettings, *, invites: bool) -> Letter:
    """Put a message in words; `invites` says whether an invitation comes with it."""
    told = snapshot.read(message.snapshot_json)
    words = _words(message, told, mail_settings) | {"invites": invites}
    opening = _render(mail_settings, f"{kind_to_say(message)}.txt", words)
    subject, heading, *paragraphs = opening.split("\n\n")
    words |= {"subject": subject, "heading": heading, "paragraphs": paragraphs}
    return Letter(
        subject=one_line(subject),
        text=_render(mail_settings, "_letter.txt", words) + "\n",
        html=_render(mail_settings, "_letter.html", words) + "\n",
    )


def _render(mail_settings: MailSettings, name: str, words: dict[str, Any]) -> str:
    """Render a template; a part that is left out leaves no gap."""
    text = mail_settings.templates.get_template(f"mail/{name}").render(words)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _words(message: Message, told: Snapshot, mail_settings: MailSettings) -> dict[str, Any]:
    """Return what the templates show."""
    # Babel stays out of the form's way: only mail needs it.
    from schedule import wording

    language, session = message.language, told.session
    gettext = mail_settings.gettext(language)
    said = kind_to_say(message)
    before = (
        snapshot.read(message.before_snapshot_json)
        if message.before_snapshot_json and said is Kind.CHANGE
        else None
    )
    link = join_url(message)

    def lang_attr(text: Localized[str] | None) -> str:
        """Return the language of a text that is not in the mail's own."""
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
        "words": told.words[language],
        "day": wording.short_day(session.period.first_day, language),
        "where": _where(told, language, gettext),
        "note": _paragraphs(session.note.text(language)) if session.note else [],
        "changes": _changes(before, told, language, gettext) if before else [],
        "again": before is not None and before.session.cancelled,
        "confirmed": message.state is State.CONFIRMED,
        "join_url": link,
        "link_follows": _has_seat(message) and session.format is Format.ONLINE and link is None,
        "ended": not has_personal_link(message),
        "session_cancelled": said is Kind.SESSION_CANCELLATION,
        "manage_url": mail_settings.manage_url(message) if has_personal_link(message) else None,
        "session_url": f"{mail_settings.site_url}{told.paths[language]}",
        "training_url": mail_settings.url(f"/trainings/{session.training.slug}/", language),
        "can_reply": mail_settings.reply_to is not None,
    }


def _where(told: Snapshot, language: Language, gettext: Callable[[str], str]) -> str:
    """Return the place, as on the session's page."""
    if told.session.format is Format.ONLINE:
        return gettext("Online")
    location = told.session.location
    return location.text(language) if location else gettext("In person")


def _changes(
    before: Snapshot, told: Snapshot, language: Language, gettext: Callable[[str], str]
) -> list[_Change]:
    """Return the facts that are others than they were."""
    old, new = before.words[language], told.words[language]
    facts = (
        _Change(gettext("When"), old.when, new.when),
        _Change(gettext("Where"), _where(before, language, gettext), _where(told, language, gettext)),
        _Change(gettext("Held in"), old.language, new.language),
        _Change(gettext("With"), old.trainers, new.trainers),
    )
    return [fact for fact in facts if fact.before != fact.now]


def _paragraphs(markdown: str) -> list[str]:
    """Return a note's paragraphs without the line breaks of who wrote it."""
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", markdown) if one.strip()]
