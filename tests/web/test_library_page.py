"""The Library page: what cleaning dropped is seen there, and overruled."""

from __future__ import annotations

from fastapi.testclient import TestClient

from bot.services import Services
from tests.web.conftest import ORIGIN


def test_what_cleaning_dropped_is_shown_and_overruled(laptop: TestClient, laptop_services: Services) -> None:
    origin = {"origin": ORIGIN}
    place = laptop_services.settings.home / "notes"
    place.mkdir(parents=True)
    prose = "The tuns of a tardigrade colony are counted twice after rehydration, which is what drift means."
    (place / "drift.txt").write_text(f"Share this\n\n{prose}\n\nThat is mended by counting first.\n", "utf-8")
    library = laptop_services.library
    library.index([place])
    assert "1 line dropped" in laptop.get("/library/article/drift").text
    assert library.embedder_note() in laptop.get("/library").text.replace("&#39;", "'")
    page = laptop.get("/library/article/drift/lines").text
    key = page.split('name="keep" value="')[1].split('"')[0]
    answer = laptop.post(
        "/library/article/drift/lines", data={"keep": key}, headers=origin, follow_redirects=False
    )
    assert answer.status_code == 303
    assert "Share this" in library.article("drift").text
    assert "overruled by hand" in laptop.get("/library/article/drift/lines").text
    assert (
        laptop.post("/library/article/drift/lines", data={"keep": "0" * 32}, headers=origin).status_code
        == 422
    )
    library.remove(["drift"])


def test_a_server_shows_and_takes_no_verdicts(hosted: TestClient, ana: dict[str, str]) -> None:
    assert hosted.get("/library/article/x/lines", headers=ana).status_code == 422
    assert hosted.post("/library/article/x/lines", headers=ana).status_code == 422
