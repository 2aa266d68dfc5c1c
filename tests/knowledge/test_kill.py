"""Killed with -9 anywhere in indexing: every later search works, and no acknowledged article is lost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from bot.knowledge.library import Library
from tests.support.killing import run_and_kill, write_articles
from tests.support.words import WordHashEmbedder

pytestmark = pytest.mark.slow

ROUNDS = 50


def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(20261120)
    home, folder = tmp_path / "home", tmp_path / "articles"
    folder.mkdir()
    write_articles(folder, chance, 0)
    started = time.perf_counter()
    run_and_kill(home, folder, 600)
    whole = max(0.5, min(4.0, time.perf_counter() - started))
    safe: set[str] = set()
    finished = 0
    for n in range(1, ROUNDS + 1):
        write_articles(folder, chance, n)
        acknowledged, done = run_and_kill(home, folder, chance.uniform(0.0, whole))
        finished += done
        safe |= acknowledged
        library = Library.open(home, embedder=WordHashEmbedder())
        held = {entry.id for entry in library.articles()}
        assert safe <= held, f"round {n} lost {safe - held}"
        for name in chance.sample(sorted(held), 5):
            answer = library.search(f"marker{name[1:]}", 5, gate=False)
            assert any(hit.article == name for hit in answer.hits), (
                f"round {n}: {name} is not found ({answer.note})"
            )
            hit = next(hit for hit in answer.hits if hit.article == name)
            assert library.article(name).text[hit.start : hit.end] == hit.text
        library.close()
    assert finished < ROUNDS, "no kill hit a running index; the moments are badly chosen"
    library = Library.open(home, embedder=WordHashEmbedder())
    report = library.index([folder])
    assert report.articles == len(list(folder.glob("*.md")))
    library.close()
