"""The library in a browser: a folder of articles, an own question from a model answer."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.web.browser.conftest import Windows, ready
from tests.web.harness import QUESTION, Site


def test_of_a_folder_only_what_can_be_read_is_sent_and_shown(
    windows: Windows, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    text = "# {0}\n\nA {0} is a thing that is told apart from others by what is written about it here.\n"
    (folder / "one.md").write_text(text.format("Wombat"))
    (folder / "deep" / "two.txt").write_text(text.format("Quokka"))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".git" / "notes.md").write_text("hidden")
    (folder / "large.md").write_bytes(b"x" * 2_100_000)
    page = windows.open("/library")
    page.locator("input[webkitdirectory]").set_input_files(folder)
    expect(page.locator("[data-folder-line]")).to_contain_text("2 of 5 files can be read")
    page.locator("form[data-folder]").get_by_role("button", name="Preview").click()
    expect(page.locator(".lede")).to_contain_text("2 files can be used")
    page.get_by_role("button", name="Add to the library").click()
    page.wait_for_url("**/library")
    for title in ("Wombat", "Quokka"):
        page.goto(f"{windows.url}/library")
        page.get_by_role("link", name=title).click()
        expect(page.locator("h1")).to_contain_text(title)
        page.once("dialog", lambda box: box.accept())
        page.get_by_role("button", name="Remove this article").click()
        page.wait_for_url("**/library")


def test_an_own_question_is_asked_at_once(windows: Windows, site: Site) -> None:
    page = windows.open("/library")
    page.get_by_role("link", name="Add your own question").click()
    for name, text in QUESTION.items():
        page.fill(f"[name={name}]", text)
    page.get_by_role("button", name="Propose checkpoints").click()
    expect(page.locator(".lede")).to_contain_text("6 checkpoints found")
    page.locator("[name=statement]").first.fill("They lose their water and curl into a tun.")
    page.get_by_role("button", name="Keep the question").click()
    expect(page.locator("h1")).to_have_text(QUESTION["title"])
    address = page.url
    page.get_by_role("button", name="Practise this question").click()
    ready(page)
    expect(page.locator(".bar-title h1")).to_have_text(QUESTION["title"])
    expect(page.locator("#chat .bot.message").first).to_contain_text("tardigrades in the freezer")
    page.goto(address)
    page.once("dialog", lambda box: box.accept())
    page.get_by_role("button", name="Remove this question").click()
    page.wait_for_url("**/library**")
