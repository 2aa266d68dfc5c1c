"""Brings the Python-in-WebAssembly of the deno engine: explicitly, with pinned hashes, never at run time.

`mock-interview fetch-sandbox` calls `fetch_sandbox`. The files come from a public CDN one by one, or out of the
archive that `npm pack pyodide@VERSION` makes on a machine that is online. Every file is checked against a
sha256 that stands in this module; one that differs is not kept. Nothing is executed before all are right.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import SandboxError

VERSION = "314.0.7"
BASE_URL = f"https://cdn.jsdelivr.net/npm/pyodide@{VERSION}/"
#: name -> (bytes, sha256), as published for this version
FILES: dict[str, tuple[int, str]] = {
    "pyodide.mjs": (17931, "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109"),
    "pyodide.asm.mjs": (1250344, "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635"),
    "pyodide.asm.wasm": (9598218, "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6"),
    "python_stdlib.zip": (2545637, "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a"),
    "pyodide-lock.json": (119077, "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010"),
    "package.json": (2999, "40ca48e43ce4ddc68412d5b7a7ca9e2477cd4f0e672277ae468ac2245717079b"),
}
TIMEOUT_S = 30

#: told bytes done and bytes in all
Progress = Callable[[int, int], None]


def default_folder() -> Path:
    """Where the files live unless somebody says otherwise: the user's cache."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("rehearsal", appauthor=False)) / f"pyodide-{VERSION}"


def missing(folder: Path) -> list[str]:
    """Files that are not there in the right size; the hash was checked when they were put there."""
    return [
        name
        for name, (size, _) in FILES.items()
        if not (folder / name).is_file() or (folder / name).stat().st_size != size
    ]


def fetch_sandbox(
    folder: Path | None = None,
    *,
    archive: Path | None = None,
    progress: Progress | None = None,
    base_url: str = BASE_URL,
) -> Path:
    """Put the files into `folder` (default: the user's cache) and make the memory snapshot. Returns the folder.

    `archive` is a local `pyodide-VERSION.tgz` to use instead of the network. About 13 MB to download, 45 MB on
    disk. Raises `SandboxError` with what to do: no network, wrong hash, no room.
    """
    folder = folder or default_folder()
    if missing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        # into a folder beside it first: a broken download never looks like a finished one
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as place:
            parts = _from_archive(archive) if archive is not None else _from_web(base_url)
            _store(parts, Path(place), progress)
            folder.mkdir(exist_ok=True)
            for name in FILES:
                shutil.move(str(Path(place) / name), str(folder / name))
    from bot.coding.engines import deno

    deno.make_snapshot(folder)
    return folder


def _store(parts: Iterator[tuple[str, bytes]], place: Path, progress: Progress | None) -> None:
    total = sum(size for size, _ in FILES.values())
    done = 0
    current, hasher = "", hashlib.sha256()
    for name, block in parts:
        if name != current:
            _verify(current, hasher)
            current, hasher = name, hashlib.sha256()
        hasher.update(block)
        try:
            with (place / name).open("ab") as file:
                file.write(block)
        except OSError as exc:
            raise SandboxError(
                f"{name} cannot be written: {exc.strerror}.", hint="Is the disk full?"
            ) from exc
        done += len(block)
        if progress is not None:
            progress(done, total)
    _verify(current, hasher)
    if left := [name for name in FILES if not (place / name).is_file()]:
        raise SandboxError(
            f"The download lacks {', '.join(left)}.", hint=f"Use the archive of version {VERSION}."
        )


def _verify(name: str, hasher: hashlib._Hash) -> None:
    if name and hasher.hexdigest() != FILES[name][1]:
        raise SandboxError(
            f"{name} is not the file that was published: its sha256 differs. Nothing was kept.",
            hint="Try again; if it stays, something on the way changes downloads.",
        )


def _from_web(base_url: str) -> Iterator[tuple[str, bytes]]:
    for name, (size, _) in FILES.items():
        try:
            with urllib.request.urlopen(base_url + name, timeout=TIMEOUT_S) as answer:
                left = size + 1  # one more than it may have: then the hash is wrong, and the disk is safe
                while left > 0 and (block := answer.read(min(1 << 16, left))):
                    left -= len(block)
                    yield name, block
        except (urllib.error.URLError, OSError) as exc:
            raise SandboxError(
                f"{name} could not be fetched ({exc}).",
                hint=f"Check the connection, or run `npm pack pyodide@{VERSION}` elsewhere and pass the archive.",
            ) from exc


def _from_archive(archive: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for name in FILES:
                member = tar.extractfile(f"package/{name}")
                data = io.BytesIO() if member is None else member
                while block := data.read(1 << 16):
                    yield name, block
    except (OSError, tarfile.TarError, KeyError) as exc:
        raise SandboxError(
            f"{archive.name} cannot be read ({exc}).", hint=f"It must be the archive of pyodide {VERSION}."
        ) from exc
