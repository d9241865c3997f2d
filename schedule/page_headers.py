# SPDX-License-Identifier: AGPL-3.0-or-later
"""The headers that protect pages, the 404 one included, for whatever server sends them."""

from __future__ import annotations

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What pages say themselves, and that nobody frames them: a `meta` element cannot say this (CSP 3, section 3.3)."""

POLICY_HEADER = "Content-Security-Policy"

PAGES = (
    (POLICY_HEADER, POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # Not `no-referrer`: with it, browsers send `Origin: null` with a form.
    ("Referrer-Policy", "same-origin"),
)
"""Names and values, for everything that is not the browser editor (schedule/editor_policy.py)."""
