"""What a tap on a handed-over screen means, and how it joins the day's session."""

import pytest

from fitservice.instruments import SHIPPED
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers, Invalid, Kind, MissingReason
from fitservice.rules.handing_over import as_answers, join, only_added, questions, take_answer, unanswered, unsaid

LIFE, OUTCOME, ALLIANCE = SHIPPED
EVERYTHING = list(SHIPPED)
FIRST = LIFE.items[0]


def test_there_is_one_question_a_screen_in_the_order_of_the_instruments():
    asked = questions(EVERYTHING)
    assert [item.key for _, item in asked] == ["life_satisfaction", *OUTCOME_ITEMS, *ALLIANCE_ITEMS]


@pytest.mark.parametrize(
    ("instrument", "text", "said"),
    [
        (LIFE, "5", {"life_satisfaction": 5}),
        (LIFE, "declined", {"life_satisfaction": None, "missing_reason": "declined"}),
        (LIFE, "not_able", {"life_satisfaction": None, "missing_reason": "not_able"}),
        (OUTCOME, "7,5", {"outcome_personal": 75}),
        (OUTCOME, "0", {"outcome_personal": 0}),
        (OUTCOME, "", {"outcome_personal": None}),
    ],
)
def test_a_tap_is_an_answer(instrument, text, said):
    assert take_answer({}, instrument, instrument.items[0], text) == said


@pytest.mark.parametrize(
    ("instrument", "text"),
    [(LIFE, "8"), (LIFE, "0"), (LIFE, ""), (LIFE, "no_time"), (LIFE, "x"), (OUTCOME, "11"), (OUTCOME, "declined")],
)
def test_what_is_no_answer_is_refused(instrument, text):
    with pytest.raises(Invalid):
        take_answer({}, instrument, instrument.items[0], text)


def test_another_answer_to_the_same_question_takes_its_place():
    declined = take_answer({"life_satisfaction": 5}, LIFE, FIRST, "declined")
    assert as_answers(declined, EVERYTHING) == Answers(missing_reason=MissingReason.DECLINED)
    assert as_answers(take_answer(declined, LIFE, FIRST, "3"), EVERYTHING) == Answers(life_satisfaction=3)


FOUR = dict.fromkeys(OUTCOME_ITEMS, 50)


@pytest.mark.parametrize(
    ("before", "draft", "after"),
    [
        (Answers(), {}, Answers()),
        (Answers(), FOUR, Answers(**FOUR)),
        (Answers(life_satisfaction=4), FOUR, Answers(life_satisfaction=4, **FOUR)),
        (
            Answers(missing_reason=MissingReason.NO_TIME),
            {"life_satisfaction": 6},
            Answers(life_satisfaction=6),
        ),
        (
            Answers(life_satisfaction=4),
            {"life_satisfaction": None, "missing_reason": "declined"},
            Answers(life_satisfaction=4),
        ),
        (Answers(outcome_personal=10), {"outcome_close": 20}, Answers(outcome_personal=10, outcome_close=20)),
        (
            Answers(outcome_personal=10, outcome_instrument="other"),
            {"outcome_close": 20},
            Answers(outcome_close=20),
        ),
        (Answers(outcome_instrument="other"), dict.fromkeys(OUTCOME_ITEMS), Answers(outcome_instrument="other")),
    ],
)
def test_a_draft_joins_the_days_session(before, draft, after):
    assert join(before, draft, EVERYTHING) == after


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        (Answers(), list(Kind)),
        (Answers(missing_reason=MissingReason.NOT_ASKED), list(Kind)),
        (Answers(life_satisfaction=4), [Kind.OUTCOME, Kind.ALLIANCE]),
        (Answers(outcome_personal=0), list(Kind)),
        (Answers(life_satisfaction=4, **dict.fromkeys((*OUTCOME_ITEMS, *ALLIANCE_ITEMS), 1)), []),
    ],
)
def test_what_is_answered_whole_is_not_asked_again(answers, kinds):
    assert unanswered(list(Kind), answers) == kinds


@pytest.mark.parametrize(
    ("draft", "answers", "left"),
    [
        ({"life_satisfaction": 5, "outcome_close": 20}, Answers(life_satisfaction=4), {"outcome_close": 20}),
        ({"life_satisfaction": None, "missing_reason": "declined"}, Answers(life_satisfaction=4), {}),
        ({"life_satisfaction": 5}, Answers(missing_reason=MissingReason.NO_TIME), {}),
        ({"life_satisfaction": 5, "outcome_close": None}, Answers(outcome_personal=1), {"life_satisfaction": 5}),
    ],
)
def test_what_a_draft_says_beyond_the_recorded_answers(draft, answers, left):
    assert unsaid(draft, answers) == left


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        (Answers(), Answers(life_satisfaction=4), True),
        (Answers(missing_reason=MissingReason.NO_TIME), Answers(life_satisfaction=4), True),
        (Answers(life_satisfaction=4), Answers(life_satisfaction=5), False),
        (Answers(outcome_close=1), Answers(outcome_close=1, outcome_social=2), True),
        (Answers(outcome_close=1), Answers(outcome_close=2), False),
    ],
)
def test_other_answers_are_told_apart_from_more_answers(before, after, added):
    assert only_added(before, after) is added
