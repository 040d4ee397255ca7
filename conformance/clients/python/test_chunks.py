"""Uploads in chunks, sent byte by byte as written here: signed, with trailers, and broken."""

import base64
import datetime
import http.client
import zlib
from dataclasses import dataclass

import pytest

from chunk_signer import SIGNED
from chunk_signer import SIGNED_WITH_TRAILER
from chunk_signer import UNSIGNED_WITH_TRAILER
from chunk_signer import Signer
from chunk_signer import signed_body
from chunk_signer import unsigned_body
from fault import fault_in
from fault import refused

CHUNKS = [bytes(range(256)) * 256, b"the end"]
CONTENT = b"".join(CHUNKS)


def crc32(content: bytes) -> str:
    checksum = base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()
    return f"x-amz-checksum-crc32:{checksum}"


@dataclass
class Upload:
    """An upload to the object `a` of a bucket, of which a test can change every byte."""

    host: str
    bucket: str
    signer: Signer

    def headers(self, payload: str, **more: str) -> dict[str, str]:
        trailer = {} if payload == SIGNED else {"x-amz-trailer": "x-amz-checksum-crc32"}
        return {
            "content-encoding": "aws-chunked",
            "host": self.host,
            "x-amz-content-sha256": payload,
            "x-amz-date": self.signer.time,
            "x-amz-decoded-content-length": str(len(CONTENT)),
            **trailer,
            **more,
        }

    def seed(self, headers: dict[str, str]) -> str:
        return self.signer.seed("PUT", f"/{self.bucket}/a", headers)

    def send(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        authorization = self.signer.authorization(headers, self.seed(headers))
        connection = http.client.HTTPConnection(self.host)
        try:
            sent = {**headers, "Authorization": authorization}
            connection.request("PUT", f"/{self.bucket}/a", body=body, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture
def upload(emulator, owner, bucket) -> Upload:
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    signer = Signer(owner.access_key, owner.secret_key, emulator.region, now)
    return Upload(emulator.host, bucket, signer)


@pytest.fixture
def nothing_is_stored(s3, bucket):
    yield
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key="a")


def test_the_signer_reproduces_the_worked_examples():
    """The figures of the two pages of the S3 API reference."""
    signer = Signer(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "us-east-1",
        "20130524T000000Z",
    )
    headers = {
        "content-encoding": "aws-chunked",
        "host": "s3.amazonaws.com",
        "x-amz-content-sha256": SIGNED,
        "x-amz-date": signer.time,
        "x-amz-decoded-content-length": "66560",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
    }
    path, chunks = "/examplebucket/chunkObject.txt", [b"a" * 65536, b"a" * 1024]
    seed = signer.seed("PUT", path, {**headers, "content-length": "66824"})
    assert seed == "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    body = signed_body(signer, seed, chunks)
    assert len(body) == 66824
    assert body.endswith(b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n")

    headers |= {"x-amz-content-sha256": SIGNED_WITH_TRAILER, "x-amz-trailer": "x-amz-checksum-crc32c"}
    seed = signer.seed("PUT", path, headers)
    assert seed == "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    body = signed_body(signer, seed, chunks, "x-amz-checksum-crc32c:sOO8/Q==")
    assert len(body) == 66946
    assert body.endswith(b"d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n")


def test_signed_chunks_are_put_together(s3, bucket, upload):
    headers = upload.headers(SIGNED)
    status, body = upload.send(headers, signed_body(upload.signer, upload.seed(headers), CHUNKS))
    assert (status, body) == (200, b"")
    got = s3.get_object(Bucket=bucket, Key="a")
    assert got["Body"].read() == CONTENT
    assert "ContentEncoding" not in got


def test_the_rest_of_the_content_encoding_is_kept(s3, bucket, upload):
    headers = upload.headers(SIGNED, **{"content-encoding": "aws-chunked, gzip"})
    upload.send(headers, signed_body(upload.signer, upload.seed(headers), CHUNKS))
    assert s3.head_object(Bucket=bucket, Key="a")["ContentEncoding"] == "gzip"


def test_a_signed_trailer_is_the_checksum(s3, bucket, upload):
    headers, trailer = upload.headers(SIGNED_WITH_TRAILER), crc32(CONTENT)
    framed = signed_body(upload.signer, upload.seed(headers), CHUNKS, trailer)
    assert upload.send(headers, framed) == (200, b"")
    head = s3.head_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")
    assert f"x-amz-checksum-crc32:{head['ChecksumCRC32']}" == trailer


def test_unsigned_chunks_with_a_trailer_are_put_together(s3, bucket, upload):
    headers, trailer = upload.headers(UNSIGNED_WITH_TRAILER), crc32(CONTENT)
    assert upload.send(headers, unsigned_body(CHUNKS, trailer)) == (200, b"")
    got = s3.get_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")
    assert got["Body"].read() == CONTENT
    assert f"x-amz-checksum-crc32:{got['ChecksumCRC32']}" == trailer


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_chunk_that_was_changed_is_refused(upload):
    headers = upload.headers(SIGNED)
    framed = signed_body(upload.signer, upload.seed(headers), CHUNKS)
    fault = fault_in(*upload.send(headers, framed.replace(b"the end", b"The end")))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")
    assert fault.elements["StringToSign"].startswith("AWS4-HMAC-SHA256-PAYLOAD\n")
    assert fault.elements["CanonicalRequest"].startswith(f"PUT\n/{upload.bucket}/a\n")


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_trailer_that_was_changed_is_refused(upload):
    headers = upload.headers(SIGNED_WITH_TRAILER)
    framed = signed_body(upload.signer, upload.seed(headers), CHUNKS, crc32(CONTENT))
    changed = framed.replace(crc32(CONTENT).encode(), crc32(b"other").encode())
    fault = fault_in(*upload.send(headers, changed))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


@pytest.mark.usefixtures("nothing_is_stored")
def test_the_checksum_of_another_body_is_refused(upload):
    headers = upload.headers(UNSIGNED_WITH_TRAILER)
    fault = fault_in(*upload.send(headers, unsigned_body(CHUNKS, crc32(b"other"))))
    assert (fault.status, fault.code) == (400, "BadDigest")
    assert fault.message == "The CRC32 you specified did not match the calculated checksum."


@pytest.mark.usefixtures("nothing_is_stored")
def test_another_trailer_than_was_announced_is_refused(upload):
    headers = upload.headers(UNSIGNED_WITH_TRAILER)
    trailer = crc32(CONTENT).replace("crc32", "crc32c")
    fault = fault_in(*upload.send(headers, unsigned_body(CHUNKS, trailer)))
    assert (fault.status, fault.code) == (400, "MalformedTrailerError")


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_body_without_its_last_chunk_is_refused(upload):
    headers = upload.headers(SIGNED)
    framed = signed_body(upload.signer, upload.seed(headers), CHUNKS)
    end = framed.rindex(b"0;chunk-signature=")
    fault = fault_in(*upload.send(headers, framed[:end]))
    assert (fault.status, fault.code) == (400, "IncompleteBody")
    assert fault.message == "The request body terminated unexpectedly"


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_small_chunk_before_the_last_is_refused(upload):
    headers = upload.headers(SIGNED)
    chunks = [CONTENT[:5], CONTENT[5:]]
    framed = signed_body(upload.signer, upload.seed(headers), chunks)
    fault = fault_in(*upload.send(headers, framed))
    assert (fault.status, fault.code) == (403, "InvalidChunkSizeError")
    assert fault.message == "Only the last chunk is allowed to have a size less than 8192 bytes"
    assert fault.elements == {"Chunk": "2", "BadChunkSize": "5"}
