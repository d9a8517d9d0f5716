"""Copies of a story are found, and different stories are not taken for copies."""

from __future__ import annotations

import numpy as np
import pytest
from index_world import SETTINGS, WordEncoder, built, record, write, write_records

from qa.index import Index, copies, update


def text(seed: int, sentences: int = 20) -> list[str]:
    """Return sentences of random words: two seeds share hardly a run of five."""
    rng = np.random.default_rng(seed)
    syllables = "ka lo mi ne tu ra si vo be du".split()
    return [
        " ".join("".join(rng.choice(syllables, 3)) for _ in range(12)).capitalize() + "."
        for _ in range(sentences)
    ]


def test_syndicated_copies_are_one_group(tmp_path):
    story = text(1)
    agency = "\n\n".join(story)
    shortened = "\n\n".join(story[:-3])
    edited = "\n\n".join(
        [*story[:6], "A sentence the editor of this paper put in here.", *story[6:]]
    )
    half = "\n\n".join(story[:8])
    write_records(
        tmp_path / "articles", "wire.jsonl",
        record("agency", agency, title="Talks open", source="Agency"),
        record("daily", shortened, title="Talks begin in capital", source="Daily"),
        record("weekly", edited, title="Nations at the table", source="Weekly"),
        record("same", agency.upper(), title="Other", source="Upper"),
        record("half", half, title="In brief"),
        record("other", "\n\n".join(text(2)), title="Talks open", source="Agency"),
        record("short1", "Ferry closed today."),
        record("short2", "Ferry closed today!"),
        record("short3", "Ferry closed yesterday."),
    )  # fmt: skip
    snapshot = built(tmp_path / "articles", tmp_path / "index")
    wire = ("agency", "daily", "same", "weekly")
    for key in wire:
        assert snapshot.copies(key) == wire
    for key in ("half", "other", "short3"):
        assert snapshot.copies(key) == (key,)
    assert snapshot.copies("short1") == ("short1", "short2")
    assert snapshot.copies("no such article") == ()


def test_groups_come_apart_when_what_joined_them_goes(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    story = text(3, 40)
    for name, part in (("a", story[:34]), ("b", story[3:37]), ("c", story[6:])):
        write(articles, f"{name}.txt", "\n\n".join(part))
    update(articles, index, SETTINGS, WordEncoder())
    opened = Index.open(index, SETTINGS, WordEncoder())
    assert opened.snapshot().copies("c") == ("a", "b", "c")
    one, other = (copies.shingles(copies.running_words(opened.snapshot().article(k))) for k in "ac")
    assert copies.overlap(one, other) < 0.75
    write(articles, "b.txt", "\n\n".join(text(4)))
    update(articles, index, SETTINGS, WordEncoder())
    assert opened.snapshot().copies("b") == ("b",)
    write(articles, "b.txt", "\n\n".join(story[3:37]))
    update(articles, index, SETTINGS, WordEncoder())
    assert opened.snapshot().copies("a") == ("a", "b", "c")


@pytest.mark.parametrize("kept", [0.8, 0.85, 0.9, 0.95])
def test_candidates_miss_no_copy_that_comparing_all_would_find(kept):
    rng = np.random.default_rng(int(100 * kept))
    missed = pairs = 0
    for seed in range(60):
        words = " ".join(text(1000 + seed, 30)).split()
        # An edit here and there: each breaks up to five shingles.
        changed = [
            w if rng.random() < kept + (1 - kept) * 0.8 else f"x{i}" for i, w in enumerate(words)
        ]
        one, other = copies.shingles(words), copies.shingles(changed)
        if copies.overlap(one, other) >= copies.LIKE:
            pairs += 1
            missed += not set(copies._keys(words, one)) & set(copies._keys(changed, other))
    assert missed <= 0.01 * pairs + 1
    if kept >= 0.9:
        assert pairs > 30
