"""The HTML page of a report: one file that needs nothing besides itself.

Knows HTML, and that every text in it comes from files of unknown authors and is escaped. Does
not know how numbers are made or written.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from qa.evaluate import breakdown
from qa.evaluate.metrics import RIGHT_F1

if TYPE_CHECKING:
    from qa.evaluate.results import Found, Record, Results

HITS_SHOWN = 10

# No script and nothing from another host can run, whatever the texts hold.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #8886; padding: .25rem .75rem; text-align: left;
  vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
tr.group th { padding-top: 1rem; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; background: #fff; }
details { border: 1px solid #8886; border-radius: .4rem; padding: .5rem .75rem; margin: .5rem 0; }
summary { cursor: pointer; }
mark { padding: 0 .15em; }
.notice { border-left: .3rem solid #D55E00; padding: .25rem .75rem; }
small, .quiet { opacity: .8; }
pre { overflow-x: auto; }
"""
_CAPTIONS = {
    "coverage-accuracy": "How many questions are answered, and how many of the answers are right, "
    "as the threshold falls from left to right. The band is the 95 % interval.",
    "reliability": "Whether a confidence of 70 % is right in 70 % of the cases: the closer to the "
    "dotted line, the better. Bars are 95 % intervals.",
    "latency": "How long each stage takes for one question, on the machine named below.",
}


class Row(NamedTuple):
    """One metric, written out."""

    group: str
    label: str
    value: str
    interval: str
    questions: str


def page(
    results: Results, threshold: float, rows: Sequence[Row], images: Mapping[str, bytes]
) -> str:
    """Return the whole page; `images` are SVG by name."""
    records = results.records
    wrong = breakdown.confident_and_wrong(records, threshold)
    silent = breakdown.silent_though_answerable(records, threshold)
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Evaluation: {len(records)} questions</title>",
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            "<h1>Evaluation</h1>",
            _summary(results, threshold),
            "<h2>Metrics</h2>",
            _metrics(rows),
            "<h2>Pictures</h2>",
            *(_picture(name, image) for name, image in images.items()),
            "<h2>What became of the questions</h2>",
            _outcomes(records, threshold),
            "<h2>By kind of question</h2>",
            _kinds(records, threshold),
            "<h2>Answered, and wrong</h2>",
            "<p>The surest first.</p>",
            *(_failure(record, threshold) for record in wrong),
            "" if wrong else "<p>None.</p>",
            "<h2>Answerable, and not answered</h2>",
            "<p>Those whose withheld answer was right first.</p>",
            *(_failure(record, threshold) for record in silent),
            "" if silent else "<p>None.</p>",
            "<h2>How this was measured</h2>",
            f"<pre>{escape(json.dumps(dict(results.header), indent=2, ensure_ascii=False))}</pre>",
            "</main>\n</body>\n</html>\n",
        )
    )


def _summary(results: Results, threshold: float) -> str:
    records = results.records
    text = (
        f"<p>{len(records)} questions, {sum(r.answerable for r in records)} of them answerable; "
        f"answers are given from a confidence of {threshold:.2f} on. An answer is called right "
        f"when it overlaps a right one by more than half (F1 above {RIGHT_F1}); any answer to an "
        "unanswerable question is wrong.</p>"
    )
    return text + "".join(f'<p class="notice">{escape(line)}</p>' for line in results.notices)


def _metrics(rows: Sequence[Row]) -> str:
    lines, group = [], ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines.append(
                f'<tr class="group"><th scope="rowgroup" colspan="4">{escape(group)}</th></tr>'
            )
        numbers = "".join(f'<td class="number">{escape(cell)}</td>' for cell in row[2:])
        lines.append(f'<tr><th scope="row">{escape(row.label)}</th>{numbers}</tr>')
    head = _head("", "value", "95 % interval", "questions")
    return f"<table>{head}<tbody>{''.join(lines)}</tbody></table>"


def _picture(name: str, image: bytes) -> str:
    source = f"data:image/svg+xml;base64,{base64.b64encode(image).decode()}"
    caption = escape(_CAPTIONS[name])
    return (
        f'<figure><img src="{source}" alt="{escape(name)}: {caption}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _outcomes(records: Sequence[Record], threshold: float) -> str:
    rows = (
        (outcome.value, count, f"{count / len(records):.1%}")
        for outcome, count in breakdown.outcomes(records, threshold).items()
    )
    return _table(("outcome", "questions", "share"), rows)


def _kinds(records: Sequence[Record], threshold: float) -> str:
    rows = (
        (k.kind, k.questions, k.answerable, k.answered, k.right, k.wrong_on_unanswerable)
        for k in breakdown.kinds(records, threshold)
    )
    heads = ("kind", "questions", "answerable", "answered", "right", "unanswerable, yet answered")
    return _table(heads, rows)


def _failure(record: Record, threshold: float) -> str:
    said = "no candidate" if record.text is None else f"“{record.text}” at {record.confidence:.2f}"
    wanted = " / ".join(f"“{answer}”" for answer in record.answers) or "no answer"
    facts = [
        ("Became", breakdown.outcome(record, threshold).value),
        ("Wanted", wanted + (f", in {record.gold_article}" if record.gold_article else "")),
        ("Best candidate", said + (f", from {record.article}" if record.article else "")),
        ("Reason", record.reason or ""),
        ("Other candidates", "; ".join(f"“{o.text}” {o.confidence:.2f}" for o in record.others)),
    ]
    told = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts if v)
    sentence = f"<blockquote>{_marked(record)}</blockquote>" if record.sentence else ""
    times = ", ".join(f"{stage} {1000 * t:.0f} ms" for stage, t in record.seconds.items())
    return (
        f"<details><summary>{escape(record.question)} <small>{escape(said)}</small></summary>"
        f"<dl>{told}</dl>{sentence}{_hits(record.hits)}"
        f'<p class="quiet">{escape(times)}</p></details>'
    )


def _marked(record: Record) -> str:
    """Return the sentence with the first occurrence of the candidate marked."""
    before, found, after = (record.sentence or "").partition(record.text or "\0")
    return f"{escape(before)}<mark>{escape(found)}</mark>{escape(after)}"


def _hits(hits: Sequence[Found]) -> str:
    if not hits:
        return "<p>No passage was read.</p>"
    rows = (
        (
            rank,
            f"{hit.score:.3f}",
            "–" if hit.dense is None else f"{hit.dense:.3f}",
            "–" if hit.sparse is None else f"{hit.sparse:.1f}",
            hit.passage,
            "yes" if hit.right_article else "",
            "yes" if hit.holds_answer else "",
            hit.excerpt,
        )
        for rank, hit in enumerate(hits[:HITS_SHOWN], 1)
    )
    heads = (
        "rank",
        "score",
        "dense",
        "sparse",
        "passage",
        "right article",
        "holds answer",
        "begins",
    )
    return _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = []
    for row in rows:
        cells = (
            f'<td class="number">{value}</td>'
            if isinstance(value, int)
            else f"<td>{escape(str(value))}</td>"
            for value in row
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{_head(*heads)}<tbody>{''.join(lines)}</tbody></table>"


def _head(*names: str) -> str:
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"
