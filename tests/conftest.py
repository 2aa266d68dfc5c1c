"""Shared test rules: no network but loopback, no settings from the developer's own environment, one home per test."""

from __future__ import annotations

import gc
import ipaddress
import itertools
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine must not make a property false, nor chance refuse a change that did not cause what it found.
# `--hypothesis-profile=explore` draws fresh examples each time; what it finds becomes a test of its own.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ours", settings.get_profile("explore"), derandomize=True)
settings.load_profile("ours")

_HOMES = itertools.count()


def pytest_collection_finish() -> None:
    """What stays until the end (modules, collected tests) is taken out of every later sweep for cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class NetworkBlocked(AssertionError):
    """A test tried to leave the machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = str(address[0]).split("%")[0]
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that leaves the machine fails at once and says where it wanted to go."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> Any:
        if not _is_local(address):
            raise NetworkBlocked(f"a test tried to connect to {address!r}")
        return connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> Any:
        if not _is_local(address):
            raise NetworkBlocked(f"a test tried to connect to {address!r}")
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_local((name, 0)):
            raise socket.gaierror(f"a test tried to look up {name!r}")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Settings of the person who runs the tests must not change what is tested."""
    for name in list(os.environ):
        if name.startswith(("BOT_", "OPENAI_")) or name in ("DATABASE_URL", "CHROMA_URL", "PORT"):
            monkeypatch.delenv(name)
    # A name that nobody else has; the folder is made by those who write there (few tests do).
    monkeypatch.setenv("BOT_HOME", str(tmp_path_factory.getbasetemp() / "homes" / str(next(_HOMES))))
    # The embedder that is always there: a cached model of the developer's would change results and speed.
    monkeypatch.setenv("BOT_EMBEDDER", "wordllama")


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio only: that is what the product runs on."""
    return "asyncio"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and the one of the settings."""
    folder = tmp_path / "home"
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("BOT_HOME", str(folder))
    return folder
