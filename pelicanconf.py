# SPDX-License-Identifier: AGPL-3.0-or-later
"""Development settings. Those that are not Pelican's own are read in plugins/trainings/settings.py."""

import os

SITENAME = "California MSIX Trainings"
# Feeds and emails need whole addresses, also at home.
SITEURL = f"http://localhost:{os.environ.get('PORT', '8000')}"
TIMEZONE = "America/Los_Angeles"
DEFAULT_LANG = "en"

PATH = "content"
OUTPUT_PATH = "output"
# What the sign-up function reads; it holds private links and is never uploaded.
BUILD_PATH = "build"
THEME = "theme"

# The pipeline, in its order.
PLUGINS = [
    "plugins.trainings",  # content → schedule → pages
    "plugins.template_checks",  # each name in a template is there
    "plugins.bilingual",  # the words of each language
    "plugins.structured_data",  # JSON-LD for search engines
    "plugins.calendar_feeds",  # iCalendar files
    "plugins.sitemap",
    "plugins.editor",  # the browser editor, where EDITOR asks for one
    "plugins.static_hosts",  # _headers and _redirects
    "plugins.schedule_export",  # build/: what the sign-up function reads
]

# The build's only clock: a date, or None for today in TIMEZONE. Tests and comparisons fix it.
BUILD_DATE = os.environ.get("BUILD_DATE") or None
# The dates in content/sessions/ are examples, and the pages say so.
SAMPLE_CONTENT = True
# Days after a session until what participants told us is deleted; the privacy page states it.
RETENTION_DAYS = 180
# Where people sign up: "here", by the sign-up function, or "none": pages say who to call, and no function is needed.
SIGNUP = os.environ.get("SIGNUP", "here")
# publishconf.py turns this on: the rules for a public site hold.
PRODUCTION = False
# Content that is not committed may be published all the same; only `plugins.build --allow-uncommitted` turns this on.
ALLOW_UNCOMMITTED = False

# Where the browser editor at /edit/ saves: "github:OWNER/PROJECT", "gitlab:GROUP/PROJECT", or None for no editor.
# `make serve` has it whenever `make editor` has fetched it; publishconf.py puts it on the public site.
EDITOR: str | None = None
# What is saved there waits as a proposal until somebody accepts it; else it is in the project at once.
EDITOR_REVIEW = False

# What templates are given, by those who render them: the site, the function's pages and its emails.
TEMPLATE_CONTEXTS = [
    "plugins.trainings.contexts:GIVEN",
    "register.web.staff.given:GIVEN",
    "register.mail.contexts:GIVEN",
]

# Our own generator makes every file: Pelican's have nothing to do.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
