# SPDX-License-Identifier: AGPL-3.0-or-later
# /// script
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Makes theme/static/fraunces.woff2, the face of headings; run by hand, since its result is kept.

It takes Fraunces as a variable font, with its license (OFL.txt) from https://github.com/undercasetype/Fraunces; the
package @fontsource-variable/fraunces 5.3.0 has it as files/fraunces-latin-full-normal.woff2:

    npm pack @fontsource-variable/fraunces@5.3.0 && tar xzf fontsource-variable-fraunces-5.3.0.tgz
    python theme/face/subset.py package/files/fraunces-latin-full-normal.woff2
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SOURCE = "7e744849028e2219e2aa1bc467dc4032980dc4487c9c3da3010081cd72d3b103"
"""SHA-256 of the file that it takes."""
AXES = {"opsz": 72, "SOFT": 60, "WONK": 0, "wght": 620}
"""Drawn for headings, a little soft, without the leaning letters, and somewhat bolder than text."""
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0ÁÉÍÑÓÚÜáéíñóúü¡¿·–—‘’“”…"
"""English and Spanish."""
NAMES = [0, 1, 2, 13, 14]
"""Copyright, name and license stay in the file."""
RESULT = Path(__file__).parents[1] / "static/fraunces.woff2"


def main(source: Path) -> None:
    """Write the result, and say how large it is."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != SOURCE:
        sys.exit(f"{source} has the SHA-256 {digest}, not {SOURCE}; take version 5.3.0 of the package")
    font = instantiateVariableFont(TTFont(source, recalcTimestamp=False), AXES)
    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=["kern", "liga"], name_IDs=NAMES, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=LETTERS)
    subsetter.subset(font)
    subset.save_font(font, RESULT, options)
    sys.stdout.write(f"{RESULT}: {RESULT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
