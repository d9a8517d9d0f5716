from __future__ import annotations

import math

import pytest
import torch

from qa.train.batches import Batch
from qa.train.loss import loss_of


def batch(start, end, group, allowed, doubtful=None):
    rows = len(start)
    doubtful = torch.zeros(rows, dtype=torch.bool) if doubtful is None else torch.tensor(doubtful)
    none = torch.zeros(rows, len(allowed[0]))
    return Batch(
        none, none, none, torch.tensor(allowed), torch.tensor(start), torch.tensor(end),
        torch.tensor(group), doubtful, none,
    )  # fmt: skip


ALL = [True, False, True, True]


def entropy(logits, target):
    """Cross-entropy over a list of logits, from its definition."""
    return math.log(sum(math.exp(x) for x in logits)) - logits[target]


def test_a_window_alone_is_a_softmax_over_its_passage_and_its_null():
    starts, ends = torch.tensor([[1.0, 9.0, 2.0, 0.5]]), torch.tensor([[0.0, 9.0, -1.0, 3.0]])
    wanted = (entropy([1.0, 2.0, 0.5], 1) + entropy([0.0, -1.0, 3.0], 2)) / 2
    for shared in (0.0, 0.5):  # alone, there is nothing to share
        found = loss_of(starts, ends, batch([2], [3], [0], [ALL]), shared=shared, trim=99)
        assert float(found) == pytest.approx(wanted, abs=1e-5)


def test_shared_normalisation_is_a_softmax_over_all_margins_with_one_null():
    starts = torch.tensor([[1.0, 9.0, 2.0, 0.5], [-1.0, 9.0, 0.0, 1.0]])
    found = loss_of(starts, starts, batch([2, 0], [2, 0], [0, 0], [ALL, ALL]), shared=1.0, trim=99)
    own = (entropy([1.0, 2.0, 0.5], 1) + entropy([-1.0, 0.0, 1.0], 0)) / 2
    margins = [0.0, 2.0 - 1, 0.5 - 1, 0.0 + 1, 1.0 + 1]
    assert float(found) == pytest.approx(own + entropy(margins, 1), abs=1e-5)


def test_a_group_without_answer_aims_at_the_null():
    starts = torch.tensor([[1.0, 9.0, 2.0, 0.5], [-1.0, 9.0, 0.0, 1.0]])
    found = loss_of(starts, starts, batch([0, 0], [0, 0], [0, 0], [ALL, ALL]), shared=1.0, trim=99)
    own = (entropy([1.0, 2.0, 0.5], 0) + entropy([-1.0, 0.0, 1.0], 0)) / 2
    assert float(found) == pytest.approx(own + entropy([0.0, 1.0, -0.5, 1.0, 2.0], 0), abs=1e-5)


def test_adding_to_all_logits_of_one_window_changes_nothing():
    draw = torch.Generator().manual_seed(0)
    starts, ends = torch.randn(2, 4, generator=draw), torch.randn(2, 4, generator=draw)
    aims = batch([2, 0], [3, 0], [0, 0], [ALL, ALL])
    shifted = torch.tensor([[5.0], [-3.0]])
    assert float(loss_of(starts, ends, aims, shared=0.5, trim=99)) == pytest.approx(
        float(loss_of(starts + shifted, ends + shifted, aims, shared=0.5, trim=99)), abs=1e-4
    )


def test_a_doubtful_label_that_is_found_impossible_is_left_out():
    starts = torch.tensor([[20.0, 0.0, -20.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
    both = batch([2, 2], [2, 2], [0, 1], [ALL, ALL], doubtful=[True, False])
    right = batch([2], [2], [0], [ALL])
    assert float(loss_of(starts, starts, both, shared=0, trim=7.0)) == pytest.approx(
        float(loss_of(starts[1:], starts[1:], right, shared=0, trim=7.0))
    )
    assert float(loss_of(starts, starts, both, shared=0, trim=99.0)) > 7


def test_gradients_are_finite_and_zero_where_no_span_may_stand():
    starts = torch.zeros(2, 4, requires_grad=True)
    aims = batch([2, 0], [2, 0], [0, 0], [ALL, ALL])
    loss_of(starts, starts * 1.0, aims, shared=0.5, trim=99).backward()
    assert torch.isfinite(starts.grad).all()
    assert (starts.grad[:, 1] == 0).all()
