-- Access beyond the own district, and records that are closed to staff of it.

-- A grant: a team lead lets a named account of another district read about one service user, why, and until a day.
-- Whether it holds is worked out in one place (store/sight.py). What was given stays; it is ended once, or its day passes.
CREATE TABLE grants (
    id INTEGER PRIMARY KEY,
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    -- the service user's, for the district's list
    district_id INTEGER NOT NULL REFERENCES districts (id),
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 3 AND 300),
    -- the last day on which it holds
    valid_to TEXT NOT NULL CHECK (valid_to IS date(valid_to, '+0 days')),
    given_by TEXT NOT NULL,
    given_at TEXT NOT NULL,
    -- NULL with ended_at: the account was closed, or got another role or district
    ended_by TEXT,
    ended_at TEXT,
    CHECK (ended_by IS NULL OR ended_at IS NOT NULL)
) STRICT;
CREATE INDEX grants_of ON grants (service_user_id, given_at);
CREATE INDEX grants_open ON grants (staff_id, valid_to) WHERE ended_at IS NULL;
CREATE INDEX grants_district ON grants (district_id, valid_to);

-- A block: the record is closed to one member of staff, or, where staff_id is NULL, to everybody but the contact and
-- the district's team leads. A team lead writes it and ends it.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    district_id INTEGER NOT NULL REFERENCES districts (id),
    staff_id INTEGER REFERENCES staff (id),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 3 AND 300),
    blocked_by TEXT NOT NULL,
    blocked_at TEXT NOT NULL,
    ended_by TEXT,
    ended_at TEXT,
    end_reason TEXT CHECK (length(end_reason) BETWEEN 3 AND 300),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX blocks_open ON blocks (service_user_id, COALESCE(staff_id, 0)) WHERE ended_at IS NULL;
CREATE INDEX blocks_of ON blocks (service_user_id, blocked_at);
CREATE INDEX blocks_district ON blocks (district_id, ended_at);

-- Third net: it is given to an open account of another district, by the service user's own.
CREATE TRIGGER grants_to_another_district BEFORE INSERT ON grants
WHEN EXISTS (SELECT 1 FROM grants WHERE id = NEW.id)
  OR NEW.ended_at IS NOT NULL
  OR NOT EXISTS (SELECT 1 FROM service_users WHERE id = NEW.service_user_id AND district_id = NEW.district_id)
  OR NOT EXISTS (
      SELECT 1
      FROM staff
      WHERE id = NEW.staff_id
        AND closed_at IS NULL
        AND role IN ('caseworker', 'team_lead')
        AND district_id <> NEW.district_id
  )
BEGIN SELECT RAISE(ABORT, 'access is given to an open account of another district'); END;
CREATE TRIGGER grants_end_once BEFORE UPDATE ON grants
WHEN OLD.ended_at IS NOT NULL
  OR NEW.ended_at IS NULL
  OR NEW.id <> OLD.id
  OR NEW.service_user_id <> OLD.service_user_id
  OR NEW.district_id <> OLD.district_id
  OR NEW.staff_id <> OLD.staff_id
  OR NEW.reason <> OLD.reason
  OR NEW.valid_to <> OLD.valid_to
  OR NEW.given_by <> OLD.given_by
  OR NEW.given_at <> OLD.given_at
BEGIN SELECT RAISE(ABORT, 'what was given stays'); END;
CREATE TRIGGER grants_no_delete BEFORE DELETE ON grants
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;

-- An account that comes back to its old role or district does not come back to what it was let in to.
CREATE TRIGGER grants_end_with_the_account AFTER UPDATE OF role, district_id, closed_at ON staff
WHEN NEW.role <> OLD.role
  OR NEW.district_id IS NOT OLD.district_id
  OR NEW.closed_at IS NOT OLD.closed_at
BEGIN
    UPDATE grants
    SET ended_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')
    WHERE staff_id = NEW.id AND ended_at IS NULL;
END;

CREATE TRIGGER blocks_begin_open BEFORE INSERT ON blocks
WHEN EXISTS (SELECT 1 FROM blocks WHERE id = NEW.id)
  OR NEW.ended_at IS NOT NULL
  OR NOT EXISTS (SELECT 1 FROM service_users WHERE id = NEW.service_user_id AND district_id = NEW.district_id)
  OR (NEW.staff_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.staff_id AND district_id = NEW.district_id))
BEGIN SELECT RAISE(ABORT, 'a record is blocked for staff of its own district'); END;
CREATE TRIGGER blocks_end_once BEFORE UPDATE ON blocks
WHEN OLD.ended_at IS NOT NULL
  OR NEW.ended_at IS NULL
  OR NEW.id <> OLD.id
  OR NEW.service_user_id <> OLD.service_user_id
  OR NEW.district_id <> OLD.district_id
  OR NEW.staff_id IS NOT OLD.staff_id
  OR NEW.reason <> OLD.reason
  OR NEW.blocked_by <> OLD.blocked_by
  OR NEW.blocked_at <> OLD.blocked_at
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER blocks_no_delete BEFORE DELETE ON blocks
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE service_user_id = OLD.service_user_id AND outcome = 'erased')
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
