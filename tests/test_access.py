"""Which role may do which act."""

from dataclasses import replace

import pytest
from factories import ADMIN, AMINA, CARL, OPERATOR, VELFERD

from fitservice.access import PERMISSIONS, Act, check, district_of, may
from fitservice.model import Actor, NotAllowed, Role, Scope

API = Actor("token:board", Role.API_CLIENT)
PERSONS = {
    *(
        Act.FIND_SERVICE_USERS,
        Act.SEE_SERVICE_USER,
        Act.PRINT_SHEET,
        Act.SEE_SESSION,
        Act.ADD_SERVICE_USER,
        Act.ADD_ENROLMENT,
        Act.SET_ASKED_IN,
        Act.SET_CASEWORKER,
    ),
    *(Act.END_ENROLMENT, Act.CORRECT_ENROLMENT, Act.RECORD_SESSION, Act.CORRECT_SESSION, Act.NOTE_SESSION),
    *(Act.HAND_OVER, Act.SEE_WHO_LOOKED, Act.SEE_GIVEN),
    *(Act.SET_NAME, Act.CORRECT_SERVICE_USER, Act.COPY_OWN_DATA),
    *(Act.SEE_PARTICIPATION, Act.GIVE_PARTICIPATION, Act.WITHDRAW_PARTICIPATION),
    *(Act.SEE_ERASURES, Act.ASK_ERASURE, Act.DROP_ERASURE),
}
CITY = {Act.SEE_LISTS, Act.SEE_CITY, Act.PULL_FIGURES}
REGISTER = {Act.SEE_REGISTER, Act.SET_REGISTER}
LEADS = {
    *(Act.SEE_DISTRICT, Act.SET_RHYTHM, Act.SEE_SUPERVISION, Act.DISCUSS),
    *(Act.SIGN_OFF, Act.EXPLAIN_GAP, Act.SEE_LOOK_UPS, Act.ERASE),
    *(Act.SEE_CHECKS, Act.DISMISS_FINDING, Act.TAKE_BACK_DISMISSAL),
    *(Act.SEE_ACCESS, Act.GIVE_ACCESS, Act.END_ACCESS, Act.BLOCK_RECORD, Act.END_BLOCK),
}
INBOX = {Act.SEE_INBOX, Act.READ_INBOX}
ACCOUNTS = {
    *(Act.SET_EMAIL, Act.SEE_STAFF, Act.ADD_STAFF, Act.CLOSE_STAFF, Act.INVITE_STAFF, Act.END_OTHERS_SIGN_INS),
    Act.SEE_ALL_ACCESS,
}
PAGES_OF_ACCOUNTS = {Act.REVIEW_ACCESS, Act.CHANGE_ROLE, Act.OPEN_LOCKED, Act.RESET_SECOND_STEP, Act.SET_BREAK_GLASS}
CONSOLE = {
    *(Act.PULL_INTERNAL_FIGURES, Act.IMPORT, Act.FIT_EXPECTED_COURSE, Act.RECOUNT, Act.REMIND, Act.BACK_TEST),
    *(Act.MAKE_RELEASE, Act.ATTACK_RELEASE),
    *(Act.SEE_HEAD, Act.VERIFY_AUDIT, Act.TRIM_AUDIT),
    *(Act.BACK_UP, Act.RESTORE, Act.ADD_KEY, Act.RESEAL),
    *(Act.MAKE_TOKEN, Act.REVOKE_TOKEN, Act.SEE_TOKENS, Act.MAKE_DEMO),
}


@pytest.mark.parametrize(
    ("actor", "acts"),
    [
        (AMINA, PERSONS | INBOX),
        (CARL, PERSONS | LEADS | INBOX),
        (VELFERD, CITY | INBOX | REGISTER | {Act.MAKE_RELEASE, Act.JUDGE_SIGN_OFF}),
        (API, CITY),
        (replace(API, scopes=frozenset(Scope)), CITY),
        (replace(API, scopes=frozenset({Scope.FIGURES})), {Act.SEE_LISTS, Act.PULL_FIGURES}),
        (replace(API, scopes=frozenset({Scope.GAPS})), {Act.SEE_LISTS, Act.SEE_CITY}),
        (ADMIN, ACCOUNTS | PAGES_OF_ACCOUNTS | INBOX),
        (OPERATOR, CITY | REGISTER | ACCOUNTS | CONSOLE),
        (None, set()),
    ],
    ids=lambda value: value.name if isinstance(value, Actor) else "",
)
def test_each_role_may_do_this_and_nothing_else(actor, acts):
    assert {act for act in Act if may(actor, act)} == acts


def test_every_act_has_its_roles():
    assert set(PERMISSIONS) == set(Act)
    assert all(PERMISSIONS.values())


def test_check_raises_and_names_the_act():
    check(AMINA, Act.RECORD_SESSION)
    with pytest.raises(NotAllowed, match="set_rhythm"):
        check(AMINA, Act.SET_RHYTHM)


def test_whoever_has_no_district_has_no_service_users():
    assert district_of(AMINA) == AMINA.district_id
    with pytest.raises(NotAllowed):
        district_of(VELFERD)
