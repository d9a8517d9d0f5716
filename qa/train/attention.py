"""Attention for training on a processor: plain matrix products, softmax in the number type.

Knows the form transformers calls attention in. Does not know the model.

In bfloat16 on the CPU, torch's fused attention is slow backwards (3.4 s against 1.8 s a step),
and transformers' plain one turns the scores to float32 and back for the softmax, which torch
does inside the softmax anyway.
"""

from __future__ import annotations

from typing import Any

NAME = "qa_plain"


def register() -> str:
    """Make the attention known to transformers; return the name to load a model with."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import eager_mask

    AttentionInterface.register(NAME, _attend)
    AttentionMaskInterface.register(NAME, eager_mask)
    return NAME


def _attend(
    _module: Any,
    query: Any,
    key: Any,
    value: Any,
    attention_mask: Any,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Any, None]:
    """Return (windows, tokens, heads, d): each token's mix of the values it attends to."""
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = (query * scale) @ key.transpose(2, 3)
    if attention_mask is not None:
        scores = scores + attention_mask
    mixed = scores.softmax(dim=-1) @ value
    return mixed.transpose(1, 2).contiguous(), None
