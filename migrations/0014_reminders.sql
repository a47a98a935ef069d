-- Reminders: one collected message a day and member of staff at most, and where e-mails about them go.

ALTER TABLE staff ADD COLUMN email TEXT
    CHECK (email GLOB '?*@?*.?*' AND length(email) <= 254 AND email NOT GLOB '*[^!-~]*' AND email NOT GLOB '*[,;<>()"]*');

CREATE TABLE reminders (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    -- the day that it was judged for
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    -- kinds and facts, never a person's: the words are made when it is read, in the reader's language
    items TEXT NOT NULL CHECK (json_valid(items) AND json_array_length(items) > 0),
    made_at TEXT NOT NULL,
    read_at TEXT,
    -- a process is sending it since then; another one takes over only when that must have died
    claimed_at TEXT,
    -- the mail server took it
    mailed_at TEXT,
    -- why it did not, the last time: a code or a kind of error, never the server's words, which may name somebody
    mail_error TEXT CHECK (length(mail_error) BETWEEN 1 AND 60),
    UNIQUE (staff_id, day)
) STRICT;
CREATE INDEX reminders_unread ON reminders (staff_id) WHERE read_at IS NULL;

CREATE TRIGGER reminders_stay BEFORE UPDATE OF id, staff_id, day, items, made_at ON reminders
BEGIN SELECT RAISE(ABORT, 'what was said stays'); END;
CREATE TRIGGER reminders_read_once BEFORE UPDATE OF read_at ON reminders WHEN OLD.read_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'it is read already'); END;
CREATE TRIGGER reminders_mailed_once BEFORE UPDATE OF claimed_at, mailed_at, mail_error ON reminders
WHEN OLD.mailed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'it is mailed already'); END;
CREATE TRIGGER reminders_no_replace BEFORE INSERT ON reminders
WHEN EXISTS (SELECT 1 FROM reminders WHERE id = NEW.id OR (staff_id = NEW.staff_id AND day = NEW.day))
BEGIN SELECT RAISE(ABORT, 'what was said stays'); END;
CREATE TRIGGER reminders_no_delete BEFORE DELETE ON reminders
BEGIN SELECT RAISE(ABORT, 'what was said stays'); END;
