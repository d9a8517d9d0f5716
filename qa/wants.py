"""What kind of answer a question asks for, and whether for several.

Knows the question's own words. Does not know articles, or whether an answer is of that kind:
the reader sees to that, and a check of digits, dates and capitals got no weight beside it.
"""

from __future__ import annotations

import re

from qa.text import fold

_ITSELF = r"(?:the|this|that|these|those) (?:\w+ )?(?:articles?|stor(?:y|ies)|piece|text)\b"
_WANTS = (
    (
        "byline",
        (
            rf"\bwho (?:wrote|authored|penned|reported) {_ITSELF}"
            rf"|\bwho (?:is|was|are|were) the (?:author|writer|reporter|journalist)s?"
            rf"(?: (?:of|behind) {_ITSELF}|\W*$)|\bby whom was {_ITSELF} written\b"
        ),
    ),
    (
        "published",
        (
            rf"\b(?:when|on (?:what|which) (?:date|day)|in (?:what|which) year) (?:was|were)"
            rf" (?:{_ITSELF}.*|this|it) (?:published|posted)\b"
            rf"|\bwhat (?:is|was) the (?:publication )?date of {_ITSELF}"
        ),
    ),
    (
        "author",
        (
            r"\b(?:who|which (?:reporter|journalist|author)) (?:wrote|authored|reported)"
            r" (?:the|this|that|about|on)\b|\bwhose byline\b"
            r"|\bwho (?:is|was|are|were) the (?:author|writer|reporter)s? of (?:the|this) report\b"
        ),
    ),
    ("reason", r"\bwhy\b|\bwhat (?:was |is |were )?the (?:reason|cause|purpose)s?\b|\bhow come\b"),
    (
        "number",
        (
            r"\b(?:how (?:many|much|old|long|tall|far|high|large|big|often|fast|deep|wide|heavy)"
            r"|what (?:number|percentage|percent|share|proportion|price|amount))\b"
        ),
    ),
    (
        "time",
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|decade|century)\b|\bhow soon\b",
    ),
    ("person", r"\bwho(?:m|se)?\b"),
    ("place", r"\bwhere\b|\b(?:what|which) (?:city|country|town|place|state|region)\b"),
    (
        "whether",
        (
            r"^(?:whether|if) (?!.*(?:,|\bwhat\b|\bwhich\b|\bhow\b))"
            r"|^(?:(?:and|but|so|then) )?(?:am|is|are|was|were|do|does|did"
            r"|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n't)?"
            r" (?!.*\b(?:or|what|which|how)\b|\d)(?=\S+ \S)"
        ),
    ),
)


# What the article's file states rather than its text: its author and its date.
STATED = frozenset({"byline", "published"})


def wanted(question: str) -> str:
    """Return the kind of answer that the question's own words ask for, or ""."""
    folded = fold(question)
    return next((kind for kind, pattern in _WANTS if re.search(pattern, folded)), "")


_HELPING = (
    "am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
)
# "Who were the delegates", "list the towns", "which of the towns", "which two European towns took
# part". Verbs end in "s" too ("what causes"), hence the plural verb that must follow a noun.
_SEVERAL = re.compile(
    r"^(?:please )?(?:list|enumerate|name (?:all|some|two|three|four|five|the \w+s\b))"
    r"|\b(?:who|what|which) (?:else )?(?:are|were) (?:the|some|all|its|his|her|their)"
    r" (?:\w+ ){0,3}?(?:\w+[a-rt-z]s|people|men|women|children|parts of)\b"
    r"|\b(?:which|who) of (?:the|these|those)\b"
    r"|\b(?:what|which) (?:(?:other|two|three|four|five|several) )?"
    rf"(?:(?!(?:{_HELPING})\b)\w+ )?(?!(?:{_HELPING})\b)"
    r"(?P<noun>people|men|women|children|[a-z]+[a-rt-z]s)"
    rf" (?:{_HELPING}|took|made|won|lost|gave|got|went|came|became|began|said|fell|rose|\w+ed)\b"
)
# End in "s", and are no plural or ask for one thing all the same.
_ONE = frozenset(
    "this his hers news series species status process virus crisis campus census basis analysis"
    " us gas bus".split()
)


def several(question: str) -> bool:
    """Say whether a question asks for more than one answer, as "which countries are" does."""
    return any((found["noun"] or "") not in _ONE for found in _SEVERAL.finditer(fold(question)))
