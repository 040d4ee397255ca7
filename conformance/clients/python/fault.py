"""Fault: an error as S3 writes it, from whichever client received it."""

import xml.etree.ElementTree as ElementTree
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Fault:
    """Status, code, message, and the further elements in the order of the document."""

    status: int
    code: str
    message: str
    elements: dict[str, str]


def fault_in(status: int, body: bytes) -> Fault:
    """Reads the XML of a refusal. Anything else fails the test."""
    document = ElementTree.fromstring(body)
    assert document.tag == "Error", body
    elements = {child.tag: child.text or "" for child in document}
    assert {"RequestId", "HostId"} <= elements.keys(), body
    del elements["RequestId"], elements["HostId"]
    return Fault(status, elements.pop("Code"), elements.pop("Message"), elements)


def fault_of(response) -> Fault:
    """The fault in an answer that `requests` received."""
    return fault_in(response.status_code, response.content)


@contextmanager
def refused(code: str, status: int, message: str | None = None):
    """Expects that boto3 reports exactly this; yields the parsed error."""
    error = {}
    with pytest.raises(ClientError) as raised:
        yield error
    response = raised.value.response
    error.update(response["Error"])
    assert (response["ResponseMetadata"]["HTTPStatusCode"], error["Code"]) == (status, code), error
    if message is not None:
        assert error["Message"] == message
