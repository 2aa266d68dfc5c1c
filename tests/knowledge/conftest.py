"""A library on a temporary folder, with the small embedder of the tests, and three articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge import vectors
from bot.knowledge.library import Library
from tests.support.words import WordHashEmbedder


@pytest.fixture(autouse=True)
def _no_child(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The health check starts an interpreter (a second each); the slow tests run the real one."""
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(vectors, "check_in_child", lambda folder, name, count: "")


@pytest.fixture
def embedder() -> WordHashEmbedder:
    return WordHashEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: WordHashEmbedder) -> Iterator[Library]:
    made = Library.open(tmp_path / "home", embedder=embedder)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small articles."""
    place = tmp_path / "articles"
    place.mkdir()
    (place / "leakage.md").write_text(
        "---\ntitle: Data leakage\ncompetencies: [C01]\n---\n\n## What it is\n\n"
        "Leakage means that a feature carries the label. The validation score then promises too much.\n\n"
        "## How to find it\n\nTrain on one feature at a time and look for one that is too good.\n",
        "utf-8",
    )
    (place / "trees.txt").write_text(
        "Decision trees\n\nA tree splits the rows by one feature at a time, until the leaves are pure enough.\n\n"
        "Pruning removes branches that fit noise and not the signal.\n",
        "utf-8",
    )
    (place / "queues.html").write_text(
        "<html><head><title>Message queues</title></head><body><nav><a href='/'>Home</a> <a href='/a'>About</a></nav>"
        "<article><h1>Message queues</h1><p>A queue decouples the producer from the consumer, so that a burst of "
        "requests is absorbed and nobody has to wait for the slowest worker in the chain.</p>"
        "<p>At least once delivery means that consumers must be idempotent, because a message may well come twice "
        "when an acknowledgement is lost on its way back to the broker.</p></article>"
        "<footer>Copyright 2020. All rights reserved.</footer></body></html>",
        "utf-8",
    )
    return place
