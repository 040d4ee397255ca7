"""Signature Version 2, which boto3 still makes in the old regions if nobody says `s3v4`."""

import boto3
import botocore.auth
import pytest
import requests

from fault import fault_of
from fault import refused

NOT_SUPPORTED = (
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
)
SIGNATURE_DIFFERS = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your key and signing method."
)
KEYS = ["a", "dir/a b+c/é'(1)!*~&=;,:@$#?%25[x]//y.txt"]


@pytest.fixture
def by_default(emulator, owner):
    """boto3 as it is when nobody configures its signatures."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=emulator.endpoint,
        region_name="us-east-1",
        aws_access_key_id=owner.access_key,
        aws_secret_access_key=owner.secret_key,
    )


@pytest.fixture
def v2(emulator, owner):
    """boto3 that signs everything with Version 2."""
    return emulator.client(owner, signature_version="s3")


@pytest.fixture
def bucket_in_frankfurt(s3, new_name) -> str:
    name = new_name("clients-frankfurt")
    place = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


def link(client, operation, **parameters):
    return client.generate_presigned_url(operation, Params=parameters, ExpiresIn=900)


@pytest.mark.parametrize("key", KEYS)
def test_links_of_boto3_as_it_is(s3, by_default, bucket, key):
    url = link(by_default, "put_object", Bucket=bucket, Key=key)
    assert "AWSAccessKeyId=" in url
    assert requests.put(url, data=b"sent").status_code == 200
    url = link(by_default, "get_object", Bucket=bucket, Key=key)
    assert requests.get(url).content == b"sent"
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"sent"


def test_parameters_of_a_link_act_as_headers(s3, by_default, bucket):
    metadata = {"color": "light blue"}
    url = link(by_default, "put_object", Bucket=bucket, Key="a", Metadata=metadata)
    assert "x-amz-meta-color=" in url
    assert requests.put(url, data=b"sent").status_code == 200
    assert s3.head_object(Bucket=bucket, Key="a")["Metadata"] == metadata


def test_the_content_type_that_was_signed_must_come(by_default, bucket):
    url = link(by_default, "put_object", Bucket=bucket, Key="a", ContentType="image/png")
    png = {"Content-Type": "image/png"}
    assert requests.put(url, data=b"png", headers=png).status_code == 200
    fault = fault_of(requests.put(url, data=b"png", headers={"Content-Type": "text/html"}))
    assert (fault.status, fault.code, fault.message) == (
        403, "SignatureDoesNotMatch", SIGNATURE_DIFFERS)
    assert list(fault.elements) == [
        "AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"]
    assert fault.elements["StringToSign"].startswith("PUT\n\ntext/html\n")
    others = {**png, "Content-Encoding": "gzip"}
    assert requests.put(url, data=b"png", headers=others).status_code == 200
    others = {**png, "x-amz-meta-a": "1"}
    fault = fault_of(requests.put(url, data=b"png", headers=others))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_a_link_ends(by_default, s3, bucket, monkeypatch):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    monkeypatch.setattr(botocore.auth.time, "time", lambda: 1_700_000_000.0)
    url = link(by_default, "get_object", Bucket=bucket, Key="a")
    monkeypatch.undo()
    fault = fault_of(requests.get(url))
    assert (fault.status, fault.code, fault.message) == (403, "AccessDenied", "Request has expired")
    assert list(fault.elements) == ["Expires", "ServerTime"]
    assert fault.elements["Expires"] == "2023-11-14T22:28:20Z"


@pytest.mark.parametrize("part", ["Signature", "Expires", "AWSAccessKeyId"])
def test_a_part_that_is_missing_is_asked_for(by_default, bucket, part):
    url, query = link(by_default, "get_object", Bucket=bucket, Key="a").split("?")
    query = "&".join(pair for pair in query.split("&") if not pair.startswith(part + "="))
    fault = fault_of(requests.get(f"{url}?{query}"))
    assert (fault.status, fault.code) == (403, "AccessDenied")
    assert fault.message == (
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
    )


def test_requests_by_header(v2, bucket):
    v2.put_object(Bucket=bucket, Key="a b", Body=b"1", ContentType="text/plain", Metadata={"x": "y"})
    assert v2.get_object(Bucket=bucket, Key="a b")["Body"].read() == b"1"
    assert [item["Key"] for item in v2.list_objects_v2(Bucket=bucket)["Contents"]] == ["a b"]
    assert v2.get_bucket_acl(Bucket=bucket)["Grants"]
    assert bucket in [item["Name"] for item in v2.list_buckets()["Buckets"]]
    v2.head_bucket(Bucket=bucket)
    v2.delete_object(Bucket=bucket, Key="a b")


def test_virtual_hosted_style(emulator, owner, s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b", Body=b"1")
    client = emulator.client(
        owner,
        endpoint=f"http://localhost:{emulator.port}",
        signature_version="s3",
        s3={"addressing_style": "virtual"},
    )
    url = link(client, "get_object", Bucket=bucket, Key="a b")
    host = f"{bucket}.localhost:{emulator.port}"
    assert url.startswith(f"http://{host}/a%20b?")
    by_address = url.replace(host, emulator.host)
    assert requests.get(by_address, headers={"Host": host}).content == b"1"


def test_forms_of_boto3_as_it_is(s3, by_default, bucket):
    form = by_default.generate_presigned_post(bucket, "up/${filename}")
    assert {"AWSAccessKeyId", "policy", "signature"} <= form["fields"].keys()
    answer = requests.post(form["url"], data=form["fields"], files={"file": ("cat.jpg", b"1")})
    assert (answer.status_code, answer.content) == (204, b"")
    assert s3.get_object(Bucket=bucket, Key="up/cat.jpg")["Body"].read() == b"1"

    fields = {**form["fields"], "signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}
    fault = fault_of(requests.post(form["url"], data=fields, files={"file": ("cat.jpg", b"1")}))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")
    assert fault.elements["StringToSign"] == form["fields"]["policy"]


def test_newer_regions_want_version_4(by_default, v2, bucket_in_frankfurt):
    url = link(by_default, "get_object", Bucket=bucket_in_frankfurt, Key="a")
    answer = requests.get(url)
    fault = fault_of(answer)
    assert (fault.status, fault.code, fault.message) == (400, "InvalidRequest", NOT_SUPPORTED)
    assert fault.elements == {}
    assert answer.headers["x-amz-bucket-region"] == "eu-central-1"

    form = by_default.generate_presigned_post(bucket_in_frankfurt, "a")
    fault = fault_of(requests.post(form["url"], data=form["fields"], files={"file": b"1"}))
    assert (fault.status, fault.code, fault.message) == (400, "InvalidRequest", NOT_SUPPORTED)

    with refused("InvalidRequest", 400, NOT_SUPPORTED):
        v2.get_object(Bucket=bucket_in_frankfurt, Key="a")
