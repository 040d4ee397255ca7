"""Page: the example's pages as a person sees them, in a real browser."""

import base64
import datetime
import json
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as until
from selenium.webdriver.support.ui import WebDriverWait

SECONDS_TO_ANSWER = 20


class Page:
    """What the tests do with a browser: open, pick a file, send, read."""

    def __init__(self, driver, address: str):
        self.driver = driver
        self.address = address

    def wait(self, condition):
        return WebDriverWait(self.driver, SECONDS_TO_ANSWER, poll_frequency=0.1).until(condition)

    def element(self, id: str):
        return self.wait(until.presence_of_element_located((By.ID, id)))

    def text(self, id: str) -> str:
        """What stands in the element once there is something."""
        return self.wait(lambda _: self.element(id).text)

    def open(self) -> "Page":
        self.driver.get(self.address)
        self.element("upload")
        return self

    def send(self, file):
        """Picks the file, presses the button, and waits until the browser is elsewhere."""
        form = self.driver.current_url
        self.element("file").send_keys(str(file))
        self.element("send").click()
        self.wait(until.url_changes(form))

    def upload(self, file) -> "Page":
        """Sends the file and waits for the page that tells of it."""
        self.open().send(file)
        self.wait(until.url_contains("/uploaded?"))
        self.element("bucket")
        return self

    def link(self) -> str:
        return self.element("download").get_attribute("href")

    def go(self, url: str):
        self.driver.get(url)

    def shown(self) -> str:
        """All text of the page, read at once; how the browser lays out XML does not matter."""
        return self.driver.execute_script("return document.documentElement.innerText ?? ''")

    def shows(self, text: str):
        """Waits for the text."""
        self.wait(lambda _: text in self.shown())

    def fetched(self, url: str) -> bytes:
        """The body of an address of the page's own origin, read by a script of the page."""
        script = """
            const [url, done] = arguments;
            fetch(url).then(answer => answer.arrayBuffer()).then(
                buffer => done(btoa(Array.from(new Uint8Array(buffer), byte =>
                    String.fromCharCode(byte)).join(''))),
                error => done('!' + error));
        """
        text = self.driver.execute_async_script(script, url)
        assert not text.startswith("!"), text
        return base64.b64decode(text)

    def wait_until_the_form_has_ended(self):
        """Until the clock is past the end that the form's own policy names."""
        field = self.driver.find_element(By.CSS_SELECTOR, "#upload [name=policy i]")
        policy = json.loads(base64.b64decode(field.get_attribute("value")))
        end = datetime.datetime.fromisoformat(policy["expiration"].replace("Z", "+00:00"))
        self._wait_until_past(end)

    def wait_until_the_link_has_ended(self, url: str):
        query = parse_qs(urlsplit(url).query)
        signed = datetime.datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ")
        signed = signed.replace(tzinfo=datetime.timezone.utc)
        lifetime = datetime.timedelta(seconds=int(query["X-Amz-Expires"][0]))
        self._wait_until_past(signed + lifetime)

    def _wait_until_past(self, end: datetime.datetime):
        # S3 compares whole seconds, and the very second of the end is still good.
        end += datetime.timedelta(seconds=1)
        self.wait(lambda _: datetime.datetime.now(datetime.timezone.utc) > end)
