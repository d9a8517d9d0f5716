"""Where and how the models run: device, number type, threads.

Knows torch's switches and which this machine gains by. Does not know any model. Torch is
imported here on first use, never by `import qa`.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.config import Settings

# More threads than this gave nothing for a model of 22 M parameters.
MOST_THREADS = 4


def torch_for(settings: Settings) -> Any:
    """Import torch, set up for answering, and return the module.

    OpenMP's spinning threads made a query take 492 ms instead of 20 ms on a busy two-core
    machine; `OMP_WAIT_POLICY=passive` removes that, and only works before torch is loaded.
    So does `THP_MEM_ALLOC_ENABLE`, which puts large tensors on huge pages: without it a tenth
    to a third of the time goes to page faults (a training step of 64 windows of 96 tokens in
    bfloat16: 1.82 s without, 1.35 s with).
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    # Tokenizers fork-safety warning; we batch, so their own threads gain nothing here.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    _set_threads(settings.threads or min(MOST_THREADS, _cores()))
    return torch


@lru_cache(maxsize=1)
def _set_threads(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def device_for(settings: Settings) -> str:
    """Return "cpu", "cuda" or "mps": the one asked for, or the best there is.

    Raises:
        ConfigError: The device asked for is not there.
    """
    torch = torch_for(settings)
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if settings.device == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if there[name])
    if not there.get(settings.device.partition(":")[0], False):
        raise ConfigError(
            f"device is {settings.device!r}, which this machine does not have.",
            cure="Set QA_DEVICE=auto.",
        )
    return settings.device


def dtype_for(settings: Settings) -> Any:
    """Return the torch number type to load weights in.

    bfloat16 is 2 to 3.5 times as fast as float32 where the processor computes in it, at a
    cosine of 0.9999 to float32; without native support it is slower, so "auto" asks.
    """
    torch = torch_for(settings)
    if settings.dtype != "auto":
        return getattr(torch, settings.dtype)
    device = device_for(settings)
    if device == "cpu":
        native = bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())  # noqa: SLF001  # torch has no public name for it
    else:
        native = device.startswith("cuda") and torch.cuda.is_bf16_supported(
            including_emulation=False
        )
    return torch.bfloat16 if native else torch.float32


@contextmanager
def quiet_loading() -> Iterator[None]:
    """Keep transformers from drawing its progress bar over ours while a model loads."""
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # not typed
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # not typed
