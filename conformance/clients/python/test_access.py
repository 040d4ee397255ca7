"""Who may do what: the owner, a user of another account, and nobody in particular."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
import requests

from emulator import BUCKET_BEFORE_2023
from fault import fault_of
from fault import refused

NO_ACLS = ("AccessControlListNotSupported", 400, "The bucket does not allow ACLs")
DENIED = ("AccessDenied", 403, "Access Denied")
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture
def theirs(emulator, stranger):
    """A client of the other account."""
    return emulator.client(stranger)


@pytest.fixture
def url_of(emulator):
    """The address of an object, without a signature."""
    return lambda bucket, key="": f"{emulator.endpoint}/{bucket}/{key}"


def assert_denied(answer):
    fault = fault_of(answer)
    assert (fault.code, fault.status, fault.message) == DENIED
    assert fault.elements == {}


def grants(acl) -> list[tuple[str, str]]:
    """Who has what, in order."""
    return [
        (grant["Grantee"].get("ID") or grant["Grantee"]["URI"], grant["Permission"])
        for grant in acl["Grants"]
    ]


# Buckets as S3 makes them today.


def test_a_new_bucket_has_no_acls_and_nothing_public(s3, bucket, owner):
    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True} and len(block) == 4
    assert grants(s3.get_bucket_acl(Bucket=bucket)) == [(owner.canonical_id, "FULL_CONTROL")]


def test_an_acl_is_refused_where_acls_are_off(s3, bucket):
    with refused(*NO_ACLS):
        s3.put_object(Bucket=bucket, Key="a", Body=b"1", ACL="public-read")
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key="a")
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    with refused(*NO_ACLS):
        s3.put_object_acl(Bucket=bucket, Key="a", ACL="public-read")
    with refused(*NO_ACLS):
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")


def test_the_one_acl_that_says_what_holds_anyway_is_accepted(s3, bucket, owner):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", ACL="bucket-owner-full-control")
    acl = s3.get_object_acl(Bucket=bucket, Key="a")
    assert grants(acl) == [(owner.canonical_id, "FULL_CONTROL")]


def test_a_bucket_is_not_made_with_an_acl_and_without_acls(s3, new_name):
    message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
    with refused("InvalidBucketAclWithObjectOwnership", 400, message):
        s3.create_bucket(Bucket=new_name(), ACL="public-read")


def test_a_bucket_that_is_made_private_has_acls(s3, new_name):
    bucket = new_name()
    s3.create_bucket(Bucket=bucket, ACL="private")
    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerPreferred"}]


def test_a_bucket_that_is_there_is_created_again_with_any_acl(s3, bucket, theirs):
    s3.create_bucket(Bucket=bucket, ACL="private")
    s3.create_bucket(Bucket=bucket, ACL="public-read")
    permissions = [grant["Permission"] for grant in s3.get_bucket_acl(Bucket=bucket)["Grants"]]
    assert permissions == ["FULL_CONTROL"]
    with refused("BucketAlreadyExists", 409):
        theirs.create_bucket(Bucket=bucket, ACL="private")


# A bucket of the configuration file with `before_2023 = true`.


def test_an_acl_makes_an_object_public_and_private_again(s3, owner, url_of, new_name):
    bucket, key = BUCKET_BEFORE_2023, new_name("acl/")
    s3.put_object(Bucket=bucket, Key=key, Body=b"1", ACL="public-read")
    assert requests.get(url_of(bucket, key)).content == b"1"
    assert grants(s3.get_object_acl(Bucket=bucket, Key=key)) == [
        (owner.canonical_id, "FULL_CONTROL"),
        (ALL_USERS, "READ"),
    ]
    s3.put_object_acl(Bucket=bucket, Key=key, ACL="private")
    assert_denied(requests.get(url_of(bucket, key)))


def test_an_object_without_an_acl_is_private(s3, theirs, url_of, new_name):
    bucket, key = BUCKET_BEFORE_2023, new_name("acl/")
    s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    assert_denied(requests.get(url_of(bucket, key)))
    with refused(*DENIED):
        theirs.get_object(Bucket=bucket, Key=key)


def test_authenticated_read_is_for_everybody_with_keys(s3, theirs, url_of, new_name):
    bucket, key = BUCKET_BEFORE_2023, new_name("acl/")
    s3.put_object(Bucket=bucket, Key=key, Body=b"1", ACL="authenticated-read")
    assert theirs.get_object(Bucket=bucket, Key=key)["Body"].read() == b"1"
    assert_denied(requests.get(url_of(bucket, key)))


def test_a_grant_is_for_one_account_and_one_permission(s3, owner, stranger, theirs, new_name):
    bucket, key = BUCKET_BEFORE_2023, new_name("acl/")
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=b"1",
        GrantRead=f'id="{stranger.canonical_id}"',
        GrantFullControl=f'id="{owner.canonical_id}"',
    )
    assert theirs.get_object(Bucket=bucket, Key=key)["Body"].read() == b"1"
    with refused(*DENIED):
        theirs.get_object_acl(Bucket=bucket, Key=key)
    with refused(*DENIED):
        theirs.delete_object(Bucket=bucket, Key=key)


def test_a_grant_as_a_document_comes_back_as_it_was(s3, owner, stranger, new_name):
    bucket, key = BUCKET_BEFORE_2023, new_name("acl/")
    s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    policy = {
        "Owner": {"ID": owner.canonical_id},
        "Grants": [
            {
                "Grantee": {"Type": "CanonicalUser", "ID": stranger.canonical_id},
                "Permission": "READ_ACP",
            },
            {"Grantee": {"Type": "Group", "URI": ALL_USERS}, "Permission": "READ"},
        ],
    }
    s3.put_object_acl(Bucket=bucket, Key=key, AccessControlPolicy=policy)
    acl = s3.get_object_acl(Bucket=bucket, Key=key)
    assert acl["Owner"] == {"ID": owner.canonical_id}
    assert grants(acl) == [(stranger.canonical_id, "READ_ACP"), (ALL_USERS, "READ")]


def test_what_is_missing_is_not_told_to_those_who_may_not_list(s3, theirs, new_name):
    bucket, key = BUCKET_BEFORE_2023, new_name("missing/")
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key=key)
    with refused(*DENIED):
        theirs.get_object(Bucket=bucket, Key=key)


# Buckets whose own ACL matters.


def test_a_public_bucket_may_be_listed_and_its_objects_not_read(s3, open_bucket, url_of):
    s3.put_object(Bucket=open_bucket, Key="a", Body=b"1")
    assert_denied(requests.get(url_of(open_bucket)))
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read")
    listing = ElementTree.fromstring(requests.get(url_of(open_bucket)).content)
    assert [key.text for key in listing.iterfind("{*}Contents/{*}Key")] == ["a"]
    assert_denied(requests.get(url_of(open_bucket, "a")))
    assert_denied(requests.put(url_of(open_bucket, "b"), data=b"1"))


def test_a_stranger_who_may_write_owns_what_is_written(s3, stranger, theirs, open_bucket):
    with refused(*DENIED):
        theirs.put_object(Bucket=open_bucket, Key="a", Body=b"1")
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    theirs.put_object(Bucket=open_bucket, Key="a", Body=b"1")
    assert theirs.get_object_acl(Bucket=open_bucket, Key="a")["Owner"]["ID"] == stranger.canonical_id
    with refused(*DENIED):
        s3.get_object(Bucket=open_bucket, Key="a")
    # The owner of the bucket may remove it all the same.
    s3.delete_object(Bucket=open_bucket, Key="a")


def test_public_acls_can_be_blocked_and_ignored(s3, open_bucket, url_of):
    s3.put_object(Bucket=open_bucket, Key="a", Body=b"1", ACL="public-read")
    assert requests.get(url_of(open_bucket, "a")).status_code == 200
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    s3.put_public_access_block(Bucket=open_bucket, PublicAccessBlockConfiguration=block)
    assert_denied(requests.get(url_of(open_bucket, "a")))
    with refused(*DENIED):
        s3.put_object(Bucket=open_bucket, Key="b", Body=b"1", ACL="public-read")
    s3.delete_public_access_block(Bucket=open_bucket)
    assert requests.get(url_of(open_bucket, "a")).status_code == 200


def test_a_name_of_another_account_is_taken(bucket, theirs):
    with refused("BucketAlreadyExists", 409):
        theirs.create_bucket(Bucket=bucket)
    with refused("403", 403):
        theirs.head_bucket(Bucket=bucket)
    with refused(*DENIED):
        theirs.list_objects_v2(Bucket=bucket)


# Keys that are not believed.


def test_the_wrong_secret_is_refused(emulator, owner):
    client = emulator.client(replace(owner, secret_key="wrong"))
    with refused("SignatureDoesNotMatch", 403) as error:
        client.list_buckets()
    assert error["AWSAccessKeyId"] == owner.access_key


def test_an_unknown_key_is_refused(emulator, owner):
    message = "The AWS Access Key Id you provided does not exist in our records."
    client = emulator.client(replace(owner, access_key="AKIANOBODYKNOWSTHIS0"))
    with refused("InvalidAccessKeyId", 403, message):
        client.list_buckets()


def test_a_clock_that_is_wrong_is_refused_with_both_times(s3, signed_ago):
    signed_ago(20 * 60)
    message = "The difference between the request time and the current time is too large."
    with refused("RequestTimeTooSkewed", 403, message) as error:
        s3.list_buckets()
    assert error["MaxAllowedSkewMilliseconds"] == "900000"
    assert {"RequestTime", "ServerTime"} <= error.keys()


def test_a_clock_that_is_a_little_off_is_accepted(s3, signed_ago):
    signed_ago(5 * 60)
    s3.list_buckets()
