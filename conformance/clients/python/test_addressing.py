"""Path style, virtual-hosted style, and the region in the scope."""

import socket

import pytest
import requests
from botocore.handlers import validate_bucket_name

from fault import fault_of
from fault import refused


@pytest.fixture
def localhost_has_subdomains(monkeypatch):
    """Resolves `*.localhost` as browsers and curl do; Python asks the system, which may not."""
    resolve = socket.getaddrinfo

    def resolved(host, *rest, **options):
        name = host.decode() if isinstance(host, bytes) else host
        is_ours = name is not None and name.endswith(".localhost")
        return resolve("127.0.0.1" if is_ours else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.fixture
def virtual(emulator, owner, localhost_has_subdomains):
    """A client that puts the bucket before the host."""
    endpoint = f"http://localhost:{emulator.port}"
    return emulator.client(owner, endpoint=endpoint, s3={"addressing_style": "virtual"})


@pytest.mark.parametrize("key", ["cat.jpg", "a b+c.txt", "/leading//é"])
def test_both_styles_name_the_same_object(s3, virtual, bucket, key):
    virtual.put_object(Bucket=bucket, Key=key, Body=b"cat")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"cat"
    s3.put_object(Bucket=bucket, Key=key, Body=b"dog")
    assert virtual.get_object(Bucket=bucket, Key=key)["Body"].read() == b"dog"
    assert [item["Key"] for item in virtual.list_objects_v2(Bucket=bucket)["Contents"]] == [key]


def test_a_bucket_is_made_through_its_own_host(virtual, new_name):
    name = new_name()
    virtual.create_bucket(Bucket=name)
    virtual.delete_bucket(Bucket=name)


def test_a_virtual_hosted_link_works_with_its_own_host_only(emulator, virtual, bucket, new_name):
    virtual.put_object(Bucket=bucket, Key="a", Body=b"1")
    url = virtual.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
    host = f"{bucket}.localhost:{emulator.port}"
    assert url.startswith(f"http://{host}/a?")
    assert requests.get(url).content == b"1"
    # The same link by address, with the host in the header alone.
    by_address = url.replace(host, emulator.host)
    assert requests.get(by_address, headers={"Host": host}).content == b"1"
    other = new_name()
    virtual.create_bucket(Bucket=other)
    fault = fault_of(requests.get(url.replace(bucket, other)))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_localhost_without_a_bucket_is_path_style(emulator, owner, bucket):
    client = emulator.client(owner, endpoint=f"http://localhost:{emulator.port}")
    client.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_the_wrong_region_in_the_scope_is_refused_by_name(emulator, owner, bucket):
    """boto3 asks for the region and tries again, so the refusal is read from a link."""
    client = emulator.client(owner, region="eu-west-1")
    url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
    fault = fault_of(requests.get(url))
    assert (fault.status, fault.code) == (400, "AuthorizationQueryParametersError")
    assert fault.message == (
        "Error parsing the X-Amz-Credential parameter; "
        "the region 'eu-west-1' is wrong; expecting 'us-east-1'"
    )
    assert fault.elements == {"Region": "us-east-1"}


def test_a_new_bucket_elsewhere_must_say_where(s3, new_name):
    with refused("InvalidLocationConstraint", 400) as error:
        s3.create_bucket(
            Bucket=new_name(), CreateBucketConfiguration={"LocationConstraint": "nowhere"}
        )
    assert error["Message"] == "The specified location-constraint is not valid"


def test_a_name_that_s3_does_not_allow_is_refused(emulator, owner):
    """boto3 would refuse it by itself, so that check is taken out."""
    client = emulator.client(owner)
    client.meta.events.unregister("before-parameter-build.s3", validate_bucket_name)
    with refused("InvalidBucketName", 400, "The specified bucket is not valid.") as error:
        client.create_bucket(Bucket="Upper_Case")
    assert error["BucketName"] == "Upper_Case"
