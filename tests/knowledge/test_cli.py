"""The commands: what they print, that JSON is JSON and nothing else, and that mistakes are told in a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli_knowledge import app
from bot.errors import InputRefused


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_index_search_and_report_as_json(folder: Path) -> None:
    (folder / "empty.txt").write_text("", "utf-8")
    first = json.loads(run("index", str(folder), "--json", "--offline").stdout)
    assert {"added", "changed", "removed", "embedded", "seconds"} <= set(first)
    assert (first["added"], first["refused"], first["embedder"]) == (3, 1, "wordllama-256")
    again = json.loads(run("index", str(folder), "--json", "--offline").stdout)
    assert (again["embedded"], again["unchanged"]) == (0, 3)
    answer = json.loads(run("search", "how do I find data leakage?", "--json", "-k", "2").stdout)
    assert len(answer["hits"]) <= 2
    hit = answer["hits"][0]
    assert hit["article"] == "leakage"
    assert {"section", "start", "end", "text"} <= set(hit)
    assert json.loads(run("search", "a recipe for strawberry jam", "--json").stdout)["hits"] == []


def test_index_and_search_in_words(folder: Path) -> None:
    (folder / "empty.txt").write_text("", "utf-8")
    text = run("index", str(folder), "--offline").stdout
    assert "3 articles" in text
    assert "empty.txt" in text
    shown = run("search", "how do I find data leakage?").stdout
    assert "Data leakage" in shown


def test_clean_judges_every_line(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    prose = (
        "The penalty acts on the variance of the fit and costs some bias in return, which is a good bargain."
    )
    page.write_text(f"Share this\n\n{prose}\n\n\nLeave a comment\n", "utf-8")
    lines = json.loads(run("clean", str(page), "--json").stdout)["lines"]
    assert [(line["n"], line["kept"]) for line in lines] == [(1, False), (3, True), (6, False)]
    assert all(set(line) == {"n", "text", "kept", "why"} for line in lines)
    assert run("clean", str(page)).stdout == prose + "\n"
    assert "Leave a comment" in run("clean", str(page), "--dropped").stdout


def test_clean_reads_a_web_page_by_its_markup(folder: Path) -> None:
    kept = run("clean", str(folder / "queues.html")).stdout
    assert "decouples the producer" in kept
    assert "Copyright" not in kept
    assert "About" not in kept


def test_a_run_file_for_measuring(tmp_path: Path) -> None:
    docs, queries, out = tmp_path / "d.jsonl", tmp_path / "q.jsonl", tmp_path / "out" / "run.txt"
    docs.write_text('{"id": "a 1", "title": "Leakage", "text": "a feature carries the label"}\n', "utf-8-sig")
    queries.write_text('{"id": 7, "text": "label leakage"}\n', "utf-8")
    for mode in ("mix", "dense", "bm25"):
        run("search", "--docs", str(docs), "--queries", str(queries), "--run", str(out), "--mode", mode)
        assert out.read_text("utf-8").split()[:4] == ["7", "Q0", "a_1", "1"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "x", "--mode", "magic"],
        ["search", "--docs", "only.jsonl"],
        ["clean", "no/such/file.txt"],
    ],
)
def test_mistakes_are_told(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, InputRefused)


def test_the_first_index_says_that_it_fetches_and_goes_on_without(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    result = run("index", str(folder), "--json", "--embedder", "auto")
    assert "Fetching the embedder" in result.stderr
    report = json.loads(result.stdout)
    assert report["embedder"] == "wordllama-256"
    assert "fetch-embedder" in report["embedder_note"]


def test_articles_are_listed_and_their_lines_overruled(folder: Path) -> None:
    run("index", str(folder), "--offline")
    assert {row["article"] for row in json.loads(run("articles", "--json").stdout)["articles"]} == {
        "leakage",
        "trees",
        "queues",
    }
    lines = json.loads(run("overrule", "queues", "--json").stdout)["lines"]
    legal = next(line for line in lines if "Copyright" in line["text"])
    assert (legal["kept"], legal["why"]) == (False, "copyright or legal")
    shown = run("overrule", "queues", "--keep", f"{legal['n']}").stdout
    assert shown == f"{legal['n']}\tkept\toverruled by hand\t{legal['text']}\n"
    run("overrule", "queues", "--drop", f"{legal['n']}-{legal['n']}")
    again = json.loads(run("overrule", "queues", "--json").stdout)["lines"]
    assert again == lines


@pytest.mark.parametrize("options", [["--keep", "0"], ["--keep", "x"], ["--keep", "3", "--drop", "1-3"]])
def test_lines_that_are_not_there_are_told(folder: Path, options: list[str]) -> None:
    run("index", str(folder), "--offline")
    result = CliRunner().invoke(app, ["overrule", "trees", *options])
    assert isinstance(result.exception, InputRefused)
