"""Search over a collection in the shape that retrieval tools use: documents and queries in, a TREC run out.

Everything lives in memory and a throw-away folder. A JSON Lines document is one passage, as published figures
are made; the files of a folder are read, cut and searched by passage, and a document scores as its best one.
Knows the formats and the ranking; not the library of an installation.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import InputRefused
from bot.knowledge import chunk, read
from bot.knowledge.embed import Embedder
from bot.knowledge.lexical import Lexical
from bot.knowledge.mix import DENSE_ONLY, WORDS_ONLY, Weights, rank
from bot.knowledge.mix import best as strongest
from bot.knowledge.sources import scan
from bot.knowledge.values import Notice
from bot.knowledge.vectors import FolderIndex, Manifest

if TYPE_CHECKING:
    from bot.knowledge.embed import Matrix

MODES = ("mix", "dense", "bm25")
_EMBED_BATCH = 256


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that is searched, of a document."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question and its id."""

    id: str
    text: str


def documents(source: Path) -> tuple[list[Passage], list[Notice]]:
    """Passages of a JSON Lines file (`id`, `title`, `text`) or of the articles in a folder, with what was refused."""
    if not source.is_dir():
        rows = _json_lines(source)
        return [
            Passage(str(row["id"]), f"{row.get('title') or ''} {row.get('text') or ''}".strip())
            for row in rows
        ], []
    found = scan([source])
    passages, notices = [], list(found.notices)
    for candidate in found.candidates:
        assert candidate.path is not None  # a folder holds files only
        try:
            article = read.read(candidate.path.read_bytes(), candidate.source)
        except InputRefused as problem:
            notices.append(Notice(source=candidate.source, kind="refused", detail=str(problem)))
            continue
        text, paragraphs = chunk.place(article.blocks)
        for entry in chunk.cut(article.title, text, paragraphs):
            body = chunk.embedded_text(article.title, entry.section, text[entry.start : entry.end])
            passages.append(Passage(candidate.source, body))
    return passages, notices


def queries(source: Path) -> list[Query]:
    """Queries of a JSON Lines file (`id`, `text`)."""
    return [Query(str(row["id"]), str(row.get("text") or "")) for row in _json_lines(source)]


def _json_lines(source: Path) -> list[dict[str, object]]:
    rows = []
    try:
        text = source.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputRefused(f"{source} cannot be read ({problem}).") from problem
    for n, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise InputRefused(
                f"{source}:{n} is not JSON ({problem}).", hint="One object a line is expected."
            ) from problem
        if not isinstance(row, dict) or "id" not in row:
            raise InputRefused(
                f"{source}:{n} has no `id`.", hint='A line looks like {"id": "1", "text": "..."}.'
            )
        rows.append(row)
    return rows


def _column(name: str) -> str:
    return "_".join(name.split()) or "_"


class Collection:
    """Passages ready to be searched; use as a context manager, the index is thrown away at the end."""

    def __init__(
        self,
        passages: Sequence[Passage],
        embedder: Embedder | None,
        progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
    ) -> None:
        self._passages = passages
        self._embedder = embedder
        self._progress = progress
        self._lexical = Lexical.build([entry.text for entry in passages])
        self._work = tempfile.TemporaryDirectory(prefix="rehearsal-search-", ignore_cleanup_errors=True)
        self._index: FolderIndex | None = None
        self._vectors: Matrix | None = None
        if embedder is not None and passages:
            self._vectors = self._embedded(embedder)
            self._index = self._written(embedder, self._vectors)

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, *_: object) -> None:
        if self._index is not None:
            self._index.close()
        self._work.cleanup()

    def search(
        self, text: str, mode: str, limit: int = 100, weights_of: Weights | None = None
    ) -> list[tuple[str, float]]:
        """(document, score) best first, at most `limit`; a document scores as its best passage.

        `weights_of` stands in for the embedder's weights while they are being fitted.
        """
        words = self._lexical.match(text)
        cosine: dict[int, float] = {}
        weights = DENSE_ONLY if mode == "dense" else WORDS_ONLY
        reach = 3 * limit if len({p.document for p in self._passages}) < len(self._passages) else limit
        if (
            mode != "bm25"
            and self._index is not None
            and self._embedder is not None
            and self._vectors is not None
        ):
            vector = self._embedder.embed([text])[0]
            nearest = self._index.query(vector, min(reach, len(self._passages))) if vector.any() else []
            cosine = {int(name): score for name, score in nearest}
            if mode == "mix":
                weights = self._embedder.mix.weights if weights_of is None else weights_of
                more = [at for at in strongest(words.bm25, reach) if at not in cosine]
                cosine.update(zip(more, (self._vectors[more] @ vector).tolist(), strict=True))
        best: dict[str, float] = {}
        for entry in rank(cosine, words, weights, 2 * reach):
            best.setdefault(self._passages[entry.row].document, entry.score)
        return list(best.items())[:limit]

    def run(self, asked: Sequence[Query], mode: str, tag: str, limit: int = 100) -> Iterator[str]:
        """Lines of a TREC run: `query Q0 document rank score tag`; white space in a name becomes `_`."""
        for done, query in enumerate(asked, 1):
            for place, (document, score) in enumerate(self.search(query.text, mode, limit), 1):
                yield f"{_column(query.id)} Q0 {_column(document)} {place} {score:.6f} {tag}"
            self._progress("Searching", done, len(asked))

    def _embedded(self, embedder: Embedder) -> Matrix:
        import numpy as np

        parts = []
        for start in range(0, len(self._passages), _EMBED_BATCH):
            part = self._passages[start : start + _EMBED_BATCH]
            parts.append(embedder.embed([entry.text for entry in part]))
            self._progress(
                "Embedding passages", min(start + _EMBED_BATCH, len(self._passages)), len(self._passages)
            )
        return np.concatenate(parts)

    def _written(self, embedder: Embedder, vectors: Matrix) -> FolderIndex:
        index = FolderIndex(Path(self._work.name), embedder.id)
        names = [str(at) for at in range(len(self._passages))]
        manifest = Manifest("throw-away", embedder.id, "trec", len(names))
        index.write(names, lambda ids: vectors[[int(name) for name in ids]], manifest)
        return index
