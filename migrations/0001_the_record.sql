-- The whole record as one readable text. Dates are ISO text (2022-03-01), times are ISO text in UTC.
-- Generated columns, partial indexes and checks are written so that PostgreSQL reads them as well;
-- what is SQLite's own: STRICT, date(), and the triggers at the end.
-- A day IS date(day, '+0 days'): with = anything that is no date would pass as NULL, and without
-- a modifier 30 February is one.

CREATE TABLE districts (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 6),
    name TEXT NOT NULL UNIQUE,
    -- how often the district means to ask each service user, in months
    rhythm_months INTEGER NOT NULL DEFAULT 6 CHECK (rhythm_months BETWEEN 1 AND 24)
) STRICT;

-- Codes and names: Statistics Norway, KLASS classification 103. Rhythms: the city auditor's report
-- 17/2023, section 5.4 (Gamle Oslo every second month); half-yearly, as the city's statistics, where it is silent.
INSERT INTO districts (id, code, name, rhythm_months)
VALUES (1, '030101', 'Gamle Oslo', 2),
       (2, '030102', 'Grünerløkka', 6),
       (3, '030103', 'Sagene', 6),
       (4, '030104', 'St. Hanshaugen', 6),
       (5, '030105', 'Frogner', 6),
       (6, '030106', 'Ullern', 6),
       (7, '030107', 'Vestre Aker', 6),
       (8, '030108', 'Nordre Aker', 6),
       (9, '030109', 'Bjerke', 6),
       (10, '030110', 'Grorud', 6),
       (11, '030111', 'Stovner', 6),
       (12, '030112', 'Alna', 6),
       (13, '030113', 'Østensjø', 6),
       (14, '030114', 'Nordstrand', 6),
       (15, '030115', 'Søndre Nordstrand', 6);

-- One row at most, put in before anything else was recorded: this database holds a made-up city.
CREATE TABLE demo_city (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    made_on TEXT NOT NULL CHECK (made_on IS date(made_on, '+0 days'))
) STRICT;

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    -- a-z, digits and . @ _ - only, so that lower() is enough
    username TEXT NOT NULL CHECK (length(username) BETWEEN 2 AND 60),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role TEXT NOT NULL CHECK (role IN ('caseworker', 'team_lead', 'agency_analyst', 'administrator')),
    district_id INTEGER REFERENCES districts (id),
    -- NULL until the one-time link has been used
    password_hash TEXT,
    is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
    created_at TEXT NOT NULL,
    closed_at TEXT,
    CHECK ((role IN ('caseworker', 'team_lead')) = (district_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX staff_username ON staff (lower(username));

CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX sign_ins_staff ON sign_ins (staff_id, ended_at);

-- A link for choosing a password, once. Without a staff_id it makes the first administrator.
CREATE TABLE one_time_links (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER REFERENCES staff (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
) STRICT;

CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;
CREATE UNIQUE INDEX api_tokens_label ON api_tokens (lower(label)) WHERE revoked_at IS NULL;

-- The unit of every figure: a person in a district. The same reference in two districts is two rows,
-- so that no district learns from a clash who is known elsewhere.
CREATE TABLE service_users (
    id INTEGER PRIMARY KEY,
    district_id INTEGER NOT NULL REFERENCES districts (id),
    reference TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 40),
    -- the reference without difference of case: SQLite's own lower() knows a-z only, not æ, ø, å
    reference_key TEXT NOT NULL,
    birth_year INTEGER CHECK (birth_year BETWEEN 1900 AND 2200),
    -- the language in which this person is asked; the interface has its own
    asked_in TEXT NOT NULL DEFAULT 'nb' CHECK (asked_in IN ('nb', 'nn', 'en')),
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX service_users_reference ON service_users (district_id, reference_key);

CREATE TABLE enrolments (
    id INTEGER PRIMARY KEY,
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    enrolled_from TEXT NOT NULL CHECK (enrolled_from IS date(enrolled_from, '+0 days')),
    enrolled_to TEXT CHECK (enrolled_to IS date(enrolled_to, '+0 days')),
    revision INTEGER NOT NULL DEFAULT 1,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    -- why this revision replaced the one before
    reason TEXT CHECK ((reason IS NULL) = (revision = 1)),
    CHECK (enrolled_to >= enrolled_from)
) STRICT;
CREATE UNIQUE INDEX enrolments_of ON enrolments (service_user_id, enrolled_from);

-- Earlier revisions, as they were.
CREATE TABLE enrolment_revisions (
    enrolment_id INTEGER NOT NULL REFERENCES enrolments (id),
    revision INTEGER NOT NULL,
    enrolled_from TEXT NOT NULL,
    enrolled_to TEXT,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (enrolment_id, revision)
) STRICT;

-- Items are whole tenths (7.5 is 75), so that sums are exact.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    enrolment_id INTEGER NOT NULL REFERENCES enrolments (id),
    held_on TEXT NOT NULL CHECK (held_on IS date(held_on, '+0 days')),
    life_satisfaction INTEGER CHECK (life_satisfaction BETWEEN 1 AND 7),
    missing_reason TEXT CHECK (missing_reason IN ('declined', 'not_able', 'no_time', 'not_asked')),
    -- a district's own scale, kept as it was given, never converted and never counted
    life_satisfaction_1_10 INTEGER CHECK (life_satisfaction_1_10 BETWEEN 1 AND 10),
    outcome_personal INTEGER CHECK (outcome_personal BETWEEN 0 AND 100),
    outcome_close INTEGER CHECK (outcome_close BETWEEN 0 AND 100),
    outcome_social INTEGER CHECK (outcome_social BETWEEN 0 AND 100),
    outcome_overall INTEGER CHECK (outcome_overall BETWEEN 0 AND 100),
    alliance_heard INTEGER CHECK (alliance_heard BETWEEN 0 AND 100),
    alliance_topics INTEGER CHECK (alliance_topics BETWEEN 0 AND 100),
    alliance_approach INTEGER CHECK (alliance_approach BETWEEN 0 AND 100),
    alliance_overall INTEGER CHECK (alliance_overall BETWEEN 0 AND 100),
    -- totals in tenths, 0-400; none unless all four items are there
    outcome_total INTEGER GENERATED ALWAYS AS
        (outcome_personal + outcome_close + outcome_social + outcome_overall) STORED,
    alliance_total INTEGER GENERATED ALWAYS AS
        (alliance_heard + alliance_topics + alliance_approach + alliance_overall) STORED,
    -- recorded by mistake: kept, shown as withdrawn, never counted
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    revision INTEGER NOT NULL DEFAULT 1,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    reason TEXT CHECK ((reason IS NULL) = (revision = 1)),
    CHECK (life_satisfaction IS NULL OR missing_reason IS NULL)
) STRICT;
CREATE UNIQUE INDEX sessions_one_a_day ON sessions (enrolment_id, held_on) WHERE withdrawn = 0;
CREATE INDEX sessions_held_on ON sessions (held_on);

CREATE TABLE session_revisions (
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    revision INTEGER NOT NULL,
    enrolment_id INTEGER NOT NULL REFERENCES enrolments (id),
    held_on TEXT NOT NULL,
    life_satisfaction INTEGER,
    missing_reason TEXT,
    life_satisfaction_1_10 INTEGER,
    outcome_personal INTEGER,
    outcome_close INTEGER,
    outcome_social INTEGER,
    outcome_overall INTEGER,
    alliance_heard INTEGER,
    alliance_topics INTEGER,
    alliance_approach INTEGER,
    alliance_overall INTEGER,
    outcome_total INTEGER,
    alliance_total INTEGER,
    withdrawn INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (session_id, revision)
) STRICT;

-- Who did what, to whom, when. Written in the same transaction as the act itself.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    act TEXT NOT NULL,
    district_id INTEGER REFERENCES districts (id),
    subject_kind TEXT,
    subject_id INTEGER,
    detail TEXT,
    address TEXT
) STRICT;
CREATE INDEX audit_subject ON audit (subject_kind, subject_id);

-- Third net: what was recorded is never overwritten, whoever writes the SQL. INSERT OR REPLACE deletes without
-- asking the delete triggers, so it needs triggers of its own. Ids are random: they tell no district about another.

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
        AND kept.outcome_personal IS OLD.outcome_personal
        AND kept.outcome_close IS OLD.outcome_close
        AND kept.outcome_social IS OLD.outcome_social
        AND kept.outcome_overall IS OLD.outcome_overall
        AND kept.alliance_heard IS OLD.alliance_heard
        AND kept.alliance_topics IS OLD.alliance_topics
        AND kept.alliance_approach IS OLD.alliance_approach
        AND kept.alliance_overall IS OLD.alliance_overall
        AND kept.withdrawn IS OLD.withdrawn
        AND kept.recorded_by IS OLD.recorded_by
        AND kept.recorded_at IS OLD.recorded_at
        AND kept.reason IS OLD.reason
  )
BEGIN SELECT RAISE(ABORT, 'a correction is a new revision: keep the old one first'); END;
CREATE TRIGGER sessions_keep_their_day BEFORE UPDATE ON sessions
WHEN NEW.withdrawn = 0 AND EXISTS (
    SELECT 1
    FROM sessions
    WHERE enrolment_id = NEW.enrolment_id AND held_on = NEW.held_on AND withdrawn = 0 AND id <> OLD.id
)
BEGIN SELECT RAISE(ABORT, 'another session is recorded on that day'); END;
CREATE TRIGGER sessions_no_replace BEFORE INSERT ON sessions
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.id)
  OR EXISTS (
      SELECT 1
      FROM sessions
      WHERE enrolment_id = NEW.enrolment_id AND held_on = NEW.held_on AND withdrawn = 0 AND NEW.withdrawn = 0
  )
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER session_revisions_no_replace BEFORE INSERT ON session_revisions
WHEN EXISTS (SELECT 1 FROM session_revisions WHERE session_id = NEW.session_id AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER sessions_stay BEFORE DELETE ON sessions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER session_revisions_no_update BEFORE UPDATE ON session_revisions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER session_revisions_no_delete BEFORE DELETE ON session_revisions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;

CREATE TRIGGER enrolments_keep_revisions BEFORE UPDATE ON enrolments
WHEN NEW.id <> OLD.id
  OR NEW.service_user_id <> OLD.service_user_id
  OR NEW.revision <> OLD.revision + 1
  OR NOT EXISTS (
      SELECT 1
      FROM enrolment_revisions AS kept
      WHERE kept.enrolment_id = OLD.id
        AND kept.revision = OLD.revision
        AND kept.enrolled_from IS OLD.enrolled_from
        AND kept.enrolled_to IS OLD.enrolled_to
        AND kept.recorded_by IS OLD.recorded_by
        AND kept.recorded_at IS OLD.recorded_at
        AND kept.reason IS OLD.reason
  )
BEGIN SELECT RAISE(ABORT, 'a correction is a new revision: keep the old one first'); END;
CREATE TRIGGER enrolments_keep_their_day BEFORE UPDATE ON enrolments
WHEN EXISTS (
    SELECT 1
    FROM enrolments
    WHERE service_user_id = NEW.service_user_id AND enrolled_from = NEW.enrolled_from AND id <> OLD.id
)
BEGIN SELECT RAISE(ABORT, 'another enrolment begins on that day'); END;
CREATE TRIGGER enrolments_no_replace BEFORE INSERT ON enrolments
WHEN EXISTS (SELECT 1 FROM enrolments WHERE id = NEW.id)
  OR EXISTS (
      SELECT 1
      FROM enrolments
      WHERE service_user_id = NEW.service_user_id AND enrolled_from = NEW.enrolled_from
  )
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER enrolment_revisions_no_replace BEFORE INSERT ON enrolment_revisions
WHEN EXISTS (SELECT 1 FROM enrolment_revisions WHERE enrolment_id = NEW.enrolment_id AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER enrolments_stay BEFORE DELETE ON enrolments
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER enrolment_revisions_no_update BEFORE UPDATE ON enrolment_revisions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER enrolment_revisions_no_delete BEFORE DELETE ON enrolment_revisions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit table only grows'); END;

-- A demo sign-in can only be made in a database that was started as a demo.

CREATE TRIGGER demo_city_comes_first BEFORE INSERT ON demo_city
WHEN EXISTS (SELECT 1 FROM staff)
  OR EXISTS (SELECT 1 FROM service_users)
  OR EXISTS (SELECT 1 FROM one_time_links)
  OR EXISTS (SELECT 1 FROM api_tokens)
BEGIN SELECT RAISE(ABORT, 'a demo city only goes into a database in which nothing was recorded'); END;
CREATE TRIGGER demo_staff_only_in_demo BEFORE INSERT ON staff
WHEN NEW.is_demo = 1 AND NOT EXISTS (SELECT 1 FROM demo_city)
BEGIN SELECT RAISE(ABORT, 'demo staff only belong in a demo city'); END;
CREATE TRIGGER demo_staff_not_later BEFORE UPDATE OF is_demo ON staff
BEGIN SELECT RAISE(ABORT, 'demo staff only belong in a demo city'); END;
CREATE TRIGGER demo_city_stays BEFORE DELETE ON demo_city
BEGIN SELECT RAISE(ABORT, 'a demo city stays a demo city'); END;
