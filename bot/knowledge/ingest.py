"""One run of the indexer: what changed is read, cleaned, cut, embedded and committed, batch by batch.

Every input ends as an article or as a notice that names it; one that fails never stops the others. Knows the
database and the embedder; does not know the search indexes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bot.errors import InputRefused
from bot.knowledge import chunk, clean, injection, read
from bot.knowledge.alike import Neighbours, sketch
from bot.knowledge.embed import Embedder
from bot.knowledge.sources import Candidate, Scan
from bot.knowledge.values import Notice, Source

if TYPE_CHECKING:
    from bot.store.library import ArticleBundle, Known, LibraryStore

PIPELINE = f"read{read.VERSION}-clean{clean.VERSION}-chunk{chunk.VERSION}"
"""Rules that an article was made with; another value makes the next run read it again."""

_BATCH_CHUNKS = 256
_BATCH_ARTICLES = 100


class Ingest:
    """Takes a scan into the library. `counts()` and `notices` tell what happened."""

    def __init__(
        self,
        store: LibraryStore,
        embedder: Embedder,
        progress: Callable[[str, int, int], None],
        acknowledged: Callable[[str], None],
    ) -> None:
        self._store, self._embedder = store, embedder
        self._progress, self._acknowledged = progress, acknowledged
        self.notices: list[Notice] = []
        self._counts: Counter[str] = Counter()
        self._known = {(entry.root, entry.source): entry for entry in store.known()}
        self._ids = {entry.id for entry in self._known.values()}
        self._vectors = store.has_vectors(embedder.id)
        self._titles = {entry.title.casefold(): entry.id for entry in self._known.values()}
        self._texts = {entry.text_hash: entry.id for entry in self._known.values()}
        self._alike = Neighbours({entry.id: entry.sketch for entry in self._known.values()})
        self._batch: list[ArticleBundle] = []
        self._pending: dict[str, str] = {}  # chunk hash -> text to embed
        self._passed_over: set[str] = set()

    def counts(self) -> dict[str, int]:
        """The counters of an `IndexReport`."""
        names = ("added", "changed", "renamed", "removed", "unchanged", "refused", "embedded", "reused")
        return {name: self._counts[name] for name in names}

    def take(self, found: Scan) -> None:
        """Read what is new or changed, follow renames, remove what vanished."""
        self.notices.extend(found.notices)
        self._counts["refused"] += sum(
            1 for entry in found.notices if entry.kind in ("refused", "unreadable", "missing")
        )
        present = {(entry.root, entry.source) for entry in found.candidates}
        gone = {
            entry.raw_hash: entry
            for key, entry in self._known.items()
            if entry.root in found.covered and key not in present
        }
        for done, candidate in enumerate(found.candidates):
            self._progress("Reading articles", done, len(found.candidates))
            self._one(candidate, gone)
            if len(self._pending) >= _BATCH_CHUNKS or len(self._batch) >= _BATCH_ARTICLES:
                self._commit()
        self._commit()
        self._progress("Reading articles", len(found.candidates), len(found.candidates))
        vanished = sorted(
            entry.id
            for key, entry in self._known.items()
            if entry.root in found.covered and key not in present
        )
        if vanished:
            self._store.remove(vanished)
            self._counts["removed"] += len(vanished)
        looked_at = {passed_over_key(*key) for key in present}
        before = set(self._store.state("passed_over").split()) - looked_at
        self._store.set_state("passed_over", " ".join(sorted(before | self._passed_over)))

    def embed_missing(self) -> int:
        """Embed passages that are there but have no vector of this embedder (it changed); how many."""
        rows = [(name, entry) for name, entry in self._store.chunks() if entry.hash not in self._vectors]
        total = len({entry.hash for _, entry in rows})
        done = 0
        for start in range(0, len(rows), _BATCH_CHUNKS):
            part = rows[start : start + _BATCH_CHUNKS]
            articles = {name: self._store.article(name) for name in {name for name, _ in part}}
            texts = {}
            for name, entry in part:
                article = articles[name]
                if article is not None and entry.hash not in self._vectors:
                    body = article.text[entry.start : entry.end]
                    texts[entry.hash] = chunk.embedded_text(article.title, entry.section, body)
            self._store.save_vectors(self._embed(texts))
            done += len(texts)
            self._progress("Embedding passages", done, total)
        return done

    # ------------------------------------------------------------------ one input

    def _one(self, candidate: Candidate, gone: dict[str, Known]) -> None:
        known = self._known.get((candidate.root, candidate.source))
        same_stamp = known and (known.size, known.mtime) == (candidate.size, candidate.mtime)
        if known and same_stamp and known.pipeline == PIPELINE and candidate.path is not None:
            self._counts["unchanged"] += 1
            return
        try:
            raw = content(candidate)
            raw_hash = self._raw_hash(candidate, raw)
            if known and known.raw_hash == raw_hash and known.pipeline == PIPELINE:
                self._store.touch(known.id, candidate.size, candidate.mtime)
                self._counts["unchanged"] += 1
                return
            moved = gone.pop(raw_hash, None) if known is None else None
            if moved is not None and moved.pipeline == PIPELINE:
                self._rename(moved, candidate)
                return
            overrides = self._store.overrides(candidate.root, candidate.source)
            self._add(candidate, known, raw_hash, read.read(raw, candidate.name, overrides))
        except InputRefused as problem:
            self._refuse(candidate, known, str(problem))
        except OSError as problem:
            self._refuse(candidate, known, f"It cannot be read ({problem.strerror or problem}).")
        except (RecursionError, MemoryError) as problem:
            self._refuse(candidate, known, f"It is too complicated to read ({type(problem).__name__}).")

    def _raw_hash(self, candidate: Candidate, raw: bytes) -> str:
        """Content plus a person's overrules of it: a change of either makes it new."""
        overrides = self._store.overrides(candidate.root, candidate.source)
        decided = repr(sorted(overrides.items())) if overrides else ""
        return sha256(raw + decided.encode()).hexdigest()

    def _rename(self, moved: Known, candidate: Candidate) -> None:
        self._store.rename(moved.id, candidate.root, candidate.source, candidate.mtime)
        del self._known[(moved.root, moved.source)]
        self._counts["renamed"] += 1
        self._notice(candidate, "renamed", f"It was {moved.source}; its id stays {moved.id}.")

    def _refuse(self, candidate: Candidate, known: Known | None, why: str) -> None:
        self._counts["refused"] += 1
        self._pass_over(candidate)
        kept = " What was indexed of it before is kept." if known else ""
        self._notice(candidate, "refused", why + kept)

    def _pass_over(self, candidate: Candidate) -> None:
        self._passed_over.add(passed_over_key(candidate.root, candidate.source))

    def _add(self, candidate: Candidate, known: Known | None, raw_hash: str, source: Source) -> None:
        from bot.store.library import ArticleBundle, ArticleRow, ChunkRow, DroppedRow, ParagraphRow

        text, paragraphs = chunk.place(source.blocks)
        title = " ".join(source.title.split())[:300] or PurePosixPath(candidate.source).stem
        text_hash = chunk.digest(text)
        twin = self._texts.get(text_hash)
        if twin and (known is None or twin != known.id):
            self._counts["refused"] += 1
            self._pass_over(candidate)
            self._notice(candidate, "duplicate", f"Its text is the same as that of {twin}; it is kept once.")
            return
        name = known.id if known else self._new_id(candidate)
        mark = sketch(text)
        flagged = self._warn(candidate, name, title, text, mark, source)
        cut = chunk.cut(title, text, paragraphs)
        row = ArticleRow(
            id=name, root=candidate.root, source=candidate.source, title=title, form=source.form,
            encoding=source.encoding, raw_hash=raw_hash, text_hash=text_hash, pipeline=PIPELINE, text=text,
            meta=_plain(source.meta), notices=[{"kind": "warning", "detail": entry} for entry in source.warnings],
            flagged=flagged, sketch=mark, size=candidate.size, mtime=candidate.mtime,
        )  # fmt: skip
        self._batch.append(
            ArticleBundle(
                row,
                [ParagraphRow(p.n, p.start, p.end, p.kind.value, p.section) for p in paragraphs],
                [ChunkRow(c.n, _chunk_id(name, c.n, c.hash), c.start, c.end, c.section, c.hash) for c in cut],
                [DroppedRow(line.n, line.text, line.why) for line in source.dropped],
            )
        )
        for entry in cut:
            if entry.hash in self._vectors or entry.hash in self._pending:
                self._counts["reused"] += 1
            else:
                body = text[entry.start : entry.end]
                self._pending[entry.hash] = chunk.embedded_text(title, entry.section, body)
        self._ids.add(name)
        self._texts[text_hash] = name
        self._titles[title.casefold()] = name
        self._alike.add(name, mark)
        self._counts["changed" if known else "added"] += 1

    def _warn(
        self, candidate: Candidate, name: str, title: str, text: str, mark: bytes, source: Source
    ) -> bool:
        """Name what a person should know of an article; whether its passages are flagged."""
        for warning in source.warnings:
            self._notice(candidate, "warning", warning)
        if source.encoding not in ("utf-8", "utf-8-sig", "ascii", "pdf", "docx"):
            self._notice(candidate, "encoding", f"It was read as {source.encoding}.")
        other = self._titles.get(title.casefold())
        if other and other != name:
            self._notice(
                candidate,
                "same-title",
                f"It has the same title as {other}; both are kept, as {name} and {other}.",
            )
        near = self._alike.nearest(name, mark)
        if near:
            self._notice(
                candidate, "near-duplicate", f"It is {near[1]:.0%} the same as {near[0]}; both are kept."
            )
        words = injection.addressed_to_a_model(text)
        if words:
            detail = (
                f'It speaks to the interviewer ("{words}"). It is kept as text, and its passages are flagged.'
            )
            self._notice(candidate, "instructions", detail)
        return bool(words)

    def _notice(self, candidate: Candidate, kind: str, detail: str) -> None:
        source = candidate.source.encode("utf-8", "replace").decode("utf-8")
        self.notices.append(Notice(source=source, kind=kind, detail=detail))

    def _new_id(self, candidate: Candidate) -> str:
        base = _slug(PurePosixPath(candidate.name).stem) or "article"
        name, n = base, 2
        while name in self._ids:
            name, n = f"{base}-{n}", n + 1
        return name

    # ------------------------------------------------------------------ batches

    def _commit(self) -> None:
        if not self._batch:
            return
        vectors = self._embed(self._pending)
        self._store.save(self._batch, vectors)
        for bundle in self._batch:
            self._acknowledged(bundle.article.id)
        self._batch, self._pending = [], {}

    def _embed(self, texts: dict[str, str]) -> dict[tuple[str, str], bytes]:
        if not texts:
            return {}
        rows = self._embedder.embed(list(texts.values()))
        self._counts["embedded"] += len(texts)
        self._vectors.update(texts)
        return {
            (self._embedder.id, key): row.astype("<f4").tobytes()
            for key, row in zip(texts, rows, strict=True)
        }


def content(candidate: Candidate) -> bytes:
    """The bytes of an input. Raises `OSError` for a file, `InputRefused` for a page that cannot be had."""
    if candidate.path is not None:
        return candidate.path.read_bytes()
    from bot.knowledge.fetch import page

    return page(candidate.source)


def passed_over_key(root: str, source: str) -> str:
    """What an input that a run decided not to keep is remembered by."""
    return chunk.digest(f"{root}\n{source}")


def _chunk_id(article: str, n: int, content: str) -> str:
    return chunk.digest(f"{article}\n{n}\n{content}")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80].strip("-")


def _plain(meta: dict[str, object]) -> dict[str, object]:
    """Front matter as JSON can hold it."""

    def tame(value: object) -> object:
        if isinstance(value, dict):
            return {str(key): tame(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [tame(entry) for entry in value]
        return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)

    return {key: tame(value) for key, value in meta.items()}
