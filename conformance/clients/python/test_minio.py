"""minio-py: over HTTPS it signs no body, and its forms have `eq` conditions and milliseconds."""

import hashlib
import io
from datetime import datetime
from datetime import timedelta
from datetime import timezone

import pytest
import urllib3
from minio import Minio
from minio.datatypes import PostPolicy
from minio.deleteobjects import DeleteObject
from minio.error import S3Error

from fault import fault_of

KEYS = ["a", "dir/a b+c/é'(1)!*~&=;,:@$#?%25[x]//y.txt"]


@pytest.fixture
def client(place):
    """Makes clients of minio-py that show the first answer."""

    def make(user=None, region=None):
        user = user or place.owner
        pool = urllib3.PoolManager(retries=False, ca_certs=place.server.ca)
        return Minio(
            place.server.host,
            user.access_key,
            user.secret_key,
            secure=place.server.ca is not None,
            region=region,
            http_client=pool,
        )

    return make


@pytest.mark.parametrize("key", KEYS)
def test_objects_come_and_go(client, place, key):
    # Without a region it asks where the bucket is, before everything else.
    client = client()
    put = client.put_object(
        place.bucket, key, io.BytesIO(b"content"), 7, "text/plain", metadata={"color": "blue"}
    )
    assert put.etag == hashlib.md5(b"content").hexdigest()
    found = client.stat_object(place.bucket, key)
    assert (found.size, found.content_type) == (7, "text/plain")
    assert found.metadata["x-amz-meta-color"] == "blue"
    answer = client.get_object(place.bucket, key, offset=3, length=2)
    assert (answer.status, answer.data) == (206, b"te")
    assert [item.object_name for item in client.list_objects(place.bucket, recursive=True)] == [key]
    client.remove_object(place.bucket, key)
    assert list(client.list_objects(place.bucket, recursive=True)) == []


def test_buckets_come_and_go(client, new_name):
    client, name = client(), new_name()
    client.make_bucket(name)
    assert client.bucket_exists(name)
    assert name in [bucket.name for bucket in client.list_buckets()]
    client.remove_bucket(name)
    assert not client.bucket_exists(name)


def test_folders_are_listed(client, place):
    client = client()
    for key in ("a/1", "a/2", "b c+d/3", "e"):
        client.put_object(place.bucket, key, io.BytesIO(b""), 0)
    found = {item.object_name: item.is_dir for item in client.list_objects(place.bucket)}
    assert found == {"a/": True, "b c+d/": True, "e": False}
    assert [item.object_name for item in client.list_objects(place.bucket, "b c+d/")] == ["b c+d/3"]
    errors = client.remove_objects(place.bucket, [DeleteObject("a/1"), DeleteObject("b c+d/3")])
    assert list(errors) == []
    left = client.list_objects(place.bucket, recursive=True)
    assert [item.object_name for item in left] == ["a/2", "e"]


def test_a_stream_of_unknown_length_goes_in_parts(client, place):
    content = bytes(range(256)) * 4096 * 11
    part_size = 5 * 1024 * 1024
    put = client().put_object(place.bucket, "a", io.BytesIO(content), -1, part_size=part_size)
    assert put.etag.endswith("-3")
    assert client().get_object(place.bucket, "a").data == content


@pytest.mark.parametrize("key", KEYS)
def test_links(client, place, key):
    client = client(region=place.server.region)
    put = client.presigned_put_object(place.bucket, key, timedelta(minutes=1))
    assert place.fetch(put, "put", data=b"sent").status_code == 200
    get = client.presigned_get_object(
        place.bucket, key, response_headers={"response-content-type": "text/x"}
    )
    answer = place.fetch(get)
    assert (answer.content, answer.headers["Content-Type"]) == (b"sent", "text/x")
    delete = client.get_presigned_url("DELETE", place.bucket, key)
    assert place.fetch(delete, "delete").status_code == 204
    assert place.fetch(get).status_code == 404


def form_of(client, place, lifetime=timedelta(minutes=10)):
    policy = PostPolicy(place.bucket, datetime.now(timezone.utc) + lifetime)
    policy.add_starts_with_condition("key", "up/")
    policy.add_equals_condition("Content-Type", "text/plain")
    policy.add_content_length_range_condition(1, 10)
    fields = client.presigned_post_policy(policy)
    return {**fields, "key": "up/a", "Content-Type": "text/plain"}


def test_forms(client, place):
    client = client(region=place.server.region)
    url = f"{place.server.endpoint}/{place.bucket}"

    def send(fields, content=b"1"):
        return place.fetch(url, "post", data=fields, files={"file": content})

    fields = form_of(client, place)
    assert send(fields).status_code == 204
    assert client.stat_object(place.bucket, "up/a").content_type == "text/plain"

    fault = fault_of(send(fields, b"12345678901"))
    assert (fault.status, fault.code) == (400, "EntityTooLarge")
    fault = fault_of(send({**fields, "key": "elsewhere"}))
    assert (fault.status, fault.code) == (403, "AccessDenied")
    fault = fault_of(send({**fields, "x-amz-signature": "0" * 64}))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")
    fault = fault_of(send(form_of(client, place, -timedelta(minutes=1))))
    assert (fault.status, fault.code) == (403, "AccessDenied")
    assert fault.message == "Invalid according to Policy: Policy expired."


def test_an_expired_and_a_changed_link_are_refused(client, place):
    client = client(region=place.server.region)
    client.put_object(place.bucket, "a", io.BytesIO(b"1"), 1)
    an_hour_ago = datetime.now(timezone.utc) - timedelta(hours=1)
    url = client.presigned_get_object(
        place.bucket, "a", timedelta(minutes=10), request_date=an_hour_ago
    )
    fault = fault_of(place.fetch(url))
    assert (fault.status, fault.code, fault.message) == (403, "AccessDenied", "Request has expired")
    url = client.presigned_get_object(place.bucket, "a")
    fault = fault_of(place.fetch(url.replace("/a?", "/b?")))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_a_wrong_secret_is_told(client, place):
    client = client(place.owner_with_wrong_secret, place.server.region)
    with pytest.raises(S3Error) as raised:
        client.put_object(place.bucket, "a", io.BytesIO(b"1"), 1)
    assert (raised.value.response.status, raised.value.code) == (403, "SignatureDoesNotMatch")
