"""Child process that opens a Chroma folder, counts and queries it: `python -m bot.knowledge.health FOLDER NAME COUNT`.

Exit status 0 when it is sound. It exists because opening a damaged folder can end the process that does so.
"""

from __future__ import annotations

import sys
from typing import Any


def main(arguments: list[str]) -> int:
    """Check one folder; prints what is wrong."""
    folder, name, count = arguments[0], arguments[1], int(arguments[2])
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=folder, settings=Settings(anonymized_telemetry=False))
    collection: Any = client.get_collection(name, embedding_function=None)
    held = collection.count()
    if held != count:
        print(f"it holds {held} passages instead of {count}")
        return 1
    if not count:
        return 0
    some = collection.get(limit=3, include=["embeddings"])
    for chunk, vector in zip(some["ids"], some["embeddings"], strict=True):
        found = collection.query(query_embeddings=[vector], n_results=min(10, count), include=["distances"])
        nearest = min(found["distances"][0])
        if nearest > 1e-3 and any(vector):
            print(f"{chunk} is not found by its own vector (nearest at distance {nearest:.3f})")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
