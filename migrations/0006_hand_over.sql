-- The screen handed to a service user: until its owner takes it back, that sign-in sees nothing but the questions.
CREATE TABLE hand_overs (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    held_on TEXT NOT NULL CHECK (held_on IS date(held_on, '+0 days')),
    language TEXT NOT NULL CHECK (language IN ('nb', 'nn', 'en')),
    -- the keys of the instruments that are asked, in order, as a JSON list
    instruments TEXT NOT NULL,
    -- what was answered so far, by column, as JSON: a draft, emptied once a session holds it or its day is over
    answers TEXT NOT NULL DEFAULT '{}',
    -- wrong PINs and passwords so far
    wrong INTEGER NOT NULL DEFAULT 0,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    session_id INTEGER REFERENCES sessions (id),
    taken_back_at TEXT
) STRICT;
CREATE INDEX hand_overs_service_user ON hand_overs (service_user_id, held_on);

ALTER TABLE sign_ins ADD COLUMN hand_over_id INTEGER REFERENCES hand_overs (id);
-- a few digits for taking the screen back; never for signing in
ALTER TABLE staff ADD COLUMN pin_hash TEXT;
