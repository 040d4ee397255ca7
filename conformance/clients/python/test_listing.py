"""Listings as boto3 asks for them: version 2 and 1, folded, and page by page."""

import pytest
from botocore.exceptions import ClientError

KEYS = ["a.txt", "photos/2025/cat.jpg", "photos/2026/dog.jpg", "photos/index.html", "z é+%.txt"]


@pytest.fixture
def full_bucket(s3, bucket) -> str:
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    return bucket


def keys(page) -> list[str]:
    return [item["Key"] for item in page.get("Contents", [])]


def prefixes(page) -> list[str]:
    return [item["Prefix"] for item in page.get("CommonPrefixes", [])]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
def test_keys_come_in_order_with_size_and_etag(s3, full_bucket, operation):
    head = s3.head_object(Bucket=full_bucket, Key="a.txt")
    page = getattr(s3, operation)(Bucket=full_bucket)
    assert keys(page) == KEYS
    assert (page["IsTruncated"], page["MaxKeys"], page["Name"]) == (False, 1000, full_bucket)
    first = page["Contents"][0]
    assert (first["Size"], first["ETag"], first["StorageClass"]) == (5, head["ETag"], "STANDARD")
    assert first["LastModified"].replace(microsecond=0) == head["LastModified"]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
def test_a_delimiter_folds_keys_into_folders(s3, full_bucket, operation):
    page = getattr(s3, operation)(Bucket=full_bucket, Delimiter="/", Prefix="photos/")
    assert keys(page) == ["photos/index.html"]
    assert prefixes(page) == ["photos/2025/", "photos/2026/"]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
@pytest.mark.parametrize("page_size", [1, 2, 5])
def test_pages_together_are_the_whole(s3, full_bucket, operation, page_size):
    paginator = s3.get_paginator(operation)
    pages = list(paginator.paginate(Bucket=full_bucket, PaginationConfig={"PageSize": page_size}))
    assert [key for page in pages for key in keys(page)] == KEYS
    assert len(pages) == -(-len(KEYS) // page_size)


def test_pages_of_folders_do_not_repeat_one(s3, full_bucket):
    paginator = s3.get_paginator("list_objects_v2")
    pages = paginator.paginate(
        Bucket=full_bucket, Delimiter="/", PaginationConfig={"PageSize": 1}
    )
    assert [(keys(page), prefixes(page)) for page in pages] == [
        (["a.txt"], []),
        ([], ["photos/"]),
        (["z é+%.txt"], []),
    ]


def test_a_listing_may_start_after_a_key(s3, full_bucket):
    page = s3.list_objects_v2(Bucket=full_bucket, StartAfter="photos/2026/dog.jpg")
    assert (keys(page), page["KeyCount"]) == (KEYS[3:], 2)


def test_an_empty_bucket_lists_nothing(s3, bucket):
    page = s3.list_objects_v2(Bucket=bucket)
    assert (keys(page), page["KeyCount"], page["IsTruncated"]) == ([], 0, False)


def test_what_is_not_offered_is_named(s3, full_bucket):
    with pytest.raises(ClientError) as refused:
        s3.get_object_torrent(Bucket=full_bucket, Key=KEYS[0])
    assert refused.value.response["Error"]["Code"] == "NotImplemented"
    assert "GetObjectTorrent" in refused.value.response["Error"]["Message"]
    assert keys(s3.list_objects_v2(Bucket=full_bucket)) == KEYS
