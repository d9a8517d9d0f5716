"""Groups to batches of tokens, in an order that a seed and a step number fix.

Knows the reader's input: question, then the head on lines of its own, then the passage;
token 0 means "no answer". Does not know the model or the loss.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.train.groups import Group, Window

MOST_TOKENS = 384  # question, head and passage together
_POOL = 60  # batches within which windows are sorted by length


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of shape (windows, tokens), and of shape (windows,) from `start` on."""

    input_ids: Any
    attention_mask: Any
    token_type_ids: Any
    allowed: Any  # bool: token 0 and the passage's tokens, where a span may start or end
    start: Any  # token where the answer starts; 0: this window does not answer
    end: Any  # token where it ends, inclusive
    group: Any  # number of the window's group, from 0
    doubtful: Any  # bool: the label may be wrong
    offsets: Any  # (windows, tokens, 2): characters in what stands after the question

    def to(self, device: str) -> Batch:
        """Return the batch on a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))

    def __len__(self) -> int:
        """Return the number of windows."""
        return int(self.start.shape[0])


def text_of(window: Window) -> tuple[str, int]:
    """Return what stands after the question, and where the passage starts in it."""
    lead = f"{window.head}\n" if window.head else ""
    return lead + window.passage, len(lead)


def order(groups: Sequence[Group], size: int, seed: int) -> list[list[int]]:
    """Return batches of group numbers holding about `size` windows of like length each."""
    draw = random.Random(seed)  # noqa: S311  # not a secret
    numbers = list(range(len(groups)))
    draw.shuffle(numbers)
    batches: list[list[int]] = []
    pool = size * _POOL
    for start in range(0, len(numbers), pool):
        near = sorted(numbers[start : start + pool], key=lambda n: (_length(groups[n]), n))
        held: list[int] = []
        windows = 0
        for number in near:
            held.append(number)
            windows += len(groups[number].windows)
            if windows >= size:
                batches.append(held)
                held, windows = [], 0
        if held:
            batches.append(held)
    draw.shuffle(batches)
    return batches


def _length(group: Group) -> int:
    return max(len(w.head) + len(w.passage) for w in group.windows) + len(group.question)


def collate(groups: Sequence[Group], tokenizer: Any) -> Batch:
    """Turn groups into one padded batch."""
    import torch

    rows = [
        (number, group, window) for number, group in enumerate(groups) for window in group.windows
    ]
    texts = [text_of(window) for _, _, window in rows]
    tokens = tokenizer(
        [group.question for _, group, _ in rows],
        [text for text, _ in texts],
        truncation="only_second",
        max_length=MOST_TOKENS,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = tokens["offset_mapping"]
    leads = torch.tensor([[lead] for _, lead in texts])
    second = tokens["token_type_ids"] == 1
    real = second & (offsets[..., 1] > offsets[..., 0])
    allowed = real & (offsets[..., 0] >= leads)
    starts, ends = _targets(rows, offsets - leads[..., None], allowed)
    allowed[:, 0] = True
    return Batch(
        tokens["input_ids"],
        tokens["attention_mask"],
        tokens["token_type_ids"],
        allowed,
        starts,
        ends,
        torch.tensor([number for number, _, _ in rows]),
        torch.tensor([group.doubtful and w.start >= 0 for _, group, w in rows]),
        offsets,
    )


def _targets(
    rows: Sequence[tuple[int, Group, Window]], offsets: Any, allowed: Any
) -> tuple[Any, Any]:
    """Return the first and last token of each answer; 0, 0 where it is not in the window."""
    import torch

    starts = torch.tensor([[window.start] for _, _, window in rows])
    ends = torch.tensor([[window.end] for _, _, window in rows])
    inside = allowed & (offsets[..., 1] > starts) & (offsets[..., 0] < ends) & (starts >= 0)
    # An answer cut off by the window's end is not answered by this window.
    whole = (inside & (offsets[..., 1] >= ends)).any(dim=1)
    places = torch.arange(offsets.shape[1]).expand(inside.shape)
    first = torch.where(inside, places, offsets.shape[1]).min(dim=1).values
    last = torch.where(inside, places, -1).max(dim=1).values
    return torch.where(whole, first, 0), torch.where(whole, last, 0)
