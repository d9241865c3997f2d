# SPDX-License-Identifier: AGPL-3.0-or-later
"""The staff desk: pages for people who hold or organize sessions. Loaded when the first of them is asked for."""
