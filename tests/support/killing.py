"""Starts an indexer and kills it with -9 at a moment of choice; articles that change between two kills."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

WORDS = ("model", "data", "loss", "tree", "node", "rank", "query", "index")


def write_articles(folder: Path, chance: random.Random, generation: int) -> None:
    """Add some articles, change some; each holds a word of its own."""
    for n in chance.sample(range(120), 40):
        words = " ".join(chance.choice(WORDS) for _ in range(300))
        (folder / f"a{n}.md").write_text(
            f"# Article {n}\n\nmarker{n} of generation {generation}. {words}.\n", "utf-8"
        )


def run_and_kill(home: Path, folder: Path, after: float, chroma_url: str = "") -> tuple[set[str], bool]:
    """Index in a child that is killed `after` seconds past its start; what it acknowledged, and whether it was done."""
    command = [sys.executable, "-m", "tests.support.indexing", str(home), str(folder), chroma_url]
    acknowledged: set[str] = set()
    done = False
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        timer = threading.Timer(after, child.kill)
        try:
            for line in child.stdout:
                if line.startswith("START"):
                    timer.start()
                elif line.startswith("ACK"):
                    acknowledged.add(line.split()[1])
                elif line.startswith("DONE"):
                    done = True
        finally:  # a timer that still waits would keep the whole test run from ending
            timer.cancel()
    return acknowledged, done
