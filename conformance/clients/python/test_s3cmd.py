"""s3cmd, as people type it, with either version of signatures."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator import BUCKET_BEFORE_2023
from fault import fault_of
from test_multipart import bytes_of

MIB = 1024 * 1024
NAME = "a b+c é'(1)!.txt"


@pytest.fixture(params=["v4", "v2"])
def s3cmd(request, place, tmp_path):
    """Runs s3cmd with the owner's keys, and with nothing that this machine has set up."""

    def run(*words, secret=place.owner.secret_key, expect=0):
        config = tmp_path / "s3cfg"
        config.write_text(
            "[default]\n"
            f"access_key = {place.owner.access_key}\n"
            f"secret_key = {secret}\n"
            f"host_base = {place.server.host}\n"
            f"host_bucket = {place.server.host}\n"
            f"use_https = {place.server.ca is not None}\n"
            f"ca_certs_file = {place.server.ca or ''}\n"
            f"bucket_location = {place.server.region}\n"
            f"signature_v2 = {request.param == 'v2'}\n"
            f"signurl_use_https = {place.server.ca is not None}\n"
            "max_retries = 1\n"
        )
        program = Path(sys.executable).with_name("s3cmd")
        done = subprocess.run(
            [sys.executable, program, "--config", config, "--no-progress", *words],
            env={"LANG": "C.UTF-8", "HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout if expect == 0 else done.stdout + done.stderr

    return run


def test_a_file_goes_there_and_back_and_all_is_removed(s3cmd, new_name, tmp_path):
    bucket = f"s3://{new_name()}"
    s3cmd("mb", bucket)
    assert bucket in s3cmd("ls")
    (tmp_path / NAME).write_bytes(b"content")
    s3cmd("put", "--add-header=x-amz-meta-color:blue", NAME, f"{bucket}/dir/{NAME}")
    assert f"{bucket}/dir/{NAME}" in s3cmd("ls", f"{bucket}/dir/")
    assert f"DIR  {bucket}/dir/" in s3cmd("ls", bucket)
    told = s3cmd("info", f"{bucket}/dir/{NAME}")
    assert "x-amz-meta-color: blue" in told
    assert hashlib.md5(b"content").hexdigest() in told
    s3cmd("get", f"{bucket}/dir/{NAME}", "back")
    assert (tmp_path / "back").read_bytes() == b"content"
    s3cmd("del", "--recursive", "--force", bucket)
    assert s3cmd("ls", "--recursive", bucket) == ""
    s3cmd("rb", bucket)


def test_a_large_file_goes_in_parts(s3cmd, place, tmp_path):
    content = bytes_of(11 * MIB)
    (tmp_path / "large").write_bytes(content)
    s3cmd("put", "--multipart-chunk-size-mb=5", "large", f"s3://{place.bucket}/large")
    assert place.s3.head_object(Bucket=place.bucket, Key="large")["ETag"].endswith('-3"')
    s3cmd("get", f"s3://{place.bucket}/large", "back")
    assert (tmp_path / "back").read_bytes() == content


def test_a_folder_is_synchronised(s3cmd, place, tmp_path):
    (tmp_path / "site" / "sub").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("<p>")
    (tmp_path / "site" / "sub" / "a.txt").write_text("a")
    assert "upload:" in s3cmd("sync", "site/", f"s3://{place.bucket}/")
    assert "upload:" not in s3cmd("sync", "site/", f"s3://{place.bucket}/")
    listed = place.s3.list_objects_v2(Bucket=place.bucket)["Contents"]
    assert [item["Key"] for item in listed] == ["index.html", "sub/a.txt"]


def test_its_links_are_of_version_2_whatever_it_signs_else(s3cmd, place):
    place.s3.put_object(Bucket=place.bucket, Key=NAME, Body=b"content")
    url = s3cmd("signurl", f"s3://{place.bucket}/{NAME}", "+60").strip()
    assert "Signature=" in url and "Expires=" in url
    assert place.fetch(url).content == b"content"
    fault = fault_of(place.fetch(url.replace("txt", "gif")))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")
    url = s3cmd("signurl", f"s3://{place.bucket}/{NAME}", str(int(time.time()) - 60)).strip()
    fault = fault_of(place.fetch(url))
    assert (fault.status, fault.code, fault.message) == (403, "AccessDenied", "Request has expired")


def test_an_acl_is_refused_where_acls_are_off(s3cmd, place, tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    told = s3cmd("put", "--acl-public", "a", f"s3://{place.bucket}/a", expect=11)
    assert "400 (AccessControlListNotSupported)" in told


def test_acls_and_policies_come_without_a_digest(s3cmd, place, new_name, tmp_path):
    bucket, key = BUCKET_BEFORE_2023, new_name("s3cmd/")
    (tmp_path / "a").write_bytes(b"1")
    s3cmd("put", "a", f"s3://{bucket}/{key}")
    s3cmd("setacl", "--acl-public", f"s3://{bucket}/{key}")
    assert "*anon*: READ" in s3cmd("info", f"s3://{bucket}/{key}")
    s3cmd("cp", f"s3://{bucket}/{key}", f"s3://{bucket}/{key}-copy")
    assert "ACL" in s3cmd("info", f"s3://{bucket}/{key}-copy")
    s3cmd("setacl", "--acl-private", f"s3://{bucket}/{key}")
    assert "*anon*" not in s3cmd("info", f"s3://{bucket}/{key}")
    (tmp_path / "policy").write_text(
        '{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",'
        f' "Resource": "arn:aws:s3:::{place.bucket}/secret/*"}}}}'
    )
    s3cmd("setpolicy", "policy", f"s3://{place.bucket}")
    place.s3.put_object(Bucket=place.bucket, Key="secret/a", Body=b"1")
    told = s3cmd("get", f"s3://{place.bucket}/secret/a", "back", expect=77)
    assert "403 (Forbidden)" in told
    s3cmd("delpolicy", f"s3://{place.bucket}")


def test_a_wrong_secret_is_told(s3cmd, place, tmp_path):
    told = s3cmd("ls", f"s3://{place.bucket}", secret="another/secret", expect=77)
    assert "403 (SignatureDoesNotMatch)" in told


def test_a_refusal_teaches_it_what_a_newer_region_wants(s3cmd, place, new_name):
    """Another scope for Version 4, and Version 4 for Version 2; it reads code, message and region."""
    bucket = new_name("clients-frankfurt")
    region = {"LocationConstraint": "eu-central-1"}
    place.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=region)
    place.s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert f"s3://{bucket}/a" in s3cmd("ls", f"s3://{bucket}")
