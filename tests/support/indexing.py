"""A process that indexes a folder and says what it must not lose: `python -m tests.support.indexing HOME FOLDER [URL]`.

Prints START, one line "ACK id" for every acknowledged article, and DONE. Tests kill it anywhere in between.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.knowledge.library import Library
from tests.support.words import WordHashEmbedder


def main(home: str, folder: str, chroma_url: str = "") -> None:
    library = Library.open(Path(home), embedder=WordHashEmbedder(), chroma_url=chroma_url)
    library.search("warm up")
    print("START", flush=True)
    library.index([folder], acknowledged=lambda article: print("ACK", article, flush=True))
    print("DONE", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
