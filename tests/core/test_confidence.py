from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.confidence import Calibration, load, words
from qa.errors import ModelError

FITTED = {"intercept": -1, "weights": {"margin": 0.5}, "threshold": 0.6, "provenance": {"n": 3}}


def test_what_was_fitted_is_read(tmp_path):
    path = tmp_path / "confidence.json"
    path.write_text(json.dumps(FITTED), encoding="utf-8")
    found = load(path)
    assert (found.intercept, found.weights, found.threshold) == (-1, {"margin": 0.5}, 0.6)
    assert found.probability({"margin": 2.0, "other": 9.0}) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "{}", '{"intercept": 1}', json.dumps(FITTED | {"weights": []}),
     json.dumps(FITTED | {"weights": {"margin": "much"}}), json.dumps(FITTED | {"intercept": None}),
     json.dumps(FITTED | {"threshold": [0.5]}), "\ud800"],
)  # fmt: skip
def test_what_is_no_calibration_is_refused_by_its_place(tmp_path, content):
    path = tmp_path / "confidence.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(ModelError, match=r"confidence\.json") as raised:
        load(path)
    assert "train-confidence" in raised.value.cure


def test_a_missing_file_is_refused_by_its_place(tmp_path):
    with pytest.raises(ModelError, match=r"none\.json"):
        load(tmp_path / "none.json")


def test_the_calibration_that_is_shipped_can_be_read():
    shipped = load()
    assert 0 < shipped.threshold < 1
    assert shipped.weights
    assert all(math.isfinite(weight) for weight in shipped.weights.values())


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-100, 100))
def test_a_probability_is_one_and_grows_with_what_speaks_for_it(low, high, intercept):
    calibration = Calibration(intercept, {"margin": 0.7, "echo": -1.0}, 0.5, {})
    low, high = sorted((low, high))
    less = calibration.probability({"margin": low, "echo": 0.0})
    more = calibration.probability({"margin": high, "echo": 0.0})
    assert 0 <= less <= more <= 1
    assert calibration.probability({"margin": low, "echo": 1.0}) <= less


@pytest.mark.parametrize(
    ("confidence", "word"), [(1, "high"), (0.8, "high"), (0.79, "medium"), (0.5, "medium"),
                             (0.49, "low"), (0, "low")]
)  # fmt: skip
def test_confidence_in_words(confidence, word):
    assert words(confidence) == word
