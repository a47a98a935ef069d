"""The quality checks, each with its own table: what is found, what is left in peace, and what a dismissal rests on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fitservice.reporting import Check
from fitservice.rules.periods import parse_half
from fitservice.rules.quality import Unjudged, findings, unjudged
from fitservice.rules.quality.answers import after_end, all_equal, copied, other_scale, same_answer
from fitservice.rules.quality.evidence import Enrolled, Evidence, Held
from fitservice.rules.quality.half_year import burst, far_from_history, no_session

PERIOD, DEADLINE = parse_half("2022H1"), date(2022, 7, 31)
FIRST = PERIOD.first_day
FIVES = (50,) * 8
MIXED = (50, 61, 47, 52, 90, 88, 93, 90)


def held(number: int, score: int | None = 4, *, person: int | None = None, by: str = "amina", **known: object) -> Held:
    """Session of that number, on that day of the half-year; of a person of its own unless another is said."""
    person = number if person is None else person
    day = FIRST + timedelta(days=number)
    plain = Held(number, person, person, f"A-{person}", day, by, day, score)
    return replace(plain, **known)


def kinds(found: list) -> list[tuple[str, int]]:
    """Who or what each finding is about, without its digest, and how many cases it has."""
    return [(finding.key.rpartition(":")[0], len(finding.cases)) for finding in found]


@pytest.mark.parametrize(
    ("sessions", "found"),
    [
        ([held(n) for n in range(8)], [("amina:4", 8)]),
        ([held(n) for n in range(7)], []),
        ([held(n, 4 if n else 5) for n in range(9)], []),
        ([held(n, person=n % 7) for n in range(20)], []),
        ([held(n, person=n % 8) for n in range(20)], [("amina:4", 20)]),
        ([held(n) for n in range(8)] + [held(9, None)], [("amina:4", 8)]),
        ([held(n, None) for n in range(9)], []),
        ([held(n, by="amina" if n % 2 else "dina") for n in range(14)], []),
        ([held(n, n % 7 + 1) for n in range(8)] + [held(n, 7, by="dina") for n in range(20, 28)], [("dina:7", 8)]),
    ],
    ids=[
        *("eight alike", "seven are too few", "one differs", "seven persons many times", "eight persons many times"),
        *("one without a score", "nobody scored", "seven each of two recorders", "one of two recorders"),
    ],
)
def test_the_same_answer_for_everybody_by_one_recorder(sessions, found):
    assert kinds(same_answer(sessions)) == found


def test_its_sentence_knows_who_which_score_and_how_many():
    (finding,) = same_answer([held(n, person=n % 8) for n in range(20)])
    assert (finding.recorder, finding.numbers) == ("amina", {"score": 4, "service_users": 8})


@pytest.mark.parametrize(
    ("score", "items", "found"),
    [
        (5, FIVES, [("1:50", 1)]),
        (4, FIVES, []),
        (5, (50,) * 7 + (51,), []),
        (5, (50,) * 7 + (None,), []),
        (None, FIVES, []),
        (1, (10,) * 8, [("1:10", 1)]),
        (7, (100,) * 8, []),
    ],
    ids=["fives", "a four and fives", "one tenth off", "one missing", "no score", "ones", "all at the top"],
)
def test_nine_equal_answers_are_the_same_number_on_either_scale(score, items, found):
    assert kinds(all_equal([held(1, score, items=items)])) == found


def course(*scores: int | None, person: int = 1, start: int = 0, **known: object) -> list[Held]:
    """One person's sessions, a day apart."""
    return [held(start + place, score, person=person, **known) for place, score in enumerate(scores)]


def pairs(count: int, same: int, by: str = "amina") -> list[Held]:
    """So many persons with two scores each, of which so many had the same one twice."""
    return [
        session
        for person in range(count)
        for session in course(4, 4 if person < same else 5, person=person, start=2 * person, by=by)
    ]


@pytest.mark.parametrize(
    ("sessions", "found"),
    [
        (pairs(10, 10), [("amina", 10)]),
        (pairs(20, 19), [("amina", 19)]),
        (pairs(20, 18), []),
        (pairs(9, 9), []),
        ([each for p in range(7) for each in course(4, 4, 4, person=p, start=3 * p)], []),
        ([each for p in range(8) for each in course(4, 4, 4, person=p, start=3 * p)], [("amina", 16)]),
        ([each for p in range(10) for each in course(4, None, 4, person=p, start=3 * p)], [("amina", 10)]),
        (pairs(12, 12, by="dina")[:12] + pairs(12, 12)[12:], []),
    ],
    ids=[
        *("all of ten", "19 of 20", "18 of 20 happens", "nine sessions are too few", "seven persons are too few"),
        *("eight persons", "a session without a score between", "six each of two recorders"),
    ],
)
def test_scores_copied_from_last_time_by_one_recorder(sessions, found):
    assert kinds(copied(sessions, [])) == found


def test_a_score_is_compared_with_one_from_before_the_half_year_which_is_no_case_itself():
    sessions = pairs(10, 10)
    earlier, now = sessions[::2], sessions[1::2]
    (finding,) = copied(now, earlier)
    assert {case.session_id for case in finding.cases} == {session.session_id for session in now}
    assert copied(now, []) == []


def test_an_earlier_enrolment_is_another_course():
    sessions = pairs(10, 10)
    apart = [replace(session, enrolment_id=session.session_id) for session in sessions]
    assert copied(sessions, []) and copied(apart, []) == []


@pytest.mark.parametrize(
    ("sessions", "found"),
    [
        (course(4, 4, 4, items=MIXED), [("1", 3)]),
        (course(4, 4, items=MIXED), []),
        (course(4, 4, 5, items=MIXED), []),
        (course(4, 4, 4, items=(0, 100) * 4), []),
        (course(4, 4, 4, items=(*MIXED[:7], None)), []),
        (course(4, 4, items=MIXED) + course(None, start=2) + course(4, start=3, items=MIXED), [("1", 3)]),
        (course(4, 4, 4, items=MIXED) + course(5, start=3, items=MIXED), [("1", 3)]),
        (course(4, 4, items=MIXED) + course(4, 4, items=FIVES, start=2), []),
    ],
    ids=[
        *("three times", "twice happens", "the score differs", "all at the ends", "one unanswered"),
        *("an empty session between", "followed by another answer", "twice and twice"),
    ],
)
def test_nine_answers_copied_for_long_by_one_person(sessions, found):
    assert kinds(copied(sessions, [])) == found


def test_a_run_counts_from_before_the_half_year_but_not_one_that_ended_there():
    sessions = course(4, 4, 4, items=MIXED)
    assert kinds(copied(sessions[2:], sessions[:2])) == [("1", 3)]
    assert copied(course(5, start=9, items=MIXED), sessions) == []


def recorded(late: int, in_time: int, spread: int = 100, on: date = DEADLINE) -> list[Held]:
    """So many sessions recorded on a day, evenly held over so many days, and so many recorded at once."""
    step = spread / max(late - 1, 1)
    days = [FIRST + timedelta(days=round(n * step)) for n in range(late)]
    return [
        *(held(n, held_on=day, recorded_on=on) for n, day in enumerate(days)),
        *(held(100 + n) for n in range(in_time)),
    ]


@pytest.mark.parametrize(
    ("sessions", "found"),
    [
        (recorded(11, 10), [("period", 11)]),
        (recorded(10, 10), []),
        (recorded(10, 9), [("period", 10)]),
        (recorded(9, 0), []),
        (recorded(20, 0, spread=15), [("period", 20)]),
        (recorded(20, 0, spread=14), []),
        (recorded(20, 0, on=DEADLINE - timedelta(days=2)), [("period", 20)]),
        (recorded(20, 0, on=DEADLINE - timedelta(days=3)), []),
        (recorded(20, 0, on=DEADLINE + timedelta(days=1)), []),
        ([], []),
    ],
    ids=[
        *("more than half", "just half", "ten of 19", "nine are too few", "held over 15 days", "held over two weeks"),
        *("two days before", "three days before", "too late is not at the last moment", "nothing"),
    ],
)
def test_more_than_half_recorded_in_the_last_three_days(sessions, found):
    assert kinds(burst(sessions, DEADLINE)) == found


@pytest.mark.parametrize(
    ("ended_on", "found"),
    [(None, []), (FIRST + timedelta(days=5), []), (FIRST + timedelta(days=4), [("1", 1)]), (FIRST, [("1", 1)])],
    ids=["open", "on the last day", "the day after", "long after"],
)
def test_sessions_after_the_last_day_of_their_enrolment(ended_on, found):
    assert kinds(after_end([held(5, person=1, ended_on=ended_on)])) == found


def test_they_are_one_finding_for_each_service_user():
    sessions = [held(n, person=n % 2, ended_on=FIRST) for n in range(1, 6)]
    assert kinds(after_end(sessions)) == [("1", 3), ("0", 2)]


ON = PERIOD.last_day


@pytest.mark.parametrize(
    ("began", "last_held", "days"),
    [
        (400, 183, 183),
        (400, 182, None),
        (183, None, 183),
        (182, None, None),
        (400, None, 400),
        (10, 300, None),
    ],
    ids=["183 days", "182 days", "never, since 183 days", "new", "never at all", "seen before a new enrolment"],
)
def test_no_session_for_six_months(began, last_held, days):
    last = None if last_held is None else ON - timedelta(days=last_held)
    last = last if last is None or began > last_held else None
    found = no_session([Enrolled(7, "A-7", ON - timedelta(days=began), last)], ON)
    assert [(each.numbers, each.cases[0].service_user_id) for each in found] == ([({"days": days}, 7)] if days else [])


def figures(sessions: float = 100, mean: float | None = 4.0, spread: float = 0.1, persons: int = 30) -> dict:
    """Figures of a half-year; the mean's interval is so wide on either side."""
    return {
        "active_users": persons,
        "measured_users": persons,
        "sessions": sessions,
        "life_satisfaction_mean": mean,
        "life_satisfaction_ci_low": mean and mean - spread,
        "life_satisfaction_ci_high": mean and mean + spread,
    }


@pytest.mark.parametrize(
    ("value", "past", "far"),
    [
        (100, (100, 100, 100, 100), False),
        (134, (100, 100, 100, 100), True),
        (133, (100, 100, 100, 100), False),
        (66, (100, 100, 100, 100), True),
        (67, (100, 100, 100, 100), False),
        (134, (90, 95, 105, 110), False),
        (140, (95, 98, 102, 105), True),
        (120, (99, 100, 100, 101), False),
        (49, (60, 80, 120, 140), True),
        (50, (60, 80, 120, 140), False),
        (201, (60, 80, 120, 140), True),
        (0, (60, 80, 120, 140), True),
        (10, (100, 100, 100), False),
        (10, (0, 100, 100, 100), False),
        (10, (0, 100, 100, 100, 100), True),
    ],
    ids=[
        *("as ever", "no spread, over 1.33", "no spread, 1.33", "no spread, under 0.67", "no spread, 0.67"),
        *("over 1.33 inside 5 MAD", "over both", "over 5 MAD inside 1.33", "under half", "just half", "over twice"),
        *("nothing", "three half-years", "three and an empty one", "four and an empty one"),
    ],
)
def test_a_count_far_from_the_districts_own_history(value, past, far):
    found = far_from_history(figures(sessions=value), [figures(sessions=number) for number in past])
    assert [each.measure for each in found] == (["sessions"] if far else [])


@pytest.mark.parametrize(
    ("value", "interval", "past", "far"),
    [
        (4.0, 0.1, (4.0, 4.0, 4.0, 4.0), False),
        (5.0, 0.1, (3.9, 4.0, 4.0, 4.1), True),
        (5.0, 1.1, (3.9, 4.0, 4.0, 4.1), False),
        (5.0, 0.1, (3.5, 3.8, 4.2, 4.5), False),
        (5.0, 0.1, (4.0, 4.0, 4.0, 4.0), False),
        (2.5, 0.1, (4.0, 4.0, 4.0, 4.0), True),
        (None, 0.1, (4.0, 4.0, 4.0, 4.0), False),
        (5.0, 0.1, (None, 3.9, 4.0, 4.1), False),
    ],
    ids=[
        *("as ever", "beyond 5 MAD", "its interval reaches the median", "inside 5 MAD", "no spread, inside 1.33"),
        *("no spread, under 0.67", "no mean", "three half-years"),
    ],
)
def test_a_mean_far_from_the_districts_own_history(value, interval, past, far):
    found = far_from_history(figures(mean=value, spread=interval), [figures(mean=number) for number in past])
    assert [each.measure for each in found] == (["life_satisfaction_mean"] if far else [])


def test_a_figure_may_move_a_little_before_it_is_another_finding():
    past = [figures()] * 4
    keys = [far_from_history(figures(sessions=value), past)[0].key for value in (201, 204, 230)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("scales", "found"),
    [((None, None), []), ((None, 10), [("period", 1)]), ((1, 10), [("period", 2)])],
)
def test_scores_on_another_scale_are_one_finding(scales, found):
    assert kinds(other_scale([held(n, None, other_scale=score) for n, score in enumerate(scales)])) == found


def test_other_cases_make_another_key_and_the_order_of_cases_does_not():
    sessions = [held(n, None, other_scale=5) for n in range(3)]
    key = other_scale(sessions)[0].key
    assert key == other_scale(sessions[::-1])[0].key
    assert key != other_scale(sessions[:2])[0].key


@pytest.mark.parametrize(
    ("today", "half_years", "silent"),
    [
        (date(2022, 6, 30), 4, {Check.BURST: Unjudged.EARLY, Check.FAR_FROM_HISTORY: Unjudged.RUNNING}),
        (date(2022, 7, 1), 4, {Check.BURST: Unjudged.EARLY}),
        (date(2022, 7, 28), 3, {Check.BURST: Unjudged.EARLY, Check.FAR_FROM_HISTORY: Unjudged.LITTLE_HISTORY}),
        (date(2022, 7, 29), 4, {}),
        (date(2024, 1, 1), 4, {}),
    ],
    ids=["running", "over", "little history", "three days before the deadline", "long after"],
)
def test_what_cannot_be_judged_yet_is_said_and_finds_nothing(today, half_years, silent):
    late = recorded(20, 0, on=min(today, DEADLINE))
    evidence = Evidence(held=late, figures=figures(sessions=20), history=[figures()] * half_years)
    assert unjudged(evidence, PERIOD, DEADLINE, today) == silent
    found = {finding.check for finding in findings(evidence, PERIOD, DEADLINE, today)}
    assert not found & silent.keys()
    assert (Check.FAR_FROM_HISTORY in found) == (Check.FAR_FROM_HISTORY not in silent)


def test_each_check_has_its_turn_in_the_order_of_their_names_in_the_model():
    evidence = Evidence(
        held=[
            *recorded(20, 0),
            *(held(300 + n, 5, person=300, by="dina", items=FIVES) for n in range(3)),
            held(400, None, by="dina", other_scale=9, ended_on=FIRST),
        ],
        enrolled=[Enrolled(7, "A-7", date(2020, 1, 1), None)],
        figures=figures(sessions=20),
        history=[figures()] * 4,
    )
    found = [finding.check for finding in findings(evidence, PERIOD, DEADLINE, DEADLINE)]
    assert list(dict.fromkeys(found)) == list(Check)


def test_today_ends_a_running_half_year_for_whoever_was_not_seen():
    today = date(2022, 3, 1)
    evidence = Evidence(enrolled=[Enrolled(7, "A-7", date(2021, 1, 1), today - timedelta(days=183))])
    (finding,) = findings(evidence, PERIOD, DEADLINE, today)
    assert (finding.check, finding.numbers) == (Check.NO_SESSION, {"days": 183})
