"""A Chroma server instead of a folder: the same library on the same code; and what happens when it goes away."""

from __future__ import annotations

import gc
import random
import secrets
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.library import Library
from bot.knowledge.vectors import Manifest, ServerIndex, collection_name

# the same tests as with a folder; their `library` is the one below, which has a server
from tests.knowledge.test_library import (  # noqa: F401
    test_an_empty_library_and_an_empty_question_are_told_apart,
    test_articles_can_be_removed,
    test_articles_of_other_folders_stay,
    test_at_most_two_passages_of_one_article,
    test_edits_renames_and_deletes_are_followed,
    test_every_hit_quotes_its_article_exactly,
    test_nothing_relevant_is_said_and_not_guessed,
    test_the_right_article_comes_first,
    test_what_was_dropped_can_be_seen_and_overruled,
)
from tests.support.killing import run_and_kill, write_articles
from tests.support.words import WordHashEmbedder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _drop_sessions() -> Iterator[None]:
    """Chroma's HTTP client opens a second session for its admin calls and closes neither: drop them in silence."""
    yield
    from chromadb.api.shared_system_client import SharedSystemClient

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        SharedSystemClient.clear_system_cache()
        gc.collect()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = Path(sys.executable).parent / "chroma"
    if not program.exists() and shutil.which("chroma") is None:
        pytest.skip("the `chroma` program is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tmp_path_factory.mktemp("server")
    command = [str(program), "run", "--path", str(place), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait()


@pytest.fixture
def embedder() -> WordHashEmbedder:
    """Of a name of its own: one collection per embedder, and the server outlives the test."""
    return WordHashEmbedder(f"served-{secrets.token_hex(4)}-64")


@pytest.fixture
def library(url: str, tmp_path: Path, embedder: WordHashEmbedder) -> Iterator[Library]:
    made = Library.open(tmp_path / "home", embedder=embedder, chroma_url=url)
    yield made
    assert not (tmp_path / "home" / "index" / collection_name(embedder.id)).exists()
    made.close()


def manifest_of(url: str, embedder: str) -> Manifest | None:
    index = ServerIndex(url, embedder)
    try:
        return index.manifest()
    finally:
        index.close()


def test_index_search_edit_and_delete_through_a_server(url: str, folder: Path, tmp_path: Path) -> None:
    library = Library.open(tmp_path / "home", embedder=WordHashEmbedder("served-64"), chroma_url=url)
    report = library.index([folder])
    manifest = manifest_of(url, "served-64")
    assert manifest is not None
    assert (manifest.count, manifest.state, manifest.embedder) == (report.chunks, "clean", "served-64")
    assert library.search("find a leakage feature").hits[0].article == "leakage"
    (folder / "leakage.md").unlink()
    assert library.index([folder]).removed == 1
    assert not any(hit.article == "leakage" for hit in library.search("leakage feature", gate=False).hits)
    assert not (tmp_path / "home" / "index" / collection_name("served-64")).exists()
    library.close()


def test_a_collection_left_dirty_is_made_whole_by_the_next_reader(
    url: str, folder: Path, tmp_path: Path
) -> None:
    import chromadb

    library = Library.open(tmp_path / "home", embedder=WordHashEmbedder("dirty-64"), chroma_url=url)
    library.index([folder])
    settings = chromadb.config.Settings(anonymized_telemetry=False)
    client = chromadb.HttpClient(host="127.0.0.1", port=int(url.rsplit(":", 1)[1]), settings=settings)
    collection = client.get_collection(collection_name("dirty-64"), embedding_function=None)
    collection.delete(ids=collection.get(include=[])["ids"][:1])
    collection.modify(metadata=dict(collection.metadata) | {"state": "dirty"})
    client.close()
    reader = Library.open(tmp_path / "home", embedder=WordHashEmbedder("dirty-64"), chroma_url=url)
    assert reader.search("find a leakage feature").hits[0].article == "leakage"
    assert manifest_of(url, "dirty-64") is not None
    library.close()
    reader.close()


def test_kills_while_a_server_is_written_lose_nothing(url: str, tmp_path: Path) -> None:
    home, folder, chance = tmp_path / "home", tmp_path / "articles", random.Random(7)
    folder.mkdir()
    safe: set[str] = set()
    for n in range(8):
        write_articles(folder, chance, n)
        acknowledged, _ = run_and_kill(home, folder, chance.uniform(0.0, 2.0), url)
        safe |= acknowledged
        library = Library.open(home, embedder=WordHashEmbedder(), chroma_url=url)
        held = sorted(entry.id for entry in library.articles())
        assert safe <= set(held)
        for name in held[:3]:
            hits = library.search(f"marker{name[1:]}", 5, gate=False).hits
            assert any(hit.article == name for hit in hits)
        library.close()


def test_search_goes_on_without_the_server_and_index_says_so(folder: Path, tmp_path: Path, url: str) -> None:
    home = tmp_path / "home"
    Library.open(home, embedder=WordHashEmbedder(), chroma_url=url).index([folder])
    away = Library.open(home, embedder=WordHashEmbedder(), chroma_url="http://127.0.0.1:9")
    assert away.search("find a leakage feature").hits[0].article == "leakage"
    (folder / "more.md").write_text("# More\n\nOne more article about gradient noise.\n", "utf-8")
    with pytest.raises(KnowledgeError, match="cannot be used"):
        away.index([folder])
    assert away.search("gradient noise").hits[0].article == "more"  # it was kept before the server was asked
    away.close()


def test_the_health_check_finds_a_damaged_folder(folder: Path, tmp_path: Path) -> None:
    from bot.knowledge.vectors import check_in_child

    library = Library.open(tmp_path / "home", embedder=WordHashEmbedder())
    report = library.index([folder])
    place = tmp_path / "home" / "index" / collection_name("hash-64")
    current = place / (place / "CURRENT").read_text("utf-8")
    assert check_in_child(current, collection_name("hash-64"), report.chunks) == ""
    assert "instead of" in check_in_child(current, collection_name("hash-64"), report.chunks + 1)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "chroma.sqlite3").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    assert check_in_child(damaged, collection_name("hash-64"), 1) != ""
