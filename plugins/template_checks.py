# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stops a build whose templates use what they are not given: those of the site, of the function and of its emails.

Half of them this wing never renders, and what they are given it may not import: the setting TEMPLATE_CONTEXTS names it.
"""

from __future__ import annotations

import importlib

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.problems import SiteError
from schedule.template_checks import BadTemplates, check
from schedule.templates import Given


class TemplatesNotGood(SiteError):
    """Some templates do not fit what they are given; the message lists them, with the lines."""


def given(name: str) -> Given:
    """Return what "module:NAME" names, as WSGI servers do."""
    module, _, attribute = name.partition(":")
    found: Given = getattr(importlib.import_module(module), attribute)
    return found


def check_templates(generator: ScheduleGenerator) -> None:
    """Check the theme once for as long as it stays the same. Raises TemplatesNotGood."""
    generator.state.memo.get("template checks", None, lambda: _check(generator))


def _check(generator: ScheduleGenerator) -> None:
    # Signals reach every site that this process builds, also one whose settings leave this plugin out.
    names = generator.settings.get("TEMPLATE_CONTEXTS", [])
    if not names:
        return
    try:
        check(generator.options.theme, *map(given, names), all_of_them=True)
    except BadTemplates as error:
        raise TemplatesNotGood(f"the templates do not fit what they are given\n{error}") from error


def register() -> None:
    """Connect to the site's generator."""
    signals.generator_ready.connect(check_templates)
