-- Data at rest: notes are sealed where they stand, and a service user may have a name, sealed too. keys.py tells how.

-- The triggers that knew the words are made anew below, for what is sealed: a note stays what it was, but may be sealed
-- by a newer key. Only the application can: the functions sealed() and opened() are its own.
DROP TRIGGER sessions_keep_revisions;
DROP TRIGGER session_revisions_no_update;

ALTER TABLE sessions ADD COLUMN sealed_note TEXT
    CHECK (sealed_note GLOB '?*:*' AND length(sealed_note) > 40 AND sealed_note NOT GLOB '*[^a-zA-Z0-9+/=:-]*');
ALTER TABLE sessions ADD COLUMN sealed_next_step TEXT
    CHECK (sealed_next_step GLOB '?*:*' AND length(sealed_next_step) > 40
           AND sealed_next_step NOT GLOB '*[^a-zA-Z0-9+/=:-]*');
ALTER TABLE session_revisions ADD COLUMN sealed_note TEXT
    CHECK (sealed_note GLOB '?*:*' AND length(sealed_note) > 40 AND sealed_note NOT GLOB '*[^a-zA-Z0-9+/=:-]*');
ALTER TABLE session_revisions ADD COLUMN sealed_next_step TEXT
    CHECK (sealed_next_step GLOB '?*:*' AND length(sealed_next_step) > 40
           AND sealed_next_step NOT GLOB '*[^a-zA-Z0-9+/=:-]*');

UPDATE sessions
SET sealed_note = sealed(note, 'sessions.note:' || id),
    sealed_next_step = sealed(next_step, 'sessions.next_step:' || id)
WHERE note IS NOT NULL OR next_step IS NOT NULL;
-- an earlier revision is a copy of what stood in the session, so its place is the session's
UPDATE session_revisions
SET sealed_note = sealed(note, 'sessions.note:' || session_id),
    sealed_next_step = sealed(next_step, 'sessions.next_step:' || session_id)
WHERE note IS NOT NULL OR next_step IS NOT NULL;

-- the rows are written anew without the words; secure_delete sees to it that nothing stays between them
ALTER TABLE sessions DROP COLUMN note;
ALTER TABLE sessions DROP COLUMN next_step;
ALTER TABLE session_revisions DROP COLUMN note;
ALTER TABLE session_revisions DROP COLUMN next_step;
ALTER TABLE sessions RENAME COLUMN sealed_note TO note;
ALTER TABLE sessions RENAME COLUMN sealed_next_step TO next_step;
ALTER TABLE session_revisions RENAME COLUMN sealed_note TO note;
ALTER TABLE session_revisions RENAME COLUMN sealed_next_step TO next_step;

CREATE TRIGGER sessions_keep_revisions BEFORE UPDATE ON sessions
WHEN NOT (
    -- sealed anew: nothing else changes, and sessions_keep_their_words sees to the words
    NEW.id IS OLD.id
    AND NEW.revision IS OLD.revision
    AND NEW.enrolment_id IS OLD.enrolment_id
    AND NEW.held_on IS OLD.held_on
    AND NEW.life_satisfaction IS OLD.life_satisfaction
    AND NEW.missing_reason IS OLD.missing_reason
    AND NEW.life_satisfaction_1_10 IS OLD.life_satisfaction_1_10
    AND NEW.outcome_instrument IS OLD.outcome_instrument
    AND NEW.outcome_personal IS OLD.outcome_personal
    AND NEW.outcome_close IS OLD.outcome_close
    AND NEW.outcome_social IS OLD.outcome_social
    AND NEW.outcome_overall IS OLD.outcome_overall
    AND NEW.alliance_instrument IS OLD.alliance_instrument
    AND NEW.alliance_heard IS OLD.alliance_heard
    AND NEW.alliance_topics IS OLD.alliance_topics
    AND NEW.alliance_approach IS OLD.alliance_approach
    AND NEW.alliance_overall IS OLD.alliance_overall
    AND NEW.mode IS OLD.mode
    AND NEW.withdrawn IS OLD.withdrawn
    AND NEW.recorded_by IS OLD.recorded_by
    AND NEW.recorded_at IS OLD.recorded_at
    AND NEW.reason IS OLD.reason
    AND (NEW.note IS NOT OLD.note OR NEW.next_step IS NOT OLD.next_step)
)
AND (
    NEW.id <> OLD.id
    OR NEW.revision <> OLD.revision + 1
    OR NOT EXISTS (
      SELECT 1
      FROM session_revisions AS kept
      WHERE kept.session_id = OLD.id
        AND kept.revision = OLD.revision
        AND kept.enrolment_id IS OLD.enrolment_id
        AND kept.held_on IS OLD.held_on
        AND kept.life_satisfaction IS OLD.life_satisfaction
        AND kept.missing_reason IS OLD.missing_reason
        AND kept.life_satisfaction_1_10 IS OLD.life_satisfaction_1_10
        AND kept.outcome_instrument IS OLD.outcome_instrument
        AND kept.outcome_personal IS OLD.outcome_personal
        AND kept.outcome_close IS OLD.outcome_close
        AND kept.outcome_social IS OLD.outcome_social
        AND kept.outcome_overall IS OLD.outcome_overall
        AND kept.alliance_instrument IS OLD.alliance_instrument
        AND kept.alliance_heard IS OLD.alliance_heard
        AND kept.alliance_topics IS OLD.alliance_topics
        AND kept.alliance_approach IS OLD.alliance_approach
        AND kept.alliance_overall IS OLD.alliance_overall
        AND kept.mode IS OLD.mode
        AND kept.note IS OLD.note
        AND kept.next_step IS OLD.next_step
        AND kept.withdrawn IS OLD.withdrawn
        AND kept.recorded_by IS OLD.recorded_by
        AND kept.recorded_at IS OLD.recorded_at
        AND kept.reason IS OLD.reason
    )
)
BEGIN SELECT RAISE(ABORT, 'a correction is a new revision: keep the old one first'); END;
CREATE TRIGGER sessions_keep_their_words BEFORE UPDATE OF note, next_step ON sessions
WHEN NEW.revision = OLD.revision
 AND (opened(NEW.note, 'sessions.note:' || NEW.id) IS NOT opened(OLD.note, 'sessions.note:' || OLD.id)
   OR opened(NEW.next_step, 'sessions.next_step:' || NEW.id)
      IS NOT opened(OLD.next_step, 'sessions.next_step:' || OLD.id))
BEGIN SELECT RAISE(ABORT, 'what is sealed anew says the same'); END;

CREATE TRIGGER session_revisions_no_update BEFORE UPDATE OF
    session_id, revision, enrolment_id, held_on, life_satisfaction, missing_reason, life_satisfaction_1_10,
    outcome_personal, outcome_close, outcome_social, outcome_overall,
    alliance_heard, alliance_topics, alliance_approach, alliance_overall, outcome_total, alliance_total,
    withdrawn, recorded_by, recorded_at, reason, outcome_instrument, alliance_instrument, mode
ON session_revisions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER session_revisions_keep_their_words BEFORE UPDATE OF note, next_step ON session_revisions
WHEN opened(NEW.note, 'sessions.note:' || NEW.session_id)
     IS NOT opened(OLD.note, 'sessions.note:' || OLD.session_id)
  OR opened(NEW.next_step, 'sessions.next_step:' || NEW.session_id)
     IS NOT opened(OLD.next_step, 'sessions.next_step:' || OLD.session_id)
BEGIN SELECT RAISE(ABORT, 'what is sealed anew says the same'); END;

-- Sealed in the place 'service_users.name:<id>'; most have none.
ALTER TABLE service_users ADD COLUMN name TEXT
    CHECK (name GLOB '?*:*' AND length(name) > 40 AND name NOT GLOB '*[^a-zA-Z0-9+/=:-]*');

-- A keyed hash of each word of a name, with the district in it: the same name elsewhere has another one.
CREATE TABLE name_words (
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    key_id TEXT NOT NULL,
    PRIMARY KEY (hash, service_user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_words_of ON name_words (service_user_id);
