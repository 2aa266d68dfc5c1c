"""Commands for authors: `check`, `new`. Mounted by `bot/cli.py`; every decision is `bot/authoring`'s."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.base import RoundId

if TYPE_CHECKING:
    from bot.domain.library import Citation

app = typer.Typer(no_args_is_help=True, help="Content: check it, begin a new question.")


@app.command()
def check(
    json_: Annotated[bool, typer.Option("--json", help="Print findings and figures as JSON.")] = False,
    code: Annotated[bool, typer.Option(help="Run the code problems in the sandbox.")] = True,
    support: Annotated[bool, typer.Option(help="Look up a passage for every must-checkpoint.")] = True,
    advice: Annotated[bool, typer.Option(help="Print advice as well as errors.")] = True,
    write_schemas: Annotated[
        bool, typer.Option("--write-schemas", help="Write prompts/schema first.")
    ] = False,
    questions: Annotated[
        Path | None, typer.Option(help="Folder with own questions to check as well.")
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(help="Folder with own articles (Markdown) to check as well.")
    ] = None,
    own_only: Annotated[
        bool, typer.Option("--own-only", help="Check only what is your own (--questions, --articles).")
    ] = False,
) -> None:
    """Check all content as data: schemas, references, giveaways, answers, articles, spelling, reading level, and
    code by running it."""
    from bot.authoring import schemas
    from bot.authoring.check import check_content
    from bot.bank import load_bank
    from bot.cli_knowledge import bars
    from bot.resources import corpus_dir, prompts_dir
    from bot.settings import load_settings

    settings = load_settings()
    folder = prompts_dir() / "schema"
    if write_schemas:
        for path in schemas.write_schemas(folder):
            typer.echo(f"wrote {path.name}", err=True)
    bank = load_bank(prompts_dir(), corpus_dir(), questions or settings.questions)
    with bars(quiet=json_) as progress, _search(support, articles) as search:
        findings = check_content(
            bank,
            corpus=corpus_dir(),
            schema_folder=folder,
            own=questions or settings.questions,
            own_articles=articles,
            own_only=own_only,
            search=search,
            engine=settings.engine if code else None,
            progress=progress,
        )
    if json_:
        rows = [
            {k: getattr(f, k) for k in ("item", "field", "problem", "advice", "error")}
            for f in findings.found
        ]
        typer.echo(json.dumps({"figures": findings.figures, "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for found in findings.found:
            if found.error or advice:
                typer.echo(f"{'error' if found.error else 'advice'}: {found}")
        for name, figure in findings.figures.items():
            typer.echo(f"{name}: {figure}")
        count = sum(findings.counts.values())
        advised = len(findings.found) - len(findings.errors)
        typer.echo(f"{count} questions, {len(findings.errors)} errors, {advised} pieces of advice.")
    if findings.errors:
        raise typer.Exit(1)


@app.command()
def new(
    what: Annotated[str, typer.Argument(help="What to begin: question or article.")] = "question",
    round_: Annotated[RoundId, typer.Option("--round", help="The round it is for.")] = RoundId.PHONE_SCREEN,
    id_: Annotated[
        str | None, typer.Option("--id", help="Its id: lower-case words joined by hyphens.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Folder of own questions (default: BOT_QUESTIONS, else my-questions) or articles (my-articles)."
        ),
    ] = None,
) -> None:
    """Begin a question or an article: writes a file that explains itself and loads as it is."""
    from bot.authoring.scaffold import new_article, new_question
    from bot.errors import InputRefused
    from bot.settings import load_settings

    if what == "question":
        folder = folder or load_settings().questions or Path("my-questions")
        path = new_question(folder, round_, id_ or "my-question")
        typer.echo(f"Wrote {path}. Edit it, then: mock-interview check --own-only --questions {folder}")
        typer.echo(f"It is asked when BOT_QUESTIONS={folder.absolute()} is set.")
    elif what == "article":
        folder = folder or Path("my-articles")
        path = new_article(folder, id_ or "my-article")
        typer.echo(f"Wrote {path}. Edit it, then: mock-interview check --own-only --articles {folder}")
        typer.echo(f"It is cited after: mock-interview index {folder}")
    else:
        raise InputRefused(
            f"{what!r} cannot be begun with this command.",
            hint="Use: mock-interview new question, or: mock-interview new article.",
        )


@contextmanager
def _search(wanted: bool, own: Path | None = None) -> Iterator[Callable[[str], list[Citation]] | None]:
    """The search over the shipped articles and one's own, in an index of its own that is thrown away."""
    if not wanted:
        yield None
        return
    from bot.knowledge import Library
    from bot.resources import corpus_dir
    from bot.services import studying

    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), embedder="wordllama")
        try:
            library.index([corpus_dir() / "articles", *([own] if own else [])])
            find = studying(library)
            yield lambda query: list(find(query))
        finally:
            library.close()
