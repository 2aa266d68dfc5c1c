"""The lock of the one writer of an index folder. Knows nothing of what is written."""

from __future__ import annotations

from pathlib import Path

from bot.errors import IndexLocked, StoreReadOnly


class WriterLock:
    """One writer at a time, over all processes; raises `IndexLocked` at once instead of waiting."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        from filelock import FileLock, Timeout

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(str(self._path))
            self._lock.acquire(timeout=0)
        except Timeout as problem:
            raise IndexLocked(
                "Another process is indexing articles.", hint="Wait until it is done, then try again."
            ) from problem
        except OSError as problem:
            raise StoreReadOnly(
                f"The index folder {self._path.parent} cannot be written ({problem.strerror}).",
                hint="Check its permissions and the free space, or set BOT_HOME.",
            ) from problem

    def __exit__(self, *_: object) -> None:
        self._lock.release()
