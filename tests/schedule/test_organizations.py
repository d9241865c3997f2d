# SPDX-License-Identifier: AGPL-3.0-or-later
"""When two names are of one organization, for the list and for what is typed into the form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.organizations import folded


@pytest.mark.parametrize(
    "written",
    [
        "San José – Núñez Unified (K–8)",
        "SAN JOSÉ – NÚÑEZ UNIFIED (K–8)",
        "san jose nunez unified k8",
        "San José—Núñez  Unified, K-8.",  # an accent of its own
        "\u00a0San\tJosé Núñez Unified [K/8]",
    ],
)
def test_case_accents_blanks_and_punctuation_are_nothing(written: str) -> None:
    assert folded(written) == "sanjosenunezunifiedk8"


@pytest.mark.parametrize("other", ["Region 1", "Region 12", "Regions 2", "Región Dos", ""])
def test_another_letter_or_figure_makes_another_name(other: str) -> None:
    assert folded(other) != folded("Region 2")


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(f" {text.upper()}.") == folded(text.upper())
