# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws theme/static/share.LANGUAGE.png, which messengers show beside a link; run by hand, since the results are kept.

It needs the browser of the tests, and playwright and pillow:

    python theme/share/draw.py
"""

from __future__ import annotations

import io
import sys
from base64 import b64encode
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support import chromium

THEME = Path(__file__).parents[1]
WIDTH, HEIGHT = 1200, 630
LIMIT = 60 * 1024
"""Bytes: families share links on a telephone's plan."""
COLORS = 96
WORDS = {
    "en": ("When students move, their records can move too", "California MSIX Trainings"),
    "es": (
        "Cuando los estudiantes se mudan, sus expedientes también pueden ir con ellos",
        "Capacitaciones de MSIX en California",
    ),
}
PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face{{font-family:Fraunces;src:url(data:font/woff2;base64,{face})}}
:root{{--hill:#2a7a58;--bar:#0c4a3d;--poppy:#d8541a}}
body{{margin:0;width:{width}px;height:{height}px;position:relative;overflow:hidden;background:#fbe3cb;
  font-family:Fraunces;color:#1b2a25}}
svg{{position:absolute;left:536px;top:46px;width:588px;height:441px;border:6px solid #fffdf7;border-radius:28px}}
div{{position:absolute;inset:0 auto 91px 0;width:460px;padding-left:64px;display:grid;align-items:center}}
h1{{font-weight:normal;font-size:{size}px;line-height:1.14;margin:0;text-wrap:balance}}
p{{position:absolute;inset:auto 0 0;margin:0;padding:20px 64px 24px;font-size:34px;background:#0c4a3d;color:#fdf6e6;
  border-top:6px solid #d8541a}}
</style>{road}<div><h1>{title}</h1></div><p>{name}"""


def main() -> None:
    """Draw the picture of each language."""
    face = b64encode((THEME / "static/fraunces.woff2").read_bytes()).decode()
    road = (THEME / "templates/_road.svg").read_text("utf-8").rpartition("#}\n")[2]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for language, (title, name) in WORDS.items():
            size = 62 if language == "en" else 52
            page.set_content(
                PAGE.format(
                    face=face, road=road, title=title, name=name, size=size, width=WIDTH, height=HEIGHT
                )
            )
            page.evaluate("document.fonts.ready")
            file = THEME / f"static/share.{language}.png"
            drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            drawn.quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)
            if file.stat().st_size > LIMIT:
                sys.exit(f"{file} has {file.stat().st_size} bytes, and may have {LIMIT}; draw fewer colors")
        browser.close()


if __name__ == "__main__":
    main()
