"""Files in parts, copies, and many keys at once, as boto3 and the aws command line do them."""

import hashlib
import io

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from test_aws_cli import age
from test_aws_cli import aws  # noqa: F401  a fixture

MIB = 1024 * 1024


def bytes_of(size: int) -> bytes:
    """Bytes in which no two parts are alike."""
    return b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(-(-size // 32)))[:size]


@pytest.fixture(scope="module")
def large() -> bytes:
    return bytes_of(18 * MIB + 12_345)


@pytest.fixture
def large_file(tmp_path, large):
    path = tmp_path / "large.bin"
    path.write_bytes(large)
    return path


def test_a_large_file_goes_there_and_back_in_parts(s3, bucket, large, large_file):
    s3.upload_file(str(large_file), bucket, "large", ExtraArgs={"Metadata": {"a": "1"}})
    head = s3.head_object(Bucket=bucket, Key="large", ChecksumMode="ENABLED")
    assert head["ETag"].endswith('-3"')
    assert (head["ContentLength"], head["Metadata"]) == (len(large), {"a": "1"})
    assert head["ChecksumType"] == "COMPOSITE" and head["ChecksumCRC32"].endswith("-3")
    found = io.BytesIO()
    s3.download_fileobj(bucket, "large", found)
    assert found.getvalue() == large
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads") is None


# boto3 alone computes these; it needs `awscrt` for the others.
@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_every_checksum_goes_with_parts(s3, bucket, large, algorithm):
    extra = {"ChecksumAlgorithm": algorithm}
    s3.upload_fileobj(io.BytesIO(large), bucket, "large", ExtraArgs=extra)
    answer = s3.get_object(Bucket=bucket, Key="large", ChecksumMode="ENABLED")
    assert f"Checksum{algorithm}" in answer
    assert answer["Body"].read() == large


def test_parts_are_listed_read_and_aborted(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="SHA256")
    at = {"Bucket": bucket, "Key": "k", "UploadId": upload["UploadId"]}
    parts = []
    for number, size in [(1, 5 * MIB), (2, 5 * MIB), (3, 10)]:
        part = s3.upload_part(
            **at, PartNumber=number, Body=bytes_of(size), ChecksumAlgorithm="SHA256"
        )
        parts.append(
            {
                "PartNumber": number,
                "ETag": part["ETag"],
                "ChecksumSHA256": part["ChecksumSHA256"],
            }
        )
    pages = s3.get_paginator("list_parts").paginate(**at, PaginationConfig={"PageSize": 2})
    listed = [part for page in pages for part in page["Parts"]]
    assert [part["Size"] for part in listed] == [5 * MIB, 5 * MIB, 10]
    assert [part["ChecksumSHA256"] for part in listed] == [part["ChecksumSHA256"] for part in parts]
    done = s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
    assert done["ChecksumSHA256"].endswith("-3")
    part = s3.get_object(Bucket=bucket, Key="k", PartNumber=3, ChecksumMode="ENABLED")
    assert (part["PartsCount"], part["ContentRange"]) == (3, "bytes 10485760-10485769/10485770")
    assert part["Body"].read() == bytes_of(10)
    attributes = s3.get_object_attributes(
        Bucket=bucket, Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectParts", "ObjectSize"]
    )
    assert attributes["ObjectSize"] == 10 * MIB + 10
    assert attributes["ObjectParts"]["TotalPartsCount"] == 3
    assert [part["Size"] for part in attributes["ObjectParts"]["Parts"]] == [5 * MIB, 5 * MIB, 10]

    other = s3.create_multipart_upload(Bucket=bucket, Key="k")
    at["UploadId"] = other["UploadId"]
    s3.abort_multipart_upload(**at)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.list_parts(**at)


def test_a_copy_is_made_whole_or_in_parts(s3, bucket, large):
    s3.put_object(Bucket=bucket, Key="source é+", Body=large, ContentType="text/x")
    source = {"Bucket": bucket, "Key": "source é+"}
    for name, threshold in [("whole", 100 * MIB), ("parts", 8 * MIB)]:
        s3.copy(source, bucket, name, Config=TransferConfig(multipart_threshold=threshold))
        answer = s3.get_object(Bucket=bucket, Key=name)
        assert answer["Body"].read() == large
        assert answer["ETag"].endswith('-3"') == (name == "parts")
    assert s3.head_object(Bucket=bucket, Key="whole")["ContentType"] == "text/x"
    with pytest.raises(ClientError) as refused:
        s3.copy_object(Bucket=bucket, Key="whole", CopySource={"Bucket": bucket, "Key": "whole"})
    assert refused.value.response["Error"]["Code"] == "InvalidRequest"


def test_many_keys_are_deleted_at_once(s3, bucket):
    keys = [f"k & {number}" for number in range(30)]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    objects = [{"Key": key} for key in keys]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[:20]})
    assert [deleted["Key"] for deleted in answer["Deleted"]] == keys[:20]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[20:], "Quiet": True})
    assert "Deleted" not in answer and "Errors" not in answer
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_the_command_line_moves_large_files_and_folders(aws, s3, bucket, tmp_path, large):  # noqa: F811
    target = f"s3://{bucket}"
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "large.bin").write_bytes(large)
    (folder / "deep" / "small.txt").write_bytes(b"small")
    age(folder)
    aws("s3", "cp", str(folder / "large.bin"), f"{target}/large.bin")
    assert s3.head_object(Bucket=bucket, Key="large.bin")["ETag"].endswith('-3"')
    aws("s3", "sync", str(folder), f"{target}/folder")
    assert aws("s3", "sync", str(folder), f"{target}/folder").stdout == ""
    aws("s3", "mv", f"{target}/large.bin", f"{target}/moved.bin")
    aws("s3", "cp", "--recursive", f"{target}/folder", f"{target}/copied")
    back = tmp_path / "back"
    aws("s3", "sync", target, str(back))
    names = ["copied/deep/small.txt", "copied/large.bin", "folder/deep/small.txt"]
    names += ["folder/large.bin", "moved.bin"]
    found = sorted(path for path in back.rglob("*") if path.is_file())
    assert [str(path.relative_to(back)) for path in found] == names
    assert (back / "moved.bin").read_bytes() == large
    assert (back / "copied" / "large.bin").read_bytes() == large
    aws("s3", "rm", "--recursive", target)
    aws("s3", "rb", target)
