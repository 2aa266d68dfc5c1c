"""The `deno` engine: CPython in WebAssembly (Pyodide) inside a Deno process without any permission.

The engine for macOS and Windows, and a choice on Linux, where the Deno process is locked in once more
(child/launch.py). Optional: needs the `deno` extra and the files that `mock-interview fetch-sandbox` brings.
A fresh process for every group of cases, booted from a memory snapshot that is made once, locally.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.coding.engines import fetch, native
from bot.coding.engines.base import EngineInfo
from bot.coding.process import Child, ProcessLimits
from bot.errors import SandboxError

#: resident memory of the process beyond the candidate's share before it is killed, and its hard limit on Linux
RSS_EXTRA_MB = 400
DATA_EXTRA_MB = 900
BOOT_S = 30.0
PYTHON = "3.14"


@functools.cache
def program() -> str:
    """The Deno binary of the `deno` package (not one on PATH: it may be another version), or an empty string."""
    if importlib.util.find_spec("deno") is None:
        return ""
    import deno

    try:
        return str(deno.find_deno_bin())
    except (OSError, RuntimeError):
        return ""


def argv(folder: Path) -> list[str]:
    """Deno with every permission refused but reading the assets, which the runner gives up before the code."""
    flags = "--max-old-space-size=128,--stack-size=60000,--wasm-stack-switching-stack-size=60000"
    return [
        program(), "run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm",
        "--no-code-cache", "--deny-net", "--deny-env", "--deny-run", "--deny-ffi", "--deny-sys", "--deny-write",
        "--deny-import", f"--allow-read={folder}", f"--v8-flags={flags}", str(native.CHILD / "runner.mjs"),
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """DENO_DIR points to nowhere: localStorage, the Cache API and compile caches then have no place to persist."""
    nowhere = "/dev/null/x" if os.name == "posix" else "NUL\\x"
    out = {"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": nowhere}
    if os.name == "nt":
        out["SYSTEMROOT"] = "C:\\Windows"  # without it no Windows program finds its random numbers
    return out


def walled(arguments: list[str], folder: Path, memory_mb: int) -> list[str]:
    """The same command line behind the second wall (Linux)."""
    loaders = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
    config = {
        "read": [
            str(folder), str(native.CHILD / "runner.mjs"), *native.system_libraries(), "/dev/null", "/dev/urandom",
            "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/sys/vm", "/sys/fs/cgroup",
        ],
        "execute": [program(), *(path for path in loaders if os.path.exists(path))],
        "data_mb": memory_mb + DATA_EXTRA_MB,
        "cpu_s": 180,
        "parent": os.getpid(),
        "nice": native.NICE,
    }  # fmt: skip
    launcher = [native.interpreter(), "-I", "-S", str(native.CHILD / "launch.py")]
    return [*launcher, json.dumps(config), *arguments]


def config(folder: Path, memory_mb: int, snapshot: Path | None) -> dict[str, Any]:
    """The first line that the runner reads."""
    return {
        "assets": folder.as_uri() + "/",
        "folder": f"{folder}{os.sep}",
        "snapshot": str(snapshot) if snapshot is not None else "",
        "memory_mb": memory_mb,
        "seed": secrets.randbelow(1 << 32),
        "core": (native.CHILD / "core.py").read_text(encoding="utf-8"),
    }


def snapshot_path(folder: Path) -> Path:
    """The snapshot belongs to one version of both programs."""
    return folder / f"snapshot-{importlib.metadata.version('deno')}.bin"


def make_snapshot(folder: Path) -> Path | None:
    """Boot once and keep the memory (31 MB, 3 s): later boots take 0.4 s instead of 1.9 s. None without Deno."""
    if not program():
        return None
    path = snapshot_path(folder)
    if path.is_file() and path.with_suffix(".sha256").is_file():
        return path
    line = json.dumps(config(folder, 512, None) | {"make": True}).encode() + b"\n"
    done = subprocess.run(
        argv(folder), input=line, capture_output=True, env=environment(), timeout=120, check=False, cwd=folder
    )
    if done.returncode or len(done.stdout) < 1 << 20:
        detail = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise SandboxError(
            f"The sandbox does not boot: {detail}", hint="Run fetch-sandbox again, or report it."
        )
    path.write_bytes(done.stdout)
    path.with_suffix(".sha256").write_text(hashlib.sha256(done.stdout).hexdigest(), encoding="ascii")
    return path


@functools.cache
def verified_snapshot(folder: Path) -> Path | None:
    """The snapshot, if it is the one that was made here; a slow boot otherwise, not a failure."""
    path = snapshot_path(folder)
    try:
        wanted = path.with_suffix(".sha256").read_text(encoding="ascii").strip()
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
    return path if found == wanted else None


class DenoEngine:
    """Pyodide in Deno; on Linux with a second wall around it."""

    name = "deno"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @functools.cached_property
    def folder(self) -> Path:
        """Where its files are."""
        return (self._folder or fetch.default_folder()).resolve()

    @property
    def info(self) -> EngineInfo:
        """Asked anew each time: the files may arrive while the application runs."""
        wall = ("Landlock", "seccomp deny-list", "rlimits") if sys.platform.startswith("linux") else ()
        why = self._why_not()
        return EngineInfo(
            name=self.name,
            python=PYTHON,
            walls=("WebAssembly", "Deno without permissions", *wall),
            available=not why,
            why_not=why,
        )

    def _why_not(self) -> str:
        if not program():
            return "the optional part is not installed: pip install 'rehearsal-interviews[deno]'"
        if fetch.missing(self.folder):
            return "its files are not here: run `mock-interview fetch-sandbox`"
        return ""

    def spawn(self, *, memory_mb: int, needs: frozenset[str]) -> Child:
        """One Deno process; boots Python by itself."""
        arguments = argv(self.folder)
        if sys.platform.startswith("linux"):
            arguments = walled(arguments, self.folder, memory_mb)
        limits = ProcessLimits(boot_s=BOOT_S, memory_mb=memory_mb, watch_rss_mb=memory_mb + RSS_EXTRA_MB)
        cwd = "/" if os.name == "posix" else str(self.folder)
        child = Child(arguments, environment(), cwd, limits)
        child.send(config(self.folder, memory_mb, verified_snapshot(self.folder)))
        return child
