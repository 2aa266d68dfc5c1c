"""The lexical side of search: stemmed BM25 (bm25s), kept as files that are mapped, not loaded.

Lucene's formula with k1 = 1.5 and b = 0.6, and the longer of the library's stop lists, which knows the words that
questions are asked with: tried on seven development sets (docs/retrieval.md). Does not know the dense side, nor what
the rows stand for.
"""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "2"
_K1, _B = 1.5, 0.6
_STOP = "en_plus"


class Match(NamedTuple):
    """What the words of a query say about every row.

    `bm25` ranks. `coverage` is the share of the query's words that a row holds, weighted by how rare they are
    (0 to 1): unlike BM25 it can be compared between queries, so it helps to tell whether anything is relevant.
    """

    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]


class Lexical:
    """BM25 scores of rows (passages) by their place in the list that it was built from."""

    def __init__(self, model: Any, rows: int) -> None:
        self._model = model
        self.rows = rows

    @classmethod
    def build(cls, texts: Sequence[str]) -> Lexical:
        """Index `texts`; none of them needs to have a word."""
        import bm25s

        tokens = _tokens(list(texts))
        if not any(tokens):
            return cls(None, len(texts))
        model = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        model.index(tokens, show_progress=False)
        return cls(model, len(texts))

    def save(self, folder: Path, revision: str) -> None:
        """Write the index for `revision` into `folder/revision`; older ones are removed."""
        place = folder / revision
        part = folder / f"{revision}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        if self._model is not None:
            self._model.save(str(part / "bm25"), show_progress=False)
        (part / "meta.json").write_text(
            json.dumps({"rows": self.rows, "empty": self._model is None, "version": VERSION}), "utf-8"
        )
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
        for old in folder.iterdir():
            if old.name != revision:
                shutil.rmtree(old, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path, revision: str) -> Lexical | None:
        """The index that was saved for `revision`, or None when it is not there or of another version."""
        place = folder / revision
        try:
            meta = json.loads((place / "meta.json").read_text("utf-8"))
            if meta["version"] != VERSION:
                return None
            if meta["empty"]:
                return cls(None, meta["rows"])
            import bm25s

            return cls(bm25s.BM25.load(str(place / "bm25"), mmap=True), meta["rows"])
        except (OSError, ValueError, KeyError):
            return None  # derived data: the caller builds it again

    def match(self, query: str) -> Match:
        """BM25 and coverage of every row; zeros when no word of the query is known."""
        import numpy as np

        scores = np.zeros(self.rows, dtype=np.float32)
        covered = np.zeros(self.rows, dtype=np.float32)
        words = Counter(_tokens([query])[0] if query.strip() else ())
        whole = 0.0
        for word, times in words.items():
            rows, values = self._postings(word)
            idf = math.log(1.0 + (self.rows - len(rows) + 0.5) / (len(rows) + 0.5))
            whole += idf
            scores[rows] += values * times
            covered[rows] += idf
        return Match(scores, covered / whole if whole else covered)

    def _postings(self, word: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold a stem, and what it adds to their BM25."""
        import numpy as np

        column = None if self._model is None else self._model.vocab_dict.get(word)
        if column is None:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        held = self._model.scores  # a sparse matrix by columns, one column a stem
        start, end = int(held["indptr"][column]), int(held["indptr"][column + 1])
        return np.asarray(held["indices"][start:end]), np.asarray(held["data"][start:end])


def _tokens(texts: list[str]) -> list[list[str]]:
    import bm25s

    found = bm25s.tokenize(texts, stopwords=_STOP, stemmer=_stemmer(), return_ids=False, show_progress=False)
    return [list(words) for words in found]


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
