"""Scripts of one origin and S3 on another: what a browser lets them do, and what it hides."""

import json

import pytest
import requests

from origins import app_origin
from origins import storage

# Answers with status, ETag and text of a fetch, or with the error that a script sees.
FETCH = """
    const [url, settings, done] = arguments;
    fetch(url, settings).then(
        async answer => done([answer.status, answer.headers.get('etag'), await answer.text()]),
        error => done(error.name));
"""

# Sends by XHR as upload widgets do: with a listener for progress, which makes the browser ask first.
UPLOAD = """
    const [url, fields, done] = arguments;
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob(['abc']), 'a.txt');
    const xhr = new XMLHttpRequest();
    let loaded = 0;
    xhr.upload.onprogress = event => loaded = event.loaded;
    xhr.onload = () => done([xhr.status, xhr.getResponseHeader('etag'), loaded > 0]);
    xhr.onerror = () => done('error');
    xhr.open('POST', url);
    xhr.send(form);
"""


@pytest.fixture(scope="module")
def origin():
    with app_origin() as origin:
        yield origin


@pytest.fixture(scope="module")
def s3(tmp_path_factory, origin):
    """A bucket with a rule for the app, one without rules, and one with the rule of another app."""
    rule = {"origins": [origin], "methods": ["GET", "PUT", "POST"], "headers": ["content-type"]}
    rule["expose"] = ["ETag"]
    other = {**rule, "origins": [f"{origin}/"]}

    def table(rule: dict) -> str:
        return ", ".join(f"{name} = {json.dumps(value)}" for name, value in rule.items())

    config = f"""
        [[buckets]]
        name = "open"
        cors = [{{ {table(rule)} }}]
        [[buckets]]
        name = "closed"
        [[buckets]]
        name = "mistaken"
        cors = [{{ {table(other)} }}]
    """
    with storage(tmp_path_factory.mktemp("storage"), config) as s3:
        yield s3


@pytest.fixture
def script(browser, origin):
    """Runs a script of the app's page."""
    browser.get(origin)
    yield lambda text, *arguments: browser.execute_async_script(text, *arguments)
    browser.get("about:blank")


def put(script, url: str):
    settings = {"method": "PUT", "body": "abc", "headers": {"content-type": "image/png"}}
    return script(FETCH, url, settings)


def stored(s3, target: str):
    answer = requests.get(s3.presign("GET", target), proxies={"http": ""})
    return answer.content if answer.status_code == 200 else None


def test_a_script_puts_to_a_link_and_sees_the_etag(s3, script):
    url = s3.presign("PUT", "open/put", "--header", "content-type:image/png")
    status, etag, _ = put(script, url)
    assert (status, etag) == (200, '"900150983cd24fb0d6963f7d28e17f72"')
    assert stored(s3, "open/put") == b"abc"
    preflight, write = [entry for entry in s3.journal() if "/open/put" in entry["target"]][:2]
    assert (preflight["operation"], preflight["status"]) == ("Preflight", 200)
    assert (write["operation"], write["status"]) == ("PutObject", 200)


@pytest.mark.parametrize("bucket", ["closed", "mistaken"])
def test_without_a_rule_nothing_is_sent_and_the_journal_says_why(s3, script, bucket):
    target = f"{bucket}/put"
    url = s3.presign("PUT", target, "--header", "content-type:image/png")
    assert put(script, url) == "TypeError"
    (preflight,) = [entry for entry in s3.journal() if f"/{target}" in entry["target"]]
    assert (preflight["operation"], preflight["code"]) == ("Preflight", "AccessForbidden")
    reason = {"closed": "no CORS configuration", "mistaken": "no slash at its end"}[bucket]
    assert reason in preflight["explanation"]
    assert stored(s3, target) is None


def test_an_upload_with_progress_asks_first(s3, script):
    form = s3.form("open/up/")
    status, etag, has_progress = script(UPLOAD, form["url"], form["fields"])
    assert (status, has_progress) == (204, True)
    assert etag == '"900150983cd24fb0d6963f7d28e17f72"'
    operations = [entry["operation"] for entry in s3.journal()]
    at = operations.index("PostObject")
    assert operations[at - 1] == "Preflight"
    form = s3.form("closed/up/")
    assert script(UPLOAD, form["url"], form["fields"]) == "error"


def test_a_refusal_is_read_with_a_rule_and_hidden_without(s3, script):
    status, _, text = script(FETCH, s3.presign("GET", "open/absent") + "&x=1", {})
    assert (status, "SignatureDoesNotMatch" in text) == (403, True)
    assert s3.journal()[-1]["warnings"] == []

    assert script(FETCH, s3.presign("GET", "mistaken/absent") + "&x=1", {}) == "TypeError"
    (warning,) = s3.journal()[-1]["warnings"]
    expected = "a browser will report a CORS error; the real answer was 403 SignatureDoesNotMatch"
    assert warning.startswith(expected)
    assert "no slash at its end" in warning
