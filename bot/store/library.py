"""The tables of the article library: the truth that every search index is derived from.

Articles (cleaned text), where their paragraphs and chunks lie in it, vectors by (embedder, chunk hash), the
lines that cleaning dropped, and a person's overrules of it. Rows in, rows out: this module does not know how
anything is cleaned, cut, embedded or searched.

Every write is one transaction that also moves `revision`, so that a derived index can tell in one read
whether it is behind.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Row

from bot.store.engine import METADATA, translated


def _article_key() -> Column[str]:
    key = ForeignKey("library_articles.id", ondelete="CASCADE", onupdate="CASCADE")
    return Column("article", String(160), key, primary_key=True)


ARTICLES = Table(
    "library_articles",
    METADATA,
    Column("id", String(160), primary_key=True),
    Column("root", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("form", String(20), nullable=False),
    Column("encoding", String(40), nullable=False),
    Column("raw_hash", String(64), nullable=False, index=True),
    Column("text_hash", String(64), nullable=False, index=True),
    Column("pipeline", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("notices", Text, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime", BigInteger, nullable=False),
    UniqueConstraint("root", "source"),
)
PARAGRAPHS = Table(
    "library_paragraphs",
    METADATA,
    _article_key(),
    Column("n", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("section", Text, nullable=False),
)
CHUNKS = Table(
    "library_chunks",
    METADATA,
    _article_key(),
    Column("n", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("hash", String(64), nullable=False, index=True),
)
VECTORS = Table(
    "library_vectors",
    METADATA,
    Column("embedder", String(120), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
DROPPED = Table(
    "library_dropped",
    METADATA,
    _article_key(),
    Column("n", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("why", String(80), nullable=False),
)
OVERRIDES = Table(
    "library_overrides",
    METADATA,
    Column("root", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("line", String(64), primary_key=True),
    Column("keep", Boolean, nullable=False),
)
STATE = Table(
    "library_state",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

_BATCH = 400  # bound variables per statement stay far below every database's limit


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk of an article; `id` is unique in the library, `hash` that of the text that is embedded."""

    n: int
    id: str
    start: int
    end: int
    section: str
    hash: str


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """Where a paragraph lies in its article's text, what it is, and under which headings."""

    n: int
    start: int
    end: int
    kind: str
    section: str


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A line of the input (counted from 1) that cleaning dropped, and why."""

    n: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as it is kept. `root` is the folder (or "url:") it was read from, `source` its path there."""

    id: str
    root: str
    source: str
    title: str
    form: str
    encoding: str
    raw_hash: str
    text_hash: str
    pipeline: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    notices: Sequence[Mapping[str, str]] = ()
    flagged: bool = False
    sketch: bytes = b""
    size: int = 0
    mtime: int = 0


@dataclass(frozen=True, slots=True)
class ArticleBundle:
    """Everything of one article that is written together, or not at all."""

    article: ArticleRow
    paragraphs: Sequence[ParagraphRow]
    chunks: Sequence[ChunkRow]
    dropped: Sequence[DroppedRow]


@dataclass(frozen=True, slots=True)
class Known:
    """What a run of the indexer needs to know of an article to see whether it changed."""

    id: str
    root: str
    source: str
    title: str
    raw_hash: str
    text_hash: str
    pipeline: str
    size: int
    mtime: int
    flagged: bool
    sketch: bytes


class LibraryStore:
    """The library's tables behind an engine that `bot.store.engine.open_engine` made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ------------------------------------------------------------------ reading

    def revision(self) -> str:
        """A token that changes with every write to articles or chunks; "" before the first."""
        with self._read() as db:
            return str(db.scalar(select(STATE.c.value).where(STATE.c.name == "revision")) or "")

    def known(self) -> list[Known]:
        """Every article without its text, ordered by id."""
        columns = [ARTICLES.c[name] for name in Known.__dataclass_fields__]
        with self._read() as db:
            return [Known(*row) for row in db.execute(select(*columns).order_by(ARTICLES.c.id))]

    def article(self, article: str) -> ArticleRow | None:
        """One article with its text."""
        with self._read() as db:
            row = db.execute(select(ARTICLES).where(ARTICLES.c.id == article)).first()
        return None if row is None else _article(row)

    def articles(self) -> Iterator[ArticleRow]:
        """Every article with its text, ordered by id."""
        with self._read() as db:
            for row in db.execute(select(ARTICLES).order_by(ARTICLES.c.id)):
                yield _article(row)

    def some_articles(self, articles: Iterable[str]) -> dict[str, ArticleRow]:
        """Those of these articles that are there, by id."""
        wanted = list(dict.fromkeys(articles))
        with self._read() as db:
            rows = db.execute(select(ARTICLES).where(ARTICLES.c.id.in_(wanted)))
            return {row.id: _article(row) for row in rows}

    def counts(self) -> tuple[int, int]:
        """How many articles and chunks there are."""
        with self._read() as db:
            articles = db.scalar(select(func.count()).select_from(ARTICLES)) or 0
            return articles, db.scalar(select(func.count()).select_from(CHUNKS)) or 0

    def chunks(self) -> list[tuple[str, ChunkRow]]:
        """(article id, chunk) of the whole library, ordered by article and place."""
        columns = [CHUNKS.c[name] for name in ("article", *ChunkRow.__dataclass_fields__)]
        with self._read() as db:
            rows = db.execute(select(*columns).order_by(CHUNKS.c.article, CHUNKS.c.n))
            return [(row[0], ChunkRow(*row[1:])) for row in rows]

    def paragraphs(self, article: str) -> list[ParagraphRow]:
        """Where an article's paragraphs lie."""
        columns = [PARAGRAPHS.c[name] for name in ParagraphRow.__dataclass_fields__]
        with self._read() as db:
            rows = db.execute(
                select(*columns).where(PARAGRAPHS.c.article == article).order_by(PARAGRAPHS.c.n)
            )
            return [ParagraphRow(*row) for row in rows]

    def dropped(self, article: str) -> list[DroppedRow]:
        """What cleaning dropped from an article, in the order of the input."""
        columns = [DROPPED.c[name] for name in DroppedRow.__dataclass_fields__]
        with self._read() as db:
            rows = db.execute(select(*columns).where(DROPPED.c.article == article).order_by(DROPPED.c.n))
            return [DroppedRow(*row) for row in rows]

    def overrides(self, root: str, source: str) -> dict[str, bool]:
        """Hash of a line -> whether a person decided to keep it, for one source."""
        here = and_(OVERRIDES.c.root == root, OVERRIDES.c.source == source)
        with self._read() as db:
            rows = db.execute(select(OVERRIDES.c.line, OVERRIDES.c.keep).where(here))
            return {line: bool(keep) for line, keep in rows}

    def vectors(self, embedder: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """The vectors (little-endian float32) that exist for these chunk hashes."""
        found: dict[str, bytes] = {}
        wanted = list(dict.fromkeys(hashes))
        with self._read() as db:
            for start in range(0, len(wanted), _BATCH):
                part = wanted[start : start + _BATCH]
                here = and_(VECTORS.c.embedder == embedder, VECTORS.c.hash.in_(part))
                found.update(
                    (row[0], row[1]) for row in db.execute(select(VECTORS.c.hash, VECTORS.c.data).where(here))
                )
        return found

    def has_vectors(self, embedder: str) -> set[str]:
        """Chunk hashes that this embedder has a vector for."""
        with self._read() as db:
            return set(db.scalars(select(VECTORS.c.hash).where(VECTORS.c.embedder == embedder)))

    def embedders(self) -> dict[str, int]:
        """Embedder -> how many vectors of it are kept."""
        with self._read() as db:
            rows = db.execute(select(VECTORS.c.embedder, func.count()).group_by(VECTORS.c.embedder))
            return {name: int(count) for name, count in rows}

    def state(self, name: str) -> str:
        """A named value, "" when it was never set."""
        with self._read() as db:
            return str(db.scalar(select(STATE.c.value).where(STATE.c.name == name)) or "")

    # ------------------------------------------------------------------ writing

    def save(self, bundles: Sequence[ArticleBundle], vectors: Mapping[tuple[str, str], bytes]) -> None:
        """Write articles with everything of theirs, and new vectors by (embedder, hash), in one transaction."""
        with self._write() as db:
            for bundle in bundles:
                self._replace(db, bundle)
            self._add_vectors(db, vectors)

    def save_vectors(self, vectors: Mapping[tuple[str, str], bytes]) -> None:
        """Write vectors of chunks that are already there (a change of embedder)."""
        with self._write() as db:
            self._add_vectors(db, vectors)

    def rename(self, article: str, root: str, source: str, mtime: int) -> None:
        """The same content now lies elsewhere; the id, which citations name, stays."""
        with self._write() as db:
            db.execute(
                update(ARTICLES).where(ARTICLES.c.id == article).values(root=root, source=source, mtime=mtime)
            )

    def touch(self, article: str, size: int, mtime: int) -> None:
        """Remember a new time stamp of unchanged content; no index is behind because of it."""
        with translated(), self._engine.begin() as db:
            db.execute(update(ARTICLES).where(ARTICLES.c.id == article).values(size=size, mtime=mtime))

    def remove(self, articles: Iterable[str]) -> None:
        """Delete articles with their paragraphs, chunks and dropped lines. Vectors stay until `prune`."""
        gone = list(articles)
        with self._write() as db:
            for start in range(0, len(gone), _BATCH):
                part = gone[start : start + _BATCH]
                for table in (PARAGRAPHS, CHUNKS, DROPPED):
                    db.execute(delete(table).where(table.c.article.in_(part)))
                db.execute(delete(ARTICLES).where(ARTICLES.c.id.in_(part)))

    def prune(self, embedder: str) -> int:
        """Delete vectors of `embedder` that no chunk needs any more; how many."""
        with translated(), self._engine.begin() as db:
            needed = select(CHUNKS.c.hash)
            gone = delete(VECTORS).where(VECTORS.c.embedder == embedder, VECTORS.c.hash.not_in(needed))
            return db.execute(gone).rowcount

    def override(self, root: str, source: str, line: str, keep: bool | None) -> None:
        """Remember (or with None forget) a person's verdict on a line of a source."""
        here = and_(OVERRIDES.c.root == root, OVERRIDES.c.source == source, OVERRIDES.c.line == line)
        with translated(), self._engine.begin() as db:
            db.execute(delete(OVERRIDES).where(here))
            if keep is not None:
                db.execute(insert(OVERRIDES).values(root=root, source=source, line=line, keep=keep))

    def set_state(self, name: str, value: str) -> None:
        """Set a named value."""
        with translated(), self._engine.begin() as db:
            _set(db, name, value)

    # ------------------------------------------------------------------ inside

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with translated(), self._engine.connect() as db:
            yield db

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with translated(), self._engine.begin() as db:
            yield db
            _set(db, "revision", secrets.token_hex(8))

    @staticmethod
    def _replace(db: Connection, bundle: ArticleBundle) -> None:
        row = bundle.article
        for table in (PARAGRAPHS, CHUNKS, DROPPED):
            db.execute(delete(table).where(table.c.article == row.id))
        db.execute(delete(ARTICLES).where(ARTICLES.c.id == row.id))
        values = {name: getattr(row, name) for name in ArticleRow.__dataclass_fields__}
        values["meta"] = json.dumps(dict(row.meta), ensure_ascii=False)
        values["notices"] = json.dumps([dict(entry) for entry in row.notices], ensure_ascii=False)
        db.execute(insert(ARTICLES).values(values))
        parts: tuple[tuple[Table, Sequence[Any]], ...] = (
            (PARAGRAPHS, bundle.paragraphs),
            (CHUNKS, bundle.chunks),
            (DROPPED, bundle.dropped),
        )
        for table, entries in parts:
            if entries:
                fields = type(entries[0]).__dataclass_fields__
                db.execute(
                    insert(table),
                    [
                        {"article": row.id} | {name: getattr(entry, name) for name in fields}
                        for entry in entries
                    ],
                )

    @staticmethod
    def _add_vectors(db: Connection, vectors: Mapping[tuple[str, str], bytes]) -> None:
        for start in range(0, len(vectors), _BATCH):
            part = list(vectors)[start : start + _BATCH]
            there = select(VECTORS.c.embedder, VECTORS.c.hash).where(
                VECTORS.c.hash.in_([key for _, key in part])
            )
            old = {(name, key) for name, key in db.execute(there)}
            rows = [{"embedder": n, "hash": h, "data": vectors[n, h]} for n, h in part if (n, h) not in old]
            if rows:
                db.execute(insert(VECTORS), rows)


def _set(db: Connection, name: str, value: str) -> None:
    db.execute(delete(STATE).where(STATE.c.name == name))
    db.execute(insert(STATE).values(name=name, value=value))


def _article(row: Row[Any]) -> ArticleRow:
    values = {name: row._mapping[name] for name in ArticleRow.__dataclass_fields__}
    values["meta"] = json.loads(values["meta"])
    values["notices"] = tuple(json.loads(values["notices"]))
    return ArticleRow(**values)
