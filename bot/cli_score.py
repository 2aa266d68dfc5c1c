"""The commands `score` and `propose`: answers from a file of JSON Lines, scored one by one; checkpoints out of a model
answer, to edit. Every decision is `bot/scoring`'s."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TextIO

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
        Path,
        typer.Option("--input", dir_okay=False, help="JSON Lines to score; - is standard input."),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", dir_okay=False, help="Where the scored lines go; - is standard output."),
    ],
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
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on after what the output holds already; failures at its end are tried anew."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Score answers: {"id", "question", "answer", "reference"|"checkpoints", "max"} a line, or a bank question's id.

    Lines come out one by one, in the order they went in. A line that cannot be read is reported and left out; an
    answer that cannot be scored says so and has no number. With a model, BOT_MAX_USD is the cap of the whole run.

    Exit code: 0 when something was scored (also beside lines that were skipped or failed), 1 when nothing was, 2 when
    the files or the settings cannot be used, 130 when it was stopped; what was written until then stays.
    """
    draft = _draft(checkpoints) if checkpoints else None
    run = _Run(input_, output, _scorer(judge), draft, quiet)
    try:
        asyncio.run(run.go(resume=resume))
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {run.told()}. Go on with --resume.", err=True)
        raise typer.Exit(130) from None
    except OSError as problem:
        where = problem.filename or output
        typer.echo(f"{where}: {problem.strerror}. {run.told()}.", err=True)
        raise typer.Exit(2) from problem
    typer.echo(run.told(), err=True)
    if run.counts and not run.counts["scored"] and not run.counts["insufficient"]:
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

    draft = draft_of(question, _text_of(reference))
    if not draft.checkpoints:
        typer.echo(f"{reference.name} holds no sentence that could be a checkpoint.", err=True)
        raise typer.Exit(1)
    typer.echo(draft.as_yaml(), nl=False)


def _text_of(path: Path) -> str:
    """A file as text. Raises `InputRefused` for what is none: nothing is proposed from the insides of a picture."""
    from bot.errors import InputRefused

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputRefused(f"{path.name} is not UTF-8 text.", hint="Save it as UTF-8.") from problem
    if "\x00" in text:
        raise InputRefused(f"{path.name} is not a text file.", hint="Give the model answer as plain text.")
    return text


def _draft(path: Path) -> ItemDraft:
    from bot.errors import InputRefused
    from bot.scoring.batch import read_draft

    try:
        return read_draft(_text_of(path))
    except InputRefused as problem:
        typer.echo(f"{path.name}: {problem.message} {problem.hint}", err=True)
        raise typer.Exit(2) from problem


@dataclass
class _Run:
    """One run over a file: reads, scores, writes, counts."""

    source: Path
    target: Path
    scorer: Scorer
    draft: ItemDraft | None
    quiet: bool
    counts: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """What came of it, in a line; with a model also what it used."""
        from bot.scoring.model import BatchJudge

        found = ", ".join(f"{n} {what}" for what, n in sorted(self.counts.items())) or "nothing to score"
        if not isinstance(self.scorer, BatchJudge):
            return found
        spent = self.scorer.spent
        priced = all(c.usd is not None for c in self.scorer.paid)
        return f"{found}; {spent.tokens:,} tokens" + (f", ${spent.usd:.2f}" if priced else ", price unknown")

    async def go(self, *, resume: bool) -> None:
        """Score every line. Raises OSError, and `InputRefused` for an output that cannot be gone on with."""
        from bot.scoring.model import BatchJudge

        try:
            await self._score(resume)
        finally:
            if isinstance(self.scorer, BatchJudge):
                await self.scorer.aclose()

    async def _score(self, resume: bool) -> None:
        from bot.scoring.batch import BadLine, Item, parse

        _refuse_same(self.source, self.target)
        done = _done_before(self.target) if resume else []
        with _reading(self.source) as lines, _writing(self.target, done if resume else None) as out:
            for found, say in _shown(parse(lines), self.source, self.quiet):
                await asyncio.sleep(0)  # where Ctrl-C gets in: offline scoring never waits
                if isinstance(found, Item) and done:
                    _refuse_other(done.pop(0), found)
                    self.counts["kept"] += 1
                elif isinstance(found, Item):
                    scored = await self.scorer(self.draft.fill(found) if self.draft else found)
                    self.counts[scored.status] += 1
                    out.write(scored.as_json() + "\n")
                    out.flush()
                elif isinstance(found, BadLine):
                    self.counts["skipped"] += 1
                    say(f"line {found.number} skipped: {found.why}")


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


def _refuse_same(source: Path, target: Path) -> None:
    from bot.errors import InputRefused

    if str(source) != "-" and target.is_file() and source.is_file() and target.samefile(source):
        raise InputRefused(f"{target} is the input as well.", hint="Name another file for the output.")


def _done_before(target: Path) -> list[str]:
    """The whole lines that an earlier run wrote. One that was cut short is written anew, and so are failures at the
    end: a provider that went away, or a cap that was reached."""
    if str(target) == "-" or not target.is_file():
        return []
    text = target.read_text(encoding="utf-8")
    lines = [f"{line}\n" for line in text.split("\n")[:-1]]  # texts may hold other line ends
    while lines and _held(lines[-1]).get("status") == "failed":
        lines.pop()
    return lines


def _held(line: str) -> dict[str, Any]:
    """A line that was written before; empty when it is none of ours."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _refuse_other(line: str, item: Item) -> None:
    """A line that is kept must be the answer to this very item: another input's output is not gone on with."""
    from bot.errors import InputRefused

    held = _held(line).get("id")
    if held != item.id:
        raise InputRefused(
            f"The output holds {held!r} where the input has {item.id!r}.",
            hint="Leave --resume out to begin anew.",
        )


@contextmanager
def _reading(source: Path) -> Iterator[Iterator[str]]:
    if str(source) == "-":
        yield _lines(sys.stdin.buffer)
        return
    with source.open("rb") as file:
        yield _lines(file)


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a file as they come, none longer in memory than one that is too long to be read; bytes that are no
    UTF-8 stay recognisable as such."""
    from bot.scoring.batch import MAX_LINE

    most = 4 * MAX_LINE + 4  # bytes: what is longer has more characters than a line may have
    while line := file.readline(most):
        rest = line
        while len(rest) == most and not rest.endswith(b"\n"):
            rest = file.readline(most)
        yield line.decode("utf-8", "surrogateescape")


@contextmanager
def _writing(target: Path, keep: Sequence[str] | None) -> Iterator[TextIO]:
    """The output, empty or after the lines to keep."""
    if str(target) == "-":
        yield sys.stdout
        return
    with target.open("w" if keep is None else "a", encoding="utf-8", newline="\n") as out:
        if keep is not None:
            out.truncate(sum(len(line.encode()) for line in keep))
        yield out


def _shown(
    items: Iterator[Item | BadLine], source: Path, quiet: bool
) -> Iterator[tuple[Item | BadLine, Callable[[str], None]]]:
    """The items under a progress bar where somebody can see it, each with how to say something beside it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, soft_wrap=True, highlight=False)
    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = console.is_terminal and not quiet

    def say(text: str) -> None:
        console.print(text, markup=False)

    with Progress(*columns, console=console, disable=not shown, transient=True) as bar:
        task = bar.add_task("scoring", total=_count(source) if shown else None)
        for item in items:
            yield item, say
            bar.advance(task)


def _count(path: Path) -> int | None:
    """Lines with something in them; None for what can be read only once."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return sum(bool(line.strip()) for line in file)
