"""Links that boto3 signs and anybody fetches: what they allow, and how S3 refuses the rest."""

import datetime
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
import requests

from fault import fault_of

SIGNATURE_DIFFERS = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your key and signing method."
)


@pytest.fixture
def link(s3, bucket):
    """Signs a link to the object `a` of the bucket; it need not be there."""

    def signed(operation="get_object", lifetime_seconds=900, **parameters):
        parameters = {"Bucket": bucket, "Key": "a", **parameters}
        return s3.generate_presigned_url(operation, Params=parameters, ExpiresIn=lifetime_seconds)

    return signed


@pytest.fixture
def stored(s3, bucket) -> bytes:
    s3.put_object(Bucket=bucket, Key="a", Body=b"content", ContentType="text/plain")
    return b"content"


def test_a_link_lets_anybody_read(link, stored):
    answer = requests.get(link())
    assert (answer.status_code, answer.content) == (200, stored)
    assert answer.headers["Content-Type"] == "text/plain"


def test_without_its_query_the_link_reads_nothing(link, stored):
    fault = fault_of(requests.get(link().split("?")[0]))
    assert (fault.status, fault.code, fault.message) == (403, "AccessDenied", "Access Denied")
    assert fault.elements == {}


def test_a_link_lets_anybody_write(s3, bucket, link):
    answer = requests.put(link("put_object"), data=b"sent")
    assert (answer.status_code, answer.content) == (200, b"")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"sent"


def test_a_signed_header_must_come_with_the_upload(s3, bucket, link):
    url = link("put_object", ContentType="image/png", Metadata={"color": "blue"})
    headers = {"Content-Type": "image/png", "x-amz-meta-color": "blue"}
    assert requests.put(url, data=b"png", headers=headers).status_code == 200
    head = s3.head_object(Bucket=bucket, Key="a")
    assert (head["ContentType"], head["Metadata"]) == ("image/png", {"color": "blue"})

    fault = fault_of(requests.put(url, data=b"png", headers={**headers, "Content-Type": "text/html"}))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_an_amz_header_that_was_not_signed_is_refused_by_name(link):
    answer = requests.put(link("put_object"), data=b"1", headers={"x-amz-meta-color": "blue"})
    fault = fault_of(answer)
    assert (fault.status, fault.code) == (403, "AccessDenied")
    assert fault.message == "There were headers present in the request which were not signed"
    assert fault.elements == {"HeadersNotSigned": "x-amz-meta-color"}


def test_the_response_headers_are_those_that_were_signed(link, stored):
    url = link(
        ResponseContentType="application/pdf",
        ResponseContentDisposition='attachment; filename="a b.pdf"',
    )
    answer = requests.get(url)
    assert answer.content == stored
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a b.pdf"'


def test_a_range_of_a_link_may_be_read(link, stored):
    answer = requests.get(link(), headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, stored[:4])


def test_a_changed_signature_is_refused_with_both_sides(owner, link, stored):
    url = link()
    last = url[-1]
    fault = fault_of(requests.get(url[:-1] + ("0" if last != "0" else "1")))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")
    assert fault.message == SIGNATURE_DIFFERS
    assert list(fault.elements) == [
        "AWSAccessKeyId",
        "StringToSign",
        "SignatureProvided",
        "StringToSignBytes",
        "CanonicalRequest",
        "CanonicalRequestBytes",
    ]
    assert fault.elements["AWSAccessKeyId"] == owner.access_key
    assert fault.elements["StringToSign"].startswith("AWS4-HMAC-SHA256\n")
    as_bytes = fault.elements["StringToSign"].encode().hex(" ")
    assert fault.elements["StringToSignBytes"] == as_bytes
    lines = fault.elements["CanonicalRequest"].split("\n")
    assert (lines[0], lines[-1]) == ("GET", "UNSIGNED-PAYLOAD")


@pytest.mark.parametrize("change", ["another key", "another method", "a further parameter"])
def test_a_link_is_good_for_what_was_signed_only(link, stored, change):
    url = link()
    answer = {
        "another key": lambda: requests.get(url.replace("/a?", "/b?")),
        "another method": lambda: requests.delete(url),
        "a further parameter": lambda: requests.get(url + "&x=1"),
    }[change]()
    fault = fault_of(answer)
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_a_head_with_a_link_for_get_is_refused_without_a_body(link, stored):
    answer = requests.head(link())
    assert (answer.status_code, answer.content) == (403, b"")


def test_an_expired_link_says_since_when(link, stored, signed_ago):
    signed_ago(3600)
    url = link(lifetime_seconds=600)
    fault = fault_of(requests.get(url))
    assert (fault.status, fault.code, fault.message) == (403, "AccessDenied", "Request has expired")
    assert list(fault.elements) == ["X-Amz-Expires", "Expires", "ServerTime"]
    assert fault.elements["X-Amz-Expires"] == "600"
    signed = parse_qs(urlsplit(url).query)["X-Amz-Date"][0]
    signed = datetime.datetime.strptime(signed, "%Y%m%dT%H%M%SZ")
    end = signed + datetime.timedelta(seconds=600)
    assert fault.elements["Expires"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert fault.elements["ServerTime"] > fault.elements["Expires"]


def test_a_link_that_was_signed_earlier_works_until_its_end(link, stored, signed_ago):
    signed_ago(3600)
    assert requests.get(link(lifetime_seconds=7200)).content == stored


def test_a_link_of_the_future_is_not_yet_valid(link, stored, signed_ago):
    signed_ago(-3600)
    fault = fault_of(requests.get(link()))
    assert (fault.status, fault.code) == (403, "AccessDenied")
    assert fault.message == "Request is not yet valid"
    assert list(fault.elements) == ["X-Amz-Date", "Expires", "ServerTime"]


def test_a_lifetime_of_more_than_a_week_is_refused(link):
    fault = fault_of(requests.get(link(lifetime_seconds=604801)))
    assert (fault.status, fault.code) == (400, "AuthorizationQueryParametersError")
    assert fault.message == (
        "X-Amz-Expires must be less than a week (in seconds); that is, "
        "the given X-Amz-Expires must be less than 604800 seconds"
    )


def test_an_unknown_key_is_refused_by_name(owner, link, stored):
    url = link().replace(owner.access_key, "AKIANOBODYKNOWSTHIS0")
    fault = fault_of(requests.get(url))
    assert (fault.status, fault.code) == (403, "InvalidAccessKeyId")
    assert fault.message == "The AWS Access Key Id you provided does not exist in our records."
    assert fault.elements == {"AWSAccessKeyId": "AKIANOBODYKNOWSTHIS0"}


def test_a_parameter_that_is_missing_is_asked_for(link, stored):
    url = link()
    parts = [part for part in url.split("&") if not part.startswith("X-Amz-Expires=")]
    fault = fault_of(requests.get("&".join(parts)))
    assert (fault.status, fault.code) == (400, "AuthorizationQueryParametersError")
    assert fault.message == (
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
        "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
    )


def test_a_link_and_a_header_together_are_refused(link, stored):
    fault = fault_of(requests.get(link(), headers={"Authorization": "AWS4-HMAC-SHA256 x"}))
    assert (fault.status, fault.code) == (400, "InvalidArgument")
    assert fault.elements["ArgumentName"] == "Authorization"
