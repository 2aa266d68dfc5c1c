"""The commands `score` and `propose`: answers from a file of JSON Lines, scored in order; checkpoints out of a model
answer, to edit. Every decision is `bot/scoring`'s."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TextIO

import typer

if TYPE_CHECKING:
    from bot.scoring.batch import BadLine, Item, Scored, Scorer
    from bot.scoring.drafts import ItemDraft

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
    answer that cannot be scored says so and has no number. With a model, BOT_JUDGE_AT_ONCE lines are judged at the same
    time, and BOT_MAX_USD is the cap of the whole run.

    Exit code: 0 when something was scored (also beside lines that were skipped or failed), 1 when nothing was, 2 when
    the files or the settings cannot be used, 130 when it was stopped; what was written until then stays.
    """
    draft = _draft(checkpoints) if checkpoints else None
    scorer, at_once = _scorer(judge)
    run = _Run(input_, output, scorer, draft, quiet, at_once)
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
    from bot.scoring.drafts import draft_of

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
    from bot.scoring.drafts import read_draft

    try:
        return read_draft(_text_of(path), path.name)
    except InputRefused as problem:
        typer.echo(f"{problem.message} {problem.hint}", err=True)
        raise typer.Exit(2) from problem


@dataclass(frozen=True, slots=True)
class _Kept:
    """An item whose line the output has already."""


@dataclass
class _Run:
    """One run over a file: reads, scores, writes, counts."""

    source: Path
    target: Path
    scorer: Scorer
    draft: ItemDraft | None
    quiet: bool
    at_once: int = 1
    counts: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """What came of it, in a line; with a model also what it used."""
        from bot.scoring.model import BatchJudge

        found = ", ".join(f"{n} {what}" for what, n in sorted(self.counts.items())) or "nothing to score"
        if not isinstance(self.scorer, BatchJudge):
            return found
        bill = self.scorer.bill
        price = "price unknown" if bill.unpriced else f"${bill.session_usd:.2f}"
        return f"{found}; {bill.session.total:,} tokens, {price}"

    async def go(self, *, resume: bool) -> None:
        """Score every line. Raises OSError, and `InputRefused` for an output that cannot be gone on with."""
        from bot.scoring.model import BatchJudge

        try:
            await self._score(resume)
        finally:
            if isinstance(self.scorer, BatchJudge):
                await self.scorer.aclose()

    async def _score(self, resume: bool) -> None:
        from bot.scoring.batch import parse
        from bot.scoring.in_order import in_order

        _refuse_same(self.source, self.target)
        keep = _kept(self.target) if resume else None
        with (
            _reading(self.source) as lines,
            _written(self.target, keep or 0) as before,
            _writing(self.target, keep) as out,
            _progress(self.source, self.quiet) as (advance, say),
        ):
            items = _not_yet(parse(lines), before)
            async with aclosing(in_order(items, self._one, at_once=self.at_once)) as outcomes:
                async for found in outcomes:
                    self._put(found, out, say)
                    advance()

    async def _one(self, found: Item | BadLine | _Kept) -> Scored | BadLine | _Kept:
        from bot.scoring.batch import Item

        if not isinstance(found, Item):
            return found
        return await self.scorer(self.draft.fill(found) if self.draft else found)

    def _put(self, found: Scored | BadLine | _Kept, out: TextIO, say: Callable[[str], None]) -> None:
        from bot.scoring.batch import BadLine

        if isinstance(found, _Kept):
            self.counts["kept"] += 1
        elif isinstance(found, BadLine):
            self.counts["skipped"] += 1
            say(f"line {found.number} skipped: {found.why}")
        else:
            self.counts[found.status] += 1
            out.write(found.as_json() + "\n")
            out.flush()


def _scorer(judge: JudgeName) -> tuple[Scorer, int]:
    """Who scores, and how many lines at once: offline scoring is all work and no waiting."""
    from bot.bank import load_bank
    from bot.resources import corpus_dir, prompts_dir
    from bot.scoring.batch import score_item

    bank = load_bank(prompts_dir(), corpus_dir())
    if judge is JudgeName.MODEL:
        from bot.scoring.model import batch_scorer
        from bot.settings import load_settings

        settings = load_settings()
        return batch_scorer(settings, bank.questions, bank.rubrics), settings.judge_at_once

    async def offline(item: Item) -> Scored:
        return score_item(item, bank.questions, bank.rubrics)

    return offline, 1


def _refuse_same(source: Path, target: Path) -> None:
    from bot.errors import InputRefused

    if str(source) != "-" and target.is_file() and source.is_file() and target.samefile(source):
        raise InputRefused(f"{target} is the input as well.", hint="Name another file for the output.")


def _kept(target: Path) -> int:
    """Bytes of the whole lines that an earlier run wrote. One that was cut short is written anew, and so are failures
    at the end: a provider that went away, or a cap that was reached."""
    keep = end = 0
    if str(target) != "-" and target.is_file():
        with target.open("rb") as file:
            for line in file:
                end += len(line)
                if line.endswith(b"\n") and _held(line).get("status") != "failed":
                    keep = end
    return keep


def _held(line: bytes) -> dict[str, Any]:
    """A line that was written before; empty when it is none of ours."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


@contextmanager
def _written(target: Path, size: int) -> Iterator[Iterator[bytes]]:
    """The lines of the first `size` bytes of an output, one after the other."""
    if not size:
        yield iter(())
        return
    with target.open("rb") as file:

        def lines() -> Iterator[bytes]:
            read = 0
            while read < size:
                line = file.readline()
                read += len(line)
                yield line

        yield lines()


def _not_yet(found: Iterable[Item | BadLine], before: Iterator[bytes]) -> Iterator[Item | BadLine | _Kept]:
    """What was found, with marks in the place of the items that an earlier run has answered."""
    from bot.scoring.batch import Item

    for one in found:
        line = next(before, None) if isinstance(one, Item) else None
        if isinstance(one, Item) and line is not None:
            _refuse_other(line, one)
            yield _Kept()
        else:
            yield one


def _refuse_other(line: bytes, item: Item) -> None:
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
        yield _lines(_standard_input())
        return
    with source.open("rb") as file:
        yield _lines(file)


def _standard_input() -> BinaryIO:
    """Standard input with a buffer of its own: a thread that still waits for it when the program ends would hold the
    lock of sys.stdin's, which Python takes for fatal."""
    return open(sys.stdin.fileno(), "rb", closefd=False)


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
def _writing(target: Path, keep: int | None) -> Iterator[TextIO]:
    """The output, empty or after the bytes to keep."""
    if str(target) == "-":
        yield sys.stdout
        return
    with target.open("w" if keep is None else "a", encoding="utf-8", newline="\n") as out:
        if keep is not None:
            out.truncate(keep)
        yield out


@contextmanager
def _progress(source: Path, quiet: bool) -> Iterator[tuple[Callable[[], None], Callable[[str], None]]]:
    """A progress bar where somebody can see it: how to advance it, and how to say something beside it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, soft_wrap=True, highlight=False)
    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = console.is_terminal and not quiet

    def say(text: str) -> None:
        console.print(text, markup=False)

    with Progress(*columns, console=console, disable=not shown, transient=True) as bar:
        task = bar.add_task("scoring", total=_count(source) if shown else None)
        yield lambda: bar.advance(task), say


def _count(path: Path) -> int | None:
    """Lines with something in them; None for what can be read only once."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return sum(bool(line.strip()) for line in file)
