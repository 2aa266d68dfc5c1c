"""Cassettes: recorded on purpose only, replayed by content, a miss and an edit are named, no secret in any file."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bank import Bank
from bot.domain.content import Question
from bot.domain.session import SessionState
from bot.settings import Settings, load_settings
from eval import cassettes, record, runner
from eval.candidates import next_words
from eval.cassettes import read_cassettes
from eval.parts import Source
from eval.runner import expand, load_suite, run_cases
from eval.runs import FAIL, Run
from eval.simulate import Parts
from eval.summary import summarise
from eval.values import CaseResult, InvalidSuite, Persona, Suite
from tests.eval.conftest import a_suite

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> tuple[Path, Suite]:
    """A suite recorded once from the stand-in server, which wants a key."""
    from bot.model.standin import StandIn

    folder = tmp_path_factory.mktemp("cassettes")
    suite = a_suite(interviewer="model", judge="model", minutes=5)
    with pytest.MonkeyPatch.context() as patch, StandIn(key=KEY) as server:
        patch.setattr(cassettes, "CASSETTES", folder)
        patch.setattr(record, "load_suite", lambda name: suite)
        patch.setattr(record, "load_bank", lambda *folders: bank)
        patch.setattr(runner, "load_bank", lambda *folders: bank)
        settings = load_settings(
            {"OPENAI_BASE_URL": server.url, "BOT_MODEL": "stand-in", "OPENAI_API_KEY": KEY}
        )
        assert "the replay gives the same" in record.record("tiny", settings)
    return folder, suite


@pytest.fixture
def kept(recorded: tuple[Path, Suite], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Suite]:
    """A copy of the recording that a test may spoil."""
    shutil.copytree(recorded[0], tmp_path / "c")
    monkeypatch.setattr(cassettes, "CASSETTES", tmp_path / "c")
    return tmp_path / "c" / "tiny", recorded[1]


def replay(suite: Suite, bank: Bank) -> tuple[Run, list[CaseResult]]:
    source = Source(cassettes=read_cassettes(suite.id))
    results = list(run_cases(suite, expand(suite, bank), workers=1, source=source))
    return summarise(suite, "replay", "r", {}, results), results


def test_a_recording_replays_without_a_server(kept: tuple[Path, Suite], bank: Bank) -> None:
    run, results = replay(kept[1], bank)
    assert run.verdict == 0
    assert results[0].calls > 3
    assert {line.source for line in results[0].transcript} >= {"model"}


def test_a_changed_prompt_misses_and_shows_the_first_line_that_differs(
    kept: tuple[Path, Suite], bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = runner.parts_for

    async def words(persona: Persona, state: SessionState, questions: Mapping[str, Question]) -> str:
        return "Quite another answer. " + next_words(persona, state, questions)

    def other_words(*arguments: object, **named: object) -> Parts:
        return replace(original(*arguments, **named), words=words)  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "parts_for", other_words)
    run, results = replay(kept[1], bank)
    assert run.verdict == FAIL
    assert results[0].outcome == "fail", "a miss is a failure, not an error of the harness"
    assert "changed at line" in run.why[0]
    assert "Quite another answer." in run.why[0]


def test_an_edited_cassette_is_named(kept: tuple[Path, Suite]) -> None:
    folder, suite = kept
    file = next(folder.glob("*.judge.json"))
    file.write_text(file.read_text().replace("covered", "absent", 1))
    with pytest.raises(InvalidSuite, match=rf"{file.name}.*edited"):
        read_cassettes(suite.id)
    file.unlink()
    with pytest.raises(InvalidSuite, match=rf"{file.name}.*missing"):
        read_cassettes(suite.id)


def test_without_a_recording_the_command_to_make_one_is_told(kept: tuple[Path, Suite]) -> None:
    with pytest.raises(InvalidSuite, match="eval record other"):
        read_cassettes("other")


def test_a_broken_manifest_is_named(kept: tuple[Path, Suite]) -> None:
    (kept[0] / "manifest.json").write_text('{"files": ')
    with pytest.raises(InvalidSuite, match=r"manifest\.json"):
        read_cassettes("tiny")


def test_recording_needs_a_model_and_a_suite_that_asks_one() -> None:
    settings: Settings = load_settings({})
    with pytest.raises(InvalidSuite, match="asks no model"):
        record.record("ci", settings)


def test_replay_writes_nothing(kept: tuple[Path, Suite], bank: Bank) -> None:
    before = {p.name: p.read_bytes() for p in kept[0].iterdir()}
    replay(kept[1], bank)
    assert {p.name: p.read_bytes() for p in kept[0].iterdir()} == before


SECRETS = re.compile(
    r"sk-[A-Za-z0-9_-]{8,}|(?i:bearer\s+\S+)|(?i:authorization)|(?i:api[_-]?key)|[\w.+-]+@[\w-]+\.\w+|eyJ[\w-]{8,}\."
)


def test_the_key_is_in_no_recorded_file(kept: tuple[Path, Suite]) -> None:
    for path in kept[0].iterdir():
        assert not SECRETS.search(path.read_text(encoding="utf-8")), path.name


def test_no_committed_cassette_holds_a_secret() -> None:
    files = list(cassettes.CASSETTES.rglob("*.json"))
    assert files
    for path in files:
        found = SECRETS.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found and found.group(0)[:8]}"


def test_committed_cassettes_are_sealed_and_readable_as_diffs() -> None:
    for folder in cassettes.CASSETTES.iterdir():
        kept = read_cassettes(folder.name)
        assert load_suite(folder.name).id == folder.name
        assert set(kept.voices) == {"interviewer", "judge"}
        for path in folder.glob("*.judge.json"):
            calls = json.loads(path.read_text(encoding="utf-8"))["calls"]
            assert list(calls) == sorted(calls)
