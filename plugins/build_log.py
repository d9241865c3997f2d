# SPDX-License-Identifier: AGPL-3.0-or-later
"""What builds log; it loads Pelican, which a build that has nothing to do does not."""

from __future__ import annotations

import logging
from functools import cache


@cache
def start_logging() -> None:
    """Let Pelican's own errors stop a build, and print plain lines, unwrapped, without its own summary.

    Once is enough: the library adds what prints its lines each time.
    """
    from pelican.log import console
    from pelican.log import init as init_logging

    console.quiet = True
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    init_logging(level=logging.WARNING, fatal="errors", handler=handler)
    # Pelican makes its own class everybody's: an error that another program in this process logs would then raise.
    logging.setLoggerClass(logging.Logger)
