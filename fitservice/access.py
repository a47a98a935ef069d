"""Which role may do which act, and in which scope a token: two tables. check() raises, may() answers templates."""

from enum import StrEnum

from fitservice.model import DISTRICT_ROLES, STAFF_ROLES, Actor, NotAllowed, Role, Scope


class Act(StrEnum):
    """Everything that is told or changed; the audit table uses these words."""

    FIND_SERVICE_USERS = "find_service_users"
    SEE_SERVICE_USER = "see_service_user"
    PRINT_SHEET = "print_sheet"
    SEE_SESSION = "see_session"
    ADD_SERVICE_USER = "add_service_user"
    SET_ASKED_IN = "set_asked_in"
    SET_CASEWORKER = "set_caseworker"
    SET_NAME = "set_name"
    CORRECT_SERVICE_USER = "correct_service_user"
    COPY_OWN_DATA = "copy_own_data"
    SEE_ERASURES = "see_erasures"
    ASK_ERASURE = "ask_erasure"
    DROP_ERASURE = "drop_erasure"
    ERASE = "erase"
    SEE_ACCESS = "see_access"
    SEE_GIVEN = "see_given"
    GIVE_ACCESS = "give_access"
    END_ACCESS = "end_access"
    BLOCK_RECORD = "block_record"
    END_BLOCK = "end_block"
    SEE_PARTICIPATION = "see_participation"
    GIVE_PARTICIPATION = "give_participation"
    WITHDRAW_PARTICIPATION = "withdraw_participation"
    ADD_ENROLMENT = "add_enrolment"
    END_ENROLMENT = "end_enrolment"
    CORRECT_ENROLMENT = "correct_enrolment"
    RECORD_SESSION = "record_session"
    CORRECT_SESSION = "correct_session"
    NOTE_SESSION = "note_session"
    HAND_OVER = "hand_over"
    SEE_DISTRICT = "see_district"
    SET_RHYTHM = "set_rhythm"
    SEE_SUPERVISION = "see_supervision"
    DISCUSS = "discuss"
    SEE_CHECKS = "see_checks"
    DISMISS_FINDING = "dismiss_finding"
    TAKE_BACK_DISMISSAL = "take_back_dismissal"
    SEE_LISTS = "see_lists"
    SEE_CITY = "see_city"
    PULL_FIGURES = "pull_figures"
    PULL_INTERNAL_FIGURES = "pull_internal_figures"
    SIGN_OFF = "sign_off"
    EXPLAIN_GAP = "explain_gap"
    JUDGE_SIGN_OFF = "judge_sign_off"
    SEE_REGISTER = "see_register"
    SET_REGISTER = "set_register"
    MAKE_RELEASE = "make_release"
    ATTACK_RELEASE = "attack_release"
    IMPORT = "import"
    FIT_EXPECTED_COURSE = "fit_expected_course"
    RECOUNT = "recount"
    REMIND = "remind"
    SEE_INBOX = "see_inbox"
    READ_INBOX = "read_inbox"
    BACK_TEST = "back_test"
    SEE_STAFF = "see_staff"
    ADD_STAFF = "add_staff"
    SET_EMAIL = "set_email"
    CLOSE_STAFF = "close_staff"
    INVITE_STAFF = "invite_staff"
    END_OTHERS_SIGN_INS = "end_others_sign_ins"
    CHANGE_ROLE = "change_role"
    OPEN_LOCKED = "open_locked"
    RESET_SECOND_STEP = "reset_second_step"
    SET_BREAK_GLASS = "set_break_glass"
    SEE_ALL_ACCESS = "see_all_access"
    REVIEW_ACCESS = "review_access"
    MAKE_TOKEN = "make_token"  # noqa: S105 - the name of an act, not a secret
    REVOKE_TOKEN = "revoke_token"  # noqa: S105
    SEE_TOKENS = "see_tokens"
    MAKE_DEMO = "make_demo"
    SEE_WHO_LOOKED = "see_who_looked"
    SEE_LOOK_UPS = "see_look_ups"
    SEE_HEAD = "see_head"
    VERIFY_AUDIT = "verify_audit"
    TRIM_AUDIT = "trim_audit"
    BACK_UP = "back_up"
    RESTORE = "restore"
    ADD_KEY = "add_key"
    RESEAL = "reseal"


LOOKS = frozenset(act for act in Act if act.value.partition("_")[0] in {"see", "find", "print", "pull"})
"""What is only told: it may be told again."""

_DISTRICT = frozenset(DISTRICT_ROLES)
_AGENCY = frozenset({Role.AGENCY_ANALYST, Role.API_CLIENT, Role.OPERATOR})
_ACCOUNTS = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
_CONSOLE = frozenset({Role.OPERATOR})
_STAFF = frozenset(STAFF_ROLES)

PERMISSIONS: dict[Act, frozenset[Role]] = {
    Act.FIND_SERVICE_USERS: _DISTRICT,
    Act.SEE_SERVICE_USER: _DISTRICT,
    Act.PRINT_SHEET: _DISTRICT,
    Act.SEE_SESSION: _DISTRICT,
    Act.ADD_SERVICE_USER: _DISTRICT,
    Act.SET_ASKED_IN: _DISTRICT,
    Act.SET_CASEWORKER: _DISTRICT,
    Act.SET_NAME: _DISTRICT,
    Act.CORRECT_SERVICE_USER: _DISTRICT,
    Act.COPY_OWN_DATA: _DISTRICT,
    Act.SEE_ERASURES: _DISTRICT,
    Act.ASK_ERASURE: _DISTRICT,
    Act.DROP_ERASURE: _DISTRICT,
    Act.ERASE: frozenset({Role.TEAM_LEAD}),
    Act.SEE_ACCESS: frozenset({Role.TEAM_LEAD}),
    Act.SEE_GIVEN: _DISTRICT,
    Act.GIVE_ACCESS: frozenset({Role.TEAM_LEAD}),
    Act.END_ACCESS: frozenset({Role.TEAM_LEAD}),
    Act.BLOCK_RECORD: frozenset({Role.TEAM_LEAD}),
    Act.END_BLOCK: frozenset({Role.TEAM_LEAD}),
    Act.SEE_PARTICIPATION: _DISTRICT,
    Act.GIVE_PARTICIPATION: _DISTRICT,
    Act.WITHDRAW_PARTICIPATION: _DISTRICT,
    Act.ADD_ENROLMENT: _DISTRICT,
    Act.END_ENROLMENT: _DISTRICT,
    Act.CORRECT_ENROLMENT: _DISTRICT,
    Act.RECORD_SESSION: _DISTRICT,
    Act.CORRECT_SESSION: _DISTRICT,
    Act.NOTE_SESSION: _DISTRICT,
    Act.HAND_OVER: _DISTRICT,
    Act.SEE_DISTRICT: frozenset({Role.TEAM_LEAD}),
    Act.SET_RHYTHM: frozenset({Role.TEAM_LEAD}),
    Act.SEE_SUPERVISION: frozenset({Role.TEAM_LEAD}),
    Act.DISCUSS: frozenset({Role.TEAM_LEAD}),
    Act.SEE_CHECKS: frozenset({Role.TEAM_LEAD}),
    Act.DISMISS_FINDING: frozenset({Role.TEAM_LEAD}),
    Act.TAKE_BACK_DISMISSAL: frozenset({Role.TEAM_LEAD}),
    Act.SEE_LISTS: _AGENCY,
    Act.SEE_CITY: _AGENCY,
    Act.PULL_FIGURES: _AGENCY,
    Act.PULL_INTERNAL_FIGURES: _CONSOLE,
    Act.SIGN_OFF: frozenset({Role.TEAM_LEAD}),
    Act.EXPLAIN_GAP: frozenset({Role.TEAM_LEAD}),
    Act.JUDGE_SIGN_OFF: frozenset({Role.AGENCY_ANALYST}),
    Act.SEE_REGISTER: frozenset({Role.AGENCY_ANALYST, Role.OPERATOR}),
    Act.SET_REGISTER: frozenset({Role.AGENCY_ANALYST, Role.OPERATOR}),
    Act.MAKE_RELEASE: frozenset({Role.AGENCY_ANALYST, Role.OPERATOR}),
    Act.ATTACK_RELEASE: _CONSOLE,
    Act.IMPORT: _CONSOLE,
    Act.FIT_EXPECTED_COURSE: _CONSOLE,
    Act.RECOUNT: _CONSOLE,
    Act.REMIND: _CONSOLE,
    Act.SEE_INBOX: _STAFF,
    Act.READ_INBOX: _STAFF,
    Act.BACK_TEST: _CONSOLE,
    Act.SEE_STAFF: _ACCOUNTS,
    Act.ADD_STAFF: _ACCOUNTS,
    Act.SET_EMAIL: _ACCOUNTS,
    Act.CLOSE_STAFF: _ACCOUNTS,
    Act.INVITE_STAFF: _ACCOUNTS,
    Act.END_OTHERS_SIGN_INS: _ACCOUNTS,
    Act.CHANGE_ROLE: frozenset({Role.ADMINISTRATOR}),
    Act.OPEN_LOCKED: frozenset({Role.ADMINISTRATOR}),
    Act.RESET_SECOND_STEP: frozenset({Role.ADMINISTRATOR}),
    Act.SET_BREAK_GLASS: frozenset({Role.ADMINISTRATOR}),
    Act.SEE_ALL_ACCESS: _ACCOUNTS,
    Act.REVIEW_ACCESS: frozenset({Role.ADMINISTRATOR}),
    Act.MAKE_TOKEN: _CONSOLE,
    Act.REVOKE_TOKEN: _CONSOLE,
    Act.SEE_TOKENS: _CONSOLE,
    Act.MAKE_DEMO: _CONSOLE,
    Act.SEE_WHO_LOOKED: _DISTRICT,
    Act.SEE_LOOK_UPS: frozenset({Role.TEAM_LEAD}),
    Act.SEE_HEAD: _CONSOLE,
    Act.VERIFY_AUDIT: _CONSOLE,
    Act.TRIM_AUDIT: _CONSOLE,
    Act.BACK_UP: _CONSOLE,
    Act.RESTORE: _CONSOLE,
    Act.ADD_KEY: _CONSOLE,
    Act.RESEAL: _CONSOLE,
}


SCOPES: dict[Act, Scope] = {
    Act.SEE_CITY: Scope.GAPS,
    Act.PULL_FIGURES: Scope.FIGURES,
}
"""The scope that a token needs for an act."""


def may(actor: Actor | None, act: Act) -> bool:
    """Whether this actor's role, and the scopes of a token, allow this act; nobody may do anything."""
    if actor is None or actor.role not in PERMISSIONS[act]:
        return False
    return actor.scopes is None or act not in SCOPES or SCOPES[act] in actor.scopes


def check(actor: Actor, act: Act) -> None:
    """Raise NotAllowed unless this actor may do this act.

    Which rows an actor may touch is decided in the WHERE clause: of service users by store/sight.py, else by
    district_of().
    """
    if not may(actor, act):
        raise NotAllowed(act)


def district_of(actor: Actor) -> int:
    """The district this actor works in; NotAllowed for whoever has none."""
    if actor.district_id is None:
        raise NotAllowed("no district")
    return actor.district_id
