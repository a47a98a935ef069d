"""A made-up city: fifteen districts with the audit's pattern of who measured and who did not. Seeded.

The pattern is that of the city auditor's report 17/2023, sections 5.3-5.4; the persons are invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from fitservice.model import Answers, MissingReason, Period
from fitservice.reporting import Step
from fitservice.rules.periods import add_months, back_to, half_of, previous
from fitservice.rules.register import default_dates

NOT_MEASURED_FIRST_YEAR = ("Nordre Aker", "Ullern", "Søndre Nordstrand")
NOT_MEASURED_SECOND_YEAR = ("Vestre Aker", "Østensjø", "Søndre Nordstrand")
OTHER_SCALE = "Vestre Aker"
"""Asks on its own scale of 1-10 in the year in which it does not measure."""
LATE = "Grünerløkka"
"""Signs off some days after the deadline."""
ACCEPTED = ("Gamle Oslo", "Sagene", "St. Hanshaugen", "Frogner")
"""The agency has accepted their newest sign-off."""
RETURNED = "Alna"
"""Its newest half-year is still to be signed off: the agency has returned it, or the deadline has not passed."""
REOPENED = "Østensjø"
"""The agency has opened its newest half-year again after the lock."""
NOT_SEEN = "Alna"
"""Has one service user enrolled who has not been seen for more than half a year."""
SILENT = "Søndre Nordstrand"
"""Has recorded nothing at all for the last ten weeks."""
FEEDBACK = {"St. Hanshaugen": 0.97, "Grünerløkka": 0.3}
"""Share of service users with whom outcome and alliance are used; nowhere else."""
PERSONS = {"Gamle Oslo": 84, "Grünerløkka": 76, "Sagene": 62, "Alna": 58}
"""Service users over the two years; 46 in every other district."""


@dataclass(frozen=True)
class MadeUpSession:
    """One invented session."""

    held_on: date
    answers: Answers


@dataclass(frozen=True)
class MadeUpPerson:
    """One invented service user with one enrolment and its sessions, oldest first."""

    reference: str
    birth_year: int
    enrolled_from: date
    enrolled_to: date | None
    sessions: list[MadeUpSession]


def first_day(until: date) -> date:
    """Where the made-up record begins: with the half-year that was running two years before its last day."""
    return half_of(add_months(until, -24) + timedelta(days=1)).first_day


def closed_halves(until: date) -> list[Period]:
    """The half-years of the made-up record that are over, newest first; none where it began in the running one."""
    return back_to(half_of(until), first_day(until))[1:]


@dataclass(frozen=True)
class MadeUpStep:
    """A step of a sign-off and its day; until is the last day that it leaves for signing."""

    step: Step
    on: date
    text: str | None = None
    until: date | None = None


def made_up_steps(district: str, newest: Period, until: date) -> list[MadeUpStep]:
    """What happened to the sign-off of the newest half-year that is over, in a district that measured somebody."""
    signed_on, dates = made_up_signing(district, newest, until), default_dates(newest)
    returned_on = until - timedelta(days=2)
    if signed_on is None or (district == RETURNED and signed_on > returned_on):
        return []
    steps = [MadeUpStep(Step.SIGNED, signed_on, "Tallene er gjennomgått i teamet.")]
    if district in ACCEPTED:
        steps.append(MadeUpStep(Step.ACCEPTED, dates.deadline + timedelta(days=10)))
    if district == RETURNED:
        words = "Forklar hvorfor tilbakemelding ikke er brukt, og lever på nytt."
        steps.append(MadeUpStep(Step.RETURNED, returned_on, words, until + timedelta(days=12)))
    return [step for step in steps if step.on <= until]


def made_up_opening(newest: Period, until: date) -> MadeUpStep | None:
    """How a half-year that nobody signed is opened again after the lock; None before that."""
    opened_on = until - timedelta(days=5)
    if opened_on <= default_dates(newest).lock:
        return None
    words = "Nye ansatte er på plass. Lever det dere har."
    return MadeUpStep(Step.REOPENED, opened_on, words, until + timedelta(days=9))


def reminded_on(newest: Period, until: date) -> list[date]:
    """The days before the last on which the made-up inboxes were filled: around the newest half-year that is over."""
    dates, week, day = default_dates(newest), timedelta(weeks=1), timedelta(days=1)
    days = [newest.last_day - week, dates.deadline - 2 * week, dates.deadline + day, dates.lock + day, until - day]
    if waits_since := made_up_signing("", newest, until):
        days.append(waits_since + 2 * week)
    return sorted({one for one in days if one < until})


def made_up_signing(district: str, half: Period, until: date) -> date | None:
    """When a district signed a half-year off: a few days before the deadline, one of them after it; None if not yet."""
    day = default_dates(half).deadline + timedelta(days=6 if district == LATE else -3)
    return day if day <= until else None


def second_year(until: date) -> int:
    """The later of the audit's two years: this one from July on, else the last."""
    return until.year if until.month > 6 else until.year - 1


def persons(district: str, rhythm_months: int, until: date, seed: int) -> list[MadeUpPerson]:
    """The service users of one district; the same arguments give the same persons."""
    people = list(_persons(district, rhythm_months, until, seed))
    return _with_one_not_seen(people, until) if district == NOT_SEEN else people


def _with_one_not_seen(people: list[MadeUpPerson], until: date) -> list[MadeUpPerson]:
    """The first of those who are still enrolled and were seen before has no session in the newest ended half-year,
    nor shortly before it or since."""
    last = previous(half_of(until)).first_day - timedelta(days=10)
    for place, person in enumerate(people):
        seen = [session for session in person.sessions if session.held_on <= last]
        if seen and person.enrolled_to is None:
            return [*people[:place], replace(person, sessions=seen), *people[place + 1 :]]
    return people


def _persons(district: str, rhythm_months: int, until: date, seed: int) -> Iterator[MadeUpPerson]:
    chance = Random(f"{seed} {district} {until}")  # noqa: S311 - made-up data, not a secret
    numbers = chance.sample(range(1000, 10000), PERSONS.get(district, 46))
    for number in numbers:
        began = first_day(until) - timedelta(days=200) + timedelta(days=chance.randrange(880))
        began = min(began, until - timedelta(days=chance.randrange(1, 30)))
        ended = began + timedelta(days=int(chance.gammavariate(2, 260)) + 60)
        enrolled_to = ended if ended < until else None
        yield MadeUpPerson(
            reference=f"{district[:2].upper()}-{number}",
            birth_year=until.year - chance.randrange(20, 71),
            enrolled_from=began,
            enrolled_to=enrolled_to,
            sessions=list(_sessions(chance, district, rhythm_months, began, enrolled_to or until, until)),
        )


def _sessions(
    chance: Random, district: str, rhythm_months: int, began: date, ended: date, until: date
) -> Iterator[MadeUpSession]:
    feedback = chance.random() < FEEDBACK.get(district, 0)
    mood = chance.gauss(3.8, 1.2)
    # some get better, some worse: so much from one session to the next
    drift = chance.gauss(0.05, 0.22)
    next_asking = max(began, first_day(until))
    day = max(began, first_day(until)) + timedelta(days=chance.randrange(7))
    # nothing on the last day itself: whoever tries the demo records today's first session
    last = until - (timedelta(weeks=10) if district == SILENT else timedelta(days=1))
    while day <= min(ended, last):
        mood += chance.gauss(drift, 0.35)
        due = day >= next_asking
        answers = _answers(chance, district, day, until, mood, due=due, feedback=feedback)
        if due and answers.missing_reason is not MissingReason.NOT_ASKED:
            next_asking = add_months(day, rhythm_months) + timedelta(days=chance.randrange(-45, 18))
        yield MadeUpSession(day, answers)
        day += timedelta(days=chance.randrange(12, 40))


def _answers(
    chance: Random, district: str, day: date, until: date, mood: float, *, due: bool, feedback: bool
) -> Answers:
    score, reason, own_scale = None, None, None
    if not _measures(district, day, until):
        reason = MissingReason.NOT_ASKED
        own_scale = _within(1, 10, mood * 1.4) if district == OTHER_SCALE and due else None
    elif not due:
        reason = MissingReason.NOT_ASKED
    elif chance.random() < 0.9:
        score = _within(1, 7, mood)
    else:
        reason = chance.choice((MissingReason.DECLINED, MissingReason.NOT_ABLE, MissingReason.NO_TIME))
    return Answers(
        life_satisfaction=score,
        missing_reason=reason,
        life_satisfaction_1_10=own_scale,
        **(_feedback(chance, mood) if feedback else {}),
    )


def _feedback(chance: Random, mood: float) -> dict[str, Any]:
    outcome = {
        f"outcome_{item}": _within(0, 100, mood * 13 + chance.gauss(0, 9))
        for item in ("personal", "close", "social", "overall")
    }
    alliance = {
        f"alliance_{item}": _within(0, 100, chance.gauss(90, 7)) for item in ("heard", "topics", "approach", "overall")
    }
    return outcome | alliance


def _measures(district: str, day: date, until: date) -> bool:
    later = day.year >= second_year(until)
    return district not in (NOT_MEASURED_SECOND_YEAR if later else NOT_MEASURED_FIRST_YEAR)


def _within(low: int, high: int, value: float) -> int:
    return max(low, min(high, round(value)))
