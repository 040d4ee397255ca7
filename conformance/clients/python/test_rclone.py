"""rclone, with either version of signatures; it sends a canned ACL unless it is told not to."""

import os
import shutil
import subprocess

import pytest

from emulator import BUCKET_BEFORE_2023
from fault import fault_of
from test_multipart import bytes_of

NAME = "a b+c é'(1)!.txt"


@pytest.fixture(params=["v4", "v2"])
def rclone(request, place, tmp_path):
    """Runs rclone with the owner's keys, and with nothing that this machine has set up."""
    program = shutil.which("rclone")
    assert program, "rclone is not installed"

    def run(*words, secret=place.owner.secret_key, expect=0):
        settings = {
            "TYPE": "s3",
            "PROVIDER": "Other",
            "ENDPOINT": place.server.endpoint,
            "REGION": place.server.region,
            "ACCESS_KEY_ID": place.owner.access_key,
            "SECRET_ACCESS_KEY": secret,
            # Newer ones send none by default.
            "ACL": "private",
            "V2_AUTH": str(request.param == "v2").lower(),
        }
        flags = ["--config", os.devnull, "--retries", "1", "--low-level-retries", "1"]
        if place.server.ca:
            flags += ["--ca-cert", place.server.ca]
        done = subprocess.run(
            [program, *flags, *words],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "NO_PROXY": "127.0.0.1",
                **{f"RCLONE_CONFIG_S3_{name}": value for name, value in settings.items()},
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout if expect == 0 else done.stderr

    return run


@pytest.fixture
def folder(new_name) -> str:
    """A folder of its own in the bucket on which ACLs count."""
    return f"s3:{BUCKET_BEFORE_2023}/{new_name('rclone')}"


def test_files_go_there_and_back_and_all_is_removed(rclone, folder, tmp_path):
    (tmp_path / "site" / "sub").mkdir(parents=True)
    (tmp_path / "site" / NAME).write_bytes(b"content")
    (tmp_path / "site" / "sub" / "a").write_bytes(b"")
    rclone("sync", "site", folder)
    listed = rclone("lsf", "--recursive", "--format", "ps", folder).splitlines()
    assert sorted(listed) == sorted([f"{NAME};7", "sub/;-1", "sub/a;0"])
    rclone("check", "--download", "site", folder)
    rclone("copyto", f"{folder}/{NAME}", f"{folder}/copy")
    assert rclone("cat", f"{folder}/copy") == "content"
    rclone("sync", folder, "back")
    assert (tmp_path / "back" / NAME).read_bytes() == b"content"
    rclone("purge", folder)
    assert rclone("lsf", f"s3:{BUCKET_BEFORE_2023}").count(folder.split("/")[1]) == 0


def test_a_large_file_goes_in_parts(rclone, place, folder, tmp_path):
    content = bytes_of(11 * 1024 * 1024)
    (tmp_path / "large").write_bytes(content)
    rclone("copyto", "--s3-upload-cutoff=5M", "--s3-chunk-size=5M", "large", f"{folder}/large")
    key = f"{folder.split('/')[1]}/large"
    head = place.s3.head_object(Bucket=BUCKET_BEFORE_2023, Key=key)
    assert head["ETag"].endswith('-3"')
    rclone("check", ".", folder, "--include", "large")
    rclone("copyto", f"{folder}/large", "back")
    assert (tmp_path / "back").read_bytes() == content


@pytest.mark.parametrize("rclone", ["v4"], indirect=True)  # with Version 2 it signs no link
def test_a_link_reads_what_it_names(rclone, place, folder, tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    rclone("copyto", "a", f"{folder}/{NAME}")
    url = rclone("link", "--expire", "1m", f"{folder}/{NAME}").strip()
    assert place.fetch(url).content == b"content"
    fault = fault_of(place.fetch(url.replace("txt", "gif")))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_the_acl_is_refused_where_acls_are_off(rclone, place, tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    told = rclone("copyto", "a", f"s3:{place.bucket}/a", expect=1)
    assert "AccessControlListNotSupported: The bucket does not allow ACLs" in told
    rclone("copyto", "--s3-acl=bucket-owner-full-control", "a", f"s3:{place.bucket}/a")
    assert rclone("cat", f"s3:{place.bucket}/a") == "1"


def test_a_bucket_is_made_with_the_acl_that_it_always_sends(rclone, place, new_name):
    bucket = new_name("rclone")
    rclone("mkdir", f"s3:{bucket}")
    controls = place.s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerPreferred"}]
    rclone("rmdir", f"s3:{bucket}")
    told = rclone("mkdir", "--s3-bucket-acl=public-read", f"s3:{bucket}", expect=1)
    assert "InvalidBucketAclWithObjectOwnership" in told


def test_a_wrong_secret_is_told(rclone, place):
    told = rclone("lsf", f"s3:{place.bucket}", secret="another/secret", expect=1)
    assert "SignatureDoesNotMatch" in told and "403" in told
