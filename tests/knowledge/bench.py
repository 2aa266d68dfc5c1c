"""Figures of the article library: `python -m tests.knowledge.bench [--embedder NAME] [--passages N]`. Prints; asserts nothing.

Makes a folder of files, 2,000 words each, of sentences of our own articles in another order, indexes it into an empty
folder, once more, and once more after one edit, and searches it with our labelled questions. Seconds on the wall want a
quiet machine; processor seconds and memory are printed too.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.knowledge import embed
from bot.knowledge.library import Library
from bot.resources import corpus_dir
from eval.retrieval import own

WORDS_A_FILE, WORDS_A_PASSAGE = 2_000, 200


def write(folder: Path, passages: int) -> int:
    """Files of about so many passages in all; tells how many there are."""
    text = " ".join(p.read_text(encoding="utf-8") for p in sorted((corpus_dir() / "articles").glob("*.md")))
    sentences = [s for s in re.split(r"(?<=[.?!])\s+", text) if re.fullmatch(r"[A-Z][^#|`*\n]{40,300}", s)]
    files = passages * WORDS_A_PASSAGE // WORDS_A_FILE
    for number in range(files):
        rng, words, paragraphs = random.Random(number), 0, [f"# Article {number}"]
        while words < WORDS_A_FILE:
            paragraph = rng.sample(sentences, 6)
            words += sum(len(s.split()) for s in paragraph)
            paragraphs.append(" ".join(paragraph))
        (folder / f"{number}.md").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return files


def timed(what: str, work: Callable[[], object]) -> object:
    """Do it and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    print(f"{what}: {time.perf_counter() - wall:.2f} s, {time.process_time() - cpu:.2f} s of processor time")
    return result


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.knowledge.bench")
    parser.add_argument("--embedder", default="wordllama")
    parser.add_argument("--passages", type=int, default=4_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "articles"
        folder.mkdir()
        files = write(folder, given.passages)
        library = Library.open(Path(name) / "home", embedder=embed.load(given.embedder))
        timed(f"index {files} files", lambda: library.index([folder]))
        _, passages = library.counts()
        print(f"passages: {passages}")
        timed("the same again", lambda: library.index([folder]))
        edited = folder / "0.md"
        edited.write_text(
            edited.read_text(encoding="utf-8") + "\nOne more sentence stands here now.\n", "utf-8"
        )
        timed("after one edit", lambda: library.index([folder]))
        questions = [q.text for q in own.questions()]
        library.search(questions[0])
        waits, cpu = [], time.process_time()
        for _ in range(4):
            for question in questions:
                began = time.perf_counter()
                library.search(question)
                waits.append((time.perf_counter() - began) * 1000)
        cpu = (time.process_time() - cpu) * 1000 / len(waits)
        p95 = statistics.quantiles(waits, n=20)[-1]
        print(
            f"{len(waits)} searches: p50 {statistics.median(waits):.1f} ms, p95 {p95:.1f} ms, {cpu:.1f} ms of work"
        )
        library.close()
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
