from __future__ import annotations

import builtins
import inspect
import re

import pytest

from qa import errors

# The tree in the module's docstring, as the test reads it: {"ConfigError": "ValueError", ...}
TREE = dict(re.findall(r"── (\w+)(?: \((\w+)\))?", errors.__doc__))
ALL = {
    name: kind for name, kind in inspect.getmembers(errors, inspect.isclass)
    if kind.__module__ == errors.__name__
}  # fmt: skip


def test_the_docstring_draws_every_error():
    assert set(TREE) == set(ALL) - {"QAError"}


@pytest.mark.parametrize("name", ALL)
def test_every_error_is_a_qaerror_told_in_one_line_with_its_cure(name):
    error = ALL[name]("a.txt: it\nbroke.", cure="Do\nthis.")
    assert isinstance(error, errors.QAError)
    assert str(error) == "a.txt: it broke. Do this."
    assert (error.exit_code, error.cure) == (2, "Do\nthis.")
    assert str(ALL[name]("It broke.")) == "It broke."


@pytest.mark.parametrize("name", [name for name, builtin in TREE.items() if builtin])
def test_an_error_can_be_caught_as_the_builtin_it_promises(name):
    assert issubclass(ALL[name], getattr(builtins, TREE[name]))


def test_every_state_of_the_index_is_a_store_error():
    for name in ("IndexMissing", "IndexMismatch", "IndexDamaged", "IndexBusy"):
        assert issubclass(ALL[name], errors.StoreError)
