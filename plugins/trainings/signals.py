# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the site's other plugins take part; each receives the ScheduleGenerator as its sender."""

from __future__ import annotations

from blinker import signal

generator_ready = signal("trainings_generator_ready")
"""Before anything is read: set `catalogues`, `structured_data`."""

pages_written = signal("trainings_pages_written")
"""All pages are made: `generator.indexed` and `generator.files` are there, and more files may be added."""

site_written = signal("trainings_site_written")
"""All files are there: they may be looked at, not changed."""
