-- What a team lead decided about a finding of the quality checks: row after row, and the latest of a finding counts.

CREATE TABLE check_dismissals (
    -- counts up: the order of the rows is what decides, and nobody ever sees the id
    id INTEGER PRIMARY KEY,
    district_id INTEGER NOT NULL REFERENCES districts (id),
    -- '2022H1'
    period TEXT NOT NULL CHECK (length(period) = 6),
    check_name TEXT NOT NULL CHECK (length(check_name) BETWEEN 2 AND 30),
    -- what the finding is about and a digest of its cases: with other cases it is another finding
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    -- none where a dismissal is taken back
    reason TEXT CHECK (length(reason) BETWEEN 3 AND 300),
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    dismissed_by TEXT NOT NULL,
    dismissed_at TEXT NOT NULL,
    CHECK ((reason IS NULL) = (withdrawn = 1))
) STRICT;
CREATE INDEX check_dismissals_of ON check_dismissals (district_id, period);

CREATE TRIGGER check_dismissals_no_update BEFORE UPDATE ON check_dismissals
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER check_dismissals_no_replace BEFORE INSERT ON check_dismissals
WHEN EXISTS (SELECT 1 FROM check_dismissals WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER check_dismissals_no_delete BEFORE DELETE ON check_dismissals
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
