"""The application in this process, without a browser: one for a laptop, one with sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.services import Services
from tests.support.bank import load_once
from tests.web.harness import PacedInterviewer, make_services

ORIGIN = "http://testserver"


@pytest.fixture(scope="session", autouse=True)
def _cheap_parts() -> Iterator[None]:
    """The loader of the bank and the health check of the index (an interpreter of its own) have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.services.load_bank", load_once)
        patch.setattr("bot.knowledge.vectors.check_in_child", lambda folder, name, count: "")
        yield


@pytest.fixture(scope="session")
def laptop_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = make_services(tmp_path_factory.mktemp("laptop"), PacedInterviewer())
    yield services
    services.close()


@pytest.fixture(scope="session")
def laptop(laptop_services: Services) -> Iterator[TestClient]:
    """Everybody is the same person."""
    from bot.web import build_app

    with TestClient(build_app(laptop_services), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def hosted_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    from argon2 import PasswordHasher

    home: Path = tmp_path_factory.mktemp("hosted")
    users = home / "users"
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    users.write_text("".join(f"{name}:{cheap.hash(f'{name}-secret')}\n" for name in ("ana", "bo")))
    services = make_services(home, PacedInterviewer(), auth="passwords", users=str(users))
    yield services
    services.close()


@pytest.fixture(scope="session")
def hosted(hosted_services: Services) -> Iterator[TestClient]:
    """People sign in; the client carries nobody's cookie until a test sets one."""
    from bot.web import build_app

    with TestClient(build_app(hosted_services), follow_redirects=False) as client:
        yield client


def cookie_of(client: TestClient, name: str) -> dict[str, str]:
    """Headers of somebody who has signed in."""
    reply = client.post(
        "/sign-in", data={"name": name, "password": f"{name}-secret"}, headers={"origin": ORIGIN}
    )
    assert reply.status_code == 303, reply.text
    value = reply.headers["set-cookie"].split(";")[0]
    client.cookies.clear()
    return {"cookie": value, "origin": ORIGIN}


@pytest.fixture
def ana(hosted: TestClient) -> dict[str, str]:
    return cookie_of(hosted, "ana")


@pytest.fixture
def bo(hosted: TestClient) -> dict[str, str]:
    return cookie_of(hosted, "bo")
