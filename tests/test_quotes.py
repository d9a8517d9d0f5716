"""The quotation check against quotations drawn from real and invented articles."""

from __future__ import annotations

import random
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_world import built

from qa.errors import QuestionError
from qa.quotes import Edit, Verdict, find_quote
from qa.quotes.align import ANY, CHANGE, GAP, GAP_MORE, SKIP, align
from qa.quotes.form import form, letters, words_of
from qa.sentences import sentences
from qa.types import Scope

HERE = Path(__file__).parent
FOLDERS = (HERE.parent / "seeds", HERE / "conversation" / "articles")
DRAWN = 200  # quotations for each kind of change


def seeded(seed):
    return random.Random(seed)  # noqa: S311  # it draws test cases


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A real index of the seeds and the invented articles."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "articles").mkdir()
    for path in sorted(path for place in FOLDERS for path in place.glob("*.txt")):
        shutil.copy(path, folder / "articles")
    return built(folder / "articles", folder / "index")


def articles(shelf):
    return [shelf.article(info.id) for info in shelf.articles()]


def typography(text: str, dice: random.Random) -> str:
    """Change how `text` is set, and no word of it."""
    changes = [
        lambda s: s.replace("“", '"').replace("”", '"').replace("’", "'"),
        lambda s: s.replace('"', "”").replace("'", "’"),
        lambda s: s.replace("-", "–"),
        lambda s: s.replace("-", "\u2011").replace("—", "--"),
        lambda s: re.sub(r" ", lambda _: dice.choice([" ", "  ", "\n", "\xa0", "\u2009"]), s),
        lambda s: unicodedata.normalize("NFD", s),
        lambda s: s.replace("fi", "ﬁ").replace("ff", "ﬀ"),
        lambda s: re.sub(r"(\w{4})(\w{3})", "\\1\xad\\2", s),
        lambda s: f"“{s}”",
        lambda s: f"»{s}…",
        lambda s: f"... {s} [...]",
        lambda s: s[:1].swapcase() + s[1:],
        lambda s: s.rstrip(".") + ",",
        lambda s: s.replace("...", "…"),
        str.strip,
    ]
    for change in dice.sample(changes, dice.randint(1, 5)):
        text = change(text)
    return text


def drawn(shelf, dice, least=1, most=60):
    """Draw a random stretch of words of a random article."""
    article = dice.choice(articles(shelf))
    words = words_of(article.text)
    first = dice.randrange(len(words))
    length = min(dice.choice([1, 2, 3, 5, 8, 12, 20, 35, most]), most)
    chosen = words[first : first + max(least, length)]
    return article, chosen[0].start, chosen[-1].end


def test_random_quotations_survive_any_typography(shelf):
    dice = seeded(7)
    for _ in range(DRAWN):
        article, start, end = drawn(shelf, dice)
        text = typography(article.text[start:end], dice)
        check = find_quote(shelf, text)
        assert check.verdict is Verdict.EXACT, (text, article.text[start:end])
        places = {(m.article.id, m.start, m.end) for m in check.matches}
        assert (article.id, start, end) in places or len(check.matches) == 100, text
        for match in check.matches:
            assert match.article.text[match.start : match.end] == match.quote
            assert form(match.quote).key.startswith(form(text).key[:1])


def test_edited_words_are_told_with_what_stands_in_the_article(shelf):
    dice = seeded(11)
    for _ in range(DRAWN):
        article, start, end = drawn(shelf, dice, least=10)
        words = words_of(article.text[start:end])
        if len(words) < 10:
            continue
        at = dice.randrange(1, len(words) - 1)
        word = words[at]
        quote = article.text[start:end]
        edit = dice.choice(list(Edit))
        if edit is Edit.CHANGED:
            text = f"{quote[: word.start]}zebra{quote[word.end :]}"
        elif edit is Edit.ADDED:
            text = f"{quote[: word.start]}zebra {quote[word.start :]}"
        else:
            text = quote[: word.start] + quote[words[at + 1].start :]
        check = find_quote(shelf, typography(text, dice))
        if check.verdict is Verdict.EXACT:  # "that that" with one left out stands there too
            assert edit is Edit.DROPPED
            continue
        assert check.verdict is Verdict.EDITED, text
        best = check.matches[0]
        assert best.article.id == article.id
        assert [difference.op for difference in best.differences] == [edit], (text, best)
        (difference,) = best.differences
        assert difference.found == best.article.text[difference.start : difference.end]
        if edit is not Edit.DROPPED:
            assert form(difference.given).key == "zebra"
            assert check.text[difference.given_start : difference.given_end] == difference.given
        if edit is Edit.CHANGED:
            assert (difference.start, difference.end) == (start + word.start, start + word.end)


def test_sentences_of_other_articles_are_absent(shelf):
    """Sentences of each article are looked for in all the others."""
    wrong = []
    count = 0
    held = articles(shelf)
    for article in held:
        others = Scope(articles=frozenset(other.id for other in held if other is not article))
        for start, end in sentences(article.text)[::2]:
            quote = article.text[start:end]
            if len(words_of(quote)) < 4:
                continue
            count += 1
            if find_quote(shelf, quote, others).verdict is not Verdict.ABSENT:
                wrong.append(quote)
    assert count > 100
    assert wrong == []


def test_an_ellipsis_joins_two_stretches_of_one_article_in_their_order(shelf):
    dice = seeded(13)
    marks = ["…", "...", " [...] ", "[…]", " (...) ", ". . ."]
    for _ in range(100):
        article = dice.choice(articles(shelf))
        words = words_of(article.text)
        a = dice.randrange(len(words) - 40)
        b = a + dice.randint(8, 25)
        left = article.text[words[a].start : words[a + 5].end]
        right = article.text[words[b].start : words[b + 6].end]
        check = find_quote(shelf, f"{left} {dice.choice(marks)} {right}")
        assert check.verdict is Verdict.EXACT
        match = check.matches[0]
        assert match.article.id == article.id
        assert [article.text[s:e] for s, e in match.parts] == [left, right]
        swapped = find_quote(shelf, f"{right} … {left}")
        assert swapped.verdict is not Verdict.EXACT


@pytest.mark.parametrize(
    ("quote", "verdict", "differences"),
    [
        ("it is an ‘on-going process’", Verdict.EXACT, []),
        ("Alan Grass", Verdict.EDITED, [("changed", "Grass", "Gross")]),
        (
            "The latest round of migration talks, the fifth, took place in January 2012",
            Verdict.EDITED,
            [("changed", "fifth", "fourth"), ("changed", "2012", "2011")],
        ),
        ("drilled 12 metres into the floor", Verdict.EDITED, [("changed", "12", "1.2")]),
        (
            "Yesterday it took place a month after bilateral talks resumed",
            Verdict.EDITED,
            [("added", "Yesterday", "")],
        ),
        (
            "stopped Cubans more than 79,800 times — more than double all of 2021",
            Verdict.EDITED,
            [("dropped", "", "from October through March")],
        ),
        ("79,800", Verdict.EXACT, []),
        ("79", Verdict.ABSENT, []),  # a piece of a number is no quotation
        ("800 times", Verdict.EDITED, [("changed", "800", "79,800")]),
        ("ross", Verdict.ABSENT, []),
        ("The cabinet raised the price of milk by four percent", Verdict.ABSENT, []),
    ],
)
def test_verdicts(shelf, quote, verdict, differences):
    check = find_quote(shelf, quote)
    assert check.verdict is verdict
    found = check.matches[0].differences if check.matches else ()
    assert [(str(d.op), d.given, d.found) for d in found] == differences


def test_a_quotation_in_several_articles_lists_them_all(shelf):
    check = find_quote(shelf, "between the two countries")
    assert {match.article.id for match in check.matches} == {
        "000_999b9fee6b16123a",
        "004_1693300fdb8ebbac",
    }
    keys = [(match.article.id, match.start) for match in check.matches]
    assert keys == sorted(keys)


def test_a_quotation_across_paragraphs_is_exact(shelf):
    check = find_quote(shelf, "the Gross case. The meeting “assessed the main results")
    assert check.verdict is Verdict.EXACT
    assert "\n" in check.matches[0].quote


@pytest.mark.parametrize("text", ["", "  ", "…", "—", "“”", "?!"])
def test_text_without_words_is_refused(shelf, text):
    with pytest.raises(QuestionError, match="no words"):
        find_quote(shelf, text)


def test_too_long_a_text_is_refused(shelf):
    with pytest.raises(QuestionError, match="at most 2,000"):
        find_quote(shelf, "word " * 2001)


@given(st.text(max_size=60), st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_the_sieve_lets_through_all_that_the_form_holds(text, more):
    whole = text + more
    if form(text).key in form(whole).key:
        assert letters(text) in letters(whole)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_places_point_at_the_characters_they_came_from(text):
    made = form(text)
    assert len(made.key) == len(made.places)
    assert made.places == sorted(made.places)
    assert all(0 <= place < len(text) for place in made.places)
    for word in words_of(text):
        assert text[word.start : word.end].strip() == text[word.start : word.end]


@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=5),
    st.lists(st.sampled_from("abcde"), min_size=1, max_size=7),
)
@settings(max_examples=300, deadline=None)
def test_the_alignment_is_the_cheapest_there_is(quote, text):
    aligned = align(quote, text)
    assert _price([_pair(step, quote, text) for step in aligned.steps]) == pytest.approx(
        _cheapest(quote, text), abs=1e-3
    )
    assert [step.given for step in aligned.steps if step.given is not None] == [*range(len(quote))]


def _pair(step, quote, text):
    one = None if step.given is None else quote[step.given]
    other = None if step.found is None else text[step.found]
    return one, other


def _price(pairs):
    total, gap = 0.0, False
    for one, other in pairs:
        if one is None:
            total += GAP_MORE if gap else GAP
        elif other is None:
            total += SKIP
        else:
            total += 0.0 if one == other else CHANGE
        gap = one is None
    return total


def _cheapest(quote, text):
    """Try every alignment, the slow way."""

    def best(i, j, gap, begun):
        if i == len(quote):
            return 0.0
        ways = [SKIP + best(i + 1, j, False, begun)]
        if j < len(text):
            change = 0.0 if quote[i] == text[j] else CHANGE
            ways.append(change + best(i + 1, j + 1, False, True))
            skip = 0.0 if not begun else GAP_MORE if gap else GAP
            ways.append(skip + best(i, j + 1, begun, begun))
        return min(ways)

    return best(0, 0, False, False)


def test_an_ellipsis_skips_any_number_of_words():
    aligned = align(["a", "b", ANY, "x"], ["q", "a", "b", "c", "d", "e", "x"])
    assert aligned.similarity == 1.0
    assert [step.found for step in aligned.steps] == [1, 2, 6]
