import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from qa.errors import EvaluationError
from qa.evaluate import breakdown, metrics, plots, report
from qa.evaluate.breakdown import Outcome
from qa.evaluate.results import Found, Other, Record, Results, read_json

HOSTILE = '<script>alert(1)</script><img src="https://evil.example/x.png">&"'


def record(number, **changes):
    """One answerable question that was answered rightly, unless `changes` say otherwise."""
    plain = Record(
        id=f"q{number:03d}",
        question=f"Who is number {number}?",
        answers=("Ada Lovelace",),
        gold_article="a",
        kind="",
        text="Ada Lovelace",
        confidence=0.9,
        exact=1.0,
        f1=1.0,
        article="a",
        sentence="It was Ada Lovelace who wrote it.",
        valid=True,
        hits=(Found("a#0", "a", 0.8, 0.7, 12.5, True, True, "It was Ada"),),
        seconds={"retrieve": 0.01 * number, "total": 0.02 * number},
    )
    return replace(plain, **changes)


def missed(holds=False, right=False):
    return (Found("b#0", "b", 0.5, None, 3.0, right, holds),)


RECORDS = (
    record(1),
    record(2, confidence=0.3),
    record(3, text="Bob", exact=0.0, f1=0.0, confidence=0.95),
    record(4, text="Bob", exact=0.0, f1=0.0, hits=missed(), article="b"),
    record(5, text="Bob", exact=0.0, f1=0.0, hits=missed(right=True)),
    record(6, text=None, exact=0.0, f1=0.0, article=None, sentence=None, valid=None),
    record(7, answers=(), exact=0.0, f1=0.0, kind="swap: year"),
    record(8, answers=(), exact=0.0, f1=0.0, confidence=0.2, kind="swap: year"),
    record(
        9, text=None, exact=0.0, f1=0.0, hits=(), article=None, valid=None, sentence=None,
        reason="not a question I can read",
    ),
    record(10, text=None, f1=0.0, exact=0.0, hits=(), article=None, valid=None, sentence=None,
        reason="nothing relevant found"),
)  # fmt: skip
EXPECTED = (
    Outcome.RIGHT,
    Outcome.WITHHELD,
    Outcome.MISREAD,
    Outcome.NOT_RETRIEVED,
    Outcome.NOT_IN_PASSAGE,
    Outcome.UNREAD,
    Outcome.PRESUMED,
    Outcome.ABSTAINED,
    Outcome.REFUSED,
    Outcome.NOT_RETRIEVED,
)
RESULTS = Results(RECORDS, 0.5, len(RECORDS), {"date": "2026-11-21"})


def printed(renderable):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(renderable)
    return console.export_text()


def test_the_first_stage_that_lost_a_question_is_named():
    assert [breakdown.outcome(record, 0.5) for record in RECORDS] == list(EXPECTED)


def test_outcomes_add_up():
    counts = breakdown.outcomes(RECORDS, 0.5)
    assert sum(counts.values()) == len(RECORDS)
    assert list(counts) == [outcome for outcome in Outcome if outcome in counts]


def test_without_a_known_article_any_passage_with_the_answer_counts():
    lost = record(1, gold_article=None, text="Bob", exact=0.0, f1=0.0, hits=missed())
    assert breakdown.outcome(lost, 0.5) is Outcome.NOT_RETRIEVED
    there = replace(lost, hits=missed(holds=True))
    assert breakdown.outcome(there, 0.5) is Outcome.MISREAD


def test_failures_are_in_order():
    wrong = breakdown.confident_and_wrong(RECORDS, 0.5)
    assert [r.id for r in wrong] == ["q003", "q004", "q005", "q007"]
    silent = breakdown.silent_though_answerable(RECORDS, 0.5)
    assert [r.id for r in silent] == ["q002", "q006", "q009", "q010"]
    assert len(breakdown.confident_and_wrong(RECORDS, 0.5, most=2)) == 2


def test_kinds_are_counted_apart():
    plain, swapped = breakdown.kinds(RECORDS, 0.5)
    assert (plain.kind, plain.questions, plain.answered, plain.right) == ("(none)", 8, 4, 1)
    assert (swapped.kind, swapped.answered, swapped.wrong_on_unanswerable) == ("swap: year", 1, 1)


class Page(HTMLParser):
    """Collects tags, sources and text as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("report") / "new"
    hostile = record(
        11,
        question=HOSTILE,
        answers=(HOSTILE,),
        text=f"x{HOSTILE}",
        sentence=f"He said x{HOSTILE} twice.",
        f1=0.0,
        exact=0.0,
        kind=HOSTILE,
        gold_article=HOSTILE,
        article=HOSTILE,
        reason=HOSTILE,
        hits=(Found(HOSTILE, HOSTILE, 0.5, None, None, False, False, HOSTILE),),
        others=(Other(HOSTILE, 0.1, HOSTILE),),
        seconds={HOSTILE: 0.01},
    )
    results = Results((*RECORDS, hostile), 0.5, 12, {"machine": HOSTILE})
    report.write_report(results, place)
    return place


def test_the_page_needs_nothing_besides_itself(folder):
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    assert page.links
    assert all(link.startswith("data:image/svg+xml;base64,") for link in page.links)
    assert "script" not in page.tags
    assert page.tags.count("img") == 3


def test_texts_of_unknown_authors_are_shown_as_they_are(folder):
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    assert page.text.count(HOSTILE) >= 8
    assert "Stopped by hand after 11 of 12 questions." in page.text
    for outcome in set(EXPECTED):
        assert outcome.value in page.text


def test_the_report_folder_holds_pictures_and_results(folder):
    names = {path.name for path in folder.iterdir()}
    pictures = {
        f"{name}.{form}"
        for name in ("coverage-accuracy", "reliability", "latency")
        for form in ("svg", "png")
    }
    assert names == {"index.html", "results.json", *pictures}
    assert (folder / "latency.png").read_bytes().startswith(b"\x89PNG")
    assert len(read_json(folder / "results.json").records) == 11
    numbers = json.loads((folder / "results.json").read_text(encoding="utf-8"))["metrics"]
    assert numbers["valid_citation"]["value"] == 1
    assert numbers["coverage"]["questions"] == 11


def test_pictures_are_the_same_each_time():
    runs = {"a": plots.Run([0.9, 0.6, 0.2], [1, 0, 1], 0.5), "b": plots.Run([0.3], [1], 0.9)}
    first, second = (plots.image(plots.coverage_accuracy(runs), "svg") for _ in range(2))
    assert first == second
    assert b"<dc:date>" not in first


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(EvaluationError, match="cannot be written"):
        report.write_report(RESULTS, tmp_path / "file" / "folder")


def test_nothing_but_refusals_still_makes_a_report(tmp_path):
    refused = Results((RECORDS[8],), 0.5, 1)
    page = report.write_report(refused, tmp_path).read_text(encoding="utf-8")
    assert "refused: not taken for a question" in page


def test_tables_say_what_was_measured():
    measured = metrics.measure(RESULTS, replicates=50)
    text = printed(report.table(measured, "Seeds"))
    assert re.search(r"Given answers that are right\W+20\.0 %", text)
    assert re.search(r"retrieve, p50\W+50\.0 ms", text)
    assert "95 % interval" in text
    outcomes = printed(report.outcome_table(RESULTS, 0.5))
    assert re.search(rf"{Outcome.NOT_RETRIEVED.value}\W+2\W+20\.0%", outcomes)
    assert re.search(r"swap: year\W+2\W+1 of 2 \(50%\)", printed(report.kind_table(RESULTS, 0.5)))
    assert report.kind_table(Results(RECORDS[:3], 0.5, 3), 0.5) is None


def test_a_rate_of_all_has_an_interval_that_says_how_few_were_asked():
    few = {m.metric.name: m for m in metrics.measure(RESULTS, replicates=50)}["valid_citation"]
    assert few.value == few.high == 1
    assert few.low == pytest.approx(0.025 ** (1 / 7))  # seven answers carried quotations


def test_a_comparison_says_what_is_beyond_noise():
    many = Results(tuple(record(n) for n in range(1, 101)), 0.5, 100)
    silent = Results(tuple(replace(r, confidence=0.1) for r in many.records), 0.5, 100)
    text = printed(report.comparison(metrics.compare(many, silent, replicates=50), ("a", "b")))
    assert re.search(r"Questions answered\W+100\.0 %\W+0\.0 %\W+-100\.0 points.*yes, worse", text)
    assert re.search(r"Right article in first 1\W.*\Wno\W", text)
