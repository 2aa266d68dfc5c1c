"""What strangers may not do, said to the raw addresses: no page, no session hash, no event name gets around it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Mount

from bot.domain.base import RoundId
from bot.domain.ports import Judge, Judged, JudgeRequest
from bot.services import Services
from tests.web.conftest import ORIGIN
from tests.web.harness import DESIGN, QUESTION

START = {"round": "phone_screen", "length": "short"}


def start(client: TestClient, headers: dict[str, str], **form: str) -> str:
    reply = client.post("/sessions", data={**START, **form}, headers=headers)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"]).split("s=")[1]


def wait_for(reached: Callable[[], bool], what: str) -> None:
    """Ask again until it is so; a busy machine may take its time, a state that never comes fails."""
    until = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < until, f"after a minute still not: {what}"
        time.sleep(0.01)


def settled(client: TestClient, session: str, headers: dict[str, str], turns: int) -> dict[str, object]:
    """Wait until the transcript has that many turns; the status as it then stands."""
    status: dict[str, object] = {"turns": 0}

    def reached() -> bool:
        status.update(client.get(f"/api/sessions/{session}/status", headers=headers).json())
        return int(str(status["turns"])) >= turns

    wait_for(reached, f"{turns} turns")
    return status


def nothing_pending(client: TestClient, session: str, headers: dict[str, str] | None = None) -> None:
    """Wait until the session is scored, or scored again."""
    address = f"/api/sessions/{session}/status"
    wait_for(lambda: not client.get(address, headers=headers).json()["pending"], "scored")


def guarded(session: str) -> list[tuple[str, str, dict[str, object]]]:
    """Every address that shows or changes a session, with a request that would work for its owner."""
    say = {"text": "mine", "key": "k" * 12}
    work = {"what": "notes", "question": "q", "text": "mine"}
    return [
        ("GET", f"/s/{session}", {}),
        ("GET", f"/review?s={session}", {}),
        ("GET", f"/api/sessions/{session}/export.json", {}),
        ("GET", f"/api/sessions/{session}/export.md", {}),
        ("GET", f"/api/sessions/{session}/export.html", {}),
        ("GET", f"/api/sessions/{session}/status", {}),
        ("GET", f"/api/sessions/{session}/work?question=q", {}),
        ("GET", f"/api/sessions/{session}/tail", {}),
        ("POST", f"/api/sessions/{session}/say", {"json": say}),
        ("POST", f"/api/sessions/{session}/work", {"json": work}),
        ("POST", f"/api/sessions/{session}/run", {"json": {"question": "q", "text": "1"}}),
        ("POST", f"/api/sessions/{session}/stop", {}),
        ("POST", f"/api/sessions/{session}/resume", {}),
        ("POST", f"/api/sessions/{session}/pause", {}),
        ("POST", f"/api/sessions/{session}/unpause", {}),
        ("POST", f"/api/sessions/{session}/finish", {}),
        ("POST", f"/sessions/{session}/self", {"data": {"skip": "1"}}),
        ("POST", f"/sessions/{session}/resume", {}),
        ("POST", f"/sessions/{session}/redo", {"data": {"question": "q"}}),
        ("POST", f"/sessions/{session}/rescore", {"data": {"judge": "offline"}}),
    ]


def test_every_address_of_a_session_is_in_the_list(hosted: TestClient) -> None:
    named = {path.split("?")[0].replace("SESSION", "{session}") for _, path, _ in guarded("SESSION")}
    paths = {route.path for route in routes_of(hosted.app) if "{session}" in route.path}
    assert {p.replace("{kind}", "json") for p in paths} <= named


def routes_of(app: Any) -> list[Any]:
    """Every route of an application, those of its routers too."""
    found = []
    stack = list(app.routes)
    while stack:
        route = stack.pop()
        if hasattr(route, "path") and hasattr(route, "methods"):
            found.append(route)
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        if inner is not None:
            stack += inner.routes
    return found


def test_nobody_reads_or_changes_the_session_of_another(
    hosted: TestClient, hosted_services: Services, ana: dict[str, str], bo: dict[str, str]
) -> None:
    session = start(hosted, ana)
    settled(hosted, session, ana, 1)
    before = hosted_services.sessions.state(session, "ana").seq
    for method, path, request in guarded(session):
        reply = hosted.request(method, path, headers=bo, **request)  # type: ignore[arg-type]
        assert reply.status_code == 404, f"{method} {path}: {reply.status_code}"
        assert "Maya" not in reply.text
    assert hosted_services.sessions.state(session, "ana").seq == before


def test_a_session_that_is_anothers_and_one_that_is_not_there_look_the_same(
    hosted: TestClient, ana: dict[str, str], bo: dict[str, str]
) -> None:
    session = start(hosted, ana)
    for method, path, request in guarded(session):
        theirs = hosted.request(method, path, headers=bo, **request)  # type: ignore[arg-type]
        nobodys = hosted.request(method, path.replace(session, "f" * 24), headers=bo, **request)  # type: ignore[arg-type]
        assert (theirs.status_code, theirs.text) == (nobodys.status_code, nobodys.text), path


def test_without_signing_in_pages_lead_to_the_form_and_the_rest_is_refused(
    hosted: TestClient, ana: dict[str, str]
) -> None:
    session = start(hosted, ana)
    page = hosted.get(f"/review?s={session}", headers={"accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["location"] == f"/sign-in?next=%2Freview%3Fs%3D{session}"
    for method, path, request in guarded(session):
        assert hosted.request(method, path, headers={"origin": ORIGIN}, **request).status_code == 401  # type: ignore[arg-type]
    for path in (
        "/",
        "/progress",
        "/library",
        "/settings",
        "/api/export.zip",
        "/session/",
        "/session/config",
        "/session/assets/x.js",
        "/session/gradio_api/info",
    ):
        assert hosted.get(path).status_code == 401, path


def addresses(client: TestClient) -> list[tuple[str, str]]:
    """Every method and address of ours, with something in each placeholder."""
    found = []
    for route in routes_of(client.app):
        for method in route.methods or ():
            found.append((method, re.sub(r"{[^}]*}", "x", route.path)))
    return found


def test_every_address_wants_a_sign_in_but_the_few_that_are_for_everybody(hosted: TestClient) -> None:
    ours = addresses(hosted)
    assert len(ours) > 40, "the routes are found"
    everybody = {"/healthz", "/sign-in", "/ui/report.css", "/manifest.json"}
    for method, path in ours:
        reply = hosted.request(method, path, headers={"origin": ORIGIN})
        if path in everybody or path.startswith("/ui/"):
            assert reply.status_code != 401, path
        else:
            assert reply.status_code == 401, (method, path, reply.status_code)


def test_every_address_that_changes_something_refuses_other_sites(
    hosted: TestClient, ana: dict[str, str]
) -> None:
    for method, path in addresses(hosted):
        if method not in ("GET", "HEAD"):
            for headers in (
                {**ana, "origin": "https://evil.example"},
                {**ana, "sec-fetch-site": "cross-site"},
            ):
                assert hosted.request(method, path, headers=headers).status_code == 403, (method, path)


def test_no_address_that_only_shows_changes_anything(
    hosted: TestClient, hosted_services: Services, ana: dict[str, str]
) -> None:
    """A link or a picture on another site can make a browser ask with GET, with the cookie."""
    session = start(hosted, ana)
    settled(hosted, session, ana, 1)
    before = hosted_services.sessions.events(session, "ana")
    for method, path in addresses(hosted):
        if method == "GET" and not path.endswith("/tail"):
            for query in ("", f"?s={session}&session={session}"):
                hosted.get(path.replace("/x/", f"/{session}/") + query, headers=ana)
    assert hosted_services.sessions.events(session, "ana") == before


def gradio_routes(client: TestClient) -> list[tuple[str, str]]:
    """Every method and address that Gradio brings along, with something in each placeholder."""
    (mounted,) = (r for r in client.app.routes if isinstance(r, Mount) and r.path == "/session")  # type: ignore[attr-defined]
    found = []
    for route in routes_of(mounted.app):
        for method in route.methods or ():
            found.append((method, "/session" + re.sub(r"{[^}]*}", "x", route.path)))
    return found


def test_gradios_own_addresses_do_not_exist(hosted: TestClient, ana: dict[str, str]) -> None:
    """Its queue, calls, streams, uploads, files and proxies: only the page, its scripts and its styles are there."""
    routes = gradio_routes(hosted)
    assert len(routes) > 60, "Gradio's routes are found"
    for method, path in routes:
        if path == "/session/" or path.startswith(
            ("/session/assets/", "/session/static/", "/session/theme.css")
        ):
            continue
        reply = hosted.request(method, path, headers=ana)
        assert reply.status_code == 404, (method, path, reply.status_code)
        assert reply.text in ("", '{"error": "There is nothing at this address."}'), (method, path)
    for path in (
        "assets/../config",
        "assets/..%2fconfig",
        "static/%2e%2e/gradio_api/info",
        "/gradio_api/info",
        "gradio_api",
    ):
        reply = hosted.get(f"/session/{path}", headers=ana)
        assert reply.status_code == 404, path


def test_the_page_of_gradio_holds_no_session_and_no_event_of_the_server(
    hosted: TestClient, ana: dict[str, str]
) -> None:
    session = start(hosted, ana)
    page = hosted.get(f"/session/?s={session}", headers={**ana, "accept": "text/html"}).text
    config = json.loads(page.split("window.gradio_config = ")[1].split(";</script>")[0])
    assert not [d for d in config["dependencies"] if d["backend_fn"]]
    assert "Maya" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_other_sites_cannot_make_a_visitor_act(laptop: TestClient, headers: dict[str, str]) -> None:
    assert laptop.post("/sessions", data=START, headers=headers).status_code == 403
    assert laptop.post("/settings/delete", data={"confirm": "delete"}, headers=headers).status_code == 403
    assert laptop.post("/session/gradio_api/queue/join", json={}, headers=headers).status_code == 403


def test_no_page_may_be_read_from_another_site(laptop: TestClient) -> None:
    for path in ("/", "/session/?s=x", "/session/config", "/api/export.zip"):
        reply = laptop.get(path, headers={"origin": "https://evil.example", "accept": "text/html"})
        assert not [h for h in reply.headers if h.startswith("access-control-")], path


def test_every_answer_has_the_protecting_headers(laptop: TestClient) -> None:
    for path in ("/", "/session/?s=x", "/healthz", "/ui/app.css", "/nowhere", "/review?s=x"):
        head = laptop.get(path).headers
        assert "default-src 'self'" in head["content-security-policy"], path
        assert "frame-ancestors 'none'" in head["content-security-policy"]
        assert head["x-content-type-options"] == "nosniff"
        assert head["referrer-policy"] == "same-origin"
    assert "unsafe-inline" not in laptop.get("/").headers["content-security-policy"].split("script-src")[1]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(laptop: TestClient) -> None:
    big = b"x" * 3_000_000
    assert laptop.post("/import", content=big, headers={"origin": ORIGIN}).status_code == 413

    def drip():  # type: ignore[no-untyped-def]
        for _ in range(30):
            yield b"x" * 100_000

    reply = laptop.post(
        "/sessions/x/self", content=drip(), headers={"origin": ORIGIN, "content-type": "text/plain"}
    )
    assert reply.status_code in (404, 413)


@pytest.mark.parametrize(
    ("path", "body", "head", "status"),
    [
        ("/import", b"x" * 3_000_000, {"origin": ORIGIN}, 413),
        ("/sessions", b"", {"origin": "https://elsewhere.example"}, 403),
        ("/session/gradio_api/queue/join", b"", {"origin": ORIGIN}, 404),
    ],
)
def test_a_person_who_is_refused_sees_a_page_and_a_script_gets_json(
    laptop: TestClient, path: str, body: bytes, head: dict[str, str], status: int
) -> None:
    page = laptop.post(path, content=body, headers={**head, "accept": "text/html"})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>" in page.text
    assert 'href="/"' in page.text
    reply = laptop.post(path, content=body, headers=head)
    assert reply.status_code == status
    assert list(reply.json()) == ["error"]


def test_settings_say_what_was_done(laptop: TestClient) -> None:
    saved = laptop.post(
        "/settings/defaults", data={"level": "mid", "mode": "practice"}, headers={"origin": ORIGIN}
    )
    laptop.cookies.clear()
    assert "Saved." in laptop.get(saved.headers["location"]).text
    assert "Saved." not in laptop.get("/settings?done=%3Cb%3E").text


def test_errors_show_no_internals(laptop: TestClient, laptop_services: Services) -> None:
    laptop_services.sessions._interviewer.fail = True  # type: ignore[attr-defined]
    try:
        session = start(laptop, {"origin": ORIGIN})
        wait_for(lambda: bool(laptop_services.live.view(session).error), "an error is told")
        error = laptop_services.live.view(session).error
        assert error == "Something went wrong on our side. Your answer is saved; try again."
    finally:
        laptop_services.sessions._interviewer.fail = False  # type: ignore[attr-defined]
    laptop.post(f"/api/sessions/{session}/resume", headers={"origin": ORIGIN})
    settled(laptop, session, {}, 1)


def test_a_bug_of_ours_is_a_calm_page_and_logged_once(
    laptop: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.web.views import settings as views

    def broken(*_: object) -> str:
        raise RuntimeError("secret internals")

    monkeypatch.setattr(views, "settings", broken)
    page = laptop.get("/settings", headers={"accept": "text/html"})
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "secret" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert [(r.getMessage(), bool(r.exc_info)) for r in caplog.records] == [
        ("request /settings failed", True)
    ]
    assert list(laptop.get("/settings").json()) == ["error"]


def test_an_address_that_is_not_there_is_a_calm_page(laptop: TestClient) -> None:
    reply = laptop.get("/nowhere", headers={"accept": "text/html"})
    assert reply.status_code == 404
    assert "<h1>Not here</h1>" in reply.text
    assert laptop.get("/nowhere").json() == {"error": "There is nothing at this address."}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sessions", {"round": "nonsense"}),
        ("/sessions", {"round": "phone_screen", "question": "no-such-question"}),
        ("/settings/delete", {"confirm": "yes"}),
        ("/library/add", {"token": "../../etc"}),
        ("/drill", {"question": "q", "checkpoint": "c", "grade": "perfect"}),
    ],
)
def test_forms_that_make_no_sense_are_refused_in_words(
    laptop: TestClient, path: str, form: dict[str, str]
) -> None:
    reply = laptop.post(path, data=form, headers={"origin": ORIGIN})
    assert 400 <= reply.status_code < 500
    assert reply.json()["error"]


def test_a_key_sends_once_and_another_window_is_told(laptop: TestClient, laptop_services: Services) -> None:
    session = start(laptop, {"origin": ORIGIN})
    settled(laptop, session, {}, 1)
    say = {"text": "Bias is systematic error.", "key": "abcdefgh1234", "seen": 1}
    first = laptop.post(f"/api/sessions/{session}/say", json=say, headers={"origin": ORIGIN})
    again = laptop.post(f"/api/sessions/{session}/say", json=say, headers={"origin": ORIGIN})
    assert first.json() == again.json() == {"turn": 2}
    settled(laptop, session, {}, 3)
    stale = {"text": "From the other window", "key": "zzzzzzzz1234", "seen": 1}
    reply = laptop.post(f"/api/sessions/{session}/say", json=stale, headers={"origin": ORIGIN})
    assert reply.status_code == 409
    assert "another window" in reply.json()["error"]
    assert len(laptop_services.sessions.state(session, "").utterances) == 3


@pytest.mark.parametrize("text", ["", "   \n\t ", "x" * 16_001])
def test_messages_that_cannot_be_used_are_refused_and_nothing_is_written(
    laptop: TestClient, text: str
) -> None:
    session = start(laptop, {"origin": ORIGIN})
    settled(laptop, session, {}, 1)
    say = {"text": text, "key": "abcdefgh1234", "seen": 1}
    reply = laptop.post(f"/api/sessions/{session}/say", json=say, headers={"origin": ORIGIN})
    assert reply.status_code == 422
    assert laptop.get(f"/api/sessions/{session}/status").json()["turns"] == 1


def test_a_whole_round_over_the_wire(laptop: TestClient) -> None:
    origin = {"origin": ORIGIN}
    session = start(laptop, origin)
    settled(laptop, session, {}, 1)
    say = {
        "text": "Bias is systematic error, variance is sensitivity to the sample.",
        "key": "round-12345",
        "seen": 1,
    }
    laptop.post(f"/api/sessions/{session}/say", json=say, headers=origin)
    settled(laptop, session, {}, 3)
    assert laptop.get(f"/s/{session}").headers["location"] == f"/session/?s={session}"
    assert laptop.post(f"/api/sessions/{session}/finish", headers=origin).json() == {
        "review": f"/review?s={session}"
    }
    page = laptop.get(f"/review?s={session}").text
    assert "How did it go?" in page, "the own view is asked for before the score is shown"
    assert 'id="verdict"' not in page
    nothing_pending(laptop, session)
    form = {"level:PS-CORR": "3", "level:NOPE": "4", "level:PS-MECH": "9"}
    assert laptop.post(f"/sessions/{session}/self", data=form, headers=origin).status_code == 303
    assert 'id="verdict"' in laptop.get(f"/review?s={session}").text
    exported = laptop.get(f"/api/sessions/{session}/export.json")
    assert json.loads(exported.text)["self_assessed"] == {"PS-CORR": 3}
    assert exported.headers["content-disposition"].startswith("attachment")
    assert laptop.get(f"/api/sessions/{session}/export.exe").status_code == 404
    files = {"file": ("session.json", exported.content, "application/json")}
    back = laptop.post("/import", files=files, headers=origin)
    assert back.status_code == 303
    copy = str(back.headers["location"]).removeprefix("/s/")
    assert copy != session
    assert 'id="verdict"' in laptop.get(f"/review?s={copy}").text


def test_the_demo_can_be_opened_at_once_and_is_no_progress(hosted: TestClient, ana: dict[str, str]) -> None:
    reply = hosted.post("/demo", headers=ana)
    assert reply.status_code == 303
    page = hosted.get(reply.headers["location"], headers=ana)
    assert 'id="verdict"' in page.text
    assert hosted.post("/demo", headers=ana).headers["location"] == reply.headers["location"]
    assert "Repeat" not in hosted.get("/progress", headers=ana).text


def test_sign_in_keeps_strangers_out_and_leads_back(hosted: TestClient) -> None:
    origin = {"origin": ORIGIN}
    wrong = hosted.post(
        "/sign-in", data={"name": "ana", "password": "no", "next": "/progress"}, headers=origin
    )
    assert wrong.status_code == 403
    assert "do not fit" in wrong.text
    nobody = hosted.post("/sign-in", data={"name": "eve", "password": "no"}, headers=origin)
    assert nobody.status_code == 403
    good = hosted.post(
        "/sign-in", data={"name": "bo", "password": "bo-secret", "next": "/progress"}, headers=origin
    )
    assert good.headers["location"] == "/progress"
    cookie = good.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    hosted.cookies.clear()
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        away = hosted.post(
            "/sign-in", data={"name": "bo", "password": "bo-secret", "next": elsewhere}, headers=origin
        )
        assert away.headers["location"] == "/"
        hosted.cookies.clear()


def test_a_changed_or_expired_cookie_is_worth_nothing(hosted: TestClient, hosted_services: Services) -> None:
    from bot.web.identity import SESSION_S, Passwords, secret_of

    settings = hosted_services.settings
    assert settings.users is not None
    identity = Passwords(settings.users, secret_of(settings.home))
    good = identity.sign("ana")
    assert identity.user({"cookie": f"rehearsal={good}"}) == "ana"
    late = Passwords(settings.users, secret_of(settings.home), now=lambda: time.time() + SESSION_S + 1)
    assert late.user({"cookie": f"rehearsal={good}"}) is None
    for forged in (good[:-1], good.replace(".", "..", 1), "", "a.b.c", identity.sign("eve"), f"9{good}"):
        assert identity.user({"cookie": f"rehearsal={forged}"}) is None
    other = Passwords(settings.users, b"another key")
    assert other.user({"cookie": f"rehearsal={good}"}) is None


def test_a_proxy_header_names_exactly_one_person() -> None:
    from bot.web.identity import ProxyHeader

    who = ProxyHeader("X-Forwarded-User")
    assert who.user({"x-forwarded-user": "ana"}) == "ana"
    for value in ("", " ", "ana, bo", "a" * 121, "ana\x00"):
        assert who.user({"x-forwarded-user": value}) is None
    assert who.user({}) is None


def test_the_library_of_a_server_takes_nothing_from_visitors(hosted: TestClient, ana: dict[str, str]) -> None:
    files = {"files": ("a.md", b"# A\n\nText of an article.", "text/markdown")}
    assert hosted.post("/library/preview", files=files, headers=ana).status_code == 422
    assert hosted.post("/library/add", data={"token": "0" * 16}, headers=ana).status_code == 422
    assert hosted.post("/library/article/x/remove", headers=ana).status_code == 422
    assert hosted.get("/library/own", headers=ana).status_code == 422
    for path in ("/library/own/propose", "/library/own/keep", "/library/question/ps-pca/remove"):
        assert hosted.post(path, data=QUESTION, headers=ana).status_code == 422, path
    big = [("files", ("big.md", b"x" * 3_000_000, "text/markdown"))]
    assert hosted.post("/library/preview", files=big, headers=ana).status_code == 413


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of a page's form: values of text areas, hidden fields and chosen options."""
    found: dict[str, list[str]] = {}
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S):
        found.setdefault(name, []).append(unescape(text))
    for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(text))
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found.setdefault(name, []).append(chosen[1] if chosen else "")
    return found


def test_an_own_question_is_proposed_edited_kept_and_asked_at_once(
    laptop: TestClient, laptop_services: Services
) -> None:
    from bot.services import open_services

    origin = {"origin": ORIGIN}
    page = laptop.post("/library/own/propose", data=QUESTION, headers=origin).text
    form = fields_of(page)
    assert sum(bool(s) for s in form["statement"]) == 6
    assert all(w for s, w in zip(form["statement"], form["wordings"], strict=True) if s)
    form["statement"][0] = "They curl into a <b>tun</b> & lose their water."
    form["wordings"][0] = ""  # made anew from what was written
    form["statement"][5] = ""  # left out
    kept = laptop.post("/library/own/keep", data=form, headers=origin)
    assert kept.status_code == 303, kept.text
    address = kept.headers["location"]
    shown = laptop.get(address).text
    assert "They curl into a &lt;b&gt;tun&lt;/b&gt; &amp; lose their water." in shown
    identity = address.rsplit("/", 1)[1]
    assert len(laptop_services.bank.question(identity).checkpoints) == 5
    session = finished(laptop, origin, QUESTION["reference"], question=identity)
    card = laptop_services.sessions.state(session, "").scorecard
    assert card is not None
    assert {c.status.value for c in card.checkpoints} == {"covered"}, "the author's own answer covers it"
    again = open_services(laptop_services.settings)
    assert again.bank.question(identity) == laptop_services.bank.question(identity), (
        "it is there after a restart"
    )
    again.close()
    assert laptop.post("/library/question/ps-pca/remove", headers=origin).status_code == 422
    assert laptop.post(f"{address}/remove", headers=origin).status_code == 303
    assert laptop.get(address).status_code == 404
    assert f"review?s={session}" in laptop.get("/progress").text, "what was practised stays"
    assert laptop.get(f"/review?s={session}").status_code == 200


def test_an_own_question_of_system_design_is_spread_over_its_dimensions_and_fills_a_round(
    laptop: TestClient, laptop_services: Services
) -> None:
    origin = {"origin": ORIGIN}
    form = fields_of(laptop.post("/library/own/propose", data=DESIGN, headers=origin).text)
    proposed = [d for s, d in zip(form["statement"], form["dimension"], strict=True) if s]
    assert len(proposed) == 10
    assert len(set(proposed)) >= 4, "checkpoints are proposed where related questions have theirs"
    short = {**form, "dimension": ["SD-DATA" for _ in form["dimension"]]}
    refused = laptop.post("/library/own/keep", data=short, headers=origin)
    assert refused.status_code == 422
    assert "Nothing expected counts towards: Framing and objective" in refused.text
    assert "A counter for seals" in refused.text, "what was written is still there"
    kept = laptop.post("/library/own/keep", data=form, headers=origin)
    assert kept.status_code == 303, kept.text
    identity = kept.headers["location"].rsplit("/", 1)[1]
    question = laptop_services.bank.question(identity)
    assert question.round is RoundId.ML_SYSTEM_DESIGN
    for dimension in set(proposed):  # nothing is asked twice in the same words
        probes = [c.probe for c in question.checkpoints if c.dimension == dimension][:3]
        assert len(set(probes)) == len(probes)
    session = finished(
        laptop, origin, DESIGN["reference"], round="ml_system_design", question=identity, length="full"
    )
    state = laptop_services.sessions.state(session, "")
    assert state.the_plan.questions == (identity,)
    assert state.scorecard is not None
    assert {c.status.value for c in state.scorecard.checkpoints} <= {"covered", "partial"}
    assert laptop.post(f"/library/question/{identity}/remove", headers=origin).status_code == 303


@pytest.mark.parametrize("round_id", ["behavioral", "coding_a", "nonsense"])
def test_a_round_that_a_model_answer_says_nothing_of_is_not_offered(
    laptop: TestClient, round_id: str
) -> None:
    origin = {"origin": ORIGIN}
    assert f'value="{round_id}"' not in laptop.get("/library/own").text
    form = fields_of(
        laptop.post("/library/own/propose", data={**QUESTION, "round": round_id}, headers=origin).text
    )
    assert form["round"] == ["phone_screen"]


def zipped(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return held.getvalue()


LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param(
            "bomb.docx",
            lambda: zipped(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b" " * 250_000_000}),
            marks=pytest.mark.slow,
        ),
        ("odd.docx", lambda: zipped(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<x/>"})),
        (
            "laughs.docx",
            lambda: zipped(
                **{"[Content_Types].xml": b'<!DOCTYPE l [<!ENTITY a "ha">' + LAUGHS + b"]><l>&j;</l>"}
            ),
        ),
        ("cut.pdf", lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj"),
        ("deep.html", lambda: b"<div>" * 100_000),
        ("empty.md", lambda: b""),
        ("large.md", lambda: b"word " * 500_000),
    ],
)
def test_hostile_files_are_left_out_in_words(laptop: TestClient, name: str, raw: Callable[[], bytes]) -> None:
    files = [("files", (name, raw(), "application/octet-stream"))]
    reply = laptop.post("/library/preview", files=files, headers={"origin": ORIGIN})
    assert reply.status_code == 200
    assert name in reply.text.split('id="h-refused"')[1]
    assert 'name="token"' not in reply.text, "there is nothing to add"


@pytest.mark.parametrize(
    "raw",
    [b"[" * 2_000_000, b'{"a":' * 400_000, b"\xff\xfe\x00", b"null", b'{"format":"rehearsal-session/1"}'],
)
def test_what_is_no_export_is_refused_in_words(laptop: TestClient, raw: bytes) -> None:
    reply = laptop.post(
        "/import", files={"file": ("x.json", raw, "application/json")}, headers={"origin": ORIGIN}
    )
    assert reply.status_code == 422
    assert reply.json()["error"].startswith("This is not an export of a session")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reference": "Because."}, "this one has 1"),
        ({"title": " "}, "no text for a title"),
        ({"opening": ""}, "no text for a question"),
    ],
)
def test_an_own_question_that_is_not_enough_is_said_so_and_nothing_is_lost(
    laptop: TestClient, change: dict[str, str], told: str
) -> None:
    origin = {"origin": ORIGIN}
    form: dict[str, Any] = {**QUESTION, **change}
    reply = laptop.post("/library/own/propose", data=form, headers=origin)
    if reply.status_code == 200:
        reply = laptop.post("/library/own/keep", data=fields_of(reply.text), headers=origin)
    assert reply.status_code == 422
    assert told in reply.text
    assert unescape(reply.text).count(form["reference"].strip())


def test_a_folder_is_previewed_with_what_was_left_out(laptop: TestClient, laptop_services: Services) -> None:
    """A browser sends the files of a folder with their paths; two of one name are two articles."""
    text = b"# Tuns\n\nA tun is the dried state of a tardigrade, in which its metabolism nearly stops for years.\n"
    files = [
        ("files", ("notes/one/same.md", text, "text/markdown")),
        ("files", ("notes/two/same.md", text.replace(b"Tuns", b"Other tuns"), "text/markdown")),
        ("files", ("notes/one/same.md", text.replace(b"Tuns", b"Third tuns"), "text/markdown")),
        ("files", ("notes/picture.md", b"\x89PNG\r\n\x1a\n\x00\x00", "text/markdown")),
        ("files", ("notes/.md", b"", "text/markdown")),
    ]
    page = laptop.post("/library/preview", files=files, headers={"origin": ORIGIN}).text
    assert "3 files can be used" in page
    left_out = page.split('id="h-refused"')[1]
    assert "notes-picture.md" in left_out
    token = page.split('name="token" value="')[1][:16]
    held = laptop_services.settings.home / "inbox" / token
    assert sorted(f.name for f in held.iterdir()) == ["one-same-2.md", "one-same.md", "two-same.md"]


def test_an_own_article_is_shown_before_it_is_kept_then_found_then_removed(
    laptop: TestClient, laptop_services: Services
) -> None:
    origin = {"origin": ORIGIN}
    text = (
        "# Tardigrade drift\n\nTardigrade drift means that the tuns of a tardigrade colony are counted twice "
        "after rehydration. <script>alert(1)</script> It is mended by counting before the water comes.\n"
    )
    files = [
        ("files", ("../../evil/tardigrade.md", text.encode(), "text/markdown")),
        ("files", ("picture.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "text/markdown")),
    ]
    page = laptop.post("/library/preview", files=files, headers=origin)
    assert page.status_code == 200
    assert "Tardigrade drift" in page.text
    assert "<script>alert" not in page.text
    assert "picture.md" in page.text.split('id="h-refused"')[1], "the binary file is refused in words"
    token = page.text.split('name="token" value="')[1][:16]
    assert laptop_services.library.counts()[0] == 0, "nothing is added by looking"
    assert laptop.post("/library/add", data={"token": token}, headers=origin).status_code == 303
    assert laptop.post("/library/add", data={"token": token}, headers=origin).status_code == 404
    found = laptop.get("/library?q=tardigrade+tuns+counted+twice").text
    assert "Tardigrade drift" in found
    article = laptop_services.library.articles()[0]
    assert (laptop_services.settings.home / "my-articles" / "evil-tardigrade.md").is_file()
    shown = laptop.get(f"/library/article/{article.id}?from=0&to=20").text
    assert 'id="cited"' in shown
    assert "<script>alert" not in shown
    assert laptop.post(f"/library/article/{article.id}/remove", headers=origin).status_code == 303
    assert laptop.get(f"/library/article/{article.id}").status_code == 404


def test_all_of_ones_data_can_be_taken_along_and_deleted(
    hosted: TestClient, ana: dict[str, str], bo: dict[str, str]
) -> None:
    mine, theirs = start(hosted, bo), start(hosted, ana)
    archive = zipfile.ZipFile(io.BytesIO(hosted.get("/api/export.zip", headers=bo).content))
    held = {json.loads(archive.read(name))["session"] for name in archive.namelist()}
    assert mine in held
    assert theirs not in held
    assert hosted.post("/settings/delete", data={"confirm": "delete"}, headers=bo).status_code == 303
    assert hosted.get(f"/api/sessions/{mine}/status", headers=bo).status_code == 404
    assert hosted.get(f"/api/sessions/{theirs}/status", headers=ana).status_code == 200


def test_the_settings_page_never_shows_a_secret(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from bot.web import build_app
    from tests.web.harness import PacedInterviewer, make_services

    services = make_services(
        tmp_path, PacedInterviewer(), openai_api_key="sk-very-secret", model="gpt-5-mini"
    )
    with TestClient(build_app(services)) as client:
        page = client.get("/settings").text
    services.close()
    assert "gpt-5-mini" in page
    assert "sk-very" not in page


def test_the_page_and_the_command_tell_the_same_of_a_model(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from bot.model.check import check_model
    from bot.model.standin import StandIn, Wire
    from bot.web import build_app
    from tests.web.harness import PacedInterviewer, make_services

    with StandIn(always=Wire.AUTH) as server:
        key = "sk-very-secret-0123456789"
        services = make_services(
            tmp_path, PacedInterviewer(), openai_api_key=key, openai_base_url=server.url, model="stand-in"
        )
        with TestClient(build_app(services)) as client:
            page = unescape(client.post("/settings/test", headers={"origin": ORIGIN}).text)
        told = check_model(services.settings)
        services.close()
    assert not told.ok
    assert [(f.text in page, f.todo in page) for f in told.findings] == [(True, True)]
    assert key not in page


def test_without_a_model_the_test_says_that_all_is_well(laptop: TestClient) -> None:
    page = laptop.post("/settings/test", headers={"origin": ORIGIN}).text
    assert "runs on authored material" in page
    assert "notice bad" not in page


def finished(client: TestClient, headers: dict[str, str], answer: str, **form: str) -> str:
    """A short round with one answer, scored; its id."""
    session = start(client, headers, **form)
    settled(client, session, headers, 1)
    say = {"text": answer, "key": f"{session[:10]}-key", "seen": 1}
    assert client.post(f"/api/sessions/{session}/say", json=say, headers=headers).status_code == 200
    settled(client, session, headers, 3)
    client.post(f"/api/sessions/{session}/finish", headers=headers)
    nothing_pending(client, session, headers)
    client.post(f"/sessions/{session}/self", data={"skip": "1"}, headers=headers)
    return session


def test_a_round_is_scored_again_while_nobody_waits_and_both_assessments_stay(
    laptop: TestClient, laptop_services: Services
) -> None:
    origin = {"origin": ORIGIN}
    session = finished(
        laptop, origin, "Bias is systematic error; variance is sensitivity to the training sample."
    )
    judge = Held(laptop_services.assessor.judges["offline"])
    laptop_services.assessor.judges["offline"] = judge
    try:
        for _ in range(2):  # a double click is one assessment
            asked = laptop.post(f"/sessions/{session}/rescore", data={"judge": "offline"}, headers=origin)
            assert asked.status_code == 303
        assert "Scoring again with the offline judge" in laptop.get(f"/review?s={session}").text
        assert laptop.get(f"/api/sessions/{session}/status").json()["line"].startswith("Scoring again")
    finally:
        judge.go = True
        laptop_services.assessor.judges["offline"] = judge.inner
    nothing_pending(laptop, session)
    data = laptop.get(f"/api/sessions/{session}/export.json").json()
    assert [a["assessment"] for a in data["assessments"]] == ["a1", "a2"]
    page = laptop.get(f"/review?s={session}").text
    assert "Scored again:" in page
    assert "All assessments of this session" in page
    assert "Scored again:" not in laptop.get(f"/review?s={session}").text, "told once"
    refused = laptop.post(f"/sessions/{session}/rescore", data={"judge": "oracle"}, headers=origin)
    assert refused.status_code == 422


def test_a_judge_that_fails_leaves_the_earlier_assessment(
    laptop: TestClient, laptop_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = {"origin": ORIGIN}
    session = finished(laptop, origin, "Bias is systematic error.")

    class Broken:
        name = "broken"

        async def judge(self, request: object) -> object:
            raise ValueError("secret-internal-detail")

    monkeypatch.setitem(laptop_services.assessor.judges, "broken", Broken())
    laptop.post(f"/sessions/{session}/rescore", data={"judge": "broken"}, headers=origin)
    nothing_pending(laptop, session)
    page = laptop.get(f"/review?s={session}").text
    assert "could not be scored again" in page
    assert "secret-internal" not in page
    assert 'id="verdict"' in page


class Held:
    """A judge that waits until `go`."""

    def __init__(self, inner: Judge) -> None:
        self.inner, self.name, self.go = inner, inner.name, False

    async def judge(self, request: JudgeRequest) -> Judged:
        while not self.go:
            await asyncio.sleep(0.01)
        return await self.inner.judge(request)


def test_a_repeated_question_is_shown_before_and_after(laptop: TestClient) -> None:
    origin = {"origin": ORIGIN}
    first = "Bias is systematic error."
    second = (
        "Bias is systematic error, the model is too simple. Variance is sensitivity to the training sample: with "
        "another sample the predictions change. The first model underfits, that is high bias; the second overfits."
    )
    finished(laptop, origin, first, question="ps-bias-variance")
    session = finished(laptop, origin, second, question="ps-bias-variance")
    page = laptop.get(f"/review?s={session}").text
    assert "Answered before" in page
    assert first in page.split("Answered before")[1]


def test_a_loop_leads_from_round_to_round_and_ends_in_a_decision(
    laptop: TestClient, laptop_services: Services
) -> None:
    origin = {"origin": ORIGIN}
    session = finished(laptop, origin, "Bias is systematic error.", round="loop")
    page = laptop.get(f"/review?s={session}").text
    assert "Next round: Coding A" in page
    told = page.split('id="loop"')[1]
    assert "Insufficient evidence" in told, "one round is no decision"
    assert "typical, not as anybody" in told
    assert "A single mock loop is not a prognosis." in told
    run = laptop_services.sessions.state(session, "").the_plan.loop_run
    following = start(laptop, origin, round="coding_a", loop_run=run)
    settled(laptop, following, {}, 1)
    from bot.web.lookups import rounds_of

    rounds = rounds_of(laptop_services, laptop_services.sessions.state(following, ""))
    assert [r.status for r in rounds] == ["done", "now", "next", "next", "next"]
    assert rounds[0].href == f"/review?s={session}"


def test_what_was_missed_is_due_on_the_start_page_until_it_is_repeated(
    hosted: TestClient, bo: dict[str, str]
) -> None:
    hosted.post("/settings/delete", data={"confirm": "delete"}, headers=bo)
    assert "Due today" not in hosted.get("/", headers=bo).text
    finished(hosted, bo, "Bias is systematic error.")
    assert "Due today" in hosted.get("/", headers=bo).text
    before = 0
    while 'name="grade"' in (page := hosted.get("/drill", headers=bo).text):
        form = {k: page.split(f'name="{k}" value="')[1].split('"')[0] for k in ("question", "checkpoint")}
        reply = hosted.post("/drill", data={**form, "grade": "good"}, headers=bo)
        again = hosted.post("/drill", data={**form, "grade": "easy"}, headers=bo)
        assert reply.status_code == again.status_code == 303
        before += 1
        assert before < 40, "a point that was repeated is not due again"
    assert before
    assert "Due today" not in hosted.get("/", headers=bo).text


def test_the_defaults_of_a_new_round_are_kept_in_the_browser(hosted: TestClient, bo: dict[str, str]) -> None:
    kept = hosted.post("/settings/defaults", data={"level": "senior", "mode": "real"}, headers=bo)
    cookie = kept.headers["set-cookie"].split(";")[0]
    hosted.cookies.clear()
    page = hosted.get("/", headers={**bo, "cookie": f"{bo['cookie']}; {cookie}"}).text
    assert '<option value="senior" selected>' in page
    assert 'value="real" checked' in page
    odd = hosted.get("/", headers={**bo, "cookie": f"{bo['cookie']}; rehearsal-defaults=x.y"}).text
    assert '<option value="mid" selected>' in odd
