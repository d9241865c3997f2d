# SPDX-License-Identifier: AGPL-3.0-or-later
"""What production changes, and nothing else."""

import os

from pelicanconf import *  # noqa: F403 - the development settings are the ground

PRODUCTION = True
# Pages that break a rule are not published; a session that was published and is gone is told.
PLUGINS = [*PLUGINS, "plugins.vanished_sessions", "plugins.page_checks"]  # noqa: F405 - from there
# The public address, as https://trainings.example.org; the build refuses to go on without it.
SITEURL = os.environ.get("SITEURL", "")
# "no" says that the sessions are the office's own; what is neither "yes" nor "no" is refused.
_sample = os.environ.get("SAMPLE_CONTENT", "yes")
SAMPLE_CONTENT = {"yes": True, "no": False}.get(_sample, _sample)
