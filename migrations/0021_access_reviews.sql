-- What the review of who can see what needs: since when, last used, and what was reviewed by whom.

-- when this role and district were given
ALTER TABLE staff ADD COLUMN role_since TEXT;
UPDATE staff SET role_since = created_at;
UPDATE staff
SET role_since = changed.at
FROM (
    SELECT subject_id, MAX(at) AS at
    FROM audit
    WHERE act = 'change_role' AND subject_kind = 'staff'
    GROUP BY subject_id
) AS changed
WHERE changed.subject_id = staff.id;

-- the day alone, written once a day at most: nobody has to read all sign-ins for it
ALTER TABLE staff ADD COLUMN last_used_on TEXT CHECK (last_used_on IS date(last_used_on, '+0 days'));
UPDATE staff
SET last_used_on = used.day
FROM (SELECT staff_id, substr(MAX(last_seen_at), 1, 10) AS day FROM sign_ins GROUP BY staff_id) AS used
WHERE used.staff_id = staff.id;

CREATE TABLE access_reviews (
    id INTEGER PRIMARY KEY,
    reviewed_on TEXT NOT NULL CHECK (reviewed_on IS date(reviewed_on, '+0 days')),
    reviewed_by TEXT NOT NULL,
    comment TEXT NOT NULL CHECK (length(comment) BETWEEN 3 AND 300),
    -- how many there were, and for how many of them something was worth attention
    accounts INTEGER NOT NULL CHECK (accounts >= 0),
    tokens INTEGER NOT NULL CHECK (tokens >= 0),
    with_concern INTEGER NOT NULL CHECK (with_concern BETWEEN 0 AND accounts + tokens),
    recorded_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER access_reviews_no_update BEFORE UPDATE ON access_reviews
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER access_reviews_no_replace BEFORE INSERT ON access_reviews
WHEN EXISTS (SELECT 1 FROM access_reviews WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER access_reviews_no_delete BEFORE DELETE ON access_reviews
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
