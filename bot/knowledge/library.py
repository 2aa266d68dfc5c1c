"""The door of this package: index articles, search them, cite them.

`Library` puts the steps together and owns the order of writes: an article counts (is acknowledged) once it is
committed to our database with its chunks and vectors; the lexical index and the Chroma collection are made
from the database afterwards and can be made again at any time. Readers notice by one small read that the
database moved on. Knows no interview, no page and no command line.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bot.domain.library import Citation
from bot.errors import EmbedderUnavailable, IndexLocked, InputRefused, KnowledgeError, NotFound
from bot.knowledge import embed as embedders
from bot.knowledge.embed import Embedder
from bot.knowledge.ingest import PIPELINE, Ingest, content, passed_over_key
from bot.knowledge.lexical import Lexical
from bot.knowledge.lock import WriterLock
from bot.knowledge.mix import DENSE_ONLY, WORDS_ONLY, Ranked, rank
from bot.knowledge.mix import best as strongest
from bot.knowledge.read import line_key, read, verdicts
from bot.knowledge.snapshot import Snapshot, texts_of, vectors_of
from bot.knowledge.sources import Candidate, Scan, again, scan
from bot.knowledge.values import Answer, Hit, IndexReport, Line
from bot.knowledge.vectors import FolderIndex, Manifest, ServerIndex

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.knowledge.embed import Matrix
    from bot.settings import Settings
    from bot.store.library import ArticleRow, DroppedRow, Known, LibraryStore

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""(what is being done, how much is done, how much there is)."""

CANDIDATES = 100
PER_ARTICLE = 2


class Index(Protocol):
    """The derived dense index: a folder of generations or a server."""

    def manifest(self) -> Manifest | None: ...
    def query(self, vector: Matrix, k: int) -> list[tuple[str, float]]: ...
    def write(
        self, wanted: Sequence[str], fetch: Callable[[Sequence[str]], Matrix], manifest: Manifest,
        progress: Callable[[int], None] = ...,
    ) -> None: ...  # fmt: skip
    def close(self) -> None: ...


def _quiet(_what: str, _done: int, _total: int) -> None:
    """No progress is shown."""


class Library:
    """The articles of one installation. Safe for many readers and, under a lock, one writer at a time."""

    def __init__(
        self, store: LibraryStore, home: Path, embedder: Embedder | str = "auto", chroma_url: str = ""
    ) -> None:
        self._store = store
        self._home = home / "index"
        self._chroma_url = chroma_url
        self._asked = embedder
        self._embedder: Embedder | None = None if isinstance(embedder, str) else embedder
        self._snapshot: Snapshot | None = None
        self._index: Index | None = None

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        database_url: str = "",
        chroma_url: str = "",
        embedder: Embedder | str = "auto",
        engine: Engine | None = None,
    ) -> Library:
        """Open the library whose derived files lie in `home`.

        `engine` wins over `database_url`; without either the database is a file in `home`.
        """
        from bot.store.engine import open_engine
        from bot.store.library import LibraryStore

        made = engine or open_engine(database_url or f"sqlite:///{home / 'rehearsal.db'}")
        return cls(LibraryStore(made), home, embedder, chroma_url)

    @classmethod
    def from_settings(cls, settings: Settings, engine: Engine | None = None) -> Library:
        """The library that the settings describe."""
        return cls.open(
            settings.home,
            database_url=settings.database_url,
            chroma_url=settings.chroma_url,
            embedder=_remote(settings) or settings.embedder,
            engine=engine,
        )

    # ------------------------------------------------------------------ index

    def index(
        self,
        paths: Iterable[Path | str],
        *,
        progress: Progress = _quiet,
        acknowledged: Callable[[str], None] = lambda _: None,
    ) -> IndexReport:
        """Bring the library in step with `paths` (folders, files, URLs) and the search indexes with the library.

        Only what changed is read, and only new passages are embedded. Files that vanished from a folder given
        are removed; articles of other folders stay. `acknowledged` is told the id of every article once it
        cannot be lost any more. Raises `IndexLocked` when another process writes, `EmbedderUnavailable`.
        """
        with self._lock():
            return self._bring_in(scan(paths), progress, acknowledged)

    def _bring_in(
        self, found: Scan, progress: Progress = _quiet, acknowledged: Callable[[str], None] = lambda _: None
    ) -> IndexReport:
        """Take a scan in and derive the indexes. The caller holds the lock."""
        started = time.perf_counter()
        embedder = self._loaded()
        before = self._store.state("embedder")
        run = Ingest(self._store, embedder, progress, acknowledged)
        run.take(found)
        anew = run.embed_missing()
        self._store.set_state("embedder", embedder.id)
        self._derive(embedder, progress)
        articles, chunks = self._store.counts()
        return IndexReport(
            **run.counts(),
            articles=articles,
            chunks=chunks,
            seconds=round(time.perf_counter() - started, 3),
            embedder=embedder.id,
            embedder_note=_embedder_note(before, embedder.id, anew, self._asked),
            notices=tuple(run.notices),
        )

    def is_stale(self, paths: Iterable[Path | str]) -> bool:
        """Whether `index(paths)` would change anything; looks at sizes and times, reads no file."""
        known = {(entry.root, entry.source): entry for entry in self._store.known()}
        found = scan(paths)
        seen = set()
        for candidate in found.candidates:
            key = (candidate.root, candidate.source)
            seen.add(key)
            entry = known.get(key)
            same = entry and (entry.size, entry.mtime, entry.pipeline) == (
                candidate.size,
                candidate.mtime,
                PIPELINE,
            )
            if (
                not same
                and candidate.path is not None
                and not self._passed_over(candidate.root, candidate.source)
            ):
                return True
        if any(root in found.covered and (root, source) not in seen for root, source in known):
            return True
        return bool(known) and self._store.state("embedder") != self._id_asked()

    def remove(self, articles: Iterable[str]) -> int:
        """Remove articles by id; how many there were. The files they came from are not touched."""
        there = {entry.id for entry in self._store.known()}
        gone = [article for article in articles if article in there]
        with self._lock():
            self._store.remove(gone)
            self._derive(self._loaded(), _quiet)
        return len(gone)

    # ------------------------------------------------------------------ search

    def search(
        self, query: str, k: int = 5, *, mode: str = "mix", per_article: int = PER_ARTICLE, gate: bool = True
    ) -> Answer:
        """The best passages for `query`, at most `per_article` of one article, or none with a note that says why.

        `mode` is "mix", "dense" or "bm25". Never fails because a derived index is missing or behind: it is
        made up for from the database, at worst by an exact scan.
        """
        text = " ".join(query.split())[:2000]
        if not text:
            return Answer(query=query, hits=(), note="The question is empty.")
        snapshot, note = self._fresh()
        if not snapshot.rows:
            return Answer(
                query=query, hits=(), note="There are no articles yet: run `mock-interview index FOLDER`."
            )
        found = self._ranked(snapshot, text, mode)
        note = _join(note, found.note)
        shown = {"query": query, "best_cosine": round(found.cosine, 4), "embedder": found.embedder}
        if not found.rows or (gate and not found.relevant):
            return Answer.model_validate({"hits": (), "note": _join("Nothing relevant here.", note), **shown})
        chosen = _capped(found.rows, snapshot, k, per_article)
        return Answer.model_validate({"hits": self._hits(snapshot, chosen), "note": note, **shown})

    def passage(self, article: str, start: int, end: int) -> Citation:
        """The exact text at a span of an article. Raises `NotFound`."""
        row = self._store.article(article)
        if row is None or not 0 <= start < end <= len(row.text):
            raise NotFound(
                f"There is no passage {start}-{end} in an article {article!r}.",
                hint="It may have changed since.",
            )
        section = next(
            (p.section for p in self._store.paragraphs(article) if p.start <= start < p.end + 2), ""
        )
        return Citation(
            article=article,
            title=row.title,
            section=section,
            start=start,
            end=end,
            text=row.text[start:end],
            score=0.0,
        )

    # ------------------------------------------------------------------ looking at it

    def articles(self) -> list[Known]:
        """Every article, without its text."""
        return self._store.known()

    def article(self, article: str) -> ArticleRow:
        """One article with its text. Raises `NotFound`."""
        row = self._store.article(article)
        if row is None:
            raise NotFound(
                f"There is no article {article!r}.", hint="`mock-interview articles` lists what there is."
            )
        return row

    def headings(self, article: str) -> tuple[tuple[int, int], ...]:
        """Spans of an article's text that are headings, in order."""
        return tuple((p.start, p.end) for p in self._store.paragraphs(article) if p.kind == "heading")

    def dropped(self, article: str) -> list[DroppedRow]:
        """The lines that cleaning dropped from an article, and why."""
        return self._store.dropped(article)

    def lines(self, article: str) -> tuple[Line, ...]:
        """The verdict on every line of the input that an article came from, overrules included.

        The input is read again (an article from the web: fetched). Raises `NotFound`, `InputRefused`.
        """
        row = self.article(article)
        _, raw, name = self._input(row)
        return verdicts(raw, name, self._store.overrides(row.root, row.source))

    def overrule(self, article: str, decisions: Mapping[str, bool]) -> IndexReport:
        """Decide by hand which lines of an article are kept, and read it again at once.

        `decisions` maps `line_key` of a line's text to whether it is kept; lines of equal text share their fate.
        A decision that agrees with the rules takes an earlier one back. Raises `NotFound`, `IndexLocked`, and
        `InputRefused` when the input is gone, has no such line, or would have no text left.
        """
        with self._lock():
            row = self.article(article)
            candidate, raw, name = self._input(row)
            by_rules = {line_key(line.text): line.kept for line in verdicts(raw, name)}
            if not decisions.keys() <= by_rules.keys():
                raise InputRefused(f"{row.source} has changed: not every line is there.", hint="Look again.")
            decided = {**self._store.overrides(row.root, row.source), **decisions}
            read(raw, name, decided)  # refuses what would have no text left, before anything is written
            for key, keep in decisions.items():
                self._store.override(row.root, row.source, key, None if keep == by_rules[key] else keep)
            self._store.touch(article, row.size, -1)
            return self._bring_in(Scan([candidate]))

    def _input(self, row: ArticleRow) -> tuple[Candidate, bytes, str]:
        """What an article came from, its bytes, and the name that tells its form."""
        candidate = again(row.root, row.source)
        try:
            return candidate, content(candidate), candidate.name
        except OSError as problem:
            raise InputRefused(f"{row.source} cannot be read ({problem.strerror or problem}).") from problem

    def counts(self) -> tuple[int, int]:
        """(articles, passages)."""
        return self._store.counts()

    def embedder_note(self) -> str:
        """Which embedder the index was made with, for people; "" before there is an index."""
        name = self._store.state("embedder")
        if name == embedders.WordLlamaEmbedder.id and not embedders.minilm_present():
            return f"{name}, which needs no download; “mock-interview fetch-embedder” brings a better one (80 MB)"
        return name

    def close(self) -> None:
        """Let go of files and connections."""
        if self._index is not None:
            self._index.close()
        self._snapshot = self._index = None

    # ------------------------------------------------------------------ inside: embedder, lock, derived files

    def _id_asked(self) -> str:
        if self._embedder is not None:
            return self._embedder.id
        return {"wordllama": "wordllama-256", "minilm": "minilm-384"}.get(
            embedders.resolve(str(self._asked)), str(self._asked).replace(":", "-")
        )

    def _loaded(self) -> Embedder:
        if self._embedder is None:
            self._embedder = embedders.load(str(self._asked))
        return self._embedder

    def _passed_over(self, root: str, source: str) -> bool:
        """Whether the last run decided not to keep this input (a refusal, an exact copy)."""
        return passed_over_key(root, source) in self._store.state("passed_over").split()

    def _lock(self) -> Any:
        return WriterLock(self._home / "LOCK")

    def _connect(self, embedder_id: str) -> Index:
        if self._chroma_url:
            return ServerIndex(self._chroma_url, embedder_id)
        return FolderIndex(self._home, embedder_id)

    def _derive(self, embedder: Embedder, progress: Progress) -> None:
        """Make the lexical index and the collection agree with the database. The caller holds the lock."""
        revision = self._store.revision()
        if not revision:
            return
        index = self._connect(embedder.id)
        held = index.manifest()
        rows = self._store.chunks()
        if Lexical.load(self._home / "lexical", revision) is None:
            texts = texts_of(self._store, rows)
            Lexical.build(texts).save(self._home / "lexical", revision)
        if held is None or held.revision != revision or held.embedder != embedder.id:
            hashes = {row.id: row.hash for _, row in rows}
            done = 0

            def advance(count: int) -> None:
                nonlocal done
                done += count
                progress("Writing the search index", done, len(rows))

            manifest = Manifest(revision, embedder.id, PIPELINE, len(rows))
            index.write(
                list(hashes),
                lambda ids: vectors_of(self._store, embedder.id, [hashes[i] for i in ids]),
                manifest,
                advance,
            )
        index.close()

    def _fresh(self) -> tuple[Snapshot, str]:
        """What to search, in step with the database; the note tells of anything degraded."""
        revision = self._store.revision()
        if self._snapshot is None or self._snapshot.revision != revision:
            self._snapshot, old = self._load(revision), self._snapshot
            if old is not None and self._index is not None:
                self._index.close()
                self._index = None
        return self._snapshot, self._snapshot.note

    def _load(self, revision: str) -> Snapshot:
        rows = self._store.chunks()
        lexical = Lexical.load(self._home / "lexical", revision) if revision else None
        if lexical is None or lexical.rows != len(rows):
            lexical = Lexical.build(texts_of(self._store, rows))
        embedder, note = self._for_search()
        return Snapshot(revision, rows, lexical, embedder, note)

    def _for_search(self) -> tuple[Embedder | None, str]:
        """The embedder that the index was made with, when it can be loaded; else none and why."""
        made = self._store.state("embedder")
        asked = self._id_asked()
        if not made:
            return None, ""
        if made == asked:
            try:
                return self._loaded(), ""
            except EmbedderUnavailable as problem:
                return None, f"Searching by words only: {problem}"
        if self._asked == "auto":
            name = {"wordllama-256": "wordllama", "minilm-384": "minilm"}.get(made, "")
            if name and (name != "minilm" or embedders.minilm_present()):
                return embedders.load(name), ""
        return None, (
            f"Searching by words only: the index was made with {made}, the setting asks for {asked}. "
            "Run `mock-interview index` to embed the articles anew."
        )

    # ------------------------------------------------------------------ inside: ranking

    def _ranked(self, snapshot: Snapshot, text: str, mode: str) -> _Ranking:
        """Rows for a query, best first, and whether there is evidence of an answer (see `embed.Mix`)."""
        words = snapshot.lexical.match(text)
        vector, note = _embedded(snapshot.embedder, text) if mode != "bm25" else (None, "")
        if snapshot.embedder is None or vector is None:
            relevant = float(words.coverage.max(initial=0.0)) >= embedders.WORDS_GATE
            return _Ranking(rank({}, words, WORDS_ONLY, CANDIDATES), 0.0, relevant, "bm25", note)
        embedder = snapshot.embedder
        cosine = self._nearest(snapshot, embedder, vector)
        dense = dict(cosine)
        best = max(cosine.values(), default=0.0)
        missing = [at for at in strongest(words.bm25, CANDIDATES) if at not in cosine]
        if missing:
            cosine.update(snapshot.cosines(self._store, embedder, vector, missing))
        evidence = max(
            (c + embedders.COVERAGE * float(words.coverage[at]) for at, c in cosine.items()), default=0.0
        )
        if mode == "dense":
            rows = rank(dense, words, DENSE_ONLY, CANDIDATES)
        else:
            rows = rank(cosine, words, embedder.mix.weights, CANDIDATES)
        return _Ranking(rows, best, evidence >= embedder.mix.gate, embedder.id, note)

    def _nearest(self, snapshot: Snapshot, embedder: Embedder, vector: Matrix) -> dict[int, float]:
        """Row -> cosine of the nearest passages: by Chroma when it is in step, else by an exact scan."""
        k = min(CANDIDATES, len(snapshot.rows))
        if self._index is None:
            self._index = self._connect(embedder.id)
        try:
            if not snapshot.checked:
                held = self._index.manifest()
                snapshot.in_step = held is not None and (held.revision, held.embedder) == (
                    snapshot.revision,
                    embedder.id,
                )
                snapshot.checked = snapshot.in_step or snapshot.repair_tried
                if not snapshot.in_step and not snapshot.repair_tried:
                    snapshot.repair_tried = True
                    snapshot.in_step = self._repaired(embedder, snapshot.revision)
            if snapshot.in_step:
                found = self._index.query(vector, k)
                return {snapshot.at[chunk]: cosine for chunk, cosine in found if chunk in snapshot.at}
        except KnowledgeError as problem:
            log.warning("exact scan instead of the collection: %s", problem)
            snapshot.in_step, snapshot.checked = False, True
        return snapshot.scan(self._store, embedder, vector, k)

    def _repaired(self, embedder: Embedder, revision: str) -> bool:
        """Make a collection that a killed writer left behind anew, unless somebody is writing right now."""
        try:
            with self._lock():
                if self._store.revision() != revision:
                    return False
                self._derive(embedder, _quiet)
                return True
        except (IndexLocked, KnowledgeError, OSError) as problem:
            log.info("the collection is behind and stays so for now: %s", problem)
            return False

    def _hits(self, snapshot: Snapshot, chosen: Sequence[Ranked]) -> tuple[Hit, ...]:
        articles = self._store.some_articles(snapshot.rows[entry.row][0] for entry in chosen)
        hits = []
        for entry in chosen:
            name, chunk = snapshot.rows[entry.row]
            if name not in articles:
                continue  # removed since the snapshot was taken
            row = articles[name]
            wide_start, wide_end = snapshot.widened(entry.row)
            hits.append(
                Hit(
                    article=name,
                    title=row.title,
                    section=chunk.section,
                    start=chunk.start,
                    end=chunk.end,
                    text=row.text[chunk.start : chunk.end],
                    score=round(entry.score, 6),
                    cosine=round(entry.cosine, 6),
                    bm25=round(entry.bm25, 6),
                    wide_start=wide_start,
                    wide_end=wide_end,
                    wide_text=row.text[wide_start:wide_end],
                    source=row.source,
                    flagged=row.flagged,
                )
            )
        return tuple(hits)


class _Ranking(NamedTuple):
    """What ranking a query gave. `embedder` is "bm25" when words alone decided, and `note` then says why."""

    rows: list[Ranked]
    cosine: float
    relevant: bool
    embedder: str
    note: str


def _embedded(embedder: Embedder | None, text: str) -> tuple[Matrix | None, str]:
    """The vector of a query, or None and why; an API that is away must not stop a search."""
    if embedder is None:
        return None, ""
    try:
        return embedder.embed([text])[0], ""
    except EmbedderUnavailable as problem:
        return None, f"Searching by words only: {problem}"


def _remote(settings: Settings) -> Embedder | None:
    """The API embedder that a setting asks for (openai:MODEL), or None."""
    kind, _, model = settings.embedder.partition(":")
    if kind != "openai" or not model:
        return None
    from bot.model.embeddings import openai_embeddings

    made = openai_embeddings(
        model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout_s=settings.model_timeout_s,
    )
    return embedders.LangChainEmbedder(settings.embedder, made)


def _capped(ranked: Sequence[Ranked], snapshot: Snapshot, k: int, per_article: int) -> list[Ranked]:
    """The first `k`, with at most `per_article` passages of one article."""
    used: dict[str, int] = {}
    chosen: list[Ranked] = []
    for entry in ranked:
        name = snapshot.rows[entry.row][0]
        if used.get(name, 0) < per_article:
            used[name] = used.get(name, 0) + 1
            chosen.append(entry)
        if len(chosen) == k:
            break
    return chosen


def _embedder_note(before: str, now: str, again: int, asked: object) -> str:
    if before and before != now:
        return (
            f"The embedder changed from {before} to {now}: {again} passages were embedded anew. "
            f"The vectors of {before} are kept, so that changing back costs nothing."
        )
    if not before and asked == "auto" and now.startswith("wordllama"):
        return (
            "Using wordllama, which needs no download. `mock-interview fetch-embedder` brings minilm (80 MB), "
            "which understands questions better; the next index then uses it."
        )
    return ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
