"""What a follow-up question becomes, given turns whose answers are known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from qa.conversation import Conversation, resolve
from qa.types import Answer, Article, Citation, Hit, Passage, Reason, Scope

NEWS = """Mayor of Porto Verde quits after flood

The mayor of Porto Verde, Amalia Reyes, resigned on Friday. She had cut the budget for dykes, which
the engineer Bruno Falk had called a mistake in 2015. Falk, 44, said that he was not surprised.

The company Aquadyn had offered to build new dykes for 12 million euros. It employs 300 people and
was founded in Bonn. Its director, Nora Winkel, said that the city had not answered.

The flood killed 17 people and drove 2,000 residents from their homes. In the flood of 1998, four
people died. The residents had demanded new dykes for years.
"""


@dataclass(frozen=True)
class Told:
    """A turn, as `resolve` sees one."""

    question: str
    answer: Answer | None


ARTICLE = Article("flood", "Mayor of Porto Verde quits after flood", NEWS, "flood.txt", "0" * 64)
PASSAGE = Passage("flood#0", "flood", 0, len(NEWS), NEWS)


def told(question, answer, searched_as=""):
    if answer is None:
        made = Answer(question, None, 0.1, reason=Reason.NOT_ANSWERED)
        return Told(question, replace(made, searched_as=searched_as or question))
    start = NEWS.index(answer)
    end = start + len(answer)
    citation = Citation(ARTICLE, PASSAGE, answer, start, end, answer, start)
    return Told(
        question,
        Answer(
            question,
            answer,
            0.9,
            (citation,),
            hits=(Hit(PASSAGE, 1.0, 1),),
            searched_as=searched_as or question,
        ),
    )


WHO = told("Who resigned as mayor of Porto Verde?", "Amalia Reyes")
ENGINEER = told("Who called the cut a mistake?", "Bruno Falk")
COMPANY = told("Which company offered to build new dykes for Porto Verde?", "Aquadyn")
KILLED = told("How many people did the flood in Porto Verde kill?", "17")


@pytest.mark.parametrize(
    ("turns", "question", "searched"),
    [
        # pronouns, with gender and with things kept from persons
        ([WHO], "What did she cut?", "What did Amalia Reyes cut?"),
        ([WHO], "Who is her successor?", "Who is Amalia Reyes's successor?"),
        ([WHO], "Who criticised her?", "Who criticised Amalia Reyes?"),
        ([WHO, ENGINEER], "What had she cut?", "What had Amalia Reyes cut?"),
        ([WHO, ENGINEER], "How old is he?", "How old is Bruno Falk?"),
        ([WHO, COMPANY], "How many people does it employ?", "How many people does Aquadyn employ?"),
        ([COMPANY], "Who is its director?", "Who is Aquadyn's director?"),
        ([KILLED], "When did it happen?", "When did the flood in Porto Verde happen?"),
        (
            [told("What did the residents demand?", "new dykes")],
            "How long had they waited?",
            "How long had new dykes waited (Porto Verde)?",
        ),
        # questions that are only their question words
        ([COMPANY], "Where?", "Where did Aquadyn offer to build new dykes for Porto Verde?"),
        (
            [COMPANY],
            "For how much?",
            "For how much did Aquadyn offer to build new dykes for Porto Verde?",
        ),
        ([KILLED], "Where exactly?", "Where did the flood in Porto Verde kill 17 people?"),
        ([WHO], "In which year?", "In which year did Amalia Reyes resign as mayor of Porto Verde?"),
        ([WHO], "Why?", "Why did Amalia Reyes resign as mayor of Porto Verde?"),
        (
            [told("When was Aquadyn founded?", "1998"), told("Where was Aquadyn founded?", "Bonn")],
            "Why there?",
            "Why was Aquadyn founded in Bonn?",
        ),
        # something else put in the place of what was asked about
        ([KILLED], "And in 1998?", "How many people did the flood in Porto Verde kill in 1998?"),
        (
            [told("How many people did the flood in Porto Verde kill in 1998?", "four")],
            "And in 2023?",
            "How many people did the flood in Porto Verde kill in 2023?",
        ),
        (
            [told("How many rescuers did Mexico send in May?", "17")],
            "What about Spain?",
            "How many rescuers did Spain send in May?",
        ),
        (
            [told("How many people does Aquadyn employ?", "300 people")],
            "And residents?",
            "How many residents does Aquadyn employ?",
        ),
        (
            [told("Who spoke for the city?", "Amalia Reyes")],
            "And for the company?",
            "Who spoke for the company?",
        ),
        # "that" is what was said
        (
            [told("How many people does Aquadyn employ?", "300 people")],
            "Who says that?",
            "Who says that Aquadyn employ 300 people?",
        ),
    ],
)
def test_a_follow_up_becomes_a_whole_question(turns, question, searched):
    made = resolve(question, turns)
    if "(" not in searched:
        assert made.question.partition(" (")[0].rstrip("?") + "?" == searched
    assert made.keep == ("flood#0",)
    assert made.why


@pytest.mark.parametrize(
    "question",
    [
        "Who won the marathon in Boston?",
        "What did President Elena Duarte say about her brother?",
        "How many seats does the new stadium have?",
        "Is it true that Cuba holds talks with Panama?",
        "Who is the director of the Louvre?",
        "Which teams are there in Group B of the World Cup?",
        "",
        "???",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question):
    made = resolve(question, [WHO, KILLED, COMPANY])
    assert made.question == question
    assert made.keep == ()
    assert made.why == ""


@pytest.mark.parametrize("question", ["Where?", "How old is she?", "And in 2020?", "Why?"])
def test_without_turns_nothing_is_read_into_a_question(question):
    assert resolve(question, []).question == question
    assert resolve(question, [Told("Who?", None)]).question == question


def test_a_question_without_a_name_stays_with_the_article_in_focus():
    made = resolve("How many residents lost their homes?", [WHO])
    assert "Porto Verde" in made.question
    assert made.keep == ("flood#0",)


def test_an_abstention_leaves_the_focus_as_it_was():
    turns = [WHO, told("Is she married?", None, "Is Amalia Reyes married?")]
    assert resolve("When did she resign?", turns).question == "When did Amalia Reyes resign?"
    assert resolve("When did she resign?", turns).keep == ("flood#0",)


def test_a_pronoun_that_goes_back_to_nothing_is_searched_with_the_words_before():
    made = resolve("How old is she?", [told("Who won the vote in Kaveli?", None)])
    assert made.question == "How old is she? won vote kaveli"
    assert made.why


def test_an_anchor_is_not_carried_into_the_next_question():
    turn = told("How many were killed?", "17", "How many were killed (the flood)?")
    made = resolve("And in 1998?", [WHO, turn])
    assert made.question.count("(") == made.question.count("in 1998") == 1
    assert made.question.index("in 1998") < made.question.index("(")


def test_the_second_try_must_be_clear():
    tried = []

    def ask(question, **given):
        tried.append((given["searched_as"], given["threshold"]))
        if question == WHO.question:
            return WHO.answer
        return told(question, None).answer

    conversation = Conversation(ask)
    conversation.ask(WHO.question)
    assert conversation.ask("What is her age?").text is None
    assert tried[1:] == [
        ("What is Amalia Reyes's age?", None),
        ("What is her age? resigned mayor porto verde", 0.5),
    ]


def test_the_same_turns_resolve_alike():
    turns = [WHO, ENGINEER, COMPANY, KILLED]
    assert len({resolve("Who is its director?", turns) for _ in range(5)}) == 1


@pytest.mark.parametrize(
    "question",
    ["his", "And?", "What about?", "it?", "there", "that", "their their their", "and and and", "&"],
)
def test_odd_questions_are_survived(question):
    for turns in ([WHO], [KILLED], [told("Reyes", "Amalia Reyes")], [told("?", None)]):
        assert isinstance(resolve(question, turns).question, str)


def test_a_conversation_asks_what_was_resolved_and_keeps_its_turns():
    calls = []

    def ask(question, **given):
        calls.append((question, given))
        answer = WHO.answer if "mayor" in question else told(question, "2015").answer
        return replace(answer, searched_as=given["searched_as"] or question)

    conversation = Conversation(ask)
    scope = Scope(articles=frozenset({"flood"}))
    conversation.ask("Who resigned as mayor of Porto Verde?")
    answer = conversation.ask("When was she warned?", scope, 0.3)
    assert calls[0] == (
        "Who resigned as mayor of Porto Verde?",
        {"scope": Scope(), "threshold": None, "keep": (), "searched_as": None},
    )
    assert calls[1] == (
        "When was she warned?",
        {
            "scope": scope,
            "threshold": 0.3,
            "keep": ("flood#0",),
            "searched_as": "When was Amalia Reyes warned?",
        },
    )
    assert answer.searched_as == "When was Amalia Reyes warned?"
    assert [turn.question for turn in conversation.turns] == [
        "Who resigned as mayor of Porto Verde?",
        "When was she warned?",
    ]
    assert conversation.turns[1].resolution.why == "“she” read as “Amalia Reyes”"
