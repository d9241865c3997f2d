# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the package leaves out, nothing in it asks for: seen in seconds, long before anybody packs it."""

from __future__ import annotations

import subprocess
import sys

from infra.build import LEFT_OUT
from infra.trial import ELSEWHERE
from tests.support.constants import ROOT

NAMES = {"dnspython": "dns", "typing-extensions": "typing_extensions"}
"""Libraries that are imported by another name than their own."""

LOAD = """
import importlib, pkgutil, sys

class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, LeftOut())
for module in pkgutil.walk_packages([{folder!r}], "register."):
    if module.name != "register.__main__":
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError:
            print(module.name)
"""


def test_only_modules_that_lambda_never_loads_need_what_is_left_out() -> None:
    names = {NAMES.get(library, library) for library in LEFT_OUT}
    code = LOAD.format(names=names, folder=str(ROOT / "functions/register"))
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert {"register.__main__", "register.entrypoints.preview", *loaded.stdout.split()} == ELSEWHERE
