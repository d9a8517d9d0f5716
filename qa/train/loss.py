"""The loss: each window against its own null, and the windows of a question together.

Knows logits and targets. Does not know the model or where the windows came from.

The pipeline compares `span logit - own null logit` across passages. So the second part takes
the softmax over exactly these margins, over all positions of all passages of a question, with
one null of margin 0 for all of them: Clark & Gardner's shared normalisation (ACL 2018), with a
null. For a question with one passage both parts are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.train.batches import Batch

_NEVER = -1e4  # a logit no position reaches; finite, so that its gradient is


def loss_of(start_logits: Any, end_logits: Any, batch: Batch, *, shared: float, trim: float) -> Any:
    """Return the mean loss in nats, a scalar.

    Args:
        start_logits: Shape (windows, tokens).
        end_logits: Likewise.
        batch: The targets.
        shared: Weight of the shared part, against 1 for the windows' own.
        trim: Doubtful windows whose own loss is above this (nats) are taken for wrong labels
            and left out.
    """
    starts = start_logits.float().masked_fill(~batch.allowed, _NEVER)
    ends = end_logits.float().masked_fill(~batch.allowed, _NEVER)
    own = (_own(starts, batch.start) + _own(ends, batch.end)) / 2
    kept = ~(batch.doubtful & (own.detach() > trim))
    loss = (own * kept).sum() / kept.sum().clamp(min=1)
    if shared:
        joint, many = _shared(starts, batch.start, batch.group)
        joint_ends, _ = _shared(ends, batch.end, batch.group)
        together = (joint + joint_ends) / 2 * many
        # Weighed by windows, so that a group of three counts as three windows do.
        loss = loss + shared * together.sum() / max(1, len(batch))
    return loss


def _own(logits: Any, targets: Any) -> Any:
    from torch.nn.functional import cross_entropy

    return cross_entropy(logits, targets, reduction="none")


def _shared(logits: Any, targets: Any, group: Any) -> tuple[Any, Any]:
    """Return (groups,) cross-entropies over margins, and how many windows each has (0: one)."""
    import torch

    groups = int(group.max()) + 1
    margins = logits - logits[:, :1]  # the null's own margin is 0, counted once below
    mass = margins[:, 1:].logsumexp(dim=1)
    counts = torch.bincount(group, minlength=groups)
    top = torch.zeros(groups, device=logits.device).scatter_reduce(0, group, mass.detach(), "amax")
    total = torch.exp(-top).scatter_add(0, group, torch.exp(mass - top[group]))
    right = margins.gather(1, targets[:, None]).squeeze(1)  # 0 where the window has no answer
    gold = torch.zeros(groups, device=logits.device).scatter_add(0, group, right)
    return top + torch.log(total) - gold, torch.where(counts > 1, counts, 0)
