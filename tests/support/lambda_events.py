# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Amazon hands in to the function: requests of visitors, the clock's ticks, notices of mail that came back."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from tests.support.constants import SITE_URL
from tests.support.visitors import FILLED_IN

FRONT = "the secret of the front"
VISITOR, EDGE = "203.0.113.9", "130.176.1.2"

Event = Mapping[str, Any]


def request(
    method: str,
    path: str,
    query: str = "",
    *,
    form: Mapping[str, str] | bytes | None = None,
    cookies: Sequence[str] = (),
    front: str | None = FRONT,
) -> Event:
    """Return what an HTTP API hands in (payload format 2.0) of a request that CloudFront passes on.

    Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs".
    """
    host = "a1b2c3d4e5.execute-api.us-west-2.amazonaws.com"
    headers = {
        "accept": "text/html,application/xhtml+xml;q=0.9",
        "accept-language": "en-US,en;q=0.9",
        "host": host,
        "user-agent": "Mozilla/5.0",
        "via": "2.0 0123.cloudfront.net (CloudFront)",
        "x-amz-cf-id": "RmVk",
        "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
        # A visitor may write whatever they like in front.
        "x-forwarded-for": f"192.0.2.66, {VISITOR}, {EDGE}",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    if front is not None:
        headers["x-origin-verify"] = front
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": host,
            "domainPrefix": "a1b2c3d4e5",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": EDGE,
                "userAgent": "Mozilla/5.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "10/Mar/2020:05:16:23 +0000",
            "timeEpoch": 1583817383220,
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = list(cookies)
    if form is not None:
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        headers |= {
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
            "origin": SITE_URL,
            "sec-fetch-site": "same-origin",
        }
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event


def sign_up(session_id: str, **changes: str) -> Event:
    """Return the request of the form, filled in."""
    return request("POST", f"/register/{session_id}", form=FILLED_IN | changes)


def tick() -> Event:
    """Return what a schedule of EventBridge hands in."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-25T00:00:00Z",
        "region": "us-west-2",
        "resources": ["arn:aws:events:us-west-2:123456789012:rule/sweep"],
        "detail": {},
    }


def notice(*messages: str) -> Event:
    """Return what SNS hands in."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": "arn:aws:sns:us-west-2:123456789012:bounces:21be56ed",
                "Sns": {
                    "Type": "Notification",
                    "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
                    "TopicArn": "arn:aws:sns:us-west-2:123456789012:bounces",
                    "Subject": "Amazon SES Email Event Notification",
                    "Message": message,
                    "Timestamp": "2026-11-25T00:00:00.000Z",
                    "MessageAttributes": {},
                },
            }
            for message in messages
        ]
    }
