# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the lists are renewed."""

from __future__ import annotations

from requirements.lock import commands, whole


def test_every_other_list_takes_its_versions_from_the_one_of_everything() -> None:
    tails = [command[command.index("--no-header") + 1 :] for command in commands(["--no-index"])]

    assert tails == [
        ["--no-index", "uv.in", "--output-file", "uv.txt"],
        ["--no-index", "dev.in", "--output-file", "dev.txt"],
        ["--no-index", "serve.in", "--output-file", "serve.txt", "--constraint", "dev.txt"],
        ["--no-index", "function.in", "--output-file", "function.txt", "--constraint", "dev.txt"],
        ["--no-index", "template.in", "--output-file", "template.txt"],
        ["--no-index", "bench.in", "--output-file", "bench.txt"],
    ]


def test_hashes_come_from_an_index_that_has_the_files_for_every_system() -> None:
    settings = {
        "index-url": "https://index.example/simple",
        "extra-index-url": "https://some.example/simple",
        "find-links": "/wheels",
        "no-index": "false",
        "cert": "/ca.pem",
    }

    assert whole(settings) == {"index-url": "https://index.example/simple", "cert": "/ca.pem"}
