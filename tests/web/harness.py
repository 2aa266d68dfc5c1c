"""The application for tests: real store, bank, judge and scorer; an interviewer whose pace the test decides."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from bot.domain.ports import Delta, Interviewer, Material, Restart, Scene, Spoken
from bot.interview.authored import AuthoredInterviewer
from bot.interview.live import LiveTurns
from bot.interview.session import SessionService
from bot.scoring.offline import OfflineJudge
from bot.services import LibraryPassages, Services, make_scorer, open_services, studying
from bot.settings import load_settings
from bot.store.log import EventLog

QUESTION = {
    "title": "Why tardigrades survive",
    "opening": "A colleague keeps tardigrades in the freezer. How do they survive drying and cold?",
    "reference": (
        "They lose almost all of their water and curl into a tun. In the tun their metabolism nearly stops. "
        "Trehalose sugar replaces water around the membranes. Special proteins form a glass that holds cell "
        "structures in place. A damage suppressor protein shields the DNA against radiation. After rehydration "
        "they repair broken DNA within hours."
    ),
}
"""What somebody writes to add a question of their own."""


DESIGN = {
    "round": "ml_system_design",
    "title": "A counter for seals",
    "opening": "Rangers fly a drone along 200 km of coast and count seals by hand. Design a system that counts them.",
    "reference": (
        "The goal is a yearly count per beach with an error below five percent, because the fishing quota depends on it. "
        "A missed pup costs more than a counted rock, so the metric is the error of the count and not accuracy. "
        "The labels come from three rangers who mark seals in 4,000 tiles, and their agreement is the ceiling. "
        "Tiles of one flight stay together in one split, otherwise neighbouring tiles leak into the test data. "
        "The baseline is a threshold on the thermal channel. "
        "The model is a pretrained detector that is fine-tuned on the tiles, with augmentation for light and tide. "
        "Offline I evaluate the error of the count by beach, colony size and weather on flights of another year. "
        "In an experiment the rangers count ten beaches with and without the system, in random order. "
        "The detector runs in a batch on a laptop in the station, since there is no network on the coast. "
        "After launch I monitor the distribution of the scores and have a hundred random tiles checked each week."
    ),
}
"""The same for a round of system design."""


@dataclass
class PacedInterviewer:
    """Speaks the authored words of each move, or `says` once, word by word with a pause; fails when told to.

    `hold_after` words it waits until `hold_after` is None again, so that a test can look at a sentence in the middle of it
    for as long as a busy machine needs."""

    pause_s: float = 0.0
    hold_after: int | None = None
    says: list[str] = field(default_factory=list)
    fail: bool = False
    spoken: int = 0

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        """One utterance."""
        self.spoken += 1
        if self.fail:
            raise RuntimeError("secret-internal-detail /etc/passwd sk-123456")
        if not self.says and not self.pause_s and self.hold_after is None:
            async for piece in AuthoredInterviewer().phrase(material, scene):
                yield piece
            return
        text = self.says.pop(0) if self.says else material.authored
        for count, word in enumerate(text.split(" ")):
            await asyncio.sleep(self.pause_s)
            while self.hold_after is not None and count >= self.hold_after:
                await asyncio.sleep(0.01)
            yield Delta(word + " ")
        yield Spoken(text=text, source="authored")


def make_services(home: Path, interviewer: Interviewer | None = None, **settings: object) -> Services:
    """The services on a data folder, composed as the product does it, but for the interviewer."""
    services = open_services(load_settings({}, home=str(home), **settings))
    if interviewer is None:
        return services
    sessions = SessionService(
        log=EventLog(services.engine),
        bank=services.bank,
        judge=OfflineJudge(),
        interviewer=interviewer,
        scorer=make_scorer(services.bank, studying(services.library)),
        passages=LibraryPassages(services.library),
        workbench=services.workbench,
    )
    return replace(services, sessions=sessions, live=LiveTurns(sessions))


@dataclass
class Site:
    """A running server."""

    url: str
    services: Services
    interviewer: PacedInterviewer
    port: int

    def calm(self) -> None:
        """Let the interviewer finish at its ordinary pace, and wait until nobody speaks."""
        self.interviewer.pause_s, self.interviewer.hold_after = 0.0, None
        self.interviewer.says, self.interviewer.fail = [], False
        deadline = time.monotonic() + 60
        while any(view.busy for view in list(self.services.live._views.values())):
            if time.monotonic() > deadline:
                raise RuntimeError("a turn does not end")
            time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, port: int | None = None, **settings: object) -> Iterator[Site]:
    """Serve the application in a thread until the block ends."""
    from bot.web import build_app, server_of

    interviewer = PacedInterviewer()
    services = make_services(home, interviewer, **settings)
    at = port or free_port()
    server = server_of(build_app(services), "127.0.0.1", at)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    try:
        yield Site(f"http://127.0.0.1:{at}", services, interviewer, at)
    finally:
        server.should_exit = True
        thread.join(10)
        services.close()


@contextmanager
def process(home: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The product in a process of its own, that can be killed; gone when the block ends."""
    environment = {**os.environ, "BOT_HOME": str(home)}
    command = [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/healthz")
        yield server, url
    finally:
        server.kill()
        server.wait(15)


def wait_for(url: str) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
