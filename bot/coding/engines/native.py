"""The `native` engine: the host's own CPython under Landlock, a seccomp allow-list and rlimits (Linux).

Needs no root and no package. One wall only, the kernel; `bwrap` puts a second one around it. Fails closed:
when a part of the lock cannot be applied the child refuses to start.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import platform
import sys
import sysconfig
from pathlib import Path
from typing import Any

from bot.coding.engines.base import EngineInfo
from bot.coding.process import Child, ProcessLimits

CHILD = Path(__file__).resolve().parent.parent / "child"
MACHINES = ("x86_64", "aarch64")
#: what the interpreter itself and numpy need of address space, on top of the candidate's share
BASE_MB = 256
NICE = 5
#: below the standard library, yet not part of it (or of no use)
SHUT = frozenset({"site-packages", "dist-packages", "test", "idlelib", "ensurepip"})


@functools.cache
def interpreter() -> str:
    """The real Python binary (a virtual environment's link would need its folder, which stays shut)."""
    return os.path.realpath(sys.executable)


@functools.cache
def stdlib_dirs() -> tuple[str, ...]:
    """Where the standard library is: pure and compiled part."""
    paths = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_exec_prefix})
    found = {os.path.realpath(paths["stdlib"]), os.path.realpath(paths["platstdlib"])}
    found |= {os.path.join(os.path.realpath(path), "lib-dynload") for path in tuple(found)}
    return tuple(sorted(path for path in found if os.path.isdir(path)))


@functools.cache
def readable() -> tuple[str, ...]:
    """Files and folders that the child may read: the standard library without site-packages (that is where
    this application and its question bank may be installed), and the system's shared libraries."""
    allowed: list[str] = []
    for folder in stdlib_dirs():
        inside = sorted(set(os.listdir(folder)) - SHUT)
        allowed += [os.path.join(folder, name) for name in inside]
    archive = f"python{sys.version_info[0]}{sys.version_info[1]}.zip"
    allowed.append(os.path.join(sys.base_prefix, "lib", archive))
    allowed += system_libraries()
    allowed += ["/usr/share/zoneinfo", "/dev/null", "/dev/urandom"]
    return tuple(dict.fromkeys(os.path.realpath(path) for path in allowed if os.path.exists(path)))


@functools.cache
def system_libraries() -> tuple[str, ...]:
    """Shared libraries of the system and of this interpreter: folders and files."""
    allowed: list[str] = []
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    for root in ("/lib", "/usr/lib", "/lib64", "/usr/lib64", os.path.join(sys.base_prefix, "lib")):
        if multiarch and os.path.isdir(os.path.join(root, multiarch)):
            allowed.append(os.path.join(root, multiarch))
        allowed += _libraries(root)
    return tuple(allowed)


def _libraries(root: str) -> list[str]:
    """Shared libraries that lie directly in a folder (where systems without multiarch keep them)."""
    if not os.path.isdir(root):
        return []
    return [os.path.join(root, name) for name in sorted(os.listdir(root)) if ".so" in name]


@functools.cache
def numpy_home() -> str:
    """The folder that holds the numpy package of this environment, or an empty string."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        return ""
    return str(Path(spec.origin).resolve().parent.parent)


@functools.cache
def numpy_files() -> tuple[str, ...]:
    """What of that folder the child may read."""
    home = numpy_home()
    if not home:
        return ()
    return tuple(p for p in (f"{home}/numpy", f"{home}/numpy.libs") if os.path.isdir(p))


def lock_config(
    memory_mb: int, needs: frozenset[str], *, lock: bool = True, parent: int = 0
) -> dict[str, Any]:
    """The first line that the child reads."""
    with_numpy = "numpy" in needs
    return {
        "read": [*readable(), *(numpy_files() if with_numpy else ())],
        "list": list(stdlib_dirs()),
        "numpy": numpy_home() if with_numpy else "",
        "memory_mb": memory_mb + BASE_MB,
        "cpu_s": 120,
        "parent": parent,
        "nice": NICE,
        "lock": lock,
    }


def python_argv(python: str) -> list[str]:
    """Isolated, without site: no user folder, no .pth file, nothing of the current directory."""
    return [python, "-I", "-S", "-X", "utf8", str(CHILD / "main.py")]


#: the whole environment of a child; nothing of ours is inherited
ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NativeEngine:
    """Landlock + seccomp + rlimits around the host's CPython."""

    name = "native"

    @functools.cached_property
    def info(self) -> EngineInfo:
        """Cheap facts only; whether the lock really holds is asked by the self-test."""
        why = unsupported()
        return EngineInfo(
            name=self.name,
            python=platform.python_version(),
            walls=("Landlock", "seccomp allow-list", "rlimits"),
            has=("numpy",) if numpy_home() else (),
            available=not why,
            why_not=why,
        )

    def spawn(self, *, memory_mb: int, needs: frozenset[str]) -> Child:
        """One child; tells it at once how to lock itself in."""
        limits = ProcessLimits(memory_mb=memory_mb)
        child = Child(python_argv(interpreter()), ENVIRONMENT, "/", limits)
        child.send(lock_config(memory_mb, needs, parent=os.getpid()))
        return child


def unsupported() -> str:
    """Why the native engine cannot work here, or an empty string."""
    if not sys.platform.startswith("linux"):
        return "it needs Linux; on macOS and Windows use the deno engine (pip install 'rehearsal-interviews[deno]')"
    if platform.machine() not in MACHINES:
        return f"it has no table of system calls for {platform.machine()}"
    return ""
