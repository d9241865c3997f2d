# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices of SES, read: who is meant, and what went wrong in words that name nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.mail.bounces import read

BOUNCE = {
    "eventType": "Bounce",
    "bounce": {
        "bounceType": "Transient",
        "bounceSubType": "MailboxFull",
        "bouncedRecipients": [
            {"emailAddress": "ana@example.net", "status": "4.2.2", "diagnosticCode": "smtp; 552 ana is full"},
            {"emailAddress": "Bea Ruiz <bea@example.net>"},
        ],
    },
}
COMPLAINT = {
    "notificationType": "Complaint",
    "complaint": {
        "complainedRecipients": [{"emailAddress": "ana@example.net"}],
        "complaintFeedbackType": "abuse",
    },
}


def test_a_bounce_names_each_email_address_and_the_kind_and_the_code() -> None:
    assert read(json.dumps(BOUNCE)) == [
        ("ana@example.net", "bounce Transient MailboxFull 4.2.2"),
        ("bea@example.net", "bounce Transient MailboxFull"),
    ]


def test_a_complaint_is_kept_with_its_kind() -> None:
    assert read(json.dumps(COMPLAINT)) == [("ana@example.net", "complaint abuse")]


def test_words_that_might_quote_somebody_are_left_out() -> None:
    recipient = {"emailAddress": "ana@example.net", "status": "no such user ana@example.net"}
    notice = {"eventType": "Bounce", "bounce": {"bounceType": "ana@x", "bouncedRecipients": [recipient]}}

    assert read(json.dumps(notice)) == [("ana@example.net", "bounce")]


@pytest.mark.parametrize(
    "text",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        "null",
        "[1]",
        '{"eventType": "Delivery", "delivery": {"recipients": ["ana@example.net"]}}',
        '{"eventType": "Bounce"}',
        '{"eventType": "Bounce", "bounce": {"bouncedRecipients": null}}',
        '{"eventType": "Complaint", "complaint": {"complainedRecipients": [null, {"emailAddress": null}]}}',
    ],
)
def test_what_tells_of_no_bounce_is_nothing(text: str) -> None:
    assert read(text) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "eventType",
                    "bounce",
                    "bouncedRecipients",
                    "bounceType",
                    "emailAddress",
                    "status",
                    "complaint",
                ]
            ),
            inner | st.sampled_from(["Bounce", "Complaint"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_no_notice_whatever_its_shape_stops_the_function(notice: Any) -> None:
    for email, problem in read(json.dumps(notice)):
        assert email
        assert problem.split()[0] in {"bounce", "complaint"}
