"""Measure the search: `python -m eval.retrieval [--embedder NAME] [--data FOLDER] [--articles FOLDER] [--json FILE]`.

Our own articles always; the collections of `--data` (folders with docs.jsonl, queries.jsonl, qrels.tsv) when given.
Prints a table of means and paired bootstrap intervals against dense-only and BM25-only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.knowledge import embed, trec
from bot.knowledge.library import Library
from bot.resources import corpus_dir
from eval.retrieval import collections, own
from eval.retrieval.metrics import MEASURES, Judgements, bootstrap

Ranking = Callable[[str, str], Sequence[str]]
"""(question, mode) -> document names, best first."""


def compare(asked: Sequence[tuple[str, Judgements]], ranked: Ranking) -> dict[str, Any]:
    """Means of every mode, and differences of the mix to the other two with intervals."""
    values: dict[str, dict[str, list[float]]] = {}
    for mode in trec.MODES:
        lists = [ranked(text, mode) for text, _ in asked]
        values[mode] = {
            name: [measure(found, grades) for found, (_, grades) in zip(lists, asked, strict=True)]
            for name, measure in MEASURES.items()
        }
    means = {
        mode: {name: round(bootstrap(scores).mean, 4) for name, scores in found.items()}
        for mode, found in values.items()
    }
    against = {
        f"mix - {other}": {
            name: [
                round(value, 4)
                for value in bootstrap([a - b for a, b in zip(scores, values[other][name], strict=True)])
            ]
            for name, scores in values["mix"].items()
        }
        for other in ("dense", "bm25")
    }
    return {"queries": len(asked), "means": means, "differences": against}


def measure_own(embedder: embed.Embedder, articles: Path) -> dict[str, Any]:
    """Our own articles through the library itself, gate and cap included for the questions without an answer."""
    asked = own.questions()
    answered = [(question.text, question.judged) for question in asked if question.judged]
    silent = [question.text for question in asked if not question.judged]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        library = Library.open(Path(home), embedder=embedder)
        report = library.index([articles])

        def ranked(text: str, mode: str) -> list[str]:
            hits = library.search(text, 10, mode=mode, per_article=1, gate=False).hits
            return [hit.article for hit in hits]

        found = compare(answered, ranked)
        started = time.perf_counter()
        kept = sum(bool(library.search(text).hits) for text, _ in answered)
        seconds = (time.perf_counter() - started) / max(len(answered), 1)
        quiet = sum(not library.search(text).hits for text in silent)
        library.close()
    return found | {
        "articles": report.articles,
        "passages": report.chunks,
        "answered questions that get an answer": round(kept / max(len(answered), 1), 4),
        "questions without an answer that get none": round(quiet / max(len(silent), 1), 4),
        "silent questions": len(silent),
        "ms a query": round(seconds * 1000, 2),
    }


def measure_collection(embedder: embed.Embedder, folder: Path) -> dict[str, Any]:
    """One collection on disk, a document as one passage."""
    made = collections.load(folder)
    asked = [(query.text, made.judged[query.id]) for query in made.queries]
    with trec.Collection(made.passages, embedder) as held:
        found = compare(asked, lambda text, mode: [name for name, _ in held.search(text, mode)])
    return found | {"documents": len(made.passages)}


def table(results: Mapping[str, Any]) -> str:
    """The results as text."""
    lines = []
    for name, found in results.items():
        lines.append(f"{name} ({found['queries']} queries)")
        for mode, means in found["means"].items():
            lines.append(
                f"  {mode:6}" + "".join(f"  {measure} {value:.3f}" for measure, value in means.items())
            )
        for pair, differences in found["differences"].items():
            mean, low, high = differences["ndcg@10"]
            lines.append(f"  {pair}: nDCG@10 {mean:+.3f} [{low:+.3f}, {high:+.3f}]")
        for key in (
            "answered questions that get an answer",
            "questions without an answer that get none",
            "ms a query",
        ):
            if key in found:
                lines.append(f"  {key}: {found[key]}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of `python -m eval.retrieval`."""
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description=__doc__)
    parser.add_argument("--embedder", default="wordllama")
    parser.add_argument("--articles", type=Path, default=corpus_dir() / "articles")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path, dest="out")
    given = parser.parse_args(arguments)
    embedder = embed.load(given.embedder)
    results = {"own articles": measure_own(embedder, given.articles)}
    for folder in collections.found_in(given.data) if given.data else []:
        results[folder.name] = measure_collection(embedder, folder)
    print(f"embedder {embedder.id}, dense weight {embedder.mix.dense}, gate {embedder.mix.gate}")
    print(table(results))
    if given.out:
        given.out.write_text(
            json.dumps({"embedder": embedder.id, "results": results}, indent=2) + "\n", "utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
