"""The commands `score` and `propose`: answers from a file of JSON Lines, scored one by one; checkpoints out of a model
answer, to edit. Every decision is `bot/scoring`'s."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.scoring.batch import BadLine, Item, ItemDraft, Scored, Scorer

app = typer.Typer(no_args_is_help=True, help="Score answers from a file, propose checkpoints.")


class JudgeName(StrEnum):
    """Who judges."""

    OFFLINE = "offline"
    MODEL = "model"


@app.command()
def score(
    input_: Annotated[
        Path, typer.Option("--input", exists=True, dir_okay=False, readable=True, help="JSON Lines to score.")
    ],
    output: Annotated[Path, typer.Option("--output", dir_okay=False, help="Where the scored lines go.")],
    judge: Annotated[JudgeName, typer.Option(help="Who judges.")] = JudgeName.OFFLINE,
    checkpoints: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="Draft of `propose`, for lines that bring neither a reference nor checkpoints.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Score answers: {"id", "question", "answer", "reference", "checkpoints", "max"} a line, or a bank question's id.

    `reference` is a text or a list. `checkpoints` (or `rubric`) is a rubric as it is written anyway: one text, a list of
    texts ("explains X (2 points)") or of objects ({"statement", "weight"}), or an object {text: points}. With both, the
    mean counts. Lines come out in the order they went in. A line that cannot be read is reported and left out; an answer
    that cannot be scored says so and has no number. How far to trust it: `python -m eval validity`, docs/validity.md.
    """
    draft = _draft(checkpoints) if checkpoints else None
    counts = asyncio.run(_run(input_, output, judge, draft, quiet))
    summary = ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) or "nothing to score"
    typer.echo(summary, err=True)
    if counts and not counts["scored"] and not counts["insufficient"]:
        raise typer.Exit(1)


@app.command()
def propose(
    reference: Annotated[
        Path,
        typer.Option(
            "--reference", exists=True, dir_okay=False, readable=True, help="A model answer, as text."
        ),
    ],
    question: Annotated[str, typer.Option(help="The question that it answers.")] = "",
) -> None:
    """Print checkpoints proposed from a model answer, as YAML to edit and to give to `score --checkpoints`."""
    from bot.scoring.batch import draft_of

    text = reference.read_text(encoding="utf-8", errors="replace")
    draft = draft_of(question, text)
    if not draft.checkpoints:
        typer.echo(f"{reference.name} holds no sentence that could be a checkpoint.", err=True)
        raise typer.Exit(1)
    typer.echo(draft.as_yaml(), nl=False)


def _draft(path: Path) -> ItemDraft:
    from bot.errors import InputRefused
    from bot.scoring.batch import read_draft

    try:
        return read_draft(path.read_text(encoding="utf-8", errors="replace"))
    except InputRefused as problem:
        typer.echo(f"{path.name}: {problem.message} {problem.hint}", err=True)
        raise typer.Exit(2) from problem


async def _run(
    source: Path, target: Path, judge: JudgeName, draft: ItemDraft | None, quiet: bool
) -> Counter[str]:
    from bot.scoring.batch import BadLine, parse

    scorer = _scorer(judge)
    counts: Counter[str] = Counter()
    with source.open(encoding="utf-8", errors="replace") as lines, target.open("w", encoding="utf-8") as out:
        async for result in _results(_progress(parse(lines), _count(source), quiet), scorer, draft):
            if isinstance(result, BadLine):
                counts["skipped"] += 1
                typer.echo(f"line {result.number} skipped: {result.why}", err=True)
                continue
            counts[result.status] += 1
            out.write(result.as_json() + "\n")
            out.flush()
    return counts


async def _results(
    items: Iterator[Item | BadLine], scorer: Scorer, draft: ItemDraft | None
) -> AsyncIterator[Scored | BadLine]:
    from bot.scoring.batch import Item

    for item in items:
        if isinstance(item, Item):
            yield await scorer(draft.fill(item) if draft else item)
        else:
            yield item


def _scorer(judge: JudgeName) -> Scorer:
    from bot.bank import load_bank
    from bot.resources import corpus_dir, prompts_dir
    from bot.scoring.batch import score_item

    bank = load_bank(prompts_dir(), corpus_dir())
    if judge is JudgeName.MODEL:
        from bot.scoring.model import batch_scorer
        from bot.settings import load_settings

        return batch_scorer(load_settings(), bank.questions, bank.rubrics)

    async def offline(item: Item) -> Scored:
        return score_item(item, bank.questions, bank.rubrics)

    return offline


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(bool(line.strip()) for line in file)


def _progress(items: Iterator[Item | BadLine], total: int, quiet: bool) -> Iterator[Item | BadLine]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("scoring", total=total)
        for item in items:
            yield item
            bar.advance(task)
