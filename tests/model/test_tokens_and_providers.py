"""Counting tokens without a download, prices, redaction, and the switch for real calls."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.model import tokens
from bot.model.clock import ManualClock
from bot.model.errors import translate
from bot.model.ledger import Price, PriceBook, Usage, is_own_machine, shipped_prices
from bot.model.prompts import Params
from bot.model.providers import connect, requests_allowed
from bot.model.redact import redact, scrub
from bot.model.tokens import TokenCounter, estimate
from bot.settings import DEFAULT_MODEL, load_settings

# A few texts with their length in the o200k table, counted once with tiktoken (docs/benchmarks.md has the large
# measurement): prose, code, tables of numbers and constants, long names, a docstring, a pattern, German, Chinese.
COUNTED = (
    ("Tell me how you would split the data, and what you would look at first.", 17),
    (
        "Regularisation shrinks the coefficients towards zero, which trades a little bias for less variance.",
        17,
    ),
    (
        "def add(self, user: str, time: int) -> list[Session]:\n    ended = self._expire(time)\n    return ended\n",
        28,
    ),
    ("".join(f"    [{i}.{(i * 7919) % 10000:04d}, -{i}.5e-03, {i * 1013}],\n" for i in range(12)), 227),
    (
        "".join(f"    0x{(i * 2654435761) % 65536:04X}: 'LATIN_SMALL_{chr(65 + i)}',\n" for i in range(12)),
        164,
    ),
    (
        "class ConversationItemCreatedEventParam(BaseTransformerRegressionMixin):\n"
        "    def _maybe_validate_hyperparameters(self, max_iter_no_change: int) -> None:\n"
        "        raise NotImplementedError\n",
        37,
    ),
    (
        '    """Return the log-likelihood of each sample.\n\n    Parameters\n    ----------\n    X : array-like of shape '
        '(n_samples, n_features)\n        An array of points to query.\n    """\n',
        40,
    ),
    (
        r"_PATTERN = re.compile(r'^\s*(?P<key>[A-Za-z_]\w*)\s*=\s*(?:\"([^\"]*)\"|(\S+))\s*(?:#.*)?$', re.M)",
        50,
    ),
    ("".join(f"\\x{(i * 37) % 256:02x}" for i in range(40)), 91),
    (
        "Die Größe der Gewichte wird beschränkt, damit das Modell nicht die Zufälle der Trainingsdaten übernimmt.",
        21,
    ),
    ("正则化限制权重的大小，使模型不会记住训练数据中的噪声。", 20),
)


def test_the_estimate_is_near_on_known_texts() -> None:
    for text, known in COUNTED:
        assert abs(estimate(text) - known) <= max(2, 0.15 * known), text


def test_nothing_is_nothing_and_something_is_something() -> None:
    assert estimate("") == 0
    assert estimate(".") == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_estimate_grows_with_the_text(a: str, b: str) -> None:
    assert 0 <= estimate(a) <= 4 * len(a) + 1
    assert estimate(a + "\n\n" + b) >= max(estimate(a), estimate(b)) - 2


def test_no_table_no_download(tmp_path: Path) -> None:
    """The network is blocked in tests: touching tiktoken's loader would raise."""
    counter = TokenCounter(tmp_path)
    assert not counter.exact
    assert counter.count("one two").estimated


def test_a_wrong_table_is_not_used(tmp_path: Path) -> None:
    url, _ = tokens._TABLES["o200k_base"]
    name = hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()
    (tmp_path / name).write_bytes(b"aGk= 0\n")
    assert not TokenCounter(tmp_path).exact


def test_a_right_table_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    ranks = b"".join(base64.b64encode(bytes([i])) + b" " + str(i).encode() + b"\n" for i in range(256))
    url, _ = tokens._TABLES["o200k_base"]
    monkeypatch.setitem(tokens._TABLES, "o200k_base", (url, hashlib.sha256(ranks).hexdigest()))
    (tmp_path / hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()).write_bytes(ranks)
    counter = TokenCounter(tmp_path)
    assert counter.exact
    assert counter.count("abc").tokens == 3  # this table has bytes only
    assert not counter.count("abc").estimated


# -------------------------------------------------------------------------------------------------- prices


def test_default_models_have_a_price() -> None:
    assert shipped_prices().price(DEFAULT_MODEL) is not None
    assert load_settings({}, openai_api_key="k").model == DEFAULT_MODEL


def test_prices_by_name_and_place() -> None:
    book = shipped_prices()
    assert book.price("gpt-5.4-mini-2026-03-17") == book.price("gpt-5.4-mini")
    assert book.price("openai:gpt-6-luna") == book.price("gpt-6-luna")
    assert book.price("gpt-6-luna", "https://gateway.example.org/v1") is None
    assert book.price("anything", "http://127.0.0.1:11434/v1") == Price(0, 0, 0)
    assert book.price("no-such-model") is None
    assert book.as_of.year >= 2026


def test_own_machines() -> None:
    assert all(map(is_own_machine, ("localhost", "127.0.0.1", "::1", "10.0.0.7", "ollama", "box.local")))
    assert not any(map(is_own_machine, ("api.openai.com", "8.8.8.8", "example.org", "")))


def test_what_a_call_costs() -> None:
    assert Price(1, 0.1, 5).usd(Usage(input=1_000_000, cached=400_000, output=200_000)) == pytest.approx(1.64)


def test_a_bad_price_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("as_of: 2026-01-01\nmodels: {m: [1, 2]}")
    with pytest.raises(ContentError, match=r"p\.yaml"):
        PriceBook.load(tmp_path / "p.yaml")


# ------------------------------------------------------------------------------------------------- secrets


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcdefghij1234567890",
        "Bearer abcdef0123456789",
        "api_key=0123456789abcdef",
        "https://me:hunter22@host/v1",
        "AIzaSyA0123456789abcdefghijkl",
        "eyJhbGciOiJI.eyJzdWIiOiIx.abc",
    ],
)
def test_keys_are_taken_out(secret: str) -> None:
    assert secret not in redact(f"it said {secret} is wrong")
    assert "hunter22" not in redact(secret)


def test_known_secrets_are_taken_out_whatever_they_look_like() -> None:
    assert redact("key correct horse", ("correct horse",)) == "key [key]"
    assert scrub("mail me at a.b@example.org") == "mail me at [email]"
    assert redact("mail me at a.b@example.org") == "mail me at a.b@example.org"


def test_an_error_never_carries_the_key() -> None:
    key = "my-very-own-key"
    fault = translate(ValueError(f"cannot parse {key}"), secrets=(key,))
    assert key not in f"{fault} {fault.detail}"


def test_a_model_does_not_show_its_key() -> None:
    wired = connect("gpt-6-luna", api_key="sk-abcdefghijklmnop")
    assert "abcdefghijklmnop" not in repr(wired)
    assert requests_allowed()


def test_params_know_their_limits() -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        Params.model_validate({"max_tokens": 0})
    assert json.loads(Params().model_dump_json())["reasoning"] == "none"


async def _nothing() -> None:
    return None


@pytest.mark.anyio
async def test_the_manual_clock_keeps_deadlines() -> None:
    clock = ManualClock()
    await clock.within(1.0, _nothing())
    with pytest.raises(TimeoutError):
        await clock.within(1.0, clock.sleep(5))
    assert clock.now() == 1.0
