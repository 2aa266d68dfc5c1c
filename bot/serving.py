"""Starts the app in the browser: free port, article index in the background, the page.

Says in plain words what is missing. Knows the order of start-up; does not know any page.
"""

from __future__ import annotations

import errno
import socket
import subprocess
import sys

from bot.errors import KnowledgeError, UserError
from bot.services import Services, open_services
from bot.settings import Settings


class PortTaken(UserError):
    """Somebody listens on the port already."""


def run(settings: Settings, *, index: bool = True) -> None:
    """Serve until interrupted. Raises `PortTaken`, and the errors of the parts."""
    check_port(settings.host, settings.port)
    services = open_services(settings)
    indexing = start_indexing(services) if index else None
    try:
        from bot.web import serve

        serve(services, settings.host, settings.port)
    finally:
        if indexing is not None and indexing.poll() is None:
            indexing.terminate()  # a kill at any moment leaves the index usable
        services.close()


def check_port(host: str, port: int) -> None:
    """Raises `PortTaken` with what to do when the port cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise PortTaken(
                    f"Port {port} on {host} is taken.",
                    hint=f"Another Rehearsal may be running there. Stop it, or choose another port: --port {port + 1}.",
                ) from problem
            raise PortTaken(
                f"Cannot listen on {host}:{port} ({problem.strerror}).",
                hint="Choose another --host or --port.",
            ) from problem


def start_indexing(services: Services) -> subprocess.Popen[bytes] | None:
    """Start bringing a stale index up to date, in a process of its own: the page is there at once, and searches use
    what is there until the new index is published. None when there is nothing to do."""
    if not services.library.is_stale(services.article_paths()):
        return None
    print("Indexing the articles in the background ...", file=sys.stderr, flush=True)
    home, embedder = str(services.settings.home), services.settings.embedder
    command = [sys.executable, "-m", "bot", "index", "--home", home, "--embedder", embedder]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def refresh_index(services: Services) -> None:
    """Bring the article index up to date when it is stale; a problem is said and never stops the app."""
    paths = services.article_paths()
    try:
        if services.library.is_stale(paths):
            from bot.cli_knowledge import bars

            print("Indexing the articles ...", file=sys.stderr, flush=True)
            with bars(quiet=False) as progress:
                report = services.library.index(paths, progress=progress)
            print(
                f"Indexed {report.articles} articles in {report.seconds:.1f} s.", file=sys.stderr, flush=True
            )
    except KnowledgeError as problem:
        print(f"The article index is not up to date: {problem}", file=sys.stderr, flush=True)
