"""Who can see what: every open account and every token in force, what is worth attention, and the reviews of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.formats.tables import NORWEGIAN, PLAIN, csv_text
from fitservice.holders import all_holders
from fitservice.model import Actor, Role
from fitservice.reach import reach_of
from fitservice.rules.access_review import NO_DISTRICT, Administrators, Concern, Holder, administrators, concerns
from fitservice.store import access_reviews
from fitservice.store.rows import Row
from fitservice.wording import day, language
from fitservice.wording.access_review import concern_text, holder_role, last_used, reach_lines, second_step_name


@dataclass(frozen=True)
class Line:
    """One of those who are let in, what they can see in plain words, and why they are worth attention."""

    holder: Holder
    sees: list[str]
    concerns: list[Concern]


@dataclass(frozen=True)
class Access:
    """Accounts by name, then tokens by label; the administrators' names; reviews, newest first.

    everybody is how many there are without the filters, who_administers what is worth attention of that.
    """

    lines: list[Line]
    who_administers: Administrators | None
    names: list[str]
    reviews: list[Row]
    everybody: int

    @property
    def worth_attention(self) -> list[Line]:
        """Those with a concern, in the same order."""
        return [line for line in self.lines if line.concerns]


def see_all_access(
    db: Database,
    unused_days: int,
    roles_with_second_step: Collection[str],
    role: str = "",
    district: str = "",
    *,
    by: Actor,
) -> Access:
    """Everybody who is let in today; of one role, or of one district by its code (NO_DISTRICT for those in none).

    Logged. Unused is whoever was not used for so many days.
    """
    with acting(db, by, Act.SEE_ALL_ACCESS) as note:
        holders, reviews = all_holders(db), access_reviews.history(db)
        shown = [one for one in holders if role in ("", one.role) and district in ("", _place(one))]
        note.detail = {"shown": len(shown)}
    lines = [_line(holder, concerns(holder, today(), unused_days, roles_with_second_step)) for holder in shown]
    names = [holder.name for holder in holders if holder.role is Role.ADMINISTRATOR]
    return Access(lines, administrators(holders), names, reviews, len(holders))


def _place(holder: Holder) -> str:
    return holder.district_code or NO_DISTRICT


def _line(holder: Holder, found: list[Concern]) -> Line:
    actor = Actor(holder.username, holder.role, holder.district_id, scopes=holder.scopes)
    return Line(holder, reach_lines(reach_of(actor), holder), found)


def access_table(lines: Sequence[Line]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows, a row each, in the reader's language: for a file and for the terminal."""
    header = [
        *(_("Name"), _("Username or label"), _("Role"), _("District"), _("Can see"), _("Since"), _("Last used")),
        *(_("Second step"), _("Good until"), _("Worth attention")),
    ]
    rows = [
        [
            *(line.holder.name, line.holder.username, holder_role(line.holder.role), line.holder.district or "–"),
            *(". ".join(line.sees), day(line.holder.since), last_used(line.holder)),
            *(second_step_name(line.holder.second_step), day(line.holder.until)),
            " ".join(concern_text(one, line.holder) for one in line.concerns),
        ]
        for line in lines
    ]
    return header, rows


def access_file(lines: Sequence[Line]) -> bytes:
    """The same as CSV, as Excel opens it in the reader's language."""
    header, rows = access_table(lines)
    return csv_text(header, rows, NORWEGIAN if language() == "nb" else PLAIN).encode()
