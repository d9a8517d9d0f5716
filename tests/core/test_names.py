from __future__ import annotations

import pytest

from qa.names import KIN, initials, roots, spelled_out, spellings

KIN_OF = """
Cuba Cuban, Cuba Cubans, Japan Japanese, Mexico Mexicans, Haiti Haitians, Venezuela Venezuelan,
Russia Russians, Italy Italians, Egypt Egyptian, Sudan Sudanese, Canada Canadian, Chile Chileans,
Brazil Brazilian, Kuwait Kuwaitis, Vietnam Vietnamese, India Indians, Hungary Hungarian,
France French, Spain Spanish, Netherlands Dutch, Poland Poles, Sweden Swedish, Britain British,
Germany Germans, Turkey Turkish, China Chinese, Iraq Iraqis, Peru Peruvian, Ukraine Ukrainian,
US American, USA Americans, UK British, EU European
"""
PAIRS = [tuple(pair.split()) for pair in KIN_OF.replace("\n", " ").split(",")]
STRANGERS = """
Cuba Canada, Iran Iraq, Austria Australia, Mali Malaysia, China Chile, Slovakia Slovenia,
India Indonesia, Togo Tonga, Serbia Siberia, Russia Prussia, Mexico Cuba, Japan China,
Harf Gross, Havana Panama, Clinton Obama
"""
OTHERS = [tuple(pair.split()) for pair in STRANGERS.replace("\n", " ").split(",")]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_country_shares_a_root_with_its_people(one, other):
    assert roots(one) & roots(other)
    assert roots(one.upper()) == roots(one.lower())


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_share_none(one, other):
    assert not roots(one) & roots(other)


def test_initials_with_dots_are_the_same_without():
    assert "us" in roots("U.S") & roots("US")
    assert "america" in spellings("U.S.")
    assert "us" in spellings("u.s")
    assert "u.s" in spellings("US")
    assert "st.louis" not in spellings("St.Louis")[1:]


def test_acronyms_in_words_of_small_letters():
    assert spelled_out("GDP", "15 percent of its gross domestic product in 2013")
    assert spelled_out("IVF", "after in-vitro fertilisation failed") is False  # "in" is too short
    assert spelled_out("CEO", "the chief executive officer")
    assert not spelled_out("CEO", "the chief of the office")
    assert not spelled_out("US", "under suspicion")
    assert not spelled_out("Gdp", "gross domestic product")


def test_initials_meet_their_name_however_they_are_written():
    assert "us" in initials("the United States")
    assert "us" in initials("U.S. officials")
    assert "un" in initials("the United Nations said")
    assert initials("the us and them") == frozenset()


def test_forms_of_one_country_name_each_other():
    assert "british" in KIN["britain"]
    assert "britain" in KIN["british"]
