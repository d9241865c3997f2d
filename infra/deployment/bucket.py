# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bucket of ours: files by their paths, each with its versions. Every call says whose the bucket must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from infra.deployment.errors import DeployError, Refused, told

_AT_ONCE = 1000
"""How many files one request may delete. Source: Amazon S3 API reference, DeleteObjects."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in a bucket: what S3 calls its ETag (the MD5 of its bytes), and its version."""

    md5: str
    version: str


class Files(Protocol):
    """What a deployment needs of a bucket."""

    def current(self) -> dict[str, Stored]:
        """Return all files that are there now, by their paths."""

    def put(self, path: str, data: bytes, content_type: str, cache_control: str) -> str:
        """Write a file; return its version."""

    def put_new(self, path: str, data: bytes) -> None:
        """Write a file that is not there yet. Raises Refused (PreconditionFailed) if it is."""

    def put_back(self, path: str, version: str) -> str:
        """Make an earlier version of a file the current one again; return the new version. Raises Refused."""

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files; their versions stay for a while."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None if it is not there."""

    def paths(self, prefix: str) -> list[str]:
        """Return the paths that begin so, in their order."""


class Bucket:
    """A bucket at Amazon, as `Files`."""

    def __init__(self, client: Any, name: str, owner: str) -> None:
        self._client, self._name = client, name
        self._bucket = {"Bucket": name, "ExpectedBucketOwner": owner}
        self._whose = f"the bucket {name}"

    def check(self) -> None:
        """Raise DeployError if the bucket is gone or somebody else's."""
        try:
            with told(self._whose):
                self._client.head_bucket(**self._bucket)
        except Refused as error:
            if error.code not in {"AccessDenied", "NotFound"}:
                raise
            is_gone = error.code == "NotFound"
            raise DeployError(
                f"{self._whose} {'is gone' if is_gone else 'is not yours to write to, or belongs to another account'}; "
                "nothing was uploaded; infra/README.md says how to bring a stage back"
            ) from error

    def current(self) -> dict[str, Stored]:
        """Return all files that are there now, by their paths. Raises DeployError."""
        found: dict[str, Stored] = {}
        with told(self._whose):
            for page in self._client.get_paginator("list_object_versions").paginate(**self._bucket):
                for one in page.get("Versions", ()):
                    if one["IsLatest"]:
                        found[one["Key"]] = Stored(one["ETag"].strip('"'), one["VersionId"])
        return found

    def put(self, path: str, data: bytes, content_type: str, cache_control: str) -> str:
        """Write a file; return its version. Raises DeployError."""
        with told(f"{self._whose}, {path}"):
            done = self._client.put_object(
                **self._bucket, Key=path, Body=data, ContentType=content_type, CacheControl=cache_control
            )
        return str(done["VersionId"])

    def put_new(self, path: str, data: bytes) -> None:
        """Write a file that is not there yet. Raises Refused (PreconditionFailed) if it is."""
        with told(f"{self._whose}, {path}"):
            self._client.put_object(**self._bucket, Key=path, Body=data, IfNoneMatch="*")

    def put_back(self, path: str, version: str) -> str:
        """Make an earlier version of a file the current one again; return the new version. Raises Refused."""
        source = {"Bucket": self._name, "Key": path, "VersionId": version}
        with told(f"{self._whose}, {path}"):
            done = self._client.copy_object(
                **self._bucket,
                ExpectedSourceBucketOwner=self._bucket["ExpectedBucketOwner"],
                Key=path,
                CopySource=source,
            )
        return str(done["VersionId"])

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files; their versions stay for a while. Raises DeployError."""
        for start in range(0, len(paths), _AT_ONCE):
            objects = [{"Key": path} for path in paths[start : start + _AT_ONCE]]
            with told(self._whose):
                done = self._client.delete_objects(**self._bucket, Delete={"Objects": objects, "Quiet": True})
            for error in done.get("Errors", ()):
                raise Refused(f"{self._whose}, {error['Key']}", error["Code"], error["Message"])

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None if it is not there. Raises DeployError."""
        try:
            with told(f"{self._whose}, {path}"):
                return bytes(self._client.get_object(**self._bucket, Key=path)["Body"].read())
        except Refused as error:
            if error.code in {"NoSuchKey", "NotFound"}:
                return None
            raise

    def paths(self, prefix: str) -> list[str]:
        """Return the paths that begin so, in their order. Raises DeployError."""
        with told(self._whose):
            pages = self._client.get_paginator("list_objects_v2").paginate(**self._bucket, Prefix=prefix)
            return sorted(one["Key"] for page in pages for one in page.get("Contents", ()))
