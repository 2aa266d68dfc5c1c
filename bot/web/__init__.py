"""The browser app. `build_app` makes it from services, `serve` runs it; everything heavy is imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    import uvicorn
    from fastapi import FastAPI

    from bot.web.services import Services

__all__ = ["build_app", "serve"]


def build_app(services: Services) -> FastAPI:
    """The whole application. Imports Gradio, which takes a few seconds."""
    from bot.web.application import build

    return build(services)


def serve(services: Services, host: str, port: int) -> None:
    """Serve until interrupted. One process: turns under way live in its memory."""
    app = build_app(services)
    print(f"Rehearsal is ready: http://{host}:{port}/", flush=True)
    server_of(app, host, port).run()


def server_of(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """The server for the application: asked to stop, it first ends the streams that windows hold open."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.close()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=3, server_header=False
    )
    return Server(config)
