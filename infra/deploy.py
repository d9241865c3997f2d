# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the site and its function on Amazon's cloud, or brings the release before back; `make deploy STAGE=…`.

Exit status: 0 done; 1 an error, after which people see what they saw before; 3 done, but a session with people in it is
no longer in the schedule.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from infra.deployment.account import Account, open_account
from infra.deployment.bucket import Bucket
from infra.deployment.deployment import Deployment
from infra.deployment.errors import DeployError, told
from infra.deployment.local import Local
from infra.deployment.machine import Machine
from infra.deployment.stack import Stack
from infra.deployment.stage import Stage, read

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = 3


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Deploy from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__.partition("\n")[0])
    parser.add_argument("stage", help="the name of a file in infra/stages/, without .toml")
    parser.add_argument(
        "--rollback", action="store_true", help="bring the release before back, and build nothing"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    parser.add_argument("--yes", action="store_true", help="go on even if more than 50 emails will be sent")
    parser.add_argument("--python", help="a Python of Lambda's version, which makes the package's bytecode")
    given = parser.parse_args(arguments)
    again = f"make {'rollback' if given.rollback else 'deploy'} STAGE={given.stage}"
    try:
        stage = read(root, given.stage)
        local = Machine(root, root / ".cache/stages" / stage.name / "published", given.python)
        deployment = wire(stage, open_account(stage), local, again, ["--yes"] if given.yes else [])
        return run(deployment, rollback=given.rollback, dry_run=given.dry_run)
    except DeployError as error:
        _say(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        _say(f"interrupted; what Amazon has begun with, it goes on with. Do it again: {again}")
        return 1


def wire(stage: Stage, account: Account, local: Local, again: str, sync_options: list[str]) -> Deployment:
    """Return what deploys a stage to an account."""

    def files(name: str) -> Bucket:
        bucket = Bucket(account.s3, name, account.id)
        bucket.check()
        return bucket

    def invalidate(front: str) -> None:
        now = datetime.now(UTC).isoformat()
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": now}
        with told(f"the front {front}"):
            account.cloudfront.create_invalidation(DistributionId=front, InvalidationBatch=batch)

    return Deployment(
        stage=stage,
        template=ROOT / "infra/template.yaml",
        stack=Stack(account.cloudformation, stage.stack, _say, again=again),
        ssm=account.ssm,
        local=local,
        files=files,
        invalidate=invalidate,
        now=lambda: datetime.now(UTC),
        say=_say,
        again=again,
        sync_options=sync_options,
    )


def run(deployment: Deployment, *, rollback: bool, dry_run: bool) -> int:
    """Do what was asked for; return the exit status. Raises DeployError."""
    if rollback:
        deployment.roll_back(dry_run=dry_run)
    elif dry_run:
        deployment.dry_run()
    elif not deployment.deploy():
        _say(
            "a session with people in it is no longer in the schedule; the lines of Schedule, above, say which"
        )
        return SKIPPED
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
