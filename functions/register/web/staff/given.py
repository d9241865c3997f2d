# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all templates of the function's pages are given, those of the staff desk with them: they share their names."""

from __future__ import annotations

from register.web import contexts
from register.web.staff import attendance_contexts, report_contexts, roster_contexts
from register.web.staff import contexts as staff_contexts
from schedule.templates import Given

_OF_STAFF = (
    *staff_contexts.CONTEXTS,
    *attendance_contexts.CONTEXTS,
    *report_contexts.CONTEXTS,
    *roster_contexts.CONTEXTS,
)

GIVEN = Given(
    {**contexts.GIVEN.contexts, **{context.template: context for context in _OF_STAFF}},
    contexts.FunctionNames,
)
