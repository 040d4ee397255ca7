"""Forms that boto3 signs and a browser would send; here `requests` sends them."""

import base64
import hashlib
import json

import pytest
import requests

from fault import fault_of


class Form:
    """A presigned form, and the sending of it."""

    def __init__(self, presigned: dict):
        self.url: str = presigned["url"]
        self.fields: dict[str, str] = dict(presigned["fields"])

    def send(self, content: bytes, name: str = "cat.jpg", **headers):
        return requests.post(
            self.url,
            data=self.fields,
            files={"file": (name, content)},
            headers=headers,
            allow_redirects=False,
        )

    def policy(self) -> dict:
        return json.loads(base64.b64decode(self.fields["policy"]))


@pytest.fixture
def form(s3, bucket):
    """Signs a form for the bucket."""

    def signed(key="up/${filename}", fields=None, conditions=None, lifetime_seconds=900) -> Form:
        presigned = s3.generate_presigned_post(
            bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=lifetime_seconds
        )
        return Form(presigned)

    return signed


@pytest.fixture
def keys(s3, bucket):
    """The keys of the bucket."""
    return lambda: [i["Key"] for i in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def denied(answer, message: str):
    fault = fault_of(answer)
    assert (fault.status, fault.code, fault.message) == (403, "AccessDenied", message)
    assert fault.elements == {}


def test_an_upload_is_fetched_by_a_link(s3, bucket, form):
    content = bytes(range(256))
    answer = form().send(content)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["ETag"] == f'"{hashlib.md5(content).hexdigest()}"'
    assert answer.headers["x-amz-checksum-crc64nvme"]
    assert answer.headers["x-amz-checksum-type"] == "FULL_OBJECT"
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "up/cat.jpg"})
    assert requests.get(url).content == content


@pytest.mark.parametrize("name", ["a b+c.txt", "é ü 漢字.png", "it's 100%.txt"])
def test_the_name_of_the_file_becomes_the_key(form, keys, name):
    assert form().send(b"1", name=name).status_code == 204
    assert keys() == [f"up/{name}"]


def test_folders_before_the_name_are_dropped(form, keys):
    assert form().send(b"1", name="C:/photos/cat.jpg").status_code == 204
    assert keys() == ["up/cat.jpg"]


def test_fields_become_headers_and_metadata(s3, bucket, form):
    fields = {"Content-Type": "image/png", "x-amz-meta-Color": "blue", "Cache-Control": "no-cache"}
    conditions = [
        ["starts-with", "$Content-Type", "image/"],
        {"x-amz-meta-Color": "blue"},
        {"Cache-Control": "no-cache"},
    ]
    assert form(fields=fields, conditions=conditions).send(b"png").status_code == 204
    head = s3.head_object(Bucket=bucket, Key="up/cat.jpg")
    assert (head["ContentType"], head["CacheControl"]) == ("image/png", "no-cache")
    assert head["Metadata"] == {"color": "blue"}


def test_status_201_tells_where_the_object_is(emulator, bucket, form):
    fields = {"success_action_status": "201"}
    answer = form(fields=fields, conditions=[fields]).send(b"1", name="é.jpg")
    assert answer.status_code == 201
    location = f"{emulator.endpoint}/{bucket}/up%2F%C3%A9.jpg"
    etag = hashlib.md5(b"1").hexdigest()
    assert answer.headers["Location"] == location
    assert answer.content.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<PostResponse><Location>{location}</Location><Bucket>{bucket}</Bucket>"
        f'<Key>up/é.jpg</Key><ETag>"{etag}"</ETag></PostResponse>'
    )


def test_a_redirect_carries_bucket_key_and_etag(bucket, form):
    fields = {"success_action_redirect": "http://app.test/done?step=2"}
    answer = form(fields=fields, conditions=[fields]).send(b"1", name="a b.jpg")
    assert (answer.status_code, answer.content) == (303, b"")
    etag = hashlib.md5(b"1").hexdigest()
    assert answer.headers["Location"] == (
        f"http://app.test/done?step=2&bucket={bucket}&key=up%2Fa+b.jpg&etag=%22{etag}%22"
    )


def test_both_ends_of_the_range_are_allowed(form):
    two_to_four = form(conditions=[["content-length-range", 2, 4]])
    for content in (b"12", b"1234"):
        assert two_to_four.send(content).status_code == 204


def test_a_file_that_is_too_large_is_refused_with_both_sizes(form, keys):
    fault = fault_of(form(conditions=[["content-length-range", 2, 4]]).send(b"12345"))
    assert (fault.status, fault.code) == (400, "EntityTooLarge")
    assert fault.message == "Your proposed upload exceeds the maximum allowed size"
    assert fault.elements == {"ProposedSize": "5", "MaxSizeAllowed": "4"}
    assert keys() == []


def test_a_file_that_is_too_small_is_refused_with_both_sizes(form, keys):
    fault = fault_of(form(conditions=[["content-length-range", 2, 4]]).send(b"1"))
    assert (fault.status, fault.code) == (400, "EntityTooSmall")
    assert fault.message == "Your proposed upload is smaller than the minimum allowed size"
    assert fault.elements == {"ProposedSize": "1", "MinSizeAllowed": "2"}
    assert keys() == []


def test_a_large_file_is_refused_while_it_is_still_being_sent(form):
    fault = fault_of(form(conditions=[["content-length-range", 0, 10]]).send(bytes(6_000_000)))
    assert (fault.status, fault.code) == (400, "EntityTooLarge")


def test_another_key_than_the_policy_names_is_refused(form, keys):
    other = form(key="mine.jpg")
    other.fields["key"] = "yours.jpg"
    denied(
        other.send(b"1"),
        'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "mine.jpg"]',
    )
    assert keys() == []


def test_a_key_outside_of_the_prefix_is_refused(form, keys):
    other = form()
    other.fields["key"] = "elsewhere/${filename}"
    denied(
        other.send(b"1"),
        'Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "up/"]',
    )
    assert keys() == []


def test_a_field_without_a_condition_is_refused_by_name(form, keys):
    extra = form()
    extra.fields["content-type"] = "image/png"
    denied(extra.send(b"1"), "Invalid according to Policy: Extra input fields: content-type")
    assert keys() == []


def test_an_expired_form_is_refused(form, signed_ago):
    signed_ago(3600)
    denied(form(lifetime_seconds=600).send(b"1"), "Invalid according to Policy: Policy expired.")


def test_a_form_that_was_signed_earlier_works_until_its_end(form, signed_ago):
    signed_ago(3600)
    assert form(lifetime_seconds=7200).send(b"1").status_code == 204


def test_a_changed_policy_is_refused_with_the_text_that_was_signed(owner, form, keys):
    changed = form(conditions=[["content-length-range", 0, 1]])
    policy = changed.policy()
    policy["conditions"][0][2] = 1000
    changed.fields["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    fault = fault_of(changed.send(b"12345"))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")
    assert list(fault.elements) == [
        "AWSAccessKeyId",
        "StringToSign",
        "SignatureProvided",
        "StringToSignBytes",
    ]
    assert fault.elements["AWSAccessKeyId"] == owner.access_key
    assert fault.elements["StringToSign"] == changed.fields["policy"]
    assert fault.elements["SignatureProvided"] == changed.fields["x-amz-signature"]
    assert keys() == []


@pytest.mark.parametrize(
    ("field", "name"),
    [("key", "key"), ("x-amz-signature", "X-Amz-Signature"), ("x-amz-algorithm", "X-Amz-Algorithm")],
)
def test_a_field_that_is_missing_is_asked_for(form, field, name):
    partial = form()
    del partial.fields[field]
    fault = fault_of(partial.send(b"1"))
    assert (fault.status, fault.code) == (400, "InvalidArgument")
    assert fault.message == (
        f"Bucket POST must contain a field named '{name}'.  "
        "If it is specified, please check the order of the fields."
    )
    assert fault.elements == {"ArgumentName": name, "ArgumentValue": ""}


def test_a_form_without_a_file_is_refused(form):
    signed = form()
    # Fields that have no file name, as `requests` writes them among files.
    parts = {name: (None, value) for name, value in signed.fields.items()}
    fault = fault_of(requests.post(signed.url, files=parts))
    assert (fault.status, fault.code) == (400, "InvalidArgument")
    assert fault.message == "POST requires exactly one file upload per request."
    assert fault.elements == {"ArgumentName": "file", "ArgumentValue": "0"}


def test_a_form_that_is_not_multipart_is_refused(form):
    signed = form()
    fault = fault_of(requests.post(signed.url, data=signed.fields))
    assert (fault.status, fault.code) == (412, "PreconditionFailed")
    assert fault.elements == {
        "Condition": "Bucket POST must be of the enclosure-type multipart/form-data"
    }


def test_a_form_without_a_signature_may_not_write(form, keys):
    anonymous = form()
    anonymous.fields = {"key": "cat.jpg"}
    denied(anonymous.send(b"1"), "Access Denied")
    assert keys() == []


def test_a_public_upload_is_not_possible_where_acls_are_off(form, keys):
    fields = {"acl": "public-read"}
    fault = fault_of(form(fields=fields, conditions=[fields]).send(b"1"))
    assert (fault.status, fault.code) == (400, "AccessControlListNotSupported")
    assert fault.message == "The bucket does not allow ACLs"
    assert keys() == []


def test_a_public_upload_is_read_without_a_signature(emulator, s3, open_bucket):
    fields = {"acl": "public-read"}
    presigned = s3.generate_presigned_post(
        open_bucket, "up/${filename}", Fields=fields, Conditions=[fields]
    )
    assert Form(presigned).send(b"for all").status_code == 204
    url = f"{emulator.endpoint}/{open_bucket}/up/cat.jpg"
    assert requests.get(url).content == b"for all"
