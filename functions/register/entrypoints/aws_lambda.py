# SPDX-License-Identifier: AGPL-3.0-or-later
"""What AWS Lambda calls: `http` for visitors, `deliver` to send emails, `maintain` for all that needs no email server.

Each has rights of its own (infra/template.yaml): only `deliver` sends, and it changes nothing else.
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
    """Send emails: what the table's stream names, or all that is due where the clock calls. Raises Failed.

    An email that fails is tried again by the outbox, and is no failure here.
    """
    with _Discreet():
        records: Sequence[Event] | None = event.get("Records")
        return _deliver_due(context) if records is None else _deliver_new(records, context)


def maintain(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Look up what people ask to be emailed, or note what bounced; for the clock, do all that is due. Raises Failed."""
    with _Discreet():
        records: Sequence[Event] | None = event.get("Records")
        if records is None:
            return _maintain_due(context)
        notices = [record["Sns"]["Message"] for record in records if record.get("EventSource") == "aws:sns"]
        return _note(notices) if notices else _look_up_new(records, context)


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


def _in_turn(
    records: Sequence[Event], context: LambdaContext, step: Callable[[str, str], bool]
) -> dict[str, Any]:
    """Do a step for the key of each new item, until one says no or the time is short: the clock comes for the rest.

    Lambda gets the first record that the store failed for, and repeats it and all after it.
    """
    from register.stores.errors import StoreError

    failures: list[dict[str, str]] = []
    for record in records:
        if record.get("eventName") != "INSERT":
            continue  # which a wider filter might let in
        pk, sk = (record["dynamodb"]["Keys"][name]["S"] for name in ("pk", "sk"))
        try:
            if not (_has_time(context) and step(pk, sk)):
                break
        except StoreError as error:
            _log.warning("the stream repeats from here: %s", error)
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            break
    return {"batchItemFailures": failures}


def _deliver_new(records: Sequence[Event], context: LambdaContext) -> dict[str, Any]:
    """Send the messages whose keys have just appeared in the table."""
    from register.stores.dynamodb.keys import read_message_key

    courier = _courier()

    def step(pk: str, sk: str) -> bool:
        key = read_message_key(pk, sk)
        return key is None or not courier.deliver_all(lambda: _has_time(context), of=key).down

    try:
        return _in_turn(records, context, step)
    finally:
        courier.backend.close()


def _look_up_new(records: Sequence[Event], context: LambdaContext) -> dict[str, Any]:
    """Look up the wishes whose keys have just appeared in the table."""
    from register.stores.dynamodb.keys import read_wish_id

    def step(pk: str, _sk: str) -> bool:
        if (wish_id := read_wish_id(pk)) is not None:
            _look_up(context, of=wish_id)
        return True

    return _in_turn(records, context, step)


def _look_up(context: LambdaContext, *, of: str | None = None) -> None:
    from register.mail import wishes
    from register.mail.policy import POLICY

    application = _application()
    wishes.look_up(
        application.store,
        now=application.clock,
        lease=POLICY.wish_lease,
        staff=application.staff.members,
        go_on=lambda: _has_time(context),
        of=of,
    )


def _maintain_due(context: LambdaContext) -> dict[str, Any]:
    """Do all that is due; what one step cannot do keeps nobody's reminder back. Raises StoreError, ConfigError."""
    from register.operations import counts, maintenance, staff_messages

    application = _application()
    store, clock = application.store, application.clock
    try:
        _look_up(context)
        staff_messages.record(store, application.staff(), now=clock())
        counts.keep(store, now=clock(), organization=application.organizations().listed)
        done = maintenance.sweep(store, now=clock())
    finally:
        reminded = maintenance.remind(store, now=clock())
    return {"notices": done.notices, "promotions": done.promotions, "reminders": reminded.reminders}


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
