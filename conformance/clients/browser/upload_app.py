"""UploadApp: the example `upload_app` as a process of its own, one for each set of flags."""

import os
import queue
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "STUNTBUCKET_UPLOAD_APP"
READY = "app: "
SECONDS_TO_START = 30
SECONDS_TO_STOP = 30


@contextmanager
def upload_app(*flags: str):
    """Runs the example on a free port; yields its address, and ends it with the block."""
    command = [os.environ[PROGRAM], "--listen", "127.0.0.1:0", *flags]
    app = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_pump, args=(app.stdout, lines), daemon=True).start()
    try:
        yield _address(lines)
    finally:
        app.terminate()
        try:
            app.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            app.kill()
            app.wait()
            raise


def _pump(output, lines):
    """Reads on for as long as the app writes, so that it never waits for a reader."""
    for line in output:
        lines.put(line.rstrip("\n"))
    lines.put(None)


def _address(lines) -> str:
    seen = []
    while (line := lines.get(timeout=SECONDS_TO_START)) is not None:
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
        seen.append(line)
    raise AssertionError(f"{Path(os.environ[PROGRAM]).name} ended before it was ready: {seen}")
