# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order of a deployment, and of the way back: each step begins when the one before has succeeded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.deployment import releases as records
from infra.deployment import stage_secrets, upload
from infra.deployment.bucket import Files
from infra.deployment.errors import DeployError
from infra.deployment.local import Local, Tree
from infra.deployment.releases import Release, Releases
from infra.deployment.site_files import site_files
from infra.deployment.stack import ChangeSet, Stack
from infra.deployment.stage import Stage

Say = Callable[[str], None]
Outputs = Mapping[str, str]
Sent = Mapping[str, records.ReleasedFile]

_TO_BE_MADE = "0" * 32
"""Stands for a secret of the front in a dry run."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One stage, and all that is needed to deploy to it; `again` is the command that does it once more."""

    stage: Stage
    template: Path
    stack: Stack
    ssm: Any
    local: Local
    files: Callable[[str], Files]
    """Opens a bucket by its name. Raises DeployError if it is not ours."""
    invalidate: Callable[[str], None]
    """Makes the front, by its id, ask for every file anew."""
    now: Callable[[], datetime]
    say: Say
    again: str
    sync_options: Sequence[str] = ()

    def deploy(self) -> bool:
        """Deploy; return whether all could be done, and False if sync left a session as it was. Raises DeployError."""
        outputs: Outputs | None = self.stack.outputs()
        if outputs is None:  # it takes a while until the site can be built, so look before
            self.say("Content")
            self.local.check()
        self.say("Secrets")
        origin = stage_secrets.ensure(self.ssm, self.stage, self.say)
        if outputs is None:
            self.say(
                f"Stack {self.stage.stack}: all but the functions; the first time it takes some ten minutes"
            )
            outputs = self._change(origin, "") or {}
        site_url = self.site_url(outputs)
        self.say(f"Site for {site_url}")
        tree = self.local.publish(site_url)
        release, history = self._next_release(outputs)
        self.say("Package of the functions")
        code_key = self._send_package(self.local.package(tree), outputs)
        self.say("What pages name")
        ahead = self._send_ahead(outputs, tree, records.newest(history))
        self.say(f"Stack {self.stage.stack}")
        outputs = self._change(origin, code_key) or outputs
        self.say("Schedule")
        complete = self._sync(outputs, site_url, tree)
        self.say("Files of the site")
        release = replace(release, code_key=code_key, sessions=tree.sessions())
        self._upload(outputs, tree, release, history, ahead)
        self.local.remember(self.stage.name, self.settings(outputs, site_url, tree.build))
        self.say(f"Done: {site_url}")
        return complete

    def dry_run(self) -> None:
        """Say what a deployment would do, and change nothing that stays. Raises DeployError."""
        outputs = self.stack.outputs()
        missing = stage_secrets.missing(self.ssm, self.stage)
        for name in missing:
            self.say(f"would make the secret {name}")
        if outputs is None:
            self.say(f"would make the stack {self.stage.stack}")
            if not self.stage.domain:
                self.say("the rest shows when there is a stack: the site has no name before")
                return
        site_url = self.site_url(outputs or {})
        tree = self.local.publish(site_url)
        archive = self.local.package(tree)
        if outputs is None:
            self.say(f"would send {len(site_files(tree.site))} files of the site for {site_url}")
            return
        origin = (_TO_BE_MADE,) if missing else stage_secrets.front(self.ssm, self.stage)
        change_set = self._propose(origin, _key(archive))
        if change_set is None:
            self.say(f"the stack {self.stage.stack} would stay as it is")
        else:
            for one in change_set.changes:
                replaced = ", made anew" if one.replaced else ""
                self.say(f"would {one.action.lower()} {one.resource} ({one.kind}{replaced})")
            self.stack.discard(change_set)
        self.local.sync(self.settings(outputs, site_url, tree.build), ["--dry-run"])
        bucket = self.files(outputs["SiteBucket"])
        shown = records.newest(Releases(self.files(outputs["PackagesBucket"])).last())
        self.say(f"the site: {upload.plan(site_files(tree.site), bucket.current(), shown)}")

    def roll_back(self, *, dry_run: bool = False) -> None:
        """Bring the functions and the site's files back to the release before, or only say so. Raises DeployError."""
        outputs = self.stack.outputs()
        if outputs is None:
            raise DeployError(f"there is no stack {self.stage.stack}, so there is nothing to go back from")
        begun, history = self._next_release(outputs)
        target, shown = records.before(history), records.newest(history)
        if target is None or shown is None:
            raise DeployError(
                "there is no release to go back to; check out the commit that you want, and run "
                f"make deploy STAGE={self.stage.name}"
            )
        self.say(f"{'would go back' if dry_run else 'Back'} to {target.label}")
        if dry_run:
            return
        self.say("What pages name")
        files = self.files(outputs["SiteBucket"])
        target = upload.put_back_ahead(files, target)
        self.say(f"Stack {self.stage.stack}")
        self._back_to_package(target.code_key)
        self.say("Files of the site")
        packages = Releases(self.files(outputs["PackagesBucket"]))
        release = replace(target, number=begun.number, begun=begun.begun, done=False, files={})
        packages.begin(release)
        try:
            done = upload.put_back(files, target)
        except DeployError as error:
            raise DeployError(
                f"{error}; functions and some pages are of {target.label} now. What people saw before comes back by "
                f"make rollback STAGE={self.stage.name}"
            ) from error
        self._finish(outputs, packages, release, done)
        differing = records.differing(target, records.told(history))
        if differing:
            self.say(
                "Sessions stay as the newest schedule has them, since people have been told. These pages are behind "
                "that: correct the content, and deploy it, so that they are right again:"
            )
            for line in differing:
                self.say(f"  {line}")
        self.say(f"Done: {target.label} is back")

    def site_url(self, outputs: Outputs) -> str:
        """Return the address of the site: its own name, or that of the front."""
        return f"https://{self.stage.domain or outputs['FrontDomain']}"

    def settings(self, outputs: Outputs, site_url: str, build: Path) -> dict[str, str]:
        """Return the settings by which the command line works on the stage's table."""
        return {
            "AWS_DEFAULT_REGION": self.stage.region,
            "REGISTER_STORE": f"dynamodb://{outputs['TableName']}",
            "REGISTER_SITE": site_url,
            "REGISTER_SECRET": f"ssm://{self.stage.prefix}/secret",
            "REGISTER_STAFF": f"ssm://{self.stage.prefix}/staff",
            "REGISTER_JOIN_LINKS": f"ssm://{self.stage.prefix}/join/",
            "REGISTER_MAIL": "ses://",
            "REGISTER_SENDER": self.stage.sender_address,
            "REGISTER_BUILD": str(build),
        }

    def _propose(self, origin: tuple[str, ...], code_key: str) -> ChangeSet | None:
        return self.stack.propose(
            self.stage.parameters(origin, code_key), self.template.read_text(encoding="utf-8")
        )

    def _change(self, origin: tuple[str, ...], code_key: str) -> Outputs | None:
        """Bring the stack to the template; return what it tells of itself, or None if it was so already."""
        change_set = self._propose(origin, code_key)
        if change_set is None:
            self.say("  nothing has changed")
            return None
        return self.stack.carry_out(change_set)

    def _back_to_package(self, code_key: str) -> None:
        """Let the functions run an earlier package; all else stays as it is."""
        change_set = self.stack.propose({"CodeKey": code_key, "SenderName": self.stage.sender_name})
        if change_set is not None:
            self.stack.carry_out(change_set)

    def _send_package(self, archive: Path, outputs: Outputs) -> str:
        packages, key = self.files(outputs["PackagesBucket"]), _key(archive)
        if key not in packages.paths(key):
            packages.put(key, archive.read_bytes(), "application/zip", "no-store")
        return key

    def _sync(self, outputs: Outputs, site_url: str, tree: Tree) -> bool:
        try:
            return self.local.sync(self.settings(outputs, site_url, tree.build), self.sync_options)
        except DeployError as error:
            raise DeployError(
                f"{error}; the site's files are as they were. Then do it again: {self.again}"
            ) from error

    def _next_release(self, outputs: Outputs) -> tuple[Release, list[Release]]:
        """Return the release that begins now, and those before."""
        history = Releases(self.files(outputs["PackagesBucket"])).last()
        number = history[-1].number + 1 if history else 1
        if history and not history[-1].done:
            self.say(f"  the upload of {history[-1].label} broke off; all its files are looked at")
        begun = self.now().isoformat(timespec="seconds")
        return Release(number, number, self.local.commit(), begun), history

    def _send_ahead(self, outputs: Outputs, tree: Tree, shown: Release | None) -> Sent:
        """Send what the new pages of the functions name, before there are such pages; return what was sent."""
        bucket = self.files(outputs["SiteBucket"])
        todo = upload.plan(site_files(tree.site), bucket.current(), shown).ahead
        try:
            return upload.upload(bucket, todo, self.say)
        except upload.UploadBroken as error:
            raise DeployError(
                f"{error}; people see the site as it was. Then do it again: {self.again}"
            ) from error

    def _upload(
        self, outputs: Outputs, tree: Tree, release: Release, history: list[Release], ahead: Sent
    ) -> None:
        bucket = self.files(outputs["SiteBucket"])
        packages = Releases(self.files(outputs["PackagesBucket"]))
        shown = records.newest(history)
        todo = upload.plan(site_files(tree.site), bucket.current(), shown, ahead)
        self.say(f"  {todo}")
        packages.begin(release)
        try:
            done = upload.upload(bucket, todo, self.say)
        except (upload.UploadBroken, KeyboardInterrupt) as error:
            raise self._put_back_after(error, bucket, shown) from error
        self._finish(outputs, packages, release, done)

    def _put_back_after(self, error: BaseException, bucket: Files, shown: Release | None) -> DeployError:
        """Put the files back after an upload that broke off; return what to tell."""
        what = str(error) or "you have interrupted it"
        then = f"do it again: {self.again}"
        if shown is None:
            return DeployError(f"the upload broke off: {what}; {then}")
        try:
            upload.put_back(bucket, shown)
        except DeployError as again:
            return DeployError(
                f"the upload broke off: {what}; and the files before could not be put back: {again}; "
                f"some pages are new, others as they were, until you {then}"
            )
        return DeployError(
            f"the upload broke off: {what}; people see the site as it was. When that is fixed, {then}"
        )

    def _finish(
        self,
        outputs: Outputs,
        packages: Releases,
        release: Release,
        files: Sent,
    ) -> None:
        self.say("Front: every file is asked for anew, within a minute or two")
        self.invalidate(outputs["FrontId"])
        packages.finish(replace(release, files=files))


def _key(archive: Path) -> str:
    """Return the name of a package: one of other bytes has another."""
    return f"packages/{hashlib.sha256(archive.read_bytes()).hexdigest()}.zip"
