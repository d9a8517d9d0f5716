"""Questions for several things: how many of them an answer gives, with and without items.

Run: python tests/benchmarks/lists.py [--failures]

Asked of the two seeds and the invented articles of the conversation tests, none of which was
looked at while the rule was written. What is wanted was written down from the articles: all
that an editor would list. An answer gives a thing when one of its quotations holds it, so an
enumeration quoted whole gives all it names. `one` is the best quotation alone, which is what an
answer without items would be.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import qa
from qa.text import normalise

TESTS = Path(__file__).parents[1]
FOLDERS = (TESTS.parent / "seeds", TESTS / "conversation" / "articles")
WANTED = {
    "Which companies made offers for the Bellamy bakeries?": ("Krone", "Redwater"),
    "Which towns are Bellamy's factories in?": ("Leeds", "Swindon", "Paisley"),
    "Which ferries are owned by Strandline?": ("Aurora", "Borealis"),
    "Which boats were the first to reach the Aurora?": ("fishing boats",),
    "What gifts did Visser pay for?": ("villa", "two cars", "school fees"),
    "Which countries congratulated the president of Kaveli?": ("Australia", "China"),
    "Who were the candidates in the second round in Kaveli?": ("Tamate", "Pelu"),
    "Which institutes developed the vaccine Malvax?": ("Institute of Immunology", "Tamale"),
    "Which runners won a race in Castelmar?": ("Teferi", "Rinaldi"),
    "Which runners came second in Castelmar?": ("Chelagat", "Morishita"),
    "Who were the leaders of the striking workers in Pellora?": ("Rosa Imbert", "Sorda"),
    "Who are the guests of the Lowick Festival?": ("Kanté", "Rein"),
    "Which countries sent help after the earthquake in San Telmo?": ("Mexico", "Spain"),
    "Which buildings collapsed in the earthquake?": ("hospital", "tower", "school"),
    "Which players scored in the cup final?": ("Okafor", "Mendes", "Prosser"),
    "Who were the managers in the cup final?": ("Strand", "Bassi"),
    "Who were the transport ministers of Norland?": ("Lindqvist", "Aker"),
    "Which firms were hired or paid by the Port of Dunmore?": ("Delta Marine",),
    "Who were the heads of the delegations in the migration talks?": ("Alex Lee", "Vidal"),
    "What languages are spoken by the people of Kaveli?": (),
    "Which players were injured in the cup final?": (),
    "Which wines were served at the Lowick Festival?": (),
}


def given(quotes: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[int, int]:
    """Return how many wanted things the quotations hold, and how many of them hold one."""
    texts = [normalise(quote) for quote in quotes]
    things = [normalise(thing) for thing in wanted]
    return (
        sum(any(thing in text for text in texts) for thing in things),
        sum(any(thing in text for thing in things) for text in texts),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--failures", action="store_true", help="show what was not given")
    failures = parser.parse_args().failures
    with tempfile.TemporaryDirectory() as scratch:
        articles = Path(scratch) / "articles"
        for folder in FOLDERS:
            shutil.copytree(folder, articles, dirs_exist_ok=True)
        index = Path(scratch) / "index"
        qa.build(articles, index)
        found = qa.load(index).ask_many(list(WANTED))
    print("| quotations | things given | quotations that hold one | rightly none |")
    print("| --- | --- | --- | --- |")
    asked = list(zip(found, WANTED.values(), strict=True))
    for name in ("one", "items"):
        things = held = quotes = 0
        for answer, wanted in asked:
            said = (answer.text,) if answer.text else ()
            if name == "items":
                said = answer.items or said
            there, good = given(said, wanted)
            things, held, quotes = things + there, held + good, quotes + len(said)
            if failures and name == "items" and (there < len(wanted) or good < len(said)):
                print(f"  {answer.question} {said} wanted {wanted}")
        every = sum(map(len, WANTED.values()))
        silent = [answer.text is None for answer, wanted in asked if not wanted]
        row = [(things, every), (held, quotes), (sum(silent), len(silent))]
        print(f"| {name} | " + " | ".join(f"{some} of {all_}" for some, all_ in row) + " |")


if __name__ == "__main__":
    main()
