-- The person's rights: informed participation, corrections of who somebody is, erasure by two.

-- Informed participation, row after row: the newest of a service user counts. The words stand in participation.toml.
CREATE TABLE participations (
    -- counts up: the order of the rows is what decides, and nobody ever sees the id
    id INTEGER PRIMARY KEY,
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    kind TEXT NOT NULL CHECK (kind IN ('given', 'withdrawn')),
    on_day TEXT NOT NULL CHECK (on_day IS date(on_day, '+0 days')),
    -- which text was told, in which language, how it was answered, and until when that is good
    text_version TEXT CHECK (length(text_version) BETWEEN 1 AND 20),
    language TEXT CHECK (language IN ('nb', 'nn', 'en')),
    given_how TEXT CHECK (given_how IN ('orally', 'in_writing')),
    valid_to TEXT CHECK (valid_to IS date(valid_to, '+0 days') AND valid_to >= on_day),
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    CHECK ((kind = 'given') = (text_version IS NOT NULL AND language IS NOT NULL AND given_how IS NOT NULL
                               AND valid_to IS NOT NULL)),
    CHECK (kind = 'given' OR (text_version IS NULL AND language IS NULL AND given_how IS NULL AND valid_to IS NULL))
) STRICT;
CREATE INDEX participations_of ON participations (service_user_id, id);

-- What a service user's reference and year of birth were before they were corrected.
-- how often that was done
ALTER TABLE service_users ADD COLUMN corrections INTEGER NOT NULL DEFAULT 0;
CREATE TABLE service_user_revisions (
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    correction INTEGER NOT NULL,
    reference TEXT NOT NULL,
    birth_year INTEGER,
    -- who put other values in their place, when and why
    corrected_by TEXT NOT NULL,
    corrected_at TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 3 AND 300),
    PRIMARY KEY (service_user_id, correction)
) STRICT;

CREATE TRIGGER service_users_keep_who_they_are BEFORE UPDATE OF id, district_id, reference, reference_key, corrections
ON service_users
WHEN NEW.id <> OLD.id
  OR NEW.district_id <> OLD.district_id
  OR NEW.corrections <> OLD.corrections + 1
  OR NOT EXISTS (
      SELECT 1
      FROM service_user_revisions AS kept
      WHERE kept.service_user_id = OLD.id
        AND kept.correction = NEW.corrections
        AND kept.reference IS OLD.reference
        AND kept.birth_year IS OLD.birth_year
  )
BEGIN SELECT RAISE(ABORT, 'a correction is a new revision: keep the old one first'); END;

-- a year of birth that was missing may be filled in
CREATE TRIGGER service_users_keep_birth_year BEFORE UPDATE OF birth_year ON service_users
WHEN OLD.birth_year IS NOT NULL AND NEW.birth_year IS NOT OLD.birth_year AND NEW.corrections = OLD.corrections
BEGIN SELECT RAISE(ABORT, 'a correction is a new revision: keep the old one first'); END;

-- Erasure: asked for by one, carried out by another. The row of a carried out one is what lets the person's rows go,
-- and theirs alone; it stays, with no reference, no name and no reason. No foreign key: it outlives the person.
CREATE TABLE erasures (
    id INTEGER PRIMARY KEY,
    service_user_id INTEGER NOT NULL,
    district_id INTEGER NOT NULL REFERENCES districts (id),
    reason TEXT CHECK (length(reason) BETWEEN 3 AND 300),
    asked_by TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    closed_by TEXT,
    closed_at TEXT,
    outcome TEXT CHECK (outcome IN ('erased', 'dropped')),
    CHECK ((outcome IS NULL) = (closed_at IS NULL) AND (outcome IS NULL) = (closed_by IS NULL)),
    CHECK (reason IS NOT NULL OR outcome IS NOT NULL),
    CHECK (outcome IS NOT 'erased' OR reason IS NULL),
    CHECK (outcome IS NOT 'erased' OR lower(closed_by) <> lower(asked_by))
) STRICT;
CREATE UNIQUE INDEX erasures_open ON erasures (service_user_id) WHERE outcome IS NULL;
CREATE INDEX erasures_of ON erasures (service_user_id, outcome);
CREATE INDEX erasures_district ON erasures (district_id, closed_at);

CREATE TRIGGER erasures_close_once BEFORE UPDATE ON erasures
WHEN (OLD.outcome IS NOT NULL AND NOT (
         -- with the person goes what was said of them in a request that was dropped
         NEW.reason IS NULL
         AND NEW.outcome IS OLD.outcome
         AND NEW.closed_by IS OLD.closed_by
         AND NEW.closed_at IS OLD.closed_at
         AND EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
     ))
  OR NEW.outcome IS NULL
  OR NEW.id <> OLD.id
  OR NEW.service_user_id <> OLD.service_user_id
  OR NEW.district_id <> OLD.district_id
  OR NEW.asked_by <> OLD.asked_by
  OR NEW.asked_at <> OLD.asked_at
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER erasures_begin_open BEFORE INSERT ON erasures
WHEN NEW.outcome IS NOT NULL
  OR EXISTS (SELECT 1 FROM erasures WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM service_users WHERE id = NEW.service_user_id AND district_id = NEW.district_id)
BEGIN SELECT RAISE(ABORT, 'an erasure is asked for before it is carried out'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;

-- Nothing of a person goes without such a row. What points to an enrolment or a session goes before them.
DROP TRIGGER sessions_stay;
CREATE TRIGGER sessions_stay BEFORE DELETE ON sessions
WHEN NOT EXISTS (
    SELECT 1
    FROM enrolments
    JOIN erasures ON erasures.service_user_id = enrolments.service_user_id
    WHERE enrolments.id = OLD.enrolment_id AND outcome = 'erased'
)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
DROP TRIGGER session_revisions_no_delete;
CREATE TRIGGER session_revisions_no_delete BEFORE DELETE ON session_revisions
WHEN NOT EXISTS (
    SELECT 1
    FROM sessions
    JOIN enrolments ON enrolments.id = sessions.enrolment_id
    JOIN erasures ON erasures.service_user_id = enrolments.service_user_id
    WHERE sessions.id = OLD.session_id AND outcome = 'erased'
)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
DROP TRIGGER enrolments_stay;
CREATE TRIGGER enrolments_stay BEFORE DELETE ON enrolments
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
DROP TRIGGER enrolment_revisions_no_delete;
CREATE TRIGGER enrolment_revisions_no_delete BEFORE DELETE ON enrolment_revisions
WHEN NOT EXISTS (
    SELECT 1
    FROM enrolments
    JOIN erasures ON erasures.service_user_id = enrolments.service_user_id
    WHERE enrolments.id = OLD.enrolment_id AND outcome = 'erased'
)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
DROP TRIGGER discussions_no_delete;
CREATE TRIGGER discussions_no_delete BEFORE DELETE ON discussions
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
-- a finding's key begins with the person or the session that it is about
DROP TRIGGER check_dismissals_no_delete;
CREATE TRIGGER check_dismissals_no_delete BEFORE DELETE ON check_dismissals
WHEN NOT EXISTS (
    SELECT 1
    FROM erasures
    WHERE outcome = 'erased'
      AND (CAST(service_user_id AS TEXT) = substr(OLD.key, 1, instr(OLD.key, ':') - 1)
        OR EXISTS (
            SELECT 1
            FROM enrolments
            JOIN sessions ON sessions.enrolment_id = enrolments.id
            WHERE enrolments.service_user_id = erasures.service_user_id
              AND CAST(sessions.id AS TEXT) = substr(OLD.key, 1, instr(OLD.key, ':') - 1)
        ))
)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER participations_no_update BEFORE UPDATE ON participations
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER participations_no_replace BEFORE INSERT ON participations
WHEN EXISTS (SELECT 1 FROM participations WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER participations_no_delete BEFORE DELETE ON participations
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER service_user_revisions_no_update BEFORE UPDATE ON service_user_revisions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER service_user_revisions_no_delete BEFORE DELETE ON service_user_revisions
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER service_users_stay BEFORE DELETE ON service_users
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
