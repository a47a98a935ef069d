-- On which instruments a session was answered, how, and what was agreed. Triggers are made anew because the
-- revision that is kept must hold these as well.

-- Scores of one instrument are never compared with another's. The default is the shipped instrument of that kind.
ALTER TABLE sessions ADD COLUMN outcome_instrument TEXT NOT NULL DEFAULT 'outcome';
ALTER TABLE sessions ADD COLUMN alliance_instrument TEXT NOT NULL DEFAULT 'alliance';
-- NULL where it is not known: sessions that came from a file
ALTER TABLE sessions ADD COLUMN mode TEXT CHECK (mode IN ('conversation', 'tablet', 'paper'));
-- one line each
ALTER TABLE sessions ADD COLUMN note TEXT CHECK (length(note) BETWEEN 1 AND 140);
ALTER TABLE sessions ADD COLUMN next_step TEXT CHECK (length(next_step) BETWEEN 1 AND 140);

ALTER TABLE session_revisions ADD COLUMN outcome_instrument TEXT NOT NULL DEFAULT 'outcome';
ALTER TABLE session_revisions ADD COLUMN alliance_instrument TEXT NOT NULL DEFAULT 'alliance';
ALTER TABLE session_revisions ADD COLUMN mode TEXT;
ALTER TABLE session_revisions ADD COLUMN note TEXT;
ALTER TABLE session_revisions ADD COLUMN next_step TEXT;

DROP TRIGGER sessions_keep_revisions;
CREATE TRIGGER sessions_keep_revisions BEFORE UPDATE ON sessions
WHEN NEW.id <> OLD.id
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
BEGIN SELECT RAISE(ABORT, 'a correction is a new revision: keep the old one first'); END;
