# SPDX-License-Identifier: AGPL-3.0-or-later
"""The browser editor at /edit/ and /es/edit/: Sveltia CMS, configured from the tables of content keys.

It is part of a site whose settings name an `EDITOR`; docs/decisions/0031 says why it is this one.
"""

from __future__ import annotations

from plugins.editor.site import write_editor
from plugins.trainings import signals


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(write_editor)
