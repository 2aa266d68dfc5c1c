"""Files that the system will not let us read: named in the report, with everything beside them indexed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.knowledge.library import Library

TEXT = "# {0}\n\nA {0} note about feature stores and the freshness of what they serve.\n"


def test_a_file_without_permission_is_named_and_the_rest_is_indexed(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "in"
    place.mkdir()
    (place / "open.md").write_text(TEXT.format("open"), "utf-8")
    shut = place / "shut.md"
    shut.write_text(TEXT.format("shut"), "utf-8")
    shut.chmod(0)
    with monkeypatch.context() as patched:
        if os.access(shut, os.R_OK):  # root may read everything: let the read itself fail
            read = Path.read_bytes

            def refuse(path: Path) -> bytes:
                if path.name == shut.name:
                    raise PermissionError(13, "Permission denied", str(path))
                return read(path)

            patched.setattr(Path, "read_bytes", refuse)
        report = library.index([place])

    assert report.added == 1
    assert report.refused == 1
    (notice,) = (entry for entry in report.notices if entry.source == "shut.md")
    assert "cannot be read (Permission denied)" in notice.detail
    assert library.search("freshness of feature stores").hits[0].article == "open"

    shut.chmod(0o600)
    assert library.index([place]).added == 1
