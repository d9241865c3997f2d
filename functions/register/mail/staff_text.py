# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our emails to staff say, as text and as HTML, in the language of each of them."""

from __future__ import annotations

from register.domain.messages import Message
from register.domain.model import Kind, State
from register.domain.staff_news import Group, Mentioned, SessionNews, StaffNews
from register.mail.staff_contexts import (
    HTML,
    OPENINGS,
    TEXT,
    PeopleList,
    PersonLine,
    StaffLayoutContext,
    StaffOpeningContext,
    StaffSession,
)
from register.mail.text import EmailText, MailSettings, one_line, rendered
from schedule.addresses import Addresses
from schedule.model import Language
from schedule.site import Catalogue


def staff_text(message: Message, news: StaffNews, mail_settings: MailSettings) -> EmailText:
    """Put an email to a member of staff in words. Raises jinja2.TemplateError, and LookupError as `email_text` does."""
    # Babel stays out of the form's way: only emails need it.
    from schedule import wording

    language, kind = message.language, message.kind
    catalogue, addresses = (
        mail_settings.site.catalogues[language],
        Addresses(mail_settings.site_url, language),
    )
    only = news.sessions[0].snapshot.words[language] if len(news.sessions) == 1 else None
    opening = StaffOpeningContext(
        _=catalogue.gettext,
        ngettext=catalogue.ngettext,
        title=only.title if only else "",
        short_day=wording.short_day(news.day, language) if news.day else only.short_day if only else "",
        day=wording.day(news.day, language) if news.day else "",
        people=news.not_reached or sum(each.confirmed for each in news.sessions),
        staff=wording.all_of(news.staff_not_reached, language) if news.staff_not_reached else "",
        stuck=news.stuck,
        too_many=news.too_many,
        left_out=kind is Kind.STAFF_PROBLEMS and message.body is not None and bool(news.sessions),
    )
    subject, heading, *paragraphs = rendered(mail_settings, OPENINGS[kind], opening).split("\n\n")
    layout = StaffLayoutContext(
        _=catalogue.gettext,
        language=language,
        site=mail_settings.site,
        addresses=addresses,
        subject=one_line(subject),
        heading=heading,
        paragraphs=tuple(paragraphs),
        sessions=tuple(_session(each, kind, language, catalogue, addresses) for each in news.sessions),
        sign_in_url=mail_settings.staff_sign_in_url(message) if kind is Kind.STAFF_LINK else None,
    )
    return EmailText(
        subject=layout.subject,
        text=rendered(mail_settings, TEXT, layout) + "\n",
        html=rendered(mail_settings, HTML, layout) + "\n",
    )


def _session(
    news: SessionNews, kind: Kind, language: Language, catalogue: Catalogue, addresses: Addresses
) -> StaffSession:
    session, words = news.snapshot.session, news.snapshot.words[language]
    written = session.training.title.language(language)
    seats = catalogue.gettext("%(taken)s of %(seats)s seats taken") % {
        "taken": news.confirmed,
        "seats": news.seats,
    }
    waiting = catalogue.ngettext("%(count)s person waiting", "%(count)s people waiting", news.waiting)
    return StaffSession(
        title=words.title,
        title_language="" if written is language else written,
        when=words.when,
        seats=f"{seats}, {waiting % {'count': news.waiting}}" if news.waiting else seats,
        lists=tuple(
            PeopleList(label, tuple(_line(each, group, catalogue) for each in news.groups[group]))
            for group, label in _labels(catalogue).items()
            if news.groups.get(group)
        ),
        sheet_url=addresses.whole(addresses.staff_sheet(session.id)) if kind is Kind.STAFF_ROSTER else None,
        roster_url=addresses.whole(addresses.staff_session(session.id)),
    )


def _labels(catalogue: Catalogue) -> dict[Group, str]:
    gettext = catalogue.gettext
    return {
        Group.ASKS: gettext("Who asks"),
        Group.COMING: gettext("Who is coming"),
        Group.SIGNED_UP: gettext("Who signed up"),
        Group.CANCELLED: gettext("Who canceled"),
        Group.MOVED: gettext("Who moved to another date"),
        Group.NOT_REACHED: gettext("Who did not get our email"),
    }


def _line(mentioned: Mentioned, group: Group, catalogue: Catalogue) -> PersonLine:
    """Return somebody on one line: what people typed may hold line breaks."""
    person = mentioned.person
    said = [person.name, person.organization]
    if group in {Group.ASKS, Group.NOT_REACHED}:
        said.append(person.email)
    if mentioned.state is State.WAITLISTED and group is not Group.CANCELLED:
        said.append(catalogue.gettext("waiting list"))
    if mentioned.problem:
        said.append(mentioned.problem)
    needs = person.needs if group in {Group.ASKS, Group.COMING} else ""
    return PersonLine(", ".join(filter(None, map(one_line, said))), one_line(needs))
