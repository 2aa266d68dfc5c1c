"""Embedders: unit vectors without surprises, nothing fetched, and clear words when one is missing."""

from __future__ import annotations

import hashlib
import io
import logging
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from bot.errors import EmbedderUnavailable, InputRefused, SettingsError
from bot.knowledge import embed, fetch
from bot.knowledge.library import Library


class Pages(BaseHTTPRequestHandler):
    """Serves what the test put into `bodies`."""

    bodies: dict[str, tuple[int, bytes]] = {}

    def do_GET(self) -> None:
        status, body = self.bodies.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_wordllama_loads_offline_and_leaves_logging_alone() -> None:
    handlers = list(logging.getLogger().handlers)
    made = embed.load("wordllama")
    vectors = made.embed(["data leakage", "Leakage of DATA", "", "a recipe for apple pie"])
    assert vectors.shape == (4, 256)
    assert np.allclose(np.linalg.norm(vectors[[0, 1, 3]], axis=1), 1.0, atol=1e-5)
    assert not vectors[2].any()
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[3]
    assert np.allclose(vectors[:2], made.embed(["data leakage", "Leakage of DATA"]), atol=1e-6)
    assert logging.getLogger().handlers == handlers


def test_a_missing_embedder_is_explained_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(EmbedderUnavailable, match="fetch-embedder"):
        embed.load("minilm")
    assert embed.resolve("auto") == "wordllama"
    assert not (tmp_path / ".cache").exists()
    with pytest.raises(SettingsError, match="no embedder"):
        embed.load("word2vec")


def test_not_a_number_and_zero_become_zero_rows() -> None:
    rows = embed.unit(np.array([[np.nan, 1.0], [0.0, 0.0], [3.0, 4.0]], dtype=np.float32))
    assert np.allclose(rows, [[0.0, 1.0], [0.0, 0.0], [0.6, 0.8]])


@pytest.mark.slow
def test_minilm_pads_to_the_batch_and_not_further() -> None:
    if not embed.minilm_present():
        pytest.skip("the files of all-MiniLM-L6-v2 are not in Chroma's cache folder")
    made = embed.load("minilm")
    texts = ["short", "a much longer text about gradient descent and its many step sizes " * 20, ""]
    together, alone = made.embed(texts), np.concatenate([made.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    assert not together[2].any()


def archive(names: tuple[str, ...]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name in names:
            entry = tarfile.TarInfo(f"onnx/{name}")
            entry.size = 4
            tar.addfile(entry, io.BytesIO(b"data"))
    return out.getvalue()


def test_the_fetched_files_must_have_the_published_hash(site: str, tmp_path: Path) -> None:
    body = archive(embed.MINILM_FILES)
    Pages.bodies = {"/onnx.tar.gz": (200, body)}
    seen: list[tuple[int, int]] = []
    with pytest.raises(EmbedderUnavailable, match="not the published one"):
        fetch.minilm(folder=tmp_path / "m", url=f"{site}/onnx.tar.gz")
    assert not embed.minilm_present(tmp_path / "m")
    good = hashlib.sha256(body).hexdigest()
    fetch.minilm(lambda *at: seen.append(at), folder=tmp_path / "m", url=f"{site}/onnx.tar.gz", sha256=good)
    assert embed.minilm_present(tmp_path / "m")
    assert seen[-1] == (len(body), len(body))
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["onnx"]


def test_a_failed_fetch_leaves_nothing_behind(site: str, tmp_path: Path) -> None:
    Pages.bodies = {"/part.tar.gz": (200, archive(embed.MINILM_FILES[:2]))}
    part = hashlib.sha256(Pages.bodies["/part.tar.gz"][1]).hexdigest()
    for url, sha256 in (
        (f"{site}/none.tar.gz", ""),
        (f"{site}/part.tar.gz", part),
        ("http://127.0.0.1:9/x", ""),
    ):
        with pytest.raises(EmbedderUnavailable):
            fetch.minilm(folder=tmp_path / "m", url=url, sha256=sha256)
        assert list((tmp_path / "m").iterdir()) == []


def test_a_page_is_indexed_from_its_address(site: str, library: Library) -> None:
    text = "Backpressure tells a fast producer to wait until the slow consumer has caught up with it. " * 3
    Pages.bodies = {
        "/posts/backpressure": (
            200,
            f"<html><body><article><h1>B</h1><p>{text}</p></article></body></html>".encode(),
        )
    }
    report = library.index([f"{site}/posts/backpressure", f"{site}/gone", "http://127.0.0.1:9/dead"])
    assert (report.added, report.refused) == (1, 2)
    assert library.search("backpressure producer consumer", gate=False).hits[0].article == "backpressure"
    assert "404" in report.notices[0].detail
    assert library.index([f"{site}/posts/backpressure"]).unchanged == 1


def test_only_web_addresses_are_fetched() -> None:
    with pytest.raises(InputRefused):
        fetch.page("file:///etc/passwd")


def test_an_embedder_that_is_away_lets_search_go_on_by_words(folder: Path, tmp_path: Path) -> None:
    class Flaky:
        """A LangChain embeddings object whose server goes away."""

        away = False

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if self.away:
                raise ConnectionError("no route")
            return [[1.0, float(len(text))] for text in texts]

    flaky = Flaky()
    library = Library.open(tmp_path / "home", embedder=embed.LangChainEmbedder("openai:small", flaky))
    library.index([folder])
    flaky.away = True
    answer = library.search("leakage feature label")
    assert answer.hits[0].article == "leakage"
    assert "words only" in answer.note
    (folder / "more.md").write_text("# More\n\nText that has to be embedded.\n", "utf-8")
    with pytest.raises(EmbedderUnavailable, match="nothing that was indexed is lost"):
        library.index([folder])
    assert library.counts()[0] == 3
    library.close()
