"""Dates of publication."""

from datetime import UTC, date, datetime

import pytest

from qa.articles.dates import date_in, parse_date

DAY = date(2013, 7, 17)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2013, 7, 17, 23, 30, tzinfo=UTC),
        "2013-07-17",
        "2013-07-17T23:30:00-05:00",
        "2013-07-17T23:30:00Z",
        "2013-07-17 10:00",
        "2013/7/17",
        "20130717",
        20130717,
        "July 17, 2013",
        "Jul. 17th 2013",
        "17 July 2013",
        "17th of July, 2013",
        "Wednesday, July 17, 2013 5:30 p.m. EDT",
        "Wed, 17 Jul 2013 10:00:00 GMT",
        "17/07/2013",
        "7/17/2013",
        "17.07.2013",
        "17 juillet 2013",
        "17 de julio de 2013",
        "17. Juli 2013",
        "17 Temmuz 2013",
        "17 июля 2013",
        "2013年7月17日",
    ],
)
def test_dates(value: object):
    assert parse_date(value) == DAY


@pytest.mark.parametrize(
    "value",
    [
        None, "", "yesterday", "2013", "July 2013", "7/8/2013", "2013-13-45", "31 February 2013",
        "garbage", "x" * 500, ["2013-07-17"], {"a": 1}, True, 3.5, 1374019200, "0000-00-00",
    ],
)  # fmt: skip
def test_what_is_no_certain_date_is_none(value: object):
    assert parse_date(value) is None


def test_points_are_never_american():
    assert parse_date("07.08.2013") == date(2013, 8, 7)


def test_date_in_a_line():
    assert date_in("Updated 5:30 PM EDT, Wed July 17, 2013") == DAY
    assert date_in("on July 17 he left, in 2013") is None
