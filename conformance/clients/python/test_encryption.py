"""Encryption as boto3 asks for it. What S3 takes over HTTPS only is refused here, over HTTP."""

import os

import pytest

from fault import refused


def test_the_default_is_a_key_of_s3(s3, bucket):
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    blocked = {"EncryptionType": ["SSE-C"]}
    assert rules == [{**default, "BucketKeyEnabled": False, "BlockedEncryptionTypes": blocked}]
    assert s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ServerSideEncryption"] == "AES256"


def test_a_key_of_kms_is_told_and_hides_the_md5(s3, bucket):
    settings = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "1234abcd"}
    written = s3.put_object(Bucket=bucket, Key="a", Body=b"1", **settings)
    head = s3.head_object(Bucket=bucket, Key="a")
    for answer in (written, head):
        assert answer["ServerSideEncryption"] == "aws:kms"
        assert answer["SSEKMSKeyId"].startswith("arn:aws:kms:us-east-1:")
        assert answer["SSEKMSKeyId"].endswith(":key/1234abcd")
    assert head["ETag"] == written["ETag"] != '"c4ca4238a0b923820dcc509a6f75849b"'
    assert s3.put_object(Bucket=bucket, Key="b", Body=b"1", **settings)["ETag"] != head["ETag"]


def test_a_bucket_has_a_default_of_its_own(s3, bucket):
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
        "BucketKeyEnabled": True,
    }
    s3.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    written = s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert (written["ServerSideEncryption"], written["BucketKeyEnabled"]) == ("aws:kms", True)
    s3.delete_bucket_encryption(Bucket=bucket)
    assert s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ServerSideEncryption"] == "AES256"


def test_zero_or_two_rules_are_malformed(s3, bucket):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    for rules in ([], [rule, rule]):
        with refused("MalformedXML", 400):
            s3.put_bucket_encryption(
                Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules}
            )


def test_keys_of_clients_do_not_go_over_http(s3, bucket):
    with refused("InvalidRequest", 400) as error:
        s3.put_object(
            Bucket=bucket, Key="a", Body=b"1",
            SSECustomerAlgorithm="AES256", SSECustomerKey=os.urandom(32),
        )
    assert error["Message"].endswith("must be made over a secure connection.")


@pytest.mark.parametrize("algorithm", ["aes256", "AES-256"])
def test_an_unknown_algorithm_is_refused(s3, bucket, algorithm):
    with refused("InvalidArgument", 400, "The encryption method specified is not supported"):
        s3.put_object(Bucket=bucket, Key="a", Body=b"1", ServerSideEncryption=algorithm)
