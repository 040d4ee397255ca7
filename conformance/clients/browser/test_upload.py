"""The flow of a web team: a form, S3, the redirect, the link; and every way in which S3 says no."""

import hashlib
import xml.etree.ElementTree as ElementTree
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver.common.by import By


def fetch(url: str):
    """Fetches as another program than the browser would."""
    return requests.get(url, proxies={"http": ""}, allow_redirects=False)


def refusal(answer) -> tuple[int, str, str]:
    document = ElementTree.fromstring(answer.content)
    return answer.status_code, document.findtext("Code"), document.findtext("Message")


def test_a_file_is_uploaded_and_its_link_leads_to_it(app, picture):
    page = app().upload(picture)
    content = picture.read_bytes()
    etag = hashlib.md5(content).hexdigest()
    assert page.text("key").endswith(picture.name)
    assert page.text("etag").strip('"') == etag

    # What the page says is what S3 put into the redirect.
    redirected = parse_qs(urlsplit(page.driver.current_url).query)
    assert redirected["bucket"] == [page.text("bucket")]
    assert redirected["key"] == [page.text("key")]
    assert redirected["etag"] == [f'"{etag}"']

    answer = fetch(page.link())
    assert (answer.status_code, answer.content) == (200, content)
    assert page.text("expires")


def test_the_browser_itself_reads_the_bytes_behind_the_link(app, picture):
    page = app().upload(picture)
    link = page.link()
    # A script may read what is of its own origin, which the page of a refusal is too.
    page.go(link.split("?")[0])
    page.shows("AccessDenied")
    assert page.fetched(link) == picture.read_bytes()


def test_a_person_follows_the_link_to_a_text(app, note, downloads):
    """The browser shows the text or saves it, as the type of the object has it."""
    page = app().upload(note)
    text, saved = note.read_text(encoding="utf-8").strip(), set(downloads.iterdir())
    page.element("download").click()

    def arrived(_) -> bool:
        new = [file for file in downloads.iterdir() if file not in saved]
        is_saved = any(file.read_bytes() == note.read_bytes() for file in new if file.is_file())
        return is_saved or page.shown().strip() == text

    page.wait(arrived)


def test_a_link_is_signed_and_nothing_is_public(app, note):
    link = app().upload(note).link()
    assert "X-Amz-Signature=" in link
    status, code, message = refusal(fetch(link.split("?")[0]))
    assert (status, code, message) == (403, "AccessDenied", "Access Denied")


def test_a_link_that_was_changed_is_refused(app, note):
    page = app().upload(note)
    changed = page.link() + "&x=1"
    page.go(changed)
    page.shows("SignatureDoesNotMatch")
    assert refusal(fetch(changed))[:2] == (403, "SignatureDoesNotMatch")


def test_a_link_of_the_past_is_refused(app, note):
    page = app("--link-lifetime", "1").upload(note)
    link = page.link()
    page.wait_until_the_link_has_ended(link)
    page.go(link)
    page.shows("Request has expired")
    assert refusal(fetch(link)) == (403, "AccessDenied", "Request has expired")


def test_a_file_that_is_too_large_is_refused_by_s3_itself(app, picture):
    page = app("--max-bytes", "1000").open()
    page.send(picture)
    page.shows("EntityTooLarge")
    page.shows("Your proposed upload exceeds the maximum allowed size")
    page.shows("<MaxSizeAllowed>1000</MaxSizeAllowed>")


def test_a_file_of_just_the_allowed_size_is_taken(app, tmp_path):
    file = tmp_path / "just.bin"
    file.write_bytes(bytes(1000))
    page = app("--max-bytes", "1000").upload(file)
    assert fetch(page.link()).content == bytes(1000)


def test_a_form_that_was_left_open_for_too_long_is_refused(app, note):
    page = app("--form-lifetime", "0").open()
    page.wait_until_the_form_has_ended()
    page.send(note)
    page.shows("Policy expired")
    page.shows("AccessDenied")


def test_a_public_upload_is_read_without_a_signature(app, note):
    page = app("--public").upload(note)
    link = page.link()
    assert "?" not in link
    assert fetch(link).content == note.read_bytes()


@pytest.mark.parametrize("query", ["", "?bucket=b", "?bucket=uploads&key=incoming/none/none&etag=e"])
def test_a_page_that_tells_of_no_upload_says_so(app, query):
    page = app()
    page.go(f"{page.address}uploaded{query}")
    assert page.text("problem")
    assert page.driver.find_elements(By.ID, "download") == []
