-- What was learned from the service's own totals. Each fit is a new row, the newest of an instrument counts,
-- and the earlier ones stay: what a page said last spring can be told again.

CREATE TABLE expected_courses (
    id INTEGER PRIMARY KEY,
    instrument TEXT NOT NULL CHECK (length(instrument) BETWEEN 2 AND 30),
    fitted_at TEXT NOT NULL,
    fitted_on TEXT NOT NULL CHECK (fitted_on IS date(fitted_on, '+0 days')),
    -- with fewer nothing is expected of anybody
    service_users INTEGER NOT NULL CHECK (service_users >= 200),
    -- the totals after each first one: at least two of each service user
    scores INTEGER NOT NULL CHECK (scores >= 2 * service_users),
    -- coefficients and spread in points of the total
    intercept REAL NOT NULL,
    by_first REAL NOT NULL,
    by_log_session REAL NOT NULL,
    spread REAL NOT NULL CHECK (spread >= 0)
) STRICT;
CREATE INDEX expected_courses_instrument ON expected_courses (instrument);

CREATE TRIGGER expected_courses_no_update BEFORE UPDATE ON expected_courses
BEGIN SELECT RAISE(ABORT, 'what was learned stays: fit anew'); END;
CREATE TRIGGER expected_courses_no_replace BEFORE INSERT ON expected_courses
WHEN EXISTS (SELECT 1 FROM expected_courses WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was learned stays: fit anew'); END;
CREATE TRIGGER expected_courses_no_delete BEFORE DELETE ON expected_courses
BEGIN SELECT RAISE(ABORT, 'what was learned stays: fit anew'); END;
