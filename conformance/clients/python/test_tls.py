"""The same over HTTPS, where SDKs sign otherwise: an upload's body is a trailer, and not signed."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config


@pytest.fixture
def client(ready):
    """Makes clients of boto3 that trust the emulator's own authority."""

    def make(style="path", host=None):
        user = ready["users"][0]
        port = ready["endpoint"].rsplit(":", 1)[1]
        return boto3.session.Session().client(
            "s3",
            endpoint_url=f"https://{host}:{port}" if host else ready["endpoint"],
            region_name=ready["region"],
            aws_access_key_id=user["access_key"],
            aws_secret_access_key=user["secret_key"],
            verify=ready["ca"],
            config=Config(signature_version="s3v4", s3={"addressing_style": style}),
        )

    return make


@pytest.fixture
def localhost_has_subdomains(monkeypatch):
    resolve = socket.getaddrinfo

    def resolved(host, *rest, **options):
        name = host.decode() if isinstance(host, bytes) else host
        is_ours = name is not None and name.endswith(".localhost")
        return resolve("127.0.0.1" if is_ours else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.mark.parametrize("host", [None, "localhost"])
@pytest.mark.parametrize("size", [0, 5, 300_000])
def test_uploads_and_downloads(client, new_name, host, size):
    s3, bucket = client(host=host), new_name()
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a b", Body=b"x" * size)
    assert s3.get_object(Bucket=bucket, Key="a b")["Body"].read() == b"x" * size
    head = s3.head_object(Bucket=bucket, Key="a b")
    assert head["ContentLength"] == size and "ContentEncoding" not in head


@pytest.mark.parametrize("name", ["plain", "with.dots.in.it"])
def test_a_bucket_before_the_host_has_a_certificate(
    client, new_name, ready, name, localhost_has_subdomains
):
    """OpenSSL takes no star before a name of one label, and no star for several labels."""
    bucket = f"{new_name()}.{name}" if "." in name else new_name()
    client().create_bucket(Bucket=bucket)
    client().put_object(Bucket=bucket, Key="a", Body=b"1")
    port = ready["endpoint"].rsplit(":", 1)[1]
    answer = requests.get(f"https://{bucket}.localhost:{port}/a", verify=ready["ca"])
    assert answer.status_code == 403
    if "." not in bucket:
        virtual = client(style="virtual", host="localhost")
        link = virtual.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
        assert link.startswith(f"https://{bucket}.localhost")
        assert requests.get(link, verify=ready["ca"]).content == b"1"


def test_a_form_answers_with_the_scheme_it_came_by(client, new_name, ready):
    s3, bucket = client(), new_name()
    s3.create_bucket(Bucket=bucket)
    form = s3.generate_presigned_post(bucket, "a")
    answer = requests.post(
        form["url"], data=form["fields"], files={"file": b"1"}, verify=ready["ca"]
    )
    assert answer.status_code == 204, answer.text
    assert answer.headers["Location"] == f"{ready['endpoint']}/{bucket}/a"


def test_whoever_does_not_know_the_authority_does_not_connect(ready):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(ready["endpoint"])


def test_the_command_line_is_pointed_at_it_by_env(ready, new_name, tmp_path):
    ready_file = tmp_path / "ready.json"
    ready_file.write_text(json.dumps(ready))
    command = [os.environ["STUNTBUCKET_PROGRAM"], "env", "--shell", "json"]
    printed = subprocess.run(
        [*command, "--ready-file", ready_file], check=True, capture_output=True, text=True
    ).stdout
    environment = {**os.environ, **json.loads(printed)}
    aws = Path(sys.executable).with_name("aws")
    bucket = new_name()
    for words in (["mb", f"s3://{bucket}"], ["cp", ready_file, f"s3://{bucket}/ready"]):
        subprocess.run([aws, "s3", *words], check=True, env=environment, capture_output=True)
    listed = subprocess.run(
        [aws, "s3", "ls", f"s3://{bucket}"], check=True, env=environment, capture_output=True
    )
    assert listed.stdout.endswith(b" ready\n")
