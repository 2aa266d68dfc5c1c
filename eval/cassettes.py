"""Cassettes of a suite: the replies of a real model, recorded once on purpose, replayed by content ever after.

A suite's folder holds one file for each case and role, and `manifest.json`: which models, and the hash of each file, so that
an edited reply is found and named. Nothing is ever recorded unless `python -m eval record` is called. The files themselves
are written and scrubbed by `bot.model.doubles.CassetteModel`; this module knows folders, names and hashes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eval.values import CaseSpec, InvalidSuite

if TYPE_CHECKING:
    from bot.model.doubles import CassetteModel
    from bot.model.providers import Wired

CASSETTES = Path(__file__).resolve().parent / "cassettes"
Role = Literal["interviewer", "judge"]


@dataclass(frozen=True)
class Voice:
    """What must be the same at replay as at recording, because requests depend on it."""

    name: str
    dialect: Literal["openai", "compatible", "plain"]
    thinking: bool = False


@dataclass(frozen=True)
class Cassettes:
    """The cassettes of one suite. `recording` asks the real model; else a request that is not there is a miss."""

    folder: Path
    voices: dict[str, Voice]
    recording: bool = False

    def model(self, spec: CaseSpec, role: Role, wired: Wired | None = None) -> CassetteModel:
        """The model of one case and role; a recording one needs the real one."""
        from bot.model.doubles import CassetteModel

        file = self.folder / f"{spec.file}.{role}.json"
        name = self.voices[role].name
        if not self.recording:
            return CassetteModel(file=file, name=name)
        if wired is None:
            raise InvalidSuite(
                "recording needs a model: set OPENAI_API_KEY, or BOT_MODEL and OPENAI_BASE_URL"
            )
        return CassetteModel(file=file, name=name, inner=wired.chat, mode="refresh", secrets=wired.secrets)


def folder_of(suite: str) -> Path:
    """Where the cassettes of a suite are."""
    return CASSETTES / suite


def read_cassettes(suite: str) -> Cassettes:
    """The cassettes of a suite, checked. Raises `InvalidSuite` naming the file that is missing or was edited."""
    folder = folder_of(suite)
    if not (folder / "manifest.json").exists():
        raise InvalidSuite(
            f"there is no cassette for the suite {suite!r}; `python -m eval record {suite}` makes one from a live model"
        )
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        voices = {role: Voice(**voice) for role, voice in manifest["voices"].items()}
        files = dict(manifest["files"])
    except (ValueError, TypeError, KeyError) as problem:
        raise InvalidSuite(f"{suite}/manifest.json of the cassettes cannot be read: {problem}") from problem
    for name, known in files.items():
        path = folder / name
        if not path.exists():
            raise InvalidSuite(f"the cassette {suite}/{name} is missing; record the suite again")
        if _hash(path) != known:
            raise InvalidSuite(
                f"the cassette {suite}/{name} was edited after it was recorded; restore it or record the suite again"
            )
    return Cassettes(folder, voices)


def seal(cassettes: Cassettes, prompts: str) -> int:
    """Write the manifest over all files of the folder; gives how many there are. `prompts` is the hash of the prompts
    that were in force."""
    files = sorted(p for p in cassettes.folder.glob("*.json") if p.name != "manifest.json")
    manifest = {
        "voices": {role: asdict(voice) for role, voice in sorted(cassettes.voices.items())},
        "prompts": prompts,
        "files": {p.name: _hash(p) for p in files},
    }
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (cassettes.folder / "manifest.json").write_text(text, encoding="utf-8")
    return len(files)


def digest(suite: str) -> str:
    """One hash over a suite's cassettes, for the stamp of a replay; empty when there are none."""
    path = folder_of(suite) / "manifest.json"
    return _hash(path)[:16] if path.exists() else ""


def _hash(path: Path) -> str:
    # line ends may change on checkout (Windows); the content is JSON, where they mean nothing
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
