import datetime

import pytest
from gongbao.dates import PartialDate, parse_date


@pytest.mark.parametrize(
    ("text", "chinese"), [("2020-01-05", "2020年1月5日"), ("2020-01", "2020年1月"), ("2020", "2020年")]
)
def test_date_keeps_its_precision(text: str, chinese: str) -> None:
    date = parse_date(text)
    assert str(date) == text
    assert date.chinese == chinese


@pytest.mark.parametrize("text", ["2020-02-30", "2020-13", "20-01-01", "2020/01/01", "去年", "2020-1-5", ""])
def test_impossible_date_is_refused_with_what_was_found(text: str) -> None:
    with pytest.raises(ValueError, match="日期"):
        parse_date(text)


def test_less_precise_date_sorts_before_the_days_it_contains() -> None:
    dates = [parse_date(text) for text in ("2020-01-15", "2020", "2020-01", "2019-12-31")]
    assert [str(date) for date in sorted(dates, key=lambda date: date.sort_key)] == [
        "2019-12-31",
        "2020",
        "2020-01",
        "2020-01-15",
    ]


def test_first_day_of_a_month() -> None:
    assert PartialDate(2020, 2).first_day == datetime.date(2020, 2, 1)
