"""The command line: `mock-interview ...`, the same as `python -m bot ...`.

Parses arguments, prints results and turns errors into one line and an exit code (1: could not be done, 2: used
wrongly). Everything heavy is imported inside the commands, so that `--help` is quick. No business rule lives here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import __version__, cli_authoring, cli_knowledge, cli_score
from bot.domain.base import Level, Mode, RoundId
from bot.errors import RehearsalError, SettingsError

app = typer.Typer(
    name="mock-interview",
    help="Rehearsal: practise machine-learning interviews, get a score that you can trace to your own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(cli_knowledge.app)
app.add_typer(cli_authoring.app)
app.add_typer(cli_score.app)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"rehearsal {__version__}")
        raise typer.Exit


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on (default 7860, or PORT).")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1).")] = None,
    index: Annotated[bool, typer.Option(help="Bring the article index up to date first.")] = True,
) -> None:
    """Serve the app in the browser."""
    from bot.serving import run

    run(_settings(port=port, host=host), index=index)


@app.command()
def practice(
    round_: Annotated[RoundId, typer.Option("--round", help="Which round.")] = RoundId.PHONE_SCREEN,
    level: Annotated[Level, typer.Option(help="The level you interview for.")] = Level.MID,
    mode: Annotated[Mode, typer.Option(help="practice: hints; real: none until the end.")] = Mode.PRACTICE,
    minutes: Annotated[
        float | None, typer.Option(help="Length of the round (default: the loop's, 45).")
    ] = None,
    loop: Annotated[str, typer.Option(help="Style of the loop, see prompts/loops.")] = "standard",
    question: Annotated[
        list[str] | None, typer.Option(help="Ask this question first; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Makes the choice of questions repeatable.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this session.")] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Read the answers from a file, one a paragraph.")
    ] = None,
    json_: Annotated[
        bool, typer.Option("--json", help="Print the whole session as JSON at the end.")
    ] = False,
) -> None:
    """Practise one round in the terminal."""
    from bot.interview.updates import StartRequest
    from bot.terminal import run_practice

    request = StartRequest(
        round=round_,
        level=level,
        mode=mode,
        loop=loop,
        minutes=minutes,
        owner="",
        seed=seed,
        questions=tuple(question or ()),
    )
    run_practice(_settings(), request, resume=resume, answers=answers, as_json=json_)


@app.command()
def sessions(json_: Annotated[bool, typer.Option("--json", help="Print as JSON lines.")] = False) -> None:
    """List your sessions, newest first."""
    from bot.terminal import list_sessions

    list_sessions(_settings(), as_json=json_)


@app.command("check-model")
def check_model() -> None:
    """Make one tiny real call to the configured model and say what is wrong, if anything is."""
    from bot.model.check import check_model as check

    checked = check(_settings())
    typer.echo(checked.text)
    raise typer.Exit(0 if checked.ok else 1)


@app.command()
def export(
    session: Annotated[str, typer.Argument(help="Id of the session, see `mock-interview sessions`.")],
    kind: Annotated[str, typer.Option("--format", help="md, json or html.")] = "md",
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of printing.")] = None,
) -> None:
    """Write the report of a session: scorecard, evidence, transcript."""
    from bot.terminal import export_session

    export_session(_settings(), session, kind, output)


@app.command()
def rescore(
    session: Annotated[str, typer.Argument(help="Id of the session.")],
    judge: Annotated[str, typer.Option(help="offline or model.")] = "offline",
    model: Annotated[str | None, typer.Option(help="Another judging model than the settings name.")] = None,
    rubric: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="Another version of the round's rubric."
        ),
    ] = None,
) -> None:
    """Score a stored session again; all assessments are kept and printed side by side."""
    from bot.terminal import rescore_session

    rescore_session(_settings(judge_model=model), session, judge, rubric)


@app.command("fetch-sandbox")
def fetch_sandbox(
    archive: Annotated[
        Path | None, typer.Option(help="A local pyodide archive instead of the network.")
    ] = None,
) -> None:
    """Fetch the files of the deno engine (13 MB), check their hashes, and make its snapshot."""
    from bot.cli_knowledge import bars
    from bot.coding import fetch_sandbox as fetch

    with bars(quiet=False, unit="bytes") as progress:
        folder = fetch(archive=archive, progress=lambda done, total: progress("sandbox", done, total))
    typer.echo(f"The deno engine's files are in {folder}.")


@app.command()
def engines() -> None:
    """List the sandboxes for candidate code and say which work here."""
    from bot.coding import list_engines

    for engine in list_engines():
        state = ", ".join(engine.walls) if engine.available else engine.why_not
        typer.echo(f"{engine.name:8} {'works' if engine.available else 'not here'}  {state}")


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def eval(context: typer.Context) -> None:
    """Offline eval suites; the same as `python -m eval` (see docs/evals.md)."""
    import subprocess

    # A process of its own: the product never imports the evals that judge it.
    raise typer.Exit(subprocess.call([sys.executable, "-m", "eval", *context.args]))


def _settings(**explicit: Any) -> Any:
    from bot.settings import load_settings

    return load_settings(**explicit)


def main(arguments: list[str] | None = None) -> None:
    """Entry of the console script. Errors of ours become one clear line on standard error."""
    try:
        app(args=arguments, prog_name="mock-interview", standalone_mode=True)
    except RehearsalError as problem:
        typer.echo(f"mock-interview: {problem}", err=True)
        sys.exit(2 if isinstance(problem, SettingsError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
