-- One row now holds every figure of an area and part, because they are never asked for one by one:
-- {"sessions": 61, "coverage": ":"}, where ":" is hidden and null is nothing to compute.

CREATE TABLE release_rows (
    release_id INTEGER NOT NULL REFERENCES releases (id),
    -- a district's code, or 'city'
    area TEXT NOT NULL CHECK (length(area) BETWEEN 4 AND 6),
    part TEXT NOT NULL CHECK (part IN ('H1', 'H2', 'year')),
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    PRIMARY KEY (release_id, area, part)
) STRICT, WITHOUT ROWID;

INSERT INTO release_rows (release_id, area, part, figures)
SELECT release_id, area, part, json_group_object(measure, iif(hidden, ':', value))
FROM release_figures
GROUP BY release_id, area, part;

DROP TABLE release_figures;

CREATE TRIGGER release_rows_no_update BEFORE UPDATE ON release_rows
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER release_rows_no_replace BEFORE INSERT ON release_rows
WHEN EXISTS (
    SELECT 1 FROM release_rows WHERE release_id = NEW.release_id AND area = NEW.area AND part = NEW.part
)
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER release_rows_no_delete BEFORE DELETE ON release_rows
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
