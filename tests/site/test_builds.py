# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two builds of the same content are the same bytes, whatever the process, the zone and the day."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests.support.constants import BUILD_DATE, ROOT


def digest(folder: Path, **environment: str) -> dict[str, str]:
    """Build in a process of its own and return the hash of every file that came out."""
    command = [
        sys.executable,
        "-m",
        "plugins.build",
        "--output",
        str(folder / "output"),
        "--private",
        str(folder / "build"),
    ]
    environment = {**os.environ, "BUILD_DATE": BUILD_DATE, "PORT": "8000", **environment}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_two_builds_are_byte_identical_under_any_hash_seed_and_time_zone(tmp_path: Path) -> None:
    one = digest(tmp_path / "one", PYTHONHASHSEED="1", TZ="Asia/Kathmandu")
    two = digest(tmp_path / "two", PYTHONHASHSEED="2", TZ="America/New_York")
    assert one == two
    assert "build/schedule.json" in one


def test_production_refuses_the_sample_schedule_and_a_missing_address(tmp_path: Path) -> None:
    for environment, message in (
        ({"SITEURL": "https://trainings.example.org"}, "SAMPLE_CONTENT is on"),
        ({"SITEURL": "https://trainings.example.org", "SAMPLE_CONTENT": "No"}, 'SAMPLE_CONTENT is "No"'),
        ({"SAMPLE_CONTENT": "no", "SITEURL": ""}, 'SITEURL is ""'),
    ):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "plugins.build",
                "-s",
                "publishconf.py",
                "--output",
                str(tmp_path / "o"),
                "--private",
                str(tmp_path / "b"),
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error: {message}")
        assert not (tmp_path / "o").exists()


def test_plain_pelican_builds_the_same_pages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "-o", str(tmp_path / "output")]
    build_path = f'BUILD_PATH="{tmp_path / "build"}"'
    environment = {**os.environ, "BUILD_DATE": BUILD_DATE, "PORT": "8000"}
    done = subprocess.run(
        [*command, "-e", build_path], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output/es/schedule/2026-12-03-overview/index.html").is_file()
