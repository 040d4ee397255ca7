"""Tags of buckets and objects as boto3 puts and reads them."""

import pytest

from fault import refused


def tags(**pairs: str) -> list[dict]:
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


@pytest.fixture
def stored(s3, bucket) -> dict:
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", Tagging="b=2&a=1")
    return {"Bucket": bucket, "Key": "a"}


def test_tags_of_an_object(s3, stored):
    assert s3.get_object_tagging(**stored)["TagSet"] == tags(a="1", b="2")
    assert s3.head_object(**stored)["ResponseMetadata"]["HTTPHeaders"]["x-amz-tagging-count"] == "2"
    s3.put_object_tagging(**stored, Tagging={"TagSet": tags(c="")})
    assert s3.get_object_tagging(**stored)["TagSet"] == tags(c="")
    s3.delete_object_tagging(**stored)
    assert s3.get_object_tagging(**stored)["TagSet"] == []


def test_tags_of_a_bucket(s3, bucket):
    with refused("NoSuchTagSet", 404, "The TagSet does not exist"):
        s3.get_bucket_tagging(Bucket=bucket)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags(team="blue")})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags(team="blue")
    s3.delete_bucket_tagging(Bucket=bucket)
    with refused("NoSuchTagSet", 404):
        s3.get_bucket_tagging(Bucket=bucket)


def test_a_bucket_is_created_with_tags(s3, new_name):
    name = new_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": tags(team="blue")})
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == tags(team="blue")


@pytest.mark.parametrize("given, code, message", [
    (tags(a="1") * 2, "InvalidTag", "Cannot provide multiple Tags with the same key"),
    ([{"Key": "aws:a", "Value": "1"}], "InvalidTag", "Your TagKey cannot be prefixed with aws:"),
    ([{"Key": "a,b", "Value": "1"}], "InvalidTag", "The TagKey you have provided is invalid"),
    (tags(a="b,c"), "InvalidTag", "The TagValue you have provided is invalid"),
    ([{"Key": f"k{n}", "Value": ""} for n in range(11)], "BadRequest",
     "Object tags cannot be greater than 10"),
])
def test_bad_tags_are_refused(s3, stored, given, code, message):
    with refused(code, 400, message):
        s3.put_object_tagging(**stored, Tagging={"TagSet": given})
    assert s3.get_object_tagging(**stored)["TagSet"] == tags(a="1", b="2")
