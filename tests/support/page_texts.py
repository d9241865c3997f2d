# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says, without its marks."""

from __future__ import annotations

import re
from html import unescape


def plain(html: str) -> str:
    """Return the text of some HTML, in which any blanks are one."""
    without_inline = re.sub(r"</?(a|b|i|span|strong)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_inline)).split())


def items(page: str, name: str) -> list[str]:
    """Return the texts of the items of all lists of a class, in their order."""
    lists = re.findall(rf'<ul class="{name}">(.*?)</ul>', page, re.DOTALL)
    return [plain(item) for each in lists for item in each.split("<li>")[1:]]
