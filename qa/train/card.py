"""The model card: what the weights are, from what, how good, and where they fail.

Knows a finished run. Does not measure anything itself: every number comes from the run.
"""

from __future__ import annotations

import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from qa.compute import device_for, dtype_for, torch_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.config import Settings
    from qa.train.groups import Group
    from qa.train.recipe import Run

# Sources by the beginning of their name in the data files. The first that fits holds.
LICENCES: tuple[tuple[str, str], ...] = (
    ("squadshifts", "SQuADShifts (Miller et al., ICML 2020), CC BY 4.0"),
    ("squad", "SQuAD 1.1 and 2.0 (Rajpurkar et al., 2016 and 2018), CC BY-SA 4.0"),
    ("unanswerable", "SQuAD 2.0 (Rajpurkar et al., 2018), CC BY-SA 4.0"),
    ("nq", "Natural Questions paragraphs (Kwiatkowski et al., 2019), CC BY-SA 3.0"),
    ("qed", "QED (Lamm et al., 2021), CC BY-SA 3.0"),
    ("quoref", "Quoref contrast set (Dasigi et al., 2019; Gardner et al., 2020), CC BY 4.0"),
)
_PACKAGES = ("torch", "transformers", "tokenizers", "safetensors", "numpy")
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("questions", "questions"),
    ("best_f1", "best-threshold F1"),
    ("best_exact", "best-threshold EM"),
    ("f1", "F1 at 0"),
    ("has_answer_f1", "HasAns F1 at 0"),
    ("no_answer", "NoAns at 0"),
)


def versions() -> dict[str, str]:
    """Return the version of each package that the numbers depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a slim install; the card says so
            found[name] = "not installed"
    return found


def machine(settings: Settings) -> str:
    """Return the device, number type and threads of this machine, in words."""
    torch = torch_for(settings)
    device = device_for(settings)
    name = torch.cuda.get_device_name() if device.startswith("cuda") else platform.machine()
    threads = f", {torch.get_num_threads()} threads" if device == "cpu" else ""
    return f"{device} ({name}), {str(dtype_for(settings)).removeprefix('torch.')}{threads}"


def counts(groups: Sequence[Group]) -> dict[str, int]:
    """Return how many groups there are of each kind."""
    return dict(sorted(Counter(group.kind for group in groups).items()))


def write(run: Run, notes: str = "") -> str:
    """Return the card in Markdown, with the front matter that model hubs read."""
    parts = [_front(), _about(), _use(), _data(run), _recipe(run), _scores(run), _limits()]
    if notes:
        parts.append(notes.strip() + "\n")
    return "\n".join(parts)


def _front() -> str:
    return (
        "---\nlanguage: en\nlicense: cc-by-sa-4.0\nlibrary_name: transformers\n"
        "pipeline_tag: question-answering\n"
        "base_model: sentence-transformers/all-MiniLM-L6-v2\n---\n"
    )


def _about() -> str:
    return (
        "# Quoth reader\n\n"
        "Finds the span of a passage that answers a question, and says when there is none. "
        "BERT with a start and an end logit for each token; token 0 means that the passage "
        "does not answer. English.\n"
    )


def _use() -> str:
    return (
        "## Intended use\n\n"
        "Input: the question; then, as the second text, the title, a line feed and the passage "
        "(no title: the passage alone); at most 384 tokens, the second text cut. A span may "
        "stand in the passage only. Its score is start logit + end logit - the same two of "
        "token 0; scores of different passages can be compared. Not for questions that need "
        "counting, several passages or world knowledge, nor for decisions about people without "
        "a look at the quoted source.\n"
    )


def _data(run: Run) -> str:
    lines = ["## Data\n", "| source | questions | licence |", "|---|---:|---|"]
    lines += [f"| {source} | {n:,} | {_licence(source)} |" for source, n in run.sources.items()]
    files = ", ".join(f"`{name}` (sha256 {digest[:12]}…)" for name, digest in run.data.items())
    held = 100 * run.recipe["held_out"]
    lines.append(
        f"\nFiles: {files}. {held:.0f} % of the paragraphs were held out to "
        "choose between the last and the averaged weights. The weights are shared under the most "
        "demanding of these licences.\n"
    )
    return "\n".join(lines)


def _licence(source: str) -> str:
    return next((text for start, text in LICENCES if source.startswith(start)), "as its file says")


def _recipe(run: Run) -> str:
    plan, init = run.recipe["plan"], run.recipe["init"] or "all-MiniLM-L6-v2"
    kinds = ", ".join(f"{kind} {number:,}" for kind, number in run.kinds.items())
    return (
        "## Recipe\n\n"
        f"`qa train-reader`, from {init}, commit {run.commit[:12] or 'unknown'}, seed "
        f"{plan['seed']}: {run.steps:,} steps of about {plan['batch']} windows in "
        f"{run.seconds / 60:.0f} minutes on {run.machine}. AdamW, peak rate {plan['rate']:g}, "
        f"{100 * plan['warm_up']:.0f} % warm-up, then linearly to 0; "
        f"dropout {plan['dropout']:g}; word embeddings "
        f"{'frozen' if plan['frozen_words'] else 'trained'}; full-precision weights beside the "
        f"half-precision compute; {'averaged' if run.averaged else 'last'} weights.\n\n"
        "Each epoch is drawn anew: answerable questions with their own passage; retrieved "
        "passages (dense and BM25 in turn, none that holds an accepted answer) beside it, with "
        "shared normalisation, or alone; near-misses (a name, number, month, place swapped, an "
        "antonym, a negation, something else that the passage names); names swapped in question "
        "and passage alike, which stay answerable; passages cut before or after the answer; "
        f"titles shown, left out or foreign. Groups drawn: {kinds}. Machine-matched questions "
        f"whose loss is above {plan['trim']:g} nats are left out.\n"
    )


def _scores(run: Run) -> str:
    lines = ["## Scores\n", "Official SQuAD 2.0 metrics, each question with its own passage.\n"]
    lines.append("| | " + " | ".join(label for _, label in _COLUMNS) + " |")
    lines.append("|---|" + "---:|" * len(_COLUMNS))
    for name, kinds in run.scores.items():
        several = len(kinds) > 2  # "all" and one kind are the same
        for kind, found in kinds.items():
            if kind == "all" or several:
                lines.append(_row(f"{name}, {kind}" if several else name, found))
    return "\n".join(lines) + "\n"


def _row(label: str, found: Mapping[str, Any]) -> str:
    cells = [
        f"{found[key]:,}" if isinstance(found[key], int) else f"{found[key]:.1f}"
        for key, _ in _COLUMNS
    ]
    return f"| {label} | " + " | ".join("-" if cell == "nan" else cell for cell in cells) + " |"


def _limits() -> str:
    return (
        "## Limits\n\n"
        "Six layers and 22 million parameters: it follows wording more than meaning, still "
        "answers some near-misses, and prefers short names to clauses. No news text was trained "
        "on. English only; a passage beyond the window is not seen.\n"
    )
