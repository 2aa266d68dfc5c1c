"""Embedding models behind an API: LangChain's `OpenAIEmbeddings`, set up so that nothing else is fetched.

Knows how to make one from a key and an address; does not know what is embedded or where vectors are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from pydantic import SecretStr


def openai_embeddings(
    model: str, *, api_key: SecretStr, base_url: str = "", timeout_s: float = 60.0, client: Any = None
) -> Embeddings:
    """LangChain's embeddings for `model` at OpenAI or a compatible server. Raises `EmbedderUnavailable`.

    `client` is an `httpx.Client` for tests. Texts are sent as they are: LangChain would otherwise cut them with
    tiktoken, which downloads its tables without a time-out; our passages are far below every model's limit.
    """
    from bot.model.providers import NO_KEY, requests_allowed

    if not api_key.get_secret_value() and not base_url:
        raise EmbedderUnavailable(
            f"The embedder openai:{model} needs OPENAI_API_KEY.", hint="Set it, or use BOT_EMBEDDER=auto."
        )
    if not requests_allowed():
        raise EmbedderUnavailable(
            "Calls to models are switched off in this process.",
            hint="Use BOT_EMBEDDER=wordllama for offline runs.",
        )
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    return OpenAIEmbeddings(
        model=model,
        api_key=api_key if api_key.get_secret_value() else SecretStr(NO_KEY),
        base_url=base_url or "https://api.openai.com/v1",
        check_embedding_ctx_length=False,
        timeout=timeout_s,
        max_retries=2,
        chunk_size=256,
        http_client=client,
    )
