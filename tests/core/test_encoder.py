from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch

from qa.compute import device_for, dtype_for
from qa.config import Settings
from qa.encoder import DEFAULT_SHA256, SentenceEncoder
from qa.errors import ConfigError, ModelError

TEXTS = ["The talks resumed in Havana.", "A ship was seized.", "x", "", "rain " * 700, "🚢"]


@pytest.fixture(scope="module")
def encoder():
    from qa.api import encoder_for

    return encoder_for(Settings())


def test_rows_are_of_unit_length_in_single_precision(encoder):
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimension) == (len(TEXTS), 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_nothing_gives_no_rows(encoder):
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_company_and_order_do_not_move_a_row_by_a_bit(dtype):
    encoder = SentenceEncoder(Settings(dtype=dtype))
    words = "the talks on migration resumed in Havana after a ship was seized near Panama".split()
    same = np.array_equal
    if not torch.cpu._is_amx_tile_supported():  # other kernels than those measured

        def same(some, other):
            return np.allclose(some, other, atol=2e-3)

    texts = [*TEXTS, *(" ".join(words * 12)[: 7 * n * n] for n in range(1, 12))]
    together = encoder.encode(texts)
    assert same(together, np.vstack([encoder.encode([text]) for text in texts]))
    assert same(together, encoder.encode(texts[::-1])[::-1])
    assert same(together[3:9], encoder.encode(texts[3:9]))
    many = encoder.encode([text for text in texts for _ in range(5)])
    assert same(together, many[::5])


def test_rows_are_those_of_sentence_transformers():
    encoder = SentenceEncoder(Settings(dtype="float32"))
    theirs = encoder._model.encode(TEXTS, normalize_embeddings=True)
    assert np.abs(encoder.encode(TEXTS) - theirs).max() < 1e-5


def test_bfloat16_points_where_float32_does():
    exact = SentenceEncoder(Settings(dtype="float32")).encode(TEXTS)
    short = SentenceEncoder(Settings(dtype="bfloat16")).encode(TEXTS)
    assert (exact * short).sum(axis=1).min() > 0.995


def test_the_weights_are_the_official_ones(encoder):
    assert encoder.sha256 == DEFAULT_SHA256


def test_other_weights_in_the_default_place_are_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other")
    fake = SentenceEncoder(Settings())
    fake._path = str(tmp_path)
    with pytest.raises(ModelError, match="not the weights"):
        _ = fake.sha256
    chosen = SentenceEncoder(Settings(encoder=str(tmp_path)))  # asked for by name: as it is
    assert chosen.sha256 == hashlib.sha256(b"other").hexdigest()


@pytest.mark.parametrize("name", ["no/such/model", "{folder}"])
def test_a_model_that_is_not_there_is_told_in_one_line(tmp_path, name):
    encoder = SentenceEncoder(Settings(encoder=name.format(folder=tmp_path)))
    with pytest.raises(ModelError, match="QA_ENCODER") as raised:
        encoder.encode(["x"])
    assert "\n" not in str(raised.value)


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match="abacus"):
        device_for(Settings(device="abacus"))
    assert device_for(Settings(device="cpu")) == "cpu"


def test_the_number_type_is_the_one_asked_for():
    assert dtype_for(Settings(dtype="float32")) is torch.float32
    assert dtype_for(Settings(dtype="bfloat16")) is torch.bfloat16
    assert dtype_for(Settings()) in {torch.float32, torch.bfloat16}
