-- Who owes what, until when, and what was signed. Every table only grows: what counts is the latest row that covers a
-- half-year ('2022H1'), so that any past day can be told as it was.

-- From first_period on, and up to last_period if there is one, the district owes its half-years, or does not.
CREATE TABLE obligations (
    id INTEGER PRIMARY KEY,
    district_id INTEGER NOT NULL REFERENCES districts (id),
    first_period TEXT NOT NULL CHECK (first_period GLOB '[12][0-9][0-9][0-9]H[12]'),
    last_period TEXT CHECK (last_period GLOB '[12][0-9][0-9][0-9]H[12]'),
    owed INTEGER NOT NULL CHECK (owed IN (0, 1)),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    CHECK (last_period >= first_period)
) STRICT;

-- All fifteen, from the half-year of the first session, or from the running one where nothing is recorded yet.
-- It counts as always known, so that days before this table can be told too.
INSERT INTO obligations (district_id, first_period, owed, reason, decided_by, decided_at)
SELECT districts.id, strftime('%Y', day) || iif(strftime('%m', day) <= '06', 'H1', 'H2'), 1, 'default', 'fitservice',
       '1970-01-01T00:00:00+00:00'
FROM districts
CROSS JOIN (SELECT COALESCE(MIN(held_on), date('now')) AS day FROM sessions WHERE withdrawn = 0);

-- A half-year without a row has the days of the rule (rules/register.py).
CREATE TABLE reporting_dates (
    id INTEGER PRIMARY KEY,
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    deadline TEXT NOT NULL CHECK (deadline IS date(deadline, '+0 days')),
    lock_day TEXT NOT NULL CHECK (lock_day IS date(lock_day, '+0 days')),
    provisional TEXT NOT NULL CHECK (provisional IS date(provisional, '+0 days')),
    corrected TEXT NOT NULL CHECK (corrected IS date(corrected, '+0 days')),
    final TEXT NOT NULL CHECK (final IS date(final, '+0 days')),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    CHECK (deadline <= lock_day AND lock_day <= provisional AND provisional <= corrected AND corrected <= final)
) STRICT;

-- From first_period on; without a row the value of the rule.
CREATE TABLE thresholds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name IN ('coverage', 'silence_weeks', 'drop', 'stale_months', 'systematic')),
    first_period TEXT NOT NULL CHECK (first_period GLOB '[12][0-9][0-9][0-9]H[12]'),
    value REAL NOT NULL CHECK (value > 0),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL
) STRICT;

-- What happened to the sign-off of a district's half-year, step by step. Two who act at once hold the same number:
-- the second is refused.
CREATE TABLE sign_offs (
    id INTEGER PRIMARY KEY,
    district_id INTEGER NOT NULL REFERENCES districts (id),
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    number INTEGER NOT NULL CHECK (number >= 1),
    step TEXT NOT NULL
        CHECK (step IN ('signed', 'nothing_to_report', 'undone', 'accepted', 'returned', 'reopened')),
    -- reasons why failing checks are as they are, or what the agency says
    text TEXT CHECK (length(text) BETWEEN 1 AND 1000),
    -- the last day on which it may be signed off again
    until TEXT CHECK (until IS date(until, '+0 days')),
    -- unprotected counts by part of the year, as they were when it was signed; a release takes these
    counts TEXT CHECK (counts IS NULL OR json_valid(counts)),
    acted_by TEXT NOT NULL,
    acted_at TEXT NOT NULL,
    UNIQUE (district_id, period, number),
    CHECK ((step IN ('signed', 'nothing_to_report')) = (counts IS NOT NULL)),
    CHECK ((step IN ('returned', 'reopened')) = (until IS NOT NULL)),
    CHECK (step NOT IN ('nothing_to_report', 'returned', 'reopened') OR text IS NOT NULL)
) STRICT;

-- Why something is missing; the latest row of a gap counts, and a withdrawn one says nothing.
CREATE TABLE explanations (
    id INTEGER PRIMARY KEY,
    district_id INTEGER NOT NULL REFERENCES districts (id),
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 3 AND 30),
    cause TEXT NOT NULL CHECK (length(cause) BETWEEN 3 AND 30),
    text TEXT CHECK (length(text) BETWEEN 1 AND 300),
    expected_on TEXT CHECK (expected_on IS date(expected_on, '+0 days')),
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    explained_by TEXT NOT NULL,
    explained_at TEXT NOT NULL
) STRICT;
CREATE INDEX explanations_of ON explanations (district_id, period);

-- Which of the districts' half-years in a release had been signed off when it was made.
CREATE TABLE released_sign_offs (
    release_id INTEGER NOT NULL REFERENCES releases (id),
    district_id INTEGER NOT NULL REFERENCES districts (id),
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    -- 'signed', 'nothing_to_report', 'not_signed' or 'not_owed'
    state TEXT NOT NULL CHECK (state IN ('signed', 'nothing_to_report', 'not_signed', 'not_owed')),
    signed_on TEXT CHECK (signed_on IS date(signed_on, '+0 days')),
    -- the record was changed between the sign-off and the release
    changed_since INTEGER NOT NULL CHECK (changed_since IN (0, 1)),
    PRIMARY KEY (release_id, district_id, period)
) STRICT, WITHOUT ROWID;

-- When the register of a district's service users was last kept: a row a moment in which an enrolment was recorded or
-- changed.
CREATE TABLE register_changes (
    district_id INTEGER NOT NULL REFERENCES districts (id),
    changed_at TEXT NOT NULL,
    PRIMARY KEY (district_id, changed_at)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO register_changes (district_id, changed_at)
SELECT district_id, known.recorded_at
FROM (
    SELECT service_user_id, recorded_at FROM enrolments
    UNION ALL
    SELECT service_user_id, enrolment_revisions.recorded_at
    FROM enrolment_revisions
    JOIN enrolments ON enrolments.id = enrolment_id
) AS known
JOIN service_users ON service_users.id = service_user_id;

CREATE TRIGGER enrolments_keep_the_register AFTER INSERT ON enrolments
BEGIN
    INSERT OR IGNORE INTO register_changes (district_id, changed_at)
    SELECT district_id, NEW.recorded_at FROM service_users WHERE id = NEW.service_user_id;
END;
CREATE TRIGGER enrolments_changed_keep_the_register AFTER UPDATE ON enrolments
BEGIN
    INSERT OR IGNORE INTO register_changes (district_id, changed_at)
    SELECT district_id, NEW.recorded_at FROM service_users WHERE id = NEW.service_user_id;
END;

CREATE TRIGGER obligations_no_update BEFORE UPDATE ON obligations
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER obligations_no_replace BEFORE INSERT ON obligations
WHEN EXISTS (SELECT 1 FROM obligations WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER obligations_no_delete BEFORE DELETE ON obligations
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER reporting_dates_no_update BEFORE UPDATE ON reporting_dates
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER reporting_dates_no_replace BEFORE INSERT ON reporting_dates
WHEN EXISTS (SELECT 1 FROM reporting_dates WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER reporting_dates_no_delete BEFORE DELETE ON reporting_dates
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER thresholds_no_update BEFORE UPDATE ON thresholds
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER thresholds_no_replace BEFORE INSERT ON thresholds
WHEN EXISTS (SELECT 1 FROM thresholds WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER thresholds_no_delete BEFORE DELETE ON thresholds
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER sign_offs_no_update BEFORE UPDATE ON sign_offs
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER sign_offs_no_replace BEFORE INSERT ON sign_offs
WHEN EXISTS (SELECT 1 FROM sign_offs WHERE id = NEW.id OR (district_id = NEW.district_id AND period = NEW.period AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER sign_offs_no_delete BEFORE DELETE ON sign_offs
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER explanations_no_update BEFORE UPDATE ON explanations
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER explanations_no_replace BEFORE INSERT ON explanations
WHEN EXISTS (SELECT 1 FROM explanations WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER explanations_no_delete BEFORE DELETE ON explanations
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER released_sign_offs_no_update BEFORE UPDATE ON released_sign_offs
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER released_sign_offs_no_replace BEFORE INSERT ON released_sign_offs
WHEN EXISTS (SELECT 1 FROM released_sign_offs WHERE release_id = NEW.release_id AND district_id = NEW.district_id AND period = NEW.period)
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER released_sign_offs_no_delete BEFORE DELETE ON released_sign_offs
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
