from __future__ import annotations

import pytest

from qa.train import batches, groups
from qa.train.groups import Group, Window

PASSAGE = "Maria Costa’s bakery in Łódź opened on 3 March 1921."


def group(title="", start=-1, end=-1, question="When did it open?"):
    return Group(question, (Window(title, PASSAGE, start, end),), "x")


@pytest.mark.parametrize("title", ["", "Maria Costa opened on 3 March 1921"])
@pytest.mark.parametrize("answer", ["3 March 1921", "Łódź", "Maria Costa", "1921."])
def test_targets_cut_out_the_answer_in_the_passage_not_in_the_title(tokenizer, title, answer):
    start = PASSAGE.index(answer)
    batch = batches.collate([group(title, start, start + len(answer))], tokenizer)
    text, lead = batches.text_of(group(title).windows[0])
    first, last = batch.offsets[0, batch.start[0], 0], batch.offsets[0, batch.end[0], 1]
    assert text[first:last] == answer
    assert first == lead + start


def test_spans_may_stand_in_the_passage_or_on_the_null_only(tokenizer):
    batch = batches.collate([group("A headline"), group()], tokenizer)
    for row, title in enumerate(["A headline", ""]):
        lead = len(title) + 1 if title else 0
        for place, allowed in enumerate(batch.allowed[row].tolist()):
            begin, end = batch.offsets[row, place].tolist()
            second = bool(batch.token_type_ids[row, place])
            assert allowed == (place == 0 or (second and end > begin and begin >= lead))


def test_an_answer_beyond_the_window_is_no_answer(tokenizer):
    passage = "word " * 500 + "Oslo"
    window = Window("", passage, len(passage) - 4, len(passage))
    batch = batches.collate([Group("Where?", (window,), "x")], tokenizer)
    assert batch.input_ids.shape[1] == batches.MOST_TOKENS
    assert (int(batch.start[0]), int(batch.end[0])) == (0, 0)


def test_windows_of_a_question_share_a_group_number(tokenizer):
    two = Group("Where?", (Window("", PASSAGE, 0, 5), Window("", "Another text.")), "x", ("Maria",))
    batch = batches.collate([group(), two, group()], tokenizer)
    assert batch.group.tolist() == [0, 1, 1, 2]
    assert len(batch) == 4
    assert batch.start.tolist()[2] == 0


def test_only_a_doubtful_answer_may_be_left_out(tokenizer):
    windows = (Window("", PASSAGE, 0, 5), Window("", "Another text."))
    batch = batches.collate([Group("Who?", windows, "x", ("Maria",), doubtful=True)], tokenizer)
    assert batch.doubtful.tolist() == [True, False]


def test_an_order_holds_every_group_once_and_comes_from_its_seed():
    groups = [
        Group("?", tuple(Window("", "w " * (n * 7 % 90 + 1)) for _ in range(1 + n % 3)), "x")
        for n in range(300)
    ]
    order = batches.order(groups, 16, seed=3)
    assert sorted(n for batch in order for n in batch) == list(range(300))
    assert order == batches.order(groups, 16, seed=3)
    assert order != batches.order(groups, 16, seed=4)
    sizes = [sum(len(groups[n].windows) for n in batch) for batch in order]
    assert max(sizes) <= 18
    spread = [
        max(len(groups[n].windows[0].passage) for n in b)
        - min(len(groups[n].windows[0].passage) for n in b)
        for b in order
    ]
    assert sum(spread) / len(spread) < 25  # of 180: windows of like length stand together


def test_the_words_of_a_training_window_fit_the_model():
    assert groups.MOST_WORDS < batches.MOST_TOKENS
