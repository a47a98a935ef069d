"""Checks of the answers in single sessions, of one person's sessions and of one recorder's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from fitservice.reporting import Check
from fitservice.rules.quality.evidence import Finding, Held, of_sessions

SAME_ANSWER_FROM = 8
"""Service users of one recorder: where one answer in three is the same score, eight in a row are so once in 2,000."""
COPIED_FROM = 8
"""Service users of one recorder who have an earlier score: one who stays the same is nothing odd, eight at once are."""
COPIED_SESSIONS = 10
"""Sessions of one recorder with an earlier score; half of all scores are the same as last time, ten once in 1,000."""
COPIED_SHARE = 0.95
"""Of them, so many are the same as last time."""
COPIED_RUN = 3
"""Sessions of one service user with the same nine answers, each to the tenth."""
ENDS = frozenset({0, 100})
"""Items in tenths at an end of their scale."""


def same_answer(held: Iterable[Held]) -> list[Finding]:
    """One recorder's scores are one and the same for everybody, from eight service users on."""
    scored = [session for session in held if session.life_satisfaction]
    return [
        of_sessions(
            Check.SAME_ANSWER,
            f"{recorder}:{sessions[0].life_satisfaction}",
            sessions,
            {"score": float(sessions[0].life_satisfaction or 0), "service_users": _persons(sessions)},
            recorder,
        )
        for recorder, sessions in _by_recorder(scored)
        if _persons(sessions) >= SAME_ANSWER_FROM and len({each.life_satisfaction for each in sessions}) == 1
    ]


def all_equal(held: Iterable[Held]) -> list[Finding]:
    """All nine answers of a session are the same number: 5 of 7 and eight times 5.0 of 10."""
    return [
        of_sessions(Check.ALL_EQUAL, f"{session.session_id}:{nine[0]}", [session], {"score": nine[0] / 10})
        for session in held
        if (nine := session.nine()) and len(set(nine)) == 1
    ]


def copied(held: Sequence[Held], earlier: Sequence[Held]) -> list[Finding]:
    """Nearly all of one recorder's scores are those of last time; or one service user's nine answers are, for long.

    Nine answers that all lie at an end of their scale do not count: who is content can well say so each time.
    """
    courses: dict[int, list[Held]] = defaultdict(list)
    for session in sorted([*earlier, *held], key=lambda each: each.held_on):
        courses[session.enrolment_id].append(session)
    new = {session.session_id for session in held}
    return _copied_by_recorder(held, courses.values()) + [
        of_sessions(Check.COPIED, str(run[0].service_user_id), run, {"sessions": len(run)})
        for course in courses.values()
        for run in _runs(course)
        if len(run) >= COPIED_RUN and run[-1].session_id in new
    ]


def after_end(held: Iterable[Held]) -> list[Finding]:
    """Sessions that were held after the last day of their enrolment, by service user."""
    after: dict[int, list[Held]] = defaultdict(list)
    for session in held:
        if session.ended_on and session.held_on > session.ended_on:
            after[session.service_user_id].append(session)
    return [
        of_sessions(Check.AFTER_END, str(service_user_id), sessions, {"sessions": len(sessions)})
        for service_user_id, sessions in after.items()
    ]


def other_scale(held: Iterable[Held]) -> list[Finding]:
    """Sessions scored from 1 to 10, which cannot be counted."""
    sessions = [session for session in held if session.other_scale is not None]
    return [of_sessions(Check.OTHER_SCALE, "period", sessions, {"sessions": len(sessions)})] if sessions else []


def _copied_by_recorder(held: Iterable[Held], courses: Iterable[Sequence[Held]]) -> list[Finding]:
    again: dict[int, bool] = {}
    for course in courses:
        scored = [session for session in course if session.life_satisfaction]
        for before, session in pairwise(scored):
            again[session.session_id] = before.life_satisfaction == session.life_satisfaction
    found = []
    for recorder, sessions in _by_recorder(session for session in held if session.session_id in again):
        same = [session for session in sessions if again[session.session_id]]
        enough = _persons(sessions) >= COPIED_FROM and len(sessions) >= COPIED_SESSIONS
        if enough and len(same) / len(sessions) >= COPIED_SHARE:
            numbers = {"same": len(same), "compared": len(sessions), "service_users": _persons(sessions)}
            found.append(of_sessions(Check.COPIED, recorder, same, numbers, recorder))
    return found


def _runs(course: Iterable[Held]) -> list[list[Held]]:
    """The sessions with nine answers, oldest first, cut where an answer differs from the one before."""
    runs: list[list[Held]] = []
    for session in course:
        nine = session.nine()
        if nine is None or set(nine[1:]) <= ENDS:
            continue
        if runs and runs[-1][-1].nine() == nine:
            runs[-1].append(session)
        else:
            runs.append([session])
    return runs


def _by_recorder(held: Iterable[Held]) -> list[tuple[str, list[Held]]]:
    sessions: dict[str, list[Held]] = defaultdict(list)
    for session in held:
        sessions[session.recorder].append(session)
    return sorted(sessions.items())


def _persons(sessions: Iterable[Held]) -> int:
    return len({session.service_user_id for session in sessions})
