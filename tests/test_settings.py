"""Settings: explicit beats environment beats default; mistakes are named; secrets never show."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import TABLE, load_settings

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [s.env for s in TABLE if f"`{s.env}`" not in readme or s.help.split(".")[0] not in readme]
    assert missing == []


def test_explicit_beats_environment_beats_default(tmp_path: Path) -> None:
    env = {"PORT": "8000", "BOT_HOME": str(tmp_path)}
    assert load_settings({}).port == 7860
    assert load_settings(env).port == 8000
    assert load_settings(env, port=9000).port == 9000
    assert load_settings(env, port=None).port == 8000
    assert load_settings(env).database_url.endswith("rehearsal.db")


def test_an_unknown_setting_is_named_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"BOT_MODLE.*Did you mean BOT_MODEL"):
        load_settings({"BOT_MODLE": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "99999"),
        ("BOT_JUDGE", "me"),
        ("OPENAI_BASE_URL", "localhost:1"),
        ("BOT_MAX_USD", "-1"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_a_key_gives_a_model_and_never_shows() -> None:
    settings = load_settings({"OPENAI_API_KEY": "sk-secret-1", "DATABASE_URL": "postgresql://a:hunter2@h/d"})
    assert settings.has_model
    assert settings.judge_model == settings.model
    assert "sk-secret-1" not in repr(settings)
    assert "hunter2" not in repr(settings)
    assert not load_settings({}).has_model


def test_a_local_server_needs_the_name_of_a_model() -> None:
    assert not load_settings({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}).has_model
    assert load_settings({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1", "BOT_MODEL": "qwen3"}).has_model
