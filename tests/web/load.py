"""Many people at once, on loopback: how long until the first word, and does anything fail.

    python -m tests.web.load [--people 1 20 50] [--turns 3] [--spread 3]

`--spread` is over how many seconds the people of a turn press Enter; 0 means all in the same moment.

The server runs in a process of its own with the real store, policy and offline judge; its interviewer speaks 50 words a
second without thinking first, so what is measured is ours alone. Each person keeps one stream open, as a window
does, sends an answer as soon as the interviewer is silent, and looks for the first new word in the stream.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.web.harness import free_port, wait_for

WORDS = "Marker sentence that goes on for a while so that streaming is exercised and then it ends with a question?"
PACE_S = 0.02


@dataclass
class Figures:
    """Seconds, one entry a turn."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def at(values: list[float], share: float) -> float:
    """A quantile."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


async def person(
    client: httpx.AsyncClient, number: int, turns: int, start: asyncio.Event, got: Figures, spread: float
) -> None:
    """One candidate with one window."""
    origin = {"origin": str(client.base_url).rstrip("/")}
    reply = await client.post("/sessions", data={"round": "phone_screen", "length": "short"}, headers=origin)
    session = reply.headers["location"].split("s=")[1]
    window = f"window{number}"
    heard: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()

    async def listen() -> None:
        async with client.stream("GET", f"/api/sessions/{session}/tail", timeout=120) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    heard.put_nowait((time.perf_counter(), json.loads(line[5:])))

    listener = asyncio.create_task(listen())
    while True:  # the opening
        if (await client.get(f"/api/sessions/{session}/status")).json()["turns"] >= 1:
            break
        await asyncio.sleep(0.05)
    await start.wait()
    await asyncio.sleep(0.4)
    for turn in range(turns):
        while not heard.empty():
            heard.get_nowait()
        say = {
            "text": f"Answer {turn}: bias is systematic error.",
            "key": f"{window}-{turn}-key",
            "seen": 1 + 2 * turn,
        }
        await asyncio.sleep(random.random() * spread)
        begun = time.perf_counter()
        answer = await client.post(f"/api/sessions/{session}/say", json=say, headers=origin)
        got.post.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            got.errors.append(answer.text[:200])
            break
        first, words = 0.0, ""
        while True:
            when, news = await asyncio.wait_for(heard.get(), 60)
            if news.get("words"):
                words = words[: news["at"]] + news["words"]
            if not first and "Marker" in words:  # a hint is named before its first word
                first = when - begun
                got.first.append(first)
            if first and news.get("messages") and news["messages"][-1]["content"].endswith(WORDS):
                got.whole.append(when - begun)
                break
        while (await client.get(f"/api/sessions/{session}/status")).json()["turns"] < 3 + 2 * turn:
            await asyncio.sleep(0.05)
    listener.cancel()


async def run(url: str, people: int, turns: int, spread: float) -> Figures:
    """Everybody at once."""
    got, start = Figures(), asyncio.Event()
    limits = httpx.Limits(max_connections=4 * people + 20)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        tasks = [asyncio.create_task(person(client, n, turns, start, got, spread)) for n in range(people)]
        await asyncio.sleep(1 + 0.12 * people)  # windows open one after another
        start.set()
        for done in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(done, BaseException):
                got.errors.append(repr(done)[:200])
    return got


def serve(port: int, home: str) -> None:
    """The server's process."""
    from bot.web import build_app, server_of
    from tests.web.harness import PacedInterviewer, make_services

    class Speaks(PacedInterviewer):
        async def phrase(self, material, scene):  # type: ignore[no-untyped-def,override]
            if len(scene.lines):
                self.says.append(WORDS)
            self.pause_s = PACE_S if len(scene.lines) else 0.0
            async for piece in super().phrase(material, scene):
                yield piece

    services = make_services(Path(home), Speaks())
    server_of(build_app(services), "127.0.0.1", port).run()


def main() -> None:
    """Start the server, let the people in, print the figures."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--people", type=int, nargs="+", default=[1, 20, 50], choices=range(1, 101), metavar="N"
    )
    options.add_argument("--turns", type=int, default=3, choices=range(1, 8), metavar="N")
    options.add_argument("--spread", type=float, default=3.0, metavar="S")
    options.add_argument("--serve", nargs=2, metavar=("PORT", "HOME"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(int(given.serve[0]), given.serve[1])
        return
    for people in given.people:
        with tempfile.TemporaryDirectory() as home:
            port = free_port()
            process = subprocess.Popen([sys.executable, "-m", "tests.web.load", "--serve", str(port), home])
            try:
                wait_for(f"http://127.0.0.1:{port}/healthz")
                before = cpu_s(process.pid)
                got = asyncio.run(run(f"http://127.0.0.1:{port}", people, given.turns, given.spread))
                used = cpu_s(process.pid) - before
                print(
                    json.dumps(
                        {
                            "people": people,
                            "turns": len(got.first),
                            "errors": len(got.errors),
                            "first_word_ms": {
                                "median": round(1000 * statistics.median(got.first)),
                                "p95": round(1000 * at(got.first, 0.95)),
                            },
                            "whole_reply_ms": {
                                "ideal": round(1000 * PACE_S * len(WORDS.split())),
                                "p95": round(1000 * at(got.whole, 0.95)),
                            },
                            "send_ms": {
                                "median": round(1000 * statistics.median(got.post)),
                                "p95": round(1000 * at(got.post, 0.95)),
                            },
                            "server_cpu_s": round(used, 1),
                            "load_average": round(os.getloadavg()[0], 1),
                        }
                    )
                    + ("".join(f"\n  {e}" for e in sorted(set(got.errors))[:5])),
                    flush=True,
                )
            finally:
                process.terminate()
                process.wait(15)


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
