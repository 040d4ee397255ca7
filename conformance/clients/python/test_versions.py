"""Versions and object lock as boto3 asks for them."""

import datetime
import re

import pytest
import requests
from botocore.exceptions import ClientError

from fault import fault_of


@pytest.fixture
def versioned(s3, bucket) -> str:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


@pytest.fixture
def locked(s3, new_name) -> str:
    name = new_name("clients-locked")
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


def in_days(days: int) -> datetime.datetime:
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    return now + datetime.timedelta(days=days)


def put(s3, bucket, key, body=b"bytes", **more) -> str:
    return s3.put_object(Bucket=bucket, Key=key, Body=body, **more)["VersionId"]


def test_versioning_is_enabled_and_suspended(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    for status in ("Suspended", "Enabled"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == status


def test_an_object_comes_back_in_every_version(s3, versioned):
    ids = [put(s3, versioned, "cat", body) for body in (b"one", b"two")]
    assert all(re.fullmatch(r"[A-Za-z0-9._]{32}", id) for id in ids)
    for id, body in zip(ids, (b"one", b"two")):
        got = s3.get_object(Bucket=versioned, Key="cat", VersionId=id)
        assert (got["Body"].read(), got["VersionId"]) == (body, id)
    gone = s3.delete_object(Bucket=versioned, Key="cat")
    assert gone["DeleteMarker"] is True
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=versioned, Key="cat")
    headers = refused.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-delete-marker"] == "true"
    assert headers["x-amz-version-id"] == gone["VersionId"]
    with pytest.raises(ClientError) as refused:
        s3.head_object(Bucket=versioned, Key="cat", VersionId=gone["VersionId"])
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 405
    back = s3.delete_object(Bucket=versioned, Key="cat", VersionId=gone["VersionId"])
    assert (back["DeleteMarker"], back["VersionId"]) == (True, gone["VersionId"])
    assert s3.get_object(Bucket=versioned, Key="cat")["Body"].read() == b"two"


@pytest.mark.parametrize("page_size", [1, 2, 3, 10])
def test_versions_are_paged(s3, versioned, page_size):
    for key in ("a b", "a b", "c", "d/1", "d/2"):
        put(s3, versioned, key)
    s3.delete_object(Bucket=versioned, Key="c")
    paginator = s3.get_paginator("list_object_versions")
    settings = {"PageSize": page_size}
    pages = list(paginator.paginate(Bucket=versioned, PaginationConfig=settings))
    versions = [item["Key"] for page in pages for item in page.get("Versions", [])]
    markers = [item["Key"] for page in pages for item in page.get("DeleteMarkers", [])]
    assert (versions, markers) == (["a b", "a b", "c", "d/1", "d/2"], ["c"])
    pages = list(paginator.paginate(Bucket=versioned, Delimiter="/", PaginationConfig=settings))
    folded = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
    assert folded == ["d/"]


def test_a_bucket_is_emptied_version_by_version(s3, versioned):
    for number in range(5):
        put(s3, versioned, f"key {number % 2}")
    s3.delete_object(Bucket=versioned, Key="key 0")
    listed = s3.list_object_versions(Bucket=versioned, MaxKeys=1000)
    for item in listed["Versions"] + listed["DeleteMarkers"]:
        s3.delete_object(Bucket=versioned, Key=item["Key"], VersionId=item["VersionId"])
    s3.delete_bucket(Bucket=versioned)


def test_a_suspended_bucket_has_null(s3, versioned):
    put(s3, versioned, "cat")
    suspended = {"Status": "Suspended"}
    s3.put_bucket_versioning(Bucket=versioned, VersioningConfiguration=suspended)
    assert "VersionId" not in s3.put_object(Bucket=versioned, Key="cat", Body=b"null")
    assert s3.get_object(Bucket=versioned, Key="cat")["VersionId"] == "null"
    gone = s3.delete_object(Bucket=versioned, Key="cat")
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, "null")


def test_retention_is_put_told_and_kept(s3, locked):
    until = in_days(1)
    lock = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": until}
    id = put(s3, locked, "cat", **lock)
    head = s3.head_object(Bucket=locked, Key="cat")
    assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]) == ("GOVERNANCE", until)
    told = s3.get_object_retention(Bucket=locked, Key="cat", VersionId=id)["Retention"]
    assert told == {"Mode": "GOVERNANCE", "RetainUntilDate": until}
    with pytest.raises(ClientError) as refused:
        s3.delete_object(Bucket=locked, Key="cat", VersionId=id)
    error = refused.value.response["Error"]
    assert error["Message"] == "Access Denied because object protected by object lock."
    longer = {"Mode": "GOVERNANCE", "RetainUntilDate": in_days(2)}
    s3.put_object_retention(Bucket=locked, Key="cat", Retention=longer)
    bypass = {"BypassGovernanceRetention": True}
    s3.put_object_retention(Bucket=locked, Key="cat", Retention={}, **bypass)
    s3.delete_object(Bucket=locked, Key="cat", VersionId=id)


def test_a_legal_hold_is_set_and_lifted(s3, locked):
    id = put(s3, locked, "cat", ObjectLockLegalHoldStatus="ON")
    with pytest.raises(ClientError) as refused:
        bypass = {"BypassGovernanceRetention": True}
        s3.delete_object(Bucket=locked, Key="cat", VersionId=id, **bypass)
    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    s3.put_object_legal_hold(Bucket=locked, Key="cat", LegalHold={"Status": "OFF"})
    assert s3.get_object_legal_hold(Bucket=locked, Key="cat")["LegalHold"] == {"Status": "OFF"}
    s3.delete_object(Bucket=locked, Key="cat", VersionId=id)


def test_a_default_retention_is_stamped(s3, locked):
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket=locked, ObjectLockConfiguration=configuration)
    told = s3.get_object_lock_configuration(Bucket=locked)["ObjectLockConfiguration"]
    assert told == configuration
    put(s3, locked, "cat")
    head = s3.head_object(Bucket=locked, Key="cat")
    assert head["ObjectLockMode"] == "COMPLIANCE"
    left = head["ObjectLockRetainUntilDate"] - head["LastModified"]
    assert left == datetime.timedelta(days=3)


def test_a_form_writes_a_locked_version(s3, locked):
    until = in_days(1).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {
        "x-amz-object-lock-mode": "GOVERNANCE",
        "x-amz-object-lock-retain-until-date": until,
    }
    conditions = [{name: value} for name, value in fields.items()]
    form = s3.generate_presigned_post(locked, "cat", Fields=dict(fields), Conditions=conditions)
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"bytes"})
    assert answer.status_code == 204, answer.text
    id = answer.headers["x-amz-version-id"]
    told = s3.get_object_retention(Bucket=locked, Key="cat", VersionId=id)["Retention"]
    assert told["Mode"] == "GOVERNANCE"
    assert told["RetainUntilDate"].strftime("%Y-%m-%dT%H:%M:%SZ") == until


def test_a_link_reads_an_old_version(s3, versioned):
    first = put(s3, versioned, "cat", b"one")
    put(s3, versioned, "cat", b"two")
    ask = {"Bucket": versioned, "Key": "cat", "VersionId": first}
    link = s3.generate_presigned_url("get_object", Params=ask)
    answer = requests.get(link)
    assert (answer.content, answer.headers["x-amz-version-id"]) == (b"one", first)
    refused = requests.get(link.replace(first, "x" * 32))
    assert fault_of(refused).code == "SignatureDoesNotMatch"
