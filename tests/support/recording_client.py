# SPDX-License-Identifier: AGPL-3.0-or-later
"""A client of one of Amazon's services that takes down what it is asked."""

from __future__ import annotations

from typing import Any


class Client:
    """Answers from a table, by the name of the operation; and for any other with a version, as S3 does."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**given: Any) -> Any:
            self.asked.append((name, given))
            answer = self.answers.get(name, {"VersionId": "v2"})
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def get_paginator(self, name: str) -> Any:
        client = self

        class Pages:
            def paginate(self, **given: Any) -> Any:
                client.asked.append((name, given))
                return client.answers[name]

        return Pages()
