# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader of documented commands, tried on documents and tests of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.documented import Command, commands_in, in_shell, run, run_section, unrun

DOCUMENT = """\
# Title

```sh
make serve
# not a command

FOLDER=a make html && echo done
```

## In a list

1. First:

   ```sh
   aws ssm put-parameter \\
     --value "x"
   cat > a.conf <<'END'
   [Service]
     indented
   END
   ```

```toml
[[staff]]
```

```
make nothing
```
"""
FOUND = [
    Command("a.md", "Title", 4, "make serve"),
    Command("a.md", "Title", 7, "FOLDER=a make html && echo done"),
    Command("a.md", "In a list", 15, 'aws ssm put-parameter \\\n  --value "x"'),
    Command("a.md", "In a list", 17, "cat > a.conf <<'END'\n[Service]\n  indented\nEND"),
]


def test_commands_are_the_lines_of_sh_blocks_with_what_belongs_to_them() -> None:
    assert list(commands_in("a.md", DOCUMENT)) == FOUND


def test_a_command_without_an_end_is_an_error() -> None:
    with pytest.raises(AssertionError, match=r"a\.md:2: the command has no end"):
        list(commands_in("a.md", "```sh\necho \\\n```\n"))


IMPORT = "from tests.support.documented import run, run_section\n"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("", FOUND),
        (IMPORT + "run('make serve', by)\n", FOUND[1:]),
        (IMPORT + "def test():\n    assert run('make serve', by=lambda text: 1) == 1\n", FOUND[1:]),
        (IMPORT + "run_section('a.md', 'Title', by)\n", FOUND[2:]),
        (IMPORT + "run_section('b.md', 'Title', by)\n", FOUND),
        ("from tests.support.documented import run as ran\nran('make serve', by)\n", FOUND[1:]),
        # None of these runs it.
        (IMPORT + "TEXT = 'make serve'\n", FOUND),
        (IMPORT + "run('# make serve', by)\nrun('make', 'make serve')\n", FOUND),
        ("from subprocess import run\nrun('make serve')\n", FOUND),
    ],
)
def test_a_command_that_no_test_runs_is_found(source: str, left: list[Command]) -> None:
    assert unrun(FOUND, [source]) == left


def test_a_command_is_run_as_it_stands_in_a_document() -> None:
    assert run("make serve", by=str.upper) == "MAKE SERVE"
    assert run("make serve", by=str, words={"serve": "help"}) == "make help"
    with pytest.raises(
        AssertionError, match=r"no document gives the command 'make serv'; the nearest is \['make serve'\]"
    ):
        run("make serv", by=str)
    with pytest.raises(AssertionError, match="'make serve' does not hold 'html'"):
        run("make serve", by=str, words={"html": "help"})


def test_a_section_is_run_in_its_order() -> None:
    assert run_section("README.md", "Two commands", by=str, words={"serve": "help"}) == [
        "make help",
        "make test",
    ]
    with pytest.raises(AssertionError, match="gives no command below 'Three commands'"):
        run_section("README.md", "Three commands", by=str)
    with pytest.raises(AssertionError, match=r"no command below 'Two commands' holds \['html'\]"):
        run_section("README.md", "Two commands", by=str, words={"html": "help"})


def test_a_shell_runs_in_its_folder_and_with_its_own_programs(tmp_path: Path) -> None:
    program = tmp_path / "programs/register"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho $HERE: $*\n")
    program.chmod(0o755)
    shell = in_shell(tmp_path, path=program.parent, HERE="here")

    assert shell("register sync && ls").stdout == "here: sync\nprograms\n"
    assert in_shell(tmp_path, status=3)("exit 3").stdout == ""
    with pytest.raises(AssertionError, match="oh no"):
        shell("false | echo oh no")
