"""The command `score`: answers from a file of JSON Lines, scored one by one. Every decision is `bot/scoring`'s."""

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
    from bot.scoring.batch import BadLine, Item, Scored, Scorer

app = typer.Typer(no_args_is_help=True, help="Score answers from a file.")


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
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Score answers: {"id", "question", "answer", "reference"|"checkpoints", "max"} a line, or a bank question's id.

    Lines come out in the order they went in. A line that cannot be read is reported and left out; an answer that
    cannot be scored says so and has no number.
    """
    counts = asyncio.run(_run(input_, output, judge, quiet))
    summary = ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) or "nothing to score"
    typer.echo(summary, err=True)
    if counts and not counts["scored"] and not counts["insufficient"]:
        raise typer.Exit(1)


async def _run(source: Path, target: Path, judge: JudgeName, quiet: bool) -> Counter[str]:
    from bot.scoring.batch import BadLine, parse

    scorer = _scorer(judge)
    counts: Counter[str] = Counter()
    with source.open(encoding="utf-8", errors="replace") as lines, target.open("w", encoding="utf-8") as out:
        async for result in _results(_progress(parse(lines), _count(source), quiet), scorer):
            if isinstance(result, BadLine):
                counts["skipped"] += 1
                typer.echo(f"line {result.number} skipped: {result.why}", err=True)
                continue
            counts[result.status] += 1
            out.write(result.as_json() + "\n")
            out.flush()
    return counts


async def _results(items: Iterator[Item | BadLine], scorer: Scorer) -> AsyncIterator[Scored | BadLine]:
    from bot.scoring.batch import Item

    for item in items:
        yield await scorer(item) if isinstance(item, Item) else item


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
