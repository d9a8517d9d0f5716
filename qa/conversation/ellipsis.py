"""Questions that leave out what the last one said: "Where?", "And in 2020?", "And Spain?".

Knows the shape of the questions before and their answers. Does not know pronouns, which are
resolved before, nor which passages are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.conversation.grammar import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    PREPOSITIONS,
    TIME_PHRASE,
    WH,
    head,
    is_name,
    is_time,
    noun_phrases,
    question_head,
    tokens,
    verb,
)
from qa.text import Kind, fold, names, normalise

_TRAILING = frozenset("exactly precisely there then else so not that this though too".split())
_SAME = {
    "who": {"who", "which", "what"},
    "which": {"who", "which", "what"},
    "what": {"which", "what"},
}


def is_bare_wh(question: str) -> bool:
    """Say whether a question is only its question words: "Where?", "By how much?"."""
    found = tokens(question)
    while found and found[-1].low in _TRAILING:
        found.pop()
    past = question_head(question)
    return bool(found) and 0 < len(found) <= past and len(found) <= 6


def is_fragment(question: str, joined: bool) -> bool:
    """Say whether there is no question in it, only something to ask the last one about."""
    found = tokens(question)
    if not found or found[0].low in WH | AUXILIARIES or question_head(question):
        return False
    if joined:
        return not any(token.low in AUXILIARIES for token in found)
    if found[0].low in PREPOSITIONS:
        return len(found) <= 6
    return len(found) <= 3 and question.rstrip().endswith("?")


def complete(question: str, base: str, answer: str | None) -> str:
    """Return the bare question words with the clause of the question before.

    Args:
        question: "Where?"
        base: The question before, as searched: "Who founded Bellamy?"
        answer: Its answer, which the clause asks about no more: "Harold Bellamy".

    Returns:
        "Where did Harold Bellamy found Bellamy?"
    """
    bare = [token for token in tokens(question) if token.low not in _TRAILING - {"else"}]
    pointed = {"there", "then", "that", "so"} & {token.low for token in tokens(question)}
    asked = question[bare[0].start : bare[-1].end]
    old = tokens(base)
    past = question_head(base)
    if not past:
        return _from_yes_no(asked, base)
    old_wh = next(token.low for token in old if token.low in WH)
    new_wh = next(token.low for token in bare if token.low in WH)
    rest = base[old[past].start :].rstrip(" ?") if past < len(old) else ""
    if not rest:
        return f"{asked} {answer or ''}".strip() + "?"
    alone = bare[0].low in WH and (len(bare) == 1 or bare[1].low == "else")
    alike = old_wh in _SAME.get(new_wh, ()) or (new_wh == old_wh and new_wh != "how")
    if alone and alike and not pointed:
        return f"{asked} {rest}?"
    if _asks_subject(base):
        subject = answer if answer and len(tokens(answer)) <= 12 else "it"
        return f"{asked} {_with_subject(rest, subject)}?"
    gap = _filled(base, old_wh, answer, always=bool(pointed))
    return f"{asked} {rest}{gap}?"


def _from_yes_no(asked: str, base: str) -> str:
    rest = base.rstrip(" ?")
    someone = re.compile(
        r"\b(?:anyone|anybody|someone|somebody|anything|something)\s", re.IGNORECASE
    )
    if fold(asked) in {"who", "what"} and someone.search(rest):
        return f"{asked} {someone.sub('', rest[:1].lower() + rest[1:], count=1)}?"
    if tokens(base) and tokens(base)[0].low in AUXILIARIES:
        return f"{asked} {rest[:1].lower()}{rest[1:]}?"
    return f"{asked} {rest}?"


def _asks_subject(base: str) -> bool:
    """Say whether the question word is the subject: "Who chaired …", "Which firm is buying …"."""
    found = tokens(base)
    past = question_head(base)
    wh = {token.low for token in found[:past]} & WH
    if past >= len(found) or not wh & {"who", "which", "what", "how"}:
        return False
    if "how" in wh and "many" not in {token.low for token in found[:past]}:
        return False
    first = found[past]
    if first.low not in AUXILIARIES:
        return True
    if first.low in {"did", "do", "does"} or past + 1 >= len(found):
        return False
    after = found[past + 1]
    if after.low in DETERMINERS or is_name(after):
        return wh == {"who"} and first.low in BE  # "Who is the director": the answer is
    return bool(verb(after.low)) or after.low.endswith("ed") or after.low in {"be", "been"}


def _with_subject(rest: str, subject: str) -> str:
    """Turn "founded Bellamy" into "did Harold Bellamy found Bellamy"."""
    found = tokens(rest)
    first = found[0]
    if first.low in AUXILIARIES:
        return f"{rest[: first.end]} {subject}{rest[first.end :]}"
    shape = verb(first.low)
    if shape is None:
        return f"did {subject} {rest}"
    do = {"past": "did", "s": "does"}.get(shape.form, "do")
    return f"{do} {subject} {shape.base}{rest[first.end :]}"


def _filled(base: str, old_wh: str, answer: str | None, *, always: bool) -> str:
    """Return what the clause lost when its object was asked for."""
    if not answer or len(tokens(answer)) > 12:
        return ""
    found = tokens(base)
    past = question_head(base)
    phrase = [token.low for token in found[:past]]
    if old_wh in {"when", "where", "why"}:
        if not always:
            return ""
        preposed = tokens(answer)[0].low in PREPOSITIONS
        return f" {answer}" if preposed else f" in {answer}"
    if old_wh == "how":
        if "many" not in phrase and "much" not in phrase:
            return ""
        at = phrase.index("many" if "many" in phrase else "much") + 1
        counted = base[found[at].start : found[past - 1].end] if at < past else ""
        return f" {answer}" if not counted or counted in answer else f" {answer} {counted}"
    return f" {answer}"


def substitute(fragment: str, bases: Sequence[str], article: str) -> str:
    """Return an earlier question asked about the fragment instead.

    Args:
        fragment: "in 1958", "Spain", "the men's race", "for Cuba".
        bases: The questions before as searched, the latest first; at least one.
        article: The text they are about.
    """
    fragment = fragment.strip(" ?.!,")
    time = TIME_PHRASE.search(fragment)
    # "migrants of all nationalities in March": the thing and the time are put in turn.
    if time and time.start() > 0 and time.end() == len(fragment) and time.group().strip():
        thing = fragment[: time.start()].strip()
        if thing and fold(thing) not in PREPOSITIONS:
            return _put_thing(thing, [_put_time(time.group(), bases[0])], article)
    if time and time.group().strip() == fragment:
        return _put_time(fragment, bases[0])
    first = tokens(fragment)[0]
    if first.low in PREPOSITIONS:
        return _put_prepositional(first.low, fragment, bases[0], article)
    return _put_thing(fragment, bases, article)


def _put_time(fragment: str, base: str) -> str:
    """Replace the base's time by the fragment's, or add it."""
    found = [m for m in TIME_PHRASE.finditer(base) if m.group().strip()]
    fragment = fragment.strip()
    if not found:
        fragment = fragment if tokens(fragment)[0].low in PREPOSITIONS else f"in {fragment}"
        return f"{base.rstrip(' ?')} {fragment}?"
    old = found[-1]
    preposed = tokens(fragment)[0].low in PREPOSITIONS | {"last", "this", "next"}
    old_preposition = tokens(old.group())[0].text if tokens(old.group()) else ""
    if not preposed and fold(old_preposition) in PREPOSITIONS:
        fragment = f"{old_preposition} {fragment}"
    return _replaced(base, old.start(), old.end(), fragment)


def _put_prepositional(preposition: str, fragment: str, base: str, article: str) -> str:
    phrases = noun_phrases(base, article)
    for start, end in phrases:
        before = tokens(base[:start])
        if before and before[-1].low == preposition:
            return _replaced(base, before[-1].start, end, fragment)
    return f"{base.rstrip(' ?')} {fragment}?"


def _put_thing(fragment: str, bases: Sequence[str], article: str) -> str:
    """Put the fragment in the place of what is most like it in the questions before."""
    wanted = head(fragment)
    for base in bases:
        alike = [
            (end - start, start)
            for start, end in noun_phrases(base, article)
            if head(base[start:end]) == wanted and normalise(base[start:end]) != normalise(fragment)
        ]
        if alike:
            # The shortest, so that "at the Marathon" stays; "Thornbury's manager" takes all of
            # "the manager of the Rovers".
            owned = re.match(r"(?!(?:the|an?)\s)\S+['’]s?\s", fragment)
            length, start = max(alike) if owned else min(alike)
            return _replaced(base, start, start + length, fragment)
    base = bases[0]
    counted = re.search(r"\bhow many (\w+)", base, re.IGNORECASE)
    named = any(name.kind is Kind.NAME for name in names(f"x {fragment}"))
    plain = tokens(fragment)[0].low not in DETERMINERS and not named
    if counted and plain and len(tokens(fragment)) <= 3:
        return _replaced(base, counted.start(1), counted.end(1), fragment)
    past = question_head(base)
    begin = tokens(base)[past - 1].end if past else 0
    phrases = [
        (start, end)
        for start, end in noun_phrases(base, article)
        if start >= begin and not any(is_time(token.low) for token in tokens(base[start:end]))
    ]
    same = [span for span in phrases if _alike(base[span[0] : span[1]], fragment)]
    if same:
        # A name comes in the place of the last name, a thing in that of the first.
        start, end = same[-1] if named else same[0]
        return _replaced(base, start, end, fragment)
    if plain and phrases:
        return _replaced(base, *phrases[-1], fragment)
    return f"{base.rstrip(' ?')}, {fragment}?"


def _alike(phrase: str, fragment: str) -> bool:
    ours, theirs = tokens(phrase), tokens(fragment)
    determined = ours[0].low in DETERMINERS, theirs[0].low in DETERMINERS
    if determined == (True, True):
        return True
    return is_name(ours[-1]) and is_name(theirs[-1]) and not any(map(str.isdigit, phrase))


def _replaced(base: str, start: int, end: int, new: str) -> str:
    possessive = re.search(r"['’]s?$", base[start:end])
    if possessive and not re.search(r"['’]s?$", new):
        new += possessive.group()
    return f"{base[:start].rstrip()} {new}{base[end:]}".strip()


def statement(question: str, answer: str) -> str:
    """Return what a question and its answer say: "The Lace Merchant is worth 14 million"."""
    found = tokens(question)
    past = question_head(question)
    if not past or past >= len(found):
        return answer
    rest = question[found[past].start :].rstrip(" ?")
    if _asks_subject(question):
        return f"{answer} {rest}"
    auxiliary, tail = found[past], question[found[past].end :].rstrip(" ?")
    if auxiliary.low not in AUXILIARIES:
        return f"{rest} {answer}"
    shift = len(question) - len(question[found[past].end :])
    subjects = [
        (start - shift, end - shift)
        for start, end in noun_phrases(question)
        if found[past + 1 : past + 2] and start == found[past + 1].start
    ]
    if not subjects:
        return f"{tail.strip()} {answer}"
    _, end = subjects[0]
    spoken = "" if auxiliary.low in {"did", "do", "does"} else f" {auxiliary.text}"
    return f"{tail[:end].strip()}{spoken}{tail[end:]} {answer}"
