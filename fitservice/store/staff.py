"""Staff accounts."""

from sqlite_utils import Database

from fitservice.store.rows import Row, insert, now, one, value

_COLUMNS = """
    SELECT staff.id, username, staff.name, role, district_id, password_hash, is_demo, break_glass, created_at,
           closed_at, email, districts.name AS district
    FROM staff
    LEFT JOIN districts ON districts.id = staff.district_id
"""


def by_username(db: Database, username: str) -> Row | None:
    """The account of that username, whatever its case, closed or not."""
    return one(db, f"{_COLUMNS} WHERE lower(username) = lower(:username)", {"username": username})


def by_subject(db: Database, issuer: str, subject: str) -> Row | None:
    """The account that the city's sign-in calls so, closed or not."""
    return one(
        db,
        f"{_COLUMNS} WHERE oidc_issuer = :issuer AND oidc_subject = :subject",
        {"issuer": issuer, "subject": subject},
    )


def by_id(db: Database, staff_id: int) -> Row | None:
    """One account."""
    return one(db, f"{_COLUMNS} WHERE staff.id = :id", {"id": staff_id})


def all_staff(db: Database) -> list[Row]:
    """Every account, open ones first, then by name, with when each was last used."""
    return list(
        db.query(
            """
            SELECT staff.id, username, staff.name, role, districts.name AS district, closed_at, email,
                   password_hash IS NOT NULL AS has_password, oidc_subject IS NOT NULL AS from_city, break_glass,
                   MAX(sign_ins.last_seen_at) AS last_seen_at
            FROM staff
            LEFT JOIN districts ON districts.id = staff.district_id
            LEFT JOIN sign_ins ON sign_ins.staff_id = staff.id
            GROUP BY staff.id, districts.name
            ORDER BY closed_at IS NOT NULL, staff.name COLLATE norwegian, username COLLATE norwegian
            """
        )
    )


def open_in_district(db: Database, district_id: int) -> list[Row]:
    """The caseworkers and team leads of a district whose account is open: id, username, name, role."""
    return list(
        db.query(
            """
            SELECT id, username, name, role
            FROM staff
            WHERE district_id = :id AND closed_at IS NULL
            ORDER BY name COLLATE norwegian, username COLLATE norwegian
            """,
            {"id": district_id},
        )
    )


def open_team_leads(db: Database, district_id: int) -> set[int]:
    """The ids of the team leads of a district whose account is open."""
    rows = db.query(
        "SELECT id FROM staff WHERE district_id = :id AND role = 'team_lead' AND closed_at IS NULL",
        {"id": district_id},
    )
    return {row["id"] for row in rows}


def open_elsewhere(db: Database, district_id: int) -> list[Row]:
    """The caseworkers and team leads of other districts whose account is open: id, name, district; by district."""
    return list(
        db.query(
            """
            SELECT staff.id, staff.name AS name, districts.name AS district
            FROM staff
            JOIN districts ON districts.id = staff.district_id
            WHERE staff.district_id <> :id AND closed_at IS NULL
            ORDER BY districts.name COLLATE norwegian, staff.name COLLATE norwegian, username COLLATE norwegian
            """,
            {"id": district_id},
        )
    )


def all_open(db: Database) -> list[Row]:
    """Every account that is open, in the order they were made: id, username, role, district_id."""
    return list(db.query("SELECT id, username, role, district_id FROM staff WHERE closed_at IS NULL ORDER BY id"))


def of_district(db: Database, district_id: int) -> list[Row]:
    """Everybody with an account in a district, closed or not, by name: id, username, name."""
    return list(
        db.query(
            """
            SELECT id, username, name
            FROM staff
            WHERE district_id = :id
            ORDER BY name COLLATE norwegian, username COLLATE norwegian
            """,
            {"id": district_id},
        )
    )


def names(db: Database) -> dict[str, str]:
    """The name of every account by its username, closed ones too."""
    return dict(db.execute("SELECT username, name FROM staff").fetchall())


def demo_staff(db: Database) -> list[Row]:
    """The sign-ins of a demo city, in the order they were made; empty in any other database."""
    return list(db.query(f"{_COLUMNS} WHERE is_demo = 1 ORDER BY staff.id"))


def any_staff(db: Database) -> bool:
    """Whether anyone could ever sign in."""
    return bool(value(db, "SELECT EXISTS (SELECT 1 FROM staff)"))


def add(
    db: Database,
    *,
    username: str,
    name: str,
    role: str,
    district_id: int | None,
    password_hash: str | None = None,
    is_demo: bool = False,
    email: str | None = None,
) -> int:
    """A new account's id; the caller has checked that the username is free."""
    return insert(
        db,
        """
        INSERT INTO staff (username, name, role, district_id, password_hash, is_demo, email, created_at, role_since)
        VALUES (:username, :name, :role, :district_id, :password_hash, :is_demo, :email, :now, :now)
        """,
        {
            "username": username,
            "name": name,
            "role": role,
            "district_id": district_id,
            "password_hash": password_hash,
            "is_demo": int(is_demo),
            "email": email,
            "now": now(),
        },
    )


def set_password(db: Database, staff_id: int, password_hash: str) -> None:
    """A new password; a PIN from before no longer counts."""
    db.execute(
        "UPDATE staff SET password_hash = :hash, pin_hash = NULL WHERE id = :id",
        {"hash": password_hash, "id": staff_id},
    )


def renew_hash(db: Database, staff_id: int, password_hash: str) -> None:
    """The same password by another cost."""
    db.execute("UPDATE staff SET password_hash = :hash WHERE id = :id", {"hash": password_hash, "id": staff_id})


def set_subject(db: Database, staff_id: int, issuer: str, subject: str) -> None:
    """Who vouches for this account, and how it is called there."""
    db.execute(
        "UPDATE staff SET oidc_issuer = :issuer, oidc_subject = :subject WHERE id = :id",
        {"issuer": issuer, "subject": subject, "id": staff_id},
    )


def set_break_glass(db: Database, staff_id: int, on: bool) -> None:
    """Whether it may sign in by password where the others may not."""
    db.execute("UPDATE staff SET break_glass = :on WHERE id = :id", {"on": int(on), "id": staff_id})


def set_role(db: Database, staff_id: int, role: str, district_id: int | None) -> None:
    """Another role or district, from now on."""
    db.execute(
        "UPDATE staff SET role = :role, district_id = :district_id, role_since = :now WHERE id = :id",
        {"role": role, "district_id": district_id, "id": staff_id, "now": now()},
    )


def set_pin(db: Database, staff_id: int, pin_hash: str) -> None:
    """A new PIN."""
    db.execute("UPDATE staff SET pin_hash = :hash WHERE id = :id", {"hash": pin_hash, "id": staff_id})


def has_pin(db: Database, staff_id: int) -> bool:
    """Whether a PIN was ever chosen."""
    return bool(value(db, "SELECT pin_hash IS NOT NULL FROM staff WHERE id = :id", {"id": staff_id}))


def set_email(db: Database, staff_id: int, email: str | None) -> None:
    """Where e-mails go; None is nowhere."""
    db.execute("UPDATE staff SET email = :email WHERE id = :id", {"email": email, "id": staff_id})


def close(db: Database, staff_id: int) -> None:
    """The account can no longer sign in; it stays, because the record names it."""
    db.execute(
        "UPDATE staff SET closed_at = :now WHERE id = :id AND closed_at IS NULL",
        {"now": now(), "id": staff_id},
    )


def is_another(db: Database, staff_id: int | None, role: str, district_id: int | None) -> bool:
    """Whether this account was closed, or has another role or district by now; nobody's has not."""
    return bool(
        value(
            db,
            """
            SELECT EXISTS (
                SELECT 1
                FROM staff
                WHERE id = :id AND (closed_at IS NOT NULL OR role <> :role OR district_id IS NOT :district_id)
            )
            """,
            {"id": staff_id, "role": role, "district_id": district_id},
        )
    )
