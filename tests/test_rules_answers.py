"""Reading what people type: scores, items, days, years, references, reasons."""

import unicodedata
from datetime import date

import pytest
from factories import identity_number

from fitservice.model import OUTCOME_ITEMS, Answers, Invalid, MissingReason
from fitservice.rules.answers import (
    incomplete_items,
    parse_any_day,
    parse_birth_year,
    parse_day,
    parse_item,
    parse_past_day,
    parse_reason,
    parse_reference,
    parse_score,
    parse_typed_day,
    refuse_contradiction,
    refuse_identity_number,
    total,
)

TODAY = date(2022, 6, 15)


def refusal(function, *arguments) -> str:
    """The code of the one problem that is found."""
    with pytest.raises(Invalid) as refused:
        function(*arguments)
    (problem,) = refused.value.problems
    return problem.code


@pytest.mark.parametrize(("text", "score"), [("1", 1), ("7", 7), ("4,0", 4), ("4.00", 4), ("04", 4)])
def test_a_whole_score(text, score):
    assert parse_score(text) == score


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "score_outside"),
        ("8", "score_outside"),
        ("-1", "score_outside"),
        ("4,5", "score_not_whole"),
        ("4.01", "score_not_whole"),
        ("four", "score_not_whole"),
        ("4 5", "score_not_whole"),
        ("1e1", "score_not_whole"),
        ("٤", "score_not_whole"),
    ],
)
def test_a_score_outside_or_not_whole_is_refused(text, code):
    assert refusal(parse_score, text) == code


def test_a_score_of_thousands_of_digits_is_refused_like_any_other():
    assert refusal(parse_score, "9" * 5000) in ("score_outside", "score_not_whole")


def test_another_scale_has_its_own_ends():
    assert parse_score("10", 1, 10) == 10
    assert refusal(parse_score, "11", 1, 10) == "score_outside"


@pytest.mark.parametrize(
    ("text", "tenths"), [("0", 0), ("10", 100), ("7,5", 75), ("7.5", 75), ("10,0", 100), ("3.10", 31), ("0,1", 1)]
)
def test_an_item_with_comma_or_point_is_kept_in_tenths(text, tenths):
    assert parse_item(text) == tenths


@pytest.mark.parametrize("text", ["10,1", "11", "-1", "7,55", "7,", ",5", "7,5,5", "seven", "1000", "9" * 5000, ""])
def test_an_item_outside_0_to_10_or_finer_than_a_tenth_is_refused(text):
    assert refusal(parse_item, text) == "item_outside"


@pytest.mark.parametrize("text", ["2022-03-01", "01.03.2022", "2022-3-1", "1.3.2022"])
def test_a_day_in_either_form(text):
    assert parse_day(text) == date(2022, 3, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2022-02-29", "no_such_day"),
        ("31.04.2022", "no_such_day"),
        ("00.04.2022", "no_such_day"),
        ("32.01.2022", "not_a_day"),
        ("03/01/2022", "not_a_day"),
        ("01.03.22", "not_a_day"),
        ("2022-13-01", "not_a_day"),
        ("0000-01-01", "not_a_day"),
        ("today", "not_a_day"),
        ("", "not_a_day"),
    ],
)
def test_what_is_no_day_is_refused(text, code):
    assert refusal(parse_day, text) == code


@pytest.mark.parametrize(("text", "code"), [("16.06.2022", "future_day"), ("1899-12-31", "not_a_day")])
def test_a_day_after_today_or_before_1900_is_refused(text, code):
    assert refusal(parse_past_day, text, TODAY) == code


@pytest.mark.parametrize("text", ["2022-06-15", "1900-01-01"])
def test_today_and_1900_are_past_days(text):
    assert parse_past_day(text, TODAY) == date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01.03.2022", "2022-03-01"),
        ("2022-03-01", "2022-03-01"),
        ("1.3.22", "2022-03-01"),
        ("1/3/2022", "2022-03-01"),
        ("1-3-22", "2022-03-01"),
        ("1 3 2022", "2022-03-01"),
        ("010322", "2022-03-01"),
        ("01032022", "2022-03-01"),
        ("1.3.", "2022-03-01"),
        ("15.6", "2022-06-15"),
        ("16.6", "2021-06-16"),
        ("29.2.20", "2020-02-29"),
        ("1.1.23", "1923-01-01"),
        ("I dag", "2022-06-15"),
        ("i går", "2022-06-14"),
        ("today", "2022-06-15"),
    ],
)
def test_a_day_as_people_type_it(text, day):
    assert parse_typed_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("16.6.2022", "future_day"),
        ("3/15/2022", "not_a_typed_day"),
        ("29.2", "no_such_day"),
        ("31.4", "no_such_day"),
        ("1.3.022", "not_a_typed_day"),
        ("i morgen", "future_day"),
        ("", "not_a_typed_day"),
        ("0103", "not_a_typed_day"),
    ],
)
def test_what_is_typed_and_no_past_day_is_refused(text, code):
    assert refusal(parse_typed_day, text, TODAY) == code


NO_SUCH_DAY = ("29.2", "31.4.2022", "0.1.2022")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-09-01", "2022-09-01"),
        ("01.09.2022", "2022-09-01"),
        ("1.9.2022", "2022-09-01"),
        ("1/9/2022", "2022-09-01"),
        ("1.9.22", "2022-09-01"),
        ("010922", "2022-09-01"),
        ("01092022", "2022-09-01"),
        (" 1. 9. 2022 ", None),
        # past days too
        ("1.3.2022", "2022-03-01"),
        ("1.3.99", "2099-03-01"),
        ("1.3.1999", "1999-03-01"),
        # without a year: the next such, today included
        ("15.6", "2022-06-15"),
        ("15.6.", "2022-06-15"),
        ("16/6", "2022-06-16"),
        ("14.6", "2023-06-14"),
        ("1.3", "2023-03-01"),
        ("31.12", "2022-12-31"),
        ("29.2", None),
        ("29.2.24", "2024-02-29"),
        # words
        ("i dag", "2022-06-15"),
        ("Today", "2022-06-15"),
        ("i går", "2022-06-14"),
        ("I  MORGEN", "2022-06-16"),
        ("tomorrow", "2022-06-16"),
        # no day
        ("", None),
        ("soon", None),
        ("31.4.2022", None),
        ("13.13.2022", None),
        ("0.1.2022", None),
        ("2022", None),
        ("1.1.1", None),
        ("1.1.12345", None),
        ("٠١.٠٩.٢٠٢٢", None),
        # a century that nobody means would leave no room for the day after it
        ("31.12.9999", None),
        ("0001-01-01", None),
        ("31.12.2199", "2199-12-31"),
        ("1.1.1900", "1900-01-01"),
    ],
)
def test_a_day_past_or_to_come_as_people_type_it(text, day):
    if day:
        assert parse_any_day(text, TODAY) == date.fromisoformat(day)
    else:
        assert refusal(parse_any_day, text, TODAY) == (
            "no_such_day" if text in NO_SUCH_DAY else "not_a_typed_day_to_come"
        )


def test_a_leap_day_without_a_year_is_the_next_one_also_from_the_year_before():
    assert parse_any_day("29.2", date(2023, 6, 15)) == date(2024, 2, 29)
    assert parse_any_day("29.2", date(2024, 2, 29)) == date(2024, 2, 29)
    assert refusal(parse_any_day, "29.2", date(2024, 3, 1)) == "no_such_day"


@pytest.mark.parametrize("text", ["1900", "1980", "2022"])
def test_a_birth_year(text):
    assert parse_birth_year(text, TODAY) == int(text)


@pytest.mark.parametrize("text", ["1899", "2023", "80", "1980.0", "01.01.1980", ""])
def test_what_is_no_birth_year_is_refused(text):
    assert refusal(parse_birth_year, text, TODAY) == "not_a_birth_year"


@pytest.mark.parametrize(
    ("text", "reference"),
    [("A-1", "A-1"), ("  A   1 ", "A 1"), ("Å-12", "Å-12"), ("x" * 40, "x" * 40)],
)
def test_a_reference_loses_only_needless_blanks(text, reference):
    assert parse_reference(text) == reference


def test_a_reference_is_the_same_however_its_letters_are_composed():
    assert parse_reference(unicodedata.normalize("NFD", "ÅSE-1")) == "ÅSE-1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("   ", "required"),
        ("x" * 41, "not_a_reference"),
        ("A\x07", "not_a_reference"),
        ("A\u202e1", "not_a_reference"),
        (identity_number(), "identity_number"),
        (f"A-{identity_number()}", "identity_number"),
    ],
)
def test_what_is_no_reference_is_refused(text, code):
    assert refusal(parse_reference, text) == code


def test_text_without_an_identity_number_comes_back_as_it_was():
    assert refuse_identity_number(" free  text 123 ") == " free  text 123 "
    assert refusal(refuse_identity_number, f"see {identity_number()}") == "identity_number"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("declined", MissingReason.DECLINED),
        ("not_able", MissingReason.NOT_ABLE),
        ("no time", MissingReason.NO_TIME),
        ("NOT_ASKED", MissingReason.NOT_ASKED),
        ("Ønsket  ikke", MissingReason.DECLINED),
        ("ikke i stand", MissingReason.NOT_ABLE),
        ("ikke tid", MissingReason.NO_TIME),
        ("ikke spurt", MissingReason.NOT_ASKED),
        ("avsla\u030att", MissingReason.DECLINED),
    ],
)
def test_a_reason_by_its_code_or_its_norwegian_words(text, reason):
    assert parse_reason(text) is reason


@pytest.mark.parametrize("text", ["", "because", "x", "ja"])
def test_another_reason_is_refused(text):
    assert refusal(parse_reason, text) == "not_a_reason"


def test_an_instrument_begun_must_be_finished():
    assert incomplete_items(Answers(outcome_personal=0, outcome_close=10)) == ["outcome_social", "outcome_overall"]
    assert incomplete_items(Answers(life_satisfaction=4)) == []
    assert incomplete_items(Answers(**dict.fromkeys(OUTCOME_ITEMS, 50))) == []


def test_a_total_is_the_sum_of_four_or_nothing():
    assert total(Answers(**dict.fromkeys(OUTCOME_ITEMS, 0)), OUTCOME_ITEMS) == 0
    assert total(Answers(**dict.fromkeys(OUTCOME_ITEMS, 75)), OUTCOME_ITEMS) == 300
    assert total(Answers(outcome_personal=75), OUTCOME_ITEMS) is None


def test_a_score_and_a_reason_contradict_each_other():
    refuse_contradiction(Answers(life_satisfaction=4))
    refuse_contradiction(Answers(missing_reason=MissingReason.NO_TIME, life_satisfaction_1_10=8))
    both = Answers(life_satisfaction=4, missing_reason=MissingReason.DECLINED)
    assert refusal(refuse_contradiction, both) == "score_and_reason"


def test_zero_is_an_answer():
    assert Answers().say_nothing()
    assert not Answers(outcome_personal=0).say_nothing()
