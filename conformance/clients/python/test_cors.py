"""CORS as boto3 configures it, and as a browser asks for it."""

import pytest
import requests

from fault import fault_of
from fault import refused

APP = "http://localhost:3000"
RULE = {
    "ID": "app",
    "AllowedOrigins": [APP, "https://*.example.org"],
    "AllowedMethods": ["GET", "PUT"],
    "AllowedHeaders": ["x-AMZ-*", "Content-Type"],
    "ExposeHeaders": ["ETag"],
    "MaxAgeSeconds": 3000,
}
NOT_ALLOWED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of "
    "Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are "
    "not whitelisted by the resource's CORS spec."
)


@pytest.fixture
def shared(s3, bucket) -> str:
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [RULE]})
    return bucket


def preflight(url: str, **headers: str):
    names = {"origin": "Origin", "method": "Access-Control-Request-Method"}
    names["headers"] = "Access-Control-Request-Headers"
    return requests.options(url, headers={names[name]: headers[name] for name in headers})


def test_a_configuration_is_put_read_and_deleted(s3, bucket):
    with refused("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist") as error:
        s3.get_bucket_cors(Bucket=bucket)
    assert error["BucketName"] == bucket
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [RULE]})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == [RULE]
    for _ in range(2):
        answer = s3.delete_bucket_cors(Bucket=bucket)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_a_link_is_written_to_after_its_preflight(s3, shared):
    url = s3.generate_presigned_url("put_object", Params={"Bucket": shared, "Key": "a"})
    asked = preflight(url, origin=APP, method="PUT", headers="content-type,x-amz-meta-a")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["Access-Control-Allow-Origin"] == APP
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, PUT"
    assert asked.headers["Access-Control-Allow-Headers"] == "content-type, x-amz-meta-a"
    assert asked.headers["Access-Control-Max-Age"] == "3000"
    written = requests.put(url, b"abc", headers={"Origin": APP})
    assert written.status_code == 200
    assert written.headers["Access-Control-Expose-Headers"] == "ETag"
    assert written.headers["Vary"].startswith("Origin, ")


@pytest.mark.parametrize("asked", [
    {"origin": "http://localhost:3001", "method": "PUT"},
    {"origin": APP, "method": "DELETE"},
    {"origin": APP, "method": "PUT", "headers": "content-type,authorization"},
    {"origin": "https://example.org", "method": "PUT"},
])
def test_what_no_rule_allows_is_forbidden(emulator, shared, asked):
    fault = fault_of(preflight(f"{emulator.endpoint}/{shared}/a", **asked))
    assert (fault.status, fault.code, fault.message) == (403, "AccessForbidden", NOT_ALLOWED)
    assert fault.elements == {"Method": asked["method"], "ResourceType": "OBJECT"}


def test_a_bucket_without_rules_and_none_at_all(emulator, bucket, new_name):
    asked = {"origin": APP, "method": "GET"}
    fault = fault_of(preflight(f"{emulator.endpoint}/{bucket}/a", **asked))
    assert fault.message == "CORSResponse: CORS is not enabled for this bucket."
    assert fault.elements == {"Method": "GET", "ResourceType": "BUCKET"}
    fault = fault_of(preflight(f"{emulator.endpoint}/{new_name()}/a", **asked))
    assert fault.message == "CORSResponse: Bucket not found"
    fault = fault_of(preflight(f"{emulator.endpoint}/{bucket}/a"))
    assert (fault.status, fault.code, fault.elements) == (400, "BadRequest", {})


@pytest.mark.parametrize("change, code, message", [
    ({"AllowedMethods": ["PATCH"]}, "InvalidRequest",
     "Found unsupported HTTP method in CORS config. Unsupported method is PATCH"),
    ({"AllowedOrigins": ["*example*.com"]}, "InvalidRequest",
     'AllowedOrigin "*example*.com" can not have more than one wildcard.'),
    ({"AllowedOrigins": []}, "MalformedXML", None),
])
def test_bad_rules_are_refused(s3, bucket, change, code, message):
    with refused(code, 400, message):
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{**RULE, **change}]})
