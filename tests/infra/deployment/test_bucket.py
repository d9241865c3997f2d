# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bucket at Amazon: every call says whose it must be, and what S3 answers is understood. `test_rehearsal.py` has it real."""

from __future__ import annotations

import io

import pytest
from botocore.exceptions import ClientError

from infra.deployment.bucket import Bucket, Stored
from infra.deployment.errors import Refused
from tests.support.recording_client import Client

OWNER = "123456789012"


def test_every_call_says_whose_bucket_it_must_be() -> None:
    client = Client(
        get_object={"Body": io.BytesIO(b"data")},
        list_objects_v2=[{"Contents": [{"Key": "b"}, {"Key": "a"}]}, {}],
        list_object_versions=[
            {"Versions": [{"Key": "a", "ETag": '"m2"', "VersionId": "v2", "IsLatest": True}]},
            {"Versions": [{"Key": "a", "ETag": '"m1"', "VersionId": "v1", "IsLatest": False}]},
            {"DeleteMarkers": [{"Key": "b", "IsLatest": True}]},
        ],
        delete_objects={},
    )
    bucket = Bucket(client, "site", OWNER)
    bucket.check()
    assert bucket.current() == {"a": Stored("m2", "v2")}
    assert bucket.put("a", b"x", "text/html", "public") == "v2"
    bucket.put_new("b", b"x")
    assert bucket.put_back("a", "v1") == "v2"
    bucket.delete([f"old/{number}" for number in range(1001)])
    assert bucket.read("a") == b"data"
    assert bucket.paths("releases/") == ["a", "b"]

    assert {given["ExpectedBucketOwner"] for _, given in client.asked} == {OWNER}
    assert {given["Bucket"] for _, given in client.asked} == {"site"}
    asked = dict(client.asked)
    assert asked["copy_object"]["ExpectedSourceBucketOwner"] == OWNER
    assert asked["copy_object"]["CopySource"] == {"Bucket": "site", "Key": "a", "VersionId": "v1"}
    assert [given.get("IfNoneMatch") for name, given in client.asked if name == "put_object"] == [None, "*"]
    deleted = [len(given["Delete"]["Objects"]) for name, given in client.asked if name == "delete_objects"]
    assert deleted == [1000, 1]


def test_what_was_not_deleted_is_told() -> None:
    client = Client(delete_objects={"Errors": [{"Key": "a", "Code": "AccessDenied", "Message": "No."}]})
    with pytest.raises(Refused) as caught:
        Bucket(client, "site", OWNER).delete(["a"])

    assert str(caught.value).startswith(
        "the bucket site, a: AccessDenied: No; ask the account's administrator"
    )


def test_a_file_that_is_not_there_is_none_and_another_refusal_is_told() -> None:
    def bucket(code: str) -> Bucket:
        error = ClientError({"Error": {"Code": code, "Message": "No."}}, "GetObject")
        return Bucket(Client(get_object=error), "site", OWNER)

    assert bucket("NoSuchKey").read("a") is None
    with pytest.raises(Refused):
        bucket("SlowDown").read("a")


def test_a_version_that_is_too_old_says_what_to_do_instead() -> None:
    error = ClientError({"Error": {"Code": "NoSuchVersion", "Message": "No."}}, "CopyObject")
    with pytest.raises(Refused) as caught:
        Bucket(Client(copy_object=error), "site", OWNER).put_back("a", "v1")

    assert str(caught.value) == (
        "the bucket site, a: NoSuchVersion: No; it is older than 30 days and gone; "
        "check out the commit, and run make deploy"
    )
