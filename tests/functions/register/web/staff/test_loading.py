# SPDX-License-Identifier: AGPL-3.0-or-later
"""The staff desk costs visitors nothing: its modules are loaded when somebody asks for one of its pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT
from tests.support.visitors import FILLED_IN, STAFF

SCRIPT = """
import json, sys
from pathlib import Path
from werkzeug.test import Client
from register.bootstrap import from_environment

def loaded():
    return [name for name in sys.modules if name.startswith(("register.web.staff", "register.settings.staff"))]

application = from_environment(make_secret=True)
client = Client(application.app())
visits = [client.post(f"/register/{sys.argv[1]}", data=json.loads(sys.argv[2]), headers={"Origin": "http://localhost:8000"})]
visits += [client.get("/register/link"), client.get("/register/status.json"), client.get("/register/stafff")]
before = loaded()
desk = client.get("/register/staff/")
print(json.dumps([[each.status_code for each in visits], before, desk.status_code, len(loaded()) > 3]))
"""


def test_nothing_of_the_desk_is_loaded_before_a_page_of_it_is_asked_for(
    site: BuiltSite, tmp_path: Path
) -> None:
    (tmp_path / "theme").symlink_to(ROOT / "theme")
    environment = {**os.environ, "REGISTER_HOME": str(tmp_path), "REGISTER_BUILD": str(site.private)}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, STAFF, json.dumps(FILLED_IN)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert json.loads(ran.stdout) == [[404, 200, 200, 404], [], 200, True]
