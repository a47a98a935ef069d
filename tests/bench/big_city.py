"""Ten years of a big city, or of a nation, straight into the real schema; made once and kept in .bench/."""

import hashlib
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy
from sqlite_utils import Database

from fitservice.actions.counting import bring_up_to_date
from fitservice.actions.deciding import decide_obligations
from fitservice.clock import set_to
from fitservice.db import connect, transaction
from fitservice.instruments import SHIPPED
from fitservice.resources import resource_folder
from fitservice.rules.contribution import marks_of
from fitservice.rules.periods import half, half_of
from fitservice.store import counters, districts
from tests.bench.cities import OPERATOR

ROOT = Path(__file__).parents[2] / ".bench"
FIRST_DAY, LAST_DAY = date(2016, 1, 1), date(2025, 12, 31)
PERIODS = [half(year, number) for year in range(FIRST_DAY.year, LAST_DAY.year + 1) for number in (1, 2)]
DISTRICTS = 15
EACH = 200
"""Sessions of each service user."""
SIZES = {"city": 6_000, "nation": 100_000}
CHUNK = 100_000
COVERING = "bench_covering"

Numbers = numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.int64]]


@dataclass(frozen=True)
class City:
    """Where it lies and how large it is."""

    folder: Path
    service_users: int

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "fitservice.db"

    @property
    def sessions(self) -> int:
        """How many sessions it holds."""
        return self.service_users * EACH


def big_city(size: str) -> City:
    """The city of that size, made now unless it lies there from an earlier run with the same schema."""
    source = Path(__file__).read_bytes() + b"".join(
        path.read_bytes() for path in sorted(resource_folder("migrations").glob("*.sql"))
    )
    city = City(ROOT / f"{size}-{hashlib.sha256(source).hexdigest()[:10]}", SIZES[size])
    if not city.folder.exists():
        for outdated in ROOT.glob(f"{size}-*"):
            # beside the folder lies what its server printed
            shutil.rmtree(outdated) if outdated.is_dir() else outdated.unlink()
        draft = City(city.folder.with_name(f"{size}-draft"), city.service_users)
        _make(draft)
        draft.folder.rename(city.folder)
    return city


def _make(city: City) -> None:
    """Everything, under the migrations; indexes and triggers are put back once the rows are in."""
    city.folder.mkdir(parents=True)
    start = time.perf_counter()
    bring_up_to_date(city.path, SHIPPED)
    db = connect(city.path)
    # a file that is thrown away if anything goes wrong
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"):
        db.execute(f"PRAGMA {pragma}").close()
    with _without_indexes(db):
        _fill(db, city.service_users)
    owe_since(db, FIRST_DAY)
    db.execute(
        f"CREATE INDEX {COVERING} ON sessions (enrolment_id, held_on, life_satisfaction)"
        " WHERE withdrawn = 0 AND life_satisfaction IS NOT NULL"
    )
    db.execute("ANALYZE").close()
    filled = time.perf_counter()
    with transaction(db):
        counters.count_anew(db, marks_of(SHIPPED))
    db.execute("PRAGMA journal_mode = WAL").close()
    db.close()
    counted = time.perf_counter()
    size = city.path.stat().st_size / 1e9
    print(
        f"made {city.sessions:,} sessions in {filled - start:.0f} s, counted them in {counted - filled:.0f} s", end=""
    )
    print(f": {size:.1f} GB")


def owe_since(db: Database, first_day: date) -> None:
    """All districts owe their half-years since the one of that day, as if it was decided then."""
    codes = [row["code"] for row in districts.all_districts(db)]
    with set_to(first_day):
        decide_obligations(db, codes, half_of(first_day), None, "since then", owed=True, by=OPERATOR)


@contextmanager
def _without_indexes(db: Database) -> Iterator[None]:
    """Nothing beside the table of sessions while it is filled; afterwards all that the migrations made is there."""
    made = db.execute(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE tbl_name = 'sessions' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in made:
        db.execute(f"DROP {kind} {name}")
    yield
    for _, _, sql in made:
        db.execute(sql)


def _fill(db: Database, count: int) -> None:
    """Service users of all districts; every seventh came back once, so has two enrolments."""
    chance = numpy.random.default_rng(17)
    days = _days(chance, count)
    came_back = numpy.where(numpy.arange(count) % 7 == 0, chance.integers(20, EACH - 20, count), EACH)
    enrolments = _ids(chance, 2 * count)
    service_users = _ids(chance, count)
    with transaction(db):
        _add_service_users(db, service_users.tolist())
        _add_enrolments(db, service_users.tolist(), enrolments.tolist(), days, came_back)
        _add_sessions(db, chance, enrolments, days, came_back)


def _ids(chance: numpy.random.Generator, count: int) -> Numbers:
    """Random ids as the store makes them, smallest first."""
    return numpy.unique(chance.integers(1, 2**62, count + 100))[:count]


def _days(chance: numpy.random.Generator, count: int) -> Numbers:
    """Each one's days of sessions, counted from the first day, evenly over the ten years."""
    step = (LAST_DAY - FIRST_DAY).days / EACH
    return (numpy.arange(EACH) * step).astype(int) + chance.integers(0, int(step), (count, EACH))


def _texts() -> list[str]:
    """Every day as the store writes it."""
    return [(FIRST_DAY + timedelta(number)).isoformat() for number in range((LAST_DAY - FIRST_DAY).days + 1)]


def _add_service_users(db: Database, ids: list[int]) -> None:
    db.conn.executemany(
        "INSERT INTO service_users (id, district_id, reference, reference_key, created_at)"
        " VALUES (?, ?, ?, ?, '2016-01-01T00:00:00+00:00')",
        ((number, place % DISTRICTS + 1, f"R-{place}", f"r-{place}") for place, number in enumerate(ids)),
    )


def _add_enrolments(
    db: Database, service_users: list[int], enrolments: list[int], days: Numbers, came_back: Numbers
) -> None:
    """The first begins with the first day; the second, if any, with the session after the one that ended it."""
    texts = _texts()

    def rows() -> Iterable[tuple[int, int, str, str | None]]:
        for place, (service_user_id, back) in enumerate(zip(service_users, came_back.tolist(), strict=True)):
            last = None if back == EACH else texts[days[place, back - 1]]
            yield enrolments[2 * place], service_user_id, texts[0], last
            if last:
                yield enrolments[2 * place + 1], service_user_id, texts[days[place, back]], None

    db.conn.executemany(
        "INSERT INTO enrolments (id, service_user_id, enrolled_from, enrolled_to, recorded_by, recorded_at)"
        " VALUES (?, ?, ?, ?, 'bench', '2016-01-01T00:00:00+00:00')",
        rows(),
    )


def _add_sessions(
    db: Database, chance: numpy.random.Generator, enrolments: Numbers, days: Numbers, came_back: Numbers
) -> None:
    """In the order of random ids, as the store keeps them: one person's sessions lie anywhere in the file."""
    texts, reasons = _texts(), ("declined", "not_able", "no_time", "not_asked")
    count, total = len(days), len(days) * EACH
    ids, order = _ids(chance, total), chance.permutation(total)
    usual = chance.normal(3.5, 1.2, count)
    gain = chance.normal(1.0, 1.5, count)
    for start in range(0, total, CHUNK):
        person, place = numpy.divmod(order[start : start + CHUNK], EACH)
        size = len(person)
        felt = usual[person] + gain[person] * place / EACH + chance.normal(0, 0.8, size)
        scores = numpy.clip(numpy.rint(felt), 1, 7).astype(int).tolist()
        answered = (chance.random(size) > 0.08).tolist()
        items = numpy.clip(numpy.rint(felt * 14), 0, 100).astype(int).tolist()
        asked = (place % 3 == 0).tolist()
        db.conn.executemany(
            _INSERT,
            zip(
                ids[start : start + CHUNK].tolist(),
                enrolments[2 * person + (place >= came_back[person])].tolist(),
                [texts[day] for day in days[person, place].tolist()],
                [score if there else None for score, there in zip(scores, answered, strict=True)],
                [None if there else reasons[score % 4] for score, there in zip(scores, answered, strict=True)],
                [item if there else None for item, there in zip(items, asked, strict=True)],
                (chance.random(size) < 0.005).astype(int).tolist(),
                strict=True,
            ),
        )


_INSERT = """
    INSERT INTO sessions
        (id, enrolment_id, held_on, life_satisfaction, missing_reason,
         outcome_personal, outcome_close, outcome_social, outcome_overall,
         alliance_heard, alliance_topics, alliance_approach, alliance_overall,
         withdrawn, revision, reason, recorded_by, recorded_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?6, ?6, ?6, ?6, ?6,
            ?7, 1 + ?7, CASE WHEN ?7 THEN 'wrong person' END, 'bench', '2025-12-31T12:00:00+00:00')
"""
