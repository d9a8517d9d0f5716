"""Follow-up questions: resolved, asked alone, and with earlier words appended.

Run: python tests/benchmarks/conversation.py [--split dev|test|all] [--failures]

Every way is asked of the same pipeline over the same articles: the two seeds and the invented
ones beside this test. `alone` searches each turn as it was typed. `appended` is historical query
expansion in its plain form (HQExp, Yang et al., TREC CAsT 2019): the telling words of all
earlier questions follow the question. `resolved` is `pipeline.conversation()`. A turn is right
when the answer is one of those written down and cites the right article, or when there is none
and none is given. The first turn of a conversation is the same in all three.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

import qa
from qa.conversation import Conversation
from qa.evaluate.squad import f1
from qa.text import content_words, normalise
from qa.types import Answer

HERE = Path(__file__).parents[1] / "conversation"
SEEDS = Path(__file__).parents[2] / "seeds"
NEAR = 0.6  # token F1 from which an answer says the same as the one written down


def right(answer: Answer, wanted: list[str], article: str | None) -> bool:
    """Say whether an answer is one of those wanted, or rightly none."""
    if not wanted or answer.text is None:
        return not wanted and answer.text is None
    if article not in {citation.article.id for citation in answer.citations}:
        return False
    given = normalise(answer.text)
    return any(normalise(one) == given for one in wanted) or f1(answer.text, wanted) >= NEAR


class Appended:
    """Asks each question with the telling words of all earlier questions after it."""

    def __init__(self, ask):
        self._ask = ask
        self._earlier: list[str] = []

    def ask(self, question: str) -> Answer:
        known = set(content_words(question))
        more = [word for word in dict.fromkeys(self._earlier) if word not in known]
        self._earlier += content_words(question)
        return self._ask(question, searched_as=" ".join([question, *more]) if more else None)


class Alone:
    """Asks each question as it was typed."""

    def __init__(self, ask):
        self.ask = ask


WAYS = {"alone": Alone, "appended": Appended, "resolved": Conversation}


def remembering(ask):
    """Return `ask` that answers an equal request once."""
    held = {}

    def cached(question, **given):
        key = (
            question,
            given.get("searched_as"),
            tuple(given.get("keep", ())),
            given.get("threshold"),
        )
        if key not in held:
            held[key] = ask(question, **given)
        return held[key]

    return cached


def main() -> None:
    """Print a table, and what went wrong on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", default="all", choices=["dev", "test", "all"])
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--index", help="keep the index here between runs")
    chosen = parser.parse_args()
    lines = (HERE / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
    conversations = [json.loads(line) for line in lines]
    kept = [c for c in conversations if chosen.split in {"all", c["split"]}]
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder, "articles")
        articles.mkdir()
        for path in sorted([*SEEDS.glob("*.txt"), *(HERE / "articles").glob("*.txt")]):
            shutil.copy(path, articles)
        index = chosen.index or str(Path(folder, "index"))
        if not Path(index, "articles.db").exists():
            qa.build(str(articles), index)
        pipeline = qa.load(index)
        ask = remembering(pipeline.ask)
        scores = defaultdict(lambda: [0, 0])
        for conversation in kept:
            for name, way in WAYS.items():
                running = way(ask)
                for number, turn in enumerate(conversation["turns"]):
                    answer = running.ask(turn["question"])
                    hit = right(answer, turn["answers"], turn["article"])
                    kind = "first" if number == 0 else "later"
                    scores[name, conversation["split"], kind][0] += hit
                    scores[name, conversation["split"], kind][1] += 1
                    if chosen.failures and name == "resolved" and not hit:
                        cited = (
                            answer.citations[0].article.id if answer.citations else answer.reason
                        )
                        print(
                            f"{conversation['id']} {number + 1}: {turn['question']} | "
                            f"{answer.searched_as} | {answer.text!r} {answer.confidence:.2f} "
                            f"({cited}) | wanted {turn['answers'][:1]}",
                            flush=True,
                        )
    print(f"{'':10} {'split':5} {'first turns':>16} {'later turns':>16} {'all':>16}")
    for split in sorted({conversation["split"] for conversation in kept}):
        for name in WAYS:
            first, later = scores[name, split, "first"], scores[name, split, "later"]
            cells = [first, later, [first[0] + later[0], first[1] + later[1]]]
            shown = [f"{a}/{b} = {a / max(b, 1):.1%}" for a, b in cells]
            print(f"{name:10} {split:5} {shown[0]:>16} {shown[1]:>16} {shown[2]:>16}")


if __name__ == "__main__":
    main()
