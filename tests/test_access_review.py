"""Who can see what: the administrator's page, its file, the command, the reviews and the reminder of them."""

import csv
import io
import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from factories import ADMIN, AMINA, BERIT, BJERKE, CARL, OPERATOR, VELFERD
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.blocking import block_record
from fitservice.actions.giving_access import give_access
from fitservice.actions.keeping_accounts import change_role
from fitservice.actions.reminding import remind
from fitservice.actions.reviewing import review_access
from fitservice.actions.signing_in import start_sign_in, who
from fitservice.actions.staffing import add_staff, close_staff
from fitservice.actions.tokens import api_token, count_request, issue_token, revoke_token
from fitservice.clock import moment, set_to, today
from fitservice.db import connect, migrate, transaction
from fitservice.model import Invalid, NotAllowed, Role, Scope
from fitservice.reports.access_review import Access, see_all_access
from fitservice.reports.inbox import inbox
from fitservice.resources import resource_folder
from fitservice.rules.access_review import Administrators, Concern, SecondStep
from fitservice.store import audit, staff
from fitservice.wording.reminders import reminder_text

LATER = timedelta(days=90)


def seen(db: Database, **asked: str) -> Access:
    """What the administrator is told, with the defaults."""
    return see_all_access(db, 90, [], **asked, by=ADMIN)


def usernames(found: Access) -> list[str]:
    """Who is shown, in order."""
    return [line.holder.username for line in found.lines]


def made_on(db: Database, day: date) -> None:
    """All accounts were made, and given their roles, on a day."""
    db.execute("UPDATE staff SET created_at = :at, role_since = :at", {"at": f"{day}T10:00:00+00:00"})


def test_every_open_account_and_every_token_in_force_is_there(house_db: Database) -> None:
    for label in ("Board", "Old", "Ended"):
        issue_token(house_db, label, by=OPERATOR)
    revoke_token(house_db, "Old", by=OPERATOR)
    house_db.execute("UPDATE api_tokens SET expires_at = '2022-01-01T00:00:00+00:00' WHERE label = 'Ended'")
    close_staff(house_db, BERIT.staff_id, by=ADMIN)
    found = seen(house_db)
    assert usernames(found) == ["admin", "amina", "carl", "velferd", "Board"]
    assert found.everybody == 5 and found.worth_attention == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"role": "caseworker"}, ["amina", "berit"]),
        ({"role": "api_client"}, ["Board"]),
        ({"district": "030112"}, ["amina", "carl"]),
        ({"district": "none"}, ["admin", "velferd", "Board"]),
        ({"role": "team_lead", "district": "030109"}, []),
    ],
)
def test_it_is_narrowed_by_role_and_district(house_db: Database, asked: dict, expected: list[str]) -> None:
    issue_token(house_db, "Board", by=OPERATOR)
    found = seen(house_db, **asked)
    assert (usernames(found), found.everybody) == (expected, 6)


def test_since_when_is_since_the_role_or_the_district_was_given(house_db: Database) -> None:
    made_on(house_db, date(2024, 1, 1))
    with set_to(date(2025, 5, 5)):
        change_role(house_db, AMINA.staff_id, Role.CASEWORKER, BJERKE, "moved", by=ADMIN)
    since = {line.holder.username: line.holder.since for line in seen(house_db).lines}
    assert (since["amina"], since["carl"]) == (date(2025, 5, 5), date(2024, 1, 1))


def used_on(db: Database, username: str) -> str | None:
    """The day on which an account was last used, as it is kept."""
    return db.execute("SELECT last_used_on FROM staff WHERE username = ?", (username,)).fetchone()[0]


def test_the_day_of_the_last_use_is_kept_with_the_account_and_outlives_its_sign_ins(house_db: Database) -> None:
    long, day = timedelta(days=1), date(2025, 3, 1)
    with set_to(day, 23):
        token = start_sign_in(house_db, CARL.staff_id, None)
        assert used_on(house_db, "carl") == "2025-03-01"
    with set_to(day + timedelta(days=1), 1):
        assert who(house_db, token, long, long, None)
        assert used_on(house_db, "carl") == "2025-03-02"
        with set_to(day):  # a clock that goes back
            start_sign_in(house_db, CARL.staff_id, None)
        assert used_on(house_db, "carl") == "2025-03-02"
        before = house_db.conn.total_changes
        assert who(house_db, token, long, long, None)
        assert house_db.conn.total_changes == before, "a page within the minute wrote something"
    house_db.execute("DELETE FROM sign_ins")
    (line,) = (line for line in seen(house_db).lines if line.holder.username == "carl")
    assert (line.holder.last_used, line.concerns) == (date(2025, 3, 2), [Concern.UNUSED])


def test_what_was_not_used_for_ninety_days_comes_first_and_a_setting_changes_that(house_db: Database) -> None:
    made_on(house_db, date(2025, 1, 1))
    with set_to(date(2025, 4, 1)):
        start_sign_in(house_db, CARL.staff_id, None)
        start_sign_in(house_db, AMINA.staff_id, None)
    with set_to(date(2025, 4, 20)):
        start_sign_in(house_db, AMINA.staff_id, None)
    with set_to(date(2025, 4, 1) + LATER):
        told = {line.holder.username: line.concerns for line in seen(house_db).worth_attention}
        fewer = see_all_access(house_db, 71, [], by=ADMIN).worth_attention
    never = [Concern.NEVER_USED]
    assert told == {"admin": never, "berit": never, "carl": [Concern.UNUSED], "velferd": never}
    assert "amina" in [line.holder.username for line in fewer]


def test_a_token_is_used_by_its_requests(house_db: Database) -> None:
    secret = issue_token(house_db, "Board", by=OPERATOR, scopes=[Scope.GAPS], days=700)
    (line,) = seen(house_db, role="api_client").lines
    assert (line.holder.last_used, line.concerns) == (None, [Concern.ENDS_LATE])
    count_request(house_db, api_token(house_db, secret, None), 60, moment())
    (line,) = seen(house_db, role="api_client").lines
    assert line.holder.last_used == today()
    assert line.holder.second_step is SecondStep.NONE


def test_how_many_administrators_there_are_is_said(house_db: Database) -> None:
    assert seen(house_db).who_administers is None
    other = add_staff(house_db, "siri", "Siri", Role.ADMINISTRATOR, None, by=OPERATOR)
    found = seen(house_db)
    assert (found.who_administers, found.names) == (Administrators.SEVERAL, ["Admin", "Siri"])
    for number in (other, ADMIN.staff_id):
        close_staff(house_db, number, by=OPERATOR)
    assert see_all_access(house_db, 90, [], by=OPERATOR).who_administers is Administrators.NONE


@pytest.mark.parametrize("everybody", [True, False])
def test_access_to_a_record_that_is_closed_is_not_counted(house_db: Database, everybody: bool) -> None:
    def granted() -> dict[str, int]:
        return {line.holder.username: line.holder.granted for line in seen(house_db).lines}

    give_access(house_db, 1, BERIT.staff_id, None, "flytter over", by=CARL)
    assert granted() == {"admin": 0, "amina": 0, "berit": 1, "carl": 0, "velferd": 0}
    block_record(house_db, 1, [] if everybody else [AMINA.staff_id], everybody, "de er i slekt", by=CARL)
    assert granted()["berit"] == (0 if everybody else 1)


@pytest.mark.parametrize("by", [AMINA, CARL, VELFERD], ids=lambda by: by.name)
def test_only_administrators_see_it_and_write_it_down(house_db: Database, by) -> None:
    for act in (
        lambda: see_all_access(house_db, 90, [], by=by),
        lambda: review_access(house_db, "x" * 9, 90, [], by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        review_access(house_db, "the operator may look", 90, [], by=OPERATOR)
    assert house_db.execute("SELECT COUNT(*) FROM access_reviews").fetchone() == (0,)


def english(app: Flask, path: str = "/accounts/review") -> str:
    """What stands on the administrator's page."""
    client = sign_in(app, "admin")
    client.post("/language/en")
    return client.get(path).text.split("<main")[1]


def test_the_page_says_what_is_worth_attention_first_and_what_can_be_done(house: Flask, house_db: Database) -> None:
    issue_token(house_db, "Board", by=OPERATOR, days=700)
    made_on(house_db, date(2025, 1, 1))
    first, table = english(house).split("All accounts and tokens</h2>")
    assert first.count("Made on 1 Jan 2025 and never used.") == 4
    assert '"/accounts/3/close"' in first and '"/accounts/3/sign-out"' in first and '"/accounts/3"' in first
    assert '"/accounts/5/close"' not in first + table
    assert "fitservice revoke-token &#34;Board&#34;" in first or 'revoke-token "Board"' in first
    assert "All service users in Alna, with name, scores and notes" in table
    assert "Accounts and tokens. No persons and no scores" in table
    assert "6 of 6 are shown." in table
    narrowed = english(house, "/accounts/review?role=caseworker&district=030112")
    assert "1 of 6 are shown." in narrowed and 'review.csv?role=caseworker&amp;district=030112"' in narrowed
    wrong = sign_in(house, "admin").get("/accounts/review?role=king")
    assert wrong.status_code == 400 and "Made on" not in wrong.text


def test_whoever_must_have_a_second_step_and_has_none_is_worth_attention(house: Flask) -> None:
    house.config.update(TOTP_ROLES=["team_lead"], UNUSED_DAYS=7)
    page = english(house)
    assert page.count("Must have a second step, and has none yet.") == 1
    assert "Not used for 7 days" in page


def test_the_file_is_for_people_and_works_nothing_out(house: Flask, house_db: Database) -> None:
    add_staff(house_db, "kari", "=1+1", Role.CASEWORKER, BJERKE, by=ADMIN)
    client = sign_in(house, "admin")
    answer = client.get("/accounts/review.csv?district=030109")
    assert answer.mimetype == "text/csv" and answer.data.startswith("\ufeff".encode())
    header, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True)[1:]), delimiter=";")
    assert [row[1] for row in rows] == ["kari", "berit"] and rows[0][0] == "'=1+1"
    assert all(len(row) == len(header) for row in rows)
    assert client.get("/accounts/review.csv?role=king", follow_redirects=True).status_code == 400


def test_a_review_is_written_down_and_its_history_stays(house: Flask, house_db: Database) -> None:
    made_on(house_db, date(2025, 1, 1))
    client = sign_in(house, "admin")
    client.post("/language/en")
    assert "Nobody has written down a review yet." in client.get("/accounts/review").text
    empty = client.post("/accounts/review", data={"comment": " "})
    assert empty.status_code == 400 and 'id="comment-error"' in empty.text and "All accounts and tokens" in empty.text
    for comment in ("First: <b>all</b> is right", "Second: closed none"):
        assert client.post("/accounts/review", data={"comment": comment}).status_code == 302
    page = client.get("/accounts/review").text
    assert page.index("Second: closed none") < page.index("First: &lt;b&gt;all&lt;/b&gt; is right")
    assert page.count("Accounts: 5, tokens: 0, worth attention: 4") == 2
    rows = house_db.execute("SELECT act, subject_kind, detail FROM audit WHERE act = 'review_access'").fetchall()
    assert len(rows) == 2 and rows[0][1] == "access_review" and "right" not in rows[0][2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_reviews SET comment = 'other'",
        "DELETE FROM access_reviews",
        "INSERT OR REPLACE INTO access_reviews SELECT * FROM access_reviews",
    ],
)
def test_what_was_reviewed_stays(house_db: Database, statement: str) -> None:
    review_access(house_db, "All is right", 90, [], by=ADMIN)
    with pytest.raises(sqlite3.IntegrityError):
        house_db.execute(statement)


def test_a_bad_comment_leaves_nothing(house_db: Database) -> None:
    with pytest.raises(Invalid):
        review_access(house_db, "  ", 90, [], by=ADMIN)
    assert house_db.execute("SELECT COUNT(*) FROM access_reviews").fetchone() == (0,)


def test_administrators_are_reminded_when_six_months_have_gone(house: Flask, house_db: Database) -> None:
    made_on(house_db, date(2022, 1, 10))
    messages = []
    for day in (date(2022, 7, 9), date(2022, 7, 10), date(2022, 7, 11), date(2022, 7, 24)):
        with set_to(day):
            messages += [message.username for message in remind(house_db, day, by=OPERATOR)]
    assert messages.count("admin") == 2
    with set_to(date(2022, 7, 25)):
        review_access(house_db, "All is right", 90, [], by=ADMIN)
    for day in (date(2022, 8, 7), date(2023, 1, 24)):
        with set_to(day):
            assert "admin" not in [message.username for message in remind(house_db, day, by=OPERATOR)]
    with set_to(date(2023, 1, 25)):
        remind(house_db, today(), by=OPERATOR)
    (newest, *_) = inbox(house_db, by=ADMIN)
    client = sign_in(house, "admin")
    with house.test_request_context():
        assert "25.07.2022" in reminder_text(newest["reminders"][0])
    assert '"/accounts/review"' in client.get("/inbox").text


def test_the_command_prints_the_same(house_db: Database, house: Flask) -> None:
    made_on(house_db, today() - timedelta(days=5))
    issue_token(house_db, "Board", by=OPERATOR)

    def run(*arguments: str) -> Result:
        return house.test_cli_runner().invoke(args=["staff", "review", *arguments])

    assert run().exit_code == 0 and "never used." not in run().output
    output = run("--unused", "5").output
    lines = [line for line in output.splitlines() if line.endswith("and never used.")]
    assert [line.split()[0] for line in lines] == ["Admin", "Amina", "Berit", "Carl", "Velferd"]
    assert "All service users in Bjerke, with name, scores and notes" in output and "Board" in output
    assert "Nobody has written down a review yet." in output
    review_access(house_db, "All is right", 90, [], by=ADMIN)
    assert "Last review: " in run().output and ", Admin." in run().output
    assert run("--unused", "0").exit_code == 2
    acts = house_db.execute("SELECT COUNT(*) FROM audit WHERE act = 'see_all_access'").fetchone()
    assert acts == (5,)


def test_it_costs_the_same_however_many_accounts_and_sign_ins_there_are(house_db: Database) -> None:
    def queries() -> int:
        asked: list[str] = []
        house_db.conn.set_trace_callback(asked.append)
        seen(house_db)
        house_db.conn.set_trace_callback(None)
        assert not any("sign_ins" in query for query in asked)
        return len(asked)

    before = queries()
    for number in range(10):
        staff.add(house_db, username=f"k{number}", name="K", role="caseworker", district_id=1)
        issue_token(house_db, f"Board {number}", by=OPERATOR)
    assert queries() == before


def test_what_was_known_before_the_migration_is_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tmp_path / "migrations"
    before.mkdir()
    for path in sorted(resource_folder("migrations").glob("*.sql")):
        if path.name < "0021":
            shutil.copy(path, before)
    with monkeypatch.context() as patch:
        patch.setattr("fitservice.db.resource_folder", lambda _: before)
        migrate(tmp_path / "fitservice.db")
    db = connect(tmp_path / "fitservice.db")
    for number, name in ((1, "amina"), (2, "carl")):
        db.execute(
            "INSERT INTO staff (id, username, name, role, district_id, created_at)"
            " VALUES (?, ?, ?, 'caseworker', 12, '2024-01-01T10:00:00+00:00')",
            (number, name, name),
        )
    for number, day in enumerate(("2025-02-01", "2025-02-03", "2025-02-02")):
        db.execute(
            "INSERT INTO sign_ins (staff_id, token_hash, created_at, last_seen_at) VALUES (1, ?, 'x', ?)",
            (str(number), f"{day}T10:00:00+00:00"),
        )
    for day in (date(2024, 5, 5), date(2024, 6, 6)):
        with set_to(day), transaction(db):
            audit.write(db, ADMIN, "change_role", ("staff", 2))
            audit.write(db, ADMIN, "change_role", ("service_user", 1))
    db.close()
    assert "0021_access_reviews" in migrate(tmp_path / "fitservice.db")
    db = connect(tmp_path / "fitservice.db")
    rows = db.execute("SELECT substr(role_since, 1, 10), last_used_on FROM staff ORDER BY id").fetchall()
    db.close()
    assert rows == [("2024-01-01", "2025-02-03"), ("2024-06-06", None)]
