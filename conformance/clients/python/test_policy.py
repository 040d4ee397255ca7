"""Policies of buckets, as boto3 puts and meets them."""

import json

import pytest
import requests

from fault import fault_of
from fault import refused


def policy_of(*statements) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect, principal, action, *resources, **more):
    arns = [f"arn:aws:s3:::{resource}" for resource in resources]
    return {
        "Action": action,
        "Resource": arns,
        "Effect": effect,
        "Principal": principal,
        **more,
    }


@pytest.fixture
def theirs(emulator, stranger):
    """A client of the other account."""
    return emulator.client(stranger)


def test_a_policy_is_put_read_and_deleted(s3, bucket, stranger):
    with refused("NoSuchBucketPolicy", 404, "The bucket policy does not exist"):
        s3.get_bucket_policy(Bucket=bucket)
    given = statement("Allow", {"AWS": stranger.account}, "s3:GetObject", f"{bucket}/*")
    put = s3.put_bucket_policy(Bucket=bucket, Policy=policy_of(given))
    assert put["ResponseMetadata"]["HTTPStatusCode"] == 204
    shown = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    assert json.loads(shown) == json.loads(policy_of(given))
    assert list(json.loads(shown)["Statement"][0]) == ["Effect", "Principal", "Action", "Resource"]
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"] == {"IsPublic": False}
    for _ in range(2):
        deleted = s3.delete_bucket_policy(Bucket=bucket)
        assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_what_is_no_policy_is_refused(s3, bucket):
    not_json = "Policies must be valid JSON and the first byte must be '{'"
    for policy, message in [
        ("invalid json", not_json),
        ("{}", "Missing required field Statement"),
        (policy_of(statement("Allow", "*", "s3:GetObject", "x/*")), "Policy has invalid resource"),
    ]:
        with refused("MalformedPolicy", 400, message):
            s3.put_bucket_policy(Bucket=bucket, Policy=policy)


def test_a_public_policy_needs_a_bucket_that_allows_it(emulator, s3, bucket, open_bucket):
    def everybody(name):
        return policy_of(statement("Allow", "*", "s3:GetObject", f"{name}/*"))

    with refused("AccessDenied", 403, "Access Denied"):
        s3.put_bucket_policy(Bucket=bucket, Policy=everybody(bucket))
    s3.put_object(Bucket=open_bucket, Key="a", Body=b"1")
    s3.put_bucket_policy(Bucket=open_bucket, Policy=everybody(open_bucket))
    assert s3.get_bucket_policy_status(Bucket=open_bucket)["PolicyStatus"] == {"IsPublic": True}
    url = f"{emulator.endpoint}/{open_bucket}"
    assert requests.get(f"{url}/a", timeout=10).content == b"1"
    # Whoever may read and not list is not told what is missing.
    for target in ("absent", ""):
        assert fault_of(requests.get(f"{url}/{target}", timeout=10)).code == "AccessDenied"


def test_another_account_is_let_in_by_name(s3, theirs, bucket, stranger):
    s3.put_object(Bucket=bucket, Key="public/a", Body=b"1")
    with refused("AccessDenied", 403, "Access Denied"):
        theirs.get_object(Bucket=bucket, Key="public/a")
    user = {"AWS": f"arn:aws:iam::{stranger.account}:user/{stranger.name}"}
    listing = {"StringLike": {"s3:prefix": "public/*"}}
    policy = policy_of(
        statement("Allow", user, ["s3:GetObject", "s3:PutObject"], f"{bucket}/public/*"),
        statement("Allow", user, "s3:ListBucket", bucket, Condition=listing),
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert theirs.get_object(Bucket=bucket, Key="public/a")["Body"].read() == b"1"
    theirs.put_object(Bucket=bucket, Key="public/b", Body=b"2")
    assert theirs.list_objects_v2(Bucket=bucket, Prefix="public/")["KeyCount"] == 2
    with refused("AccessDenied", 403):
        theirs.list_objects_v2(Bucket=bucket)
    with refused("NoSuchKey", 404):
        theirs.get_object(Bucket=bucket, Key="public/absent")
    with refused("AccessDenied", 403):
        theirs.get_object(Bucket=bucket, Key="private/absent")


def test_a_deny_is_for_owners_too_and_says_so(s3, bucket, owner):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    deny = statement("Deny", "*", "s3:GetObject", f"{bucket}/*", Condition=insecure)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy_of(deny))
    message = (
        f"User: arn:aws:iam::{owner.account}:user/owner is not authorized to perform: s3:GetObject"
        f' on resource: "arn:aws:s3:::{bucket}/a" with an explicit deny in a resource-based policy'
    )
    with refused("AccessDenied", 403, message):
        s3.get_object(Bucket=bucket, Key="a")
    s3.delete_bucket_policy(Bucket=bucket)
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_a_link_has_the_rights_of_its_signer_when_it_is_used(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    link = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a"})
    assert requests.get(link, timeout=10).status_code == 200
    links = {"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}
    deny = statement("Deny", "*", "s3:GetObject", f"{bucket}/*", Condition=links)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy_of(deny))
    assert fault_of(requests.get(link, timeout=10)).code == "AccessDenied"
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"
