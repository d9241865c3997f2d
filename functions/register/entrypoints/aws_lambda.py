# SPDX-License-Identifier: AGPL-3.0-or-later
"""What AWS Lambda calls: `http` for visitors, `deliver` for emails, `remind` for the clock.

Nothing is made, and little is loaded, before the first call; `http` never loads what only emails need.
Lambda logs what a call raises word for word: `Failed` takes the place of errors that may name people.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from register.bootstrap import Application, from_environment
from register.domain.errors import ConfigError, RegisterError
from register.entrypoints.api_gateway import as_bytes

if TYPE_CHECKING:
    from register.mail.delivery import Courier

Event = Mapping[str, Any]
"""What Lambda hands in, as JSON."""

TIME_FOR_ONE = 60_000
"""Milliseconds that must be left to begin another email: SES may take twice 23 seconds, and the store its own."""

NAMESPACE, MAIL_STUCK = "MSIX", "MailStuck"
"""The metric of emails that should have gone out long ago."""

_log = logging.getLogger(__name__)


class LambdaContext(Protocol):
    """What is used of the context that Lambda hands in."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the call is cut off."""


class Failed(RegisterError):
    """A call that failed. The message tells nothing of anybody."""


def http(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a request that an API Gateway HTTP API passes on (payload format 2.0). Raises Failed."""
    with _Discreet():
        return _web()(as_bytes(event), context)


def deliver(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Send emails: what the table's stream names, or all that is due without records; or note what bounced.

    The stream gets the first record that the store failed for, and repeats from there; an email that fails is
    tried again by the outbox, and is no failure here. Raises Failed.
    """
    with _Discreet():
        records: Sequence[Event] | None = event.get("Records")
        if records is None:
            return _sweep(context)
        notices = [record["Sns"]["Message"] for record in records if record.get("EventSource") == "aws:sns"]
        if notices:
            return _note(notices)
        return _deliver_new(records, context)


def remind(event: Event, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - the clock tells nothing
    """Write the reminders that are due, and send them. Raises Failed."""
    with _Discreet():
        from register.operations import maintenance

        application = _application()
        done = maintenance.remind(application.store, now=application.clock())
        return {"reminders": done.reminders} | _deliver_due(context)


@cache
def _application() -> Application:
    """Return what the process needs, by its environment. Raises ConfigError, ParameterError.

    Email over SMTP may take longer than a call of Lambda, which then ends in the middle of it.
    """
    # Lambda has a handler at the root already, and keeps apart what each call writes.
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("register").setLevel(logging.INFO)
    application = from_environment(production=True)
    if not application.config.mail.startswith(("ses:", "folder:")):
        raise ConfigError("REGISTER_MAIL: on Lambda, email goes through Amazon SES alone; give ses://")
    return application


@cache
def _web() -> Callable[[dict[str, Any], LambdaContext], dict[str, Any]]:
    from apig_wsgi import make_lambda_handler

    handler: Callable[[dict[str, Any], LambdaContext], dict[str, Any]]
    handler = make_lambda_handler(_application().app())
    return handler


@cache
def _courier() -> Courier:
    from register.mail.delivery import Courier

    application = _application()
    return Courier(
        application.store,
        application.mail_backend(),
        application.compose(),
        application.clock,
        staff=application.staff.members,
    )


def _deliver_new(records: Sequence[Event], context: LambdaContext) -> dict[str, Any]:
    """Send the messages, and look up the wishes, whose keys have just appeared in the table."""
    from register.stores.dynamodb.keys import read_message_key, read_wish_id
    from register.stores.errors import StoreError

    courier = _courier()
    failures: list[dict[str, str]] = []
    try:
        for record in records:
            if record.get("eventName") != "INSERT":
                continue  # which a wider filter might let in
            pk, sk = (record["dynamodb"]["Keys"][name]["S"] for name in ("pk", "sk"))
            key, wish_id = read_message_key(pk, sk), read_wish_id(pk)
            if key is None and wish_id is None:
                continue
            if not _has_time(context):
                break  # the sweep sends the rest
            try:
                if wish_id is not None:
                    courier.look_up_wishes(of=wish_id)
                    continue  # the stream tells of the messages that it brings
                report = courier.deliver_all(lambda: _has_time(context), of=key)
            except StoreError as error:
                _log.warning("the stream repeats from here: %s", error)
                failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
                break  # Lambda repeats this record and all after it
            if report.down:
                break  # the sweep asks again
    finally:
        courier.backend.close()
    return {"batchItemFailures": failures}


def _sweep(context: LambdaContext) -> dict[str, Any]:
    """Finish what was left undone, and send all that is due, even where something cannot be finished."""
    from register.operations import counts, maintenance, staff_messages

    application = _application()
    sent: dict[str, Any] = {}
    try:
        staff_messages.record(application.store, application.staff(), now=application.clock())
        counts.keep(
            application.store, now=application.clock(), organization=application.organizations().listed
        )
        done = maintenance.sweep(application.store, now=application.clock())
    finally:
        sent = _deliver_due(context)
    return {"notices": done.notices, "promotions": done.promotions} | sent


def _deliver_due(context: LambdaContext) -> dict[str, Any]:
    courier = _courier()
    try:
        return asdict(courier.deliver_all(lambda: _has_time(context)))
    finally:
        courier.backend.close()
        _measure_stuck()


def _measure_stuck() -> None:
    """Write down how many emails are stuck, so that an alarm can watch it.

    A line that says so is a metric; Amazon CloudWatch User Guide, "Specification: Embedded metric format".
    """
    from register.stores.deliveries import stuck

    application = _application()
    now = application.clock()
    metric = {"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": [{"Name": MAIL_STUCK}]}
    line = {
        "_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [metric]},
        "FunctionName": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        MAIL_STUCK: len(stuck(application.store.pending(), application.store.wishes(now=now), now)),
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the log's own form would hide it from CloudWatch


def _note(notices: Sequence[str]) -> dict[str, Any]:
    """Record at the registrations of each email address what SES says of it."""
    from register.mail import bounces

    application = _application()
    noted = sum(
        application.store.bounced(email, problem, now=application.clock())
        for notice in notices
        for email, problem in bounces.read(notice)
    )
    return {"bounced": noted}


def _has_time(context: LambdaContext) -> bool:
    return context.get_remaining_time_in_millis() > TIME_FOR_ONE


class _Discreet:
    """Puts `Failed` in the place of what is raised inside: our own errors name nobody, others may."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None or not issubclass(kind, Exception):
            return
        if isinstance(error, RegisterError):
            raise Failed(f"{kind.__name__}: {error}") from None
        _log.error("%s\n%s", kind.__name__, "".join(traceback.format_tb(trace)))
        raise Failed(f"{kind.__name__}; the log says where") from None
