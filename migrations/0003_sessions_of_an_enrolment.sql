-- A person's page shows withdrawn sessions too, which the index of one session a day leaves out: without this one
-- every look at one person read the whole city's sessions.
CREATE INDEX sessions_of ON sessions (enrolment_id, held_on);
