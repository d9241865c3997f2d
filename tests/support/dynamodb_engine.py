# SPDX-License-Identifier: AGPL-3.0-or-later
"""A DynamoDB for tests (ministack): within this process, or as a server on loopback for as long as it is needed.

Within the process there is no socket, so a call takes a quarter of the time; many at once need the server. Run as
a program this file is that server: `python -P dynamodb_engine.py FD` serves on the listening socket FD until its standard input
is closed, so that it never outlives whoever started it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

LOG_LIMIT = 1_000_000
"""Bytes that the server may write into any file."""

WAIT = 30
"""Seconds that it may take to start."""

REGION = "us-west-2"
ACCOUNT = "000000000000"


class Engine:
    """The database: clients of it, tables and stores in it.

    `answer` is what botocore asks before it sends a request; what that returns is the answer, and nothing is sent.
    """

    def __init__(self, url: str, answer: Callable[..., Any] | None = None) -> None:
        self.url = url
        self._answer = answer
        self._numbers = itertools.count(1)
        # A session of botocore keeps what it has read of the service, and each further client is quick to make.
        import boto3

        self._session = boto3.session.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the server takes any
            region_name=REGION,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What makes boto3 in another process speak to this server."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def client(self, service: str = "dynamodb") -> Any:
        """Return a client as the store's own, but patient: a busy machine is no fault that a test has put in."""
        from botocore.config import Config

        retries = {"total_max_attempts": 1, "mode": "standard"}
        config = Config(connect_timeout=10, read_timeout=60, retries=retries, max_pool_connections=50)
        client = self._session.client(service, endpoint_url=self.url, config=config)
        if self._answer:
            client.meta.events.register("before-send.dynamodb", self._answer)
        return client

    def table(self) -> str:
        """Make an empty table and return its name."""
        from register.stores.dynamodb.store import create_table

        name = f"register-{os.getpid()}-{next(self._numbers)}"
        with contextlib.closing(self.client()) as client:
            create_table(client, name)
        return name

    def store(self, wrap: Callable[[Any], Any] = lambda client: client, **changes: Any) -> Any:
        """Return a store in an empty table of its own; `wrap` may put something between it and its client."""
        from register.stores.dynamodb.store import DynamoDBStore

        return DynamoDBStore(self.table(), lambda: wrap(self.client()), **changes)

    def beside(self, store: Any, wrap: Callable[[Any], Any] = lambda client: client) -> Any:
        """Return another store at the table of one, which never sleeps."""
        from register.stores.dynamodb.store import DynamoDBStore

        return DynamoDBStore(store.table.name, lambda: wrap(self.client()), sleep=lambda _: None)


class _Body(io.BytesIO):
    """A body as botocore reads one from the wire."""

    def stream(self) -> Iterator[bytes]:
        """Yield all of it."""
        yield self.read()


def let_nothing_expire() -> None:
    """Keep ministack from deleting, by the real clock, what the tests' own clock still needs."""
    from ministack.core.responses import AccountRegionScopedDict
    from ministack.services import dynamodb

    class Forever(AccountRegionScopedDict):
        """What the deletion of expired items looks through: it finds no table that has any."""

        def all_items(self) -> list[Any]:
            return []

    if type(dynamodb._ttl_settings) is AccountRegionScopedDict:
        dynamodb._ttl_settings = Forever()


def stand_in_for_what_is_not_there() -> None:
    """Let ministack's CloudFormation make what it does not know; and neither clocks nor streams start functions of its own.

    Each of these has an id and what others ask of it, and does nothing.
    """
    from ministack.services.cloudformation import handlers, stacks
    from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS, _update_resource

    def create(logical_id: str, _properties: Any, stack: str) -> tuple[str, dict[str, str]]:
        name = f"{stack}-{logical_id}"
        arn = f"arn:aws:stand-in::{ACCOUNT}:{name}"
        return name, {"Arn": arn, "Id": name, "FunctionARN": arn, "FunctionMetadata.FunctionARN": arn}

    def delete(_physical_id: str, _properties: Any) -> None:
        """Leave nothing behind, since there is nothing."""

    for kind in (
        "AWS::CloudFront::CachePolicy",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::Events::Rule",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Logs::MetricFilter",
    ):
        _RESOURCE_HANDLERS[kind] = {"create": create, "delete": delete}

    def update(kind: str, number: str, old: Any, new: Any, stack: str, name: str, attributes: Any) -> Any:
        # Amazon leaves alone what stays as it is; ministack would make a table anew, and an empty one.
        if old == new:
            return number, attributes
        return _update_resource(kind, number, old, new, stack, name, attributes)

    stacks._update_resource = update
    delete_change_set = handlers._ACTION_HANDLERS["DeleteChangeSet"]

    def delete_change_set_as_botocore_reads_it(parameters: Any) -> Any:
        status, headers, body = delete_change_set(parameters)
        empty = b"<DeleteChangeSetResponse><DeleteChangeSetResult/></DeleteChangeSetResponse>"
        return status, headers, empty if status == 200 else body

    handlers._ACTION_HANDLERS["DeleteChangeSet"] = delete_change_set_as_botocore_reads_it


@cache
def in_process() -> Engine:
    """Return the database in this process's memory; it takes one call at a time."""
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from ministack.core.responses import request_scope
    from ministack.services.dynamodb import handle_request

    let_nothing_expire()

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        headers = {"x-amz-target": target.decode() if isinstance(target, bytes) else target}
        with request_scope(ACCOUNT, REGION):
            try:
                handle_request("POST", "/", headers, request.body, {}).send(None)
            except StopIteration as done:  # it never waits for anything
                status, headers, body = done.value
                return AWSResponse(request.url, status, headers, _Body(body))
        raise RuntimeError("the engine waits for something: it needs an event loop")

    return Engine("http://dynamodb.invalid", answer)


@contextlib.contextmanager
def running() -> Iterator[Engine]:
    """Start a server, wait until it answers, and stop it afterward."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        port = listening.getsockname()[1]
        # The listeners of ministack's other services would bind every address; Docker's containers are none of its business.
        quiet = {
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{folder}/none",
            "LOG_LEVEL": "ERROR",
            "GATEWAY_PORT": str(port),
            "TMPDIR": folder,
            "STATE_DIR": folder,
            "S3_DATA_DIR": folder,
        }
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(listening.fileno())],
                env=os.environ | quiet,
                pass_fds=[listening.fileno()],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
            )
        try:
            listening.close()
            # Connections wait in the socket's queue until the server takes them, and break if it dies.
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=WAIT).close()
            except OSError as error:
                raise RuntimeError(f"the engine did not start:\n{log.read_text()[-2000:]}") from error
            yield Engine(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            try:
                process.wait(timeout=WAIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin:
                process.stdin.close()


def serve(descriptor: str) -> None:
    """Be the server."""
    from hypercorn.__main__ import main

    def wait_for_the_end() -> None:
        sys.stdin.read()
        os._exit(0)

    let_nothing_expire()
    stand_in_for_what_is_not_there()
    resource.setrlimit(resource.RLIMIT_FSIZE, (LOG_LIMIT, LOG_LIMIT))
    threading.Thread(target=wait_for_the_end, daemon=True).start()
    options = ["--workers", "0", "--keep-alive", "75", "--log-level", "ERROR"]
    main(["ministack.app:app", "--bind", f"fd://{descriptor}", *options])


if __name__ == "__main__":
    serve(sys.argv[1])
