# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says when something could not be done: what has happened, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from register.domain.errors import (
    LimitReached,
    RegisterError,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    UnknownRegistration,
    UnknownSession,
)
from register.stores import StoreError
from register.web.security import ForeignForm
from register.web.tokens import BadToken, OldReceipt


def _(message: str) -> str:
    """Mark a message for translation; the page translates it."""
    return message


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page in English message ids; it always ends with whom to call.

    `link` is the button: other dates of the training (where it is known) or the schedule, a new mail, or none.
    """

    status: int
    title: str
    lead: str
    more: str = ""
    link: str = "schedule"


@dataclass(frozen=True, slots=True)
class FormError:
    """What stands above a good form that could not be taken now; all that was typed is kept in it."""

    title: str
    happened: str
    todo: str


# Not "you are not signed up": who sends the form once more may have a seat.
NOTHING_KEPT = _("We have kept nothing of what you just entered.")

_CLOSED = ErrorPage(
    409,
    _("Sign-up for this date has closed."),
    _(
        "We have kept nothing of what you just entered. If you signed up before, that stands: the link in our mail "
        "shows it."
    ),
    _("Call us to ask whether there is a seat left, or choose another date."),
)
_ANOTHER_DATE = _("Please choose another date, or call us. We are glad to help.")
_CANCELLED = ErrorPage(409, _("This date is cancelled."), NOTHING_KEPT, _ANOTHER_DATE)
_OVER = ErrorPage(409, _("This date has passed."), NOTHING_KEPT, _ANOTHER_DATE)
_UNKNOWN = ErrorPage(
    404,
    _("We do not have this date"),
    _("The address may be old, or a part of it is missing."),
    _("Please look for the date in the schedule, or call us. We are glad to help."),
)
_DEAD_LINK = ErrorPage(
    410,
    _("This link no longer works"),
    _("You may have signed up again since then, or your details have been erased."),
    _("The link in our newest mail works. If you cannot find that mail, we send it again."),
    "mail",
)
_BROKEN_LINK = ErrorPage(
    404,
    _("This link does not work"),
    _("A part of it may be missing. Please open it from our mail once more, or copy all of it."),
    _("If you cannot find that mail, we send it again."),
    "mail",
)
_OLD_RECEIPT = ErrorPage(
    410,
    _("This page could be seen for one hour"),
    _("Your registration is as it was."),
    _("You can see it with the personal link in our mail. If you cannot find that mail, we send it again."),
    "mail",
)
_LIMITED = ErrorPage(
    429,
    _("Please wait a while"),
    _("A great many requests came from your network in a short time."),
    _("Please try again later, or call us."),
    "none",
)
_UNAVAILABLE = ErrorPage(
    503,
    _("Our system does not answer just now"),
    _("What was saved before is safe."),
    _(
        "Please go back, wait a minute and try again. What you typed should still be there, and nobody is signed "
        "up twice."
    ),
    "none",
)
LIMITED_FORM = FormError(
    _("Please wait a while"),
    _(
        "A great many sign-ups came from your network, or for this e-mail address, in a short time. Nothing was saved."
    ),
    _("What you typed is still below: please press “Sign up” again later."),
)
UNAVAILABLE_FORM = FormError(
    _("Our system does not answer just now"),
    _("What you typed is still below."),
    _("Please wait a minute and press “Sign up” again. Nobody is signed up twice."),
)
FAILED = ErrorPage(
    500,
    _("Something went wrong on our side"),
    _("We are sorry. This is our mistake, not yours."),
    _("Please try again in a minute, or call us. We are glad to help."),
    "none",
)
NOT_FROM_HERE = ErrorPage(
    400,
    _("We could not tell where this form came from"),
    _("To protect you, we accept forms only from the pages of this site. Nothing has been saved."),
    _("Please open the page on this site and send the form from there. If that does not help, call us."),
)
TOO_LARGE = ErrorPage(
    413,
    _("That is more text than we can take"),
    _("Nothing has been saved."),
    _("Please go back and shorten what you wrote: up to 200 characters in each field. Or call us."),
    "none",
)
NO_PAGE = ErrorPage(
    404,
    _("Page not found"),
    _("This address does not exist, or the page has moved."),
)
WRONG_METHOD = ErrorPage(
    405,
    _("There is nothing to see at this address"),
    _("It only takes what a form on this site sends."),
)
UNREADABLE = ErrorPage(
    400,
    _("We could not read what your browser sent"),
    _("Nothing has been saved."),
    _("Please open the page again and send the form once more, or call us."),
)

BY_ERROR: tuple[tuple[type[RegisterError], ErrorPage], ...] = (
    (SignUpClosed, _CLOSED),
    (SessionCancelled, _CANCELLED),
    (SessionOver, _OVER),
    (UnknownSession, _UNKNOWN),
    (UnknownRegistration, _DEAD_LINK),
    (OldReceipt, _OLD_RECEIPT),
    (BadToken, _BROKEN_LINK),
    (LimitReached, _LIMITED),
    (StoreError, _UNAVAILABLE),
    (ForeignForm, NOT_FROM_HERE),
)

BY_STATUS = {400: UNREADABLE, 404: NO_PAGE, 405: WRONG_METHOD, 413: TOO_LARGE}


def error_page_for(error: RegisterError) -> ErrorPage:
    """Return what to say about one of our own errors."""
    return next((answer for kind, answer in BY_ERROR if isinstance(error, kind)), FAILED)
