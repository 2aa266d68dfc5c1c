"""Embedders: text -> unit vectors, in three tiers that are chosen openly (see docs/retrieval.md).

    openai:MODEL   an API model, when a setting asks for it
    minilm         Chroma's ONNX all-MiniLM-L6-v2, from the files in Chroma's cache folder
    wordllama      static vectors that come inside their wheel; needs nothing, works everywhere

Nothing here downloads anything: `bot/knowledge/fetch.py` does, when a person asks for it. onnxruntime sends
telemetry unless told otherwise before its import; it is told. Does not know about articles or indexes.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import EmbedderUnavailable, SettingsError
from bot.knowledge.mix import Weights

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mix:
    """How an embedder's scores are used, fitted on development data only (docs/retrieval.md).

    score = `dense` x cosine + (1 - `dense`) x BM25 / best BM25 of the query + `coverage` x coverage, the share of
    the query's words that a passage holds. A query has an answer when some passage reaches `gate` in cosine +
    COVERAGE x coverage.
    """

    dense: float
    coverage: float
    gate: float

    @property
    def weights(self) -> Weights:
        """The same for ranking."""
        return Weights(self.dense, 1.0 - self.dense, self.coverage)


COVERAGE = 0.5
"""What coverage counts against cosine in the gate; with it the gate tells off-topic questions far better than by
cosine alone (area under ROC .974 -> .994 for wordllama)."""

WORDS_GATE = 0.45
"""The gate on coverage alone, when there is no dense side."""


class Embedder(Protocol):
    """Two or more implementations; `id` names model and dimension and is part of every vector's key."""

    @property
    def id(self) -> str: ...
    @property
    def mix(self) -> Mix: ...
    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit rows, one a text; a text without any token is a zero row."""
        ...


_RUN = 2
"""Texts a run of the ONNX model: runs of two are the fastest on a processor, and take half the memory of sixteen."""

MINILM_FILES = (
    "config.json",
    "model.onnx",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "vocab.txt",
)


def minilm_folder() -> Path:
    """Chroma's standard cache folder of the model (`ONNXMiniLM_L6_V2.DOWNLOAD_PATH`, without its import)."""
    return Path.home() / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2"


def minilm_present(folder: Path | None = None) -> bool:
    """Whether every file of the model is there."""
    place = (folder or minilm_folder()) / "onnx"
    return all((place / name).is_file() for name in MINILM_FILES)


def resolve(name: str) -> str:
    """`auto` -> the best tier that works here without a download; other names are checked and returned."""
    if name == "auto":
        return "minilm" if minilm_present() else "wordllama"
    if name in ("minilm", "wordllama") or (name.startswith("openai:") and len(name) > 7):
        return name
    raise SettingsError(
        f"There is no embedder {name!r}.", hint="Use auto, wordllama, minilm or openai:MODEL (BOT_EMBEDDER)."
    )


def load(name: str) -> Embedder:
    """The embedder of this name. Raises `EmbedderUnavailable` that says what is missing and how to get it."""
    chosen = resolve(name)
    if chosen == "wordllama":
        return WordLlamaEmbedder()
    if chosen == "minilm":
        return MiniLMEmbedder()
    raise EmbedderUnavailable(
        f"{chosen} needs a model connection.",
        hint="Open the library with the settings that hold the API key.",
    )


def unit(matrix: Matrix) -> Matrix:
    """Rows scaled to length 1; rows that are zero or not finite become zero."""
    import numpy as np

    rows = np.nan_to_num(np.asarray(matrix, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 1e-12, norms, 1.0), dtype=np.float32)


class WordLlamaEmbedder:
    """WordLlama l2_supercat, 256 dimensions: the mean of static token vectors; text is lower-cased first."""

    id = "wordllama-256"
    mix = Mix(dense=0.5, coverage=0.2, gate=0.50)

    def embed(self, texts: Sequence[str]) -> Matrix:
        import numpy as np

        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike lengths: little padding
        out = np.zeros((len(texts), 256), dtype=np.float32)
        for start in range(0, len(order), 32):
            part = order[start : start + 32]
            found = self._model.embed([texts[at].lower() for at in part], norm=False)
            out[part] = [row if texts[at].strip() else 0.0 * row for at, row in zip(part, found, strict=True)]
        return unit(out)

    @cached_property
    def _model(self) -> Any:
        spec = importlib.util.find_spec("wordllama")
        if spec is None or not spec.submodule_search_locations:
            raise EmbedderUnavailable("wordllama is not installed.", hint="Run `pip install wordllama`.")
        folder = Path(next(iter(spec.submodule_search_locations)))
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        try:
            from wordllama import WordLlama

            # its own default looks for the tokenizer in a folder that the wheel does not have, then downloads
            return WordLlama.load(cache_dir=folder, disable_download=True)
        except (ImportError, OSError) as problem:
            raise EmbedderUnavailable(
                f"wordllama cannot load its weights ({problem}).",
                hint="Reinstall it: pip install --force-reinstall wordllama.",
            ) from problem
        finally:
            root.handlers[:], root.level = handlers, level  # its import calls logging.basicConfig


class MiniLMEmbedder:
    """Chroma's all-MiniLM-L6-v2 (384 dimensions, 256 word pieces), padded to the batch and not to 256."""

    id = "minilm-384"
    mix = Mix(dense=0.7, coverage=0.1, gate=0.50)

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or minilm_folder()
        if not minilm_present(self._folder):
            raise EmbedderUnavailable(
                f"The files of all-MiniLM-L6-v2 are not in {self._folder / 'onnx'}.",
                hint="Run `mock-interview fetch-embedder` (80 MB), or use BOT_EMBEDDER=wordllama.",
            )

    def embed(self, texts: Sequence[str]) -> Matrix:
        import numpy as np

        encoded = self._tokenizer.encode_batch_fast([text or " " for text in texts]) if texts else []
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at].ids))
        out = np.zeros((len(texts), 384), dtype=np.float32)
        parts = [order[start : start + _RUN] for start in range(0, len(order), _RUN)]
        batches = [[encoded[at].ids for at in part] for part in parts]
        if len(batches) == 1:
            out[parts[0]] = self._forward(batches[0])
        else:
            session = self._session  # made before the threads ask for it
            assert session is not None
            with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
                for part, rows in zip(parts, pool.map(self._forward, batches), strict=True):
                    out[part] = rows
        for at, text in enumerate(texts):
            if not text.strip():
                out[at] = 0.0
        return unit(out)

    def _forward(self, ids: Sequence[Sequence[int]]) -> Matrix:
        """Mean-pooled last hidden states, (batch, 384)."""
        import numpy as np

        longest = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros((len(ids), longest), dtype=np.int64)
        for at, row in enumerate(ids):
            tokens[at, : len(row)] = row
            mask[at, : len(row)] = 1
        inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        hidden = self._session.run(None, inputs)[0]
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((hidden * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = self._chroma.tokenizer
        tokenizer.no_padding()  # Chroma pads every text to 256: 50 times the work for a query
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        """One thread a run: batches run side by side, and a query does not wait for helpers on a busy machine."""
        runtime = self._chroma.ort
        options = runtime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena never gives the memory of the largest batch back
        model = self._folder / "onnx" / "model.onnx"
        return runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _chroma(self) -> Any:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read by onnxruntime at its import
        from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

        made = ONNXMiniLM_L6_V2(preferred_providers=["CPUExecutionProvider"])
        made.DOWNLOAD_PATH = self._folder
        return made


class LangChainEmbedder:
    """Any LangChain `Embeddings` object behind our interface: API models.

    Their mix is not fitted: nothing here may call them. API models are stronger than minilm (SciFact alone .73-.78
    against .645, published) and with it 0.8 was the better weight wherever the dense side was the stronger one; the
    gate is minilm's, because the cosines of OpenAI's text-embedding-3 models spread alike (ada-002's do not).
    """

    def __init__(self, name: str, embeddings: Embeddings, mix: Mix | None = None) -> None:
        self.id = name.replace(":", "-")
        self.mix = mix or Mix(dense=0.8, coverage=0.1, gate=0.50)
        self._embeddings = embeddings
        self._width = 1

    def embed(self, texts: Sequence[str]) -> Matrix:
        import numpy as np

        full = [at for at, text in enumerate(texts) if text.strip()]
        try:
            found = self._embeddings.embed_documents([texts[at] for at in full]) if full else []
        except Exception as problem:  # every provider has an error tree of its own; all of them end here
            raise EmbedderUnavailable(
                f"The embedder {self.id} gave no answer ({type(problem).__name__}).",
                hint="Check the key, the address and the network; nothing that was indexed is lost.",
            ) from problem
        self._width = len(found[0]) if found else self._width
        out = np.zeros((len(texts), self._width), dtype=np.float32)
        for at, row in zip(full, found, strict=True):
            out[at] = row
        return unit(out)
