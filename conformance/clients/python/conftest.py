"""What the tests are given: the emulator, its users, and a bucket of their own."""

import datetime
import json
import os
import subprocess
import uuid
from pathlib import Path

import botocore.auth
import botocore.signers
import pytest

from emulator import Emulator
from emulator import Place
from emulator import User


@pytest.fixture(scope="session")
def emulator() -> Emulator:
    return Emulator.that_is_ready()


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    """What the ready file of an emulator says that speaks HTTPS and is started here."""
    ready_file = tmp_path_factory.mktemp("tls") / "ready.json"
    command = [os.environ["STUNTBUCKET_PROGRAM"], "serve", "--listen", "127.0.0.1:0"]
    command += ["--inspect", "off", "--tls", "--ready-file", ready_file]
    command += ["--config", Path(__file__).parent.with_name("emulator.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        try:
            # Printed when requests are answered, and after the file is written.
            assert program.stdout.readline().startswith(b"endpoint: https://")
            yield json.loads(ready_file.read_text())
        finally:
            program.terminate()
            program.communicate()
    assert program.returncode == 0
    assert not ready_file.exists()


@pytest.fixture(params=["http", "https"])
def place(request) -> Place:
    """A bucket of its own on either emulator, for clients that are asked the same on both."""
    if request.param == "http":
        server = request.getfixturevalue("emulator")
    else:
        server = Emulator.of(request.getfixturevalue("ready"))
    new_name = request.getfixturevalue("new_name")
    place = Place(server, server.users["owner"], new_name())
    place.s3.create_bucket(Bucket=place.bucket)
    return place


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch, tmp_path):
    """Clients must not read the profile or the variables of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def owner(emulator) -> User:
    return emulator.users["owner"]


@pytest.fixture(scope="session")
def stranger(emulator) -> User:
    return emulator.users["stranger"]


@pytest.fixture
def s3(emulator, owner):
    return emulator.client(owner)


@pytest.fixture
def new_name():
    """Makes names that no other test has."""
    return lambda prefix="clients": f"{prefix}-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def bucket(s3, new_name) -> str:
    """A bucket as S3 makes them today: no ACLs, nothing public."""
    name = new_name()
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def open_bucket(s3, new_name) -> str:
    """A bucket of its own on which ACLs count and nothing is blocked."""
    name = new_name("clients-open")
    s3.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=name)
    return name


@pytest.fixture
def signed_ago(monkeypatch):
    """Makes botocore sign as if it were so many seconds earlier."""

    def set_back(seconds: int):
        then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds)

        def earlier(remove_tzinfo=True):
            return then.replace(tzinfo=None) if remove_tzinfo else then

        monkeypatch.setattr(botocore.auth, "get_current_datetime", earlier)
        monkeypatch.setattr(botocore.signers, "get_current_datetime", earlier)

    return set_back
