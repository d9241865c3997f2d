# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the staff desk are as small as the function's others, and fetch no script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.builders import People
from tests.support.constants import NOON
from tests.support.sizes import sent_with
from tests.support.staff import OFFICE, OTHER, StaffWorld

LIMIT = 8 * 1024
STAFF = "/register/staff/"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_takes_more_than_eight_kilobytes(staff: StaffWorld, language: str) -> None:
    site, asked = staff.world.site, f"?lang={language}"
    people = People(staff.world.store, NOON - timedelta(days=20))
    for session_id in ("2026-12-02-user-administrator", "2026-12-03-overview", "2026-12-10-secondary-user"):
        people.sign_up("Ana Núñez", session_id=session_id, needs="An interpreter")
    signed_in = staff.signed_in(OFFICE if language == "en" else OTHER)
    pages = {
        "sign in": staff.visitor().get(f"{STAFF}{asked}"),
        "wrong": staff.visitor().post(f"{STAFF}{asked}", {"email": "ana@gmial.com"}),
        "sent": staff.visitor().get(f"{STAFF}{asked}&sent=yes"),
        "link": staff.visitor().get(f"{staff.link()}{asked}"),
        "not signed in": staff.visitor().post(f"{STAFF}search{asked}"),
        "first": signed_in.get(f"{STAFF}{asked}"),
        "found": signed_in.post(f"{STAFF}search{asked}", {"q": "ana"}),
        "no page": signed_in.get(f"{STAFF}nothing{asked}"),
    }
    sizes = {name: sent_with(site, page.text, script=False) for name, page in pages.items()}

    assert {name: size for name, size in sizes.items() if size > LIMIT} == {}
