-- The audit table as a chain: each row is sealed by a key that is not in the database, together with the seal of the
-- row before it, so that a row that was changed, removed, moved or put in is found (fitservice audit verify).
-- Ids count up by one without a gap. Rows from before this are sealed by the application in the same transaction.

ALTER TABLE audit ADD COLUMN key_id TEXT;
ALTER TABLE audit ADD COLUMN seal TEXT CHECK (length(seal) = 64);
-- Whom it is about, and that person's district then, also where the subject is a session or an enrolment. No foreign
-- keys: the log outlives what may be erased.
ALTER TABLE audit ADD COLUMN service_user_id INTEGER;
ALTER TABLE audit ADD COLUMN service_user_district_id INTEGER;

-- Who looked at one person, at a district's persons, and what one actor did; nothing asks by subject any more.
DROP INDEX audit_subject;
CREATE INDEX audit_of_service_user ON audit (service_user_id, at) WHERE service_user_id IS NOT NULL;
CREATE INDEX audit_of_district ON audit (service_user_district_id, at) WHERE service_user_district_id IS NOT NULL;
CREATE INDEX audit_of_actor ON audit (actor, at);

-- What was trimmed: the chain goes on from the last removed row's seal. proof is a seal too.
CREATE TABLE audit_checkpoints (
    last_id INTEGER PRIMARY KEY CHECK (last_id > 0),
    last_seal TEXT NOT NULL CHECK (length(last_seal) = 64),
    trimmed_at TEXT NOT NULL,
    key_id TEXT NOT NULL,
    proof TEXT NOT NULL CHECK (length(proof) = 64)
) STRICT;

CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;
CREATE TRIGGER audit_checkpoints_no_replace BEFORE INSERT ON audit_checkpoints
WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE last_id >= NEW.last_id)
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;

CREATE TRIGGER audit_is_sealed BEFORE INSERT ON audit
WHEN NEW.seal IS NULL OR NEW.key_id IS NULL
BEGIN SELECT RAISE(ABORT, 'a row of the audit table is sealed'); END;

DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN OLD.seal IS NOT NULL
  OR NEW.seal IS NULL
  OR NEW.key_id IS NULL
  OR NEW.id <> OLD.id
  OR NEW.at IS NOT OLD.at
  OR NEW.actor IS NOT OLD.actor
  OR NEW.role IS NOT OLD.role
  OR NEW.act IS NOT OLD.act
  OR NEW.district_id IS NOT OLD.district_id
  OR NEW.subject_kind IS NOT OLD.subject_kind
  OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.detail IS NOT OLD.detail
  OR NEW.address IS NOT OLD.address
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;

DROP TRIGGER audit_no_delete;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.id > COALESCE((SELECT MAX(last_id) FROM audit_checkpoints), 0)
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;
