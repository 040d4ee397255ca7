"""What everybody does with boto3 on one object: put, get, head, delete, ranges, conditions."""

import base64
import hashlib
import zlib

import pytest

from fault import refused


def test_a_bucket_is_made_found_and_removed(s3, new_name):
    name = new_name()
    assert s3.create_bucket(Bucket=name)["Location"] == f"/{name}"
    assert name in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "us-east-1"
    s3.delete_bucket(Bucket=name)
    with refused("404", 404):
        s3.head_bucket(Bucket=name)


def test_a_bucket_with_an_object_stays(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    with refused("BucketNotEmpty", 409, "The bucket you tried to delete is not empty"):
        s3.delete_bucket(Bucket=bucket)


def test_what_was_put_comes_back(s3, bucket):
    body = bytes(range(256)) * 100
    put = s3.put_object(Bucket=bucket, Key="bytes", Body=body)
    etag = f'"{hashlib.md5(body).hexdigest()}"'
    assert put["ETag"] == etag
    assert put["ServerSideEncryption"] == "AES256"

    got = s3.get_object(Bucket=bucket, Key="bytes")
    assert got["Body"].read() == body
    assert (got["ETag"], got["ContentLength"]) == (etag, len(body))
    assert (got["ContentType"], got["AcceptRanges"]) == ("binary/octet-stream", "bytes")

    head = s3.head_object(Bucket=bucket, Key="bytes")
    assert (head["ETag"], head["ContentLength"]) == (etag, len(body))
    assert head["LastModified"] == got["LastModified"]


@pytest.mark.parametrize(
    "key",
    ["plain.txt", "a/b//c/", "/leading", "a b+c.txt", "100%/%20", "é ü 漢字.txt", "it's (1)!~*&=;,:@$#?"],
)
def test_any_key_names_its_own_object(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]


def test_headers_and_metadata_are_kept(s3, bucket):
    s3.put_object(
        Bucket=bucket,
        Key="page",
        Body=b"<p>",
        ContentType="text/html; charset=utf-8",
        CacheControl="max-age=60",
        ContentDisposition='attachment; filename="page.html"',
        ContentLanguage="fr",
        Metadata={"color": "blue", "Size": "XL"},
    )
    head = s3.head_object(Bucket=bucket, Key="page")
    assert head["ContentType"] == "text/html; charset=utf-8"
    assert head["CacheControl"] == "max-age=60"
    assert head["ContentDisposition"] == 'attachment; filename="page.html"'
    assert head["ContentLanguage"] == "fr"
    assert head["Metadata"] == {"color": "blue", "size": "XL"}


def test_metadata_outside_of_ascii_comes_back_encoded(s3, bucket):
    """boto3 refuses to send such text by itself, so it is put in as other SDKs send it: signed and
    sent as UTF-8. The answer is in the form of RFC 2047 (recorded by LocalStack).
    """
    name, value = "x-amz-meta-name", "ÄMÄZÕÑ S3"

    def sign(request, **_):
        request.headers[name] = value

    def send(request, **_):
        request.headers[name] = value.encode()

    s3.meta.events.register("before-sign.s3.PutObject", sign)
    s3.meta.events.register("before-send.s3.PutObject", send)
    s3.put_object(Bucket=bucket, Key="name", Body=b"")
    metadata = s3.head_object(Bucket=bucket, Key="name")["Metadata"]
    assert metadata == {"name": "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="}


def test_metadata_that_the_client_encoded_comes_back_as_it_is(s3, bucket):
    encoded = "=?UTF-8?B?6Lyu?="
    s3.put_object(Bucket=bucket, Key="name", Body=b"", Metadata={"name": encoded})
    assert s3.head_object(Bucket=bucket, Key="name")["Metadata"] == {"name": encoded}


def test_boto3_sends_a_checksum_that_is_kept(s3, bucket):
    """Over http it sends the SHA-256 of the body and a CRC32 of its own accord."""
    crc32 = base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
    put = s3.put_object(Bucket=bucket, Key="hello", Body=b"hello")
    assert (put["ChecksumCRC32"], put["ChecksumType"]) == (crc32, "FULL_OBJECT")
    assert "ChecksumCRC32" not in s3.head_object(Bucket=bucket, Key="hello")
    head = s3.head_object(Bucket=bucket, Key="hello", ChecksumMode="ENABLED")
    assert head["ChecksumCRC32"] == crc32


def test_a_checksum_may_be_asked_for_by_name(s3, bucket):
    sha256 = base64.b64encode(hashlib.sha256(b"hello").digest()).decode()
    put = s3.put_object(Bucket=bucket, Key="hello", Body=b"hello", ChecksumAlgorithm="SHA256")
    assert put["ChecksumSHA256"] == sha256
    sha1 = base64.b64encode(hashlib.sha1(b"hello").digest()).decode()
    put = s3.put_object(Bucket=bucket, Key="hello", Body=b"hello", ChecksumSHA1=sha1)
    assert put["ChecksumSHA1"] == sha1


def test_a_wrong_checksum_is_refused_and_nothing_is_stored(s3, bucket):
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    message = "The SHA256 you specified did not match the calculated checksum."
    with refused("BadDigest", 400, message):
        s3.put_object(Bucket=bucket, Key="hello", Body=b"hello", ChecksumSHA256=wrong)
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key="hello")


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "body"),
    [
        ("bytes=0-3", 206, "bytes 0-3/10", b"0123"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-2", 206, "bytes 8-9/10", b"89"),
        ("bytes=-15", 206, "bytes 0-9/10", b"0123456789"),
        ("bytes=5-100", 206, "bytes 5-9/10", b"56789"),
        ("bytes=1-0", 200, None, b"0123456789"),
    ],
)
def test_a_range_is_answered_as_s3_does(s3, bucket, asked, status, content_range, body):
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="digits", Range=asked)
    assert got["ResponseMetadata"]["HTTPStatusCode"] == status
    assert (got.get("ContentRange"), got["Body"].read()) == (content_range, body)


def test_a_range_beyond_the_end_is_refused(s3, bucket):
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    with refused("InvalidRange", 416, "The requested range is not satisfiable") as error:
        s3.get_object(Bucket=bucket, Key="digits", Range="bytes=100-200")
    assert (error["RangeRequested"], error["ActualObjectSize"]) == ("bytes=100-200", "10")


def test_conditions_decide_whether_an_object_is_sent(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]
    s3.get_object(Bucket=bucket, Key="a", IfMatch=etag)
    with refused("304", 304):
        s3.get_object(Bucket=bucket, Key="a", IfNoneMatch=etag)
    message = "At least one of the pre-conditions you specified did not hold"
    with refused("PreconditionFailed", 412, message) as error:
        s3.get_object(Bucket=bucket, Key="a", IfMatch='"other"')
    assert error["Condition"] == "If-Match"


def test_an_object_that_is_there_is_not_overwritten_when_it_must_be_new(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", IfNoneMatch="*")
    with refused("PreconditionFailed", 412) as error:
        s3.put_object(Bucket=bucket, Key="a", Body=b"2", IfNoneMatch="*")
    assert error["Condition"] == "If-None-Match"
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_a_deleted_object_is_gone_and_deleting_it_again_is_fine(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    for _ in range(2):
        deleted = s3.delete_object(Bucket=bucket, Key="a")
        assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204
    with refused("NoSuchKey", 404, "The specified key does not exist.") as error:
        s3.get_object(Bucket=bucket, Key="a")
    assert error["Key"] == "a"


def test_a_bucket_that_is_missing_is_named(s3, new_name):
    name = new_name()
    with refused("NoSuchBucket", 404, "The specified bucket does not exist") as error:
        s3.put_object(Bucket=name, Key="a", Body=b"1")
    assert error["BucketName"] == name


def test_the_file_helpers_carry_a_file_there_and_back(s3, bucket, tmp_path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(bytes(range(256)) * 4096)
    s3.upload_file(str(there), bucket, "file", ExtraArgs={"ContentType": "image/png"})
    s3.download_file(bucket, "file", str(back))
    assert back.read_bytes() == there.read_bytes()
    assert s3.head_object(Bucket=bucket, Key="file")["ContentType"] == "image/png"


def test_what_is_not_offered_says_its_name(s3, bucket):
    with refused("NotImplemented", 501) as error:
        s3.get_object_torrent(Bucket=bucket, Key="large")
    assert "GetObjectTorrent" in str(error)
