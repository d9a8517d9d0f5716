"""Whether what was typed is a question that can be searched.

Knows characters and the look of instructions. Does not know articles. Retrieval and the
reader would answer anything, so what is no question is told apart before them.
"""

from __future__ import annotations

import re
import unicodedata

from qa.errors import QuestionError
from qa.plain import is_small_talk
from qa.text import fold

# Orders to the program, not requests for what articles say. Verbs of asking ("tell me who",
# "name the", "list") are no orders in this sense.
_ORDER = re.compile(
    r"^(?:please\s+)?(?:(?:you\s+(?:must|should|will|are)|from now on|now)\W+)*"
    r"(?:ignore|disregard|forget|override|bypass|pretend|act as|roleplay|you are now|repeat after"
    r"|write|compose|translate|summari[sz]e|generate|print|output|execute|run|delete|drop|draw"
    r"|sing|improve|rewrite|respond|reply|system:|assistant:)(?![\w-])"  # no "write-off"
)
_INNARDS = re.compile(r"\byour (?:\w+ )?(?:instructions?|prompts?)\b")
_SUMMARY = re.compile(
    r"^what(?:'s| is| are| was)? (?:this|that|these|(?:the|this|that|these|those|my|your)"
    r" (?:\w+ )?(?:articles?|texts?|documents?|news)) (?:all )?about\W*$"
)
# A sentence that begins with one of those words and still asks something of the articles.
_ASKS = re.compile(r"\?\s*$")


def clean(question: object, most_chars: int) -> str:
    """Return the question without control characters, its white space folded.

    Raises:
        QuestionError: It is not a string, or longer than `most_chars`.
    """
    if not isinstance(question, str):
        raise QuestionError(
            f"A question must be a string, not {type(question).__name__}.",
            cure='For example: qa.ask("Who chaired the meeting?")',
        )
    if len(question) > most_chars:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {most_chars:,} are read.",
            cure="Ask it in fewer words.",
        )
    kept = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in question
        if unicodedata.category(char) not in {"Cf", "Cs", "Co", "Cn"} or char == "\u200d"
    )
    return " ".join(kept.split())


def problem(question: str) -> str:
    """Return why a cleaned question cannot be searched, as a sentence, or "" when it can."""
    letters = sum(char.isalnum() for char in question)
    if not question:
        return "Nothing was asked."
    if letters < 2:
        return "There are no words in this to search for."
    if is_small_talk(question):
        return "There is no question in this. Ask something that the articles may say."
    folded = fold(question)
    if _INNARDS.search(folded) or (_ORDER.search(folded) and not _ASKS.search(folded)):
        return "This is an instruction to the program; only questions to the articles are answered."
    if _SUMMARY.search(folded):
        return (
            "This asks for a summary; articles are quoted here, and no text is written about them."
        )
    return ""
