# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says of something that could not be done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page in English message ids; it always ends with who to call.

    `link` is the button: "schedule" for other dates of the training (where it is known) or the whole schedule,
    "mail" for the email with the link once more, or "none".
    """

    status: int
    title: str
    lead: str
    more: str = ""
    link: str = "schedule"


@dataclass(frozen=True, slots=True)
class FormError:
    """What is said above a good form that could not be taken now; all that was typed stays in it."""

    title: str
    happened: str
    todo: str
