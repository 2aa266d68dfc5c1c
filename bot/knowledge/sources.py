"""Finds the inputs: files below folders, single files, URLs. Knows paths; reads no content.

A link that leads out of the folder is not followed, a loop of links ends, and both are named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bot.errors import InputRefused
from bot.knowledge.read import FORMS, too_large
from bot.knowledge.values import Notice

URL_ROOT = "url:"
_IGNORED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv"})
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """An input that may be read. `root` and `source` together name it between runs."""

    root: str
    source: str
    path: Path | None  # None for a URL
    size: int = 0
    mtime: int = 0

    @property
    def name(self) -> str:
        """A file name, whose ending tells the form; a web address without one is a page."""
        if self.path is not None:
            return self.source
        last = PurePosixPath(self.source.split("?")[0].split("#")[0].rstrip("/")).name
        return last if last.lower().endswith(tuple(FORMS)) else f"{last or 'page'}.html"


@dataclass(slots=True)
class Scan:
    """What was found. `covered` are the roots whose missing files count as removed."""

    candidates: list[Candidate] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)


def scan(paths: Iterable[Path | str]) -> Scan:
    """Every input under `paths`, in a stable order."""
    found = Scan()
    for given in dict.fromkeys(str(path) for path in paths):
        if given.startswith(("http://", "https://")):
            found.candidates.append(Candidate(URL_ROOT, given, None))
        elif Path(given).is_dir():
            _folder(Path(given).resolve(), found)
        elif Path(given).exists():
            path = Path(given).resolve()
            _file(path, path.parent, found, named=True)
        else:
            found.notices.append(
                Notice(source=given, kind="missing", detail="There is no such file or folder.")
            )
    return found


def again(root: str, source: str) -> Candidate:
    """The input that an article came from, to be read once more. Raises `InputRefused` when it is gone."""
    if root == URL_ROOT:
        return Candidate(root, source, None)
    path = Path(root) / source
    try:
        stat = path.stat()
        inside = path.resolve().is_relative_to(Path(root).resolve())
    except OSError:
        inside = False
    if not inside:
        raise InputRefused(f"{path} is not there any more.", hint="Put it back, or index its folder again.")
    return Candidate(root, source, path, stat.st_size, stat.st_mtime_ns)


def _folder(root: Path, found: Scan) -> None:
    found.covered.add(str(root))
    for path in _walk(root, root, found, {root}, 0):
        _file(path, root, found)


def _walk(folder: Path, root: Path, found: Scan, above: set[Path], depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as problem:
        found.notices.append(_notice(folder, root, "unreadable", problem.strerror or str(problem)))
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name in _IGNORED_FOLDERS:
            continue
        if entry.is_symlink():
            try:
                real = path.resolve(strict=True)
            except (OSError, RuntimeError):
                found.notices.append(
                    _notice(path, root, "skipped", "It is a broken link or a loop of links.")
                )
                continue
            if not real.is_relative_to(root):
                found.notices.append(
                    _notice(path, root, "skipped", "It is a link that leads out of the folder.")
                )
                continue
            if real.is_dir() or real in above:
                found.notices.append(
                    _notice(path, root, "skipped", "It is a link to a folder that is read anyway.")
                )
                continue
        if entry.is_dir():
            if depth >= _DEPTH:
                found.notices.append(
                    _notice(path, root, "skipped", f"It lies more than {_DEPTH} folders deep.")
                )
                continue
            yield from _walk(path, root, found, above, depth + 1)
        elif entry.is_file():
            yield path
        else:
            found.notices.append(_notice(path, root, "skipped", "It is neither a file nor a folder."))


def _file(path: Path, root: Path, found: Scan, named: bool = False) -> None:
    if path.suffix.lower() not in FORMS:
        detail = (
            f"Files ending in {path.suffix or 'nothing'} are not read ({', '.join(sorted(set(FORMS)))} are)."
        )
        if named or path.suffix.lower() in (".doc", ".rtf", ".odt", ".epub", ".rst", ".ipynb"):
            found.notices.append(_notice(path, root, "skipped", detail))
        return
    try:
        stat = path.stat()
    except OSError as problem:
        found.notices.append(_notice(path, root, "unreadable", problem.strerror or str(problem)))
        return
    if detail := too_large(stat.st_size):
        found.notices.append(_notice(path, root, "refused", detail))
        return
    source = path.relative_to(root).as_posix()
    found.candidates.append(Candidate(str(root), source, path, stat.st_size, stat.st_mtime_ns))


def _notice(path: Path, root: Path, kind: str, detail: str) -> Notice:
    source = path.relative_to(root).as_posix() if path != root and path.is_relative_to(root) else str(path)
    return Notice(source=source.encode("utf-8", "replace").decode("utf-8"), kind=kind, detail=detail)
