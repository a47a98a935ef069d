-- Who is the contact of a service user, and which sessions a team lead has discussed.

-- NULL is nobody. An account that is closed stays the contact until somebody else is chosen.
ALTER TABLE service_users ADD COLUMN caseworker_id INTEGER REFERENCES staff (id);

CREATE TRIGGER service_users_contact_of_the_district BEFORE UPDATE OF caseworker_id ON service_users
WHEN NEW.caseworker_id IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.caseworker_id AND district_id = NEW.district_id)
BEGIN SELECT RAISE(ABORT, 'the contact works in the same district'); END;
CREATE TRIGGER service_users_new_contact_of_the_district BEFORE INSERT ON service_users
WHEN NEW.caseworker_id IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.caseworker_id AND district_id = NEW.district_id)
BEGIN SELECT RAISE(ABORT, 'the contact works in the same district'); END;

-- A discussion is about one session, the latest when it was discussed: a newer one brings the question back.
CREATE TABLE discussions (
    id INTEGER PRIMARY KEY,
    service_user_id INTEGER NOT NULL REFERENCES service_users (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    discussed_on TEXT NOT NULL CHECK (discussed_on IS date(discussed_on, '+0 days')),
    discussed_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX discussions_one_a_session ON discussions (session_id);
CREATE INDEX discussions_of ON discussions (service_user_id, discussed_on);

CREATE TRIGGER discussions_no_update BEFORE UPDATE ON discussions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER discussions_no_replace BEFORE INSERT ON discussions
WHEN EXISTS (SELECT 1 FROM discussions WHERE id = NEW.id OR session_id = NEW.session_id)
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
CREATE TRIGGER discussions_no_delete BEFORE DELETE ON discussions
BEGIN SELECT RAISE(ABORT, 'what was recorded stays'); END;
