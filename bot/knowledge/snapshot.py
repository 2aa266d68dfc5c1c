"""The library as a search sees it: rows, their words and vectors, as of one revision of the database.

Reads the database; writes nothing, and does not know how hits are ranked or shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.knowledge.chunk import embedded_text
from bot.knowledge.embed import Embedder
from bot.knowledge.lexical import Lexical

if TYPE_CHECKING:
    from bot.knowledge.embed import Matrix
    from bot.store.library import ChunkRow, LibraryStore

_IN_MEMORY = 20_000  # passages, 30 MB of vectors


class Snapshot:
    """The library as of one revision, for searching: rows, their BM25, and whether the collection is in step."""

    def __init__(
        self,
        revision: str,
        rows: list[tuple[str, ChunkRow]],
        lexical: Lexical,
        embedder: Embedder | None,
        note: str,
    ) -> None:
        self.revision, self.rows, self.lexical, self.embedder, self.note = (
            revision,
            rows,
            lexical,
            embedder,
            note,
        )
        self.at = {chunk.id: at for at, (_, chunk) in enumerate(rows)}
        self.checked = self.in_step = self.repair_tried = False
        self._matrix: Matrix | None = None

    def scan(self, store: LibraryStore, embedder: Embedder, vector: Matrix, k: int) -> dict[int, float]:
        """Exact nearest rows from the vectors in the database."""
        import numpy as np

        scores = self._whole(store, embedder, len(vector)) @ vector
        top = np.argsort(-scores, kind="stable")[:k]
        return {int(at): float(scores[at]) for at in top}

    def cosines(
        self, store: LibraryStore, embedder: Embedder, vector: Matrix, rows: Sequence[int]
    ) -> dict[int, float]:
        """The cosine of some rows; a small library's vectors stay in memory for it."""
        if len(self.rows) <= _IN_MEMORY:
            held = self._whole(store, embedder, len(vector))[rows]
        else:
            held = vectors_of(store, embedder.id, [self.rows[at][1].hash for at in rows], len(vector))
        return dict(zip(rows, (held @ vector).tolist(), strict=True))

    def _whole(self, store: LibraryStore, embedder: Embedder, width: int) -> Matrix:
        if self._matrix is None:
            self._matrix = vectors_of(store, embedder.id, [chunk.hash for _, chunk in self.rows], width)
        return self._matrix

    def widened(self, row: int) -> tuple[int, int]:
        """The span of a row with its neighbours in the same article."""
        name, chunk = self.rows[row]
        start, end = chunk.start, chunk.end
        if row > 0 and self.rows[row - 1][0] == name:
            start = min(start, self.rows[row - 1][1].start)
        if row + 1 < len(self.rows) and self.rows[row + 1][0] == name:
            end = max(end, self.rows[row + 1][1].end)
        return start, end


def vectors_of(store: LibraryStore, embedder: str, hashes: Sequence[str], width: int = 0) -> Matrix:
    """Vectors of chunk hashes, row by row; a missing one is a zero row."""
    import numpy as np

    found = store.vectors(embedder, hashes)
    size = width or next((len(data) // 4 for data in found.values()), 1)
    out = np.zeros((len(hashes), size), dtype=np.float32)
    for at, key in enumerate(hashes):
        if key in found:
            out[at] = np.frombuffer(found[key], dtype="<f4")
    return out


def texts_of(store: LibraryStore, rows: Sequence[tuple[str, ChunkRow]]) -> list[str]:
    """What the lexical side indexes: the same prefixed text that is embedded."""
    bodies = {article.id: (article.title, article.text) for article in store.articles()}
    return [
        embedded_text(bodies[name][0], chunk.section, bodies[name][1][chunk.start : chunk.end])
        for name, chunk in rows
    ]
