"""SigV4 for uploads in chunks, written from the S3 API reference and from nothing else.

"Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks", and
the page after it, "... Including Trailing Headers". It shares no code with any client or with the
emulator, so it is a witness of its own.
"""

import hashlib
import hmac
from dataclasses import dataclass

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_WITH_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_WITH_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Signer:
    """Signs at one time, for one region."""

    access_key: str
    secret_key: str
    region: str
    time: str  # 20130524T000000Z

    @property
    def scope(self) -> str:
        return f"{self.time[:8]}/{self.region}/s3/aws4_request"

    def sign(self, text: str) -> str:
        key = f"AWS4{self.secret_key}".encode()
        for part in self.scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

    def seed(self, method: str, path: str, headers: dict[str, str]) -> str:
        """The signature of the request itself. Names are in lower case; all are signed."""
        signed = sorted(headers.items())
        canonical_request = "\n".join(
            [
                method,
                path,
                "",
                *(f"{name}:{value}" for name, value in signed),
                "",
                ";".join(name for name, _ in signed),
                headers["x-amz-content-sha256"],
            ]
        )
        lines = ["AWS4-HMAC-SHA256", self.time, self.scope, sha256(canonical_request.encode())]
        return self.sign("\n".join(lines))

    def authorization(self, headers: dict[str, str], seed: str) -> str:
        return (
            f"AWS4-HMAC-SHA256 Credential={self.access_key}/{self.scope},"
            f"SignedHeaders={';'.join(sorted(headers))},Signature={seed}"
        )

    def chunk(self, previous: str, data: bytes) -> str:
        """The signature of a chunk, chained to the one before it."""
        lines = ["AWS4-HMAC-SHA256-PAYLOAD", self.time, self.scope, previous, sha256(b"")]
        return self.sign("\n".join([*lines, sha256(data)]))

    def trailer(self, previous: str, trailer: str) -> str:
        """The signature of `name:value` after the last chunk."""
        lines = ["AWS4-HMAC-SHA256-TRAILER", self.time, self.scope, previous]
        return self.sign("\n".join([*lines, sha256(f"{trailer}\n".encode())]))


def signed_body(signer: Signer, seed: str, chunks: list[bytes], trailer: str = "") -> bytes:
    """The chunks as they are sent, with the empty one at the end."""
    body, previous = b"", seed
    for data in [*chunks, b""]:
        previous = signer.chunk(previous, data)
        body += f"{len(data):x};chunk-signature={previous}\r\n".encode() + data
        # The empty chunk has no data and no line end of its own before trailers.
        body += b"\r\n" if data or not trailer else b""
    if trailer:
        signature = signer.trailer(previous, trailer)
        body += f"{trailer}\r\nx-amz-trailer-signature:{signature}\r\n\r\n".encode()
    return body


def unsigned_body(chunks: list[bytes], trailer: str) -> bytes:
    """The same without signatures; a trailer stands in for them."""
    body = b"".join(f"{len(data):x}\r\n".encode() + data + b"\r\n" for data in chunks)
    return body + f"0\r\n{trailer}\r\n\r\n".encode()
