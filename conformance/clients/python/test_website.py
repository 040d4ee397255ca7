"""A website as boto3 configures it and a browser sees it."""

import pytest
import requests

from fault import refused

INDEX = {"IndexDocument": {"Suffix": "index.html"}}


@pytest.fixture
def site(s3, emulator, open_bucket):
    """Puts a configuration on a public bucket; gives what a browser would fetch."""
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read")

    def put(key: str, body: bytes, **more):
        s3.put_object(Bucket=open_bucket, Key=key, Body=body, ACL="public-read", **more)

    def fetch(path: str, **headers):
        # Nobody resolves the name here, so the host stands in a header.
        host = f"{open_bucket}.s3-website.localhost:{emulator.port}"
        url = f"{emulator.endpoint}{path}"
        return requests.get(url, headers={"Host": host, **headers}, allow_redirects=False)

    def configured(configuration: dict):
        s3.put_bucket_website(Bucket=open_bucket, WebsiteConfiguration=configuration)
        assert s3.get_bucket_website(Bucket=open_bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
        return put, fetch

    return configured


def test_pages_and_folders(site):
    put, fetch = site(INDEX)
    put("index.html", b"home", ContentType="text/html")
    put("docs/index.html", b"docs", ContentType="text/html")
    home = fetch("/")
    assert (home.status_code, home.content) == (200, b"home")
    assert home.headers["Content-Type"] == "text/html"
    assert fetch("/docs/").content == b"docs"
    folder = fetch("/docs")
    assert (folder.status_code, folder.headers["Location"]) == (302, "/docs/")
    same = fetch("/", **{"If-None-Match": home.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_an_error_is_a_page(site):
    put, fetch = site({**INDEX, "ErrorDocument": {"Key": "error.html"}})
    missing = fetch("/absent")
    assert missing.status_code == 404
    assert "<li>Code: NoSuchKey</li>\n" in missing.text
    assert "Attempting to Retrieve a Custom Error Document" in missing.text
    put("error.html", b"lost")
    missing = fetch("/absent")
    assert (missing.status_code, missing.content) == (404, b"lost")
    assert missing.headers["x-amz-error-detail-Key"] == "absent"


def test_redirects(site):
    rules = [
        {"Condition": {"KeyPrefixEquals": "old/"}, "Redirect": {"ReplaceKeyPrefixWith": "new/"}},
        {
            "Condition": {"HttpErrorCodeReturnedEquals": "404"},
            "Redirect": {"HostName": "example.org", "HttpRedirectCode": "302", "Protocol": "https"},
        },
    ]
    put, fetch = site({**INDEX, "RoutingRules": rules})
    assert fetch("/old/a").headers["Location"].endswith("/new/a")
    missing = fetch("/absent")
    assert (missing.status_code, missing.headers["Location"]) == (302, "https://example.org/absent")
    put("moved", b"", WebsiteRedirectLocation="/there")
    moved = fetch("/moved")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/there")


def test_everything_is_elsewhere(site):
    _, fetch = site({"RedirectAllRequestsTo": {"HostName": "example.org", "Protocol": "https"}})
    answer = fetch("/a?b=c")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://example.org/a?b=c")


def test_the_configuration_is_deleted_and_bad_ones_are_refused(s3, bucket):
    with refused("NoSuchWebsiteConfiguration", 404):
        s3.get_bucket_website(Bucket=bucket)
    with refused("InvalidArgument", 400, "The IndexDocument Suffix is not well formed"):
        s3.put_bucket_website(
            Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "a/b"}}
        )
    answer = s3.delete_bucket_website(Bucket=bucket)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
