# SPDX-License-Identifier: AGPL-3.0-or-later
"""Code between fences (https://spec.commonmark.org/0.31.2/#fenced-code-blocks), in lists and quotations too."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor
from markdown.util import AtomicString

from plugins.trainings.lists import FENCE, first_item


class FenceProcessor(BlockProcessor):
    """Takes what stands between two fences out of the blocks, up to their end if the second one is missing."""

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 - Python-Markdown's own signature
        """Whether code begins in a block, and not within a list, which keeps it."""
        lines = block.split("\n")
        first = next((place for place, line in enumerate(lines) if FENCE.match(line)), None)
        return first is not None and first < (len(lines) if (item := first_item(lines)) is None else item)

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Parse what comes before the code, and keep the code as it is."""
        lines = "\n\n".join(blocks).split("\n")
        first, opening = next(
            (place, found) for place, line in enumerate(lines) if (found := FENCE.match(line))
        )
        blocks.clear()
        if first:
            self.parser.parseBlocks(parent, ["\n".join(lines[:first])])
        closing = re.compile(f" {{0,3}}{opening[2][0]}{{{len(opening[2])},}} *$")
        rest = range(first + 1, len(lines))
        last = next((place for place in rest if closing.match(lines[place])), len(lines))
        indent = re.compile(f" {{0,{len(opening[1])}}}")
        code = [indent.sub("", line, count=1) for line in lines[first + 1 : last]]
        text = "".join(f"{line}\n" for line in code)
        SubElement(SubElement(parent, "pre"), "code").text = AtomicString(text)
        blocks[:] = "\n".join(lines[last + 1 :]).split("\n\n") if last + 1 < len(lines) else []
