-- What is asked of single days, kept as the counters are: when a district last recorded, since when it scored on another
-- scale, and how many had been measured by a day of the half-year. Nothing of it is ever published.

CREATE TABLE days (
    district_id INTEGER NOT NULL REFERENCES districts (id),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    sessions INTEGER NOT NULL DEFAULT 0 CHECK (sessions >= 0),
    -- sessions scored 1-10, a district's own scale
    other_scale INTEGER NOT NULL DEFAULT 0 CHECK (other_scale >= 0),
    -- service users whose first life-satisfaction score of the half-year was on this day
    newly_measured INTEGER NOT NULL DEFAULT 0 CHECK (newly_measured >= 0),
    PRIMARY KEY (district_id, day)
) STRICT, WITHOUT ROWID;
-- the first day of another scale is found without walking through all the days that have none
CREATE INDEX days_other_scale ON days (district_id, day) WHERE other_scale > 0;

-- service users with at least one outcome or alliance total; no measure, and frozen in no release
ALTER TABLE counters ADD COLUMN feedback_users INTEGER NOT NULL DEFAULT 0 CHECK (feedback_users >= 0);

-- everything is counted anew right after migrating
DELETE FROM counter_marks;
