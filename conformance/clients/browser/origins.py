"""The two origins of a web app: its own page, and the S3 that its scripts talk to."""

import json
import os
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import requests
from selenium.webdriver.support.ui import WebDriverWait

PROGRAM = "STUNTBUCKET_PROGRAM"
SECONDS_TO_START = 30
SECONDS_TO_STOP = 30

PAGE = b"<!doctype html><title>app</title><p id=app>app</p>"


class _App(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format, *args):
        pass


@contextmanager
def app_origin():
    """Serves an empty page on a free port; yields its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _App)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Storage:
    """An emulator of its own, and its program, which signs for it."""

    def __init__(self, ready: dict):
        self.endpoint = ready["endpoint"]
        self.inspector = ready["inspector"]

    def presign(self, method: str, target: str, *flags: str) -> str:
        return self._ask("presign", method, f"s3://{target}", "--endpoint", self.endpoint, *flags)

    def form(self, target: str) -> dict:
        """URL and fields of a form for this prefix."""
        flags = ["--endpoint", self.endpoint, "--max-bytes", "1000000", "--format", "json"]
        return json.loads(self._ask("post-form", f"s3://{target}", *flags))

    def journal(self) -> list[dict]:
        """What came so far, oldest first."""
        answer = requests.get(f"{self.inspector}/api/v1/requests", proxies={"http": ""})
        return sorted(answer.json(), key=lambda entry: entry["id"])

    def _ask(self, *words: str) -> str:
        command = [os.environ[PROGRAM], *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def storage(folder: Path, config: str):
    """Runs the emulator with this configuration on free ports."""
    file, ready = folder / "emulator.toml", folder / "ready.json"
    file.write_text(config, encoding="utf-8")
    command = [os.environ[PROGRAM], "serve", "--listen", "127.0.0.1:0", "--config", str(file)]
    command += ["--inspect", "127.0.0.1:0", "--ready-file", str(ready)]
    emulator = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait = WebDriverWait(emulator, SECONDS_TO_START, poll_frequency=0.1)
        wait.until(lambda _: ready.exists() or emulator.poll() is not None)
        yield Storage(json.loads(ready.read_text(encoding="utf-8")))
    finally:
        emulator.terminate()
        try:
            emulator.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            emulator.kill()
            emulator.wait()
            raise
