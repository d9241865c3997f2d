# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says when something could not be done: what happened, and what to do now."""

from __future__ import annotations

from register.domain.errors import (
    LimitReached,
    LineClosed,
    OtherTraining,
    RegisterError,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    UnknownRegistration,
    UnknownSession,
)
from register.stores.errors import StoreError
from register.web.messages import ErrorPage, FormError
from register.web.security import ForeignForm
from register.web.tokens import BadToken, OldReceipt
from schedule.signup import _

# Not "you are not signed up": people who send the form once more may have a seat.
NOTHING_KEPT = _("We didn’t keep anything you just entered.")

_CLOSED = ErrorPage(
    409,
    _("Sign-up for this date has closed."),
    _(
        "We didn’t keep anything you just entered. If you signed up before, your registration hasn’t changed: the "
        "link in our email shows it."
    ),
    _("Call us to ask whether there is a seat left, or choose another date."),
)
_LINE_CLOSED = ErrorPage(
    409,
    _("Sign-up for this date has closed."),
    _(
        "The waiting list has closed, too. We didn’t keep anything you just entered. If you signed up before, your "
        "registration hasn’t changed: the link in our email shows it."
    ),
    _CLOSED.more,
)
_ANOTHER_DATE = _("Please choose another date, or call us. We are glad to help.")
_CANCELLED = ErrorPage(409, _("This date is canceled."), NOTHING_KEPT, _ANOTHER_DATE)
_OVER = ErrorPage(409, _("This date has passed."), NOTHING_KEPT, _ANOTHER_DATE)
_UNKNOWN = ErrorPage(
    404,
    _("We can’t find this date"),
    _("The link may be old, or part of it may be missing."),
    _("Please look for the date in the schedule, or call us. We are glad to help."),
)
_DEAD_LINK = ErrorPage(
    410,
    _("This link no longer works"),
    _(
        "You may have signed up again or corrected your email address since then, or your details have been erased."
    ),
    _("The link in our newest email works. If you can’t find that email, we’ll send it again."),
    "mail",
)
_BROKEN_LINK = ErrorPage(
    404,
    _("This link doesn’t work"),
    _("Part of it may be missing. Please open it from our email again, or copy all of it."),
    _("If you can’t find that email, we’ll send it again."),
    "mail",
)
_OLD_RECEIPT = ErrorPage(
    410,
    _("This page was only available for one hour"),
    _("Your registration hasn’t changed."),
    _(
        "You can see it with the personal link in our email. If you can’t find that email, we’ll send it again."
    ),
    "mail",
)
_LIMITED = ErrorPage(
    429,
    _("Too many requests"),
    _("We received too many requests from your network in a short time."),
    _("Please try again later, or call us."),
    "none",
)
_UNAVAILABLE = ErrorPage(
    503,
    _("Our system isn’t responding right now"),
    _("Everything that was saved before is safe."),
    _(
        "Please go back, wait a minute and try again. What you typed should still be there, and you won’t be "
        "signed up twice."
    ),
    "none",
)
LIMITED_FORM = FormError(
    _("Too many requests"),
    _(
        "We received too many sign-ups from your network, or for this email address, in a short time. Nothing was "
        "saved."
    ),
    _("What you typed is still below: please press “Sign up” again later."),
)
LIMITED_CORRECTION = FormError(
    _("Too many requests"),
    _("This was corrected several times in a short time. Nothing was changed."),
    _("Please use the link in our email instead."),
)
NO_CORRECTION = FormError(
    _("Nothing was changed"),
    _("This page can no longer correct your registration."),
    _("Please use the link in our email instead."),
)
UNAVAILABLE_FORM = FormError(
    _("Our system isn’t responding right now"),
    _("What you typed is still below."),
    _("Please wait a minute and press “Sign up” again. You won’t be signed up twice."),
)
LIMITED_DETAILS = FormError(
    LIMITED_FORM.title,
    _("We received too many requests from your network, or for this email address, in a short time."),
    _("Nothing has changed. What you typed is still below: please save it again later."),
)
UNAVAILABLE_DETAILS = FormError(
    UNAVAILABLE_FORM.title, UNAVAILABLE_FORM.happened, _("Please wait a minute and save it again.")
)
TAKEN = FormError(
    _("This person is signed up already"),
    _("There is another registration for this date with that name and email address. Nothing has changed."),
    _("If there is one registration too many, cancel it: see all registrations below."),
)
ADDRESS_CHANGED = ErrorPage(
    200,
    _("Your email address is corrected"),
    _(
        "We’ve sent an email to the new address, with a new personal link. The links in our earlier emails no "
        "longer work."
    ),
    _("No email after ten minutes? Please check your spam or junk folder, or call us."),
    "none",
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
    _("Please use the form on this site"),
    _("To protect you, we only take forms that are sent from the pages of this site. Nothing was saved."),
    _("Please open the page on this site and send the form from there. If that doesn’t help, call us."),
)
TOO_LARGE = ErrorPage(
    413,
    _("That’s more text than we can take"),
    _("Nothing was saved."),
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
    _("There is no page here"),
    _("Please use the form on this site."),
)
UNREADABLE = ErrorPage(
    400,
    _("We couldn’t read what your browser sent"),
    _("Nothing was saved."),
    _("Please open the page again and send the form again, or call us."),
)

BY_ERROR: tuple[tuple[type[RegisterError], ErrorPage], ...] = (
    (SignUpClosed, _CLOSED),
    (LineClosed, _LINE_CLOSED),
    (SessionCancelled, _CANCELLED),
    (SessionOver, _OVER),
    (UnknownSession, _UNKNOWN),
    (OtherTraining, _UNKNOWN),
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
    return next((page for kind, page in BY_ERROR if isinstance(error, kind)), FAILED)
