"""The parts of search: BM25 with coverage, the mix, and the collection that makes TREC runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputRefused
from bot.knowledge import trec
from bot.knowledge.lexical import Lexical, Match
from bot.knowledge.mix import DENSE_ONLY, WORDS_ONLY, Weights, best, rank
from tests.support.words import WordHashEmbedder

TEXTS = ["gradient descent on the loss", "trees split rows", "the loss of a tree", ""]


def test_bm25_finds_stems_and_ignores_unknown_words() -> None:
    index = Lexical.build(TEXTS)
    assert index.match("splitting").bm25.argmax() == 1
    assert not index.match("zebra").bm25.any()
    assert not index.match("").bm25.any()


def test_coverage_counts_words_that_nobody_holds() -> None:
    index = Lexical.build(TEXTS)
    full, half = index.match("gradient loss").coverage, index.match("gradient zebra").coverage
    assert full[0] == pytest.approx(1.0)
    assert 0 < half[0] < 0.6
    assert full[3] == 0.0


def test_an_index_without_words_is_an_index() -> None:
    assert not Lexical.build(["", " "]).match("anything").bm25.any()


def test_a_saved_index_answers_alike(tmp_path: Path) -> None:
    made = Lexical.build(TEXTS)
    made.save(tmp_path, "r1")
    loaded = Lexical.load(tmp_path, "r1")
    assert loaded is not None
    assert np.array_equal(loaded.match("loss of trees").bm25, made.match("loss of trees").bm25)
    made.save(tmp_path, "r2")
    assert Lexical.load(tmp_path, "r1") is None  # older ones go


def test_a_damaged_index_is_built_again_and_not_trusted(tmp_path: Path) -> None:
    Lexical.build(TEXTS).save(tmp_path, "r1")
    (tmp_path / "r1" / "meta.json").write_text("{", "utf-8")
    assert Lexical.load(tmp_path, "r1") is None


@given(st.lists(st.floats(0, 100, width=32), max_size=60), st.integers(1, 20))
def test_best_is_a_sort(values: list[float], limit: int) -> None:
    scores = np.array(values, dtype=np.float32)
    expected = sorted((at for at in range(len(values)) if scores[at] > 0), key=lambda at: (-scores[at], at))
    assert best(scores, limit) == expected[:limit]


def test_the_mix_is_a_weighted_sum() -> None:
    words = Match(np.array([0.0, 2.0, 4.0], dtype=np.float32), np.array([0.0, 1.0, 0.5], dtype=np.float32))
    found = {entry.row: entry.score for entry in rank({0: 0.9, 1: 0.5, 2: 0.1}, words, Weights(0.7, 0.3), 10)}
    assert found == pytest.approx({0: 0.63, 1: 0.35 + 0.15, 2: 0.07 + 0.3})
    covered = {
        entry.row: entry.score for entry in rank({0: 0.9, 1: 0.5, 2: 0.1}, words, Weights(0.7, 0.3, 0.2), 10)
    }
    assert covered == pytest.approx({0: 0.63, 1: 0.7, 2: 0.47})
    assert [entry.row for entry in rank({0: 0.9}, words, DENSE_ONLY, 10)] == [0]
    assert [entry.row for entry in rank({}, words, WORDS_ONLY, 10)] == [2, 1]


def write_lines(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    return path


def test_a_run_has_every_query_in_trec_format(tmp_path: Path) -> None:
    docs = write_lines(
        tmp_path / "docs.jsonl",
        [
            {"id": "d1", "title": "Gradient descent", "text": "follows the slope of the loss"},
            {"id": "d2", "title": "", "text": "trees split rows by a feature"},
            {"id": "d3", "title": "Empty", "text": ""},
        ],
    )
    passages, notices = trec.documents(docs)
    asked = trec.queries(
        write_lines(
            tmp_path / "q.jsonl", [{"id": "q1", "text": "slope of the loss"}, {"id": "q2", "text": ""}]
        )
    )
    assert notices == []
    for mode in trec.MODES:
        with trec.Collection(passages, WordHashEmbedder()) as collection:
            lines = [line.split() for line in collection.run(asked, mode, "tag")]
        assert lines[0][:4] == ["q1", "Q0", "d1", "1"]
        assert all(len(line) == 6 and line[5] == "tag" for line in lines)
        values = [float(line[4]) for line in lines if line[0] == "q1"]
        assert values == sorted(values, reverse=True)


def test_a_folder_is_searched_by_passage_and_ranked_by_document(folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    passages, notices = trec.documents(folder)
    assert {passage.document for passage in passages} == {"leakage.md", "trees.txt", "queues.html"}
    assert [notice.source for notice in notices] == ["broken.pdf"]
    with trec.Collection(passages, WordHashEmbedder()) as collection:
        found = collection.search("a feature that carries the label", "mix")
    assert found[0][0] == "leakage.md"
    assert len({name for name, _ in found}) == len(found)


@pytest.mark.parametrize("line", ["not json", "[1]", '{"text": "no id"}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "1", "text": "fine"}\n' + line + "\n", "utf-8")
    with pytest.raises(InputRefused, match=":2"):
        trec.queries(path)
