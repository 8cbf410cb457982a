"""Sums of the figures that articles report: which are added, and to which place they are rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from gongbao.article import Article, Figure
from gongbao.browse.sums import MONEY, PERSONS, Addend, add_up, format_amount, last_place, read_addend, sum_figures
from gongbao.dates import PartialDate
from hypothesis import given
from hypothesis import strategies as st

QUALIFIERS = ["", "余", "多", "近", "约", "超"]


def article(slug: str, *figures: Figure) -> Article:
    return Article(f"{slug}.md", slug, slug, PartialDate(2020), 2020, (), (), "", figures=figures)


def money(value: float, unit: str = "万元", qualifier: str = "") -> Figure:
    return Figure("发放慰问金", value, unit, qualifier)


FIGURES = st.builds(
    money,
    st.one_of(st.integers(0, 10**12), st.decimals("0.01", "99999", places=2).map(float)),
    st.sampled_from(["元", "万元", "亿元"]),
    st.sampled_from(QUALIFIERS),
)


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ([money(170), money(30)], "200万元"),
        ([money(132.98), money(828.8)], "约961.8万元"),  # a hundredth that one of them doesn't have
        ([money(3.3, "亿元"), money(132.98)], "约3.3亿元"),
        ([money(73.6), money(1.4)], "75.0万元"),
        ([money(170, qualifier="余"), money(12)], "约180万元"),  # 170余 may be 178: ones are nobody's
        ([money(500, "元"), money(1)], "约1万元"),
        ([money(9999), money(1)], "10000万元"),  # 1亿元 would be a sum known to the hundred million
    ],
)
def test_sum_is_as_precise_as_its_least_precise_addend(figures: list[Figure], text: str) -> None:
    (total,) = sum_figures(article(f"a{number}", figure) for number, figure in enumerate(figures))
    assert total.text == text


def test_units_of_one_measure_are_added_and_others_kept_apart() -> None:
    articles = [
        article("a", Figure("入会", 20, "名"), Figure("培训", 30, "人次"), Figure("慰问", 4, "户")),
        article("b", Figure("入会", 1.5, "万人"), Figure("受益", 70, "人次"), Figure("走访", 6, "户")),
    ]
    assert [(total.measure.name, total.text) for total in sum_figures(articles)] == [
        ("人数", "约1.5万人"),
        ("人次", "100人次"),
    ]


def test_one_article_counts_once_with_its_largest_number() -> None:
    whole = article("a", money(210), money(5), money(7))
    (total,) = sum_figures([whole, article("b", money(90))])
    assert total.text == "300万元"
    assert [addend.article.slug for addend in total.addends] == ["a", "b"]


def test_a_single_number_is_no_sum() -> None:
    assert sum_figures([article("a", money(3))]) == ()


def test_numbers_that_no_calculator_holds_do_not_stop_a_build() -> None:
    (total,) = sum_figures([article("a", money(10**400)), article("b", money(1))])
    assert total.text.endswith("1亿元") or total.total == 10**404 + 10**4
    assert read_addend(article("c"), money(float("inf"))) is None


@pytest.mark.parametrize(
    ("value", "qualifier", "place"),
    [("170", "", 0), ("170", "余", 1), ("132.98", "", -2), ("20", "近", 1), ("20.0", "", -1), ("1.50", "约", -1)],
)
def test_last_place_that_a_number_vouches_for(value: str, qualifier: str, place: int) -> None:
    assert last_place(Decimal(value), qualifier) == place


@given(st.lists(FIGURES, min_size=1, max_size=8))
def test_no_sum_is_finer_than_an_addend_or_further_off_than_half_its_place(figures: list[Figure]) -> None:
    addends = [
        addend for number, figure in enumerate(figures) if (addend := read_addend(article(f"a{number}"), figure))
    ]
    if not addends:
        return
    total = add_up(MONEY, addends)
    assert total.place == max(addend.place for addend in addends)
    assert total.total.as_tuple().exponent == total.place
    exact = sum((addend.amount for addend in addends), Decimal(0))
    assert abs(total.total - exact) <= Decimal(5).scaleb(total.place - 1)
    assert total.is_rough or total.total == exact
    assert add_up(MONEY, reversed(addends)).total == total.total


@given(st.integers(1, 10**13), st.integers(-2, 8))
def test_printed_amount_is_the_amount(amount: int, place: int) -> None:
    rounded = (Decimal(amount) / Decimal(10) ** place).to_integral_value().scaleb(place)
    printed = format_amount(rounded, place)
    scale = {"亿": 8, "万": 4}.get(printed[-1], 0)
    assert Decimal(printed.rstrip("亿万")).scaleb(scale) == rounded


def test_addends_stand_in_one_order() -> None:
    addends = [Addend(article(slug), Figure("x", 1, "人"), Decimal(1), 0) for slug in ("b", "a")]
    assert [addend.article.slug for addend in add_up(PERSONS, addends).addends] == ["a", "b"]
