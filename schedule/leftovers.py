# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other programs leave among the theme's files."""

from __future__ import annotations

import re
from pathlib import Path

_LEFTOVER = re.compile(r"\..*|#.*#|.*~|.*\.(swp|bak|orig|rej)|Thumbs\.db", re.IGNORECASE)


def is_leftover(file: Path) -> bool:
    """Whether an editor, a merge or a desktop left a file in the theme, as `.home.html.swp`: it is no part of it."""
    return _LEFTOVER.fullmatch(file.name) is not None
