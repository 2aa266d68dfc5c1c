"""The only module here that uses the network: a page that a person named, and the embedder's files on request.

Both have time-outs and size limits, and the embedder's archive must have the hash that Chroma publishes.
Nothing calls this on its own: `index URL`, `fetch-embedder` and the first `index` of the command line do.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import EmbedderUnavailable, InputRefused
from bot.knowledge.embed import MINILM_FILES, minilm_folder, minilm_present
from bot.knowledge.read import MAX_BYTES

MINILM_URL = "https://chroma-onnx-models.s3.amazonaws.com/all-MiniLM-L6-v2/onnx.tar.gz"
MINILM_SHA256 = "913d7300ceae3b2dbc2c50d1de4baacab4be7b9380491c27fab7418616a16ec3"
"""Both as in Chroma's own `ONNXMiniLM_L6_V2`."""

_CONNECT_S, _READ_S = 4.0, 20.0
_ARCHIVE_LIMIT = 200 * 1024 * 1024


def page(url: str) -> bytes:
    """The bytes of a web page or document. Raises `InputRefused` with the reason."""
    import httpx

    if urlsplit(url).scheme not in ("http", "https"):
        raise InputRefused("Only http and https addresses are read.")
    try:
        with (
            httpx.Client(timeout=httpx.Timeout(_READ_S, connect=_CONNECT_S), follow_redirects=True) as client,
            client.stream("GET", url, headers={"User-Agent": "rehearsal-interviews"}) as answer,
        ):
            if answer.status_code != 200:
                raise InputRefused(f"The server answered {answer.status_code}.")
            parts, size = [], 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > MAX_BYTES:
                    raise InputRefused(f"It has more than {MAX_BYTES / 2**20:.0f} MB.")
                parts.append(part)
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise InputRefused(
            f"The page cannot be reached ({type(problem).__name__}).",
            hint="Check the address and the network.",
        ) from problem
    return b"".join(parts)


def minilm(
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    folder: Path | None = None,
    url: str = MINILM_URL,
    sha256: str = MINILM_SHA256,
) -> Path:
    """Bring the files of all-MiniLM-L6-v2 into Chroma's cache folder; where they are.

    Writes to a temporary folder first: a broken download leaves nothing behind. Raises `EmbedderUnavailable`.
    """
    target = folder or minilm_folder()
    if minilm_present(target):
        return target / "onnx"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as work:
        archive = Path(work) / "onnx.tar.gz"
        _download(url, archive, progress)
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != sha256:
            raise EmbedderUnavailable(
                f"The downloaded file is not the published one (SHA-256 {found[:12]}...).",
                hint="Nothing was installed.",
            )
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(Path(work) / "files", filter="data")
        unpacked = Path(work) / "files" / "onnx"
        missing = [name for name in MINILM_FILES if not (unpacked / name).is_file()]
        if missing:
            raise EmbedderUnavailable(
                f"The archive lacks {', '.join(missing)}.", hint="Nothing was installed."
            )
        shutil.rmtree(target / "onnx", ignore_errors=True)
        shutil.move(unpacked, target / "onnx")
    return target / "onnx"


def _download(url: str, to: Path, progress: Callable[[int, int], None]) -> None:
    import httpx

    try:
        with (
            httpx.Client(timeout=httpx.Timeout(_READ_S, connect=_CONNECT_S), follow_redirects=True) as client,
            client.stream("GET", url) as answer,
            to.open("wb") as file,
        ):
            answer.raise_for_status()
            total, done = int(answer.headers.get("content-length", 0)), 0
            for part in answer.iter_bytes(1 << 16):
                done += file.write(part)
                if done > _ARCHIVE_LIMIT:
                    raise EmbedderUnavailable(
                        "The download is larger than it may be.", hint="Nothing was installed."
                    )
                progress(done, total)
    except httpx.HTTPError as problem:
        raise EmbedderUnavailable(
            f"The embedder's files cannot be downloaded ({type(problem).__name__}).",
            hint="Without them the default embedder (wordllama) is used. Try `mock-interview fetch-embedder` later.",
        ) from problem
