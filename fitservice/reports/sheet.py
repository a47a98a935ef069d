"""The service user's own sheet in words: own scores over time, what is stored, who sees it, that it is voluntary."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.charts import course_chart
from fitservice.clock import day_of
from fitservice.formats.sheet import Sheet, SheetCourse, SheetSection
from fitservice.instruments import Instruments
from fitservice.instruments.instrument import Instrument
from fitservice.model import Actor
from fitservice.reports.person import Person, see_person
from fitservice.rules.change import Course, Score
from fitservice.rules.collation import collation_key
from fitservice.rules.grants import last_held
from fitservice.spoken import say, short_day, spoken_day, spoken_number
from fitservice.store.rows import Row
from fitservice.wording.access import access_words

TABLE_ROWS = 12
YEAR = timedelta(days=365)
"""For so long after it has ended the sheet still tells of an access that was given."""


def print_sheet(db: Database, service_user_id: int, printed_on: date, *, by: Actor, instruments: Instruments) -> Sheet:
    """The sheet of a service user of the actor's district, in that person's own language; the print is logged."""
    person = see_person(db, service_user_id, by=by, instruments=instruments, act=Act.PRINT_SHEET, to_read=True)
    service_user, latest = person.service_user, person.enrolments[0]
    language, reference = service_user["asked_in"], service_user["reference"]
    return Sheet(
        language=language,
        title=say("sheet.title", language),
        reference=reference,
        facts=(
            (say("sheet.reference", language), reference),
            (say("sheet.district", language), service_user["district"]),
            (say("sheet.printed", language), spoken_day(printed_on, language)),
        ),
        courses=[
            _course(instrument, stands, person.scores(instrument, latest["id"]), language)
            for instrument, stands in person.courses(latest["id"], date.max)
        ],
        remarks=_remarks(person, latest, language),
        sections=_sections(person, printed_on, language),
        page=say("sheet.page", language, page="{page}", pages="{pages}"),
        printed_on=printed_on,
        file_name=_file_name(reference, language),
    )


def _file_name(reference: str, language: str) -> str:
    """A name that every file system takes; a reference that could be more than a name is left out."""
    safe = re.fullmatch(r"[A-Za-z0-9_-]+", reference)
    return say("sheet.file", language) + (f"-{reference}" if safe else "") + ".pdf"


def _course(instrument: Instrument, course: Course, scores: list[Score], language: str) -> SheetCourse:
    drawn = len(scores) > 1
    shown = scores[-TABLE_ROWS:] if drawn else []
    older = len(scores) - len(shown) if drawn else 0
    title = instrument.title[language]
    many = "one" if len(instrument.items) == 1 else "sum"
    return SheetCourse(
        title=title,
        lines=(_scale(instrument, many, language), " ".join(_told(instrument, course, many, language))),
        picture=_picture(instrument, scores, language) if drawn else None,
        picture_text=say(
            "sheet.chart",
            language,
            title=title,
            count=len(scores),
            first=_number(instrument, scores[0].value, language),
            latest=_number(instrument, scores[-1].value, language),
        ),
        header=(say("sheet.table.date", language), say(f"sheet.table.{many}", language)),
        rows=[(short_day(one.held_on, language), _number(instrument, one.value, language)) for one in shown],
        older=say(f"sheet.table.older_{'one' if older == 1 else 'many'}", language, count=older) if older else None,
    )


def _scale(instrument: Instrument, many: str, language: str) -> str:
    """What the numbers mean."""
    item = instrument.items[0]
    known: dict[str, str | int] = {"low": instrument.total_low, "high": instrument.total_high}
    if many == "one":
        known |= {"question": item.question[language]}
        known |= {"low_word": item.low[language], "high_word": item.high[language]}
    else:
        best = instrument.total_high if instrument.higher_is_better else instrument.total_low
        known |= {"count": len(instrument.items), "best": best}
    return say(f"sheet.scale.{many}", language, **known)


def _told(instrument: Instrument, course: Course, many: str, language: str) -> list[str]:
    """First, previous and latest in sentences, and whether the difference is more than chance can make."""

    def tell(key: str, score: Score) -> str:
        known = {"day": spoken_day(score.held_on, language), "score": _number(instrument, score.value, language)}
        return say(key, language, **known, most=instrument.total_high)

    if course.first is None:
        return [tell("sheet.once", course.current)]
    told = [tell(f"sheet.first.{many}", course.first)]
    if course.previous:
        told.append(tell(f"sheet.previous.{many}", course.previous))
    told.append(tell(f"sheet.latest.{many}", course.current))
    if course.change:
        points = instrument.reliable_change or 0
        told.append(
            say(
                f"sheet.change.{course.change.value}",
                language,
                points=spoken_number(points, 0 if points == int(points) else 1, language),
            )
        )
    return told


def _picture(instrument: Instrument, scores: Sequence[Score], language: str) -> str:
    """The chart without its band: the words say what may be chance, and paper may be grey."""
    labels = (
        short_day(scores[0].held_on, language),
        short_day(scores[-1].held_on, language),
        _number(instrument, scores[-1].value, language),
    )
    points = tuple((score.held_on, score.value) for score in scores)
    return course_chart(points, instrument.total_low, instrument.total_high, labels, outlines=True)


def _remarks(person: Person, latest: Row, language: str) -> list[str]:
    """What the courses do not say: that there are none, or that there are others."""
    found = []
    if not person.courses(latest["id"], date.max):
        since = spoken_day(date.fromisoformat(latest["enrolled_from"]), language)
        found.append(say("sheet.none", language, day=since))
    if any(session["enrolment_id"] != latest["id"] for session in person.counted_sessions):
        found.append(say("sheet.earlier", language))
    return found


def _sections(person: Person, printed_on: date, language: str) -> list[SheetSection]:
    """What is stored, who can see it, that it is voluntary, and what can be asked for."""
    service_user = person.service_user
    days = "; ".join(_days(enrolment, language) for enrolment in reversed(person.enrolments))
    stored = [say("sheet.stored.reference", language, reference=service_user["reference"])]
    if service_user["birth_year"]:
        stored.append(say("sheet.stored.birth_year", language, year=service_user["birth_year"]))
    stored.append(say("sheet.stored.enrolled", language, days=days))
    stored += [say(f"sheet.stored.{part}", language) for part in ("answers", "notes", "recorded", "corrected")]
    seen = [*_at_home(person, language), *_let_in(person.given, printed_on, language)]
    seen += [say(f"sheet.seen.{part}", language) for part in ("logged", "agency", "operators")]
    voluntary = [say(f"sheet.voluntary.{part}", language) for part in ("decline", "consequence")]
    rights = [say(f"sheet.rights.{part}", language) for part in ("copy", "mistakes", "looked")]
    said = {"stored": stored, "seen": seen, "voluntary": voluntary, "rights": rights}
    return [SheetSection(say(f"sheet.{name}.title", language), lines) for name, lines in said.items()]


def _at_home(person: Person, language: str) -> list[str]:
    """Who of the own district sees it, and to whom it is closed by name."""
    district, closed = person.service_user["district"], [row for row in person.blocks if not row["ended_at"]]
    named = sorted((row["name"] for row in closed if row["staff_id"] is not None), key=collation_key)
    # who was let in from elsewhere reads the sheet too, and need not know of colleagues here
    names = "" if person.grant else ", ".join(named)
    if any(row["staff_id"] is None for row in closed):
        who = "contact_only" if person.service_user["contact"] else "leads_only"
        seen = [access_words(who, language, district=district)]
    else:
        seen = [say("sheet.seen.district", language, district=district)]
    return [*seen, access_words("closed_to", language, names=names)] if names else seen


def _let_in(given: list[Row], printed_on: date, language: str) -> list[str]:
    """Who of another district was let in, by whom, until when and why: now and in the last year, newest first."""
    lines = []
    for row in given:
        last = last_held(date.fromisoformat(row["valid_to"]), day_of(row["ended_at"]) if row["ended_at"] else None)
        if last >= printed_on - YEAR:
            lines.append(
                access_words(
                    _how(row),
                    language,
                    who=", ".join(filter(None, (row["name"], row["home"]))),
                    giver=row["giver"],
                    reason=row["reason"],
                    first=spoken_day(day_of(row["given_at"]), language),
                    last=spoken_day(last, language),
                )
            )
    return lines


def _how(grant: Row) -> str:
    """Whether it can be read by it, could be, or cannot because the record is closed."""
    if not grant["holds"]:
        return "held"
    return "shut_out" if grant["shut_out"] else "holds"


def _days(enrolment: Row, language: str) -> str:
    first, last = (
        spoken_day(date.fromisoformat(day), language) if day else ""
        for day in (enrolment["enrolled_from"], enrolment["enrolled_to"])
    )
    return say(f"sheet.stored.{'between' if last else 'since'}", language, first=first, last=last)


def _number(instrument: Instrument, value: float, language: str) -> str:
    return spoken_number(value, instrument.decimals, language)
