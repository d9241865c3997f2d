# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content security policy (CSP 3) of the browser editor, below /edit/ and /es/edit/, for all that send one."""

from __future__ import annotations

CODE_HOSTS = {"github": "https://api.github.com", "gitlab": "https://gitlab.com"}
"""The hosts of code that the editor can save to, and where each takes requests from a browser."""

# The editor makes styles and previews as it goes; the program itself comes from this site alone.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    f"font-src 'self'; connect-src 'self' blob: data: {' '.join(CODE_HOSTS.values())}; worker-src 'self' blob:; "
    "frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
"""What the editor's page says itself, in a `meta` element."""

EDITOR_POLICY = f"{PAGE_POLICY}; frame-ancestors 'none'"
"""What servers send with everything below these two addresses, in the place of the site's own policy: a browser
goes by both where it is sent both."""
