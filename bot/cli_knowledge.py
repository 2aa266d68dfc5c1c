"""Commands about articles: `index`, `search`, `articles`, `clean`, `overrule`, `fetch-embedder`; for `bot/cli.py`.

Prints and draws; every decision is `bot/knowledge`'s. With --json standard output carries JSON and nothing
else; progress bars go to standard error and only to a terminal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import InputRefused

if TYPE_CHECKING:
    from bot.knowledge.library import Library
    from bot.knowledge.values import Answer, IndexReport, Line

Progress = Callable[[str, int, int], None]

app = typer.Typer(no_args_is_help=True, help="Articles: index, search, clean, overrule.")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_Embedder = Annotated[
    str | None,
    typer.Option("--embedder", help="auto, wordllama, minilm or openai:MODEL (default: BOT_EMBEDDER)."),
]
_Home = Annotated[Path | None, typer.Option("--home", help="Data folder (default: BOT_HOME).")]


@app.command()
def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Folders, files or URLs; default: our articles and BOT_ARTICLES."),
    ] = None,
    as_json: _Json = False,
    embedder: _Embedder = None,
    home: _Home = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Never try to fetch the embedder's files.")
    ] = False,
) -> None:
    """Bring articles into the library and its search index; only what changed is read and embedded."""
    from bot.resources import corpus_dir
    from bot.settings import load_settings

    settings = load_settings(home=home, embedder=embedder)
    given = list(paths or [str(corpus_dir() / "articles"), *map(str, settings.articles)])
    with _opened(home, embedder) as library:
        if not offline and settings.embedder in ("auto", "minilm") and library.counts()[0] == 0:
            _first_fetch(must=settings.embedder == "minilm")
        with bars(quiet=as_json) as progress:
            report = library.index(given, progress=progress)
    if as_json:
        print(json.dumps(report.model_dump(), ensure_ascii=False, indent=2))
    else:
        print(_report_text(report))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: _Json = False,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 5,
    mode: Annotated[str, typer.Option(help="mix, dense or bm25.")] = "mix",
    embedder: _Embedder = None,
    home: _Home = None,
    docs: Annotated[Path | None, typer.Option(help="Measure: documents (JSON Lines or a folder).")] = None,
    queries: Annotated[Path | None, typer.Option(help="Measure: queries (JSON Lines).")] = None,
    run: Annotated[Path | None, typer.Option(help="Measure: where the TREC run is written.")] = None,
) -> None:
    """Search the library; or, with --docs, --queries and --run, a collection of your own into a TREC run file."""
    from bot.knowledge.trec import MODES

    if mode not in MODES:
        raise InputRefused(f"There is no mode {mode!r}.", hint=f"Use {', '.join(MODES)}.")
    measured = (docs, queries, run)
    if any(measured):
        if docs is None or queries is None or run is None:
            raise InputRefused("--docs, --queries and --run belong together.", hint="Give all three.")
        _measure(docs, queries, run, mode, embedder, as_json)
        return
    if query is None:
        raise InputRefused(
            "There is no question.", hint='For example: mock-interview search "what is data leakage?"'
        )
    with _opened(home, embedder) as library:
        answer = library.search(query, k, mode=mode)
    print(json.dumps(answer.model_dump(), ensure_ascii=False, indent=2) if as_json else _answer_text(answer))


@app.command()
def clean(
    file: Annotated[Path, typer.Argument(help="A text, HTML, Markdown, PDF or Word file.")],
    as_json: _Json = False,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="Print what is dropped, and why, instead.")
    ] = False,
) -> None:
    """Print the lines of a file that are the article; --json prints the verdict on every line."""
    from bot.knowledge.read import verdicts

    lines = verdicts(_bytes(file), file.name)
    if as_json:
        _print_lines(lines)
        return
    for line in lines:
        if dropped and not line.kept:
            print(f"{line.n}\t{line.why}\t{line.text}")
        elif line.kept and not dropped:
            print(line.text)


@app.command()
def articles(as_json: _Json = False, home: _Home = None) -> None:
    """List the articles of the library: id, title, where it came from, and how many lines cleaning dropped."""
    with _opened(home) as library:
        rows = [
            {"article": a.id, "title": a.title, "source": a.source, "dropped": len(library.dropped(a.id))}
            for a in library.articles()
        ]
    if as_json:
        print(json.dumps({"articles": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print("{article}\t{title}\t{source}\t{dropped} dropped".format(**row))


@app.command()
def overrule(
    article: Annotated[str, typer.Argument(help="The article's id; `mock-interview articles` lists them.")],
    keep: Annotated[str, typer.Option("--keep", help="Lines to keep, such as 12,14-16.")] = "",
    drop: Annotated[str, typer.Option("--drop", help="Lines to drop.")] = "",
    as_json: _Json = False,
    embedder: _Embedder = None,
    home: _Home = None,
) -> None:
    """See what cleaning kept and dropped of an article, and decide otherwise; the library follows at once."""
    from bot.knowledge.read import line_key

    with _opened(home, embedder) as library:
        lines = library.lines(article)
        kept, dropped = _numbers(keep), _numbers(drop)
        if both := sorted(kept & dropped):
            raise InputRefused(f"Line {both[0]} cannot be kept and dropped at once.")
        wanted = dict.fromkeys(kept, True) | dict.fromkeys(dropped, False)
        texts = {line.n: line.text for line in lines}
        if unknown := sorted(wanted.keys() - texts.keys()):
            raise InputRefused(
                f"{article} has no line {unknown[0]}, or it is empty.",
                hint=f"`mock-interview overrule {article}` lists its lines.",
            )
        if wanted:
            report = library.overrule(article, {line_key(texts[n]): stays for n, stays in wanted.items()})
            lines = library.lines(article)
            print(_report_text(report), file=sys.stderr)
    if as_json:
        _print_lines(lines)
        return
    for line in lines:
        if not wanted or line.n in wanted:
            print(f"{line.n}\t{'kept' if line.kept else 'dropped'}\t{line.why}\t{line.text}")


@app.command("fetch-embedder")
def fetch_embedder() -> None:
    """Download the files of the minilm embedder (80 MB) into Chroma's cache folder, and check their hash."""
    from bot.knowledge import fetch

    with bars(quiet=False, unit="bytes") as progress:
        place = fetch.minilm(lambda done, total: progress("Downloading all-MiniLM-L6-v2", done, total))
    print(f"all-MiniLM-L6-v2 is in {place}. The next `mock-interview index` uses it.")


# ------------------------------------------------------------------ inside


def _first_fetch(must: bool) -> None:
    """The first index brings the better embedder when the network allows, and says so; else it goes on without."""
    from bot.errors import EmbedderUnavailable
    from bot.knowledge import fetch
    from bot.knowledge.embed import minilm_present

    if minilm_present():
        return
    print("Fetching the embedder all-MiniLM-L6-v2 once (80 MB; --offline skips this).", file=sys.stderr)
    try:
        with bars(quiet=False, unit="bytes") as progress:
            fetch.minilm(lambda done, total: progress("Downloading all-MiniLM-L6-v2", done, total))
    except EmbedderUnavailable as problem:
        if must:
            raise
        print(f"{problem.message} Using wordllama, which needs no download.", file=sys.stderr)


@contextmanager
def _opened(home: Path | None, embedder: str | None = None) -> Iterator[Library]:
    """The library that settings and options name, closed at the end."""
    from bot.knowledge.library import Library
    from bot.settings import load_settings

    library = Library.from_settings(load_settings(home=home, embedder=embedder))
    try:
        yield library
    finally:
        library.close()


def _print_lines(lines: Iterable[Line]) -> None:
    print(json.dumps({"lines": [asdict(line) for line in lines]}, ensure_ascii=False, indent=1))


def _numbers(text: str) -> set[int]:
    """The line numbers that `12,14-16` names."""
    found: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()) or int(last or first) - int(first) > 10**6:
            raise InputRefused(f"{part!r} names no lines.", hint="Lines are given as 12,14-16.")
        found.update(range(int(first), int(last or first) + 1))
    return found


def _bytes(file: Path) -> bytes:
    from bot.knowledge.read import too_large

    try:
        if why := too_large(file.stat().st_size):
            raise InputRefused(why)
        return file.read_bytes()
    except OSError as problem:
        raise InputRefused(f"{file} cannot be read ({problem.strerror}).") from problem


def _measure(docs: Path, queries: Path, run: Path, mode: str, embedder: str | None, as_json: bool) -> None:
    from bot.knowledge import embed, trec
    from bot.settings import load_settings

    name = load_settings(embedder=embedder).embedder
    chosen = None if mode == "bm25" else embed.load(name)
    passages, notices = trec.documents(docs)
    asked = trec.queries(queries)
    tag = f"{chosen.id}-{mode}" if chosen else "bm25"
    with bars(quiet=as_json) as progress, trec.Collection(passages, chosen, progress) as collection:
        run.parent.mkdir(parents=True, exist_ok=True)
        with run.open("w", encoding="utf-8") as out:
            for line in collection.run(asked, mode, tag):
                out.write(line + "\n")
    summary = {
        "passages": len(passages),
        "queries": len(asked),
        "run": str(run),
        "tag": tag,
        "refused": [notice.model_dump() for notice in notices],
    }
    if as_json:
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        print(f"{len(asked)} queries over {len(passages)} passages, {tag}: {run}")
        for notice in notices:
            print(f"  {notice.kind}: {notice.source}: {notice.detail}")


def _report_text(report: IndexReport) -> str:
    lines = [
        f"{report.articles} articles, {report.chunks} passages ({report.embedder}); {report.seconds:.1f} s.",
        f"added {report.added}, changed {report.changed}, renamed {report.renamed}, removed {report.removed}, "
        f"unchanged {report.unchanged}, refused {report.refused}; passages embedded {report.embedded}",
    ]
    if report.embedder_note:
        lines.append(report.embedder_note)
    lines += [f"  {notice.kind}: {notice.source}: {notice.detail}" for notice in report.notices]
    return "\n".join(lines)


def _answer_text(answer: Answer) -> str:
    lines = [answer.note] if answer.note else []
    for n, hit in enumerate(answer.hits, 1):
        place = f"{hit.title} > {hit.section}" if hit.section else hit.title
        lines += [
            f"{n}. {place}  [{hit.article} {hit.start}-{hit.end}, {hit.score:.3f}]",
            *_indented(hit.text),
            "",
        ]
    return "\n".join(lines)


def _indented(text: str) -> Iterator[str]:
    import textwrap

    for paragraph in text.split("\n"):
        yield from textwrap.wrap(paragraph, 100, initial_indent="   ", subsequent_indent="   ")


@contextmanager
def bars(*, quiet: bool, unit: str = "") -> Iterator[Progress]:
    """A progress bar with rate and remaining time on standard error; nothing unless that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bars

    class Rate(TextColumn):
        """Things done per second."""

        def render(self, task: Any) -> Any:
            from rich.text import Text

            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    counted = (
        (DownloadColumn(), TransferSpeedColumn()) if unit == "bytes" else (MofNCompleteColumn(), Rate(""))
    )
    columns = (TextColumn("{task.description}"), BarColumn(), *counted, TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, Any] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total or None)
            shown.update(tasks[what], completed=done, total=total or None)

        yield progress
