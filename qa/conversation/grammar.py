"""As much English grammar as a follow-up question needs: word classes, verbs, noun phrases.

Knows closed word classes, the verbs of news questions and how a question begins. Does not know
conversations or answers. There is no tagger: where a word may be a noun or a verb ("strike"),
the article the question is about decides, since it holds the noun phrase and not the clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.text import DAYS, MONTHS, NUMBER_WORDS, fold, stem

TOKEN = re.compile(r"[^\W_]+(?:[’'.,\-&][^\W_]+)*[’'](?!\w)|[^\W_]+(?:[’'.,\-&][^\W_]+)*|&")
AUXILIARIES = frozenset(
    """is are was were am be been being do does did has have had will would can could shall should
    may might must isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't
    wouldn't can't cannot couldn't shouldn't""".split()
)
BE = frozenset("is are was were am".split())
WH = frozenset("who whom whose what which when where why how".split())
PREPOSITIONS = frozenset(
    """in on at by for from to of with about against after before during since until under over
    between among into onto through across behind near outside inside around without within
    despite because per as than toward towards along beside besides off upon""".split()
)
ATTACHING = frozenset("in for at from on about behind between outside near against".split())
DETERMINERS = frozenset("the a an this that these those".split())
POSSESSIVES = frozenset("his her its their".split())
PRONOUNS = frozenset("he him she her it they them we us you i me hers theirs himself".split())
OTHERS = frozenset(
    """and or but nor so if that while not never ever also only just still yet already now then
    there here again ago sharply today yesterday tomorrow else exactly precisely worth""".split()
)
CONNECTIVES = re.compile(
    r"^(?:(?:and|but|so|or|ok|okay|well|also|then|now)\b[,;:]?\s+)+(?=\w)", re.IGNORECASE
)
ABOUT = re.compile(r"^(?:what|how)\s+about\b[,:]?\s*", re.IGNORECASE)

# Verbs of questions about news. Those that are nouns as often are listed apart.
_VERBS = """accept accuse acknowledge acquire act admit adopt agree allow announce apologise
apologize appear appoint approve argue arrive ask assess attend become begin belong bind blame
break breed bring build buy call cancel carry catch cause celebrate chair choose claim close come
commission commit compare complain compose concede conclude condemn conduct confirm congratulate
consider contain continue convict criticise criticize deal decide declare defeat defend delay
deliver demand deny describe destroy deteriorate develop die discover discuss dismiss do drill
drive drop earn elect employ end escape estimate examine exist expect explain face fall fear feed
feel fight fill find finish fly follow forget form found free get give go govern grant grow
happen have hear help hire hold hope hurt include increase injure inspect intend invest invite
jail join keep kill know last lay lead learn leave let live lose make marry measure meet mention
mistake move name need note notice obtain occur offer open oppose order organise organize own
paint pay perform persuade plan play plead postpone praise predict prevent produce promise
propose protect prove provide publish pull put quit raise reach read receive recognise recognize
recommend record recover reduce refuse reject release remain remember remove repair repay replace
report represent request require rescue resign respond restore resume retire return reveal ring
rise rule run save say score see seek seem seize sell send sentence serve set show shut sign sink
sit sleep slow speak spend split spread stand start stay steal step stop strike struggle succeed
suffer suggest support surrender survive suspect suspend swear take talk tarnish tell test think
threaten travel treat trigger trust try turn understand urge use vary visit vote walk want warn
watch weigh welcome win wish withdraw work worry wrap write"""
_NOUNY = frozenset(
    """act attend break call cause claim close deal decide demand drill drive drop end face fall
    fear feed fight fill form free grant grow hire hold hope hurt increase last lead live measure
    move name need note offer open order own paint pay plan play praise promise pull raise reach
    record release remain repair report request rescue return ring rise rule run save score set
    show sign sink sleep slow split spread stand start stay step stop strike struggle suggest
    support suspect talk test travel treat trigger trust try turn use visit vote walk want watch
    welcome win wish work worry cost jam match damage""".split()
)
_IRREGULAR = """become became become|begin began begun|bind bound bound|break broke broken|bring
brought brought|build built built|buy bought bought|catch caught caught|choose chose chosen|come
came come|deal dealt dealt|do did done|drive drove driven|fall fell fallen|feed fed fed|feel felt
felt|fight fought fought|find found found|fly flew flown|forget forgot forgotten|get got got|give
gave given|go went gone|grow grew grown|have had had|hear heard heard|hold held held|hurt hurt
hurt|keep kept kept|know knew known|lay laid laid|lead led led|leave left left|let let let|lose
lost lost|make made made|meet met met|pay paid paid|put put put|quit quit quit|read read read|
repay repaid repaid|ring rang rung|rise rose risen|run ran run|say said said|see saw seen|seek
sought sought|sell sold sold|send sent sent|set set set|show showed shown|shut shut shut|sink sank
sunk|sit sat sat|sleep slept slept|speak spoke spoken|spend spent spent|split split split|spread
spread spread|stand stood stood|steal stole stolen|strike struck struck|swear swore sworn|take
took taken|tell told told|think thought thought|understand understood understood|win won won|
withdraw withdrew withdrawn|write wrote written|draw drew drawn|throw threw thrown|cost cost
cost|breed bred bred|mistake mistook mistaken|beat beat beaten|cut cut cut|hit hit hit"""


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a verb."""

    base: str
    form: str  # base, s, past, ing
    nouny: bool  # this form may as well be a noun


@lru_cache(maxsize=1)
def _verbs() -> dict[str, Verb]:
    table: dict[str, Verb] = {}

    def add(form: str, base: str, kind: str) -> None:
        table.setdefault(form, Verb(base, kind, kind in {"base", "s"} and base in _NOUNY))

    irregular = [group.split() for group in _IRREGULAR.replace("\n", " ").split("|")]
    for base, past, participle in irregular:
        add(past, base, "past")
        add(participle, base, "past")
    strong = {group[0] for group in irregular}
    for base in sorted({*_VERBS.split(), *_NOUNY, *strong}):
        silent = base.removesuffix("e")
        double = base + base[-1] if re.search(r"(?:^|[^aeiou])[aeiou][bdgklmnprt]$", base) else base
        y = base[:-1] + "i" if re.search(r"[^aeiou]y$", base) else base
        add(base, base, "base")
        add(
            f"{y}es" if y != base or re.search(r"(?:s|sh|ch|x|o)$", base) else f"{base}s", base, "s"
        )
        for one in dict.fromkeys((silent, double)):
            add(f"{one}ing", base, "ing")
        if base not in strong:
            for one in dict.fromkeys((y + "e" if y != base else silent + "e", double + "e")):
                add(f"{one}d", base, "past")
    return table


def verb(word: str) -> Verb | None:
    """Return what verb form `word` is, if it is one of the known verbs."""
    return _verbs().get(fold(word))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question; `low` is folded."""

    text: str
    start: int
    end: int
    low: str


def tokens(text: str) -> list[Token]:
    """Return the words of `text` with their offsets."""
    return [Token(m.group(), m.start(), m.end(), fold(m.group())) for m in TOKEN.finditer(text)]


def question_head(question: str) -> int:
    """Return how many tokens the wh-phrase at the beginning takes; 0 if there is none.

    "How many immigrant visas a year | did …": 6; "By how much": 3; "Who | chaired": 1.
    """
    found = tokens(question)
    first = 1 if found and found[0].low in PREPOSITIONS else 0
    if len(found) <= first or found[first].low not in WH:
        return 0
    for place in range(first + 1, len(found)):
        word = found[place]
        if word.low in AUXILIARIES:
            return place
        shape = verb(word.low)
        if shape and not (shape.nouny and place == first + 1 and found[first].low != "who"):
            if found[place - 1].low in DETERMINERS or shape.form == "ing":
                continue
            return place
        if found[first].low in {"who", "whom", "when", "where", "why"}:
            return first + 1
    return len(found)


def is_name(token: Token) -> bool:
    """Say whether a token is written like a name."""
    return token.text[0].isupper() or token.text[0].isdigit() or token.text == "&"


def noun_phrases(question: str, article: str = "") -> list[tuple[int, int]]:
    """Return where noun phrases stand in a question: after a determiner, or from a name on.

    Args:
        question: One question.
        article: The text it is about, which tells nouns from verbs.

    Returns:
        (start, end) offsets, in order; a longer phrase comes before the one inside it.
    """
    found = tokens(question)
    folded = _folded(article)
    phrases = []
    for place, token in enumerate(found):
        if token.low in WH | AUXILIARIES:
            continue
        begins = token.low in DETERMINERS or (
            is_name(token)
            and (place > 0 or token.low not in PREPOSITIONS)
            and not (place and (is_name(found[place - 1]) or found[place - 1].low in DETERMINERS))
        )
        how_many = place >= 2 and (found[place - 2].low, found[place - 1].low) == ("how", "many")
        if not begins and not (how_many and token.low not in PREPOSITIONS):
            continue
        last = _phrase_end(found, place, folded)
        if last is None:
            continue
        phrases.append((token.start, found[last].end))
        longer = _attached(found, last, folded)
        if longer is not None:
            phrases[-1:] = [(token.start, found[longer].end), phrases[-1]]
    return phrases


@lru_cache(maxsize=16)
def _folded(article: str) -> str:
    return f" {' '.join(token.low for token in tokens(article))} "


def _phrase_end(found: list[Token], place: int, article: str) -> int | None:
    """Return the last token of the plain phrase that begins at `place`."""
    last = place if found[place].low not in DETERMINERS else None
    for at in range(place + 1, len(found)):
        word, before = found[at], found[at - 1]
        if is_name(word) and word.low not in WH | AUXILIARIES:
            last = at
            continue
        if word.low in AUXILIARIES | WH | PREPOSITIONS | PRONOUNS | POSSESSIVES | DETERMINERS:
            break
        if word.low in OTHERS:
            break
        shape = verb(word.low)
        if shape and last is not None:
            adjacent = f" {before.low} {word.low} " in article
            if not (shape.nouny and adjacent):
                break
        if word.low.endswith("ed") and last is not None:
            break
        last = at
    return last


def _attached(found: list[Token], last: int, article: str) -> int | None:
    """Return the last token with what follows: "of …" always, "in …" when it has a name."""
    at = last + 1
    if at + 1 >= len(found) or found[at].low not in ATTACHING | {"of"}:
        return None
    begin = at + 1
    end = _phrase_end(found, begin, article)
    if end is None:
        return None
    named = any(is_name(token) for token in found[begin : end + 1])
    timed = any(is_time(token.low) for token in found[begin : end + 1])
    if found[at].low != "of" and (not named or timed):
        return None
    return _attached(found, end, article) or end


def is_time(word: str) -> bool:
    """Say whether a folded word is a year, a month, a day or a word for a time."""
    return bool(
        word in MONTHS
        or word in DAYS
        or re.fullmatch(r"(?:1[5-9]|20)\d\ds?", word)
        or word in _TIMES
    )


_TIMES = frozenset(
    """year years month months week weeks day today yesterday tomorrow morning evening night noon
    midnight spring summer autumn winter century decade season""".split()
)
TIME_PHRASE = re.compile(
    r"\b(?:(?:in|on|since|during|from|by|until|before|after|for|at|of)\s+)?"
    r"(?:(?:the|early|late|mid|last|this|next|that|same|whole|end|start|beginning|all|of)\s+)*"
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{'|'.join((*MONTHS, *DAYS))})\b(?:\s+\d{{1,2}}\b,?)?"
    r"(?:\s+(?:1[5-9]|20)\d\d\b)?|(?:1[5-9]|20)\d\ds?\b|(?<=last )\w+|(?<=this )(?:year|month|week"
    r"|season|spring|summer|autumn|winter)\b|(?<=next )(?:year|month|week|season)\b)"
    r"(?:\s+(?:to|through|until|and)\s+(?:\w+\s+)?"
    rf"(?:(?:{'|'.join((*MONTHS, *DAYS))})\b(?:\s+\d{{4}})?|(?:1[5-9]|20)\d\d\b))?",
    re.IGNORECASE,
)


def head(phrase: str) -> str:
    """Return the stem of the noun that a phrase is about: "the men's race in X" → "rac"."""
    plain = re.split(r"\s(?:of|in|for|at|from|on|about|to|with|between)\s", phrase)[0]
    found = [token.low for token in tokens(plain)]
    return stem(re.sub(r"['’]s?$", "", found[-1])) if found else ""


def plural(phrase: str) -> bool:
    """Say whether a phrase is of several, as far as its head tells."""
    plain = re.split(r"\s(?:of|in|for|at|from|on|about|to|with|between|that|who)\s", phrase)[0]
    found = [token.low for token in tokens(plain)]
    if not found:
        return False
    last = found[-1]
    if " and " in plain or last in _PLURALS:
        return True
    return last.endswith("s") and not re.search(r"(?:ss|us|is|'s)$", last)


_PLURALS = frozenset("people men women children police authorities media troops cattle".split())


def numeric(text: str) -> bool:
    """Say whether a text is an amount or a time rather than a thing."""
    found = [token.low for token in tokens(text)]
    if not found:
        return True
    first = [word for word in found if word not in {"about", "more", "than", "at", "least", "in"}]
    return not first or first[0][0].isdigit() or first[0] in NUMBER_WORDS or is_time(first[0])
