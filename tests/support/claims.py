# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page claims, sentence by sentence, and whether the tests exist that show it."""

from __future__ import annotations

import ast
import re

from tests.support.constants import ROOT


def sentences(markdown: str) -> list[str]:
    """Return the sentences of a text without its headings, links and marks of lists."""
    text = re.sub(r"^#.*$", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"^- ", "", text, flags=re.MULTILINE)
    text = " ".join(re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).split())
    return re.findall(r"\S.*?[.!?](?= [A-Z]|$)", text)


def exists(test: str) -> bool:
    """Return whether there is a test of that name, `file::function`."""
    file, _, name = test.partition("::")
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)
