from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.config import Settings
from qa.errors import ConfigError

# name: (a good value as written, as read; bad values)
CASES = {
    "index": ("elsewhere", "elsewhere", ()),
    "articles": ("news", "news", ()),
    "encoder": ("/models/mine", "/models/mine", ()),
    "reader": ("/models/mine", "/models/mine", ()),
    "dtype": ("float32", "float32", ("float16", "", "FLOAT32")),
    "device": ("cpu", "cpu", ()),  # which there are, torch knows: see qa/compute.py
    "threads": ("2", 2, ("-1", "two", "1.5", "")),
    "passage_words": ("80", 80, ("19", "301", "many")),
    "k": ("5", 5, ("0", "101", "-3", "ten", "1e1")),
    "candidates": ("200", 200, ("9", "1001", "x")),  # at least k, which is 10
    "dense_weight": ("0.25", 0.25, ("-0.1", "1.1", "nan", "inf", "half")),
    "max_answer_words": ("12", 12, ("0", "201", "x")),
    "max_question_chars": ("50", 50, ("0", "-1", "x")),
    "threshold": ("0.75", 0.75, ("-0.01", "1.01", "nan", "inf", "high", "")),
}


def test_every_setting_is_tested_here():
    assert set(CASES) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize("name", CASES)
def test_every_setting_is_read_from_its_variable(name):
    written, read, _ = CASES[name]
    found = Settings.from_environment({f"QA_{name.upper()}": written})
    assert getattr(found, name) == read != getattr(Settings(), name)


@pytest.mark.parametrize(
    ("name", "bad"), [(name, bad) for name, (*_, bads) in CASES.items() for bad in bads]
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(name, bad):
    variable = f"QA_{name.upper()}"
    with pytest.raises(ConfigError, match=variable) as raised:
        Settings.from_environment({variable: bad})
    assert "\n" not in str(raised.value)
    assert raised.value.cure


def test_arguments_win_over_variables_and_variables_over_defaults():
    environment = {"QA_K": "7", "QA_THRESHOLD": "0.9"}
    assert Settings.from_environment(environment, k=3).k == 3
    assert Settings.from_environment(environment, k=None).k == 7
    assert Settings.from_environment({}).k == Settings().k
    assert Settings.from_environment(environment, threshold=0.0).threshold == 0.0


def test_a_bad_argument_is_refused():
    with pytest.raises(ConfigError, match="QA_K"):
        Settings.from_environment({}, k=0)


def test_the_environment_of_the_process_is_read_when_asked_and_not_before(monkeypatch):
    monkeypatch.setenv("QA_K", "4")
    assert Settings.from_environment().k == 4
    assert Settings().k == 10


@given(st.integers(1, 100), st.integers(1, 1000), st.floats(0, 1))
def test_what_is_in_range_is_taken_and_what_is_not_is_refused(k, candidates, weight):
    environment = {"QA_K": str(k), "QA_CANDIDATES": str(candidates), "QA_DENSE_WEIGHT": str(weight)}
    if candidates >= k:
        assert Settings.from_environment(environment).candidates == candidates
    else:
        with pytest.raises(ConfigError, match="QA_CANDIDATES"):
            Settings.from_environment(environment)


def test_an_index_is_a_folder_or_a_url():
    assert Settings(index="there").index_place == Path("there")
