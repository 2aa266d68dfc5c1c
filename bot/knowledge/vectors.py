"""The Chroma collection: a derived index that is never written in place and can always be made again.

Chroma 1.5.9 can be left unusable by a kill in the middle of a write, loses vectors silently with two writers,
and may take the process with it when a folder is opened that somebody writes (all measured, docs/retrieval.md).
So a folder that readers open is never written: a writer, alone under a lock, fills a new *generation* (a copy of
the last one when little changed), has a child process open and query it, and only then publishes its name with
one atomic rename. A kill at any moment leaves the last generation as it was.

With a Chroma server (`chroma run`) the same `sync` writes in place: the server is the one writer, and the
manifest in the collection's metadata says "dirty" while a sync is under way.

Knows ids, vectors and the manifest; not what a chunk says nor how it was embedded.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.knowledge.embed import Matrix

BATCH = 500
_KEEP_IN_LOG = 20_000  # up to here the HNSW file is never written: it is replayed at open (1.4 s at 10,000)
_HEALTH_SECONDS = 180
_CONNECT_SECONDS, _ANSWER_SECONDS = 4.0, 60.0
# With the default graph one query in fifty missed its nearest passage; with this one none did (docs/retrieval.md).
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}

Fetch = Callable[[Sequence[str]], "Matrix"]
"""ids -> their vectors, row by row."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a collection holds: which state of our database, made by which embedder and rules."""

    revision: str
    embedder: str
    pipeline: str
    count: int
    state: str = "clean"  # "dirty" while a server's collection is being written


def collection_name(embedder: str) -> str:
    """One collection per embedder; Chroma allows 3-512 characters of [a-zA-Z0-9._-]."""
    return "articles-" + re.sub(r"[^a-zA-Z0-9.-]+", "-", embedder).strip("-.")


def sync(collection: Any, wanted: Sequence[str], fetch: Fetch, progress: Callable[[int], None]) -> None:
    """Make the collection hold exactly `wanted`: upsert what is missing, delete what is too much.

    Ids are content-addressed, so an id that is there has the right vector.
    """
    there = set(collection.get(include=[])["ids"])
    target = set(wanted)
    gone = list(there - target)
    for start in range(0, len(gone), BATCH):
        collection.delete(ids=gone[start : start + BATCH])
    missing = [chunk for chunk in wanted if chunk not in there]
    for start in range(0, len(missing), BATCH):
        part = missing[start : start + BATCH]
        collection.upsert(ids=part, embeddings=fetch(part))  # add() would ignore an existing id silently
        progress(len(part))


class FolderIndex:
    """Generations of a Chroma folder under `home`; the caller holds the lock while it writes."""

    def __init__(self, home: Path, embedder: str) -> None:
        self._home = home / collection_name(embedder)
        self._name = collection_name(embedder)
        self._open: tuple[str, Any, Any] | None = None

    def manifest(self) -> Manifest | None:
        """What the published generation holds; None when there is none. One small file is read."""
        generation = self._current()
        if generation is None:
            return None
        try:
            return Manifest(**json.loads((self._home / f"{generation}.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def query(self, vector: Matrix, k: int) -> list[tuple[str, float]]:
        """The `k` nearest ids with their cosine, best first."""
        generation = self._current()
        if generation is None:
            return []
        if self._open is None or self._open[0] != generation:
            self.close()
            client = _folder_client(self._home / generation)
            self._open = (generation, client, client.get_collection(self._name, embedding_function=None))
        return _query(self._open[2], vector, k)

    def write(
        self,
        wanted: Sequence[str],
        fetch: Fetch,
        manifest: Manifest,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Publish a generation that holds exactly `wanted`. Raises `KnowledgeError` when it fails its check."""
        self._sweep()
        old, held = self._current(), self.manifest()
        fresh = f"gen-{secrets.token_hex(4)}"
        folder = self._home / fresh
        if old and held and _little_changed(held.count, len(wanted)):
            shutil.copytree(self._home / old, folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._fill(folder, wanted, fetch, manifest, progress)
            problem = check_in_child(folder, self._name, len(wanted))
            if problem and old:  # the copy may have brought the fault along: make it from nothing
                shutil.rmtree(folder)
                folder = self._home / f"{fresh}b"
                folder.mkdir()
                self._fill(folder, wanted, fetch, manifest, lambda _: None)
                problem = check_in_child(folder, self._name, len(wanted))
            if problem:
                raise KnowledgeError(
                    f"The new search index failed its check ({problem}).",
                    hint="The old one is still used. Check free disk space, then run `mock-interview index` again.",
                )
            _write_file(self._home / f"{folder.name}.json", json.dumps(asdict(manifest)))
            _write_file(self._home / "CURRENT", folder.name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def close(self) -> None:
        """Let go of the open generation."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _fill(
        self,
        folder: Path,
        wanted: Sequence[str],
        fetch: Fetch,
        manifest: Manifest,
        progress: Callable[[int], None],
    ) -> None:
        marker = folder / "DIRTY"
        marker.touch()
        client = _folder_client(folder)
        try:
            threshold = 1_000_000 if len(wanted) <= _KEEP_IN_LOG else 10_000
            hnsw = _HNSW | {"sync_threshold": threshold}
            collection = client.get_or_create_collection(
                self._name, configuration={"hnsw": hnsw}, embedding_function=None
            )
            sync(collection, wanted, fetch, progress)
            collection.modify(metadata=asdict(manifest))
        finally:
            client.close()
        marker.unlink()

    def _current(self) -> str | None:
        try:
            name = (self._home / "CURRENT").read_text("utf-8").strip()
        except OSError:
            return None
        folder = self._home / name
        return name if name and folder.is_dir() and not (folder / "DIRTY").exists() else None

    def _sweep(self) -> None:
        """Remove generations that are not published; readers of the last one keep what they opened."""
        current = self._current()
        for path in self._home.glob("gen-*"):
            if path.name.removesuffix(".json") != current:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


class ServerIndex:
    """The same collection on a Chroma server. Every call may raise `KnowledgeError` when it cannot be reached."""

    def __init__(self, url: str, embedder: str) -> None:
        self._url = url
        self._name = collection_name(embedder)
        self._client: Any = None

    def manifest(self) -> Manifest | None:
        """The manifest in the collection's metadata, None when it is missing, dirty or not ours."""
        collection = self._collection()
        held = dict(collection.metadata or {}) if collection is not None else {}
        try:
            found = Manifest(**held)
        except TypeError:
            return None
        return found if found.state == "clean" else None

    def query(self, vector: Matrix, k: int) -> list[tuple[str, float]]:
        """The `k` nearest ids with their cosine, best first."""
        collection = self._collection()
        return _query(collection, vector, k) if collection is not None else []

    def write(
        self,
        wanted: Sequence[str],
        fetch: Fetch,
        manifest: Manifest,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Bring the server's collection to hold exactly `wanted`; "dirty" in its manifest meanwhile."""
        with _reaching(self._url):
            collection = self._connected().get_or_create_collection(
                self._name, configuration={"hnsw": _HNSW}, embedding_function=None
            )
            collection.modify(metadata=asdict(manifest) | {"state": "dirty"})
            sync(collection, wanted, fetch, progress)
            held = collection.count()
            if held != len(wanted):
                raise KnowledgeError(
                    f"The Chroma server holds {held} passages instead of {len(wanted)}.",
                    hint="Is another program writing the same collection? Run `mock-interview index` again.",
                )
            collection.modify(metadata=asdict(manifest))

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            session = _session(self._client)
            self._client.close()
            session.close()  # the client leaves its connections open
            self._client = None

    def _collection(self) -> Any:
        with _reaching(self._url):
            from chromadb.errors import NotFoundError

            try:
                return self._connected().get_collection(self._name, embedding_function=None)
            except NotFoundError:
                return None

    def _connected(self) -> Any:
        if self._client is None:
            import chromadb
            import httpx
            from chromadb.config import Settings

            httpx.get(f"{self._url}/api/v2/heartbeat", timeout=_CONNECT_SECONDS).raise_for_status()
            parts = urlsplit(self._url)
            ssl = parts.scheme == "https"
            self._client = chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if ssl else 80),
                ssl=ssl,
                settings=Settings(anonymized_telemetry=False),
            )
            _session(self._client).timeout = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        return self._client


def _session(client: Any) -> Any:
    """The client's httpx session: Chroma gives it no time-out and never closes it, and has no public way to either."""
    return client._server._session


class _reaching:
    """Turns whatever the client raises when the server is away into our error."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: object
    ) -> None:
        import httpx
        from chromadb.errors import ChromaError

        if isinstance(problem, (httpx.HTTPError, ChromaError, ValueError, OSError)):
            raise KnowledgeError(
                f"The Chroma server at {self._url} cannot be used ({type(problem).__name__}: {problem}).",
                hint="Start it (`chroma run --path FOLDER`) or unset CHROMA_URL.",
            ) from problem


def check_in_child(folder: Path, name: str, count: int) -> str:
    """Open and query a folder in a child process: "" when it is sound, else what went wrong.

    Opening a damaged folder can end the process that does it, so it must not be ours.
    """
    command = [sys.executable, "-m", "bot.knowledge.health", str(folder), name, str(count)]
    home = str(Path(__file__).resolve().parents[2])
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([home, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    }
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_HEALTH_SECONDS, env=env, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {_HEALTH_SECONDS} s"
    if done.returncode == 0:
        return ""
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1] if lines else f"the process ended with {done.returncode}"


def _query(collection: Any, vector: Matrix, k: int) -> list[tuple[str, float]]:
    found = collection.query(query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"])
    return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]


def _folder_client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _little_changed(before: int, after: int) -> bool:
    """Whether a copy and a few changes beat a new start (also bounds what old entries cost in the log)."""
    return before > 200 and abs(after - before) <= before // 3


def _write_file(path: Path, text: str) -> None:
    """Write all of it or nothing, and let it reach the disk before the name does."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
