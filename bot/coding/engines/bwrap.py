"""The `bwrap` engine: the native engine inside bubblewrap, for hosting (Linux).

bubblewrap gives a file system of its own, no network device, no other process in sight; inside it the
native lock is applied as everywhere. Needs the `bwrap` program and user namespaces that are allowed.
"""

from __future__ import annotations

import functools
import os
import shutil

from bot.coding.engines import native
from bot.coding.engines.base import EngineInfo
from bot.coding.process import Child, ProcessLimits


@functools.cache
def program() -> str:
    """Path of bubblewrap, or an empty string."""
    return shutil.which("bwrap") or ""


def argv(memory_mb: int, needs: frozenset[str]) -> list[str]:
    """The command line: fresh namespaces, an empty root, and only what the interpreter must read."""
    python = native.interpreter()
    out = [
        program(),
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--clearenv",
    ]
    out += ["--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
    for key, value in native.ENVIRONMENT.items():
        out += ["--setenv", key, value]
    out += ["--tmpfs", "/tmp", "--dev", "/dev", "--ro-bind", "/usr", "/usr"]
    for root in ("/lib", "/lib64"):
        if os.path.islink(root):
            out += ["--symlink", os.readlink(root), root]
        elif os.path.isdir(root):
            out += ["--ro-bind", root, root]
    for folder in native.stdlib_dirs():
        if not folder.startswith("/usr/"):
            out += ["--ro-bind", folder, folder]
        for packages in ("site-packages", "dist-packages"):
            if os.path.isdir(hidden := os.path.join(folder, packages)):
                out += ["--tmpfs", hidden]  # where this application and its bank may be installed
    needed = [python, str(native.CHILD), *(native.numpy_files() if "numpy" in needs else ())]
    for path in (*needed, *_libraries_of(python)):
        out += ["--ro-bind", path, path]
    return [*out, "--chdir", "/", "--remount-ro", "/", "--", *native.python_argv(python)]


class BwrapEngine:
    """Two walls: namespaces of bubblewrap, then Landlock + seccomp + rlimits."""

    name = "bwrap"

    @functools.cached_property
    def info(self) -> EngineInfo:
        """Cheap facts only; whether namespaces are allowed shows in the self-test."""
        inner = native.NativeEngine().info
        why = native.unsupported()
        if not why and not program():
            why = "bubblewrap is not installed (package `bubblewrap`)"
        return EngineInfo(
            name=self.name,
            python=inner.python,
            walls=("bubblewrap namespaces", *inner.walls),
            has=inner.has,
            available=not why,
            why_not=why,
        )

    def spawn(self, *, memory_mb: int, needs: frozenset[str]) -> Child:
        """One child in fresh namespaces."""
        child = _Wrapped(argv(memory_mb, needs), {}, "/", ProcessLimits(memory_mb=memory_mb))
        child.send(native.lock_config(memory_mb, needs))
        return child


class _Wrapped(Child):
    """bubblewrap is our child, the interpreter a descendant of it: its clock is the one that counts."""

    _inner = 0

    def clock_pid(self) -> int:
        if not self._inner:
            self._inner = _innermost(self.pid)
        return self._inner


def _libraries_of(python: str) -> list[str]:
    """libpython and its like beside an interpreter that was not built by the system."""
    folder = os.path.join(os.path.dirname(os.path.dirname(python)), "lib")
    if folder.startswith("/usr/lib") or not os.path.isdir(folder):
        return []
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.startswith("lib")]


def _innermost(pid: int) -> int:
    """The descendant that is not bubblewrap, from /proc; 0 while it is not there yet."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            below = [int(word) for word in file.read().split()]
        for child in below:
            with open(f"/proc/{child}/comm", encoding="utf-8", errors="replace") as file:
                if file.read().strip() != "bwrap":
                    return child
            if found := _innermost(child):
                return found
    except OSError:
        return 0
    return 0
