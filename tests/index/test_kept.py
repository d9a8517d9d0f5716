from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from qa.index.kept import Kept


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(1, 4))
def test_what_was_used_last_is_not_made_again(keys, most):
    kept, made, last = Kept(most), [], []
    for key in keys:
        before = len(made)
        assert kept.get(key, lambda key=key: made.append(key) or -key) == -key
        assert (len(made) == before) == (key in last)
        last = [*(one for one in last if one != key), key][-most:]


def test_many_threads_get_the_value_of_their_key():
    kept = Kept(3)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda n: kept.get(n % 5, lambda: n % 5), range(2000))
        assert list(found) == [n % 5 for n in range(2000)]
