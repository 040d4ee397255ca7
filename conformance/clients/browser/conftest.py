"""What the tests are given: a browser with an empty profile, and pages of a running app."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from page import Page
from upload_app import upload_app

# The folder for pictures of each test's last page; without it none are taken.
SCREENSHOTS = "STUNTBUCKET_SCREENSHOTS"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
]


def installed(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is not installed"
    return path


@pytest.fixture(scope="session")
def downloads(tmp_path_factory) -> Path:
    """Where the browser saves what it does not show."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(tmp_path_factory, downloads):
    """One browser for all tests, as people keep theirs open."""
    options = Options()
    options.binary_location = installed("chromium")
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    driver = webdriver.Chrome(options, Service(installed("chromedriver")))
    driver.set_page_load_timeout(30)
    driver.set_script_timeout(30)
    yield driver
    driver.quit()


@pytest.fixture
def app(browser, request):
    """Starts the app with the flags of the test; gives its page."""
    with ExitStack() as running:
        yield lambda *flags: Page(browser, running.enter_context(upload_app(*flags)))
        take_screenshot(browser, request.node.name)
        # Leave the page first: the browser must not hold a connection that the app waits for.
        browser.get("about:blank")


def take_screenshot(browser, name: str):
    folder = os.environ.get(SCREENSHOTS)
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    word = "".join(letter if letter.isalnum() else "-" for letter in name)
    browser.save_screenshot(str(Path(folder) / f"{word}.png"))


@pytest.fixture
def picture(tmp_path) -> Path:
    """A file of all bytes, with a name that is not ASCII."""
    path = tmp_path / "é ü 漢 字.png"
    path.write_bytes(bytes(range(256)) * 500)
    return path


@pytest.fixture
def note(tmp_path) -> Path:
    """A file that a browser shows as text."""
    path = tmp_path / "note.txt"
    path.write_text("grüß dich, 漢字\n", encoding="utf-8")
    return path
