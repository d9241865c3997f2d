# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of packages, what installs them, and what renews them; the standard library alone."""
