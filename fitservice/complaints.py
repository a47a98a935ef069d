"""What is wrong with what came in, and what to do about it, in the reader's language."""

from flask_babel import lazy_gettext as _

from fitservice.model import Problem

_TEXTS = {
    "required": _("Fill this in."),
    "not_a_period": _("“%(value)s” is not a period. Write 2022H1, 2022H2 or 2022."),
    "period_needed": _("Say which period: ?period=2022H1."),
    "not_a_format": _("The format must be one of: %(formats)s."),
    "period_not_begun": _("%(value)s has not begun yet."),
    "too_many_periods": _("Ask for at most %(most)s periods at a time."),
    "score_not_whole": _("Write a whole number from %(low)s to %(high)s."),
    "score_outside": _("The score must be from %(low)s to %(high)s."),
    "item_outside": _("Write a number from 0 to 10, with one decimal at most."),
    "item_missing": _("All four must be answered for a total. Fill this in, or leave all four blank."),
    "not_a_day": _("Write the date as 2022-03-01 or 01.03.2022."),
    "future_day": _("The date is in the future."),
    "not_a_birth_year": _("Write the year of birth with four digits, from 1900 to this year."),
    "not_a_reference": _("Write a reference of at most 40 characters."),
    "identity_number": _("This looks like a national identity number. Use the reference instead."),
    "not_a_reason": _("Write declined, not_able, no_time or not_asked."),
    "score_and_reason": _("There is both a score and a reason why there is none. Keep one of them."),
    "nothing_answered": _("Choose at least one answer, or the reason why there is none."),
    "reference_taken": _("This reference is already in use in your district."),
    "birth_year_differs": _("Another year of birth is recorded for this reference."),
    "ends_before_start": _("The last day is before the first."),
    "enrolments_overlap": _("The days overlap another enrolment of the same service user."),
    "session_before_start": _("A session is recorded before this day."),
    "session_after_end": _("A session is recorded after this day."),
    "already_ended": _("The enrolment has ended already."),
    "ended_otherwise": _("The enrolment is recorded with another last day. Correct it in the service."),
    "outside_enrolment": _("The service user is not enrolled on this day."),
    "session_that_day": _("Another session is recorded on this day. Correct that one instead."),
    "changed_meanwhile": _("Somebody changed this while you were writing. Look at it again before you save."),
    "already_withdrawn": _("This session is withdrawn already."),
    "row_twice": _("The same row is in the file twice."),
    "unknown_service_user": _("No service user has this reference in the district. Import the service users first."),
    "unknown_district": _("This is not one of the 15 districts. Write its name or its six-digit code."),
    "unknown_column": _("This column is not known. Remove it or correct its name."),
    "missing_column": _("This column is missing."),
    "column_twice": _("This column is there twice."),
    "cells_in_row": _("The row does not have %(expected)s cells."),
    "broken_row": _("The row cannot be read. Is a quotation mark missing?"),
    "too_long": _("Write at most %(length)s characters."),
    "not_printable": _("There is an invisible character in the text. Type it again."),
    "empty_file": _("The file is empty."),
    "binary_file": _("The file is not text. Save it as CSV and try again."),
    "workbook": _("This is a workbook. Save the sheet as CSV and try again."),
    "not_a_username": _("Write a username of 2 to 60 characters: a–z, digits, dots, hyphens, underscores or @."),
    "not_a_name": _("Write a name of at most 100 characters."),
    "username_taken": _("This username is already in use."),
    "label_taken": _("A token with this label exists. Revoke it first, or choose another label."),
    "role_needs_district": _("A caseworker and a team lead belong to a district. Choose one."),
    "no_district": _("Only caseworkers and team leads belong to a district."),
    "own_account": _("You cannot close your own account. Ask another administrator."),
    "weak_password": _("Choose a password of at least %(length)s characters."),
    "wrong_password": _("This is not your password."),
    "passwords_differ": _("The two passwords are not the same."),
    "not_a_fresh_database": _("This database is in use. A demo city is only made in a fresh one."),
    "not_a_demo_day": _("Choose a day from 2000 to today."),
    "rhythm": _("Write a whole number of months from 1 to 24."),
}


def problem_text(problem: Problem) -> str:
    """One plain sentence; never what was typed, where that could be personal."""
    text = str(_TEXTS[problem.code])
    return text % problem.known if problem.known else text
