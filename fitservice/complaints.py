"""What is wrong with what came in, and what to do about it, in the reader's language."""

from flask_babel import lazy_gettext as _

from fitservice.model import Problem

_TEXTS = {
    "backup_running": _("Another backup or restore is at work here. Wait until it is done."),
    "backup_shut": _("%(file)s cannot be opened: it is no backup, was cut short or changed, or is for another key."),
    "not_whole": _("The database is not whole: %(what)s. Keep the latest good backup, and find out why."),
    "not_ours": _("This is not a database of this service."),
    "head_unsealed": _("The newest row of the log does not fit its seal. See: fitservice audit verify"),
    "database_later": _(
        "The database was brought up to date by a later version of this service, which knows %(names)s. "
        "Install that version. Nothing was changed."
    ),
    "later_version": _("It was made by a later version of this service, which knows %(names)s. Install that first."),
    "keys_missing": _("Keys are missing in %(folder)s: %(keys)s. Put the file keys there first, or names stay shut."),
    "database_there": _("%(file)s is there already. Nothing is overwritten: move it away, or choose another folder."),
    "required": _("Fill this in."),
    "not_a_period": _("“%(value)s” is not a period. Write 2022H1, 2022H2 or 2022."),
    "not_a_half_year": _("“%(value)s” is not a half-year. Write 2022H1 or 2022H2."),
    "period_needed": _("Say which period: ?period=2022H1."),
    "not_a_format": _("The format must be one of: %(formats)s."),
    "period_not_begun": _("%(value)s has not begun yet."),
    "period_open": _("%(value)s is not over yet. Figures are released when a period is over."),
    "not_over": _("%(value)s is not over yet."),
    "release_whole_year": _("%(value)s is released together with its year. Choose %(year)s."),
    "nothing_to_release": _("Nothing was recorded up to the end of %(value)s."),
    "release_after_year": _("The whole of %(year)s is released already. Choose %(year)s, which holds %(value)s too."),
    "release_final": _("This year has a final release. It is not changed any more."),
    "release_stage": _("An earlier release of this year is further on. Choose the same stage or a later one."),
    "released_meanwhile": _(
        "Somebody made a release of this year at the same time. Look at it before you make another."
    ),
    "signed_while_released": _(
        "A district signed off, or took a sign-off back, while the release was worked out. Make it again."
    ),
    "not_owed": _("Your district does not owe a report for %(value)s."),
    "sign_when_over": _("%(value)s can be signed off when it is over."),
    "locked": _("%(value)s is locked. Ask the agency to open it again."),
    "signed_already": _("%(value)s is signed off already."),
    "not_signed": _("%(value)s is not signed off."),
    "accepted_already": _("The agency has accepted the sign-off of %(value)s. Ask it to return it to you first."),
    "second_half_signed": _(
        "%(later)s is signed off, and %(value)s with it. %(later)s has to be undone or returned first."
    ),
    "need_not_reopen": _("%(value)s can be signed off as it is. It need not be opened again."),
    "until_too_soon": _("Write a day at least %(days)s days from now, so that the district has time."),
    "until_too_late": _("Write a day at most %(days)s days from now."),
    "sign_off_rests_on_it": _(
        "The half-year is signed off without words of its own, so this explanation has to stand. "
        "Change it, or undo the sign-off first."
    ),
    "too_far_ahead": _("This day is too far ahead."),
    "expected_has_passed": _("Write a day that has not passed, or leave it blank."),
    "signed_meanwhile": _("Somebody did something with this half-year at the same time. Look at it once more."),
    "there_is_something": _("Service users are enrolled in %(value)s, so there is something to report. Sign it off."),
    "reasons_needed": _(
        "Something is missing or found that nobody has explained. Explain it in its place, or say why here."
    ),
    "before_period_ends": _("Write a day after the end of %(value)s."),
    "before_the_day_above": _("The days must follow each other: deadline, lock, provisional, corrected, final."),
    "deadline_goes_back": _(
        "A deadline cannot be moved back to a day that has passed: whoever signed off in time would be late."
    ),
    "judged_already": _(
        "%(value)s is locked, or a sign-off of it is accepted. Choose a later half-year: "
        "what was judged stays as it is."
    ),
    "not_a_share": _("Write a share from 1 to 100 per cent."),
    "not_weeks_or_months": _("Write a whole number from 1 to 60."),
    "not_a_threshold": _("Write a number, for example 80."),
    "last_before_first": _("The last half-year comes before the first."),
    "no_district_chosen": _("Choose at least one district."),
    "not_a_district": _("“%(value)s” is no district's code."),
    "not_a_release": _("“%(value)s” is not a release. Write its name as it stands in the list: 2022-1."),
    "no_such_release": _("There is no release %(value)s."),
    "not_released": _("%(value)s has not been released yet."),
    "not_in_release": _("%(value)s is not in the release you asked for."),
    "too_many_periods": _("Ask for at most %(most)s periods at a time."),
    "too_much_asked": _("Ask for less at a time: at most %(most)s parameters, and %(length)s characters in all."),
    "unknown_parameter": _("“%(name)s” is not a parameter here. Allowed: %(allowed)s."),
    "unknown_code": _("“%(value)s” is not allowed for “%(name)s”. Allowed: %(allowed)s."),
    "score_not_whole": _("Write a whole number from %(low)s to %(high)s."),
    "score_outside": _("The score must be from %(low)s to %(high)s."),
    "item_outside": _("Write a number from %(low)s to %(high)s, with one decimal at most."),
    "item_missing": _("All four must be answered for a total. Fill this in, or leave all four blank."),
    "not_a_day": _("Write the date as 2022-03-01 or 01.03.2022."),
    "not_a_typed_day": _("Write the date like this: 22.11.2026, 22.11 or “yesterday”."),
    "not_a_typed_day_to_come": _("Write the date like this: 24.12.2026, 24.12 or “tomorrow”."),
    "no_such_day": _("That month has no such day. Look at the date once more."),
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
    "not_a_colleague": _("Choose a colleague in your district whose account is open."),
    "row_twice": _("The same row is in the file twice."),
    "unknown_service_user": _("No service user has this reference in the district. Import the service users first."),
    "unknown_district": _("This is not one of the 15 districts. Write its name or its six-digit code."),
    "unknown_column": _("This column is not known. Remove it or correct its name."),
    "missing_column": _("This column is missing."),
    "column_twice": _("This column is there twice."),
    "cells_in_row": _("The row does not have %(expected)s cells."),
    "broken_row": _("The row cannot be read. Is a quotation mark missing?"),
    "too_long": _("Write at most %(length)s characters."),
    "too_short": _("Write at least %(length)s letters."),
    "finding_gone": _("This finding is no longer there, or it has changed. Look at the page again."),
    "not_printable": _("There is an invisible character in the text. Type it again."),
    "empty_file": _("The file is empty."),
    "binary_file": _("The file is not text. Save it as CSV and try again."),
    "workbook": _("This is a workbook. Save the sheet as CSV and try again."),
    "not_a_username": _("Write a username of 2 to 60 characters: a–z, digits, dots, hyphens, underscores or @."),
    "not_a_name": _("Write a name of at most 100 characters."),
    "not_an_email": _("Write an e-mail address such as kari@example.org, without æ, ø and å."),
    "username_taken": _("This username is already in use."),
    "label_taken": _("A token with this label exists. Revoke it first, or choose another label."),
    "role_needs_district": _("A caseworker and a team lead belong to a district. Choose one."),
    "no_district": _("Only caseworkers and team leads belong to a district."),
    "own_account": _("You cannot close your own account. Ask another administrator."),
    "weak_password": _("Choose a password of at least %(length)s characters."),
    "long_password": _("Choose a password of at most %(length)s characters."),
    "common_password": _(
        "This password is guessed early. Choose another one: a few words in a row that do not belong together."
    ),
    "wrong_password": _("This is not your password, or there were too many wrong tries: then wait up to an hour."),
    "wrong_password_or_code": _(
        "The password or the one-time code is wrong, or there were too many wrong tries: then wait up to an hour. "
        "A code can be used once; wait for the next one."
    ),
    "wrong_code": _(
        "This is not the code that the app shows now. Check the clock of your phone, and try the next one."
    ),
    "second_step_required": _("Your role must have a second step. You can move it to another app."),
    "own_role": _("You cannot change your own role. Ask another administrator."),
    "own_second_step": _("You cannot take away your own second step here. Use your own page."),
    "no_role_given": _("The city's sign-in knows you, but gives you no role here. Ask your administrator for one."),
    "several_roles_given": _(
        "The city's sign-in gives you more than one role or district here. Ask your administrator to leave one of them."
    ),
    "closed_account": _("Your account here is closed. Ask your administrator."),
    "nothing_changed": _("This is how it is already."),
    "not_a_line": _("Write one line of 3 to 200 characters."),
    "not_a_pin": _("Choose a PIN of 4 to 8 digits."),
    "easy_pin": _("This PIN is guessed first. Choose another one."),
    "pins_differ": _("The two PINs are not the same."),
    "wrong_pin": _("This is neither your PIN nor your password. Tries left: %(left)s."),
    "nothing_to_ask": _("Choose at least one."),
    "passwords_differ": _("The two passwords are not the same."),
    "not_a_fresh_database": _("This database is in use. A demo city is only made in a fresh one."),
    "not_a_demo_day": _("Choose a day from 2000 to today."),
    "not_utf8": _("The file is not in UTF-8. Save it again as UTF-8."),
    "not_toml": _("This cannot be read as TOML: %(reason)s"),
    "instrument_unknown_key": _("“%(key)s” is not known here. Remove it or correct its name."),
    "instrument_missing_key": _("“%(key)s” is missing."),
    "instrument_text": _("“%(key)s” must be a text in quotation marks, 1 to 300 characters."),
    "instrument_texts": _("“%(key)s” must have a text each for nb, nn and en."),
    "instrument_number": _("“%(key)s” must be a number."),
    "instrument_points": _("“%(key)s” must be a number above 0."),
    "instrument_day": _("“%(key)s” must be a date without quotation marks: 2027-12-31."),
    "instrument_choice": _("“%(key)s” must be one of: %(choices)s."),
    "instrument_key": _("“%(key)s” must be 2 to 30 of a–z, 0–9 and _, and begin with a letter."),
    "instrument_range": _("“low” and “high” must be whole numbers from 0 to 10, the lower first."),
    "instrument_step": _("“step” must be 0.1 or 1."),
    "instrument_valid_to": _("“valid_to” is before “valid_from”."),
    "instrument_items": _("An instrument of this kind has exactly %(count)s [[items]]."),
    "instrument_cut_off": _("“total” must be above %(low)s and at most %(high)s."),
    "instrument_two_ways": _("“%(key)s” is said in two ways here. Keep one of them."),
    "instrument_reliability": _("“sd” must be above 0, and “reliability” from 0 to under 1."),
    "instrument_sd": _("A standard deviation must be above 0."),
    "instrument_cut_offs": _("Write each cut-off as [[cut_offs]] with its own lines."),
    "instrument_age": _("“%(key)s” must be a whole number of years, 0 to 130."),
    "instrument_ages": _("The ages are turned round, or they overlap those of another cut-off."),
    "instrument_turned": _("“%(key)s” can only be used where higher is better."),
    "instrument_city": _("Life satisfaction is the city's own question and cannot be replaced."),
    "instrument_key_taken": _("Another instrument has the key “%(key)s” already."),
    "instrument_rival": _(
        "“%(key)s” is of the same kind and valid at the same time. Let one end before the other begins."
    ),
    "instrument_gone": _("Choose the answers again: the questions have changed."),
    "note_name": _("“%(word)s” looks like a name. Write who it is instead: mother, friend, doctor."),
    "note_address": _("This looks like an address on the net. Leave it out."),
    "note_number": _("This looks like a telephone or other number. Leave it out."),
    "not_a_person_name": _("Write a name in letters. Spaces, hyphens, apostrophes and points may stand between them."),
    "until_has_passed": _("Write a day that has not passed."),
    "access_too_long": _("Write a day at most %(days)s days from now."),
    "not_elsewhere": _("Choose somebody with an open account as caseworker or team lead in another district."),
    "access_given": _("This person has access already. End that first to give it anew."),
    "access_over": _("This access has ended already."),
    "access_blocked": _("The record is blocked for this person. End the block first, if that is right."),
    "nobody_chosen": _("Choose at least one."),
    "last_team_lead": _(
        "Then no team lead in your district could open the record again. "
        "Ask the administrator for one more team lead first."
    ),
    "blocked_already": _("The record is blocked for %(name)s already."),
    "everybody_blocked": _("The record is blocked for everybody but the contact already."),
    "block_over": _("This block has ended already."),
    "reference_not_free": _("This reference cannot be used. Ask a team lead, or choose another one."),
    "contact_blocked": _("This colleague cannot be the contact here. Choose another one, or ask a team lead."),
    "erasure_asked": _("Erasure is asked for already."),
    "erasure_not_asked": _("Nobody has asked for erasure, or the request was taken back meanwhile."),
    "erasure_own": _("You asked for it. A team lead who is somebody else carries it out."),
    "another_reference": _("This is not the reference of this service user."),
    "participation_withdrawn": _("The service user has withdrawn. Nothing new is recorded."),
    "before_withdrawal": _("This is before the day on which the service user withdrew."),
    "rhythm": _("Write a whole number of months from 1 to 24."),
}


def problem_text(problem: Problem) -> str:
    """One plain sentence; never what was typed, where that could be personal."""
    text = str(_TEXTS[problem.code])
    return text % problem.known if problem.known else text
