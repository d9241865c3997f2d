# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the function's templates fit what they are given; it loads all that pages and emails are made from."""

from __future__ import annotations

from pathlib import Path

from register.domain.errors import ConfigError
from register.mail import contexts as mail
from register.web.staff import given as web
from schedule.template_checks import BadTemplates, check


def check_templates(theme: Path) -> None:
    """Compare the names that our templates use with those that they are given. Raises ConfigError with all problems.

    All of them are read for that. On Lambda nobody should wait so long for a first answer: there it is done when the
    package is made.
    """
    try:
        check(theme, web.GIVEN, mail.GIVEN)
    except BadTemplates as error:
        raise ConfigError(str(error)) from error
