"""curl --aws-sigv4. What it hashes and how it sorts differs by version; here it is told the hash."""

import hashlib
import os
import shutil
import subprocess

import pytest

from fault import fault_in

UNSIGNED = "UNSIGNED-PAYLOAD"


@pytest.fixture
def curl(place, tmp_path):
    """Runs curl with the owner's keys; gives the status and the body."""
    program = shutil.which("curl")
    assert program, "curl is not installed"

    def run(path, *words, content_hash=UNSIGNED, secret=place.owner.secret_key, region=None):
        region = region or place.server.region
        words = ["--aws-sigv4", f"aws:amz:{region}:s3", *words]
        words += ["--user", f"{place.owner.access_key}:{secret}"]
        words += ["--header", f"x-amz-content-sha256: {content_hash}"]
        if place.server.ca:
            words += ["--cacert", place.server.ca]
        done = subprocess.run(
            [program, "--disable", "--silent", "--show-error", "--write-out", "\n%{http_code}", *words,
             f"{place.server.endpoint}/{place.bucket}{path}"],
            env={"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"},
            cwd=tmp_path,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        body, status = done.stdout.rsplit(b"\n", 1)
        return int(status), body

    return run


def refusal(answer):
    fault = fault_in(*answer)
    return fault.status, fault.code


def test_objects_come_and_go(curl, place, tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    assert curl("/a%20b", "--upload-file", "file", "--header", "x-amz-meta-color: blue") == (200, b"")
    head = place.s3.head_object(Bucket=place.bucket, Key="a b")
    assert head["Metadata"] == {"color": "blue"}
    assert curl("/a%20b") == (200, b"content")
    assert curl("/a%20b", "--header", "Range: bytes=3-4") == (206, b"te")
    status, listed = curl("?list-type=2&prefix=a")
    assert status == 200 and b"<Key>a b</Key>" in listed
    assert curl("/a%20b", "--request", "DELETE") == (204, b"")
    assert refusal(curl("/a%20b")) == (404, "NoSuchKey")


def test_the_hash_is_that_of_the_body(curl, tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    send = ["--request", "PUT", "--data-binary", "@file"]
    assert curl("/a", *send, content_hash=hashlib.sha256(b"content").hexdigest())[0] == 200
    answer = curl("/a", *send, content_hash=hashlib.sha256(b"other").hexdigest())
    assert refusal(answer) == (400, "XAmzContentSHA256Mismatch")


def test_a_wrong_secret_and_a_wrong_region_are_told(curl):
    assert refusal(curl("/a", secret="another/secret")) == (403, "SignatureDoesNotMatch")
    fault = fault_in(*curl("/a", region="eu-west-3"))
    assert (fault.status, fault.code) == (400, "AuthorizationHeaderMalformed")
    assert fault.elements["Region"] == "us-east-1"
