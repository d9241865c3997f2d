# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lambda on this machine: its Runtime API on loopback, and `awslambdaric`, which runs the handler as Lambda does.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WAIT = 60
"""Seconds that a call may take before a test fails."""

LOG_BLOCKS = 2000
"""Blocks of 512 bytes that the process may write into any file."""

_PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Answer:
    """What a call gave: JSON, and whether it is an error."""

    value: Any
    failed: bool


class Lambda:
    """A function that is up: `call` is an event for it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._events: queue.Queue[tuple[bytes, int]] = queue.Queue()
        self._answers: queue.Queue[Answer] = queue.Queue()

    def call(self, event: Mapping[str, Any], *, seconds: float = 300) -> Answer:
        """Hand in an event with this much time for it, and wait for the answer."""
        self._events.put((json.dumps(event).encode(), int((time.time() + seconds) * 1000)))
        return self._answers.get(timeout=WAIT)

    def result(self, event: Mapping[str, Any], **options: Any) -> Any:
        """Return what a call gives that succeeds."""
        answer = self.call(event, **options)
        assert not answer.failed, (answer.value, self.log())
        return answer.value

    def log(self) -> str:
        """Return all that the process has written."""
        return self._log.read_text(encoding="utf-8")

    def serve(self) -> ThreadingHTTPServer:
        """Return the Runtime API."""
        events, answers = self._events, self._answers

        class Api(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, deadline = events.get()
                self.send_response(200)
                for name, value in {
                    "Content-Type": "application/json",
                    "Content-Length": len(body),
                    "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                    "Lambda-Runtime-Deadline-Ms": deadline,
                    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-west-2:123456789012:function:f",
                }.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                answers.put(Answer(json.loads(raw), failed=not self.path.endswith("/response")))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                """Write nothing."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Api)

    def died(self, process: subprocess.Popen[bytes]) -> None:
        """Let nobody wait for a process that has ended."""
        process.wait()
        self._answers.put(Answer(f"the process ended with {process.returncode}", failed=True))


@contextmanager
def running(handler: str, task: Path, environment: Mapping[str, str], log: Path) -> Iterator[Lambda]:
    """Start a handler in its folder (what Lambda unpacks) with an environment of its own, and stop it afterward."""
    function = Lambda(log)
    server = function.serve()
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    command = [sys.executable, "-m", "awslambdaric", handler]
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["sh", "-c", f'ulimit -f {LOG_BLOCKS}; exec "$0" "$@"', *command],
            cwd=task,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(task),
                "LAMBDA_TASK_ROOT": str(task),
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}",
                "AWS_LAMBDA_FUNCTION_NAME": "f",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
                "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
                "AWS_LAMBDA_LOG_STREAM_NAME": "s",
                **environment,
            },
            stdout=output,
            stderr=output,
        )
    threading.Thread(target=function.died, args=[process], daemon=True).start()
    try:
        yield function
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        server.shutdown()
        server.server_close()
