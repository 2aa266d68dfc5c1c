"""A local model server that speaks OpenAI's protocol: for development, load tests, wire tests and the docs.

    python -m bot.model.standin --port 8765 --delay 0.3 --rate 60
    OPENAI_BASE_URL=http://127.0.0.1:8765/v1 BOT_MODEL=stand-in mock-interview serve

It answers by rules from the prompt it gets (`bot/model/rulebased.py`), with a delay and a token rate that you choose,
and misbehaves on request in every way that real servers do. It binds to loopback only, keeps nothing on disk
and is no part of the running product.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from bot.model.rulebased import answer
from bot.model.tokens import estimate

Brain = Callable[[Sequence[Any], Mapping[str, Any]], str]
Raw = dict[str, Any] | list[dict[str, Any]] | tuple[int, dict[str, Any]]
"""A reply to be sent as it is: a JSON body, the events of a stream, or a status with its body."""


class Wire(StrEnum):
    """How one request is treated."""

    NORMAL = "normal"
    CUT = "cut"  # half the stream, then a clean end of the reply
    STALL = "stall"  # half the stream, then nothing
    RESET = "reset"  # half the stream, then RST
    SLOW_START = "slow_start"  # nothing at all for `stall_s`
    GARBAGE = "garbage"  # an event that is no JSON
    HTML = "html"  # 200 with a web page
    RATE_LIMIT = "rate_limit"  # 429 with Retry-After
    QUOTA = "quota"
    AUTH = "auth"
    NOT_FOUND = "not_found"
    SERVER = "server"
    UNAVAILABLE = "unavailable"
    CONTEXT = "context"
    ERROR_EVENT = "error_event"  # an error object inside the stream
    EMPTY = "empty"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    REFUSAL = "refusal"
    NO_USAGE = "no_usage"
    REFUSE_PARAMETER = "refuse_parameter"  # 400 that names `parameter`


@dataclass
class StandIn:
    """The server. `with StandIn() as server:` runs it in a thread of its own; `server.url` is its base URL.

    `delay_s` passes before the first token, `rate` tokens come per second (0: at once). `plan` says how the next
    requests are treated, `always` how all others are. `requests` keeps what arrived (newest last, bounded);
    keys are never kept. `raw` replies in a shape of its own, for the oddities of other servers.
    """

    brain: Brain = answer
    raw: Callable[[dict[str, Any]], Raw] | None = None
    delay_s: float = 0.0
    rate: float = 0.0
    stall_s: float = 30.0
    retry_after: str = "1"
    parameter: str = "temperature"
    always: Wire = Wire.NORMAL
    plan: deque[Wire] = field(default_factory=deque)
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=10_000))
    key: str = ""  # when set, any other is refused
    port: int = 0
    served: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="stand-in", daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop and wait for the thread; does nothing the second time."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)
        if self._thread is not None:
            self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(self.start())
        ready.set()
        try:
            loop.run_forever()
        finally:
            if self._server is not None:
                self._server.close()
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(asyncio.sleep(0.001))  # aborted connections let go of their sockets
            loop.close()

    async def start(self) -> None:
        """Listen on loopback in the running event loop."""
        self._server = await asyncio.start_server(self._client, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def serve(self) -> None:
        """Listen until cancelled."""
        await self.start()
        assert self._server is not None
        async with self._server:
            await self._server.serve_forever()

    # ------------------------------------------------------------------------------------------- protocol

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client left
        except asyncio.CancelledError:
            writer.transport.abort()  # the server stops; a cancelled connection task would be logged as an error
        finally:
            with contextlib.suppress(ConnectionError, RuntimeError):
                writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; whether the connection can take another."""
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        path = path.partition("?")[0].rstrip("/")
        if method == "GET" and path.endswith("/models"):
            await _json(writer, 200, {"object": "list", "data": [{"id": "stand-in", "object": "model"}]})
            return True
        if method != "POST" or not path.endswith("/chat/completions"):
            await _json(writer, 404, _error("no such path", "invalid_request_error", "not_found"))
            return True
        body = json.loads(raw)
        self.requests.append(body)
        self.served += 1
        if self.key and headers.get("authorization") != f"Bearer {self.key}":
            await _json(
                writer, 401, _error("Incorrect API key provided", "invalid_request_error", "invalid_api_key")
            )
            return True
        wire = self.plan.popleft() if self.plan else self.always
        if self.parameter in body and wire is Wire.REFUSE_PARAMETER:
            text = f"Unsupported parameter: '{self.parameter}' is not supported with this model."
            error = _error(text, "invalid_request_error", "unsupported_parameter", self.parameter)
            await _json(writer, 400, error)
            return True
        if await self._refused(writer, wire):
            return True
        await asyncio.sleep(self.stall_s if wire is Wire.SLOW_START else self.delay_s)
        if self.raw is not None:
            await _verbatim(writer, self.raw(body))
            return True
        return await self._reply(writer, wire, body)

    async def _refused(self, writer: asyncio.StreamWriter, wire: Wire) -> bool:
        match wire:
            case Wire.RATE_LIMIT:
                error = _error("Rate limit reached", "requests", "rate_limit_exceeded")
                await _json(writer, 429, error, {"retry-after": self.retry_after})
            case Wire.QUOTA:
                await _json(
                    writer,
                    429,
                    _error("You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
                )
            case Wire.AUTH:
                await _json(
                    writer,
                    401,
                    _error("Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
                )
            case Wire.NOT_FOUND:
                await _json(
                    writer,
                    404,
                    _error("The model does not exist", "invalid_request_error", "model_not_found"),
                )
            case Wire.SERVER:
                await _json(writer, 500, _error("The server had an error", "server_error", None))
            case Wire.UNAVAILABLE:
                await _json(writer, 503, _error("Overloaded", "server_error", None))
            case Wire.CONTEXT:
                text = "This model's maximum context length is 4096 tokens."
                await _json(
                    writer, 400, _error(text, "invalid_request_error", "context_length_exceeded", "messages")
                )
            case Wire.HTML:
                page = b"<!doctype html><html><body><h1>It works!</h1></body></html>"
                await _send(writer, _head(200, "text/html", length=len(page)) + page)
            case _:
                return False
        return True

    async def _reply(self, writer: asyncio.StreamWriter, wire: Wire, body: dict[str, Any]) -> bool:
        text = "" if wire in (Wire.EMPTY, Wire.REFUSAL) else self.brain(body["messages"], body)
        asked = sum(estimate(str(m.get("content", ""))) + 4 for m in body["messages"])
        usage = {"prompt_tokens": asked, "completion_tokens": estimate(text)}
        usage["total_tokens"] = sum(usage.values())
        finish = {Wire.LENGTH: "length", Wire.CONTENT_FILTER: "content_filter"}.get(wire, "stop")
        if not body.get("stream"):
            await self._pace(estimate(text))
            message: dict[str, Any] = {"role": "assistant", "content": text}
            if wire is Wire.REFUSAL:
                message["refusal"] = "I can't help with that."
            choice = {"index": 0, "message": message, "finish_reason": finish}
            await _json(writer, 200, _completion("chat.completion", body, [choice], usage))
            return True
        words = [f" {w}" if i else w for i, w in enumerate(text.split(" "))] if text else []
        half = len(words) // 2 if wire in _BROKEN or wire is Wire.LENGTH else len(words)
        await _send(writer, _head(200, "text/event-stream", chunked=True))
        await self._event(writer, body, {"role": "assistant", "content": ""})
        for word in words[:half]:
            await self._event(writer, body, {"content": word})
            await self._pace(1)
        if wire in _BROKEN:
            await self._break(writer, wire)
            # a reply that ends in proper form leaves the connection open: closing it would race with the next request
            return wire not in (Wire.STALL, Wire.RESET)
        if wire is Wire.REFUSAL:
            await self._event(writer, body, {"refusal": "I can't help with that."})
        await self._event(writer, body, {}, finish=finish)
        if (body.get("stream_options") or {}).get("include_usage") and wire is not Wire.NO_USAGE:
            await _chunk(writer, _event_bytes(_completion("chat.completion.chunk", body, [], usage)))
        await _chunk(writer, b"data: [DONE]\n\n")
        await _send(writer, b"0\r\n\r\n")
        return True

    async def _break(self, writer: asyncio.StreamWriter, wire: Wire) -> None:
        match wire:
            case Wire.STALL:
                await asyncio.sleep(self.stall_s)
            case Wire.GARBAGE:
                await _chunk(writer, b"data: %%% not json\n\n")
                await _send(writer, b"0\r\n\r\n")
            case Wire.ERROR_EVENT:
                error = _error("The server had an error while processing your request", "server_error", None)
                await _chunk(writer, _event_bytes(error))
                await _send(writer, b"0\r\n\r\n")
            case Wire.CUT:
                await _send(writer, b"0\r\n\r\n")
            case Wire.RESET:
                sock = writer.get_extra_info("socket")
                if isinstance(sock, socket.socket) or hasattr(sock, "setsockopt"):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()

    async def _event(
        self,
        writer: asyncio.StreamWriter,
        body: dict[str, Any],
        delta: dict[str, Any],
        finish: str | None = None,
    ) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        await _chunk(writer, _event_bytes(_completion("chat.completion.chunk", body, [choice], None)))

    async def _pace(self, tokens: int) -> None:
        if self.rate > 0:
            await asyncio.sleep(tokens / self.rate)


_BROKEN = frozenset({Wire.CUT, Wire.STALL, Wire.RESET, Wire.GARBAGE, Wire.ERROR_EVENT})
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


def _completion(
    kind: str, body: dict[str, Any], choices: list[Any], usage: dict[str, int] | None
) -> dict[str, Any]:
    return {
        "id": "chatcmpl-standin",
        "object": kind,
        "created": 0,
        "model": body.get("model", "stand-in"),
        "choices": choices,
        "usage": usage,
    }


def _error(message: str, kind: str, code: str | None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _event_bytes(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _head(
    status: int,
    kind: str,
    *,
    length: int | None = None,
    chunked: bool = False,
    more: Mapping[str, str] | None = None,
) -> bytes:
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}", f"content-type: {kind}"]
    if length is not None:
        lines.append(f"content-length: {length}")
    if chunked:
        lines.append("transfer-encoding: chunked")
    lines += [f"{name}: {value}" for name, value in (more or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _json(
    writer: asyncio.StreamWriter, status: int, value: dict[str, Any], more: Mapping[str, str] | None = None
) -> None:
    data = json.dumps(value).encode()
    await _send(writer, _head(status, "application/json", length=len(data), more=more) + data)


async def _verbatim(writer: asyncio.StreamWriter, reply: Raw) -> None:
    if isinstance(reply, list):
        await _send(writer, _head(200, "text/event-stream", chunked=True))
        for event in reply:
            await _chunk(writer, _event_bytes(event))
        await _chunk(writer, b"data: [DONE]\n\n")
        await _send(writer, b"0\r\n\r\n")
        return
    status, body = reply if isinstance(reply, tuple) else (200, reply)
    await _json(writer, status, body)


async def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    await _send(writer, f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


def main(argv: Sequence[str] | None = None) -> None:
    """Run the server from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.model.standin", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1 (default 8765)")
    parser.add_argument(
        "--delay", type=float, default=0.3, help="seconds until the first token (default 0.3)"
    )
    parser.add_argument(
        "--rate", type=float, default=60.0, help="tokens per second, 0 for all at once (default 60)"
    )
    parser.add_argument(
        "--fault", type=Wire, default=Wire.NORMAL, choices=list(Wire), help="treat every request so"
    )
    chosen = parser.parse_args(argv)
    server = StandIn(delay_s=chosen.delay, rate=chosen.rate, port=chosen.port, always=chosen.fault)
    print(f"Stand-in model server on http://127.0.0.1:{chosen.port}/v1 (stop with Ctrl-C)")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve())


if __name__ == "__main__":
    main()
