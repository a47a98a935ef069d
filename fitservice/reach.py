"""How far an actor sees: what the acts that they may do show them. The words for it are made from this alone."""

from enum import StrEnum

from fitservice.access import Act, may
from fitservice.model import Actor


class Reach(StrEnum):
    """What an act shows or changes."""

    PERSONS = "persons"
    """Service users of the own district: references, names, scores, notes."""
    DISTRICT = "district"
    """The own district's figures and sign-offs."""
    LOOK_UPS = "look_ups"
    """Who looked at whom in the own district."""
    CITY = "city"
    """Every district's figures so far and gaps, small counts hidden."""
    FIGURES = "figures"
    """Published figures."""
    ACCOUNTS = "accounts"
    """Who has an account or a token."""
    OWN = "own"
    """What is one's own, such as the inbox."""
    OPEN = "open"
    """Lists of districts and half-years."""
    MACHINE = "machine"
    """What is done on the command line alone."""


_ACTS: dict[Reach, tuple[Act, ...]] = {
    Reach.PERSONS: (
        *(Act.FIND_SERVICE_USERS, Act.SEE_SERVICE_USER, Act.PRINT_SHEET, Act.SEE_SESSION, Act.ADD_SERVICE_USER),
        *(Act.SET_ASKED_IN, Act.SET_CASEWORKER, Act.SET_NAME, Act.CORRECT_SERVICE_USER, Act.COPY_OWN_DATA),
        *(Act.SEE_ERASURES, Act.ASK_ERASURE, Act.DROP_ERASURE, Act.ERASE),
        *(Act.SEE_PARTICIPATION, Act.GIVE_PARTICIPATION, Act.WITHDRAW_PARTICIPATION),
        *(Act.ADD_ENROLMENT, Act.END_ENROLMENT, Act.CORRECT_ENROLMENT),
        *(Act.RECORD_SESSION, Act.CORRECT_SESSION, Act.NOTE_SESSION, Act.HAND_OVER),
        *(Act.SEE_SUPERVISION, Act.DISCUSS, Act.SEE_CHECKS, Act.DISMISS_FINDING, Act.TAKE_BACK_DISMISSAL),
        *(Act.SEE_WHO_LOOKED, Act.SEE_ACCESS, Act.SEE_GIVEN, Act.GIVE_ACCESS, Act.END_ACCESS),
        *(Act.BLOCK_RECORD, Act.END_BLOCK),
    ),
    Reach.DISTRICT: (Act.SEE_DISTRICT, Act.SET_RHYTHM, Act.SIGN_OFF, Act.EXPLAIN_GAP),
    Reach.LOOK_UPS: (Act.SEE_LOOK_UPS,),
    Reach.CITY: (Act.SEE_CITY, Act.JUDGE_SIGN_OFF, Act.SEE_REGISTER, Act.SET_REGISTER),
    Reach.FIGURES: (Act.PULL_FIGURES, Act.MAKE_RELEASE),
    Reach.ACCOUNTS: (
        *(Act.SEE_STAFF, Act.ADD_STAFF, Act.SET_EMAIL, Act.CLOSE_STAFF, Act.INVITE_STAFF, Act.END_OTHERS_SIGN_INS),
        *(Act.CHANGE_ROLE, Act.OPEN_LOCKED, Act.RESET_SECOND_STEP, Act.SET_BREAK_GLASS),
        *(Act.SEE_ALL_ACCESS, Act.REVIEW_ACCESS),
    ),
    Reach.OWN: (Act.SEE_INBOX, Act.READ_INBOX),
    Reach.OPEN: (Act.SEE_LISTS,),
    Reach.MACHINE: (
        *(Act.PULL_INTERNAL_FIGURES, Act.ATTACK_RELEASE, Act.IMPORT, Act.FIT_EXPECTED_COURSE, Act.RECOUNT),
        *(Act.REMIND, Act.BACK_TEST, Act.MAKE_TOKEN, Act.REVOKE_TOKEN, Act.SEE_TOKENS, Act.MAKE_DEMO),
        *(Act.SEE_HEAD, Act.VERIFY_AUDIT, Act.TRIM_AUDIT, Act.BACK_UP, Act.RESTORE, Act.ADD_KEY, Act.RESEAL),
    ),
}

REACHES: dict[Act, Reach] = {act: reach for reach, acts in _ACTS.items() for act in acts}
"""Every act has its place here."""


def reach_of(actor: Actor) -> tuple[Reach, ...]:
    """What this actor's role, and the scopes of a token, let them see, in the order of Reach."""
    found = {REACHES[act] for act in Act if may(actor, act)}
    return tuple(reach for reach in Reach if reach in found)
