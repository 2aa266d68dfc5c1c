"""The terminal: a whole round from a file of answers, with a score, quotes and cited reading."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.bank import load_once, real_bank

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTION = "ps-bias-variance"


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _one_home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The article index is built once for this module, the shipped content read once."""
    monkeypatch.setenv("BOT_HOME", str(shared_home))
    monkeypatch.setattr("bot.services.load_bank", load_once)
    monkeypatch.setattr("bot.knowledge.vectors.check_in_child", lambda folder, name, count: "")


def answers_file(folder: Path, *answers: str) -> Path:
    path = folder / "answers.txt"
    path.write_text("\n\n".join(answer.replace("\n", " ") for answer in answers))
    return path


def strong_answer() -> str:
    return real_bank().question(QUESTION).answers.level_4


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def practice(capsys: pytest.CaptureFixture[str], answers: Path, *more: str) -> tuple[int, str, str]:
    return run(
        capsys,
        "practice",
        "--round",
        "phone_screen",
        "--seed",
        "7",
        "--question",
        QUESTION,
        "--answers",
        str(answers),
        *more,
    )


def test_a_round_from_a_file_gives_a_traceable_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = practice(capsys, answers_file(tmp_path, strong_answer(), "skip"), "--json")
    assert code == 0
    session = json.loads(out)
    card = session["scorecard"]
    said = {line["turn"]: line["text"] for line in session["transcript"] if line["speaker"] == "candidate"}
    quotes = [e["quote"] for d in card["dimensions"] for e in d["evidence"]]
    assert quotes
    for quote in quotes:
        assert said[quote["turn"]][quote["start"] : quote["end"]] == quote["text"]
    assert card["study"]
    assert all(item["article"] and item["section"] and item["text"] for item in card["study"])
    assert session["ended"] == "stopped"
    seqs = [event["seq"] for event in session["events"]]
    assert seqs == list(range(1, len(seqs) + 1))


def test_the_same_round_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = practice(capsys, answers_file(tmp_path, strong_answer()))
    assert code == 0
    for part in ("Maya:", "You:", "Scorecard", "Practise next", "Read", "Judged by: offline"):
        assert part in out
    code, out, _ = run(capsys, "sessions")
    assert "Phone screen, mid" in out


def test_a_round_that_said_nothing_is_no_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = practice(capsys, answers_file(tmp_path, "stop"), "--json")
    card = json.loads(out)["scorecard"]
    assert (code, card["status"], card["score"]) == (0, "insufficient", None)


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"", "no answers"), (b"\x00\x01", "not a text file"), (b"caf\xe9 au lait", "UTF-8")],
)
def test_unusable_answer_files_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, problem: str
) -> None:
    path = tmp_path / "answers.txt"
    path.write_bytes(data)
    code, _, err = practice(capsys, path)
    assert code == 1
    assert problem in err
    code, _, err = practice(capsys, tmp_path / "missing.txt")
    assert (code, "missing.txt" in err) == (1, True)


def test_unknown_settings_rounds_and_sessions_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "practice", "--round", "quiz")[0] == 2
    code, _, err = run(capsys, "practice", "--resume", "nothing")
    assert (code, "no such session" in err) == (1, True)
    code, _, err = run(capsys, "practice", "--question", "ps-nothing")
    assert (code, "ps-nothing" in err) == (1, True)
    monkeypatch.setenv("BOT_COLOUR", "blue")
    code, _, err = run(capsys, "sessions")
    assert (code, "BOT_COLOUR" in err) == (2, True)


def test_a_taken_port_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, err = run(capsys, "serve", "--port", str(port))
    assert code == 1
    assert f"Port {port}" in err
    assert f"--port {port + 1}" in err


def test_an_own_question_that_is_left_out_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "phone_screen"
    own.mkdir(parents=True)
    (own / "ps-broken.yaml").write_text("id: ps-broken\ntitle: [open\n", "utf-8")
    monkeypatch.setenv("BOT_QUESTIONS", str(own.parent))
    answers = str(answers_file(tmp_path, strong_answer()))
    code, _, err = run(capsys, "practice", "--question", QUESTION, "--answers", answers)
    assert code == 0
    assert "Left out:" in err
    assert "ps-broken.yaml" in err


@pytest.mark.slow
def test_a_person_at_a_terminal() -> None:
    """Typed lines, a hint, and Ctrl-D in the middle; then the session goes on with --resume."""
    env = dict(os.environ)  # the fixture has put BOT_HOME and BOT_EMBEDDER there
    command = [sys.executable, "-m", "bot", "practice", "--seed", "7", "--question", QUESTION]

    def type_in(text: str, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], input=text, capture_output=True, text=True, cwd=ROOT, env=env, timeout=60
        )

    first = type_in("\n/hint\nBias is the systematic error of a simple model.\n")
    assert "The message is empty" in first.stderr
    assert real_bank().question(QUESTION).hints[0].text in " ".join(first.stdout.split())
    session = first.stderr.split("--resume ")[1].split()[0]
    second = type_in("/finish\n", "--resume", session)
    assert "Scorecard" in second.stdout
    assert second.returncode == 0
