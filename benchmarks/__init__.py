# SPDX-License-Identifier: AGPL-3.0-or-later
"""Benchmarks: each prints ratios of things measured side by side in one run."""
