-- What a form has done, kept for a day in the very transaction that did it: sent once more (a double click, a reload, an
-- answer that was lost on its way) it does nothing, and leads to the same result.
CREATE TABLE done_once (
    -- of the form's random key, its address and all that was typed: a form that was changed is another one
    once_hash TEXT NOT NULL CHECK (length(once_hash) = 64),
    act TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    -- what it was done to, for the page to lead to; no foreign keys: it may be erased meanwhile
    target_kind TEXT,
    target_id INTEGER,
    at TEXT NOT NULL,
    PRIMARY KEY (once_hash, staff_id, act),
    CHECK ((target_kind IS NULL) = (target_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX done_once_at ON done_once (at);
