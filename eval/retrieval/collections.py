"""Test collections on disk: a folder with docs.jsonl, queries.jsonl and qrels.tsv (query, document, grade).

None is shipped; docs/retrieval.md says where they come from. Knows the file format only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InputRefused
from bot.knowledge import trec


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, the queries that have a judgement, and the judgements."""

    name: str
    passages: list[trec.Passage]
    queries: list[trec.Query]
    judged: dict[str, dict[str, int]]


def load(folder: Path) -> Collection:
    """Read one collection. Raises `InputRefused` for a file that is not as expected."""
    passages, _ = trec.documents(folder / "docs.jsonl")
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for n, line in enumerate((folder / "qrels.tsv").read_text("utf-8").splitlines(), 1):
        fields = line.split()
        if len(fields) != 3:
            raise InputRefused(f"{folder / 'qrels.tsv'}:{n} has {len(fields)} columns instead of 3.")
        judged[fields[0]][fields[1]] = int(fields[2])
    queries = [query for query in trec.queries(folder / "queries.jsonl") if query.id in judged]
    return Collection(folder.name, passages, queries, dict(judged))


def found_in(folder: Path) -> list[Path]:
    """Folders below `folder` that hold a collection."""
    return sorted(path.parent for path in folder.glob("*/qrels.tsv"))
