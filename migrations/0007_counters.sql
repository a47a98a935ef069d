-- The figures of each district and period as counts that add up, kept current with every change of a session or an
-- enrolment. Filled by the application right after migrating; the only truth is still the sessions themselves.

-- What the counts were judged by, in the unit of the score's column. If the installed instruments say otherwise, all is
-- counted anew at the next start. Empty: never counted yet.
CREATE TABLE counter_marks (
    instrument TEXT PRIMARY KEY CHECK (length(instrument) BETWEEN 2 AND 30),
    -- 1 if higher is better, else -1
    direction INTEGER NOT NULL CHECK (direction IN (-1, 1)),
    reliable_change INTEGER,
    low_total INTEGER
) STRICT;

CREATE TABLE counters (
    district_id INTEGER NOT NULL REFERENCES districts (id),
    -- '2022H1' or '2022'
    period TEXT NOT NULL CHECK (length(period) IN (4, 6)),
    -- for how many an unbroken row of active periods begins or ends with this one. Who is enrolled for ever has no
    -- end, so a new half-year needs no job: the active ones are all that began so far, less those that ended before.
    active_begun INTEGER NOT NULL DEFAULT 0 CHECK (active_begun >= 0),
    active_ended INTEGER NOT NULL DEFAULT 0 CHECK (active_ended >= 0),
    sessions INTEGER NOT NULL DEFAULT 0 CHECK (sessions >= 0),
    sessions_with_life_satisfaction INTEGER NOT NULL DEFAULT 0 CHECK (sessions_with_life_satisfaction >= 0),
    sessions_with_feedback INTEGER NOT NULL DEFAULT 0 CHECK (sessions_with_feedback >= 0),
    -- of the latest score of each service user
    measured_users INTEGER NOT NULL DEFAULT 0 CHECK (measured_users >= 0),
    life_satisfaction_sum INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_sum >= 0),
    life_satisfaction_squares INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_squares >= 0),
    life_satisfaction_1 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_1 >= 0),
    life_satisfaction_2 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_2 >= 0),
    life_satisfaction_3 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_3 >= 0),
    life_satisfaction_4 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_4 >= 0),
    life_satisfaction_5 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_5 >= 0),
    life_satisfaction_6 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_6 >= 0),
    life_satisfaction_7 INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_7 >= 0),
    life_satisfaction_paired INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_paired >= 0),
    life_satisfaction_change_sum INTEGER NOT NULL DEFAULT 0,
    life_satisfaction_improved INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_improved >= 0),
    life_satisfaction_deteriorated INTEGER NOT NULL DEFAULT 0 CHECK (life_satisfaction_deteriorated >= 0),
    -- sums of totals are whole tenths
    outcome_users INTEGER NOT NULL DEFAULT 0 CHECK (outcome_users >= 0),
    outcome_sum INTEGER NOT NULL DEFAULT 0 CHECK (outcome_sum >= 0),
    outcome_paired INTEGER NOT NULL DEFAULT 0 CHECK (outcome_paired >= 0),
    outcome_change_sum INTEGER NOT NULL DEFAULT 0,
    outcome_improved INTEGER NOT NULL DEFAULT 0 CHECK (outcome_improved >= 0),
    outcome_deteriorated INTEGER NOT NULL DEFAULT 0 CHECK (outcome_deteriorated >= 0),
    alliance_users INTEGER NOT NULL DEFAULT 0 CHECK (alliance_users >= 0),
    alliance_sum INTEGER NOT NULL DEFAULT 0 CHECK (alliance_sum >= 0),
    -- of sessions, not of persons
    alliance_totals INTEGER NOT NULL DEFAULT 0 CHECK (alliance_totals >= 0),
    alliance_low_totals INTEGER NOT NULL DEFAULT 0 CHECK (alliance_low_totals >= 0),
    PRIMARY KEY (district_id, period)
) STRICT, WITHOUT ROWID;
