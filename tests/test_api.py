"""`qa.ask` and its kin: which index they use, when it is built, what is told of it."""

from __future__ import annotations

import shutil
import warnings

import pytest
from conftest import SEEDS

import qa
from qa import api
from qa.errors import ConfigError, IndexMismatch, IndexMissing, ModelError

CHAIR = "Who is the director of the USA desk of Cuba's Foreign Ministry?"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return a working folder with the articles in ./seeds and no index."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    for name in ("QA_INDEX", "QA_ARTICLES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_first_question_builds_the_default_index(here):
    assert qa.ask(CHAIR).text == "Josefina Vidal"
    assert (here / "index" / "articles.db").is_file()
    assert qa.load() is qa.load("index")


def test_an_index_named_by_the_caller_is_never_made_up(here):
    with pytest.raises(IndexMissing, match="elsewhere"):
        qa.ask(CHAIR, index=here / "elsewhere")
    assert not (here / "elsewhere").exists()


def test_without_articles_nothing_is_built(here):
    shutil.rmtree(here / "seeds")
    with pytest.raises(IndexMissing):
        qa.ask(CHAIR)
    assert list(here.iterdir()) == []


def test_variables_say_where_index_and_articles_are(here, monkeypatch):
    (here / "seeds").rename(here / "news")
    monkeypatch.setenv("QA_INDEX", "made")
    monkeypatch.setenv("QA_ARTICLES", "news")
    assert qa.ask(CHAIR).text == "Josefina Vidal"
    assert (here / "made" / "articles.db").is_file()


def test_the_same_name_in_another_folder_is_another_index(here, monkeypatch):
    qa.build("seeds", "index")
    one = qa.load("index")
    (here / "other").mkdir()
    monkeypatch.chdir(here / "other")
    with pytest.raises(IndexMissing):
        qa.load("index")
    monkeypatch.chdir(here)
    assert qa.load("index") is one


def test_a_stale_index_is_warned_of_and_answers_from_what_it_holds(here, monkeypatch):
    monkeypatch.setattr(api, "STALE_CHECK_SECONDS", 0.0)
    qa.build("seeds", "index")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert qa.ask(CHAIR).text == "Josefina Vidal"
    file = here / "seeds" / "000_999b9fee6b16123a.txt"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Josefina Vidal", "Maria Perez"), encoding="utf-8")
    with pytest.warns(api.StaleIndexWarning, match="1 changed"):
        assert qa.ask(CHAIR).text == "Josefina Vidal"
    assert str(qa.load().refresh()) == "0 added, 1 changed, 0 removed, 1 unchanged"
    assert qa.ask(CHAIR).text == "Maria Perez"  # and no warning, which would be an error


def test_an_index_answers_without_the_folder_it_was_made_from(here, monkeypatch):
    monkeypatch.setattr(api, "STALE_CHECK_SECONDS", 0.0)
    qa.build("seeds", "index")
    shutil.rmtree(here / "seeds")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", api.StaleIndexWarning)
        assert qa.ask(CHAIR).text == "Josefina Vidal"


def test_build_says_what_it_did_and_how_far_it_is(here):
    told = []
    changes = qa.build("seeds", here / "index", progress=lambda *step: told.append(step))
    assert str(changes) == "2 added, 0 changed, 0 removed, 0 unchanged"
    assert told
    assert all(0 <= done <= total for done, total, _ in told)
    assert not qa.build("seeds", here / "index")


def test_another_recipe_is_a_clear_error_and_never_a_wrong_answer(seed_index):
    with pytest.raises(IndexMismatch, match="passage_words") as raised:
        qa.load(seed_index, passage_words=60)
    assert "qa index" in raised.value.cure


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"threshold": 2}, ConfigError),
        ({"k": 0}, ConfigError),
        ({"device": "abacus"}, ConfigError),
        ({"encoder": "no/such/model"}, ModelError),
        ({"reader": "no/such/model"}, ModelError),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_one_line(seed_index, settings, error):
    with pytest.raises(error) as raised:
        qa.load(seed_index, **settings).load()
    assert "\n" not in str(raised.value)
    assert raised.value.cure


def test_a_quotation_is_looked_up(seed_index):
    check = qa.find_quote("safe immigration is in the interest", index=seed_index)
    assert check.matches
