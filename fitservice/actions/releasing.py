"""Publishing: a release is worked out, protected against everything published before, and frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import acting
from fitservice.cases import cases_of
from fitservice.clock import today
from fitservice.model import Actor, Invalid, Period, Problem, Stage
from fitservice.reporting import Step
from fitservice.rules.disclosure.editions import Edition, Frozen
from fitservice.rules.disclosure.inner_rows import YEAR
from fitservice.rules.disclosure.publication import Protected, protect
from fitservice.rules.disclosure.suppression import Rule
from fitservice.rules.figures import Counts
from fitservice.rules.gaps import Case
from fitservice.rules.periods import half, half_of
from fitservice.rules.releasing import Plan, part_of, plan, refuse_following, release_name, sources
from fitservice.rules.sign_off import Event
from fitservice.store import counters, districts, figures, releases, sign_offs
from fitservice.store.rows import Row


@dataclass(frozen=True)
class _State:
    """What a release is made from, read from one snapshot."""

    releases: list[Row]
    frozen: Frozen
    editions: list[Edition]
    counts: dict[tuple[str, str], Counts]
    sign_offs: list[Row]
    steps: int
    """How many steps of sign-offs of the year were taken."""


def make_release(db: Database, period: Period, stage: Stage, small_count: int, *, by: Actor) -> str:
    """The name of a new, frozen release of a closed period; Invalid while it is open or if the last one is final.

    A year goes out as it was signed with its second half-year, a first half-year alone as it was signed last; what was
    not signed, as the record reads now. It is worked
    out before the write lock is taken; if another release of the year was made meanwhile, Invalid.
    """
    check(by, Act.MAKE_RELEASE)
    planned = plan(period, today())
    first = figures.first_session(db)
    if first is None or period.last_day < half_of(first).first_day:
        raise Invalid(Problem("nothing_to_release", "period", known={"value": period.code}))
    state = _read(db, planned)
    if state.releases:
        refuse_following(period, stage, state.releases[-1], state.editions[-1].periods)
    number = (state.editions[-1].number if state.editions else 0) + 1
    made, protected = _protect(number, state, small_count)
    with acting(db, by, Act.MAKE_RELEASE) as note:
        if [row["id"] for row in releases.of_year(db, planned.of_year)] != [row["id"] for row in state.releases]:
            raise Invalid(Problem("released_meanwhile"))
        if _steps(db, planned) != state.steps:
            raise Invalid(Problem("signed_while_released"))
        version = len(state.releases) + 1
        release_id = releases.add(db, planned.of_year, version, stage, small_count, by.name)
        named = {place: release_id if source[0] == number else source[0] for place, source in made.items()}
        fresh = {code for (code, _), frozen_by in named.items() if frozen_by == release_id}
        releases.freeze(db, release_id, {place: counts for place, counts in state.counts.items() if place[0] in fresh})
        releases.publish(db, release_id, named, protected.edition.figures)
        releases.keep_sign_offs(db, release_id, state.sign_offs)
        name = release_name({"year": planned.of_year, "version": version})
        note.subject = ("release", release_id)
        note.detail = {"release": name, "stage": stage.value, "given_away_before": len(protected.hopeless)}
    return name


def _read(db: Database, planned: Plan) -> _State:
    db.execute("BEGIN")
    try:
        frozen, editions = releases.editions(db, planned.of_year)
        known = counters.counts(db, list(planned.periods.values()))
        now = {
            (row["code"], part): _published(known[row["id"], period.code])
            for row in districts.all_districts(db)
            for part, period in planned.periods.items()
        }
        cases = cases_of(db, [half(planned.of_year, 1), half(planned.of_year, 2)], today())
        signed = _signed(db, cases)
        counts = {place: _taken(signed, planned, place) or counts for place, counts in now.items()}
        told = [
            _sign_off(district, case, now, counts, signed)
            for district, case in cases
            if case.period in planned.periods.values()
        ]
        return _State(releases.of_year(db, planned.of_year), frozen, editions, counts, told, _steps(db, planned))
    finally:
        db.rollback()


def _steps(db: Database, planned: Plan) -> int:
    """A sign-off that is undone while a release is worked out would stand in it for ever."""
    return sum(map(len, sign_offs.steps(db, [half(planned.of_year, 1), half(planned.of_year, 2)]).values()))


@dataclass(frozen=True)
class _SignOff:
    """A sign-off that counts, and what was signed, by part of the year."""

    event: Event
    counts: dict[str, Counts]


Signed = dict[tuple[str, str], _SignOff]
"""By district code and 'H1' or 'H2'."""


def _signed(db: Database, cases: Iterable[tuple[Row, Case]]) -> Signed:
    found = {}
    for district, case in cases:
        if case.owed and case.sign_off.standing:
            known = sign_offs.signed_counts(db, district["id"], case.period, case.sign_off.standing.number)
            counts = {part: _published(counts) for part, counts in known.items()}
            found[district["code"], part_of(case.period)] = _SignOff(case.sign_off.standing, counts)
    return found


def _last_signed(signed: Signed, place: tuple[str, str]) -> _SignOff | None:
    """What was signed last of a part: with the second half-year its whole year was."""
    return signed.get((place[0], "H2")) or signed.get(place)


def _taken(signed: Signed, planned: Plan, place: tuple[str, str]) -> Counts | None:
    """What was signed with the second half-year, which holds the whole year; or with a first that goes alone."""
    last = _last_signed(signed, place)
    alone = last is not None and YEAR not in last.counts
    return None if last is None or (alone and YEAR in planned.periods) else last.counts[place[1]]


def _sign_off(
    district: Row,
    case: Case,
    now: Mapping[tuple[str, str], Counts],
    taken: Mapping[tuple[str, str], Counts],
    signed: Signed,
) -> Row:
    """What a release says of the sign-off of a district's half-year; changed_since also where it takes other counts."""
    place = district["code"], part_of(case.period)
    last = _last_signed(signed, place) if case.owed else None
    was = last.counts[place[1]] if last else None
    return {
        "district_id": district["id"],
        "period": case.period.code,
        "state": _signed_as(case, last) if case.owed else "not_owed",
        "signed_on": last.event.on.isoformat() if last else None,
        "changed_since": was is not None and (was != now[place] or was != taken[place]),
    }


def _signed_as(case: Case, last: _SignOff | None) -> str:
    """A first half-year that was signed with its year is signed, also where the second one holds nothing to report."""
    own = case.sign_off.standing
    if last is None:
        return "not_signed"
    return (own or replace(last.event, step=Step.SIGNED)).step.value


def _published(counts: Counts) -> Counts:
    """What a release rests on, and freezes."""
    return {name: number for name, number in counts.items() if name not in counters.NEVER_PUBLISHED}


def _protect(
    number: int, state: _State, small_count: int
) -> tuple[Mapping[tuple[str, str], tuple[int, str]], Protected]:
    rests_on = sources(number, state.counts, state.frozen, state.editions, small_count)
    fresh = {source for source in rests_on.values() if source[0] == number}
    frozen = {**state.frozen}
    for source in fresh:
        frozen[source] = {part: counts for (code, part), counts in state.counts.items() if code == source[1]}
    protected = protect(frozen, state.editions, Edition(number, rests_on), Rule(small_count=small_count))
    return rests_on, protected
