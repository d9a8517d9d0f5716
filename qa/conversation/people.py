"""Who is a person, a woman or a man, and what is an organisation, as far as words tell.

Knows common first names, words for people and organisations, and how to read off an article
which pronouns it uses for a name. Does not know conversations. All of it is a guess that only
orders candidates; a name of no evidence is nobody's in particular.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.conversation.grammar import tokens
from qa.names import KIN
from qa.text import Kind, fold, names, words

LONGEST = 9  # words of an answer that may be put into a question
WINDOW = 240  # characters after a name in which a pronoun may mean it
SURE = 1.0  # evidence from which a gender excludes the other


@dataclass(frozen=True, slots=True)
class Traits:
    """What the words tell about a name."""

    person: bool = False
    gender: float = 0.0  # above 0 a man, below 0 a woman; from SURE on it is sure


@lru_cache(maxsize=2048)
def traits(name: str, article: str) -> Traits:
    """Read off the article whether `name` is a person, a woman or a man.

    "He" and "she" after a mention count, up to the next other name of two words, and less in
    the same sentence, where they often mean somebody else; so do an age set off by commas, a
    verb of saying, and a common first name.
    """
    found = tokens(name)
    if not found:
        return Traits()
    surname = re.sub(r"['’]s?$", "", found[-1].text)
    gender = 0.0
    said, seen = False, 0.0
    alone = r"(?<![A-Z][a-zé] )" if len(found) == 1 else ""
    for mention in re.finditer(rf"{alone}\b{re.escape(surname)}\b", article):
        if len(found) == 1 and re.search(r"[A-Z]\w+ $", article[: mention.start()][-20:]):
            continue  # "Harold Bellamy" does not make "Bellamy" a man
        window = article[mention.end() : mention.end() + WINDOW]
        other = [
            n for n in names(window) if n.kind is Kind.NAME and _leads(n.text, n.start, window)
        ]
        other = [n for n in other if surname not in n.text]
        window = window[: other[0].start] if other else window
        for place, pronoun in enumerate(_PRONOUN.finditer(window), start=1):
            low = pronoun.group().lower()
            near = not re.search(r"[.!?”\"]\s", window[: pronoun.start()])
            weight = (0.3 if near else 1.0) * (1.0 if low in {"he", "she"} else 0.6) / place
            gender += weight if low in {"he", "his", "him"} else -weight
            seen += weight
        said |= bool(re.match(r",? (?:\d\d,|who |said|told|says|added)", window))
        around = fold(article[max(0, mention.start() - 60) : mention.end() + 40])
        gender += 0.4 * (bool(re.search(_MAN, around)) - bool(re.search(_WOMAN, around)))
    first = fold(found[0].text)
    if len(found) > 1 and not organisation(name):
        gender += 2.0 * ((first in _MEN) - (first in _WOMEN))
        said |= first in _MEN | _WOMEN
    return Traits(said or seen >= 0.75, gender)


def _leads(name: str, start: int, text: str) -> bool:
    """Say whether a name takes over: it is of two words, or begins a sentence."""
    return " " in name or bool(re.search(r"[.!?”\"]\s+$", text[:start]))


_PRONOUN = re.compile(r"\b(?:he|his|him|she|hers?)\b", re.IGNORECASE)
_WOMAN = (
    r"\b(?:mrs|ms|woman|(?:chair|spokes|sports|business|police)woman|mother|daughter|sister|wife"
    r"|widow|niece|aunt|girl|actress|queen|princess|midwife|nun)\b"
)
_MAN = (
    r"\b(?:mr|(?:chair|spokes|sports|business|police|post|fire|watch)man|father|son|brother"
    r"|husband|widower|nephew|uncle|boy|king|prince|monk)\b"
)
_ORGANISATIONS = re.compile(
    r"\b(?:agency|alliance|army|association|bank|board|club|commission|committee|company|congress"
    r"|corporation|council|court|department|federation|force|foundation|fund|government|group"
    r"|house|institute|league|minerals|ministry|museum|office|orchestra|organi[sz]ation|parliament"
    r"|party|philharmonic|police|press|rovers|school|senate|service|society|trust|union|united"
    r"|university|works|inc|ltd|corp|plc|co|city|town|firm|team)\b|&",
    re.IGNORECASE,
)


def organisation(text: str) -> bool:
    """Say whether a name holds a word for an organisation."""
    return bool(_ORGANISATIONS.search(text)) or bool(re.fullmatch(r"(?:the )?[A-Z]{2,5}", text))


def country(text: str) -> bool:
    """Say whether a name is one of the countries that news name by several forms."""
    plain = re.sub(r"^the ", "", fold(text))
    return plain in KIN or plain in {"united states", "united kingdom", "european union"}


_ROLE = re.compile(
    r"(?:\b(?:minister|president|chief|captain|coach|judge|lawyer|mayor|spokes\w+|chair\w*|boss"
    r"|scientist|head|secretary|king|queen|pope|bishop|archbishop|champion|clerk|general|agent"
    r"|expert|official|man|woman|boy|girl|child|brother|sister|father|mother|daughter|son|wife"
    r"|husband|uncle|niece|skipper|artist|pilot|student|nurse|victim|witness|person|premier"
    r"|governor|senator|envoy|athlete|guard|patient|analyst|\w{3,}(?:ologist|ician|woman|man))"
    r"|\b(?!number|order|paper|tower|water|river|winter|summer|letter|member|power|weather|matter"
    r"|quarter|paper|chapter|border|offer|centre|center|career|factor|sector|motor|floor|harbo"
    r"|newspaper|theater|disaster|container|helicopter|computer|corner|cover|danger|dinner|layer"
    r"|master|murder|register|semester|shelter|shower|transfer|trailer|november|october"
    r"|september|december|prayer|tender|cluster|barrier|carrier|error|horror|terror|corridor"
    r"|reactor|tumor|vector|flavor|favor|labor|vapor|odor|mirror|fever|fiber|timber|cucumber"
    r"|laser|liter|meter|filter|bunker|tanker|freighter|crater|charter|answer|drawer|sewer|ever"
    r"|never|over|under|after|other|another|either|whether|rather|together|however|whatever)"
    r"[a-z]{3,}(?:er|or))s?$"
)


def role(phrase: str) -> bool:
    """Say whether the head of a common noun phrase is a word for a person."""
    plain = re.split(r"\s(?:of|in|for|at|from|on|about|to|with)\s", fold(phrase))[0]
    return bool(_ROLE.search(re.sub(r"[^a-z ]+$", "", plain)))


def who(text: str, article: str) -> str:
    """Return the person's name in an answer to "who", in full, leaving office and age aside."""
    found = [name for name in names(text) if name.kind is Kind.NAME]
    if not found:
        return ""
    chosen = found[0].text if len(words(text)) <= LONGEST else found[-1].text
    if " " not in chosen:  # "Flemish master Joris Vermeulen"
        chosen = next((name.text for name in found if " " in name.text), chosen)
    people = [name for name in found if traits(name.text, article).person]
    if people and not organisation(people[-1].text):
        chosen = people[-1].text
    elif len(found) > 1 and text[: found[-1].start].rstrip().endswith(","):
        chosen = found[-1].text
    return _in_full(chosen, article)


def _in_full(name: str, article: str) -> str:
    """Return "Marie Harf" for "Harf", if the article names the person so before."""
    if " " in name:
        return name
    longer = re.search(rf"\b[A-Z][a-zà-ÿ'-]+ (?:[A-Z]\. )?{re.escape(name)}\b(?! [A-Z])", article)
    if longer and not organisation(longer.group()) and traits(longer.group(), article).person:
        return longer.group()
    return name


# First names frequent in news of many countries; one that is given to both is left out.
_MEN = frozenset(
    """aaron abdul abdullah adam ahmad ahmed alan albert alberto alejandro alexander ali amir
    anders andre andreas andrew andrzej anthony antoine anton antonio arjun arne arthur bashar
    ben benjamin bernard bernd bill bob boris brian bruce bruno carl carlos charles chris
    christian christopher claude colin daniel david declan dennis diego dieter dmitri donald
    douglas edward emmanuel enrique eric erik ernesto evo fabio felipe felix ferdinand fernando
    fidel francesco francis francisco francois frank franz fred frederick gabriel gary geoffrey
    george gerald gerhard giovanni giuseppe gordon graham greg guillermo gustavo hamid hans
    harold harry hassan heinrich helmut henri henrik henry hiroshi hugo hussein ian ibrahim igor
    ivan jack jacob jacques jaime jakob james jan jason javier jeff jens jeremy jerome jim joao
    joe john johan jonas jonathan jorge jose joseph juan julian karim karl keith ken kenneth
    kevin khalid klaus kofi kurt lars laurent leonardo lorenzo louis luca lucas luis lukas
    magnus manuel marc marcel marco marcus mario mark markus martin mateo matteo matthew max
    mehmet michael michel miguel mike mohamed mohammed mohammad muhammad mustafa narendra nelson
    nicolas nikolai noah olaf oleg oliver olivier omar oscar oskar osman otto owen pablo paolo
    patrick paul pavel pedro peter philip philippe pierre pietro rafael rajesh ramon raul rene
    ricardo richard rob robert roberto roger roland ronald rupert sam samuel santiago sean
    sebastian sergei sergio simon stefan stephen steve steven sven takeshi thomas tim tobias tom
    tomas tony umberto vaclav victor viktor vikram vincent vladimir volodymyr walter werner
    wilhelm will william wolfgang xavier yusuf yves zoltan""".split()
)
_WOMEN = frozenset(
    """abigail agnes aisha alejandra alice alicia amanda amelia amina amy ana andrea angela anita
    anna anne annette astrid audrey aung barbara beatrice beatriz bella berta birgit brenda
    brigitte camila carla carmen carol carolina caroline catherine cecilia charlotte chloe
    christina christine clara claudia cristina daniela deborah diana dilma dolores donna dorothy
    edith eleanor elena elif elisabeth elizabeth ella ellen emily emma erika esther eva evelyn
    fatima fiona florence frances francesca gabriela gisele giulia gloria grace greta hanna
    hannah heather helen helena helga hilde hillary ines ingrid irene irina isabel isabella
    ivana jacqueline jane janet jennifer jessica joan joanna josefina josephine joyce judith
    julia juliet karen katarina kate katherine kathleen katrin keiko kirsten lara larissa laura
    leila lena leticia linda lisa liz louise lucia lucy luisa lydia madeleine magdalena malala
    margaret margarita margot maria mariana marie marina marta martha mary matilda maya megan
    melanie mercedes mette michelle miriam monica monika nadia nancy naomi natalia natalie
    natasha nicola nina nora olga olivia pamela patricia paula penelope petra pilar priya rachel
    rebecca regina renata rita rosa rose roxana ruth sabine sally samantha sandra sara sarah
    silvia sofia sonia sophia sophie stephanie susan susanne svetlana sylvia tamara tania
    tatiana teresa theresa ulla ursula valentina valerie vanessa vera veronica victoria virginia
    viviana yasmin yoko yulia zainab zoe""".split()
)
