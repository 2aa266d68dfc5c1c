"""A real Chromium on a real server. A page that logs an error or asks another host fails its test."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.harness import Site, serving

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)

PATIENCE_MS = 60_000
"""How long a test waits for a state before it says that it does not come. Long, because a test must not measure how busy
the machine is; a test that passes never waits that long."""
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Of this folder, not of the run: Playwright's loop lives in the main thread, where asynchronous tests want their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium, or any Chrome on the PATH")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(autouse=True)
def _calm(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test finds the interviewer at its ordinary pace, and no turn of an earlier test still under way."""
    yield
    if "site" in request.fixturenames:
        site: Site = request.getfixturevalue("site")
        site.calm()


class Windows:
    """Opens windows and keeps what went wrong in them. `forgive` names errors that a test provokes."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.contexts: list[BrowserContext] = []
        self.trouble: list[str] = []
        self.blocked: list[str] = []
        self.forgive: tuple[str, ...] = ()

    def context(
        self, width: int = 1440, height: int = 900, dark: bool = False, **more: object
    ) -> BrowserContext:
        made = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **more,  # type: ignore[arg-type]
        )
        made.set_default_timeout(PATIENCE_MS)
        self.contexts.append(made)
        return made

    def open(self, path: str, context: BrowserContext | None = None, **more: object) -> Page:
        page = (context or self.context(**more)).new_page()  # type: ignore[arg-type]
        page.on("console", lambda m: self.trouble.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.trouble.append(str(e)))
        page.on("request", lambda r: self._watch(r.url))
        page.on("requestfailed", lambda r: self._blocked(r.url, r.failure or ""))
        page.goto(self.url + path)
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.trouble.append(f"asked another host: {url}")

    def _blocked(self, url: str, why: str) -> None:
        if "csp" in why.lower() and f"asked another host: {url}" in self.trouble:
            self.trouble.remove(f"asked another host: {url}")
            self.blocked.append(url)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        left = [t for t in self.trouble if not any(word in t for word in self.forgive)]
        assert left == [], left


@pytest.fixture
def windows(chromium: Browser, site: Site) -> Iterator[Windows]:
    opened = Windows(chromium, site.url)
    yield opened
    opened.close()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


def post(site: Site, path: str, cookie: str = "", **form: str) -> str:
    """Send a form; the address that it leads to."""
    request = urllib.request.Request(site.url + path, data=urllib.parse.urlencode(form).encode())
    request.add_header("Origin", site.url)
    if cookie:
        request.add_header("Cookie", cookie)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(_NoRedirect).open(request)
    reply = caught.value
    assert reply.code == 303, (reply.code, reply.read())
    reply.close()
    return str(reply.headers["location"])


@pytest.fixture
def begin(site: Site) -> Callable[..., str]:
    """Starts a session and gives the address of its page."""

    def start(**form: str) -> str:
        return post(site, "/sessions", **{"round": "phone_screen", "length": "short", **form})

    return start


@pytest.fixture(scope="package")
def demo(site: Site) -> str:
    """The address of the demo's review."""
    return post(site, "/demo")


def ready(page: Page, turns: int = 1) -> None:
    """Wait until the conversation has that many messages and nobody speaks."""
    page.wait_for_function(
        "n => { const d = document.querySelector('#bar-data')?.dataset; "
        "return d && Number(d.turns) >= n && d.speaking === '0' && document.querySelector('#answer') "
        "&& document.body.classList.contains('ready') }",
        arg=turns,
    )


def say(page: Page, text: str) -> None:
    """Send a message and wait for the reply to end."""
    turns = int(page.get_attribute("#bar-data", "data-turns") or 0)
    page.fill("#answer", text)
    page.press("#answer", "Enter")
    ready(page, turns + 2)


def review_of(page: Page) -> None:
    """Finish the round, skip the own view, and wait until the scorecard is there."""
    page.locator("[data-act=finish]").click()
    page.get_by_role("button", name="Finish and see the review").click()
    page.get_by_role("button", name="Skip this").click()
    page.locator("#verdict").wait_for(timeout=PATIENCE_MS)


def until(page: Page, true: Callable[[], object], what: str) -> None:
    """Wait for a state that the page itself cannot tell."""
    for _ in range(PATIENCE_MS // 50):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"waited in vain until {what}")


def at_rest(page: Page) -> None:
    """Wait until nothing moves on the page."""
    page.wait_for_function("!document.getAnimations().some(a => a.playState === 'running')")


def session_of(address: str) -> str:
    """The id in an address."""
    return address.split("s=")[1].split("#")[0]
