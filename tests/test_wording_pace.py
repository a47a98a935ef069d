"""What is said of a running half-year."""

from datetime import date

import pytest
from flask import Flask

from fitservice.rules.pace import Forecast, Pace, pace
from fitservice.wording.pace import pace_text

END = date(2022, 6, 30)
SO_FAR = "38 of 61 service users have a score so far."
NEEDED = "11 more are needed by 30 Jun 2022, so that 49 have one."


def said(low: int, expected: int, high: int, measured: int = 38) -> Pace:
    """61 are active, 49 needed, and so many expected."""
    return Pace(61, measured, 49, 61, Forecast(low, expected, high))


@pytest.mark.parametrize(
    ("known", "sentences"),
    [
        (pace(0, 0, 100, 181, 0.8), ["Nobody is enrolled in this half-year yet."]),
        (
            pace(61, 38, 27, 181, 0.8),
            [SO_FAR, NEEDED, "It is too early to say how many it will be: a forecast is made after four weeks."],
        ),
        (
            pace(61, 0, 100, 181, 0.8),
            [
                "0 of 61 service users have a score so far.",
                "49 more are needed by 30 Jun 2022, so that 49 have one.",
                "Nobody has been measured yet, so there is no pace to go on.",
            ],
        ),
        (
            pace(5, 5, 100, 181, 0.8),
            ["5 of 5 service users have a score so far.", "That is enough: 4 were needed by 30 Jun 2022."],
        ),
        (
            said(41, 44, 47),
            [
                SO_FAR,
                NEEDED,
                "At today's pace it will be about 44 on 30 Jun 2022, most likely between 41 and 47.",
                "That will not be enough.",
            ],
        ),
        (
            said(45, 48, 52),
            [
                SO_FAR,
                NEEDED,
                "At today's pace it will be about 48 on 30 Jun 2022, most likely between 45 and 52.",
                "That will probably not be enough.",
            ],
        ),
        (
            said(45, 49, 53),
            [
                SO_FAR,
                NEEDED,
                "At today's pace it will be about 49 on 30 Jun 2022, most likely between 45 and 53.",
                "That will probably be enough.",
            ],
        ),
        (
            said(49, 51, 53),
            [
                SO_FAR,
                NEEDED,
                "At today's pace it will be about 51 on 30 Jun 2022, most likely between 49 and 53.",
                "That will be enough.",
            ],
        ),
        (
            said(38, 38, 38),
            [SO_FAR, NEEDED, "At today's pace it will be 38 on 30 Jun 2022.", "That will not be enough."],
        ),
        (
            said(50, 51, 53, measured=49),
            [
                "49 of 61 service users have a score so far.",
                "That is enough: 49 were needed by 30 Jun 2022.",
                "At today's pace it will be about 51 on 30 Jun 2022, most likely between 50 and 53.",
            ],
        ),
        (
            pace(2, 1, 27, 181, 1.0),
            [
                "1 of 2 service users have a score so far.",
                "1 more is needed by 30 Jun 2022, so that 2 have one.",
                "It is too early to say how many it will be: a forecast is made after four weeks.",
            ],
        ),
        # who has ended can no longer be asked
        (
            Pace(61, 38, 49, 40, Forecast(39, 40, 40)),
            [
                SO_FAR,
                NEEDED,
                "21 have ended without a score, so 40 can have one at most.",
                "At today's pace it will be about 40 on 30 Jun 2022, most likely between 39 and 40.",
                "That will not be enough.",
            ],
        ),
        (
            Pace(61, 38, 49, 38, Forecast(38, 38, 38)),
            [SO_FAR, NEEDED, "23 have ended without a score, so 38 can have one at most."],
        ),
        (
            Pace(10, 8, 8, 9, Forecast(8, 9, 9)),
            [
                "8 of 10 service users have a score so far.",
                "That is enough: 8 were needed by 30 Jun 2022.",
                "At today's pace it will be about 9 on 30 Jun 2022, most likely between 8 and 9.",
            ],
        ),
    ],
)
def test_what_is_said(app: Flask, known: Pace, sentences: list[str]) -> None:
    with app.test_request_context("/?lang=en"):
        assert pace_text(known, END) == sentences
