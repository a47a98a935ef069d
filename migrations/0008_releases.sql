-- What was published: figures as they left, frozen. A later release stands beside the earlier ones and changes none.

CREATE TABLE releases (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2199),
    -- 1, 2, 3 … within the year
    version INTEGER NOT NULL CHECK (version >= 1),
    stage TEXT NOT NULL CHECK (stage IN ('provisional', 'corrected', 'final')),
    -- counts from 1 up to this one, itself not included, are hidden
    small_count INTEGER NOT NULL CHECK (small_count >= 1),
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    UNIQUE (year, version)
) STRICT;

-- The unprotected counts that figures were worked out from: never told, needed to protect the next release against
-- this one. A district of which too little has changed since an earlier release goes on with the counts frozen then.
CREATE TABLE frozen_counts (
    release_id INTEGER NOT NULL REFERENCES releases (id),
    district_id INTEGER NOT NULL REFERENCES districts (id),
    -- 'H1', 'H2' or 'year'
    part TEXT NOT NULL CHECK (part IN ('H1', 'H2', 'year')),
    counts TEXT NOT NULL CHECK (json_valid(counts)),
    PRIMARY KEY (release_id, district_id, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE release_sources (
    release_id INTEGER NOT NULL REFERENCES releases (id),
    district_id INTEGER NOT NULL REFERENCES districts (id),
    part TEXT NOT NULL CHECK (part IN ('H1', 'H2', 'year')),
    frozen_by INTEGER NOT NULL REFERENCES releases (id),
    PRIMARY KEY (release_id, district_id, part),
    FOREIGN KEY (frozen_by, district_id, part) REFERENCES frozen_counts (release_id, district_id, part)
) STRICT, WITHOUT ROWID;

-- area is a district's code, or 'city'.
CREATE TABLE release_figures (
    release_id INTEGER NOT NULL REFERENCES releases (id),
    area TEXT NOT NULL CHECK (length(area) BETWEEN 4 AND 6),
    part TEXT NOT NULL CHECK (part IN ('H1', 'H2', 'year')),
    measure TEXT NOT NULL CHECK (length(measure) BETWEEN 2 AND 60),
    value REAL,
    hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
    CHECK (value IS NULL OR hidden = 0),
    PRIMARY KEY (release_id, area, part, measure)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER releases_no_replace BEFORE INSERT ON releases
WHEN EXISTS (SELECT 1 FROM releases WHERE id = NEW.id OR (year = NEW.year AND version = NEW.version))
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;

CREATE TRIGGER frozen_counts_no_update BEFORE UPDATE ON frozen_counts
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER frozen_counts_no_replace BEFORE INSERT ON frozen_counts
WHEN EXISTS (SELECT 1 FROM frozen_counts WHERE release_id = NEW.release_id AND district_id = NEW.district_id AND part = NEW.part)
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER frozen_counts_no_delete BEFORE DELETE ON frozen_counts
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;

CREATE TRIGGER release_sources_no_update BEFORE UPDATE ON release_sources
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER release_sources_no_replace BEFORE INSERT ON release_sources
WHEN EXISTS (SELECT 1 FROM release_sources WHERE release_id = NEW.release_id AND district_id = NEW.district_id AND part = NEW.part)
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER release_sources_no_delete BEFORE DELETE ON release_sources
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;

CREATE TRIGGER release_figures_no_update BEFORE UPDATE ON release_figures
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER release_figures_no_replace BEFORE INSERT ON release_figures
WHEN EXISTS (SELECT 1 FROM release_figures WHERE release_id = NEW.release_id AND area = NEW.area AND part = NEW.part AND measure = NEW.measure)
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
CREATE TRIGGER release_figures_no_delete BEFORE DELETE ON release_figures
BEGIN SELECT RAISE(ABORT, 'a release is frozen'); END;
