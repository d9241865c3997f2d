# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of one's own registration, put together from what the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Response, g

from register.domain.errors import UnknownSession
from register.domain.model import Person, Registration, State
from register.domain.near_misses import near_miss
from register.domain.other_dates import dates_to_move_to
from register.domain.rules import line_is_open, state_of
from register.domain.snapshot import read
from register.web.again import FormTokens, ways_on
from register.web.forms import FieldProblem
from register.web.messages import FormError
from register.web.mine import feed_url
from register.web.own import Own, owned
from register.web.responses import Web
from register.web.tokens import Managed
from schedule import signup
from schedule.materials import Material
from schedule.model import Format, Language
from schedule.sign_up_state import SignUpState
from schedule.signup import _

if TYPE_CHECKING:
    from register.web.contexts import AboutSession, DetailsForm

OWN = _("Your registration")

NEWS = {
    "corrected": _("Your details are corrected. We’ve emailed you what we have now."),
    "same": _("What you sent is what we had already: nothing has changed."),
    "moved": _("You moved to this date. We’ve emailed you the details."),
    "waits-too": _("You wait for this date now, and keep your other one. We’ve emailed you the details."),
    "started": _("This date has begun, so you can no longer move: nothing has changed. Please call us."),
    "there-already": _("You are signed up for that date already: nothing has changed."),
    "waiting-already": _("You are on the waiting list for that date already: nothing has changed."),
    "takes-nobody": _("Nobody can sign up for that date any more. Your registration hasn’t changed."),
    "too-many-names": _(
        "No more people can sign up for that date with your email address. Your registration hasn’t changed."
    ),
}
"""What has just been done, or could not be done, by the word that stands in the address for it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The form that corrects, as it was sent and could not be taken."""

    values: Mapping[str, str]
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)
    trouble: FormError | None = None


def manage_page(
    web: Web,
    own: Own,
    token: str,
    *,
    news: str | None = None,
    sent: Sent | None = None,
    status: int = 200,
    retry_after: int | None = None,
) -> Response:
    """Return the page in `g.language`; the token is the registration's own."""
    # Babel words the links to calendars on the web; the form and its answer need none.
    from register.web.contexts import DateToMoveTo, ManageContext
    from schedule.calendar_links import calendar_links

    now, language, pages = web.clock(), _language(), web.pages
    registration, session, terms = own.registration, own.snapshot.session, own.occupancy.terms
    person, seat = registration.person, registration.state is State.CONFIRMED
    sign_up = state_of(terms, now, own.occupancy.seats_left)
    ended = sign_up in {SignUpState.PAST, SignUpState.CANCELLED} or not registration.is_active
    movable = not ended and now < terms.starts
    dates = dates_to_move_to(session, web.store.sessions(after=now), now) if movable else []
    gettext, addresses = pages.gettext(language), pages.addresses(language)
    others = [
        each
        for each in owned(web.store, person.email_hash)
        if each.counts(now) and each.registration.registration_id != registration.registration_id
    ]
    context = ManageContext(
        page=pages.of_one(OWN, language, own.snapshot),
        about=pages.about(own.snapshot, language),
        name=person.name,
        email=person.email,
        state=registration.state,
        changed_by=registration.changed_by,
        sign_up=sign_up,
        place=web.store.place(registration),
        line_open=line_is_open(terms, now),
        mails_in=person.language,
        told_needs=bool(person.needs),
        join_url=None if ended else own.join_url,
        link_follows=seat and not ended and session.format is Format.ONLINE and own.join_url is None,
        materials=_materials(own, language) if sign_up is SignUpState.PAST else (),
        own_event=addresses.own_event(token),
        calendars=None if ended else calendar_links(session, language, web.site_url, gettext),
        others=len(others),
        mine=f"{addresses.mine(web.tokens.mine(person.email_hash))}?lang={language}",
        feed=feed_url(web, person.email_hash),
        cancel=None if ended else addresses.cancel(token),
        details=None if ended else _details(web, own, addresses.correct(token), sent, language),
        trouble=sent.trouble if sent else None,
        again=None
        if ended or sent  # one thing at a time: what is wrong is to be mended first
        else ways_on(web, own.occupancy, own.snapshot, _again(web, registration), language, now),
        move=addresses.move(token),
        dates=tuple(DateToMoveTo(each.session, each.words[language], has_seat) for each, has_seat in dates),
        moved_to=_moved_to(web, own, language),
        kept_other=seat
        and not ended
        and registration.besides
        and any(own.same_training(each) for each in others),
        news=None if ended else NEWS.get(news or ""),
    )
    return web.page(context, status=status, retry_after=retry_after)


def _again(web: Web, registration: Registration) -> FormTokens:
    """Return what fills in other forms: never the link itself, for people pass on the address of a form."""
    managed = Managed(registration.session_id, registration.registration_id, registration.link_generation)
    return FormTokens(*(web.tokens.again(managed, with_name=with_name) for with_name in (False, True)))


def _language() -> Language:
    language: Language = g.language
    return language


def _materials(own: Own, language: Language) -> tuple[Material, ...]:
    """Return what there is of this date, then what there is of its training."""
    session = own.snapshot.session
    both = (session.materials, session.training.materials)
    return tuple(material for each in both if each is not None for material in each.text(language))


def _details(web: Web, own: Own, action: str, sent: Sent | None, language: Language) -> DetailsForm:
    from register.web.contexts import DetailsForm

    gettext = web.pages.gettext(language)
    problems = sent.problems if sent else {}
    return DetailsForm(
        action=action,
        fields=signup.details(own.snapshot.for_parents),
        values=sent.values if sent else stored(own.registration.person),
        errors={name: problem.text(gettext) for name, problem in problems.items()},
        suggestion=near_miss(sent.values.get(signup.EMAIL.name, "")) if sent else None,
    )


def stored(person: Person) -> dict[str, str]:
    """Return what the form that corrects shows at first, by field name."""
    return {
        signup.NAME.name: person.name,
        signup.EMAIL.name: person.email,
        signup.ORGANIZATION.name: person.organization,
        signup.ROLE.name: person.role,
        signup.LANGUAGE.name: person.language.value,
        signup.NEEDS.name: person.needs,
    }


def _moved_to(web: Web, own: Own, language: Language) -> AboutSession | None:
    """Return where somebody moved to; the page of that date is public, and nothing else is said of it."""
    session_id = own.registration.moved_to
    if session_id is not None:
        with suppress(UnknownSession):  # its time has come, or it has been withdrawn
            snapshot = read(web.store.session(session_id).terms.snapshot_json, session_id)
            return web.pages.about(snapshot, language)
    return None
