"""The retrieval eval: its measures, its labels, and that a run over small articles comes out right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.resources import corpus_dir
from eval.retrieval import collections, metrics, own
from eval.retrieval.__main__ import compare, main


def test_measures_by_hand() -> None:
    grades = {"a": 2, "b": 1}
    assert metrics.ndcg(["a", "b"], grades) == pytest.approx(1.0)
    assert metrics.ndcg(["x", "a"], grades) == pytest.approx((2 / 1.5849625) / (2 + 1 / 1.5849625))
    assert metrics.recall(["x", "b"], grades, 10) == 0.5
    assert metrics.hit(["x"] * 5 + ["a"], grades, 5) == 0.0
    assert metrics.ndcg([], {}) == 0.0


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3)),
)
def test_measures_stay_between_zero_and_one(ranked: list[str], grades: dict[str, int]) -> None:
    assert all(0.0 <= measure(ranked, grades) <= 1.0 + 1e-9 for measure in metrics.MEASURES.values())


def test_the_interval_holds_the_mean_and_is_repeatable() -> None:
    values = [0.1, 0.5, 0.9, 0.4, 0.2] * 8
    interval = metrics.bootstrap(values)
    assert interval.low < interval.mean < interval.high
    assert interval == metrics.bootstrap(values)


def test_labels_name_articles_that_exist() -> None:
    asked = own.questions()
    there = {path.stem for path in (corpus_dir() / "articles").glob("*.md")}
    assert {name for question in asked for name in question.judged} <= there
    assert sum(bool(question.judged) for question in asked) >= 200
    assert sum(not question.judged for question in asked) >= 40


def test_a_collection_on_disk_is_measured(tmp_path: Path) -> None:
    place = tmp_path / "tiny"
    place.mkdir()
    (place / "docs.jsonl").write_text(
        '{"id": "d1", "title": "", "text": "trees"}\n{"id": "d2", "text": "loss"}\n', "utf-8"
    )
    (place / "queries.jsonl").write_text(
        '{"id": "1", "text": "tree"}\n{"id": "2", "text": "unjudged"}\n', "utf-8"
    )
    (place / "qrels.tsv").write_text("1\td1\t1\n", "utf-8")
    assert collections.found_in(tmp_path) == [place]
    made = collections.load(place)
    assert [query.id for query in made.queries] == ["1"]
    found = compare([("tree", {"d1": 1})], lambda _text, mode: ["d1"] if mode != "dense" else ["d2"])
    assert found["means"]["mix"]["ndcg@10"] == 1.0
    assert found["differences"]["mix - dense"]["ndcg@10"][0] == 1.0


@pytest.mark.slow
def test_our_own_articles_are_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import json

    assert main(["--embedder", "wordllama", "--json", str(tmp_path / "out.json")]) == 0
    results = json.loads((tmp_path / "out.json").read_text("utf-8"))["results"]["own articles"]
    assert results["means"]["mix"]["hit@5"] >= 0.90
    assert results["answered questions that get an answer"] >= 0.95
    assert results["questions without an answer that get none"] >= 0.95
    assert "own articles" in capsys.readouterr().out
