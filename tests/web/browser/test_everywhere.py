"""What holds on every page (behaviours 38 to 41)."""

# ruff: noqa: E501  (lines of JavaScript)

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import CHROMIUM, PATIENCE_MS, Windows, at_rest, ready, say
from tests.web.harness import QUESTION

Begin = Callable[..., str]
PAGES = [
    "home",
    "session",
    "coding",
    "self",
    "review",
    "progress",
    "library",
    "question",
    "settings",
    "drill",
    "own",
    "article",
    "preview",
    "not-here",
]
WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 5
SIZES = [(1440, 900), (390, 844)]


def opened(name: str, windows: Windows, begin: Begin, demo: str, **how: object) -> Page:
    plain = {
        "home": "/",
        "progress": "/progress",
        "library": "/library?q=bias",
        "settings": "/settings",
        "drill": "/drill",
        "review": demo,
        "question": "/library/question/ps-pca",
        "own": "/library/own",
        "article": "/library",
        "preview": "/library",
        "not-here": "/nothing",
    }
    if name in plain:
        windows.forgive = ("404",) if name == "not-here" else ()
        page = windows.open(plain[name], **how)
        if name in ("preview", "article"):
            text = f"# {WORD}\n\nA sentence with {WORD} in it, and nothing else to say.\n"
            file = {"name": f"{WORD[:90]}.md", "mimeType": "text/markdown", "buffer": text.encode()}
            page.locator("input[name=files]").first.set_input_files(file)  # type: ignore[arg-type]
            page.get_by_role("button", name="Preview").first.click()
            page.get_by_text("Look at every line").click()
        if name == "article":
            page.get_by_role("button", name="Add to the library").click()
            page.get_by_role("link", name="Rindfleisch").first.click()
            page.locator(".reading h1").wait_for()
        if name == "own":
            for field, text in QUESTION.items():
                page.fill(f"[name={field}]", text)
            page.get_by_role("button", name="Propose checkpoints").click()
            page.locator(".points details summary").first.click()
        return page
    address = begin(round="coding_a" if name == "coding" else "phone_screen")
    page = windows.open(address, **how)
    ready(page)
    if name == "session":
        say(page, "Bias is **systematic** error.")
        page.locator("[data-act=hint]").click()
        ready(page, 5)
    if name == "self":
        say(page, "Bias is systematic error.")
        page.locator("[data-act=finish]").click()
        page.get_by_role("button", name="Finish and see the review").click()
        page.wait_for_url("**/review?s=*")
    if name == "coding":
        page.locator("#code .cm-content").wait_for(state="attached")
    at_rest(page)
    return page


@pytest.mark.parametrize("size", SIZES, ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_39_axe_finds_nothing(
    windows: Windows, begin: Begin, demo: str, name: str, dark: bool, size: tuple[int, int]
) -> None:
    page = opened(name, windows, begin, demo, dark=dark, width=size[0], height=size[1])
    found = Axe().run(page)
    lines = [
        f"{v['id']}: {n['html'][:160]} {n.get('failureSummary', '')[:200]}"
        for v in found.response["violations"]
        for n in v["nodes"]
    ]
    assert lines == [], "\n".join(lines)


@pytest.mark.parametrize("name", PAGES)
def test_38_a_phone_needs_no_sideways_scrolling_and_no_small_fingers(
    windows: Windows, begin: Begin, demo: str, name: str
) -> None:
    page = opened(name, windows, begin, demo, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, input, nav a, a.button, a.item, .quotes a')].filter(e => {
        const r = e.getBoundingClientRect(), s = getComputedStyle(e);
        if (!r.width || !r.height || s.visibility === 'hidden' || s.opacity === '0' && e.matches('input')) return false;
        if (e.closest('#chat') || e.closest('.sr')) return false;   // Gradio's own copy buttons beside the text
        if (e.closest('#work-tabs') && !e.closest('.html-container')) return false;
        return r.height < 43.5 || r.width < 43.5; }).map(e => e.outerHTML.slice(0, 120) + ' ' + JSON.stringify(e.getBoundingClientRect()))"""
    )
    assert small == []


@pytest.mark.parametrize("name", ["home", "review", "progress", "library", "preview", "coding"])
def test_38_at_double_size_nothing_is_cut_off_sideways(
    windows: Windows, begin: Begin, demo: str, name: str
) -> None:
    page = opened(name, windows, begin, demo, width=720, height=450)
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_38_the_composer_stays_in_view_above_the_keyboard(windows: Windows, begin: Begin) -> None:
    page = windows.open(begin(), width=390, height=844)
    ready(page)
    page.set_viewport_size({"width": 390, "height": 500})  # what is left when a keyboard is up
    page.locator("#answer").focus()
    expect(page.locator("#answer")).to_be_in_viewport(ratio=1)
    expect(page.locator(".composer-send")).to_be_in_viewport(ratio=1)


def test_38_rounds_are_in_a_drawer_and_the_workspace_behind_a_switch(windows: Windows, begin: Begin) -> None:
    page = windows.open(begin(round="coding_a"), width=390, height=844)
    ready(page)
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Rounds").click()
    expect(page.locator("#side")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    expect(page.get_by_role("button", name="Rounds")).to_be_focused()
    page.get_by_role("button", name="Workspace").click()
    expect(page.locator("#code")).to_be_visible()
    expect(page.locator("#chat")).to_be_hidden()


@pytest.mark.parametrize("name", ["home", "session"])
def test_39_the_theme_is_kept_and_there_from_the_first_paint(
    windows: Windows, begin: Begin, demo: str, name: str
) -> None:
    page = opened(name, windows, begin, demo)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate(paper)
    assert light != dark
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => { window.first = getComputedStyle(document.body).backgroundColor })"
    )
    page.reload()
    assert page.evaluate("window.first") == dark
    page.wait_for_timeout(800)
    assert page.evaluate(paper) == dark


def test_40_a_round_by_keyboard_alone(windows: Windows) -> None:
    page = windows.open("/")

    def tab_to(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "(e => e.matches('a, button, input, summary') ? (e.getAttribute('aria-label') || e.textContent || '').trim() : '')(document.activeElement)"
            )
            if words in here:
                visible = page.evaluate(
                    "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 })()"
                )
                assert visible, f"the focus on {words} is not visible"
                return
        raise AssertionError(f"{words} is not reached by Tab")

    tab_to("Start the round")
    page.keyboard.press("Enter")
    ready(page)
    page.wait_for_function("document.activeElement.id === 'answer'")
    page.keyboard.type("Bias is systematic error.")
    page.keyboard.press("Enter")
    ready(page, 3)
    page.evaluate("document.querySelector('.top .brand').focus()")
    tab_to("Finish")
    page.keyboard.press("Enter")
    tab_to("Finish and see the review")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?s=*")
    tab_to("Skip this")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_visible()


def test_40_reduced_motion_is_respected(windows: Windows, begin: Begin, demo: str) -> None:
    page = opened("session", windows, begin, demo, reduced_motion="reduce")
    page.locator("[data-act=hint]").hover()
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("name", ["home", "session", "coding", "review"])
def test_41_a_first_load_is_small_and_does_not_jump(
    windows: Windows, begin: Begin, demo: str, name: str
) -> None:
    plain = {"home": "/", "review": demo}
    address = plain.get(name) or begin(round="coding_a" if name == "coding" else "phone_screen")
    context = windows.context()
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.shift += e.value }).observe({type: 'layout-shift', buffered: true})"
    )
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    loaded = []
    wire.on("Network.loadingFinished", lambda e: loaded.append(e["encodedDataLength"]))
    page.goto(windows.url + address)
    if name in ("session", "coding"):
        ready(page)
    page.wait_for_timeout(1500)
    print(
        f"{name}: {sum(loaded) / 1000:.0f} kB in {len(loaded)} requests, layout shift {page.evaluate('window.shift'):.3f}"
    )
    assert sum(loaded) <= 1_000_000
    assert page.evaluate("window.shift") <= 0.1


def test_an_ordinary_window_finds_nothing_missing_either(
    windows: Windows, begin: Begin, tmp_path: Path
) -> None:
    """The other tests' windows are private ones, which never ask for a manifest; everybody's own window does."""
    kind = windows.browser.browser_type
    context = kind.launch_persistent_context(str(tmp_path), executable_path=CHROMIUM, args=["--no-sandbox"])
    context.set_default_timeout(PATIENCE_MS)
    windows.contexts.append(context)
    for path in ("/", begin()):
        page = windows.open(path, context)
        with page.expect_response("**/manifest.json") if path != "/" else nullcontext():
            page.reload()
        page.wait_for_load_state("networkidle")
