"""Temporary keys from the emulator's STS, and what they are good for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config

from fault import fault_of
from fault import refused

ROLE = "arn:aws:iam::000000000001:role/reader"


@pytest.fixture
def sts(emulator, owner):
    """A client of STS, in a region that is not the emulator's: STS has an endpoint in each."""
    return boto3.session.Session().client(
        "sts",
        endpoint_url=emulator.endpoint,
        region_name="eu-central-1",
        aws_access_key_id=owner.access_key,
        aws_secret_access_key=owner.secret_key,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )


def session(keys) -> dict:
    """Keys of an answer, as a client takes them."""
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


def s3_with(emulator, keys, **overrides):
    return boto3.session.Session().client(
        "s3",
        endpoint_url=emulator.endpoint,
        region_name=emulator.region,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
        ),
        **{**session(keys), **overrides},
    )


def test_a_caller_learns_who_it_is(sts, owner):
    identity = sts.get_caller_identity()
    assert identity["Account"] == owner.account
    assert identity["Arn"] == f"arn:aws:iam::{owner.account}:user/owner"
    assert identity["UserId"].startswith("AIDA")


def test_keys_of_a_role_work_with_s3(emulator, sts, bucket):
    answer = sts.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=900)
    assert answer["AssumedRoleUser"]["Arn"] == (
        "arn:aws:sts::000000000001:assumed-role/reader/me"
    )
    keys = answer["Credentials"]
    assert keys["AccessKeyId"].startswith("ASIA")
    s3 = s3_with(emulator, keys)
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"
    link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
    assert requests.get(link).content == b"1"
    form = s3.generate_presigned_post(bucket, "form")
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"2"})
    assert answer.status_code == 204, answer.text


def test_a_session_keeps_its_user(emulator, sts, owner):
    keys = sts.get_session_token()["Credentials"]
    again = boto3.session.Session().client(
        "sts", endpoint_url=emulator.endpoint, region_name="us-east-1", **session(keys)
    )
    assert again.get_caller_identity()["Arn"] == f"arn:aws:iam::{owner.account}:user/owner"
    with refused("AccessDenied", 403, "Cannot call GetSessionToken with session credentials"):
        again.get_session_token()


def test_a_token_of_another_session_is_refused(emulator, sts, bucket):
    one, other = (sts.get_session_token()["Credentials"] for _ in range(2))
    s3 = s3_with(emulator, one, aws_session_token=other["SessionToken"])
    with refused("InvalidToken", 400, "The provided token is malformed or otherwise invalid."):
        s3.list_objects_v2(Bucket=bucket)
    link = s3.generate_presigned_url("list_objects_v2", Params={"Bucket": bucket})
    fault = fault_of(requests.get(link))
    assert (fault.status, fault.code) == (400, "InvalidToken")
    assert fault.elements == {"Token-0": other["SessionToken"]}


@pytest.mark.parametrize("seconds, bound", [(899, "greater than or equal to 900"),
                                            (43201, "less than or equal to 43200")])
def test_a_role_lives_for_so_long(sts, seconds, bound):
    with refused("ValidationError", 400) as error:
        sts.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=seconds)
    assert error["Message"] == (
        f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy "
        f"constraint: Member must have value {bound}"
    )


def test_a_role_of_another_account_is_not_for_the_caller(sts):
    role = "arn:aws:iam::000000000002:role/reader"
    with refused("AccessDenied", 403) as error:
        sts.assume_role(RoleArn=role, RoleSessionName="me")
    assert error["Message"] == (
        "User: arn:aws:iam::000000000001:user/owner is not authorized to perform: sts:AssumeRole "
        f"on resource: {role}"
    )


def test_unknown_and_wrong_keys_are_told_apart(emulator, owner):
    def who(access_key, secret_key):
        client = boto3.session.Session().client(
            "sts",
            endpoint_url=emulator.endpoint,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
        )
        return client.get_caller_identity()

    with refused("InvalidClientTokenId", 403):
        who("AKIAUNKNOWN000000000", "x")
    with refused("SignatureDoesNotMatch", 403):
        who(owner.access_key, "x")


def test_a_presigned_identity_works(sts, owner):
    """As EKS and Vault use it."""
    url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    answer = requests.get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml")
    assert f"<Account>{owner.account}</Account>" in answer.text


@pytest.fixture
def profiles(emulator, owner, monkeypatch, tmp_path):
    """A profile that gets its keys by assuming a role, and the endpoint of all services."""
    # The command line keeps such keys in a file at home.
    monkeypatch.setenv("HOME", str(tmp_path))
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(
        "[profile base]\n"
        f"aws_access_key_id = {owner.access_key}\n"
        f"aws_secret_access_key = {owner.secret_key}\n"
        "[profile reader]\n"
        f"role_arn = {ROLE}\nsource_profile = base\nrole_session_name = by-profile\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", emulator.region)


def test_a_provider_of_credentials_needs_no_change(profiles):
    client = boto3.session.Session(profile_name="reader").client("sts")
    assert client.get_caller_identity()["Arn"].endswith(":assumed-role/reader/by-profile")


def test_the_command_line_assumes_the_role_of_a_profile(profiles, bucket):
    aws = Path(sys.executable).with_name("aws")

    def run(*words):
        command = [aws, "--profile", "reader", "--output", "json", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert json.loads(run("sts", "get-caller-identity"))["Arn"].endswith("/reader/by-profile")
    assert run("s3", "ls", f"s3://{bucket}") == ""
