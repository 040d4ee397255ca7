"""The emulator under test: where it is, who may sign, and clients that talk to it."""

import json
import os
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import requests
from botocore.config import Config

READY_FILE = "STUNTBUCKET_READY_FILE"

# The bucket of `emulator.toml` on which ACLs count and nothing is blocked.
BUCKET_BEFORE_2023 = "clients-before-2023"


@dataclass(frozen=True)
class User:
    """Someone who holds keys."""

    name: str
    access_key: str
    secret_key: str
    account: str
    canonical_id: str


@dataclass(frozen=True)
class Emulator:
    """What the ready file says."""

    endpoint: str
    region: str
    users: dict[str, User]
    # The certificate to trust, under HTTPS.
    ca: str | None

    @classmethod
    def that_is_ready(cls) -> "Emulator":
        """Reads the file that the environment names; without one there is nothing to test."""
        return cls.of(json.loads(Path(os.environ[READY_FILE]).read_text()))

    @classmethod
    def of(cls, ready: dict) -> "Emulator":
        fields = User.__dataclass_fields__
        users = [User(**{name: user[name] for name in fields}) for user in ready["users"]]
        by_name = {user.name: user for user in users}
        return cls(ready["endpoint"], ready["region"], by_name, ready.get("ca"))

    @property
    def host(self) -> str:
        """Host and port, as they stand in a `Host` header."""
        return urlsplit(self.endpoint).netloc

    @property
    def port(self) -> int:
        return urlsplit(self.endpoint).port

    def client(self, user: User, *, endpoint: str = "", region: str = "", **config):
        """A client of boto3 that signs with SigV4, path style, and shows the first answer."""
        settings = {
            "signature_version": "s3v4",
            "s3": {"addressing_style": "path"},
            "retries": {"total_max_attempts": 1},
        }
        return boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or self.endpoint,
            region_name=region or self.region,
            aws_access_key_id=user.access_key,
            aws_secret_access_key=user.secret_key,
            verify=self.ca,
            config=Config(**{**settings, **config}),
        )


@dataclass(frozen=True)
class Place:
    """A bucket, who owns it, and where it is."""

    server: Emulator
    owner: User
    bucket: str

    @property
    def s3(self):
        """boto3, for what the client under test is not asked to do."""
        return self.server.client(self.owner)

    @property
    def owner_with_wrong_secret(self) -> User:
        return replace(self.owner, secret_key="another/secret")

    def fetch(self, url: str, method: str = "get", **rest):
        """What anybody does with a link."""
        return requests.request(method, url, verify=self.server.ca or True, **rest)
