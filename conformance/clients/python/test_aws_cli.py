"""The aws command line, as people type it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

SIGV4 = "[default]\ns3 =\n  signature_version = s3v4\n  addressing_style = path\n"


@pytest.fixture
def aws(emulator, owner, tmp_path):
    """Runs `aws` with the owner's keys, and with nothing that this machine has set up."""
    beside_python = str(Path(sys.executable).parent)
    program = shutil.which("aws", path=os.pathsep.join([beside_python, os.environ["PATH"]]))
    assert program, "the aws command line is not installed"
    config = tmp_path / "aws-config"
    config.write_text(SIGV4)
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "NO_PROXY": "127.0.0.1,localhost",
        "AWS_CONFIG_FILE": str(config),
        "AWS_ACCESS_KEY_ID": owner.access_key,
        "AWS_SECRET_ACCESS_KEY": owner.secret_key,
        "AWS_DEFAULT_REGION": emulator.region,
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }

    def run(*words, expect=0) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [program, *words], env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def picture(tmp_path) -> Path:
    path = tmp_path / "é picture.png"
    path.write_bytes(bytes(range(256)) * 1000)
    return path


def test_a_file_goes_there_and_back_and_all_is_removed(aws, new_name, tmp_path, picture):
    bucket = f"s3://{new_name()}"
    assert aws("s3", "mb", bucket).stdout == f"make_bucket: {bucket[5:]}\n"
    aws("s3", "cp", str(picture), f"{bucket}/photos/")
    listed = aws("s3", "ls", f"{bucket}/photos/").stdout.split(maxsplit=3)
    assert (listed[2], listed[3].strip()) == ("256000", picture.name)
    assert "PRE photos/" in aws("s3", "ls", bucket).stdout
    back = tmp_path / "back.png"
    aws("s3", "cp", f"{bucket}/photos/{picture.name}", str(back))
    assert back.read_bytes() == picture.read_bytes()
    refused = aws("s3", "rb", bucket, expect=1).stderr
    assert "(BucketNotEmpty)" in refused
    aws("s3", "rm", bucket, "--recursive")
    aws("s3", "rb", bucket)
    assert bucket[5:] not in aws("s3", "ls").stdout


def age(folder):
    """Makes files older than their upload, whose time has no fractions of a second."""
    for file in folder.rglob("*.*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))


def test_a_folder_is_synchronised(aws, bucket, tmp_path):
    folder = tmp_path / "site"
    (folder / "sub").mkdir(parents=True)
    (folder / "index.html").write_text("<p>")
    (folder / "sub" / "a.txt").write_text("a")
    age(folder)
    aws("s3", "sync", str(folder), f"s3://{bucket}")
    assert aws("s3", "sync", str(folder), f"s3://{bucket}").stdout == ""
    listing = aws("s3", "ls", f"s3://{bucket}", "--recursive").stdout
    assert [line.split()[-1] for line in listing.splitlines()] == ["index.html", "sub/a.txt"]


def test_a_presigned_link_is_fetched(aws, bucket, picture):
    aws("s3", "cp", str(picture), f"s3://{bucket}/a b.png")
    url = aws("s3", "presign", f"s3://{bucket}/a b.png", "--expires-in", "60").stdout.strip()
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    assert requests.get(url).content == picture.read_bytes()


def test_standard_input_and_output_are_files_too(aws, s3, bucket):
    s3.put_object(Bucket=bucket, Key="text", Body="grüß dich\n".encode())
    assert aws("s3", "cp", f"s3://{bucket}/text", "-").stdout == "grüß dich\n"


def test_the_calls_of_the_api_answer_in_json(aws, new_name, picture):
    bucket = new_name()
    aws("s3api", "create-bucket", "--bucket", bucket)
    place = ["--bucket", bucket, "--key", "a"]
    put = json.loads(aws("s3api", "put-object", *place, "--body", str(picture), "--metadata", "k=v").stdout)
    head = json.loads(aws("s3api", "head-object", *place).stdout)
    assert (head["ETag"], head["Metadata"]) == (put["ETag"], {"k": "v"})
    listing = json.loads(aws("s3api", "list-objects-v2", "--bucket", bucket).stdout)
    assert [item["Key"] for item in listing["Contents"]] == ["a"]
    location = json.loads(aws("s3api", "get-bucket-location", "--bucket", bucket).stdout)
    assert location == {"LocationConstraint": None}
    aws("s3api", "delete-object", *place)
    missing = aws("s3api", "head-object", *place, expect=255).stderr
    assert "(404)" in missing
    aws("s3api", "delete-bucket", "--bucket", bucket)


def test_a_refusal_reaches_the_person_who_typed(aws, bucket, picture):
    refused = aws(
        "s3", "cp", str(picture), f"s3://{bucket}/a", "--acl", "public-read", expect=1
    ).stderr
    assert "(AccessControlListNotSupported)" in refused
    assert "The bucket does not allow ACLs" in refused
