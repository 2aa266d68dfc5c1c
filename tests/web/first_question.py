"""Seconds from `make run` to the first question on screen, for docs/benchmarks.md: `python -m tests.web.first_question`.

Runs the README's own command in this checkout (so a missing `.venv` is made first), with an empty data folder unless one is
named, opens the first page in Chromium and presses the button. Prints; asserts nothing. Wall-clock figures want a quiet
machine.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900


def served(url: str, server: subprocess.Popen[bytes]) -> None:
    """Returns when the page is there. Raises RuntimeError when the command ended before."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError) as why:
            if server.poll() is not None:
                raise RuntimeError(f"`make run` ended with {server.returncode}; its output is above") from why
            time.sleep(0.05)


def main(home: str) -> None:
    """One start, printed step by step."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    fresh = not (ROOT / ".venv" / ".installed").exists()
    empty = not any(Path(home).iterdir())
    print(f"environment {'made now' if fresh else 'there'}, data folder {'empty' if empty else 'in use'}")
    began = time.perf_counter()
    server = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=ROOT,
        env={**os.environ, "BOT_HOME": home},
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        served(url, server)
        print(f"HTTP 200 after {time.perf_counter() - began:.1f} s")
        with sync_playwright() as play:
            names = ("chromium", "chromium-browser", "google-chrome")
            browser = play.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, names)), None), args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.goto(url)
            clicked = time.perf_counter()
            page.get_by_role("button", name="Start the round").click()
            first = page.locator("#chat .bot.message").first
            expect(first).to_contain_text("Maya", timeout=PATIENCE * 1000)
            now = time.perf_counter()
            print(f"first question after {now - began:.1f} s, {now - clicked:.1f} s after the click")
            browser.close()
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGINT)
        server.wait(30)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(folder)
